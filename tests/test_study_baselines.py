"""The base years beside published figures: what the README says is what a solve finds."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest

from hubopt.cli.reconciling import number, percent
from hubopt.instance.read import read
from hubopt.instance.tables import Instance
from hubopt.network.steps import Ride
from hubopt.plan.plan import Plan
from hubopt.plan.verify import verify
from hubopt.reference.baseline import name_of
from hubopt.reference.facts import Facts
from hubopt.reference.pools import own_by_air_kt
from hubopt.reference.world import BASE_YEARS
from hubopt.study.comparison import LARGE_RESIDUAL, Figure, Line
from hubopt.study.levers import read_levers
from hubopt.study.read_comparisons import read_comparisons
from hubopt.study.reconcile import reconcile
from hubopt.units import KG_PER_KT
from tests.test_pinned import compared

ROOT = Path(__file__).parent.parent
PROMISED = ("airport_total", "airport_international", "cre_trains", "cre_teu")
"""Lines that must lie within 15 % of the published figure in both years."""

NEAR, TRAINS_APART = 0.12, 150
"""How far plans within the asked gap may differ: a train a week is 50 a year, a gap some three."""


def pinned() -> dict[tuple[str, str], dict[str, str]]:
    """Return what the README's run found, by instance and line."""
    with (ROOT / "results" / "reconciled.csv").open(encoding="utf-8", newline="") as file:
        return {(row["instance"], row["line"]): row for row in csv.DictReader(file)}


def folder(year: int) -> Path:
    """Return the folder of a base year's instance."""
    return ROOT / "instances" / name_of(year)


@cache
def solved(year: int) -> tuple[Instance, Plan, tuple[Line, ...]]:
    """Return a base year with its plan, as pinned but for the gap, and the lines, made once."""
    instance = read(folder(year))
    plan = compared(name_of(year))
    lines = reconcile(instance, plan, read_comparisons(folder(year), instance))
    return instance, plan, lines


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("year", BASE_YEARS)
def test_a_base_year_is_as_the_readme_says(year: int) -> None:
    """A verified plan, every line near the one in the README, the promised ones within 15 %."""
    instance, plan, lines = solved(year)
    assert verify(instance, plan).passed
    written = pinned()
    for line in lines:
        before = written[name_of(year), line.comparison.line]["modelled"]
        assert line.modelled is not None
        apart = TRAINS_APART if line.comparison.unit == "trains" else 1e-9
        assert line.modelled == pytest.approx(float(before), rel=NEAR, abs=apart)
    off = {line.comparison.line: line.residual for line in lines}
    assert all(abs(off[name] or 0.0) <= LARGE_RESIDUAL for name in PROMISED), off


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("year", BASE_YEARS)
def test_henans_own_goods_are_those_that_were_taken_off(year: int) -> None:
    """What the pools leave out as Henan's own is what the plan itself sends that way, to 15 %."""
    instance, plan, _ = solved(year)
    facts, aboard = Facts(ROOT / "data", year), {"AIR": 0.0, "CRE": 0.0}
    for flow in plan.flows:
        product = instance.product[instance.shipment[flow.shipment].product]
        if "MIX" in product.id:
            continue
        for step in flow.steps:
            kind = step.service[:3] if isinstance(step, Ride) else ""
            if kind in aboard and not {"HANOI_R", "VIENTIANE_R"} & {step.from_place, step.to_place}:
                boxes = product.space_factor if kind == "CRE" and year == 2024 else 1.0
                aboard[kind] += flow.kg_per_year * boxes / KG_PER_KT
    assert aboard["AIR"] == pytest.approx(own_by_air_kt(facts), rel=0.15)
    assert aboard["CRE"] == pytest.approx(facts.assumed("pool", "rail:own_kt"), rel=0.15)


@pytest.mark.parametrize("year", BASE_YEARS)
def test_what_is_shipped_beside_a_base_year_is_sound(year: int) -> None:
    """Figures and levers read, sources stand, every lever bears on lines that there are."""
    instance = read(folder(year))
    comparisons = read_comparisons(folder(year), instance)
    assert {c.line for c in comparisons} >= set(PROMISED)
    for asked in comparisons:
        assert (asked.value is None) is (asked.figure is Figure.NONE), asked.line
        assert asked.source
        assert asked.name.zh
    levers = read_levers(folder(year), instance)
    assert len(levers) > 10
    assert all(lever.low <= 1.0 <= lever.high and lever.low < lever.high for lever in levers)
    known = {asked.line for asked in comparisons}
    assert all(set(lever.lines) & known for lever in levers)


@pytest.mark.parametrize("file", ["README.md", "README.zh-CN.md"])
def test_the_readme_tells_what_was_found(file: str) -> None:
    """Each published line of both years stands in the table with plan and residual."""
    text = (ROOT / file).read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")] for line in text.splitlines()]
    told = {tuple(cells[2:8]) for cells in rows if len(cells) == 10}
    found = pinned()
    published = {line for (_, line), row in found.items() if row["published"]}
    for line in published:
        cells: list[str] = []
        for year in BASE_YEARS:
            row = found.get((name_of(year), line), {"published": "", "modelled": ""})
            cells += [shown(row["published"]), shown(row["modelled"]), residual(row)]
        assert tuple(cells) in told, (line, cells)


def shown(cell: str) -> str:
    """Return a figure as the command prints it."""
    return number(float(cell) if cell else None)


def residual(row: dict[str, str]) -> str:
    """Return a residual as the command prints it."""
    given = row.get("residual_percent")
    return percent(float(given) / 100 if given else None)
