"""From the routing of a design with one stop to an exact plan of its ordinary instance.

Flows are rounded down to kilograms and cut where a float overran a room; what is left of a shipment
goes to its own ways with room, and if there are none by any way that has room.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.one_stop.columns import Columns, columns_of
from hubopt.instance.digest import content_hash
from hubopt.instance.public.location import MODULE, YEAR
from hubopt.instance.public.one_stop_instance import shipment_id, size_id, sizes, tonnes
from hubopt.plan.figures import figures, gap_between, whole
from hubopt.plan.plan import ALL_ROUTES_BASIS, OPTIMAL_GAP, Flow, Plan, SitePlan, Unserved
from hubopt.plan.pricing import Pricer
from hubopt.plan.verify_sites import outcome
from hubopt.solve.one_stop_steps import StepMaker
from hubopt.solve.settle import bound_fen
from hubopt.text import Text
from hubopt.units import KG_PER_T, exact
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.engine.one_stop.numbers import Bools, Ints, Numbers
    from hubopt.engine.one_stop.paths import PathFinder
    from hubopt.engine.one_stop.routing import Routing
    from hubopt.instance.public.one_stop import OneStop
    from hubopt.instance.public.scales import Scales
    from hubopt.instance.tables import Instance

CRUMB_KG = 1e-3
BARRED = 1e12
"""The price of an arc without room, when any way with room is looked for."""

MOST_EXCHANGES = 50
"""Most tries to make room for what rounding left; each takes a search for ways."""


class KgLoading:
    """Whole kilograms on ways, and the room that is left of sites and shared arcs."""

    def __init__(self, scales: Scales, numbers: Numbers, routing: Routing) -> None:
        self.numbers, self.ways = numbers, routing.columns
        self.open = routing.size >= 0
        self.left = numbers.units_kg.copy()
        kg_per_unit = float(exact(scales.t_per_unit) * KG_PER_T)
        self.kg = np.floor(routing.flow * kg_per_unit + CRUMB_KG).astype(np.int64)
        self.site_room = np.array(
            [numbers.room_kg[i, k] if k >= 0 else 0 for i, k in enumerate(routing.size.tolist())]
        )
        self.arc_room = np.array(
            [kg_of(float(most), scales) for most in numbers.shared_room], dtype=np.int64
        )
        self.fill()

    def fill(self) -> None:
        """Take off what the ways carry, then mend what is too much and what is missing."""
        ways, kg = self.ways, self.kg
        np.subtract.at(self.left, ways.shipment, kg)
        np.subtract.at(self.site_room, ways.site, kg)
        self.arc_room -= (ways.use.T @ kg).astype(np.int64)
        for way in self.too_much():
            self.put(way, -min(int(self.kg[way]), self.excess(way)))
        for way in self.in_order(self.left > 0):
            self.put(way, self.room_of(way))

    def too_much(self) -> list[int]:
        """Return the ways that carry something over what is overrun, the smallest first."""
        ways = self.ways
        over = (self.left < 0)[ways.shipment] | (self.site_room < 0)[ways.site]
        over |= ways.use @ (self.arc_room < 0).astype(float) > 0
        found = np.flatnonzero(over & (self.kg > 0))
        return [int(way) for way in found[np.argsort(self.kg[found], kind="stable")]]

    def in_order(self, shipments: Bools) -> list[int]:
        """Return the ways of shipments: those that are used first, then the cheap ones."""
        ways = self.ways
        found = np.flatnonzero(shipments[ways.shipment] & self.open[ways.site])
        order = np.lexsort((ways.cost[found], self.kg[found] == 0))
        return [int(way) for way in found[order]]

    def arcs(self, way: int) -> Ints:
        """Return the shared arcs of a way."""
        use = self.ways.use
        return np.asarray(use.indices[use.indptr[way] : use.indptr[way + 1]])

    def excess(self, way: int) -> int:
        """Return by how much something on a way is overrun."""
        rooms = [self.left[self.ways.shipment[way]], self.site_room[self.ways.site[way]]]
        return max(0, -int(min([*rooms, *self.arc_room[self.arcs(way)]])))

    def room_of(self, way: int) -> int:
        """Return how much more a way can carry."""
        rooms = [self.left[self.ways.shipment[way]], self.site_room[self.ways.site[way]]]
        return max(0, int(min([*rooms, *self.arc_room[self.arcs(way)]])))

    def put(self, way: int, kg: int) -> None:
        """Put kilograms on a way, or take some off."""
        self.kg[way] += kg
        self.left[self.ways.shipment[way]] -= kg
        self.site_room[self.ways.site[way]] -= kg
        np.subtract.at(self.arc_room, self.arcs(way), kg)

    def look_further(self, finder: PathFinder) -> None:
        """Send what is still left by ways that have room for it, as long as there are any."""
        before = None
        while (left := int(self.left.sum())) > 0 and left != before:
            before = left
            shipment = np.flatnonzero(self.left > 0)
            self.list_ways(finder, shipment, int(self.left[shipment].min()))
            for way in self.in_order(self.left > 0):
                self.put(way, self.room_of(way))

    def exchange(self, finder: PathFinder) -> None:
        """Send what is left in the place of as much of others that have room elsewhere.

        Rounding fills the last kilogram of a site or an arc with one shipment or another.
        """
        tries = MOST_EXCHANGES
        for s in np.flatnonzero(self.left > 0).tolist():
            for own, other in self.pairs(finder, s):
                if tries == 0 or self.exchanged(finder, own, other, int(self.left[s])):
                    break
                tries -= 1

    def pairs(self, finder: PathFinder, s: int) -> Iterator[tuple[int, int]]:
        """Yield ways of a shipment, cheap ones first, each with ways of others that fill it."""
        kg, before = int(self.left[s]), len(self.ways)
        trees = finder.trees(np.zeros(len(self.arc_room)))
        sites = np.flatnonzero(self.open & np.isfinite(finder.by_site(trees)[:, s]))
        more = columns_of(self.numbers, trees, np.full(len(sites), s, dtype=np.int64), sites)
        self.ways = self.ways.joined(more)
        new = np.zeros(len(self.ways) - before, dtype=np.int64)
        self.kg = np.concatenate([self.kg, new])
        for own in self.in_order(np.arange(len(self.left)) == s):
            full = self.arcs(own)[self.arc_room[self.arcs(own)] < kg]
            there = (self.ways.shipment != s) & (self.kg >= kg)
            if self.site_room[self.ways.site[own]] < kg:
                there &= self.ways.site == self.ways.site[own]
            if len(full):
                there &= np.asarray((self.ways.use[:, full] > 0).sum(axis=1)).ravel() == len(full)
            for other in np.flatnonzero(there).tolist():
                yield own, other

    def exchanged(self, finder: PathFinder, own: int, other: int, kg: int) -> bool:
        """Put kilograms on a way instead of another's, if these find room elsewhere."""
        self.put(other, -kg)
        if self.room_of(own) >= kg:
            self.put(own, kg)
            moved = self.ways.shipment[[other]]
            self.list_ways(finder, moved, kg)
            rest = (way for way in range(len(self.ways) - 1, -1, -1)
                    if self.ways.shipment[way] == moved[0] and way != other)  # fmt: skip
            for way in rest:
                if self.open[self.ways.site[way]] and self.room_of(way) >= kg:
                    self.put(way, kg)
                    return True
            self.put(own, -kg)
        self.put(other, kg)
        return False

    def list_ways(self, finder: PathFinder, shipment: Ints, kg: int) -> None:
        """List the cheapest ways of shipments with room for so many kilograms."""
        trees = finder.trees(np.where(self.arc_room < kg, BARRED, 0.0))
        paid = finder.by_site(trees)[:, shipment]
        paid[~self.open | (self.site_room < kg)] = np.inf
        site = paid.argmin(axis=0)
        there = np.isfinite(paid[site, np.arange(len(site))])
        more = columns_of(self.numbers, trees, shipment[there], site[there])
        before = len(self.ways)
        self.ways = self.ways.joined(more)
        new = np.zeros(len(self.ways) - before, dtype=np.int64)
        self.kg = np.concatenate([self.kg, new])


def kg_of(units: float, scales: Scales) -> int:
    """Return the whole kilograms that a capacity holds."""
    return int(exact(tonnes(units, scales)) * KG_PER_T)


def plan_of(
    instance: Instance,
    problem: OneStop,
    scales: Scales,
    numbers: Numbers,
    finder: PathFinder,
    routing: Routing,
    bound_mcny: float,
    *,
    interrupted: bool,
    scenario: str = "base",
) -> Plan:
    """Return the exact plan of a routing; raise `SolverError` if the bound lies above it."""
    loading = KgLoading(scales, numbers, routing)
    loading.look_further(finder)
    loading.exchange(finder)
    sites = site_plans(instance, problem, routing)
    flows = flows_of(problem, numbers, loading.ways, loading.kg, routing.size)
    unserved = tuple(
        Unserved(shipment_id(int(numbers.order[s])), int(loading.left[s]))
        for s in np.flatnonzero(loading.left)
    )
    found = figures(instance, Pricer(instance), sites, (), flows, unserved)
    objective = found.objective_fen()
    bound = bound_fen(bound_mcny, objective)
    gap = gap_between(objective, bound)
    proved = gap is not None and gap <= OPTIMAL_GAP and not unserved
    unproved = Status.INTERRUPTED if interrupted else Status.FEASIBLE
    return Plan(
        instance=instance.settings.name,
        instance_hash=content_hash(instance),
        scenario=scenario,
        status=Status.OPTIMAL if proved else unproved,
        objective_fen=objective,
        bound_fen=bound,
        gap=gap,
        gap_basis=ALL_ROUTES_BASIS,
        terms_fen=found.terms_fen(),
        co2e_wtw_kg={year: whole(kg) for year, kg in found.wtw_kg.items()},
        co2e_ttw_kg={year: whole(kg) for year, kg in found.ttw_kg.items()},
        sites=sites,
        services=(),
        flows=flows,
        unserved=unserved,
        notes=notes_of(unserved),
    )


def notes_of(unserved: tuple[Unserved, ...]) -> tuple[str, ...]:
    """Return what a reader must know of a plan, each in English and then in Chinese."""
    notes = [
        Text(
            "the bound is that of plans that leave nothing behind, as the problem asks for",
            "下界针对满足全部需求的方案，与问题要求一致",
        )
    ]
    if unserved:
        kg = sum(one.kg_per_year for one in unserved)
        notes.append(
            Text(
                f"{kg:,} kg of {len(unserved):,} shipments are left behind: rounded to whole"
                " kilograms the room did not suffice, so that the plan is not called optimal",
                f"{len(unserved):,} 批货物共 {kg:,} 千克未能运送：按整千克取整后能力不足，"
                "因此该方案不称为最优",
            )
        )
    return tuple(sentence for note in notes for sentence in (note.en, note.zh))


def site_plans(instance: Instance, problem: OneStop, routing: Routing) -> tuple[SitePlan, ...]:
    """Return every size of every site, open or not."""
    stands = {size_id(i, k): bool(routing.size[i] == k) for i, k in sizes(problem)}
    return tuple(
        SitePlan(
            site.id, YEAR, outcome(site, stands=stands[site.id], was_open=False),
            {MODULE: int(stands[site.id])},
        )
        for site in instance.sites
    )  # fmt: skip


def flows_of(
    problem: OneStop, numbers: Numbers, ways: Columns, kg: Ints, size: Ints
) -> tuple[Flow, ...]:
    """Return the flows of all ways that carry something, by shipment."""
    maker = StepMaker(problem, numbers)
    found: dict[tuple[int, tuple[object, ...]], int] = defaultdict(int)
    for way in np.flatnonzero(kg > 0).tolist():
        s, i = int(ways.shipment[way]), int(ways.site[way])
        arcs = ways.arcs[ways.start[way] : ways.start[way + 1]].tolist()
        steps = maker.steps(s, i, int(size[i]), arcs, int(ways.before[way]))
        found[int(numbers.order[s]), steps] += int(kg[way])
    return tuple(
        Flow(shipment_id(s), steps, amount)  # type: ignore[arg-type]
        for (s, steps), amount in sorted(found.items(), key=lambda item: item[0][0])
    )
