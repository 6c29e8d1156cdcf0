"""The mathematics in Pyomo, one concern a file, one function a constraint."""
