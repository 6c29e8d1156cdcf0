"""compare.xlsx holds all of a comparison, read back by a real reader, and runs nothing."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from hubopt.publish.compare_book import book
from hubopt.publish.compare_figures import city_of, more_figures
from hubopt.publish.compare_heads import HEADS, TITLES
from hubopt.publish.compare_tables import as_record, sheets
from hubopt.study.compare import compare
from hubopt.study.compare_facts import TOGETHER, Key, Topic, facts_of
from hubopt.text import Language
from hubopt.units import FEN_PER_CNY
from tests.comparing import POLICY, TONNES, mini, solved
from tests.tiny import tiny

if TYPE_CHECKING:
    from hubopt.study.compare import Comparison


def opened(found: Comparison, language: Language = Language.EN) -> Any:  # noqa: ANN401
    """Return the workbook of a comparison, read back."""
    return load_workbook(io.BytesIO(book(found, sheets(found), language)))


def border() -> Comparison:
    """Return the shipped mini at the border halt beside its base."""
    return compare([mini("base"), mini("border_halt")])


def rows(page: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows of a sheet by heading."""
    heads, *found = page.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in found]


def test_every_table_is_a_sheet_with_its_title() -> None:
    """The first sheet says what this is; the others are called in the language."""
    found = border()
    names = [sheet.name for sheet in sheets(found)]
    assert set(names) < set(TITLES)
    for language in Language:
        called = [title.in_language(language) for title in TITLES.values()]
        shown = opened(found, language).sheetnames
        assert shown == [name for name in called if name in shown]
        assert len(shown) == len(names)
    assert opened(found, Language.ZH).sheetnames[0] == "说明"


def test_every_column_has_a_heading_in_both_languages() -> None:
    """No column is called by its name in the files, and what has a unit says it."""
    found = border()
    for sheet in sheets(found)[1:]:
        for column in sheet.columns:
            name, _, number = column.rpartition("_")
            assert column in HEADS or (name in HEADS and number in {"1", "2"}), column
    heads = opened(found)["figures side by side"][1]
    assert [cell.value for cell in heads][-3:] == [
        "value, 2 border_halt", "difference from the base, 2 border_halt",
        "~ within the gaps, 2 border_halt",
    ]  # fmt: skip
    assert all(cell.font.bold for cell in heads)


def test_the_first_sheet_says_which_results_and_how_sure() -> None:
    """Results with their scenarios and gaps, and what ~ marks, in both languages."""
    base = facts_of("free", *solved())
    led = facts_of("led", *solved(POLICY))
    wide = replace(led, outcome=replace(led.outcome, bound_fen=0))
    page = opened(compare([base, wide]))["about"]
    english, chinese = ("\n".join(str(cell.value) for cell in column) for column in page.columns)
    assert "1 (base): free, scenario base:" in english
    assert "2: led, scenario base:" in english
    assert "~ marks a difference in cost that is smaller, and may be noise" in english
    assert "（基准）" in chinese
    assert "~ 标出小于此值的成本差异" in chinese
    marks = rows(opened(compare([base, wide]))["figures side by side"])
    whole = (row for row in marks if row["stage, year"] is None and row["item"] is None)
    cost = next(row for row in whole if row["topic"] == "cost")
    assert cost["~ within the gaps, 2 base"] == "~"


def test_what_is_read_back_is_what_the_plans_say() -> None:
    """Costs of both plans to the fen, tonnes that moved and changed cells as in the JSON."""
    found = border()
    pages, record = opened(found), as_record(found)
    costs = [row["cost, CNY"] for row in rows(pages["results"])]
    assert costs == [f.plan.objective_fen / FEN_PER_CNY for f in found.results]
    routes, inputs = record["routes"], record["inputs"]
    assert isinstance(routes, list)
    assert isinstance(inputs, list)
    moved = [row["moved, t per year"] for row in rows(pages["changed routes"])]
    assert moved == [row["moved_t_per_year"] for row in routes]
    after = [row["after (in the unit)"] for row in rows(pages["changed inputs"])]
    assert after == [row["after"] for row in inputs]
    assert sum(moved) == pytest.approx(
        sum(route.shift.tonnes for route in found.routes[1]), rel=1e-9
    )
    assert json.dumps(record, allow_nan=False)


def test_the_same_results_give_the_same_workbook() -> None:
    """Byte for byte, in either language."""
    found = border()
    for language in Language:
        assert book(found, sheets(found), language) == book(found, sheets(found), language)


def test_names_are_no_formulas_in_the_workbook() -> None:
    """A product, folder and scenario that begin with signs of formulas stay texts."""
    instance, plan = solved()
    named = tuple(replace(row, name_en="=1+1", name_zh="@x") for row in instance.products)
    odd = facts_of(
        '-cmd|"calc"!A1',
        replace(instance, products=named),
        replace(plan, scenario='=HYPERLINK("http://x")'),
    )
    pages = opened(compare([odd, replace(odd, label="+b")]))
    cells = [cell for page in pages for row in page.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert {"=1+1", "@x", '-cmd|"calc"!A1', "+b", '=HYPERLINK("http://x")'} <= texts


def test_nothing_that_differs_is_a_workbook_of_headings() -> None:
    """A result beside itself: the sheets of changes are empty and there all the same."""
    facts = facts_of("base", *solved())
    pages = opened(compare([facts, facts]))
    for title in ("changed inputs", "changed routes", "changed sites", "price of policies"):
        assert rows(pages[title]) == []
        assert pages[title].freeze_panes == "A2"


def test_sites_and_services_stand_side_by_side() -> None:
    """Every site of every stage with what both results make of it, and each service that runs."""
    found = border()
    pages = opened(found)
    sites = rows(pages["sites side by side"])
    assert len(sites) == len(found.base.plan.sites)
    assert {row["outcome, 1 base"] for row in sites} >= {"kept", "opened"}
    runs = {
        (row["stage, year"], row["service"]): row for row in rows(pages["services side by side"])
    }
    for plan in (facts.plan for facts in found.results):
        for row in plan.services:
            known = runs.get((row.stage, row.service))
            if known is None:
                assert row.departures_per_week == row.empty_per_week == 0
            else:
                head = "departures, per week, " + (
                    "1 base" if plan is found.base.plan else "2 border_halt"
                )
                assert known[head] == row.departures_per_week


def test_cost_to_serve_by_city_adds_up() -> None:
    """All freight of the two trucks goes to B: its cost a tonne is that of all."""
    instance, plan = solved()
    numbers = more_figures(instance, plan)
    for year in TONNES:
        by_city = {k.item: v for k, v in numbers.items() if (k.topic, k.stage) == (CITY, year)}
        assert by_city == {"B": numbers[Key(Topic.COST_TO_SERVE, year, TOGETHER)]}


CITY = Topic.COST_TO_SERVE_CITY


def test_the_city_is_the_end_at_home() -> None:
    """Where freight goes, or where it comes from if it goes abroad; none if both ends are."""
    found = {row.id: city_of(tiny(), row) for row in tiny().demand if row.stage == 2025}
    assert found["FMCG_A_B_2025"] == "B"
    assert found["MACH_B_R_2025"] == "B"
    assert found["WINE_R_A_2025"] == "A"
    through = replace(tiny().demand[0], origin="E", destination="R")
    assert city_of(tiny(), through) is None
