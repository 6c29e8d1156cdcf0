"""Capacitated fixed-charge network design as an ordinary instance of services.

An arc is a service that leaves at most once: its payload is the arc's capacity, its departure costs
the fixed cost, and the track costs the variable cost per tonne. Vehicles must come back, so a
service the other way, which never leaves with freight, runs back empty at no cost: each arc has a
class of vehicles of its own, so that this follows from the departure and decides nothing. What is
sent needs no handling and rides as many services in a row as it likes.

A second arc between the same two nodes leads past a place of its own, since a track between two
places has one price. Leaving goods behind has a price above that of opening every arc for each unit
of them; what is proved of a plan that leaves nothing behind is proved of the file at any price.
Formulation: Gendron, Crainic and Frangioni, in: Telecommunications Network Planning, 1999.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import fsum
from typing import TYPE_CHECKING

from hubopt.instance.public.location import GRID, HOME, YEAR, at_one_point
from hubopt.instance.public.powers import exponent_near, nearest_that_fits
from hubopt.instance.public.scales import Scales, all_fit
from hubopt.instance.tables import (
    Demand,
    Instance,
    Link,
    Place,
    Product,
    Service,
    Settings,
    Stage,
)
from hubopt.units import KG_PER_T, exact
from hubopt.vocabulary import Access, Mode, Temperature

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.text import Text

GOODS = "GOODS"
TRACK = Mode.RAIL
ROUTES = 100
"""Most routes listed per commodity: there are too many to list them all."""

TYPICAL_PAYLOAD_T, TYPICAL_CNY_PER_T, TYPICAL_DEPARTURE_CNY = 1e3, 1e5, 1e7
"""About what a median arc carries, and costs by the tonne and by the departure."""

LARGEST_MEDIAN_T = 5e4
"""More than this the check of instances takes for kilograms."""


@dataclass(frozen=True, slots=True)
class Arc:
    """An arc in the units of its file, nodes by number; `price` is per unit that passes."""

    tail: int
    head: int
    price: float
    capacity: float
    fixed: float


@dataclass(frozen=True, slots=True)
class Commodity:
    """So many units that are sent from one node to another."""

    origin: int
    destination: int
    units: float


@dataclass(frozen=True, slots=True)
class FixedCharge:
    """A network design problem in the units of its file."""

    name: str
    title: Text
    nodes: int
    arcs: tuple[Arc, ...]
    commodities: tuple[Commodity, ...]

    @property
    def unserved(self) -> float:
        """Return a price of leaving a unit behind, above opening every arc and any way for it."""
        least = min([1.0, *(sent.units for sent in self.commodities)])
        dearest = max(arc.price for arc in self.arcs)
        return fsum(arc.fixed for arc in self.arcs) / least + self.nodes * dearest + 1

    def scales(self) -> Scales | None:
        """Return scales at which nothing of a file is lost, `None` if no scale fits its numbers."""
        sent = [one.units for one in self.commodities]
        room = [arc.capacity for arc in self.arcs]

        def weighs_well(t: float) -> bool:
            payloads = all_fit("services", "payload_t_per_departure", room, t)
            usual = sorted(room)[len(room) // 2] * t <= LARGEST_MEDIAN_T
            return payloads and usual and all_fit("demand", "demand_t_per_year", sent, t)

        def is_whole(t: float) -> bool:
            kg = (exact(units) * exact(t) * KG_PER_T for units in sent)
            return weighs_well(t) and all(amount.denominator == 1 for amount in kg)

        start = exponent_near(room, TYPICAL_PAYLOAD_T)
        t = nearest_that_fits(start, is_whole) or nearest_that_fits(start, weighs_well)
        return None if t is None else self.money(t)

    def money(self, t: float) -> Scales | None:
        """Return scales with so many tonnes for a unit, `None` if no CNY fit."""
        prices, fixed = [arc.price for arc in self.arcs], [arc.fixed for arc in self.arcs]

        def costs_well(cny: float) -> bool:
            return (
                all_fit("links", "cost_cny_per_t", prices, cny / t)
                and all_fit("services", "cost_cny_per_departure", fixed, cny)
                and all_fit("products", "unserved_cost_cny_per_t", [self.unserved], cny / t)
            )

        start = exponent_near(prices, TYPICAL_CNY_PER_T * t)
        if not any(prices):
            start = exponent_near(fixed, TYPICAL_DEPARTURE_CNY)
        cny = nearest_that_fits(start, costs_well)
        return None if cny is None else Scales(t, cny)


def fixed_charge_instance(design: FixedCharge, scales: Scales) -> Instance:
    """Return the checked instance of a network design problem."""
    paths = paths_of(design.arcs)
    return Instance(
        settings=Settings(
            design.name, design.title.en, design.title.zh, YEAR, (Stage(YEAR, 1),), 0.0, 0.0, GRID,
            HOME, routes_per_shipment=ROUTES, gap=0.0,
        ),
        places=tuple(places(design, paths)),
        sites=(), handling=(), modules=(), capacities=(),
        links=tuple(tracks(design.arcs, paths, scales)),
        services=tuple(services(design.arcs, paths, scales)),
        transfers=(), customs=(),
        products=(
            Product(
                GOODS, "goods", "货物", 0.0, 0.0, Temperature.AMBIENT, 0.0, (), frozenset({TRACK}),
                1.0, 1.0, priced(design.unserved, scales),
            ),
        ),
        demand=tuple(
            Demand(
                f"S{number}", node(sent.origin), node(sent.destination), GOODS, YEAR,
                float(exact(sent.units) * exact(scales.t_per_unit)), None,
            )
            for number, sent in enumerate(design.commodities, start=1)
        ),
        limits=(),
    )  # fmt: skip


def node(number: int) -> str:
    """Return the id of a node's place."""
    return f"N{number}"


def priced(units: float, scales: Scales) -> float:
    """Return CNY per tonne of a price per unit."""
    return float(exact(units) * exact(scales.cny_per_unit) / exact(scales.t_per_unit))


def paths_of(arcs: Sequence[Arc]) -> list[tuple[str, ...]]:
    """Return the stops of each arc's service; of parallel arcs all but one pass a place between."""
    seen: set[tuple[int, int]] = set()
    found = []
    for number, arc in enumerate(arcs, start=1):
        ends = arc.tail, arc.head
        between = (f"P{number}",) if ends in seen else ()
        found.append((node(arc.tail), *between, node(arc.head)))
        seen.add(ends)
    return found


def places(design: FixedCharge, paths: Sequence[tuple[str, ...]]) -> Iterator[Place]:
    """Yield the nodes, and the places between the ends of parallel arcs."""
    for number in range(1, design.nodes + 1):
        yield at_one_point(node(number), f"node {number}", f"节点 {number}")
    for number, path in enumerate(paths, start=1):
        for between in path[1:-1]:
            yield at_one_point(between, f"on arc {number}", f"弧 {number} 途中")


def tracks(arcs: Sequence[Arc], paths: Sequence[tuple[str, ...]], scales: Scales) -> Iterator[Link]:
    """Yield the tracks of all arcs, priced on their first leg, and those on which trains return."""
    cost: dict[tuple[str, str], float] = {}
    for arc, path in zip(arcs, paths, strict=True):
        for leg in pairwise(path):
            cost[leg] = 0.0
        cost[path[0], path[1]] = priced(arc.price, scales)
    back = {(b, a): 0.0 for a, b in cost if (b, a) not in cost}
    for (a, b), cost_cny_per_t in {**cost, **back}.items():
        yield Link(
            a, b, TRACK, both_ways=False, access=Access.SCHEDULED, distance_km=0.0,
            distance_source="", cost_cny_per_t=cost_cny_per_t, time_h=0.0,
            capacity_t_per_year=None, wtw_g_per_tkm=1.0, ttw_g_per_tkm=0.0, emission_source="",
        )  # fmt: skip


def services(
    arcs: Sequence[Arc], paths: Sequence[tuple[str, ...]], scales: Scales
) -> Iterator[Service]:
    """Yield a service for each arc, and the one by which its vehicle comes back empty."""
    for number, (arc, path) in enumerate(zip(arcs, paths, strict=True), start=1):
        payload = float(exact(arc.capacity) * exact(scales.t_per_unit))
        fixed = float(exact(arc.fixed) * exact(scales.cny_per_unit))
        yield Service(
            f"ARC{number}", f"arc {number}", f"弧 {number}", TRACK, path, f"ARC{number}", payload,
            fixed, fixed, 0.0, 0, 1, 1, YEAR,
        )  # fmt: skip
        yield Service(
            f"BACK{number}", f"arc {number}, back", f"弧 {number} 返程", TRACK, path[::-1],
            f"ARC{number}", payload, 0.0, 0.0, 0.0, 0, 0, 1, YEAR,
        )  # fmt: skip
