"""Random tangled networks on which routes are compared with those found by trying all."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

from hubopt.instance.tables import (
    Capacity,
    Customs,
    Demand,
    Handling,
    Instance,
    Link,
    Module,
    Product,
    Service,
    Site,
    Transfer,
)
from hubopt.vocabulary import Access, Cargo, Function, Mode, PlaceKind, SiteStatus, Temperature
from tests.tiny import link, place, tiny

ROAD, BATTERY, RAIL, SEA = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL, Mode.SEA
CONSOLIDATION, BONDED = Function.CONSOLIDATION, Function.BONDED
PLACES = ("A", "B", "C", "D", "X", "Y")


def random_network(seed: int) -> Instance:
    """Return six places, two abroad, joined by roads, open rail, trains and ships at random.

    Costs and times are drawn apart, so that the cheapest way is seldom the fastest.
    """
    rng = random.Random(seed)
    places = tuple(
        place(name, PlaceKind.CITY, "DE" if name in "XY" else "CN", 30.0 + k, 110.0 + k)
        for k, name in enumerate(PLACES)
    )
    sites = tuple(
        Site(f"S{k}", f"S{k}", f"S{k}", rng.choice(PLACES[:4]), rng.choice(list(SiteStatus)), 2025)
        for k in range(4)
    )
    functions = (CONSOLIDATION, CONSOLIDATION, BONDED, Function.TRANSFER)
    services = random_services(rng)
    return replace(
        tiny(),
        settings=replace(tiny().settings, name=f"network-{seed}"),
        places=places,
        sites=sites,
        handling=tuple(
            Handling(s.id, f, rng.randint(5, 90), rng.randint(1, 30), rng.randint(0, 9))
            for s, f in zip(sites[:3], functions[:3], strict=True)
        ),
        modules=tuple(Module(s.id, "one", 1e6, 1e5, 20, 1, 2) for s in sites),
        capacities=tuple(
            Capacity(s.id, "one", f, rng.choice([None, 5_000.0, 5_000.0]))
            for s, f in zip(sites, functions, strict=True)
        ),
        links=random_links(rng, services),
        services=services,
        transfers=random_transfers(rng),
        customs=tuple(
            Customs(name, mode, rng.randint(5, 90), rng.randint(1, 20))
            for name in PLACES[:4]
            for mode in (ROAD, RAIL, SEA)
            if rng.random() < 0.6
        ),
        products=random_products(rng),
        demand=tuple(
            Demand(f"D{k}", *rng.sample(PLACES, 2), f"P{k % 4}", 2025, 100.0, latest)
            for k, latest in enumerate([None, None, None, None, 60.0, 90.0, 120.0, 80.0])
        ),
        limits=(),
    )


def random_services(rng: random.Random) -> tuple[Service, ...]:
    """Return two trains and a ship, the first with three stops."""
    paths = (rng.sample(PLACES, 3), rng.sample(PLACES, 2), rng.sample(PLACES, 2))
    return tuple(
        Service(
            f"V{k}", f"V{k}", f"V{k}", mode, tuple(path), mode.value,
            rng.choice([50.0, 500.0]), 1e5, 6e4, rng.randint(0, 20), 0, 7, 52, 2025,
            rng.choice([frozenset(Cargo), frozenset({Cargo.BULK})]),
        )
        for k, (mode, path) in enumerate(zip((RAIL, RAIL, SEA), paths, strict=True))
    )  # fmt: skip


def random_links(rng: random.Random, services: tuple[Service, ...]) -> tuple[Link, ...]:
    """Return a link for each leg of a service, and open roads and railways at random."""
    keys = {
        (a, b, s.mode): Access.SCHEDULED for s in services for a, b in itertools.pairwise(s.path)
    }
    for mode, share in ((ROAD, 0.4), (BATTERY, 0.25), (RAIL, 0.12)):
        for a, b in itertools.permutations(PLACES, 2):
            if rng.random() < share and (b, a, mode) not in keys:
                keys.setdefault((a, b, mode), Access.OPEN)
    return tuple(
        link(
            a, b, mode, rng.randint(50, 900), rng.randint(5, 300), rng.randint(1, 40),
            access=access, both_ways=rng.random() < 0.6,
            capacity_t_per_year=rng.choice([None, None, 150.0]),
        )
        for (a, b, mode), access in sorted(keys.items())
    )  # fmt: skip


def random_transfers(rng: random.Random) -> tuple[Transfer, ...]:
    """Return changes of mode at random, some of them at a site."""
    pairs = ((ROAD, RAIL), (ROAD, SEA), (RAIL, SEA), (BATTERY, RAIL), (ROAD, BATTERY))
    return tuple(
        Transfer(
            name, a, b, rng.random() < 0.7, rng.randint(5, 90), rng.randint(1, 20), None,
            1.0, 0.5, rng.choice([None, None, "S3"]),
        )
        for name in PLACES
        for a, b in pairs
        if rng.random() < 0.4
    )  # fmt: skip


def random_products(rng: random.Random) -> tuple[Product, ...]:
    """Return goods with and without a handling chain, one of them without trucks."""
    everything = frozenset({ROAD, BATTERY, RAIL, SEA})
    choices = (
        ((), everything),
        ((CONSOLIDATION,), everything - {BATTERY}),
        ((BONDED, CONSOLIDATION), frozenset({ROAD, RAIL})),
        ((), frozenset({RAIL, SEA})),
    )
    return tuple(
        Product(
            f"P{k}", f"P{k}", f"P{k}", rng.choice([1e3, 1e6]), 0.004, Temperature.AMBIENT,
            0.1, chain, modes, 1.1, 1.2, 1e9, rng.choice(list(Cargo)), rng.choice([1.0, 2.5]),
        )
        for k, (chain, modes) in enumerate(choices)
    )  # fmt: skip
