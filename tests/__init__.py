"""Tests of hubopt."""
