"""Many questions about one instance: what a plan says beside published figures, and why."""
