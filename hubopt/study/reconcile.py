"""A plan beside published figures, line by line; nothing is scaled to fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.study.comparison import Comparison, Line, Measure
from hubopt.study.measures import COUNTED, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan


def reconcile(
    instance: Instance, plan: Plan, comparisons: Iterable[Comparison]
) -> tuple[Line, ...]:
    """Return what the plan says beside each figure, in the order of the figures."""
    asked, evidence = tuple(comparisons), Evidence(instance, plan)
    counted = {
        c.line: COUNTED[c.measure](evidence, c) for c in asked if c.measure is not Measure.QUOTIENT
    }
    return tuple(
        Line(c, quotient(c, counted) if c.measure is Measure.QUOTIENT else counted[c.line])
        for c in asked
    )


def quotient(asked: Comparison, counted: Mapping[str, float | None]) -> float | None:
    """Return one line over another times the basis, `None` if that cannot be computed."""
    above, below = (counted[name] for name in asked.of)
    if above is None or not below:
        return None
    return above / below * (1.0 if asked.basis is None else asked.basis)
