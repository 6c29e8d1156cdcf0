"""What can be out: sites, terminals, services, links and places, and which routes use each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from hubopt.errors import Finding, InputError
from hubopt.instance.nearest import nearest_of
from hubopt.problem.build import link_name
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.network.steps import Step
    from hubopt.problem.columns import Columns, Use
    from hubopt.problem.problem import Ints, Problem


class Kind(StrEnum):
    """What kind of thing is out."""

    SITE = "site"
    TERMINAL = "terminal"
    SERVICE = "service"
    LINK = "link"
    PLACE = "place"


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """One thing that can be out.

    A site with all its functions, all changes of mode at a place, a service, a link with both
    directions of its row (`from.to.mode`), or a place with everything at it.
    """

    kind: Kind
    id: str

    @property
    def key(self) -> str:
        """The thing as a planner writes it: KIND:ID."""
        return f"{self.kind}:{self.id}"


def routes_through(columns: Columns, problem: Problem) -> Mapping[Thing, Ints]:
    """Return for each thing the numbers of the listed routes that need it."""
    known: dict[Step, frozenset[Thing]] = {}
    found: dict[Thing, list[int]] = defaultdict(list)
    for number, steps in enumerate(problem.column_steps):
        for step in steps:
            if step not in known:
                known[step] = frozenset(needed(columns, step))
        for thing in frozenset[Thing]().union(*(known[step] for step in steps)):
            found[thing].append(number)
    return {thing: np.array(numbers, dtype=np.int64) for thing, numbers in found.items()}


def needed(columns: Columns, step: Step) -> Iterator[Thing]:
    """Yield everything that a step of a route needs."""
    for use in columns.used_by(step):
        yield from behind(columns.network.instance, use)


def behind(instance: Instance, use: Use) -> Iterator[Thing]:
    """Yield the things that stand behind one use: itself and the places at which it is."""
    match use:
        case ("pool", str(site), *_):
            yield Thing(Kind.SITE, site)
            yield Thing(Kind.PLACE, instance.site[site].place)
        case ("transfer", int(row)):
            place = instance.transfers[row].place
            yield Thing(Kind.TERMINAL, place)
            yield Thing(Kind.PLACE, place)
        case ("link", int(row)):
            link = instance.links[row]
            yield Thing(Kind.LINK, link_name(instance, row))
            yield Thing(Kind.PLACE, link.from_place)
            yield Thing(Kind.PLACE, link.to_place)
        case ("leg", str(service), *_):
            yield Thing(Kind.SERVICE, service)


def all_things(instance: Instance) -> Mapping[Thing, Text]:
    """Return everything in an instance that can be out, with its names."""
    named: dict[Thing, Text] = {}
    for kind, rows in (
        (Kind.SITE, instance.sites),
        (Kind.SERVICE, instance.services),
        (Kind.PLACE, instance.places),
    ):
        named |= {Thing(kind, row.id): Text(row.name_en, row.name_zh) for row in rows}
    for change in instance.transfers:
        there = named[Thing(Kind.PLACE, change.place)]
        named[Thing(Kind.TERMINAL, change.place)] = there
    for row, link in enumerate(instance.links):
        a, b = (named[Thing(Kind.PLACE, end)] for end in (link.from_place, link.to_place))
        words = Text(f"{a.en} - {b.en}", f"{a.zh}—{b.zh}")
        named[Thing(Kind.LINK, link_name(instance, row))] = words
    return named


def asked_for(instance: Instance, only: Collection[str]) -> tuple[Thing, ...]:
    """Return the things that are named as KIND:ID; raises `InputError` for those there are not."""
    known = {thing.key: thing for thing in all_things(instance)}
    unknown = [name for name in only if name not in known]
    if unknown:
        raise InputError([no_thing(name, known) for name in unknown])
    return tuple(dict.fromkeys(known[name] for name in only))


def no_thing(name: str, known: Collection[str]) -> Finding:
    """Return the finding for a name of nothing."""
    kinds = "|".join(Kind)
    return Finding(
        "command line",
        Text("names nothing in the instance", "算例中没有此项"),
        Text(
            f"write KIND:ID with {kinds} as KIND; a link is from.to.mode",
            f"请写 KIND:ID，KIND 为 {kinds}；线路写作 起点.终点.方式",
        ),
        column="--only",
        value=escaped(name),
        nearest=nearest_of(name, known),
        code="STR01",
    )
