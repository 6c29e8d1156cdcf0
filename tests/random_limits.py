"""Random limits on the whole plan for a tiny instance; same seed and solver, same limits.

They are drawn near to what the best plan without them does, so that most of them matter.
"""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.tables import Demand, Instance, Limit, Link
from hubopt.vocabulary import LimitKind, Mode
from tests.random_free import free
from tests.random_instances import random_instance
from tests.random_site_limits import CONSOLIDATION, SITE_MAKERS, add, any_stage, narrowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.optimum import Optimum
    from tests.random_free import Free

    Maker = Callable[[random.Random, Instance, Free], Instance]

ROAD, BATTERY = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY
POLICY = "hierarchy"
LIMITS = 2, 4
"""So many are added."""
CLASHES, ASLEEP = 0.02, 0.1
"""How many of the limits are kept that leave no plan, and of those that change nothing."""
MOST_CNY = 60_000.0
"""What a tonne that stays behind costs at most; far above what any route does."""
SHARE, MCNY = 1e-6, 1e-3
"""What rounding may cost, as a share and in million CNY."""


def limited_instance(seed: int) -> Instance:
    """Return a random instance under two to four more limits of different kinds."""
    rng = random.Random(f"limits-{seed}")
    return limited(rng, with_choice(rng, random_instance(seed)))


def limited(rng: random.Random, instance: Instance) -> Instance:
    """Return an instance under some more limits, each near to what its best plan does.

    Of those that change nothing or leave no plan few are kept.
    """
    found, number = free(instance), rng.randint(*LIMITS)
    for make in rng.sample(MAKERS, len(MAKERS)):
        made = tried(make, rng, found)
        if made is not found and kept(rng, found.best, made.best):
            found, number = made, number - 1
        if not number:
            break
    return found.instance


def tried(make: Maker, rng: random.Random, found: Free) -> Free:
    """Return the best plan under one limit more, the same one if there is none or it is refused."""
    with suppress(InputError):
        made = make(rng, found.instance, found)
        return found if made is found.instance else free(made)
    return found


def kept(rng: random.Random, before: Optimum, after: Optimum) -> bool:
    """Tell whether to keep a limit: if it costs something, and now and then if not."""
    if not after.feasible:
        return rng.random() < CLASHES
    matters = after.mcny > before.mcny * (1.0 + SHARE) + MCNY
    return matters or rng.random() < ASLEEP


def with_choice(rng: random.Random, instance: Instance) -> Instance:
    """Return an instance worth carrying freight for, with battery trucks and groups."""
    electric = tuple(
        replace(link, mode=BATTERY, cost_cny_per_t=link.cost_cny_per_t * 1.2, wtw_g_per_tkm=40.0,
                ttw_g_per_tkm=0.0)
        for link in instance.links
        if link.mode is ROAD and {link.from_place, link.to_place} in ({"A", "B"}, {"A", "T"})
    )  # fmt: skip
    products = tuple(
        replace(
            p,
            modes=p.modes | {BATTERY},
            group="dear" if p.value_cny_per_t > 5e4 else None,
            unserved_cost_cny_per_t=min(
                MOST_CNY, p.unserved_cost_cny_per_t * rng.choice([1.0, 5.0, 25.0])
            ),
        )
        for p in instance.products
    )
    places = tuple(replace(p, zone="green" if p.id == "B" else None) for p in instance.places)
    on = frozenset({POLICY}) if rng.random() < 0.7 else frozenset()
    return replace(
        instance,
        settings=replace(instance.settings, policies=on),
        links=(*instance.links, *distinct(instance, electric)),
        products=products,
        places=places,
        limits=(*instance.limits, asleep(instance)) if on else instance.limits,
    )


def distinct(instance: Instance, links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Return the links that the instance does not have yet."""
    known = {(link.from_place, link.to_place, link.mode) for link in instance.links}
    return tuple(x for x in links if (x.from_place, x.to_place, x.mode) not in known)


def asleep(instance: Instance) -> Limit:
    """Return a limit that names the policy and asks for nothing."""
    stage = instance.settings.stages[0].year
    return Limit(LimitKind.MODE_SHARE_AT_LEAST, stage, None, 0.0, mode=Mode.AIR, policy=POLICY)


def any_goods(rng: random.Random, instance: Instance) -> str | None:
    """Return a product, a group of products, or none, which counts all."""
    groups = {row.group for row in instance.products if row.group}
    return rng.choice([None, rng.choice(instance.products).id, *sorted(groups)])


def policy(rng: random.Random, instance: Instance) -> str | None:
    """Return the policy, more often if it is switched on, or none."""
    return rng.choice([None, None, POLICY if instance.settings.policies else None, POLICY])


def one_source(rng: random.Random, instance: Instance, found: Free) -> Instance:
    """Ask for a single centre for daily goods that two would handle, or are made to."""
    squeezed = less_at_one_centre(rng, instance, found)
    now = free(squeezed)
    split = [d for d in squeezed.demand if len(now.handled_at(d, CONSOLIDATION)) > 1]
    handled = [d for d in instance.demand if instance.product[d.product].chain]
    if not handled:
        return instance
    chosen = rng.choice(split or handled)
    if rng.random() < 0.5:
        limit = Limit(
            LimitKind.SINGLE_SOURCE, chosen.stage, CONSOLIDATION, 1.0, goods=chosen.product,
            policy=policy(rng, instance),
        )  # fmt: skip
        return add(squeezed, limit)
    return replace(
        squeezed, demand=tuple(replace(d, single_source=d is chosen) for d in squeezed.demand)
    )


def less_at_one_centre(rng: random.Random, instance: Instance, found: Free) -> Instance:
    """Return an instance whose busiest centre cannot handle all that it would."""
    used = {
        key: tonnes
        for (key, _), tonnes in sorted(found.best.used_t.items(), key=str)
        if key[0] == "pool" and key[2] == CONSOLIDATION
    }
    if not used:
        return instance
    key = max(used, key=lambda k: used[k])
    return narrowed(instance, key, round(used[key] * rng.choice([0.35, 0.6, 0.8])))


def service_level(rng: random.Random, instance: Instance, found: Free) -> Instance:
    """Promise times that some routes keep, none later than the latest; ask for more of them."""
    stage = any_stage(rng, instance)
    promises = {d.id: promise(rng, d, found) for d in instance.demand}
    changed = replace(
        instance, demand=tuple(replace(d, promised_h=promises[d.id]) for d in instance.demand)
    )
    kept = sum(
        kt
        for d in found.instance.demand
        for hours, kt in found.hours(d)
        if d.stage == stage and promises[d.id] is not None and hours <= (promises[d.id] or 0.0)
    )
    asked = sum(
        d.demand_t_per_year / 1000 for d in instance.demand if d.stage == stage and promises[d.id]
    )
    level = kept / asked if asked else 0.0
    level = round(min(1.0, level + (1.0 - level) * rng.choice([0.1, 0.4, 0.9])), 3)
    return add(changed, Limit(LimitKind.SERVICE_LEVEL, stage, None, level))


def promise(rng: random.Random, shipment: Demand, found: Free) -> float | None:
    """Return no promise, or one that some route keeps by a minute and others may miss."""
    hours = [h for d in found.instance.demand if d.id == shipment.id for h, _ in found.hours(d)]
    if not hours or rng.random() < 0.3:
        return None
    most = float("inf") if shipment.latest_h is None else shipment.latest_h
    return min(most, round(rng.choice(hours) + 0.02, 2))


def emissions(rng: random.Random, instance: Instance, found: Free) -> Instance:
    """Cap emissions below what would be emitted, or a little above."""
    stage = any_stage(rng, instance)
    goods = any_goods(rng, instance)
    cap = round(found.emitted_t(stage, goods) * rng.choice([0.5, 0.6, 0.75, 0.9, 1.1]), 3)
    return add(instance, Limit(LimitKind.EMISSIONS_AT_MOST, stage, None, cap, goods=goods))


def least_share(rng: random.Random, instance: Instance, found: Free) -> Instance:
    """Ask for a larger share of some mode than would go by it."""
    stage, goods = any_stage(rng, instance), any_goods(rng, instance)
    mode = rng.choice([Mode.RAIL, Mode.AIR, ROAD, BATTERY])
    share = found.share(stage, mode, goods)
    value = share + (1.0 - share) * rng.choice([0.1, 0.3, 0.6, 1.0])
    limit = Limit(LimitKind.MODE_SHARE_AT_LEAST, stage, None, round(value, 3), goods, mode=mode)
    return add(instance, replace(limit, policy=policy(rng, instance)))


def most_share(rng: random.Random, instance: Instance, found: Free) -> Instance:
    """Allow a smaller share of some mode than would go by it."""
    stage, goods = any_stage(rng, instance), any_goods(rng, instance)
    shares = {m: found.share(stage, m, goods) for m in (Mode.RAIL, Mode.AIR, ROAD, BATTERY)}
    mode = rng.choice([m for m, share in shares.items() if share] or [ROAD])
    value = round(shares[mode] * rng.choice([0.0, 0.3, 0.6, 0.9]), 3)
    limit = Limit(LimitKind.MODE_SHARE_AT_MOST, stage, None, value, goods, mode=mode)
    return add(instance, replace(limit, policy=policy(rng, instance)))


def delivery_share(rng: random.Random, instance: Instance, found: Free) -> Instance:
    """Ask for more deliveries by battery truck, in a zone or everywhere."""
    stage = any_stage(rng, instance)
    share = found.delivered(stage, BATTERY)
    limit = Limit(
        LimitKind.DELIVERY_SHARE_AT_LEAST, stage, None,
        round(share + (1.0 - share) * rng.choice([0.2, 0.5, 1.0]), 3),
        area=rng.choice([None, "green"]), mode=BATTERY,
    )  # fmt: skip
    return add(instance, limit)


MAKERS = (
    *SITE_MAKERS, one_source, service_level, emissions, least_share, most_share, delivery_share,
)  # fmt: skip
