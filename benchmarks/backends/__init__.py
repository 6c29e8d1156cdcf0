"""One file for each way to write and solve a case; each has `build`, `hand_over` and `solve`.

`build(case, strong=...)` writes the model with the tool's own means from plain numbers,
`hand_over(model)` puts it into the solver and returns that with a way to count the nonzeros there
(counting is not timed), and `solve(model, limit_s, gap)` returns what was found. Libraries load
inside: one that is not installed is a row with a reason, and no two solvers meet in one process.
"""
