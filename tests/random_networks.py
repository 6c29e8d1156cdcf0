"""Random tangled networks on which routes are compared with those found by trying all."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

from hubopt.errors import InputError
from hubopt.instance.distance import straight_km
from hubopt.instance.tables import (
    Capacity,
    Customs,
    Demand,
    Handling,
    Instance,
    Link,
    Module,
    Place,
    Product,
    Service,
    Site,
    Transfer,
    Vehicle,
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
    links = random_links(rng, services, {p.id: p for p in places})
    demand = tuple(
        Demand(f"D{k}", *rng.sample(PLACES, 2), f"P{k % 4}", 2025, 100.0, latest)
        for k, latest in enumerate([None, None, None, None, 60.0, 90.0, 120.0, 80.0])
    )
    battery = random.Random(f"batteries of {seed}")
    links = charged(battery, links, sites[3])
    return with_ways(
        tiny(),
        demand,
        settings=replace(tiny().settings, name=f"network-{seed}"),
        places=places,
        sites=sites,
        handling=tuple(
            Handling(s.id, f, rng.randint(5, 90), rng.randint(1, 30), rng.randint(0, 9))
            for s, f in zip(sites[:3], functions[:3], strict=True)
        ),
        modules=tuple(
            Module(s.id, "one", 1e6, 1e5, 20, int(s.status is SiteStatus.EXISTING), 2)
            for s in sites
        ),
        capacities=(
            *(
                Capacity(s.id, "one", f, rng.choice([None, 5_000.0, 5_000.0]))
                for s, f in zip(sites, functions, strict=True)
            ),
            Capacity("S3", "one", Function.CHARGING, battery.choice([None, 80.0])),
        ),
        vehicles=(Vehicle(BATTERY, battery.choice([None, 800.0, 1500.0]), 0.9, 0.001),),
        links=links,
        services=services,
        transfers=random_transfers(rng, links, sites[3]),
        customs=tuple(
            Customs(name, mode, rng.randint(5, 90), rng.randint(1, 20))
            for name in PLACES[:4]
            for mode in (ROAD, RAIL, SEA)
            if rng.random() < 0.6
        ),
        products=random_products(rng),
        limits=(),
    )


def with_ways(base: Instance, demand: tuple[Demand, ...], **tables: object) -> Instance:
    """Return an instance with those shipments that have some way to their destination."""
    try:
        return replace(base, demand=demand, **tables)  # type: ignore[arg-type]
    except InputError as error:
        lost = {f.row for f in error.findings if f.code in {"NET02", "NET15"}}
        if len(lost) < len(error.findings):
            raise
    some = tuple(row for here, row in enumerate(demand, start=2) if here not in lost)
    return replace(base, demand=some, **tables)  # type: ignore[arg-type]


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


def random_links(
    rng: random.Random, services: tuple[Service, ...], at: dict[str, Place]
) -> tuple[Link, ...]:
    """Return a link for each leg of a service, and open roads and railways at random."""
    keys = {
        (a, b, s.mode): Access.SCHEDULED for s in services for a, b in itertools.pairwise(s.path)
    }
    for mode, share in ((ROAD, 0.4), (BATTERY, 0.25), (RAIL, 0.12)):
        for a, b in itertools.permutations(PLACES, 2):
            if rng.random() < share and (b, a, mode) not in keys:
                keys.setdefault((a, b, mode), Access.OPEN)
    return tuple(
        random_link(rng, key, at, access=access, alone=(key[1], key[0], key[2]) not in keys)
        for key, access in sorted(keys.items())
    )


def random_link(
    rng: random.Random,
    key: tuple[str, str, Mode],
    at: dict[str, Place],
    *,
    access: Access,
    alone: bool,
) -> Link:
    """Return a link of a possible length and speed; both ways only if the other is not there."""
    a, b, mode = key
    km = round(straight_km(at[a], at[b]) * rng.uniform(1.0, 3.0)) + 1
    hours = km / rng.randint(10, 70)
    both_ways = rng.random() < 0.6 and alone
    cost, most = rng.randint(5, 300), rng.choice([None, None, 60.0])
    return link(
        a, b, mode, km, cost, round(hours, 2),
        access=access, both_ways=both_ways, capacity_t_per_year=most,
    )  # fmt: skip


def charged(rng: random.Random, links: tuple[Link, ...], site: Site) -> tuple[Link, ...]:
    """Return the links, on half of whose battery roads to a site trucks charge there."""
    found = []
    for row in links:
        near = row.mode is BATTERY and site.place in {row.from_place, row.to_place}
        wired = near and rng.random() < 0.8
        found.append(replace(row, charging_site=site.id) if wired else row)
    return tuple(found)


def random_transfers(
    rng: random.Random, links: tuple[Link, ...], terminal: Site
) -> tuple[Transfer, ...]:
    """Return changes between modes that are there, at random, some of them at a site."""
    pairs = ((ROAD, RAIL), (ROAD, SEA), (RAIL, SEA), (BATTERY, RAIL), (ROAD, BATTERY))
    served = {(end, k.mode) for k in links for end in (k.from_place, k.to_place)}
    return tuple(
        Transfer(
            name, a, b, rng.random() < 0.7, rng.randint(5, 90), rng.randint(1, 20), None,
            1.0, 0.5, terminal.id if terminal.place == name and rng.random() < 0.6 else None,
        )
        for name in PLACES
        for a, b in pairs
        if {(name, a), (name, b)} <= served and rng.random() < 0.7
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
