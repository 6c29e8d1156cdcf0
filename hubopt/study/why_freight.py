"""Where the freight of a site goes, or comes from, when the site stands otherwise."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.plan.pricing import Pricer
from hubopt.units import KG_PER_T
from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.network.steps import Step
    from hubopt.plan.plan import Plan

    Use = tuple[str, str, Function]
    """Who uses what: a shipment, a site and its function."""

NOTHING_T = 0.5
"""Tonnes a year below which nothing is said to move."""


@dataclass(frozen=True, slots=True)
class Shift:
    """Tonnes a year (mean over the years of all stages) that a site handles more, or less.

    Only the shipments count that use the site in question in either plan. What stays behind has a
    blank site and no function.
    """

    site: str
    function: Function | None
    tonnes: float


def shifts(instance: Instance, plan: Plan, other: Plan, site: str) -> tuple[Shift, ...]:
    """Return where the shipments of a site are handled more or less in another plan."""
    pricer = Pricer(instance)
    before, after = uses(pricer, plan), uses(pricer, other)
    concerned = {shipment for shipment, where, _ in {*before, *after} if where == site}
    years = {stage.year: stage.years for stage in instance.settings.stages}
    weight = {
        name: years[instance.shipment[name].stage] / sum(years.values()) / KG_PER_T
        for name in concerned
    }
    found: defaultdict[tuple[str, Function | None], float] = defaultdict(float)
    for sign, used, kept in ((-1, before, plan), (1, after, other)):
        for (shipment, where, function), kg in used.items():
            if shipment in concerned:
                found[where, function] += sign * kg * weight[shipment]
        for left in kept.unserved:
            if left.shipment in concerned:
                found["", None] += sign * left.kg_per_year * weight[left.shipment]
    rows = [Shift(*key, tonnes) for key, tonnes in found.items() if abs(tonnes) >= NOTHING_T]
    return tuple(sorted(rows, key=lambda s: (-s.tonnes, s.site, s.function or "")))


def uses(pricer: Pricer, plan: Plan) -> Mapping[Use, int]:
    """Return the kilograms a year that each shipment takes through each function of each site."""
    found: defaultdict[Use, int] = defaultdict(int)
    for flow in plan.flows:
        for site, function in dict.fromkeys(pools(pricer, flow.steps)):
            found[flow.shipment, site, function] += flow.kg_per_year
    return found


def pools(pricer: Pricer, steps: tuple[Step, ...]) -> Iterator[tuple[str, Function]]:
    """Yield the site and function behind every step of a route that needs one."""
    for step in steps:
        for kind, *where in pricer.used_by(step):
            if kind == "pool":
                yield str(where[0]), Function(str(where[1]))
