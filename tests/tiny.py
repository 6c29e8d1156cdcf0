"""A seven-place instance that a person can draw, used by many tests; every feature once."""

from __future__ import annotations

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
    Datum,
    Function,
    LimitKind,
    Mode,
    PlaceKind,
    SiteStatus,
    Temperature,
)

ROAD, BATTERY, RAIL, AIR = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL, Mode.AIR
CENTRE = Function.CONSOLIDATION


def place(ident: str, kind: PlaceKind, country: str, lat: float, lon: float) -> Place:
    """Return a place whose names are its id."""
    return Place(ident, ident, ident, kind, country, lat, lon, Datum.WGS84, country)


def link(a: str, b: str, mode: Mode, km: float, cost: float, hours: float, **kw: object) -> Link:
    """Return a two-way link, open unless said otherwise."""
    values: dict[str, object] = {
        "both_ways": True,
        "access": Access.OPEN,
        "distance_source": "test",
        "capacity_t_per_year": None,
        "wtw_g_per_tkm": 70.0,
        "ttw_g_per_tkm": 55.0,
        "emission_source": "test",
    }
    values.update(kw)
    return Link(a, b, mode, distance_km=km, cost_cny_per_t=cost, time_h=hours, **values)  # type: ignore[arg-type]


def service(ident: str, mode: Mode, path: tuple[str, ...], payload: float, cost: float) -> Service:
    """Return a service of up to seven departures a week."""
    return Service(
        ident,
        ident,
        ident,
        mode,
        path,
        f"{mode.value}_set",
        payload,
        cost,
        cost * 0.6,
        12.0,
        0,
        7,
        52,
        2025,
    )


def places() -> tuple[Place, ...]:
    """Return A and B at home with terminal T and airport P; abroad region R, rail end E, airport Q."""
    return (
        place("A", PlaceKind.CITY, "CN", 34.7, 113.6),
        place("B", PlaceKind.CITY, "CN", 34.6, 112.4),
        place("E", PlaceKind.RAIL_TERMINAL, "DE", 53.5, 10.1),
        place("P", PlaceKind.AIRPORT, "CN", 34.5, 113.8),
        place("Q", PlaceKind.AIRPORT, "DE", 50.0, 8.5),
        place("R", PlaceKind.REGION, "DE", 50.1, 8.7),
        place("T", PlaceKind.RAIL_TERMINAL, "CN", 34.73, 113.8),
    )


def sites() -> tuple[Site, ...]:
    """Return a centre that stands, one that may be built, and a terminal that may."""
    return (
        Site("DC_A", "DC A", "郑州中心", "A", SiteStatus.EXISTING, 2025),
        Site("DC_B", "DC B", "洛阳中心", "B", SiteStatus.CANDIDATE, 2025),
        Site("TERM_T", "Terminal T", "铁路站", "T", SiteStatus.CANDIDATE, 2025),
    )


def modules() -> tuple[Module, ...]:
    """Return the sizes of the sites."""
    return (
        Module("DC_A", "large", 8e6, 9e5, 30, 0, 2),
        Module("DC_A", "small", 3e6, 4e5, 30, 1, 2),
        Module("DC_B", "small", 2e6, 3e5, 30, 0, 2),
        Module("TERM_T", "yard", 5e6, 5e5, 30, 0, 1),
    )


def capacities() -> tuple[Capacity, ...]:
    """Return what each size can do."""
    return (
        Capacity("DC_A", "large", CENTRE, 50_000.0),
        Capacity("DC_A", "small", CENTRE, 15_000.0),
        Capacity("DC_B", "small", CENTRE, 20_000.0),
        Capacity("TERM_T", "yard", Function.TRANSFER, 40_000.0),
    )


def links() -> tuple[Link, ...]:
    """Return roads, one of them narrow, a railway and an air lane."""
    aboard = Access.SCHEDULED
    return (
        link("A", "B", ROAD, 130.0, 50.0, 2.0),
        link("A", "B", BATTERY, 130.0, 48.0, 2.2, wtw_g_per_tkm=40.0, ttw_g_per_tkm=0.0),
        link("A", "P", ROAD, 35.0, 15.0, 0.8),
        link("A", "T", ROAD, 20.0, 10.0, 0.5, capacity_t_per_year=60_000.0),
        link("B", "T", ROAD, 140.0, 55.0, 2.2),
        link("E", "R", ROAD, 400.0, 300.0, 8.0),
        link(
            "P",
            "Q",
            AIR,
            8700.0,
            200.0,
            11.5,
            access=aboard,
            wtw_g_per_tkm=790.0,
            ttw_g_per_tkm=650.0,
        ),
        link("Q", "R", ROAD, 30.0, 40.0, 1.0),
        link(
            "T",
            "E",
            RAIL,
            10000.0,
            100.0,
            330.0,
            access=aboard,
            wtw_g_per_tkm=12.0,
            ttw_g_per_tkm=0.0,
        ),
    )


def services() -> tuple[Service, ...]:
    """Return a flight and a train, out and back."""
    return (
        service("AIR_BACK", AIR, ("Q", "P"), 100.0, 1_200_000.0),
        service("AIR_OUT", AIR, ("P", "Q"), 100.0, 2_000_000.0),
        service("RAIL_BACK", RAIL, ("E", "T"), 800.0, 1_500_000.0),
        service("RAIL_OUT", RAIL, ("T", "E"), 900.0, 2_500_000.0),
    )


def transfers() -> tuple[Transfer, ...]:
    """Return where the mode changes."""
    return (
        Transfer("E", RAIL, ROAD, True, 40.0, 12.0, None, 1.0, 0.5, None),
        Transfer("P", ROAD, AIR, True, 800.0, 24.0, 30_000.0, 5.0, 1.0, None),
        Transfer("Q", AIR, ROAD, True, 900.0, 24.0, None, 5.0, 1.0, None),
        Transfer("T", ROAD, RAIL, True, 30.0, 12.0, None, 1.0, 0.5, "TERM_T"),
    )


def products() -> tuple[Product, ...]:
    """Return goods that stay, machines, phones in a hurry, and imports."""
    road, ambient = frozenset({ROAD, BATTERY}), Temperature.AMBIENT
    far = road | {RAIL, AIR}
    return (
        Product("FMCG", "daily goods", "快消品", 15_000.0, 0.003, ambient, 0.0, (CENTRE,), road, 1.0, 1.0, 3_000.0),
        Product("MACH", "machinery", "机械", 60_000.0, 0.004, ambient, 0.0, (), far, 1.0, 1.0, 60_000.0),
        Product("PHONE", "phones", "手机", 7_000_000.0, 0.015, ambient, 0.0, (CENTRE,), far, 1.0, 1.0, 400_000.0),
        Product("WINE", "wine", "葡萄酒", 100_000.0, 0.004, ambient, 0.1, (), far, 1.1, 1.0, 50_000.0),
    )  # fmt: skip


def demand() -> tuple[Demand, ...]:
    """Return six shipments in each stage, half as much again in the second."""
    rows = [
        Demand(f"{p}_{o}_{d}_{year}", o, d, p, year, tonnes * growth, latest)
        for year, growth in ((2025, 1.0), (2030, 1.5))
        for o, d, p, tonnes, latest in (
            ("A", "B", "FMCG", 8_000.0, None),
            ("A", "R", "MACH", 20_000.0, None),
            ("A", "R", "PHONE", 900.0, 168.0),
            ("B", "A", "FMCG", 12_000.0, 48.0),
            ("B", "R", "MACH", 7_000.0, 1_000.0),
            ("R", "A", "WINE", 10_000.0, None),
        )
    ]
    return tuple(sorted(rows, key=lambda row: row.id))


def tiny() -> Instance:
    """Return the instance."""
    stages = (Stage(2025, 5), Stage(2030, 5))
    return Instance(
        settings=Settings("tiny", "Tiny", "小例", 2025, stages, 0.08, 96.0, 0.54, "CN", 10),
        places=places(),
        sites=sites(),
        handling=(
            Handling("DC_A", CENTRE, 30.0, 6.0, 5.0),
            Handling("DC_B", CENTRE, 20.0, 5.0, 4.0),
        ),
        modules=modules(),
        capacities=capacities(),
        links=links(),
        services=services(),
        transfers=transfers(),
        customs=(Customs("P", AIR, 50.0, 6.0), Customs("T", RAIL, 20.0, 8.0)),
        products=products(),
        demand=demand(),
        limits=(
            Limit(LimitKind.BUDGET, 2025, None, 2e7),
            Limit(LimitKind.SITES_AT_MOST, 2030, CENTRE, 2.0),
        ),
    )
