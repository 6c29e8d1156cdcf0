"""Tables say what trucks charge, what their electricity emits, and how full things are at peaks."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from functools import cache

import pytest

from hubopt.publish.figures import Figures
from hubopt.publish.layers import flows as flows_layer
from hubopt.publish.lines import Lines
from hubopt.publish.spread import csv_bytes
from hubopt.publish.tables import sheets
from hubopt.vocabulary import CostTerm
from tests.test_feature_effects import GOODS, battery_road, charged, goods, small, solved


@cache
def figures() -> Figures:
    """Return the plan of 8,000 t on batteries and diesel, at a peak of 1.25."""
    base = small(GOODS)
    base = replace(base, products=goods(base, "FMCG", peak_factor=1.25, emission_factor=1.1))
    wired = charged(base, "DC_A", "small", 5_000.0)
    driven = battery_road(wired, kwh_per_tkm=0.12, wtw_g_per_tkm=10.0)
    return Figures(driven, solved(driven))


def rows(name: str) -> list[dict[str, str]]:
    """Return a table as a reader of CSV sees it."""
    sheet = next(sheet for sheet in sheets(figures()) if sheet.name == name)
    text = csv_bytes(sheet).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_electricity_has_a_line_of_its_own_in_the_ledger() -> None:
    """4,000 t over 130 km at 0.12 kWh and 0.54 kg, times the product's 1.1; none at the tank."""
    ledger = {(row["kind"], row["mode"]): row for row in rows("emissions")}
    power, leg = ledger["electricity", "road_battery"], ledger["leg", "road_battery"]
    assert float(power["wtw_factor"]) == pytest.approx(64.8)
    assert float(power["wtw_kg_co2e_per_year"]) == pytest.approx(4_000 * 130 * 0.0648 * 1.1)
    assert (power["ttw_kg_co2e_per_year"], power["factor_source"]) == (
        "0",
        "grid factor of the instance",
    )
    assert power["work_t_km_per_year"] == leg["work_t_km_per_year"]
    assert float(leg["wtw_kg_co2e_per_year"]) == pytest.approx(4_000 * 130 * 0.010 * 1.1)


def test_the_ledger_the_flows_and_the_map_add_up() -> None:
    """Ledger, table of flows and layer of flows give the emissions of the plan, hubs apart."""
    plan = figures().plan
    total = sum(float(row["wtw_kg_co2e_per_year"]) for row in rows("emissions"))
    assert total == pytest.approx(plan.co2e_wtw_kg[2025], abs=1)
    hubs = sum(
        float(row["wtw_kg_co2e_per_year"]) for row in rows("emissions") if row["kind"] == "hub"
    )
    on_links = sum(float(row["co2e_wtw_kg_per_year"]) for row in rows("flows"))
    assert on_links == pytest.approx(total - hubs)
    layer = flows_layer(figures(), Lines(figures().instance, None))
    assert sum(layer.column("co2e_wtw_kg_per_year")) == pytest.approx(on_links, abs=0.01)


def test_capacities_are_used_at_the_peak() -> None:
    """4,000 t fill the chargers for 5,000 t; 8,000 t take 10,000 of the 15,000 t of the centre."""
    used = {(r["site_or_place"], r["to_place_or_function"]): r for r in rows("utilisation")}
    chargers, centre = used["DC_A", "charging"], used["DC_A", "consolidation"]
    assert (chargers["used_t_per_year"], float(chargers["utilisation"])) == ("5000", 1.0)
    assert (centre["used_t_per_year"], centre["capacity_t_per_year"]) == ("10000", "15000")


def test_routes_name_the_site_at_which_trucks_charge() -> None:
    """A move on batteries says where its trucks charge; one on diesel names no site."""
    moves = {row["mode"]: row for row in rows("routes") if row["action"] == "move"}
    battery, diesel = moves["road_battery"], moves["road_diesel"]
    assert (battery["site"], battery["function"]) == ("DC_A", "charging")
    assert (diesel["site"], diesel["function"]) == ("", "")


def test_every_fen_is_shared_among_shipments() -> None:
    """What shipments are charged adds up to the plan's terms, the new ones among them."""
    shares = rows("cost_to_serve")
    for term in CostTerm:
        paid = sum(float(row[f"{term.value}_cny_per_year"]) for row in shares)
        assert paid == pytest.approx(figures().plan.terms_fen[2025][term] / 100, abs=0.001)
