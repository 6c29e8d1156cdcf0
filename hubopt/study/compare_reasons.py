"""Why freight goes another way than in the base: what changed about the one way or the other.

What both ways go through is no reason. First comes what was changed in the input, then limits and
what is full, then sites and departures that the plan itself has changed. Where nothing of that
touches either way, the shift follows from other freight, or from a choice between equal plans.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.instance.schema import SETTINGS
from hubopt.plan.marginal import MarginalKind
from hubopt.study.compare_effects import EFFECTS_ON_GOODS, Effect, effect
from hubopt.study.compare_facts import Key, Topic
from hubopt.study.compare_price import in_force
from hubopt.study.compare_things import Through, modes_of, thing
from hubopt.study.compare_ways import shifts
from hubopt.study.compare_why import ORDER, Reason, Rerouted, Why
from hubopt.study.movement import Change
from hubopt.vocabulary import LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Demand, Limit
    from hubopt.plan.marginal import Marginal
    from hubopt.study.compare import Comparison
    from hubopt.study.compare_facts import Facts
    from hubopt.study.compare_inputs import InputChange
    from hubopt.study.compare_things import Place
    from hubopt.study.compare_ways import Kind, Shift

FULL_FROM = 0.9995
"""A capacity is full from this share on: the kilograms of a plan are whole."""


SHRUNK = frozenset({Change.DROPPED, Change.SMALLER, Change.OTHER_SIZE})
GROWN = frozenset({Change.OPENED, Change.LARGER, Change.OTHER_SIZE})
OF_SITES = frozenset(
    {LimitKind.BUDGET, LimitKind.SITES_AT_MOST, LimitKind.SITES_AT_LEAST, LimitKind.COVERAGE,
     LimitKind.SINGLE_SOURCE}
)  # fmt: skip
"""Limits that bear on freight by way of the sites that it goes through."""


@dataclass(frozen=True)
class Parted:
    """The two ways of a shift and what only one of them goes through."""

    shift: Shift
    before: frozenset[Place]
    after: frozenset[Place]
    full: frozenset[str]

    @property
    def kind(self) -> Kind:
        """The freight that moves."""
        return self.shift.kind


def rerouted(comparison: Comparison, number: int) -> tuple[Rerouted, ...]:
    """Return the freight that goes another way in result `number`, the most first, and why."""
    reasons = Reasons(comparison, number)
    found = shifts(comparison.base, comparison.results[number], number)
    return tuple(Rerouted(shift, reasons.of(shift)) for shift in found)


class Reasons:
    """Finds the reasons of the shifts of one result against the base."""

    def __init__(self, comparison: Comparison, number: int) -> None:
        """Sort what was changed by the rows that it is about."""
        self.comparison, self.number = comparison, number
        self.base, self.other = comparison.base, comparison.results[number]
        self.through = Through(self.base.instance), Through(self.other.instance)
        self.changes: defaultdict[Place, list[InputChange]] = defaultdict(list)
        for change in comparison.inputs[number]:
            self.changes[change.table, change.key].append(change)
        self.sites = {(c.site, c.stage): c.change for c in comparison.site_changes(number)}

    @cached_property
    def limits(self) -> tuple[tuple[Limit, bool], ...]:
        """Limits that hold in one of the two alone, and whether they hold no longer."""
        before, after = in_force(self.base.instance), in_force(self.other.instance)
        added, lifted = (after - before).elements(), (before - after).elements()
        return (*((limit, False) for limit in added), *((limit, True) for limit in lifted))

    @cached_property
    def shipments(self) -> Mapping[tuple[int, str, str, str], list[Demand]]:
        """Rows of demand of the result by stage, product, origin and destination."""
        found: defaultdict[tuple[int, str, str, str], list[Demand]] = defaultdict(list)
        for row in self.other.instance.demand:
            found[row.stage, row.product, row.origin, row.destination].append(row)
        return found

    @cached_property
    def wanted(self) -> frozenset[tuple[int, str]]:
        """Things of which a tonne more would save something in the result, by stage."""
        found = ((m.stage, name_of(m)) for m in self.other.marginals if m.cny_per_t > 0)
        return frozenset((stage, name) for stage, name in found if name)

    def of(self, shift: Shift) -> tuple[Reason, ...]:
        """Return the reasons of a shift, the most direct first; `INDIRECT` alone if none."""
        parted = self.parted(shift)
        found = [
            *self.of_inputs(parted),
            *self.of_goods(parted),
            *self.of_carbon(parted),
            *self.of_limits(parted),
            *self.of_full(parted),
            *self.of_sites(parted),
            *self.of_departures(parted),
        ]
        found = found or [Reason(Why.INDIRECT)]
        return tuple(sorted(dict.fromkeys(found), key=lambda r: (ORDER[r.why], r.what)))

    def parted(self, shift: Shift) -> Parted:
        """Return a shift with what only one of its ways goes through."""
        place = self.other.instance.place
        ends = (shift.kind.origin, shift.kind.destination)
        abroad = len({place[end].country for end in ends}) > 1
        ways = (shift.before, shift.after)
        sides = zip(self.through, ways, strict=True)
        before, after = (side.places(way, abroad=abroad) for side, way in sides)
        things = [side.things(way) for side, way in zip(self.through, ways, strict=True)]
        return Parted(shift, before - after, after - before, things[0] - things[1])

    def of_inputs(self, parted: Parted) -> Iterator[Reason]:
        """Yield what was changed about rows that only one of the ways goes through."""
        for places, worse in ((parted.before, True), (parted.after, False)):
            for place in places:
                for change in self.changes.get(place, ()):
                    found = effect(change, worse=worse)
                    if found is not None:
                        yield Reason(WHYS[found], named(place), change)

    def of_goods(self, parted: Parted) -> Iterator[Reason]:
        """Yield what was changed about the goods or the demand for them."""
        kind = parted.kind
        rows = self.shipments[kind.stage, kind.product, kind.origin, kind.destination]
        places: list[Place] = [("demand", (row.id,)) for row in rows]
        for place in [("products", (kind.product,)), *places]:
            for change in self.changes.get(place, ()):
                if change.column == "demand_t_per_year":
                    yield Reason(Why.DEMAND, named(place), change)
                elif change.column in EFFECTS_ON_GOODS:
                    yield Reason(Why.GOODS, named(place), change)

    def of_carbon(self, parted: Parted) -> Iterator[Reason]:
        """Yield the price of carbon if it turns against the way before."""
        for change in self.changes.get((SETTINGS.name, ()), ()):
            if change.column == "carbon_price_cny_per_t":
                more = self.emits_more(parted)
                if more and (more > 0) is (change.after > change.before):
                    yield Reason(Why.CARBON, change.column, change, now=more)

    def emits_more(self, parted: Parted) -> float:
        """Return by how many kg CO2e a tonne the way before emits more; 0 if one stays behind."""
        shift, kind = parted.shift, parted.kind
        if not (shift.before and shift.after):
            return 0.0
        rows = self.shipments[kind.stage, kind.product, kind.origin, kind.destination]
        ways = zip(self.through, (shift.before, shift.after), strict=True)
        before, after = (side.pricer.price(rows[0], way).wtw_kg_per_t for side, way in ways)
        return float(before - after)

    def of_limits(self, parted: Parted) -> Iterator[Reason]:
        """Yield limits that hold in one of the two alone and tell the ways apart."""
        policies = [c for c in self.changes.get((SETTINGS.name, ()), ()) if c.column == "policies"]
        for limit, lifted in self.limits:
            if limit.stage == parted.kind.stage and self.bears_on(limit, parted, lifted=lifted):
                change = policies[0] if policies else None
                yield Reason(Why.LIMIT, limit.kind.value, change, limit=limit, lifted=lifted)

    def bears_on(self, limit: Limit, parted: Parted, *, lifted: bool) -> bool:
        """Tell whether a limit counts this freight and drives it from its way before to that after.

        One that is `lifted` holds in the base alone, and lets freight go back.
        """
        if parted.kind.product not in self.other.instance.counted_goods(limit):
            return False
        if limit.mode is not None:
            ways = zip(self.through, (parted.shift.before, parted.shift.after), strict=True)
            before, after = (limit.mode.value in modes_of(side, way) for side, way in ways)
            asks_for_it = limit.kind is not LimitKind.MODE_SHARE_AT_MOST
            return before is not after and after is (asks_for_it is not lifted)
        if limit.kind in OF_SITES:
            return any(table == "sites" for table, _ in parted.before | parted.after)
        if limit.kind is LimitKind.SERVICE_LEVEL:
            return True
        more = self.emits_more(parted)
        return more < 0 if lifted else more > 0

    def of_full(self, parted: Parted) -> Iterator[Reason]:
        """Yield what is full in the result and lay on the way before alone."""
        stage = parted.kind.stage
        for name in parted.full:
            used = (side.numbers.get(Key(Topic.UTILISATION, stage, name)) for side in self.sides)
            was, now = used
            full = now is not None and now >= FULL_FROM
            if full or (stage, name) in self.wanted:
                yield Reason(Why.FULL, name, was=was, now=now)

    @property
    def sides(self) -> tuple[Facts, Facts]:
        """Base and result."""
        return self.base, self.other

    def of_sites(self, parted: Parted) -> Iterator[Reason]:
        """Yield sites that the result has smaller, or not, or larger, or anew."""
        for places, changes in ((parted.before, SHRUNK), (parted.after, GROWN)):
            for table, key in places:
                change = self.sites.get((str(key[0]), parted.kind.stage))
                if table == "sites" and change in changes:
                    yield Reason(Why.SITE, str(key[0]), site=change)

    def of_departures(self, parted: Parted) -> Iterator[Reason]:
        """Yield services that run less often on the way before, or more often on the way after."""
        for places, sign in ((parted.before, -1), (parted.after, 1)):
            for table, key in places:
                if table != "services":
                    continue
                asked = Key(Topic.DEPARTURES, parted.kind.stage, str(key[0]))
                was, now = (side.numbers.get(asked, 0.0) for side in self.sides)
                if sign * (now - was) > 0:
                    yield Reason(Why.DEPARTURES, str(key[0]), was=was, now=now)


WHYS = {
    Effect.CLOSED: Why.CLOSED, Effect.CUT: Why.CUT, Effect.DEARER: Why.DEARER,
    Effect.SLOWER: Why.SLOWER, Effect.EMITS: Why.EMITS, Effect.OTHERWISE: Why.OTHERWISE,
    Effect.EASED: Why.EASED,
}  # fmt: skip


def named(place: Place) -> str:
    """Return a row of a table as text."""
    table, key = place
    return " ".join([table, *(str(part) for part in key if part is not None)])


def name_of(marginal: Marginal) -> str:
    """Return the name of the thing that a marginal value is of; blank for demand."""
    if marginal.kind is MarginalKind.DEMAND:
        return ""
    if marginal.kind is MarginalKind.TRANSFER:
        return thing("transfer", marginal.where, "", marginal.what or marginal.mode)
    kind = "site" if marginal.kind is MarginalKind.SITE_FUNCTION else marginal.kind.value
    return thing(kind, marginal.where, marginal.what, marginal.mode, marginal.service)
