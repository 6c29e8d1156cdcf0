"""Results that planners open: tables, GeoPackage, map picture."""
