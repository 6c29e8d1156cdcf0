"""What was decided: the plan as pure data, its file, and its independent verification."""
