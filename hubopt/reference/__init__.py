"""The shipped instances, built from the sourced facts in `data/`."""
