"""Relations that loosen or tighten limits, or set them to what the best plan needs."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hubopt.instance.tables import Limit
from hubopt.units import exact
from hubopt.vocabulary import LimitKind, Mode
from tests.metamorphic.relation import Sense, Twin, if_allowed, instead, limited, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from hubopt.instance.tables import Instance
    from tests.metamorphic.relation import Relation
    from tests.optimum import Optimum

SHARES_AT_LEAST = frozenset(
    {
        LimitKind.SERVICE_LEVEL,
        LimitKind.MODE_SHARE_AT_LEAST,
        LimitKind.DELIVERY_SHARE_AT_LEAST,
    }
)
"""Kinds of limits that ask for a larger share."""

ON_GOODS = SHARES_AT_LEAST | {
    LimitKind.MODE_SHARE_AT_MOST,
    LimitKind.EMISSIONS_AT_MOST,
    LimitKind.SINGLE_SOURCE,
}
"""Kinds of limits that count goods."""

NUMBERS_AT_LEAST = frozenset({LimitKind.SITES_AT_LEAST, LimitKind.COVERAGE})
"""Kinds of limits that ask for more sites."""

NUMBERS_AT_MOST = frozenset({LimitKind.SITES_AT_MOST, LimitKind.SINGLE_SOURCE})
"""Kinds of limits that ask for fewer sites."""

ROOM = (
    ("capacities", "capacity_t_per_year"),
    ("links", "capacity_t_per_year"),
    ("transfers", "capacity_t_per_year"),
    ("services", "payload_t_per_departure"),
)
"""Columns that say how much there is room for; blank for no limit."""

COUNTS = (("modules", "most"), ("services", "most_per_week"))
"""Columns that say how many there may be."""


def roomy(instance: Instance) -> Iterator[tuple[str, str, Any]]:
    """Yield (table, column, row) wherever room is limited."""
    for name, column in (*ROOM, *COUNTS):
        for row in getattr(instance, name):
            if getattr(row, column) is not None:
                yield name, column, row


def with_room(base: Optimum, where: tuple[str, str, Any], factor: float) -> Instance | None:
    """Return the instance with more or less room for one thing, None if that is refused."""
    name, column, row = where
    value = getattr(row, column) * factor
    value = int(value) if isinstance(getattr(row, column), int) else value
    rows = instead(getattr(base.instance, name), row, replace(row, **{column: value}))
    return if_allowed(base.instance, **{name: rows})


def room_gained(base: Optimum, rng: Random) -> Twin | None:
    """Make one thing larger, or allow more of it: what was possible still is."""
    made = with_room(base, rng.choice(list(roomy(base.instance))), rng.choice([2.0, 3.0]))
    return None if made in {None, base.instance} else Twin(made, Sense.AT_MOST)


def room_lost(base: Optimum, rng: Random) -> Twin | None:
    """Make one thing smaller, or allow less of it: what is possible was so before."""
    made = with_room(base, rng.choice(list(roomy(base.instance))), 0.5)
    return None if made in {None, base.instance} else Twin(made, Sense.AT_LEAST)


def all_room_unlimited(base: Optimum, _: Random) -> Twin | None:
    """Lift the limits of all links and transfers: what was possible still is."""
    tables = {
        name: tuple(replace(row, capacity_t_per_year=None) for row in getattr(base.instance, name))
        for name in ("links", "transfers")
    }
    made = replace(base.instance, **tables)
    return None if made == base.instance else Twin(made, Sense.AT_MOST)


def loosened(limit: Limit) -> Limit:
    """Return a limit that asks for less than it did."""
    if limit.kind in SHARES_AT_LEAST:
        return replace(limit, value=limit.value / 2)
    if limit.kind in NUMBERS_AT_LEAST:
        return replace(limit, value=max(0.0, limit.value - 1))
    if limit.kind is LimitKind.MODE_SHARE_AT_MOST:
        return replace(limit, value=(1 + limit.value) / 2)
    return replace(limit, value=2 * limit.value)


def tightened(limit: Limit) -> Limit:
    """Return a limit that asks for more than it did."""
    if limit.kind in SHARES_AT_LEAST:
        return replace(limit, value=(1 + limit.value) / 2)
    if limit.kind in NUMBERS_AT_LEAST:
        return replace(limit, value=limit.value + 1)
    if limit.kind in NUMBERS_AT_MOST:
        return replace(limit, value=max(0.0, limit.value - 1))
    return replace(limit, value=limit.value / 2)


def limit_loosened(base: Optimum, rng: Random) -> Twin | None:
    """Loosen a limit on the whole plan: what met it still does."""
    return exchanged(base, rng, loosened, Sense.AT_MOST)


def limit_tightened(base: Optimum, rng: Random) -> Twin | None:
    """Tighten a limit on the whole plan: what meets it did before."""
    return exchanged(base, rng, tightened, Sense.AT_LEAST)


def exchanged(base: Optimum, rng: Random, new: Any, sense: Sense) -> Twin | None:  # noqa: ANN401
    """Return the twin with one limit replaced, None if there is none or that is refused."""
    limit = one_of(rng, base.instance.limits)
    if limit is None:
        return None
    limits = instead(base.instance.limits, limit, new(limit))
    made = if_allowed(base.instance, limits=limits)
    return None if made in {None, base.instance} else Twin(made, sense)


def limits_lifted(base: Optimum, _: Random) -> Twin | None:
    """Lift every limit on the whole plan: what was allowed still is."""
    if not base.instance.limits:
        return None
    return Twin(replace(base.instance, limits=()), Sense.AT_MOST)


def limits_of_the_best_plan(base: Optimum, _: Random) -> Twin | None:
    """Allow as many sites and as much money as the best plan takes: it stays the best."""
    if base.made is None:
        return None
    needed = [*sites_needed(base), *money_needed(base)]
    wide = {(row.kind, row.stage, row.function, row.area) for row in needed}
    kept = [
        row
        for row in base.instance.limits
        if (row.kind, row.stage, row.function, row.area) not in wide
    ]
    made = replace(base.instance, limits=(*kept, *needed))
    return None if made == base.instance else Twin(made)


def sites_needed(base: Optimum) -> Iterator[Limit]:
    """Yield the number of sites that are open in each stage of the best plan."""
    assert base.made is not None
    for t, year in enumerate(base.problem.stages):
        number = float(base.made.open[:, t].sum())
        yield Limit(LimitKind.SITES_AT_MOST, year, None, number)


def money_needed(base: Optimum) -> Iterator[Limit]:
    """Yield what is built in each stage of the best plan costs."""
    assert base.made is not None
    before = [row.built for row in base.instance.modules]
    for t, year in enumerate(base.problem.stages):
        now = [int(number) for number in base.made.modules[:, t]]
        spent = sum(
            (
                exact(row.build_cost_cny) * (b - a)
                for row, a, b in zip(base.instance.modules, before, now, strict=True)
            ),
            Fraction(0),
        )
        yield Limit(LimitKind.BUDGET, year, None, math.ceil(spent * 100) / 100)
        before = now


def emissions_of_the_best_plan(base: Optimum, _: Random) -> Twin | None:
    """Cap emissions at what the best plan emits: it stays the best."""
    limits = [
        Limit(LimitKind.EMISSIONS_AT_MOST, year, None, math.ceil(base.emitted_t(year)) + 0.001)
        for year in base.problem.stages
    ]
    return with_limits(base, limits)


def rail_share_of_the_best_plan(base: Optimum, rng: Random) -> Twin | None:
    """Ask for the share by rail that the best plan has, or for no more: it stays the best."""
    kind, slack = rng.choice(
        [(LimitKind.MODE_SHARE_AT_LEAST, -1e-6), (LimitKind.MODE_SHARE_AT_MOST, 1e-6)]
    )
    limits = [
        Limit(kind, year, None, min(1.0, max(0.0, base.rail_share(year) + slack)), mode=Mode.RAIL)
        for year in base.problem.stages
    ]
    return with_limits(base, limits)


def with_limits(base: Optimum, limits: list[Limit]) -> Twin | None:
    """Return the twin with more limits, none where such limits are there or nothing is allowed."""
    if not base.feasible or limited(base.instance, *{row.kind for row in limits}):
        return None
    return Twin(replace(base.instance, limits=(*base.instance.limits, *limits)))


def sleeping_limit_added(base: Optimum, rng: Random) -> Twin:
    """Forbid all emissions of some goods by a policy that is not switched on: it asks nothing."""
    year = rng.choice(base.problem.stages)
    goods = rng.choice(base.instance.products).id
    limit = Limit(LimitKind.EMISSIONS_AT_MOST, year, None, 0.0, goods=goods, policy="asleep")
    return Twin(replace(base.instance, limits=(*base.instance.limits, limit)))


def goods_named_as_groups(base: Optimum, _: Random) -> Twin | None:
    """Name groups, of one product each or of all, in limits on goods: they count the same."""
    alone = any(row.goods for row in base.instance.limits)
    if any(row.group for row in base.instance.products):
        return None
    limits = tuple(
        replace(row, goods=group_of(row.goods))
        if row.kind in ON_GOODS and alone is (row.goods is not None)
        else row
        for row in base.instance.limits
    )
    products = tuple(
        replace(row, group=group_of(row.id if alone else None)) for row in base.instance.products
    )
    if limits == base.instance.limits:
        return None
    return Twin(replace(base.instance, limits=limits, products=products))


def group_of(goods: str | None) -> str:
    """Return the name of the group of one product, or of all."""
    return f"group of {goods or 'all'}"


def departures_of_the_best_plan(base: Optimum, _: Random) -> Twin | None:
    """Allow no more and no fewer departures than the best plan runs: it stays the best."""
    if base.made is None or not base.instance.services:
        return None
    services = []
    for v, row in enumerate(base.instance.services):
        runs = base.made.departures[v][base.problem.services.available[v]]
        services.append(replace(row, least_per_week=int(runs.min()), most_per_week=int(runs.max())))
    made = if_allowed(base.instance, services=tuple(services))
    return None if made is None else Twin(made)


def modules_of_the_best_plan(base: Optimum, _: Random) -> Twin | None:
    """Allow no more modules than stand at last in the best plan: it stays the best."""
    if base.made is None:
        return None
    modules = tuple(
        replace(row, most=int(base.made.modules[m, -1]))
        for m, row in enumerate(base.instance.modules)
    )
    made = if_allowed(base.instance, modules=modules)
    return None if made in {None, base.instance} else Twin(made)


def room_of_the_best_plan(base: Optimum, _: Random) -> Twin | None:
    """Leave links and transfers the room that the best plan takes of them: it stays the best."""
    if base.made is None:
        return None
    used: dict[tuple[str, int], float] = defaultdict(float)
    for (key, _year), tonnes in base.used_t.items():
        if key[0] in {"link", "transfer"}:
            here = (str(key[0]), int(key[1]))
            used[here] = max(used[here], tonnes)
    tables = {
        name: tuple(
            narrowed(row, used[kind, here]) for here, row in enumerate(getattr(base.instance, name))
        )
        for kind, name in (("link", "links"), ("transfer", "transfers"))
    }
    made = if_allowed(base.instance, **tables)
    return None if made in {None, base.instance} else Twin(made)


def narrowed(row: Any, used_t: float) -> Any:  # noqa: ANN401
    """Return a link or transfer with room for a little more than what is used."""
    room = max(1.0, math.ceil(used_t) + 0.001)
    room = room if row.capacity_t_per_year is None else min(room, row.capacity_t_per_year)
    return replace(row, capacity_t_per_year=room)


RELATIONS: tuple[Relation, ...] = (
    room_gained,
    room_lost,
    all_room_unlimited,
    limit_loosened,
    limit_tightened,
    limits_lifted,
    limits_of_the_best_plan,
    emissions_of_the_best_plan,
    rail_share_of_the_best_plan,
    sleeping_limit_added,
    goods_named_as_groups,
    departures_of_the_best_plan,
    modules_of_the_best_plan,
    room_of_the_best_plan,
)
