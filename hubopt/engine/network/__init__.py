"""Networks with fixed charges, where shipments ride services and nothing else decides."""
