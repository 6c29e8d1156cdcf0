"""Branch and price: sites, modules and departures decided one by one, over all routes."""
