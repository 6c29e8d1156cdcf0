"""Siting with one stop by decomposition: bounds over all paths, plans by columns, cuts on sites."""
