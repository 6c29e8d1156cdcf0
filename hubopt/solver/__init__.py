"""HiGHS in a child process: guard, options, statuses, incumbents."""
