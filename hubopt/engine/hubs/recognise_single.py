"""Hub medians with single allocation: one site of each city may open, which stands for its hub.

All sites of a city stand in an area of their own in which one may open. One mode moves goods
between a city and its sites, another between sites: from a site to the hub that it stands for,
whose chargers that needs, and from hub to hub. The site of a city that is itself a hub has chargers
and stands for itself. Everything else is as with multiple allocation (`recognise.py`).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.hubs.hops import Way, both_directions, hops_of, ticks
from hubopt.engine.hubs.hubs import MOST_CELLS, Hubs
from hubopt.engine.hubs.layout import Joined, Layout, layout_of
from hubopt.engine.hubs.plain import links_in_use, plain, stops_of
from hubopt.engine.hubs.reach import Reach, factor, in_money, per_t, weight
from hubopt.engine.hubs.recognise import MOST_PLACES, Use
from hubopt.engine.star.recognise import fixed_costs
from hubopt.network.steps import Handle, Move
from hubopt.vocabulary import Function, LimitKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.engine.hubs.hops import Hops
    from hubopt.engine.hubs.hubs import HubPlan
    from hubopt.engine.hubs.plain import Stop
    from hubopt.instance.tables import Instance, Limit
    from hubopt.network.steps import Step
    from hubopt.problem.problem import Floats, Ints


@dataclass(frozen=True)
class SingleCase:
    """An instance as a hub median with single allocation; hubs and cities as in its layout."""

    instance: Instance
    hubs: Hubs
    layout: Layout
    links: Joined
    cost: Floats
    behind: Floats

    @cached_property
    def city(self) -> Mapping[str, int]:
        """Return the number of each city by its place."""
        return {place: here for here, place in enumerate(self.layout.cities)}

    def use(self, plan: HubPlan) -> Use:
        """Return the hubs of the ends of each shipment."""
        demand, city = self.instance.demand, self.city
        if plan.allocation is None:
            none = np.zeros(len(demand), dtype=np.int64)
            return Use(none, none, none != 0)
        first = plan.allocation[[city[d.origin] for d in demand]]
        last = plan.allocation[[city[d.destination] for d in demand]]
        served = self.cost[np.arange(len(demand)), first, last] < self.behind
        return Use(first, last, served)

    def opened(self, plan: HubPlan, use: Use) -> Ints:
        """Return the sites that a plan opens: hubs, and of each city that uses one."""
        demand, city = self.instance.demand, self.city
        ends = [
            pair
            for j in np.flatnonzero(use.served).tolist()
            for pair in (
                (city[demand[j].origin], int(use.first[j])),
                (city[demand[j].destination], int(use.last[j])),
            )
        ]
        sites = [int(self.layout.site[pair]) for pair in ends]
        return np.unique([*sites, *(self.layout.hubs[k] for k in plan.open.tolist())]).astype(int)

    def steps(self, shipment: int, first: int, last: int) -> tuple[Step, ...]:
        """Return the route of a shipment whose ends have these hubs."""
        goods, layout = self.instance.demand[shipment], self.layout
        one, other = self.instance.product[goods.product].chain
        sites = self.instance.sites
        start = sites[int(layout.site[self.city[goods.origin], first])]
        end = sites[int(layout.site[self.city[goods.destination], last])]
        over = [start.place, *(sites[layout.hubs[hub]].place for hub in (first, last)), end.place]
        return (
            self.move(goods.origin, start.place),
            Handle(start.id, one),
            *(self.move(a, b) for a, b in itertools.pairwise(over) if a != b),
            Handle(end.id, other),
            self.move(end.place, goods.destination),
        )

    def move(self, here: str, there: str) -> Move:
        """Return the move from place to place."""
        return Move(here, there, self.links[here, there].mode)


def single_case(instance: Instance) -> SingleCase | None:
    """Return an instance as a hub median with single allocation, None if it is none."""
    if not plain(instance):
        return None
    stops = stops_of(instance)
    rows = both_directions(links_in_use(instance))
    links: Joined = {(a, b): link for a, b, link in rows}
    layout = layout_of(instance, links)
    if stops is None or layout is None or len(links) != len(rows):
        return None
    most = hubs_at_most(instance, layout)
    pairs = max(len(instance.demand), len(layout.cities) ** 2)
    if most is None or pairs * len(layout.hubs) ** 2 > MOST_CELLS:
        return None
    fixed = fixed_costs(instance)
    if np.delete(fixed, layout.hubs).any():
        return None
    reach = reach_of(instance, layout, links, stops)
    cost = None if reach is None else per_t(instance, reach)
    if reach is None or cost is None:
        return None
    money, behind = in_money(instance, cost)
    ends, rows_cost = by_pair(reach, money)
    hubs = Hubs(fixed[list(layout.hubs)] * weight(instance), rows_cost, float(behind.sum()), most,
                ends, layout.own)  # fmt: skip
    return SingleCase(instance, hubs, layout, links, money, behind)


def hubs_at_most(instance: Instance, layout: Layout) -> int | None:
    """Return how many hubs may open, None unless besides each city may open one site alone."""
    area = [frozenset(int(s) for s in row if s >= 0) for row in layout.site]
    most, alone = len(layout.hubs), set()
    for limit in instance.limits_in_force:
        if limit.kind is not LimitKind.SITES_AT_MOST or narrowed(limit):
            return None
        places = instance.counted_places(limit)
        counted = frozenset(h for h, s in enumerate(instance.sites) if s.place in places)
        if limit.function is None and int(limit.value) == 1 and counted in area:
            alone.add(counted)
        elif limit.function is Function.CHARGING and counted >= set(layout.hubs):
            most = min(most, int(limit.value))
        else:
            return None
    return most if alone == set(area) else None


def narrowed(limit: Limit) -> bool:
    """Tell whether a limit counts by more than function and area."""
    return any(part is not None for part in (limit.goods, limit.mode, limit.hours))


def reach_of(
    instance: Instance, layout: Layout, links: Joined, stops: tuple[Stop, Stop]
) -> Reach | None:
    """Return the ways of shipments over the hubs of their ends, handling included."""
    places = [instance.sites[here].place for here in layout.hubs]
    hops = trunk(instance, links, places)
    if hops is None:
        return None
    city = {place: here for here, place in enumerate(layout.cities)}
    times = factor(instance)
    inward, outward = (
        branch(instance, layout, links, stop, back=back) for back, stop in enumerate(stops)
    )
    between = hops.way
    return Reach(
        inward,
        between._replace(cost=between.cost * times),
        Way(*(table.T for table in outward)),
        np.array([city[d.origin] for d in instance.demand]),
        np.array([city[d.destination] for d in instance.demand]),
    )


def trunk(instance: Instance, links: Joined, places: list[str]) -> Hops | None:
    """Return the ways from hub to hub."""
    if len(places) > MOST_PLACES:
        return None
    ends = set(places)
    inner = {id(link): link for (a, b), link in links.items() if a in ends and b in ends}
    return hops_of(places, [x for x in instance.links if id(x) in inner])


def branch(instance: Instance, layout: Layout, links: Joined, stop: Stop, *, back: int) -> Way:
    """Return cities x hubs, the way from a city over its site to the hub, or `back` again."""
    cost, hours = np.full(layout.site.shape, np.inf), np.full(layout.site.shape, np.inf)
    times = factor(instance)
    for city, hub in np.argwhere(layout.site >= 0).tolist():
        here = int(layout.site[city, hub])
        stops = (layout.cities[city], instance.sites[here].place,
                 instance.sites[layout.hubs[hub]].place)  # fmt: skip
        pairs = [(a, b) for a, b in itertools.pairwise(stops) if a != b]
        legs = [links.get(pair[::-1] if back else pair) for pair in pairs]
        if None not in legs:
            found = [leg for leg in legs if leg is not None]
            paid = sum(leg.cost_cny_per_t for leg in found) * times
            cost[city, hub] = paid + stop.cost[here]
            hours[city, hub] = sum(ticks(leg.time_h) for leg in found) + stop.ticks[here]
    return Way(cost, hours, np.full_like(cost, np.inf))


def by_pair(reach: Reach, money: Floats) -> tuple[Ints, Floats]:
    """Return pairs of cities, the lower number first, and what they cost by their hubs."""
    low = np.minimum(reach.origin, reach.destination)
    high = np.maximum(reach.origin, reach.destination)
    ends, row = np.unique(np.column_stack([low, high]), axis=0, return_inverse=True)
    found = np.zeros((len(ends), *money.shape[1:]))
    np.add.at(found, row.ravel(), np.where(
        (reach.origin <= reach.destination)[:, None, None], money, money.transpose(0, 2, 1)
    ))  # fmt: skip
    return ends, found
