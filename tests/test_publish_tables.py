"""Tables open in Excel with Chinese intact, run no cell, and add up to what the plan says."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubopt.plan.figures import figures
from hubopt.plan.plan import Plan
from hubopt.plan.pricing import Pricer
from hubopt.publish.cost_to_serve import cost_to_serve
from hubopt.publish.figures import Figures
from hubopt.publish.spread import FORMULA_STARTS, Sheet, csv_bytes, decimal, safe
from hubopt.publish.tables import sheets
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

FIGURES = Figures(tiny(), tiny_plan())
SHEETS = {sheet.name: sheet for sheet in sheets(FIGURES)}


def rows(name: str) -> list[dict[str, str]]:
    """Return a table as a reader of CSV sees it."""
    text = csv_bytes(SHEETS[name]).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_tables_begin_with_the_mark_that_excel_needs() -> None:
    """Every table is UTF-8 with a byte order mark and holds the Chinese names."""
    assert all(csv_bytes(sheet).startswith(b"\xef\xbb\xbf") for sheet in SHEETS.values())
    assert "郑州中心" in csv_bytes(SHEETS["sites"]).decode("utf-8-sig")


def test_every_table_is_there_with_units_in_its_columns() -> None:
    """The ten tables stand, and every column of an amount names its unit."""
    assert set(SHEETS) == {
        "sites", "services", "flows", "routes", "transfers", "emissions", "unserved",
        "utilisation", "costs", "cost_to_serve",
    }  # fmt: skip
    units = (
        "_t_per_year", "_cny", "_cny_per_year", "_km", "_h", "_kg_per_year", "_per_week",
        "_cny_per_t", "_kg_per_t",
    )  # fmt: skip
    amounts = {
        column
        for sheet in SHEETS.values()
        for column in sheet.columns
        if any(isinstance(row[sheet.columns.index(column)], float) for row in sheet.rows)
    }
    free = {"utilisation", "unserved_share", "present_value_years", "share_within_latest_time"}
    free |= {"wtw_factor", "ttw_factor", "product_emission_factor"}  # their unit is a column
    bare = [c for c in amounts - free if not c.endswith((*units, "_t_km_per_year"))]
    assert [c for c in bare if "kg_co2e_per_year" not in c] == []


@pytest.mark.parametrize("start", [*FORMULA_STARTS, "\t=", " =", "\n+"])
def test_no_cell_is_a_formula(start: str) -> None:
    """A name that a spreadsheet would run gets an apostrophe in front, however it begins."""
    evil = start + 'cmd|"/c calc"!A0'
    first, *others = tiny().sites
    named = dataclasses.replace(first, name_en=evil, name_zh=evil)
    instance = dataclasses.replace(tiny(), sites=(named, *others))
    sheet = next(s for s in sheets(Figures(instance, tiny_plan())) if s.name == "sites")
    text = csv_bytes(sheet).decode("utf-8-sig")
    cells = [row["name_en"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert next(cell for cell in cells if "calc" in cell).startswith("'")


@given(st.text())
def test_no_text_at_all_is_a_formula(text: str) -> None:
    """Whatever a name holds, its cell begins with nothing that a spreadsheet runs."""
    assert not safe(text).startswith((*FORMULA_STARTS, "\t", "\r", "\n"))
    assert "\n" not in safe(text)


def test_numbers_stay_numbers() -> None:
    """A negative number is no formula, and none is written in powers of ten."""
    sheet = Sheet("x", ("a", "b", "c"), ((-1.5, 1e-7, 123456789012.0), (None, 0, -0.0)))
    assert csv_bytes(sheet).decode("utf-8-sig") == "a,b,c\n-1.5,0,123456789012\n,0,0\n"
    assert decimal(1 / 3) == "0.333333"


def test_a_row_that_does_not_fit_is_never_written() -> None:
    """A row of another width than its heading is an error, not a shifted table."""
    with pytest.raises(ValueError, match="does not fit"):
        csv_bytes(Sheet("x", ("a", "b"), ((1,),)))


def test_flows_add_up_to_the_routes() -> None:
    """Tonnes over links are the tonnes of the routes that take them, stage by stage."""
    moved: defaultdict[str, float] = defaultdict(float)
    for row in rows("flows"):
        moved[row["stage"]] += float(row["flow_t_per_year"])
    taken: defaultdict[str, float] = defaultdict(float)
    for row in rows("routes"):
        if row["action"] in {"move", "ride"}:
            taken[row["stage"]] += float(row["flow_t_per_year"])
    assert moved == taken
    # A>B 8, B>A 12, three or four links for each of the others (thousand tonnes)
    assert moved["2025"] == pytest.approx(1000 * (8 + 12 + 3 * (20 + 5 + 0.9 + 10)))


def test_handling_and_transfers_stand_at_their_sites() -> None:
    """A terminal's use is the tonnes that change mode there, a centre's what it consolidates."""
    use = {
        (row["stage"], row["kind"], row["site_or_place"], row["to_place_or_function"]): row
        for row in rows("utilisation")
    }
    assert float(use["2025", "site", "TERM_T", "transfer"]["used_t_per_year"]) == 35_000
    assert float(use["2025", "site", "DC_A", "consolidation"]["used_t_per_year"]) == 20_900
    assert float(use["2030", "site", "DC_A", "consolidation"]["capacity_t_per_year"]) == 65_000
    assert float(use["2025", "link", "A", "T"]["used_t_per_year"]) == 30_000
    assert float(use["2025", "transfer", "P", "transfer"]["used_t_per_year"]) == 900
    assert float(use["2025", "service_leg", "T", "E"]["used_t_per_year"]) == 25_000


def test_emissions_by_hand() -> None:
    """8,000 t over 130 km at 70 g per tonne-km are 72,800 kg; hubs have lines of their own."""
    ledger = {(r["stage"], r["product"], r["kind"], r["mode"]): r for r in rows("emissions")}
    leg = ledger["2025", "FMCG", "leg", "road_diesel"]
    assert (leg["wtw_kg_co2e_per_year"], leg["ttw_kg_co2e_per_year"]) == ("72800", "57200")
    hub = ledger["2025", "FMCG", "hub", "consolidation"]
    assert float(hub["wtw_kg_co2e_per_year"]) == pytest.approx(20_000 * 5.0 * 0.54)
    assert (leg["distance_km"], leg["distance_source"], leg["factor_unit"]) == (
        "130",
        "test",
        "g/tkm",
    )
    assert (leg["wtw_factor"], leg["ttw_factor"], leg["factor_source"]) == ("70", "55", "test")
    assert (hub["factor_unit"], hub["wtw_factor"], hub["distance_km"]) == ("kg/t", "2.7", "")


def test_every_line_of_the_ledger_is_amount_times_factor() -> None:
    """Legs: tonne-km x g/tkm x the product's factor; hubs: tonnes x kg/t; nothing else."""
    for row in rows("emissions"):
        leg = row["factor_unit"] == "g/tkm"
        amount = (
            float(row["work_t_km_per_year"]) / 1000 if leg else float(row["freight_t_per_year"])
        )
        amount *= float(row["product_emission_factor"])
        for way in ("wtw", "ttw"):
            kg = float(row[f"{way}_kg_co2e_per_year"])
            assert kg == pytest.approx(amount * float(row[f"{way}_factor"]), abs=1e-3)


def exact_plan() -> Plan:
    """Return the tiny plan with the cost terms that its decisions have."""
    plan, instance = tiny_plan(), tiny()
    found = figures(
        instance, Pricer(instance), plan.sites, plan.services, plan.flows, plan.unserved
    )
    return dataclasses.replace(plan, terms_fen=found.terms_fen())


def test_costs_to_serve_add_up_to_the_plan() -> None:
    """Over all shipments, and what nobody uses, each term of a stage is the plan's to the fen."""
    plan = exact_plan()
    sheet = cost_to_serve(Figures(tiny(), plan))
    for stage, terms in plan.terms_fen.items():
        mine = [row for row in sheet.rows if row[0] == stage]
        for term, amount in terms.items():
            here = sheet.columns.index(f"{term}_cny_per_year")
            assert sum(round(float(row[here] or 0) * 100) for row in mine) == amount, term
        here = sheet.columns.index("total_cny_per_year")
        assert sum(round(float(row[here] or 0) * 100) for row in mine) == sum(terms.values())


def test_costs_to_serve_by_hand() -> None:
    """A centre is paid by tonnes, a flight and its empty way back by those aboard."""
    found = {(row["stage"], row["shipment"]): row for row in rows("cost_to_serve")}
    daily = found["2025", "FMCG_A_B_2025"]
    assert float(daily["running_cny_per_year"]) == pytest.approx(4e5 * 8_000 / 20_900, abs=0.01)
    assert float(daily["line_haul_cny_per_year"]) == 50 * 8_000
    assert float(daily["average_time_h"]) == 8.0
    assert daily["share_within_latest_time"] == ""
    phones = found["2025", "PHONE_A_R_2025"]
    assert float(phones["departures_cny_per_year"]) == 2e6 * 52
    assert float(phones["repositioning_cny_per_year"]) == 1.2e6 * 0.6 * 52
    assert phones["share_within_latest_time"] == "1"
    left = found["2025", "MACH_B_R_2025"]
    assert float(left["unserved_cny_per_year"]) == 2_000 * 60_000
    assert float(left["share_within_latest_time"]) == pytest.approx(5 / 7, abs=1e-6)
    rail = {name: float(found["2025", name]["departures_cny_per_year"])
            for name in ("MACH_A_R_2025", "MACH_B_R_2025")}  # fmt: skip
    assert sum(rail.values()) == 2.5e6 * 52
    assert rail["MACH_A_R_2025"] == pytest.approx(4 * rail["MACH_B_R_2025"], abs=0.05)


def test_what_nobody_uses_has_a_row_of_its_own() -> None:
    """A service that runs without freight is on nobody's bill, and not lost."""
    plan = exact_plan()
    idle = [f for f in plan.flows if "PHONE" not in f.shipment]
    sheet = cost_to_serve(Figures(tiny(), dataclasses.replace(plan, flows=tuple(idle))))
    rest = {row[0]: dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows if not row[1]}
    assert rest[2025]["departures_cny_per_year"] == 2e6 * 52
    assert rest[2025]["note"] == "sites and departures that no freight uses"


def test_costs_are_the_plans_own() -> None:
    """The table of costs repeats the plan's terms to the fen and weighs them by stage."""
    found = {(row["stage"], row["term"]): row for row in rows("costs")}
    assert found["2025", "line_haul"]["cost_cny_per_year"] == "1234567.89"
    worth = float(found["2025", "running"]["present_value_cny"])
    assert worth == pytest.approx(900_000 * sum(1.08**-k for k in range(5)), abs=0.01)


def test_sites_say_what_was_built() -> None:
    """The large module of the centre is added in the second stage and paid there only."""
    found = {(row["stage"], row["site"]): row for row in rows("sites")}
    assert found["2025", "DC_A"]["built_in_stage"] == ""
    assert found["2030", "DC_A"]["built_in_stage"] == "large x 1"
    assert found["2030", "DC_A"]["build_cost_cny"] == "8000000"
    assert found["2030", "TERM_T"]["build_cost_cny"] == "0"
