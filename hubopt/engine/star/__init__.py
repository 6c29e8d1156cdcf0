"""Single-stage location, where each shipment goes through exactly one of a set of sites."""
