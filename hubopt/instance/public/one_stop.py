"""Siting with one stop: every shipment passes exactly one open site, over arcs that are shared.

A shipment goes from its origin over arcs to the node of an open site, is handled there and goes on
over arcs to its destination; it may be split between sites and paths. A site opens in at most one
of its sizes. All demand is met. Numbers are those of the file; quantities are per period.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, fsum
from typing import TYPE_CHECKING

from hubopt.instance.public.powers import exponent_near, nearest_that_fits
from hubopt.instance.public.scales import Scales, all_fit
from hubopt.units import KG_PER_T, exact

if TYPE_CHECKING:
    from hubopt.text import Text

TYPICAL_T, TYPICAL_CNY_PER_T = 3e6, 1e3
"""About what a median shipment weighs, and what a tonne pays on a median arc."""

FAR = 2
"""A way passes no node more than so often: once before its site and once after it."""


@dataclass(frozen=True, slots=True)
class StopArc:
    """A directed arc between nodes; `cost` per unit by class, `capacity` shared by all classes."""

    tail: int
    head: int
    cost: tuple[float, ...]
    capacity: float | None


@dataclass(frozen=True, slots=True)
class StopShipment:
    """So many units of a class from one node to another; `bonded` ones pass a bonded site."""

    origin: int
    destination: int
    kind: int
    units: float
    bonded: bool


@dataclass(frozen=True, slots=True)
class StopSite:
    """A candidate site at a node; `sizes` are (capacity, fixed cost), of which one may open.

    A site without sizes stays closed.
    """

    node: int
    bonded: bool
    handling: float
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class OneStop:
    """A problem of siting with one stop, in the units of its file."""

    name: str
    title: Text
    nodes: int
    arcs: tuple[StopArc, ...]
    shipments: tuple[StopShipment, ...]
    sites: tuple[StopSite, ...]

    @property
    def kinds(self) -> int:
        """Return the number of classes of goods."""
        return len(self.arcs[0].cost)

    @property
    def used(self) -> tuple[int, ...]:
        """Return the nodes that occur, in order; files may leave numbers out."""
        ends = {end for arc in self.arcs for end in (arc.tail, arc.head)}
        sent = {end for one in self.shipments for end in (one.origin, one.destination)}
        return tuple(sorted(ends | sent | {site.node for site in self.sites}))

    def unserved(self, t_per_unit: float) -> tuple[float, ...]:
        """Return a price of leaving a unit behind, by class.

        To leave the smallest shipment behind costs more than to open every site for it and to send
        it over the dearest arc to every node, there and back. What is proved of a plan that leaves
        nothing behind is proved of the file at any price.
        """
        weights = zip(self.shipments, kilograms(self, t_per_unit), strict=True)
        smallest = min((one.units for one, kg in weights if kg), default=1.0)
        fixed = fsum(max((cost for _, cost in site.sizes), default=0.0) for site in self.sites)
        always = fixed / smallest + max(site.handling for site in self.sites) + 1
        passes = FAR * len(self.used)
        return tuple(
            always + passes * max(arc.cost[kind] for arc in self.arcs) for kind in range(self.kinds)
        )

    def lacks_room(self, *, bonded: bool) -> bool:
        """Tell whether the largest sizes of all (bonded) sites together are below the demand."""
        need = sum(exact(one.units) for one in self.shipments if one.bonded or not bonded)
        sites = [site for site in self.sites if site.bonded or not bonded]
        return need > sum(
            exact(max(most for most, _ in site.sizes)) for site in sites if site.sizes
        )

    def scales(self) -> Scales | None:
        """Return tonnes and CNY for the units of the file, `None` if no scale fits its numbers."""
        sent = [one.units for one in self.shipments]
        room = [most for site in self.sites for most, _ in site.sizes]
        lines = [arc.capacity for arc in self.arcs if arc.capacity is not None]

        def weighs_well(t: float) -> bool:
            return (
                all_fit("demand", "demand_t_per_year", sent, t)
                and all_fit("capacities", "capacity_t_per_year", room, t)
                and all_fit("links", "capacity_t_per_year", lines, t)
            )

        t = nearest_that_fits(exponent_near(sent, TYPICAL_T), weighs_well)
        return None if t is None else self.money(t)

    def money(self, t: float) -> Scales | None:
        """Return scales with so many tonnes for a unit, `None` if no CNY fit."""
        prices = [cost for arc in self.arcs for cost in arc.cost]
        handling = [site.handling for site in self.sites]
        fixed = [cost for site in self.sites for _, cost in site.sizes]
        dearest = self.unserved(t)

        def costs_well(cny_per_t: float) -> bool:
            return (
                all_fit("links", "cost_cny_per_t", prices, cny_per_t)
                and all_fit("handling", "cost_cny_per_t", handling, cny_per_t)
                and all_fit("modules", "fixed_cost_cny_per_year", fixed, cny_per_t * t)
                and all_fit("products", "unserved_cost_cny_per_t", dearest, cny_per_t)
            )

        cny_per_t = nearest_that_fits(exponent_near(prices, TYPICAL_CNY_PER_T), costs_well)
        return None if cny_per_t is None else Scales(t, float(exact(cny_per_t) * exact(t)))


def kilograms(problem: OneStop, t_per_unit: float) -> tuple[int, ...]:
    """Return what shipments weigh in whole kilograms, each within one; some may weigh nothing.

    Sums are rounded down, bonded shipments first: together they, and all, never weigh more than in
    the file, so that sites with exactly enough room have it still.
    """
    found, weight, told = [0] * len(problem.shipments), Fraction(0), 0
    for s in sorted(range(len(found)), key=lambda s: not problem.shipments[s].bonded):
        weight += exact(problem.shipments[s].units) * exact(t_per_unit) * KG_PER_T
        found[s] = int(weight) - told
        told += found[s]
    return tuple(found)


def room_kg(units: float, t_per_unit: float) -> int:
    """Return the room of a site in whole kilograms, rounded up: less would lose exact designs."""
    return ceil(exact(units) * exact(t_per_unit) * KG_PER_T)
