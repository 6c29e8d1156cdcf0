"""The numbers a solver needs, built from an instance and its routes."""
