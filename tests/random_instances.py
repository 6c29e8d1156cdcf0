"""Random tiny instances that between them use every constraint; same seed, same rows."""

from __future__ import annotations

import random
from dataclasses import replace

from hubopt.instance.tables import (
    Capacity,
    Customs,
    Demand,
    Handling,
    Instance,
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
)
from hubopt.vocabulary import (
    Access,
    Cargo,
    Datum,
    Function,
    LimitKind,
    Mode,
    PlaceKind,
    SiteStatus,
    Temperature,
)
from tests.random_features import featured

ROAD, RAIL, AIR = Mode.ROAD_DIESEL, Mode.RAIL, Mode.AIR
INFEASIBLE = 3
CONSOLIDATION, TRANSFER = Function.CONSOLIDATION, Function.TRANSFER


def random_instance(seed: int) -> Instance:
    """Return a bare instance with features of routes at random."""
    return featured(seed, bare_instance(seed))


def bare_instance(seed: int) -> Instance:
    """Return cities A and B, terminal T, and abroad a terminal E with region R, at random sizes."""
    rng = random.Random(seed)
    stages = (Stage(2025, 5),) if rng.random() < 0.4 else (Stage(2025, 5), Stage(2030, 4))
    years = [stage.year for stage in stages]
    sites, modules, capacities = random_sites(rng, years)
    return Instance(
        settings=Settings(
            f"random-{seed}", "Random", "随机", 2025, stages, rng.choice([0.0, 0.08]),
            rng.choice([0.0, 96.0]), 0.54, "CN", 200, 0.0, 60.0,
        ),
        places=(
            Place("A", "A", "甲", PlaceKind.CITY, "CN", 34.7, 113.6, Datum.WGS84, "CN"),
            Place("B", "B", "乙", PlaceKind.CITY, "CN", 34.6, 112.4, Datum.WGS84, "CN"),
            Place("E", "E", "戊", PlaceKind.RAIL_TERMINAL, "DE", 53.5, 10.1, Datum.WGS84, "DE"),
            Place("R", "R", "己", PlaceKind.REGION, "DE", 50.1, 8.7, Datum.WGS84, "DE"),
            Place("T", "T", "丁", PlaceKind.RAIL_TERMINAL, "CN", 34.73, 113.8, Datum.WGS84, "CN"),
        ),
        sites=sites,
        handling=(
            Handling("DC_A", CONSOLIDATION, rng.randint(10, 60), 6.0, 5.0),
            Handling("DC_B", CONSOLIDATION, rng.randint(10, 60), 5.0, 4.0),
        ),
        modules=modules,
        capacities=capacities,
        links=random_links(rng),
        services=strayed(seed, random_services(rng, years)),
        transfers=(
            Transfer("E", RAIL, ROAD, True, 40.0, 12.0, None, 1.0, 0.5, None),
            Transfer("T", ROAD, AIR, True, 400.0, 6.0, rng.choice([None, 1200.0]), 1.0, 0.5, None),
            Transfer("T", ROAD, RAIL, True, 30.0, 12.0, rng.choice([None, 9000.0]), 1.0, 0.5, "TERM"),
            Transfer("R", ROAD, AIR, True, 400.0, 6.0, None, 1.0, 0.5, None),
        ),
        customs=(Customs("T", AIR, 60.0, 4.0), Customs("T", RAIL, 20.0, 8.0)),
        products=random_products(rng),
        demand=random_demand(rng, years),
        limits=tuple(roomy(limit, sites, modules) for limit in random_limits(rng, years)),
    )  # fmt: skip


def random_sites(
    rng: random.Random, years: list[int]
) -> tuple[tuple[Site, ...], tuple[Module, ...], tuple[Capacity, ...]]:
    """Return two centres and a terminal, in a random status each."""
    statuses = [SiteStatus.CANDIDATE] * 4 + [SiteStatus.EXISTING] * 2
    statuses += [SiteStatus.REQUIRED, SiteStatus.CLOSED]
    sites, modules, capacities = [], [], []
    for ident, place, function in (
        ("DC_A", "A", CONSOLIDATION),
        ("DC_B", "B", CONSOLIDATION),
        ("TERM", "T", TRANSFER),
    ):
        status = rng.choice(statuses)
        sites.append(Site(ident, ident, ident, place, status, rng.choice([years[0], years[-1]])))
        built = 1 if status is SiteStatus.EXISTING else 0
        most = max(built, rng.choice([1, 1, 2]))
        cost, fixed = rng.randint(5, 60) * 1e5, rng.randint(1, 9) * 1e5
        modules.append(Module(ident, "small", cost, fixed, 20, built, most))
        size = rng.choice([None, 3000.0, 6000.0, 9000.0])
        capacities.append(Capacity(ident, "small", function, size))
    return tuple(sites), tuple(modules), tuple(capacities)


def random_links(rng: random.Random) -> tuple[Link, ...]:
    """Return roads, a railway and an air lane; one road may be narrow."""
    rows = (
        ("A", "B", ROAD, 130.0, 50.0, 2.0, rng.choice([None, 4000.0])),
        ("A", "T", ROAD, 25.0, 12.0, 0.5, rng.choice([None, 8000.0])),
        ("B", "T", ROAD, 150.0, 60.0, 2.5, None),
        ("E", "R", ROAD, 450.0, rng.choice([100.0, 300.0]), 8.0, None),
        ("T", "E", RAIL, 10000.0, 100.0, 330.0, None),
        ("T", "R", AIR, 8700.0, 500.0, 12.0, None),
    )
    return tuple(
        Link(
            a, b, mode, True, Access.OPEN if mode is ROAD else Access.SCHEDULED, km, "test", cost,
            hours, most, 70.0, 50.0, "test",
        )
        for a, b, mode, km, cost, hours, most in rows
    )  # fmt: skip


def random_services(rng: random.Random, years: list[int]) -> tuple[Service, ...]:
    """Return a train out and back, and sometimes a flight out and back."""
    late = rng.choice([years[0], years[0], years[-1]])
    least = rng.choice([0, 0, 1])
    train, plane = rng.randint(3, 30) * 1e5, rng.randint(3, 20) * 1e5
    rows = [
        ("RAIL_BACK", RAIL, ("E", "T"), 60.0, train, 0, 2, years[0]),
        ("RAIL_OUT", RAIL, ("T", "E"), 80.0, train, least, 2, late),
    ]
    if rng.random() < 0.5:
        rows += [
            ("AIR_BACK", AIR, ("R", "T"), 20.0, plane, 0, 1, years[0]),
            ("AIR_OUT", AIR, ("T", "R"), 20.0, plane, 0, 1, years[0]),
        ]
    container = frozenset({Cargo.CONTAINER})
    return tuple(
        Service(
            i,
            i,
            i,
            mode,
            path,
            mode.value,
            load,
            cost,
            cost * 0.6,
            12.0,
            few,
            many,
            50,
            year,
            frozenset(Cargo) if mode is RAIL else container,
        )
        for i, mode, path, load, cost, few, many, year in sorted(rows)
    )


def strayed(seed: int, services: tuple[Service, ...]) -> tuple[Service, ...]:
    """Return services, of which now and then one is of a class that never gets its vehicles back.

    Such a train cannot run, and the instance is infeasible where it must.
    """
    if seed % 8 != INFEASIBLE:
        return services
    return tuple(replace(s, vehicle_class="lost") if s.id == "RAIL_BACK" else s for s in services)


def random_products(rng: random.Random) -> tuple[Product, ...]:
    """Return goods that are handled at home, goods that travel, and dear goods in a hurry."""
    road = frozenset({ROAD})
    unserved = rng.choice([600.0, 5_000.0, 50_000.0])
    ambient = Temperature.AMBIENT
    return (
        Product("FMCG", "daily goods", "快消品", 15_000.0, 0.003, ambient, 0.0, (CONSOLIDATION,), road, 1.0, 1.0, rng.choice([60.0, 900.0, 3_000.0])),
        Product("MACH", "machinery", "机械", 60_000.0, 0.004, ambient, 0.0, (), road | {RAIL, AIR}, 1.0, 1.0, unserved, Cargo.CONTAINER, rng.choice([1.0, 1.0, 1.6])),
        Product("WINE", "wine", "葡萄酒", 100_000.0, 0.004, ambient, 0.1, (CONSOLIDATION,), road | {RAIL, AIR}, 1.1, 1.2, 60_000.0, rng.choice(list(Cargo))),
    )  # fmt: skip


def random_demand(rng: random.Random, years: list[int]) -> tuple[Demand, ...]:
    """Return two to four shipments in every stage."""
    kinds = [
        ("A", "B", "FMCG", 4_000.0, None),
        ("B", "A", "FMCG", 5_000.0, 24.0),
        ("A", "R", "MACH", 5_000.0, rng.choice([None, 200.0])),
        ("B", "R", "MACH", 900.0, None),
        ("R", "A", "WINE", 3_000.0, None),
    ]
    chosen = sorted(rng.sample(kinds, rng.randint(2, 4)))
    rows = [
        Demand(f"{p}_{o}_{d}_{year}", o, d, p, year, tonnes * rng.choice([0.5, 1.0, 1.7]), latest)
        for year in years
        for o, d, p, tonnes, latest in chosen
    ]
    return tuple(sorted(rows, key=lambda row: row.id))


def roomy(limit: Limit, sites: tuple[Site, ...], modules: tuple[Module, ...]) -> Limit:
    """Return a limit raised to what must stand or be built whatever the plan."""
    built = {module.site for module in modules if module.built}
    due = [
        site
        for site in sites
        if site.status is SiteStatus.REQUIRED and site.earliest_stage <= limit.stage
    ]
    if limit.kind is LimitKind.SITES_AT_MOST:
        counted = {"DC_A", "DC_B"} if limit.function is CONSOLIDATION else {"TERM"}
        counted = counted if limit.function else {site.id for site in sites}
        sure = {site.id for site in due} | built
        return replace(limit, value=max(limit.value, float(len(sure & counted))))
    new = {s.id for s in due if s.earliest_stage == limit.stage and s.id not in built}
    least = sum(module.build_cost_cny for module in modules if module.site in new)
    return replace(limit, value=max(limit.value, least))


def random_limits(rng: random.Random, years: list[int]) -> tuple[Limit, ...]:
    """Return a budget or a number of sites, or both, or none."""
    found = []
    if rng.random() < 0.4:
        found.append(Limit(LimitKind.BUDGET, years[-1], None, rng.randint(20, 90) * 1e5))
    if rng.random() < 0.4:
        function = rng.choice([None, CONSOLIDATION, TRANSFER])
        found.append(Limit(LimitKind.SITES_AT_MOST, years[0], function, rng.choice([1.0, 2.0])))
    return tuple(found)
