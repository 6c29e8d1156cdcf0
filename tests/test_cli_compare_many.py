"""`hubopt compare` on a terminal: what was changed, why freight moves, ten scenarios at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.cells import cell_len

from hubopt.cli import show
from hubopt.cli.compare_grid import pages, table, title
from hubopt.cli.compare_view import show_all
from hubopt.cli.comparing import marginals_of
from hubopt.cli.entry import run
from hubopt.instance.digest import content_hash
from hubopt.instance.write import write
from hubopt.plan.marginal import Marginal, MarginalKind
from hubopt.plan.plan import Unserved
from hubopt.plan.verify import verify
from hubopt.publish.compare_book import book
from hubopt.publish.compare_figures import more_figures
from hubopt.publish.compare_tables import as_record, sheets
from hubopt.publish.results import write_results
from hubopt.solve.answer import answer
from hubopt.study.compare import Comparison, compare
from hubopt.study.compare_facts import Topic, facts_of
from hubopt.text import Language
from tests.comparing import EXACT, POLICY, mini, result, solved, two_trucks
from tests.publishing import quick_maps, written
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

WIDTH = 100
MARGINALS = (Marginal(MarginalKind.LINK, 2025, "A", "T", "road_diesel", "", 12.5),)


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test in English, on a terminal of 100 columns."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    monkeypatch.setattr(show, "PLAIN_WIDTH", WIDTH)


def ten() -> Comparison:
    """Return the tiny plan beside ten others, each with another bit of freight and another site."""
    plan, results = tiny_plan(), []
    for number in range(11):
        flows = tuple(
            replace(row, kg_per_year=row.kg_per_year * (100 - 3 * number) // 100)
            for row in plan.flows
        )
        sites = tuple(
            replace(row, modules={"small": 1})
            if (row.site, row.stage) == ("DC_B", 2030) and number % 3 == 1
            else row
            for row in plan.sites
        )
        terms = {
            y: {t: n * (100 + number) // 100 for t, n in v.items()}
            for y, v in plan.terms_fen.items()
        }
        other = replace(
            plan, flows=flows, sites=sites, terms_fen=terms, scenario=f"a_long_name_{number}",
            objective_fen=plan.objective_fen * (100 + number) // 100,
        )  # fmt: skip
        facts = facts_of(f"results/{number}", tiny(), other, more_figures(tiny(), other))
        results.append(facts)
    return compare(results)


def tables_in(said: str) -> list[str]:
    """Return the lines that are rows of tables: figures apart by several spaces."""
    return [line for line in said.splitlines() if "  " in line.strip()]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_ten_scenarios_are_readable_on_a_hundred_columns(
    lang: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No table is wider than the terminal, no figure is cut, and every scenario has its line."""
    monkeypatch.setenv("HUBOPT_LANG", lang)
    show_all(ten())
    said = capsys.readouterr().out
    assert max(cell_len(line) for line in said.splitlines()) <= WIDTH + 100
    rows = tables_in(said)
    assert rows
    assert max(map(cell_len, rows)) <= WIDTH
    assert not any("…" in line for line in rows if not line.lstrip().startswith("2"))
    for number in range(2, 12):
        assert any(line.startswith(f"{number} a_long_name_{number - 1} ") for line in rows)
    heads = [line for line in rows if "11 - 1" in line]
    assert heads
    assert ("as in 1:" if lang == "en" else "与 1 相同：") in said or "= " in said


def test_a_wide_table_goes_on_below(capsys: pytest.CaptureFixture[str]) -> None:
    """Each part has the labels and the base again, and together they hold every column once."""
    heads = ["", "1", *(f"{n} - 1" for n in range(2, 30))]
    pages(heads, [["some label", "1,000", *(f"+{n},000" for n in range(2, 30))]])
    said = capsys.readouterr().out.splitlines()
    assert max(map(cell_len, said)) <= WIDTH
    tops, rows = said[::2], said[1::2]
    assert [len(row.split()) for row in rows] == [10, 10, 10, 10]
    assert all(row.startswith("some label  1,000") for row in rows)
    assert [f for row in rows for f in row.split()[3:]] == [f"+{n},000" for n in range(2, 30)]
    assert " ".join(" ".join(top.split()[1:]) for top in tops) == " ".join(heads[2:])


def test_a_table_that_is_too_wide_has_differences_only(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Lines and results that differ in nothing are left out, the latter by name."""
    found = ten()
    same = replace(found.base, label="same")
    found = compare([*found.results, same, same])
    table(found, title(Topic.UTILISATION), found.about(Topic.UTILISATION))
    said = capsys.readouterr().out
    assert "as in 1: 12, 13" in said
    assert "12 - 1" not in said
    lines = list(found.about(Topic.EMPTY_RUNS))
    assert lines
    table(found, title(Topic.EMPTY_RUNS), lines)
    assert "the same in all results" in capsys.readouterr().out


def test_two_results_stand_in_full(capsys: pytest.CaptureFixture[str]) -> None:
    """With room for it each result stands beside its difference, cost by city included."""
    show_all(compare([mini("base"), mini("border_halt")]))
    said = capsys.readouterr().out
    assert "cost to serve a tonne, by city, CNY/t, where it differs" in said
    assert "share of the capacity taken at the peak, %, the fullest" in said
    assert "Changed in the input, 2 against 1 (border_halt):" in said
    assert "  services wait_h: 4 rows +120 (BRIDGE, BRIDGE_BACK, CRE_BACK, CRE_OUT)" in said
    assert "    scenarios/border_halt.toml add[1]: BORDER20" in said
    freight = said.split("Freight that goes another way, 2 against 1")[1]
    assert ": by what was changed in the input" in freight
    assert "because: services CRE_OUT is cut (most_per_week 7 -> 1, x 0.1429)" in freight
    assert "[scenarios/border_halt.toml outage[1]]" in freight


def test_the_price_of_the_mode_hierarchy_is_printed_and_traced(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Cost, time and CO2e first, then the policy behind them and the freight that it moves."""
    show_all(compare([mini("base"), mini("mode_hierarchy")]))
    said = capsys.readouterr().out
    first, *rest = said.splitlines()
    assert first == "Price of a policy, 2 against 1 (policy on: hierarchy)"
    assert all(word in rest[1] for word in ("present value: cost +", "h a tonne", "CO2e "))
    assert "  instance policies: promises -> hierarchy|promises" in said
    assert "because: limit in force: mode_share_at_" in said


def edited(root: Path) -> tuple[Path, Path]:
    """Return two results of one instance that was edited, but for its name, between the solves."""
    before = result(root)
    whole = two_trucks()
    links = tuple(replace(row, cost_cny_per_t=row.cost_cny_per_t + 5.0) for row in whole.links)
    instance = replace(whole, links=links)
    plan = answer(instance, EXACT).plan
    home = root / "edited"
    write(instance, home)
    after = write_results(
        root / "results-edited", instance, plan, verify(instance, plan), run={},
        instance_folder=home, language=Language.EN, essentials=True,
    )  # fmt: skip
    assert content_hash(instance) == plan.instance_hash
    return before, after


@pytest.mark.parametrize(
    ("lang", "told", "where"),
    [
        ("en", "of the instance differ that no scenario changes", "in no scenario: the instance"),
        ("zh", "不同不属于任何情景", "不属于任何情景：算例本身被修改过"),
    ],
)
def test_an_instance_that_was_edited_is_told(
    lang: str, told: str, where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two results of one name and no scenario that differ in the input: which cells, and that."""
    both = edited(tmp_path)
    assert run(["compare", *map(str, both), "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert "links cost_cny_per_t" in said
    assert any(word in said for word in ("2 rows +5 (", "2 行 +5（"))
    assert where in said
    assert told in said.splitlines()[-1]


def test_marginal_values_that_were_edited_count_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table of marginal values that is not as it was written is passed over, not believed."""
    quick_maps(monkeypatch)
    folder = written(tmp_path, marginals=MARGINALS)
    assert marginals_of(folder) == MARGINALS
    file = folder / "tables" / "marginal_values.csv"
    file.write_text("stage,kind\n2025,nonsense\n", encoding="utf-8")
    assert marginals_of(folder) == ()
    file.unlink()
    assert marginals_of(folder) == ()
    assert capsys.readouterr().err == ""


def test_a_base_that_is_not_first_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The first result is what all are compared with, also where the scenario base comes later."""
    show_all(compare([mini("border_halt"), mini("base")]))
    assert "the scenario base is 2: name it first" in capsys.readouterr().out
    show_all(compare([mini("base"), mini("border_halt")]))
    assert "name it first" not in capsys.readouterr().out


def test_the_same_input_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """A result beside itself has the same input and no freight that moves; nothing was edited."""
    facts = facts_of("base", *solved())
    show_all(compare([facts, facts]))
    said = capsys.readouterr().out
    assert "2 against 1 (base): the same input as the base" in said
    assert "2 against 1 (base): no freight goes another way" in said
    assert "edited" not in said
    show_all(compare([facts, facts_of("led", *solved(POLICY))]))
    assert "no scenario changes" not in capsys.readouterr().out


def test_an_empty_plan_and_odd_names_can_be_compared(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is carried, no site stands, and a product is called like markup: all is printed."""
    instance, plan = tiny(), tiny_plan()
    goods = tuple(replace(row, name_en="[red]<b>=x") for row in instance.products)
    odd = replace(instance, products=goods)
    left = tuple(Unserved(row.id, int(row.demand_t_per_year * 1000)) for row in odd.demand)
    none = replace(plan, flows=(), sites=(), services=(), unserved=left, scenario="none")
    empty = facts_of("none", odd, none, more_figures(odd, none))
    full = facts_of("base", odd, plan, more_figures(odd, plan))
    for sides in ([full, empty], [empty, full], [empty, empty], [empty] * 5):
        found = compare(sides)
        show_all(found)
        said = capsys.readouterr().out
        assert book(found, sheets(found), Language.EN)
        assert as_record(found)
        if sides[0] is not sides[1]:
            assert "[red]<b>=x" in said
            assert "stays behind" in said
