"""The reference has what planners asked for: wishes that sleep, chargers, licensed sites, shops."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from hubopt.instance.read import read
from hubopt.instance.tables import Instance, Link
from hubopt.reference.chosen import CHARGER_CITIES, GREEN_ZONE
from hubopt.reference.facts import Facts
from hubopt.reference.features import LICENSED
from hubopt.reference.products import time_cost_share
from hubopt.reference.totals import STAGES
from hubopt.vocabulary import Cargo, Function, Mode, PlaceKind, Temperature

ROOT = Path(__file__).parent.parent
ASEAN = {"HANOI": 2, "VIENTIANE": 3}
ZHOUKOU_T = 52_056_000
"""Tonnes that Zhoukou port handled in 2024."""


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Return the facts in `data/`."""
    return Facts(ROOT / "data")


@pytest.fixture(scope="module")
def instance() -> Instance:
    """Return the committed reference instance."""
    return read(ROOT / "instances" / "zhengzhou")


def test_wishes_sleep_and_all_else_holds(instance: Instance) -> None:
    """An order of modes, green delivery and a peak of carbon are there for scenarios alone."""
    asleep = {x.policy for x in instance.limits if x not in instance.limits_in_force}
    assert asleep == {"hierarchy", "green_delivery", "carbon_peak"}
    assert not instance.settings.policies
    assert all(x.policy is None for x in instance.limits_in_force)


def test_asean_trains_and_river_goods_are_those_reconciled(instance: Instance) -> None:
    """Two and three trains a week to Hanoi and Vientiane; Zhoukou is coal, grain and stone."""
    most = {lane: instance.service[f"CRE_{lane}_OUT"].most_per_week for lane in ASEAN}
    assert most == ASEAN
    tonnes = Counter[str]()
    for row in instance.demand:
        if row.stage == STAGES[0]:
            tonnes[row.product] += round(row.demand_t_per_year)
    for product, share in {"COAL_D": 0.3, "GRAIN_D": 0.4, "BUILD_D": 0.25}.items():
        assert tonnes[product] == pytest.approx(share * ZHOUKOU_T, rel=0.001)


def test_parts_of_a_day_s_cost_are_those_of_the_facts(instance: Instance, facts: Facts) -> None:
    """Spoilage is taken out of what a day costs, so that together they are what the facts say."""
    for product in instance.products:
        day = product.time_cost_share_per_day + product.spoilage_share_per_day
        assert day == pytest.approx(time_cost_share(facts, product.id))
    assert sum(product.spoilage_share_per_day > 0 for product in instance.products) == 4


def test_battery_trucks_emit_what_the_grid_does(instance: Instance) -> None:
    """No factor of their own, 0.075 kWh a tonne-km; in the zone's cities they charge at a site."""
    links = [link for link in instance.links if link.mode is Mode.ROAD_BATTERY]
    assert {(link.wtw_g_per_tkm, link.kwh_per_tkm) for link in links} == {(0.0, 0.075)}
    assert all(link.charging_site for link in links if ends(link) & set(CHARGER_CITIES))
    sites = {c.site for c in instance.capacities if c.function is Function.CHARGING}
    assert {instance.site[site].place for site in sites} == set(CHARGER_CITIES) <= GREEN_ZONE


def ends(link: Link) -> set[str]:
    """Return the places that a link joins."""
    return {link.from_place, link.to_place}


def test_licensed_zones_clear_in_half_the_time(instance: Instance) -> None:
    """Three bonded zones of Zhengzhou are licensed; what is new there must be used."""
    rows = [row for row in instance.handling if row.function is Function.BONDED]
    quick = {row.site for row in rows if row.cleared_time_h == 0.5 * row.time_h}
    assert quick == LICENSED
    assert all((row.least_t_per_year or 0) > 0 for row in rows if row.site.startswith("BOND_"))


def test_cooled_goods_travel_cooled(instance: Instance) -> None:
    """What is chilled or frozen is loaded as reefer, and planes and trains abroad take it."""
    for product in instance.products:
        cooled = product.temperature is not Temperature.AMBIENT
        assert (product.cargo is Cargo.REEFER) is cooled
    takes = {s.vehicle_class for s in instance.services if Cargo.REEFER in s.cargo}
    assert takes == {"international_train", "freighter", "near_sea_ship", "container_train"}


def test_shops_get_a_part_of_their_city(instance: Instance) -> None:
    """Large shops of Zhengzhou and Xuchang sell 2 and 4 % of the daily goods of their city."""
    shops = {p.id for p in instance.places if p.kind is PlaceKind.RETAIL}
    sold = Counter[str]()
    for row in instance.demand:
        if row.product == "DOM_FMCG" and row.stage == STAGES[0]:
            sold[row.destination] += round(row.demand_t_per_year)
    for shop, city, share in (("SHOP_ZZ", "ZHENGZHOU", 0.02), ("SHOP_XC", "XUCHANG", 0.04)):
        assert sold[shop] == pytest.approx(share * (sold[shop] + sold[city]), rel=0.001)
    assert shops == {"SHOP_ZZ", "SHOP_XC"}
