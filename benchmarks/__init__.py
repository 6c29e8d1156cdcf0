"""Side-by-side runs of hubopt and other ways to model and solve, for `docs/performance.md`."""
