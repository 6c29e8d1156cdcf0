"""Random limits on the whole plan for a tiny instance; same seed, same limits."""

from __future__ import annotations

import random
from dataclasses import replace

from hubopt.instance.tables import Demand, Instance, Limit, Link
from hubopt.vocabulary import Function, LimitKind, Mode, SiteStatus
from tests.random_instances import random_instance

ROAD, BATTERY = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY
CONSOLIDATION = Function.CONSOLIDATION
POLICY = "hierarchy"


def limited_instance(seed: int) -> Instance:
    """Return a random instance under one to three more kinds of limit, some of them asleep."""
    rng = random.Random(f"limits-{seed}")
    instance = with_choice(rng, random_instance(seed))
    makers = rng.sample(MAKERS, rng.randint(1, 3))
    for make in makers:
        instance = make(rng, instance)
    return instance


def with_choice(rng: random.Random, instance: Instance) -> Instance:
    """Return an instance with battery trucks on two roads, and groups of products and places."""
    electric = tuple(
        replace(link, mode=BATTERY, cost_cny_per_t=link.cost_cny_per_t * 1.2, wtw_g_per_tkm=40.0,
                ttw_g_per_tkm=0.0)
        for link in instance.links
        if link.mode is ROAD and {link.from_place, link.to_place} in ({"A", "B"}, {"A", "T"})
    )  # fmt: skip
    products = tuple(
        replace(p, modes=p.modes | {BATTERY}, group="dear" if p.value_cny_per_t > 5e4 else None)
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


def add(instance: Instance, limit: Limit) -> Instance:
    """Return the instance under one limit more."""
    return replace(instance, limits=(*instance.limits, limit))


def any_stage(rng: random.Random, instance: Instance) -> int:
    """Return the year of some stage."""
    return rng.choice([stage.year for stage in instance.settings.stages])


def policy(rng: random.Random) -> str | None:
    """Return the policy or none."""
    return rng.choice([None, None, POLICY])


def sites_at_least(rng: random.Random, instance: Instance) -> Instance:
    """Ask for one or two centres that may stand."""
    stage = any_stage(rng, instance)
    able = [
        site.id
        for site in instance.sites
        if site.id != "TERM" and site.status is not SiteStatus.CLOSED
        and site.earliest_stage <= stage
    ]  # fmt: skip
    if not able:
        return instance
    number = float(rng.randint(1, len(able)))
    limit = Limit(LimitKind.SITES_AT_LEAST, stage, CONSOLIDATION, number, area="CN")
    return add(instance, limit)


def coverage(rng: random.Random, instance: Instance) -> Instance:
    """Ask for a centre near every city."""
    stage = any_stage(rng, instance)
    hours = rng.choice([0.5, 6.0, 30.0])
    limit = Limit(LimitKind.COVERAGE, stage, CONSOLIDATION, 1.0, area="CN", hours=hours)
    near = {s.place for s in instance.sites if s.status is not SiteStatus.CLOSED
            and s.id != "TERM" and s.earliest_stage <= stage}  # fmt: skip
    return add(instance, limit) if near == {"A", "B"} or (near and hours > 1.0) else instance


def least_use(rng: random.Random, instance: Instance) -> Instance:
    """Ask some centre that may be built to be used."""
    least = rng.choice([300.0, 1500.0, 2900.0])
    here = rng.randrange(len(instance.handling))
    rows = instance.handling
    changed = replace(rows[here], least_t_per_year=least)
    return replace(instance, handling=(*rows[:here], changed, *rows[here + 1 :]))


def one_source(rng: random.Random, instance: Instance) -> Instance:
    """Ask for a single centre for one shipment, or for each destination of daily goods."""
    if rng.random() < 0.5:
        limit = Limit(
            LimitKind.SINGLE_SOURCE, any_stage(rng, instance), CONSOLIDATION, 1.0, goods="FMCG",
            policy=policy(rng),
        )  # fmt: skip
        return add(instance, limit)
    handled = [d for d in instance.demand if instance.product[d.product].chain]
    if not handled:
        return instance
    chosen = rng.choice(handled)
    return replace(
        instance,
        demand=tuple(replace(d, single_source=d is chosen) for d in instance.demand),
    )


def service_level(rng: random.Random, instance: Instance) -> Instance:
    """Promise times, none later than the latest, and ask for a share of them."""

    def promised(shipment: Demand) -> Demand:
        hours = rng.choice([None, 10.0, 20.0, 40.0, 400.0])
        if hours is not None and shipment.latest_h is not None:
            hours = min(hours, shipment.latest_h)
        return replace(shipment, promised_h=hours)

    changed = replace(instance, demand=tuple(map(promised, instance.demand)))
    level = rng.choice([0.1, 0.3, 0.6, 0.9])
    return add(changed, Limit(LimitKind.SERVICE_LEVEL, any_stage(rng, instance), None, level))


def emissions(rng: random.Random, instance: Instance) -> Instance:
    """Cap emissions somewhere around what the shipments could emit."""
    stage = any_stage(rng, instance)
    tonnes = sum(d.demand_t_per_year for d in instance.demand if d.stage == stage)
    cap = round(tonnes * rng.choice([0.005, 0.02, 0.1, 0.4]), 3)
    goods = rng.choice([None, None, "dear"])
    return add(instance, Limit(LimitKind.EMISSIONS_AT_MOST, stage, None, cap, goods=goods))


def mode_share(rng: random.Random, instance: Instance) -> Instance:
    """Ask for a least or a most share of some mode."""
    kind = rng.choice([LimitKind.MODE_SHARE_AT_LEAST, LimitKind.MODE_SHARE_AT_MOST])
    mode = rng.choice([Mode.RAIL, Mode.AIR, ROAD, BATTERY])
    goods = rng.choice([None, "MACH", "dear"])
    limit = Limit(
        kind, any_stage(rng, instance), None, rng.choice([0.0, 0.2, 0.5, 0.8, 1.0]), goods=goods,
        mode=mode, policy=policy(rng),
    )  # fmt: skip
    return add(instance, limit)


def delivery_share(rng: random.Random, instance: Instance) -> Instance:
    """Ask for deliveries by battery truck in a zone or everywhere."""
    limit = Limit(
        LimitKind.DELIVERY_SHARE_AT_LEAST, any_stage(rng, instance), None,
        rng.choice([0.3, 0.7, 1.0]), area=rng.choice([None, "green"]), mode=BATTERY,
    )  # fmt: skip
    return add(instance, limit)


MAKERS = (
    sites_at_least, coverage, least_use, one_source, service_level, emissions, mode_share,
    mode_share, delivery_share,
)  # fmt: skip
