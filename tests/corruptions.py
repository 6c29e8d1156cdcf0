"""All ways to spoil a plan, each with the check that must notice; None where there is no victim."""

from __future__ import annotations

from tests import corrupted_decisions, corrupted_figures, corrupted_flows, corrupted_limits

SPOILERS = (
    *corrupted_flows.SPOILERS,
    *corrupted_decisions.SPOILERS,
    *corrupted_figures.SPOILERS,
    *corrupted_limits.SPOILERS,
)
