"""Freight of the hinterland that gateways compete for, and what the rivals can take of it.

In a base year the pool is what came to Zhengzhou the year before, moved on by what the nation's
freight of that kind grew, and what the rivals carried besides. The base year's own figures of
Zhengzhou's airport, trains and port are never asked for: they are what a plan is compared with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubopt.reference.facts import Facts

OUT, BACK = "out", "back"
POOLS = {
    "AIR_MIX_X": ("air", OUT),
    "AIR_MIX_M": ("air", BACK),
    "CRE_MIX_X": ("rail", OUT),
    "CRE_MIX_M": ("rail", BACK),
    "GRAIN_D": ("river", "GRAIN_D"),
    "COAL_D": ("river", "COAL_D"),
    "BUILD_D": ("river", "BUILD_D"),
}
"""Kind of pool and direction (or share) of the products that are derived from it."""

OWN_BY_AIR = ("PHONE_X", "IC_M", "AV_M", "PHARMA")
"""Henan's own goods that fly, and do not come from the hinterland."""

OVERLAND = ("REG_RU", "REG_CASIA")
"""Regions that have no ocean port in the instance; the others of the trains are the EU."""

LANE_SHARES = {
    "HAMBURG_R": (("REG_EU_NW", 1.0),),
    "WARSAW_R": (("REG_EU_CE", 1.0),),
    "MOSCOW_R": (("REG_RU", 1.0),),
    "ALMATY_R": (("REG_CASIA", 0.5),),
    "TASHKENT_R": (("REG_CASIA", 0.5),),
}
"""Which part of which region's freight a rival's train to a terminal may take."""

RIVAL_GATEWAYS = 4
MIX = {OUT: "CRE_MIX_X", BACK: "CRE_MIX_M"}


def pool_kt(facts: Facts, product: str) -> float:
    """Return the kilotonnes a year of a product of the hinterland in a base year."""
    kind, way = POOLS[product]
    if kind == "river":
        whole = expected_kt(facts, "river") / facts.known("river_share", "ZKP")
        return whole * facts.assumed("pool", f"river:{way}")
    return won_kt(facts, kind, way) * (1 + facts.assumed("pool", f"{kind}:rivals"))


def expected_kt(facts: Facts, kind: str) -> float:
    """Return the gateway's freight of the year before, grown as the nation's of that kind."""
    return facts.known("year_before_kt", kind) * facts.rated("national_growth", kind)


def won_kt(facts: Facts, kind: str, way: str) -> float:
    """Return what the hinterland would send over Zhengzhou in one direction, Henan's own apart."""
    whole = expected_kt(facts, kind)
    if kind == "air":
        return (whole - own_by_air_kt(facts)) * facts.assumed("pool", f"air:{way}")
    own = facts.assumed("pool", "rail:own_kt") if way == OUT else 0.0
    return whole * facts.parameter("cre_split", way) - own


def own_by_air_kt(facts: Facts) -> float:
    """Return the kilotonnes of Henan's own goods that fly from its airport."""
    from hubopt.reference.totals import base_kt  # noqa: PLC0415  (totals asks for the pools)

    named = sum(base_kt(facts, product) for product in OWN_BY_AIR)
    return named + facts.assumed("pool", "air:own_others_kt")


def rival_air_kt(facts: Facts, airport: str) -> float:
    """Return the space that another airport offers to freight that Zhengzhou could win, kt a year.

    In a base year: what rivals carried of the pool, and some room besides, in the proportions of
    the general assumption.
    """
    given = facts.assumed("air_rival_kt", airport)
    if facts.year is None:
        return given
    whole = sum(
        value for (group, _), value in facts.assumed.central.items() if group == "air_rival_kt"
    )
    return given / whole * rivals_kt(facts, "air", (OUT, BACK))


def rival_train_kt(facts: Facts, end: str, way: str) -> float:
    """Return the slots that one rival sells on its trains to or from an end abroad, kt a year."""
    if facts.year is None:
        return facts.assumed("rail", "rival_cre_kt")
    shares = facts.assumed.shares("partner", MIX[way])
    share = sum(shares.get(region, 0.0) * part for region, part in LANE_SHARES[end])
    return rivals_kt(facts, "rail", (way,)) * share / RIVAL_GATEWAYS


def rivals_kt(facts: Facts, kind: str, ways: tuple[str, ...]) -> float:
    """Return the room of all rivals together for freight of the pool."""
    carried = sum(won_kt(facts, kind, way) for way in ways) * facts.assumed(
        "pool", f"{kind}:rivals"
    )
    return carried * facts.assumed("pool", "headroom")


def paths_to_europe(facts: Facts) -> float:
    """Return the trains a year that Zhengzhou may run to and from the EU in a base year.

    China Railway allots train paths: Zhengzhou's part of the nation's trains is taken to be that of
    the year before, with some room.
    """
    shares = facts.assumed.shares("partner", MIX[OUT])
    europe = sum(share for region, share in shares.items() if region not in OVERLAND)
    trains = facts.known("national_trains", "year") * facts.known("share_before", "rail")
    return trains * europe * facts.assumed("pool", "headroom")
