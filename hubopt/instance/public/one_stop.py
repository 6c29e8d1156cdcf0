"""Siting with one stop: every shipment passes exactly one open site, over arcs that are shared.

A shipment goes from its origin over arcs to the node of an open site, is handled there and goes on
over arcs to its destination; it may be split between sites and paths. A site opens in at most one
of its sizes. All demand is met. Numbers are those of the file; quantities are per period.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from hubopt.instance.public.powers import exponent_near, nearest_that_fits
from hubopt.instance.public.scales import Scales, all_fit
from hubopt.units import KG_PER_T, exact

if TYPE_CHECKING:
    from hubopt.text import Text

TYPICAL_T, TYPICAL_CNY_PER_T = 3e6, 1e3
"""About what a median shipment weighs, and what a tonne pays on a median arc."""

FAR = 10
"""How many of the dearest arcs a unit that is left behind is priced above."""


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
    """A candidate site at a node; `sizes` are (capacity, fixed cost), of which one may open."""

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

    def unserved(self, kind: int) -> float:
        """Return a price of leaving a unit behind, far above what moving it costs.

        What is proved of a plan that leaves nothing behind is proved of the file at any price.
        """
        dearest = max(arc.cost[kind] for arc in self.arcs)
        handling = max(site.handling for site in self.sites)
        room = max(fixed / most for site in self.sites for most, fixed in site.sizes)
        return FAR * (dearest + handling + room) + 1

    def lacks_room(self, *, bonded: bool) -> bool:
        """Tell whether the largest sizes of all (bonded) sites together are below the demand."""
        need = fsum(one.units for one in self.shipments if one.bonded or not bonded)
        sites = [site for site in self.sites if site.bonded or not bonded]
        return need > fsum(max(most for most, _ in site.sizes) for site in sites)

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
        dearest = [self.unserved(kind) for kind in range(self.kinds)]

        def costs_well(cny_per_t: float) -> bool:
            return (
                all_fit("links", "cost_cny_per_t", prices, cny_per_t)
                and all_fit("handling", "cost_cny_per_t", handling, cny_per_t)
                and all_fit("modules", "fixed_cost_cny_per_year", fixed, cny_per_t * t)
                and all_fit("products", "unserved_cost_cny_per_t", dearest, cny_per_t)
            )

        cny_per_t = nearest_that_fits(exponent_near(prices, TYPICAL_CNY_PER_T), costs_well)
        return None if cny_per_t is None else Scales(t, float(exact(cny_per_t) * exact(t)))


def whole_kg(units: float, scales: Scales) -> int:
    """Return what units weigh in kilograms, halves up: instances count no less."""
    return int(exact(units) * exact(scales.t_per_unit) * KG_PER_T * 2 + 1) // 2
