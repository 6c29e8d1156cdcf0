"""A planner's own rules in the whole model, as the rows that they were taken as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.model.parts import Parts, Row, linear, rule
from hubopt.problem.own_rules import DECIDED
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator


@rule(
    Text(
        "What the planner asks for besides, of sites, modules, departures and empty runs.",
        "规划者对设施、模块、班次与空驶的额外要求。",
    ),
    "lower[r] <= sum_d value[r,d] d <= upper[r]  for each own rule r",
    "as stated",
)
def own_rule(parts: Parts) -> Iterator[Row]:
    """Yield lower <= sum of values x decisions <= upper."""
    own = parts.problem.own_rules
    if own is None:
        return
    decided = np.concatenate([getattr(parts, family).ravel() for family in DECIDED])
    for n, name in enumerate(own.names):
        here = own.row == n
        lower, upper = float(own.lower[n]), float(own.upper[n])
        body = linear(own.values[here], decided[own.column[here]])
        yield (
            (name,), lower if np.isfinite(lower) else None, body,
            upper if np.isfinite(upper) else None,
        )  # fmt: skip
