"""Which instances are hub medians, and the numbers of those that are.

One stage, candidate sites of one size without a limit of what they handle, goods that are handled
at two stops and cost by the tonne alone, links open to any amount, and no limit but on the number
of sites: a shipment then takes the cheapest pair of open sites, whatever the others do. Between two
stops only the link that joins them may matter (`hops.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.hubs.hops import hops_of
from hubopt.engine.hubs.hubs import MOST_CELLS, Hubs
from hubopt.engine.hubs.plain import links_in_use, plain, stops_of
from hubopt.engine.hubs.reach import Reach, factor, in_money, per_t, weight, with_hours
from hubopt.engine.star.recognise import fixed_costs, plain_limits
from hubopt.network.steps import Handle, Move

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.engine.hubs.hops import Hops
    from hubopt.engine.hubs.hubs import HubPlan
    from hubopt.engine.hubs.plain import Stop
    from hubopt.instance.tables import Instance
    from hubopt.network.steps import Step
    from hubopt.problem.problem import Floats, Ints

MOST_PLACES = 400


@dataclass(frozen=True)
class Use:
    """The hubs that each shipment of a plan passes; `served` tells which are not left behind."""

    first: Ints
    last: Ints
    served: NDArray[np.bool_]


@dataclass(frozen=True)
class MultipleCase:
    """An instance as a hub median with multiple allocation; sites and shipments in its order."""

    instance: Instance
    hubs: Hubs
    hops: Hops
    behind: Floats

    def use(self, plan: HubPlan) -> Use:
        """Return the cheapest pair of open hubs of each shipment."""
        if not len(plan.open):
            none = np.zeros(self.hubs.rows, dtype=np.int64)
            return Use(none, none, none != 0)
        cost = self.hubs.cost[:, plan.open[:, None], plan.open[None, :]]
        taken = cost.reshape(self.hubs.rows, -1).argmin(axis=1)
        first, last = np.divmod(taken, len(plan.open))
        served = cost[np.arange(self.hubs.rows), first, last] < self.behind
        return Use(plan.open[first], plan.open[last], served)

    def opened(self, plan: HubPlan, use: Use) -> Ints:  # noqa: ARG002  (the other shape needs it)
        """Return the sites that a plan opens."""
        return plan.open

    def steps(self, shipment: int, first: int, last: int) -> tuple[Step, ...]:
        """Return the route of a shipment over two hubs."""
        goods, sites = self.instance.demand[shipment], self.instance.sites
        one, other = self.instance.product[goods.product].chain
        here, there = sites[first].place, sites[last].place
        return (
            *self.move(goods.origin, here),
            Handle(sites[first].id, one),
            *self.move(here, there),
            Handle(sites[last].id, other),
            *self.move(there, goods.destination),
        )

    def move(self, here: str, there: str) -> tuple[Move, ...]:
        """Return the move from place to place, none between a place and itself."""
        return () if here == there else (Move(here, there, self.hops.mode[here, there]),)


def multiple_case(instance: Instance) -> MultipleCase | None:
    """Return an instance as a hub median with multiple allocation, None if it is none."""
    if not plain(instance) or not plain_limits(instance) or len(instance.places) > MOST_PLACES:
        return None
    links, stops = links_in_use(instance), stops_of(instance)
    if stops is None or any(link.charging_site for link in links):
        return None
    if len(instance.demand) * len(instance.sites) ** 2 > MOST_CELLS:
        return None
    hops = hops_of([place.id for place in instance.places], links)
    cost = None if hops is None else per_t(instance, reach_of(instance, hops, stops))
    if hops is None or cost is None:
        return None
    handled = stops[0].cost[:, None] + stops[1].cost[None, :]
    money, behind = in_money(instance, cost * factor(instance) + handled)
    most = [int(limit.value) for limit in instance.limits_in_force]
    hubs = Hubs(
        fixed_costs(instance) * weight(instance), money, float(behind.sum()),
        min([*most, len(instance.sites)]),
    )  # fmt: skip
    return MultipleCase(instance, hubs, hops, behind)


def reach_of(instance: Instance, hops: Hops, stops: tuple[Stop, Stop]) -> Reach:
    """Return the ways of shipments over any two sites, with the hours of handling."""
    number = hops.number
    sites = [number[site.place] for site in instance.sites]
    origins = sorted({number[d.origin] for d in instance.demand})
    ends = sorted({number[d.destination] for d in instance.demand})
    return Reach(
        with_hours(hops.way.between(origins, sites), stops[0]),
        with_hours(hops.way.between(sites, sites), stops[1]),
        hops.way.between(sites, ends),
        np.searchsorted(origins, [number[d.origin] for d in instance.demand]),
        np.searchsorted(ends, [number[d.destination] for d in instance.demand]),
    )
