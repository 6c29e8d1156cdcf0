"""Invented instances of any size, for tests of scale: the same seed gives the same bytes."""
