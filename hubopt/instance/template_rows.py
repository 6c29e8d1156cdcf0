"""The rows of the template: three cities, one candidate centre, a train abroad and back.

The figures are round examples for a reader to replace; none is a fact.
"""

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

SOURCE = "example"
YEAR = 2025
TRUCK = Mode.ROAD_DIESEL


def example(name: str = "my-instance") -> Instance:
    """Return the template instance under a name."""
    return Instance(
        settings=Settings(
            name=name,
            title_en="My freight network",
            title_zh="我的货运网络",
            base_year=YEAR,
            stages=(Stage(YEAR, 5), Stage(YEAR + 5, 5)),
            discount_rate=0.08,
            carbon_price_cny_per_t=90.0,
            grid_kg_co2e_per_kwh=0.55,
            home_country="CN",
        ),
        places=places(),
        sites=(
            Site("DC_ZZ", "Zhengzhou centre", "郑州分拨中心", "ZZ", SiteStatus.CANDIDATE, YEAR),
        ),
        handling=(Handling("DC_ZZ", Function.CONSOLIDATION, 30.0, 6.0, 5.0),),
        modules=(Module("DC_ZZ", "standard", 20_000_000.0, 2_000_000.0, 30, 0, 3),),
        capacities=(Capacity("DC_ZZ", "standard", Function.CONSOLIDATION, 30_000.0),),
        links=links(),
        services=(train("TRAIN_OUT", ("PUT", "HAM")), train("TRAIN_BACK", ("HAM", "PUT"))),
        transfers=(
            Transfer("HAM", TRUCK, Mode.RAIL, True, 40.0, 12.0, None, 1.0, 0.5, None),  # noqa: FBT003
            Transfer("PUT", TRUCK, Mode.RAIL, True, 30.0, 12.0, 500_000.0, 1.0, 0.5, None),  # noqa: FBT003
        ),
        customs=(Customs("PUT", Mode.RAIL, 20.0, 8.0),),
        products=products(),
        demand=demand(),
        limits=(Limit(LimitKind.BUDGET, YEAR, None, 100_000_000.0),),
    )


def places() -> tuple[Place, ...]:
    """Return three cities, a rail terminal at either end and a city abroad."""
    terminal = PlaceKind.RAIL_TERMINAL
    rows = (
        ("BER", "Berlin", "柏林", PlaceKind.REGION, "DE", 52.52, 13.4, "Europe"),
        ("HAM", "Hamburg rail terminal", "汉堡铁路场站", terminal, "DE", 53.53, 9.93, "Europe"),
        ("KF", "Kaifeng", "开封", PlaceKind.CITY, "CN", 34.8, 114.31, "Henan"),
        ("LY", "Luoyang", "洛阳", PlaceKind.CITY, "CN", 34.62, 112.45, "Henan"),
        ("PUT", "Putian rail terminal", "圃田铁路场站", terminal, "CN", 34.73, 113.78, "Henan"),
        ("ZZ", "Zhengzhou", "郑州", PlaceKind.CITY, "CN", 34.75, 113.63, "Henan"),
    )  # fmt: skip
    return tuple(Place(*row[:7], Datum.WGS84, row[7]) for row in rows)


def links() -> tuple[Link, ...]:
    """Return roads between the cities and the terminal, and the railway abroad."""
    roads = (
        ("BER", "HAM", 290.0, 4.5),
        ("KF", "ZZ", 75.0, 1.3),
        ("LY", "ZZ", 140.0, 2.3),
        ("PUT", "ZZ", 20.0, 0.5),
    )
    found = [
        Link(
            from_place=a, to_place=b, mode=TRUCK, both_ways=True, access=Access.OPEN,
            distance_km=km, distance_source=SOURCE, cost_cny_per_t=km * 0.4, time_h=hours,
            capacity_t_per_year=None, wtw_g_per_tkm=70.0, ttw_g_per_tkm=55.0,
            emission_source=SOURCE,
        )
        for a, b, km, hours in roads
    ]  # fmt: skip
    found.append(
        Link(
            from_place="PUT", to_place="HAM", mode=Mode.RAIL, both_ways=True,
            access=Access.SCHEDULED, distance_km=10_000.0, distance_source=SOURCE,
            cost_cny_per_t=100.0, time_h=360.0, capacity_t_per_year=None, wtw_g_per_tkm=12.0,
            ttw_g_per_tkm=0.0, emission_source=SOURCE,
        )
    )  # fmt: skip
    return tuple(found)


def train(ident: str, path: tuple[str, ...]) -> Service:
    """Return a block train of up to three departures a week."""
    name, name_zh = (
        ("Train to Hamburg", "去程班列") if path[0] == "PUT" else ("Train back", "回程班列")
    )
    return Service(
        id=ident, name_en=name, name_zh=name_zh, mode=Mode.RAIL, path=path,
        vehicle_class="block_train", payload_t_per_departure=900.0,
        cost_cny_per_departure=2_000_000.0, empty_cost_cny_per_departure=1_000_000.0, wait_h=24.0,
        least_per_week=0, most_per_week=3, weeks_per_year=50, earliest_stage=YEAR,
    )  # fmt: skip


def products() -> tuple[Product, ...]:
    """Return goods that pass a centre by truck, and machines that may take the train."""
    return (
        Product(
            id="DAILY", name_en="daily goods", name_zh="日用品", value_cny_per_t=15_000.0,
            time_cost_share_per_day=0.003, temperature=Temperature.AMBIENT, duty_share=0.0,
            chain=(Function.CONSOLIDATION,), modes=frozenset({TRUCK}), cost_factor=1.0,
            emission_factor=1.0, unserved_cost_cny_per_t=5_000.0,
        ),
        Product(
            id="MACHINES", name_en="machines", name_zh="机械设备", value_cny_per_t=60_000.0,
            time_cost_share_per_day=0.002, temperature=Temperature.AMBIENT, duty_share=0.05,
            chain=(), modes=frozenset({TRUCK, Mode.RAIL}), cost_factor=1.0, emission_factor=1.0,
            unserved_cost_cny_per_t=50_000.0,
        ),
    )  # fmt: skip


def demand() -> tuple[Demand, ...]:
    """Return the shipments of both stages."""
    rows = (
        ("daily-LY-KF", "LY", "KF", "DAILY", 20_000.0, 72.0),
        ("daily-KF-LY", "KF", "LY", "DAILY", 12_000.0, 72.0),
        ("machines-LY-BER", "LY", "BER", "MACHINES", 60_000.0, None),
        ("machines-BER-ZZ", "BER", "ZZ", "MACHINES", 30_000.0, None),
    )
    return tuple(
        Demand(f"{ident}-{year}", a, b, product, year, tonnes * growth, latest)
        for year, growth in ((YEAR, 1.0), (YEAR + 5, 1.5))
        for ident, a, b, product, tonnes, latest in sorted(rows)
    )
