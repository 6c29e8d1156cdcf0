"""Routes are listed as chargers, premiums and finance ask, and no other way stands for them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hubopt.instance.tables import Capacity, Instance, Vehicle
from hubopt.network.graph import Network
from hubopt.network.needs import Needs, tonnes_at_most
from hubopt.network.routes import all_routes, list_routes
from hubopt.network.steps import Change, Handle, Move
from hubopt.vocabulary import Function, Mode, SiteStatus
from tests.test_feature_effects import GOODS, WINE, battery_road, charged, goods, small
from tests.tiny import tiny

DIESEL, BATTERY, RAIL = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL


def listed_moves(instance: Instance, shipment: str) -> set[tuple[str, str, Mode]]:
    """Return the moves on the listed routes of a shipment, which are among all that there are."""
    routes = [r for r in list_routes(instance).routes if r.shipment == shipment]
    assert {r.steps for r in routes} <= {r.steps for r in all_routes(instance, shipment)}
    moves = {s for r in routes for s in r.steps if isinstance(s, Move)}
    return {(s.from_place, s.to_place, s.mode) for s in moves}


def test_chargers_serve_from_their_first_stage_on() -> None:
    """A site that may open in 2030 charges no truck in 2025."""
    base = charged(tiny(), "DC_B", "small", None)
    later = replace(
        base,
        sites=tuple(replace(s, earliest_stage=2030) if s.id == "DC_B" else s for s in base.sites),
    )
    assert ("A", "B", BATTERY) in listed_moves(base, GOODS)
    assert ("A", "B", BATTERY) not in listed_moves(later, GOODS)
    assert ("A", "B", BATTERY) in listed_moves(later, "FMCG_A_B_2030")


def test_a_closed_site_charges_nobody() -> None:
    """Chargers at a closed site are none."""
    base = charged(tiny(), "DC_B", "small", None)
    shut = tuple(replace(s, status=SiteStatus.CLOSED) if s.id == "DC_B" else s for s in base.sites)
    assert ("A", "B", BATTERY) not in listed_moves(replace(base, sites=shut), GOODS)


def test_a_way_that_needs_no_chargers_is_listed_beside() -> None:
    """Batteries are cheaper, but rest on a site that may stay shut: diesel is listed as well."""
    moves = listed_moves(charged(small(GOODS), "DC_B", "small", None), GOODS)
    assert {("A", "B", BATTERY), ("A", "B", DIESEL)} <= moves


def test_chargers_and_terminal_of_a_site_are_two_things() -> None:
    """Trucks that charge at a terminal do not stand for freight that changes modes there."""
    base = small(GOODS, WINE)
    wired = replace(
        base,
        capacities=(*base.capacities, Capacity("TERM_T", "yard", Function.CHARGING, 1.0)),
        links=tuple(
            replace(row, mode=BATTERY, charging_site="TERM_T")
            if (row.from_place, row.to_place) == ("A", "T")
            else row
            for row in base.links
        ),
    )
    needs = Needs(Network(wired))
    driven, changed = needs.of(Move("A", "T", BATTERY)), needs.of(Change("T", DIESEL, RAIL))
    assert driven & needs.decided
    assert changed & needs.decided
    assert not driven & changed


def test_an_insured_short_road_is_no_longer_needless() -> None:
    """A road that is dearer, slower and dirtier is kept where it saves premium on dear goods."""
    base = battery_road(small(GOODS), distance_km=200.0, cost_cny_per_t=500.0)
    straight = {"cost_cny_per_t": 66.0, "time_h": 3.0, "wtw_g_per_tkm": 200.0}
    base = replace(
        base,
        links=tuple(
            replace(row, **straight)  # type: ignore[arg-type]
            if (row.from_place, row.to_place, row.mode) == ("A", "B", DIESEL)
            else replace(row, capacity_t_per_year=None)
            for row in base.links
        ),
    )
    insured = replace(base, vehicles=(Vehicle(DIESEL, None, 1.0, 0.01),))
    direct = ("A", "B", DIESEL)
    assert direct not in listed_moves(base, GOODS)
    assert direct in listed_moves(insured, GOODS)


def test_what_finance_makes_too_dear_is_not_listed() -> None:
    """Wine whose finance costs more than leaving it behind has no routes; at home none is due."""
    base = small(WINE, GOODS)
    shares = {"finance_share": 0.2, "unserved_cost_cny_per_t": 21_000.0}
    dear = replace(base, products=goods(base, "WINE", **shares))
    assert listed_moves(base, WINE)
    assert not listed_moves(dear, WINE)
    assert listed_moves(replace(base, products=goods(base, "FMCG", **shares)), GOODS)


def test_returns_of_two_districts_do_not_share_their_routes() -> None:
    """Shipments alike but for their district are listed apart: each at its own site."""
    base = tiny()
    pool = {"function": Function.RETURNS}
    split = replace(
        base,
        settings=replace(base.settings, returns_to_origin_district=True),
        sites=tuple(replace(s, district=s.place) for s in base.sites),
        handling=(*base.handling, *(replace(h, **pool) for h in base.handling)),  # type: ignore[arg-type]
        capacities=(
            *base.capacities,
            *(replace(c, **pool) for c in base.capacities if c.module == "small"),  # type: ignore[arg-type]
        ),
        products=goods(base, "FMCG", chain=(Function.RETURNS,)),
        demand=tuple(
            replace(row, id=f"{row.id}_{district}", district=district)
            for row in base.demand
            if row.id == GOODS
            for district in "AB"
        ),
    )
    sites = {
        (route.shipment[-1], step.site)
        for route in list_routes(split).routes
        for step in route.steps
        if isinstance(step, Handle)
    }
    assert sites == {("A", "DC_A"), ("B", "DC_B")}


def test_bounds_on_links_count_the_peak() -> None:
    """A link is free of limits only if all goods fit on it at their peak."""
    base = small(GOODS)
    rush = replace(base, products=goods(base, "FMCG", peak_factor=3.0))
    modes = frozenset({DIESEL, BATTERY})
    assert tonnes_at_most(base)[2025][modes] == pytest.approx(2 * 8_000)
    assert tonnes_at_most(rush)[2025][modes] == pytest.approx(3 * 2 * 8_000)
