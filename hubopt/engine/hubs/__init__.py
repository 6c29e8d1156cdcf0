"""The engine for hub medians: each shipment passes a first and a last hub among chosen ones."""
