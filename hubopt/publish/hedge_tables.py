"""A hedge as tables: what each state costs with it and without, and the sites that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.plan.hedge import HedgeState, sums
from hubopt.publish.spread import Sheet
from hubopt.units import mcny

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.hedge import Hedge
    from hubopt.plan.plan import Plan
    from hubopt.publish.spread import Cell

COST_COLUMNS = (
    "state", "probability", "hedged_mcny", "first_state_alone_mcny", "difference_mcny",
)  # fmt: skip
SITE_COLUMNS = (
    "site", "name_en", "name_zh", "stage", "modules_hedged", "modules_first_state_alone",
)  # fmt: skip
EXPECTED, TAIL, OBJECTIVE = "expected", "cvar", "objective"
"""Rows below those of the states."""


def cost_table(hedge: Hedge) -> Sheet:
    """Return the costs of both designs by state, their means, and what was minimised.

    All in million CNY of present value; blank where the design of the first state has no plan.
    """
    states = [
        (s.scenario, float(s.probability), s.cost_fen, alone)
        for s, alone in zip(
            hedge.states, hedge.alone_fen or [None] * len(hedge.states), strict=True
        )
    ]
    objective, mean, tail = alone_sums(hedge)
    means = [
        (EXPECTED, None, hedge.expected_fen, mean),
        (TAIL, None, hedge.tail_fen, tail),
        (OBJECTIVE, None, hedge.objective_fen, objective),
    ]
    return Sheet("hedge_costs", COST_COLUMNS, tuple(cost_row(*row) for row in (*states, *means)))


def alone_sums(hedge: Hedge) -> tuple[int, int, int] | tuple[None, None, None]:
    """Return objective, mean and CVaR of the design of the first state, in fen."""
    if not hedge.alone_fen:
        return None, None, None
    states = [
        HedgeState(s.scenario, s.probability, cost)
        for s, cost in zip(hedge.states, hedge.alone_fen, strict=True)
    ]
    return sums(hedge.risk, states)


def cost_row(name: str, share: float | None, hedged: int, alone: int | None) -> tuple[Cell, ...]:
    """Return one row of the table of costs."""
    if alone is None:
        return (name, share, mcny(hedged), None, None)
    return (name, share, mcny(hedged), mcny(alone), mcny(hedged - alone))


def site_table(instance: Instance, hedge: Mapping[str, Plan], alone: Mapping[str, Plan]) -> Sheet:
    """Return the sites at which the two designs build differently, by stage."""
    rows = tuple(site_rows(instance, first(hedge), first(alone))) if alone else ()
    return Sheet("hedge_sites", SITE_COLUMNS, rows)


def first(plans: Mapping[str, Plan]) -> Plan:
    """Return the plan of the first state; the design is the same in all."""
    return next(iter(plans.values()))


def site_rows(instance: Instance, hedged: Plan, alone: Plan) -> Iterator[tuple[Cell, ...]]:
    """Yield a row for each site and stage with other modules."""
    other = {(s.site, s.stage): s.modules for s in alone.sites}
    for plan in hedged.sites:
        there = other[plan.site, plan.stage]
        if dict(plan.modules) != dict(there):
            site = instance.site[plan.site]
            yield (
                plan.site, site.name_en, site.name_zh, plan.stage,
                standing(plan.modules), standing(there),
            )  # fmt: skip


def standing(modules: Mapping[str, int]) -> str:
    """Return modules that stand as text, such as "2 large, 1 small", or "-" for none."""
    return ", ".join(f"{n} {name}" for name, n in sorted(modules.items()) if n) or "-"
