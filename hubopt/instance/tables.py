"""An instance: all its tables together, right by construction.

`Instance(...)` and `dataclasses.replace(instance, ...)` check everything anew, as reading does:
they raise `InputError` with table, row (as `write` would number it) and column, or give rows in
canonical order. An instance therefore never holds an unknown id, a negative tonnage or a shipment
without a way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from hubopt.errors import Finding
from hubopt.instance.check import settled
from hubopt.instance.draft import Draft
from hubopt.instance.in_memory import draft_of
from hubopt.instance.rows import (
    Capacity,
    Customs,
    Demand,
    Handling,
    Limit,
    Link,
    Module,
    Place,
    Product,
    Service,
    Settings,
    Site,
    Stage,
    Transfer,
    Vehicle,
)
from hubopt.instance.schema import TABLES
from hubopt.text import Text

__all__ = [
    "Capacity",
    "Customs",
    "Demand",
    "Handling",
    "Instance",
    "Limit",
    "Link",
    "Module",
    "Place",
    "Product",
    "Service",
    "Settings",
    "Site",
    "Stage",
    "Transfer",
    "Vehicle",
]


@dataclass(frozen=True)
class Instance:
    """A whole planning question, checked; rows stand in canonical (id) order."""

    settings: Settings
    places: tuple[Place, ...]
    sites: tuple[Site, ...]
    handling: tuple[Handling, ...]
    modules: tuple[Module, ...]
    capacities: tuple[Capacity, ...]
    links: tuple[Link, ...]
    services: tuple[Service, ...]
    transfers: tuple[Transfer, ...]
    customs: tuple[Customs, ...]
    products: tuple[Product, ...]
    demand: tuple[Demand, ...]
    limits: tuple[Limit, ...]
    vehicles: tuple[Vehicle, ...] = ()
    notes: tuple[Text, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        """Check all tables; raise `InputError`, or keep the rows as reading would give them."""
        tables = {name: getattr(self, name) for name in TABLES}
        self.__dict__.update(settled(*draft_of(self.settings, tables)))

    @classmethod
    def from_draft(cls, draft: Draft, findings: Iterable[Finding], notes: Iterable[Text]) -> Self:
        """Return the instance that tables as read hold; they are checked here, once.

        `findings` is what reading them found; any finding raises `InputError`.
        """
        made = cls.__new__(cls)
        made.__dict__.update(settled(draft, findings), notes=tuple(notes))
        return made

    @cached_property
    def place(self) -> Mapping[str, Place]:
        """Places by id."""
        return {p.id: p for p in self.places}

    @cached_property
    def site(self) -> Mapping[str, Site]:
        """Sites by id."""
        return {s.id: s for s in self.sites}

    @cached_property
    def service(self) -> Mapping[str, Service]:
        """Services by id."""
        return {s.id: s for s in self.services}

    @cached_property
    def limits_in_force(self) -> tuple[Limit, ...]:
        """Limits that hold always or belong to a policy that is switched on."""
        on = self.settings.policies
        return tuple(x for x in self.limits if x.policy is None or x.policy in on)

    def counted_goods(self, limit: Limit) -> frozenset[str]:
        """Return the products that a limit counts: one, those of a group, or all."""
        goods = limit.goods
        return frozenset(p.id for p in self.products if goods in {None, p.id, p.group})

    def counted_places(self, limit: Limit) -> frozenset[str]:
        """Return the places that a limit counts: those of a region or zone, or all."""
        area = limit.area
        return frozenset(p.id for p in self.places if area in {None, p.region, p.zone})

    @cached_property
    def product(self) -> Mapping[str, Product]:
        """Products by id."""
        return {p.id: p for p in self.products}

    @cached_property
    def shipment(self) -> Mapping[str, Demand]:
        """Demand rows by id."""
        return {d.id: d for d in self.demand}
