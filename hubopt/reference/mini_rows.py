"""Links, services, transfers, products and shipments of `zhengzhou-mini`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.tables import Demand, Link, Product, Service, Transfer
from hubopt.vocabulary import Access, Cargo, Function, Mode, Temperature

if TYPE_CHECKING:
    from hubopt.reference.mini import Facts

DIESEL, BATTERY, RAIL = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL
AIR, SEA, BARGE = Mode.AIR, Mode.SEA, Mode.BARGE
USD_CNY = 7.12
"""Mean of 2024."""
BOXES_PER_TRAIN = 50
"""Forty-foot boxes on a China-Europe train; the same number stands for a weekly block at sea."""
EMPTY = 0.6
"""An empty run against a loaded one: an assumption."""
TTW_SHARE = 0.8
"""Tank-to-wheel share of a fossil fuel's well-to-wheel emissions: an assumption."""
EUROPE, HAMBURG, SHOP = "REG_EU_NW", "HAMBURG_R", "SHOP_ZZ"
LOADS = {
    "freighter": frozenset(Cargo),
    "cre_set": frozenset({Cargo.CONTAINER, Cargo.REEFER}),
    "port_set": frozenset({Cargo.CONTAINER, Cargo.BULK}),
    "slot_block": frozenset({Cargo.CONTAINER, Cargo.BULK}),
}
"""How goods may be loaded, by class of vehicle."""


def links(facts: Facts) -> tuple[Link, ...]:
    """Return roads by diesel and battery, rails, the sea lane, the river and the air lane."""
    found = []
    for (a, b), km in facts.road_km.items():
        found += [road(facts, a, b, km, battery=False), road(facts, a, b, km, battery=True)]
    found.append(road(facts, HAMBURG, EUROPE, facts.inland_km, battery=False))
    osm, lane = (
        "OpenStreetMap rail graph (ODbL), data/osm",
        "searoute, via Suez, data/sea_routes.csv",
    )
    rail_g = facts.figure["rail_electric_cn", "GHG"]
    sea_g = facts.figure["sea", "GHG large container ship"]
    air_g = facts.figure["air_freighter", "GHG WTW long-haul"]
    barge_g = facts.figure["barge", "GHG"]
    port_km = facts.rail_km["PUT", "CNLYG"]
    river = facts.barge_km
    found += [
        scheduled("PUT", "CNLYG", RAIL, port_km, osm, 20.0, 18.0, rail_g, 0.0),
        scheduled("PUT", HAMBURG, RAIL, facts.europe_km, osm, 60.0, 336.0, rail_g, 0.0),
        scheduled("CNLYG", HAMBURG, SEA, facts.sea_km, lane, 100.0, 720.0, sea_g, TTW_SHARE),
        scheduled("CGO", HAMBURG, AIR, facts.air_km, "great circle x 1.08", 100.0, 11.5, air_g, TTW_SHARE),
        Link(
            "ZKP_F", "CNLYG", BARGE, True, Access.OPEN, river, "data/links.csv, unverified",
            round(river * facts.figure["barge", "line-haul"], 1), 144.0, 2_000_000.0, barge_g,
            round(barge_g * TTW_SHARE, 2), "data/mode_parameters.csv",
        ),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda link: (link.from_place, link.to_place, link.mode)))


def road(facts: Facts, a: str, b: str, km: float, *, battery: bool) -> Link:
    """Return a road for one kind of truck."""
    price = facts.figure["road_ftl_diesel", "line-haul price"]
    ratio = facts.figure["road_bev", "cost vs diesel"] if battery else 1.0
    speed = facts.figure["road", "average speed door-door"]
    wtw = 0.0 if battery else facts.figure["road_diesel", "GHG WTW"]
    guessed = a == HAMBURG or b == SHOP
    return Link(
        a, b, BATTERY if battery else DIESEL, True, Access.OPEN, km,
        "great circle x 1.2" if guessed else "OpenStreetMap highway graph (ODbL), data/osm", round(km * price * ratio, 2),
        round(km / speed, 2), 400_000.0 if (a, b) == ("ZHENGZHOU", "PUT") else None, wtw,
        round(wtw * TTW_SHARE, 2), "data/mode_parameters.csv",
        facts.battery_kwh_per_tkm if battery else 0.0,
        "DC_LY" if battery and b == "LUOYANG" else None,
    )  # fmt: skip


def scheduled(
    a: str,
    b: str,
    mode: Mode,
    km: float,
    source: str,
    cost: float,
    hours: float,
    wtw: float,
    ttw: float,
) -> Link:
    """Return a link that only services use."""
    return Link(
        a, b, mode, True, Access.SCHEDULED, km, source, cost, hours, None, wtw,
        round(wtw * ttw, 2), "data/mode_parameters.csv",
    )  # fmt: skip


def services(facts: Facts) -> tuple[Service, ...]:
    """Return trains, flights and sailings, out and back."""
    train = round(facts.figure["cre", "Zhengzhou-Hamburg all-in"] * USD_CNY * BOXES_PER_TRAIN, -3)
    ship = facts.figure["sea_fcl", "Shanghai-Rotterdam spot"] * USD_CNY * BOXES_PER_TRAIN
    back = facts.figure["sea_fcl", "Rotterdam-Shanghai backhaul"] * USD_CNY * BOXES_PER_TRAIN
    plane = facts.figure["air_freighter", "payload B747-400F / 777F"]
    fly_out = facts.figure["air_freighter", "Zhengzhou/Shanghai-Europe"] * USD_CNY * plane * 1000
    fly_back = facts.figure["air_freighter", "backhaul Europe-China"] * USD_CNY * plane * 1000
    port = 180_000.0
    return (
        service("AIR_BACK", "Flight from Europe", "欧洲进港航班", AIR, (HAMBURG, "CGO"), "freighter", plane, fly_back, 10.0, (0, 14)),
        service("AIR_OUT", "Flight to Europe", "欧洲出港航班", AIR, ("CGO", HAMBURG), "freighter", plane, fly_out, 10.0, (0, 14)),
        service("BRIDGE", "Land-bridge train", "陆桥班列", RAIL, ("CNLYG", "PUT", HAMBURG), "cre_set", 895.0, train + port, 48.0, (0, 2), 2030),
        service("BRIDGE_BACK", "Land-bridge train, back", "陆桥班列回程", RAIL, (HAMBURG, "PUT", "CNLYG"), "cre_set", 895.0, round(train * 0.55, -3) + port, 60.0, (0, 2), 2030),
        service("CRE_BACK", "China-Europe train, back", "中欧班列回程", RAIL, (HAMBURG, "PUT"), "cre_set", 895.0, round(train * 0.55, -3), 60.0, (0, 7)),
        service("CRE_OUT", "China-Europe train, out", "中欧班列去程", RAIL, ("PUT", HAMBURG), "cre_set", 895.0, train, 48.0, (1, 7)),
        service("PORT_BACK", "Train from the port", "海铁联运回程", RAIL, ("CNLYG", "PUT"), "port_set", 1000.0, port, 24.0, (0, 7)),
        service("PORT_OUT", "Train to the port", "海铁联运去程", RAIL, ("PUT", "CNLYG"), "port_set", 1000.0, port, 24.0, (0, 7)),
        service("SEA_BACK", "Sailing from Europe", "欧洲回程航班轮", SEA, (HAMBURG, "CNLYG"), "slot_block", 1000.0, round(back, -3), 84.0, (0, 7)),
        service("SEA_OUT", "Sailing to Europe", "欧洲去程航班轮", SEA, ("CNLYG", HAMBURG), "slot_block", 1000.0, round(ship, -3), 84.0, (0, 7)),
    )  # fmt: skip


def service(
    ident: str, en: str, zh: str, mode: Mode, path: tuple[str, ...], vehicle: str, payload: float,
    cost: float, wait: float, week: tuple[int, int], earliest: int = 2025,
) -> Service:  # fmt: skip
    """Return one service of a vehicle class."""
    return Service(
        ident, en, zh, mode, path, vehicle, payload, round(cost, 0), round(cost * EMPTY, 0), wait,
        week[0], week[1], 50, earliest, LOADS[vehicle],
    )  # fmt: skip


def transfers() -> tuple[Transfer, ...]:
    """Return where and at what price the mode changes."""
    found = [
        Transfer("CNLYG", RAIL, SEA, True, 60.0, 72.0, None, 1.5, 1.0, None),
        Transfer("CNLYG", BARGE, SEA, True, 50.0, 72.0, None, 1.5, 1.0, None),
        Transfer(HAMBURG, RAIL, DIESEL, True, 60.0, 24.0, None, 1.0, 0.5, None),
        Transfer(HAMBURG, AIR, DIESEL, True, 1000.0, 24.0, None, 5.0, 1.0, None),
        Transfer(HAMBURG, SEA, DIESEL, True, 90.0, 96.0, None, 1.5, 1.0, None),
        Transfer("ZKP_F", DIESEL, BARGE, True, 25.0, 24.0, 500_000.0, 1.5, 1.0, None),
    ]
    for truck in (BATTERY, DIESEL):
        found += [
            Transfer("CGO", truck, AIR, True, 1000.0, 12.0, None, 5.0, 1.0, "AIR_CGO"),
            Transfer("PUT", truck, RAIL, True, 15.0, 12.0, None, 1.0, 0.5, "TERM_PUT"),
        ]
    return tuple(sorted(found, key=lambda row: (row.place, row.from_mode, row.to_mode)))


def products() -> tuple[Product, ...]:
    """Return one product for each way to travel and each kind of handling."""
    trucks = frozenset({DIESEL, BATTERY})
    ambient, chilled = Temperature.AMBIENT, Temperature.CHILLED
    slow = frozenset({DIESEL, RAIL, SEA, BARGE})
    frozen, cold = Temperature.FROZEN, (Function.COLD,)
    parcels = (Function.BONDED, Function.CROSS_DOCK)
    return (
        Product("CBEC", "Bonded e-commerce imports", "跨境电商保税进口", 100_000.0, 0.003, ambient, 0.09, parcels, trucks | {RAIL, SEA, AIR}, 1.0, 1.0, 60_000.0, Cargo.CONTAINER, 1.0, None, 0.0, 0.003, 800.0, 1.1),
        Product("DUMPLING", "Frozen dumplings", "速冻水饺", 12_000.0, 0.003, frozen, 0.0, cold, trucks, 1.2, 1.3, 6_000.0, Cargo.REEFER, 1.0, "groceries"),
        Product("FMCG", "Daily goods", "快消品", 15_000.0, 0.003, ambient, 0.0, (Function.CONSOLIDATION,), trucks, 1.0, 1.0, 3_000.0, Cargo.CONTAINER, 1.0, "groceries"),
        Product("FRUIT", "Fresh imports", "进口生鲜", 60_000.0, 0.01, chilled, 0.1, cold, trucks | {AIR, RAIL}, 1.2, 1.3, 40_000.0, Cargo.REEFER, 1.2, None, 0.02, 0.003),
        Product("MACH", "Machinery", "机械设备", 60_000.0, 0.004, ambient, 0.0, (), trucks | {RAIL, SEA}, 1.0, 1.0, 20_000.0, Cargo.CONTAINER, 1.0, "trade", 0.0, 0.003),
        Product("PHONE", "Smartphones", "智能手机", 7_000_000.0, 0.015, ambient, 0.0, (Function.BONDED,), trucks | {AIR, RAIL}, 1.0, 1.0, 900_000.0, Cargo.CONTAINER, 1.0, None, 0.0, 0.003),
        Product("REFRACT", "Refractories", "耐火材料", 10_000.0, 0.002, ambient, 0.0, (), slow, 1.0, 1.0, 15_000.0, Cargo.BULK, 1.0, "trade", 0.0, 0.003),
        Product("RETURN", "Returned parcels", "退货", 120_000.0, 0.008, ambient, 0.0, (Function.RETURNS,), trucks, 1.2, 1.0, 20_000.0),
    )  # fmt: skip


SHIPMENTS = (
    (EUROPE, "ZHENGZHOU", "CBEC", 6_000.0, None),
    (EUROPE, "ZHENGZHOU", "FRUIT", 3_000.0, 240.0),
    ("LUOYANG", "ZHENGZHOU", "FMCG", 30_000.0, 48.0),
    ("LUOYANG", SHOP, "FMCG", 4_000.0, 48.0),
    ("LUOYANG", EUROPE, "MACH", 25_000.0, None),
    ("LUOYANG", "ZHENGZHOU", "RETURN", 2_000.0, 96.0),
    ("ZHENGZHOU", "LUOYANG", "FMCG", 40_000.0, 48.0),
    ("ZHENGZHOU", SHOP, "DUMPLING", 800.0, 24.0),
    ("ZHENGZHOU", EUROPE, "MACH", 30_000.0, 800.0),
    ("ZHENGZHOU", EUROPE, "PHONE", 4_000.0, 168.0),
    ("ZHENGZHOU", EUROPE, "REFRACT", 60_000.0, None),
)
GROWTH = {2025: 1.0, 2030: 1.3}
PROMISED = {"MACH": 600.0}
"""Hours within which a share of the goods is promised; a service level says how large a share."""
CLEARED_AT = {"RETURN": "zhengzhou"}
"""The customs district in which returned goods were cleared, and to which they must go back."""


def demand() -> tuple[Demand, ...]:
    """Return the shipments of both stages."""
    found = [
        Demand(
            f"{p}-{o}-{d}-{year}", o, d, p, year, round(t * growth, 3), latest,
            PROMISED.get(p), p in CLEARED_AT, CLEARED_AT.get(p),
        )
        for year, growth in GROWTH.items()
        for o, d, p, t, latest in SHIPMENTS
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: row.id))
