"""What a way goes through: rows of the instance's tables, and things with a capacity."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.instance.overlay_trace import key_of
from hubopt.instance.schema import TABLES
from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.pricing import Pricer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.network.steps import Step
    from hubopt.plan.pricing import Key as Limited
    from hubopt.study.compare_ways import Way

Place = tuple[str, tuple[object, ...]]
"""A table and the key of one of its rows."""


def thing(kind: str, where: str, what: str, mode: str = "", service: str = "") -> str:
    """Return what has a capacity, as a text that is its own among all."""
    ends = f"{where} > {what}"
    return {
        "site": f"site {where} {what}",
        "link": f"link {ends} {mode}",
        "transfer": f"transfer {where} {mode}",
        "service_leg": f"service {service} {ends}",
    }[kind]


@dataclass(frozen=True)
class Through:
    """What the steps of an instance's ways go through; each step is looked up once."""

    instance: Instance
    known: dict[tuple[Step, bool], frozenset[Place]] = field(default_factory=dict)

    @cached_property
    def pricer(self) -> Pricer:
        """Look-ups over the rows of the instance."""
        return Pricer(self.instance)

    @cached_property
    def sized(self) -> Mapping[str, tuple[Place, ...]]:
        """The rows of modules and capacities of each site."""
        found: dict[str, list[Place]] = {}
        for name in ("modules", "capacities"):
            for row in getattr(self.instance, name):
                found.setdefault(row.site, []).append((name, key_of(TABLES[name], row)))
        return {site: tuple(places) for site, places in found.items()}

    def places(self, way: Way, *, abroad: bool) -> frozenset[Place]:
        """Return the rows that a way goes through; `abroad` says that it crosses the border."""
        return frozenset(place for step in way for place in self.of(step, abroad=abroad))

    def of(self, step: Step, *, abroad: bool) -> frozenset[Place]:
        """Return the rows that a step goes through."""
        if (step, abroad) not in self.known:
            self.known[step, abroad] = frozenset(self.rows(step, abroad=abroad))
        return self.known[step, abroad]

    def rows(self, step: Step, *, abroad: bool) -> Iterator[Place]:
        """Yield the rows that a step goes through."""
        pricer = self.pricer
        for kind, *where in pricer.used_by(step):
            if kind in {"link", "transfer"}:
                table = TABLES[f"{kind}s"]
                yield table.name, key_of(table, getattr(self.instance, table.name)[where[0]])
            elif kind == "pool":
                yield from self.site(str(where[0]), where[1])
        if isinstance(step, Handle):
            yield "handling", (step.site, step.function)
        elif isinstance(step, Ride):
            yield "services", (step.service,)
        if isinstance(step, Move | Ride):
            mode = pricer.mode(step)
            yield "vehicles", (mode,)
            cleared = pricer.clearance(step) if abroad else None
            if cleared is not None:
                yield "customs", cleared

    def site(self, site: str, function: object) -> Iterator[Place]:
        """Yield the row of a site, those of its modules, and of what they add to a function."""
        yield "sites", (site,)
        for name, key in self.sized.get(site, ()):
            if name == "modules" or key[-1] == function:
                yield name, key

    def things(self, way: Way) -> frozenset[str]:
        """Return the things with a capacity that a way goes through, by their names."""
        return frozenset(
            self.named(limited) for step in way for limited in self.pricer.used_by(step)
        )

    def named(self, limited: Limited) -> str:
        """Return the name of a thing that has a capacity."""
        kind, *where = limited
        if kind == "pool":
            return thing("site", str(where[0]), str(where[1]))
        if kind == "link":
            link = self.instance.links[int(where[0])]
            return thing("link", link.from_place, link.to_place, link.mode.value)
        if kind == "transfer":
            row = self.instance.transfers[int(where[0])]
            return thing("transfer", row.place, "", f"{row.from_mode.value}>{row.to_mode.value}")
        path, here = self.instance.service[str(where[0])].path, int(where[1])
        return thing("service_leg", path[here], path[here + 1], "", str(where[0]))


def modes_of(through: Through, way: Way) -> frozenset[str]:
    """Return the modes that carry freight on a way."""
    steps = (step for step in way if isinstance(step, Move | Ride))
    return frozenset(through.pricer.mode(step).value for step in steps)


def turns(way: Way) -> Iterator[Step]:
    """Yield the steps of a way at which something is to be seen: changes of mode go unsaid."""
    return (step for step in way if not isinstance(step, Change))
