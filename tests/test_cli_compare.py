"""`hubopt compare` as a planner meets it: the price first, files on request, plain refusals."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubopt.cli.compare_view import MOST_ROWS, show_all
from hubopt.cli.entry import run
from hubopt.errors import InputError
from hubopt.instance.read import read
from hubopt.plan.plan import Unserved
from hubopt.plan.verify import verify
from hubopt.publish.compare_figures import more_figures
from hubopt.publish.compare_tables import sheets
from hubopt.publish.results import write_results
from hubopt.publish.spread import csv_bytes
from hubopt.study.compare import compare
from hubopt.study.compare_facts import facts_of
from hubopt.text import Language
from hubopt.vocabulary import CostTerm
from tests.comparing import POLICY, WEIGHTS, result, solved
from tests.instance_folder import snapshot
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

PRICE_CNY = 240_000 * WEIGHTS[2025] + 480_000 * WEIGHTS[2030]
FREE_CNY = 500_000 * WEIGHTS[2025] + 750_000 * WEIGHTS[2030]
FILES = {
    "compare.csv", "compare.gpkg", "compare.json", "compare.xlsx", "compare_all_sites.csv",
    "compare_figures.csv", "compare_inputs.csv", "compare_price.csv", "compare_results.csv",
    "compare_routes.csv", "compare_services.csv", "compare_sites.csv",
}  # fmt: skip


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start each test in English, and leave the language to others as it was."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


@pytest.fixture
def both(tmp_path: Path) -> tuple[Path, Path]:
    """Return the results without and with the policy."""
    return result(tmp_path), result(tmp_path, POLICY)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of a table that was written."""
    text = (folder / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_price_stands_first_in_two_languages(
    both: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """Cost, time and CO2e as present value and year by year, as worked out by hand."""
    assert run(["compare", *map(str, both)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Price of a policy, 2 against 1 (policy on: green)"
    assert "mode_share_at_least 2025 road_battery 0.6" in said[1]
    whole = f"cost {PRICE_CNY / 1e6:+,.2f} million CNY ({100 * PRICE_CNY / FREE_CNY:+.2f} %)"
    assert said[2].startswith(f"  present value: {whole}")
    assert said[2].endswith("time +0.36 h a tonne, CO2e -351.0 t over all years")
    assert said[3].startswith("  2025: cost +0.24 million CNY a year (+48.00 %)")
    assert said[3].endswith("time +0.30 h a tonne, CO2e -23.4 t a year")
    assert said[4].startswith("  2030: cost +0.48 million CNY a year (+64.00 %)")
    assert said[4].endswith("time +0.40 h a tonne, CO2e -46.8 t a year")
    assert run(["compare", *map(str, both), "--lang", "zh"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "政策的代价，2 对比 1（启用政策：green）"
    assert "2025 年：成本 +0.24 百万元/年 (+48.00 %)，时间 +0.30 小时/吨" in said[3]
    assert "二氧化碳当量 -23.4 吨/年" in said[3]


def test_files_hold_all_that_is_printed_as_json(
    both: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With -o tables and compare.json are written; the latter is what --json prints."""
    out = tmp_path / "out" / "compared"
    assert run(["compare", *map(str, both), "-o", str(out), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert {path.name for path in out.iterdir()} == FILES
    assert json.loads((out / "compare.json").read_text(encoding="utf-8")) == printed
    (price,) = printed["prices"]
    assert price["parts"][0]["cost_cny"] == pytest.approx(PRICE_CNY, abs=0.01)
    first = rows(out, "compare_price.csv")[0]
    assert float(first["cost_cny"]) == price["parts"][0]["cost_cny"]
    assert first["switched_on"] == POLICY
    lines = rows(out, "compare.csv")
    assert len(lines) == len(printed["lines"])
    assert {row["within_gaps"] for row in lines} == {"no"}
    assert [row["folder"] for row in rows(out, "compare_results.csv")] == [*map(str, both)]
    before = snapshot(out)
    assert run(["compare", *map(str, both), "-o", str(out), "--json"]) == 0
    assert snapshot(out) == before


def test_a_scenario_is_compared_with_its_base(
    both: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two results of one folder, one of them in a scenario that switches the policy on."""
    home = tmp_path / "instance"
    file = home / "scenarios" / "led.toml"
    file.parent.mkdir()
    file.write_text(f'policies_on = ["{POLICY}"]\n', encoding="utf-8")
    instance, plan = solved(POLICY)
    led = write_results(
        tmp_path / "results",
        instance,
        named := replace(plan, scenario="led"),
        verify(instance, named),
        run={},
        instance_folder=home,
        language=Language.EN,
        essentials=True,
    )
    assert led.parent == both[0].parent
    assert run(["compare", str(both[0]), str(led), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert [row["scenario"] for row in record["results"]] == ["base", "led"]
    (price,) = record["prices"]
    assert price["switched_on"] == [POLICY]
    assert price["differs_besides"] == []
    assert price["parts"][0]["cost_cny"] == pytest.approx(PRICE_CNY, abs=0.01)


def test_names_are_no_formulas_in_the_tables() -> None:
    """A product called =1+1 stands in the table as text."""
    instance, plan = solved()
    named = tuple(replace(row, name_en="=1+1", name_zh="+2") for row in instance.products)
    odd = facts_of("-a", replace(instance, products=named), plan)
    lines, results, *_ = sheets(compare([odd, odd]))
    assert b"'=1+1,'+2" in csv_bytes(lines)
    assert b"\n1,'-a," in csv_bytes(results)


def test_the_same_result_twice_is_all_zeros(
    both: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """A result beside itself has no price, and every difference is 0."""
    assert run(["compare", str(both[0]), str(both[0]), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["prices"] == record["sites"] == []
    assert {row["differences"][0] for row in record["lines"]} == {0.0}
    assert run(["compare", str(both[0]), str(both[0])]) == 0
    assert "the same sites in the same sizes" in capsys.readouterr().out


def test_a_few_kilograms_are_no_matter(capsys: pytest.CaptureFixture[str]) -> None:
    """What rounds to nothing bears no mark, and of kilograms left behind no word is made."""
    instance, plan = solved(POLICY)
    left = tuple(
        replace(row, kg_per_year=3) if instance.shipment[row.shipment].stage == 2025 else row
        for row in plan.unserved
    ) or (Unserved(instance.demand[0].id, 3),)
    terms = {
        year: {**found, CostTerm.UNSERVED: found[CostTerm.UNSERVED] + 1}
        for year, found in plan.terms_fen.items()
    }
    base = facts_of("base", *solved())
    led = facts_of("led", instance, replace(plan, unserved=left, terms_fen=terms))
    wide = replace(base, outcome=replace(base.outcome, bound_fen=0))
    show_all(compare([wide, led]))
    said = capsys.readouterr().out
    assert ", unserved" not in said.splitlines()[2]
    assert " 0 ~" not in said
    assert "+2.44 ~" in said


@pytest.mark.parametrize(
    ("lang", "within", "mark"),
    [("en", "within the gaps", "as far as is proved"), ("zh", "在差距之内", "就已证明的范围而言")],
)
def test_noise_is_marked(
    lang: str, within: str, mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With 3 million CNY left open the price of 2.44 million is marked, and why is said."""
    free = result(tmp_path)
    led = result(tmp_path, POLICY, gap_fen=300_000_000)
    assert run(["compare", str(free), str(led), "--lang", lang]) == 0
    said = capsys.readouterr().out
    assert within in said.splitlines()[3]  # after what is not near to the base
    assert "-0.56" in said.splitlines()[6]
    assert "+2.44 ~" in said
    assert mark in said.splitlines()[-1]


def test_what_changes_is_named_and_the_rest_is_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """Sites are named with what happens to them; of long lists the widest differences are shown."""
    plan = tiny_plan()
    here = {
        ("DC_B", 2030): {"small": 1},
        ("TERM_T", 2030): {"yard": 0},
        ("DC_A", 2030): {"large": 2, "small": 0},
    }
    sites = tuple(
        replace(row, modules=here.get((row.site, row.stage), row.modules)) for row in plan.sites
    )
    flows = tuple(replace(row, kg_per_year=row.kg_per_year // 2) for row in plan.flows)
    results = [
        facts_of(label, tiny(), one, more_figures(tiny(), one))
        for label, one in (("a", plan), ("b", replace(plan, sites=sites, flows=flows)))
    ]
    show_all(compare(results))
    said = capsys.readouterr().out
    assert "2030, 2 against 1: DC A (other size); DC B (opens); Terminal T (dropped)" in said
    used = said.split("share of the capacity taken at the peak, %, where it differs")[1]
    rows = used.splitlines()[1:]
    assert rows[MOST_ROWS].endswith("that differ less; all with -o or --json")
    assert not any(" -  " in row for row in rows[:MOST_ROWS])
    assert "\nnumber of sites " in said
    assert "2030 opened" not in said


def test_one_result_is_refused(both: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """One result, or none, ends with code 2 and how to call it."""
    for results in ([], [str(both[0])]):
        assert run(["compare", *results]) == InputError.exit_code
        assert "hubopt compare BASE OTHER" in capsys.readouterr().err


def test_a_folder_without_a_result_is_refused(
    both: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that is not there, or holds nothing readable, is named; nothing is written."""
    broken = tmp_path / "broken"
    shutil.copytree(both[0], broken)
    (broken / "plan.json").write_text('{"format": 1', encoding="utf-8")
    out = tmp_path / "out"
    for folder in (tmp_path / "nowhere", broken):
        assert run(["compare", str(both[0]), str(folder), "-o", str(out)]) == InputError.exit_code
        assert str(folder) in capsys.readouterr().err
    assert not out.exists()


def test_results_of_two_instances_are_refused(
    both: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A result whose instance bears another name is refused, with both names."""
    other = result(tmp_path, name="else")
    found = run(["compare", str(both[0]), str(other), "--lang", "zh"])
    assert found == InputError.exit_code
    said = capsys.readouterr().err
    assert "与基准不是同一算例" in said
    assert "tiny" in said
    assert '"else"' in said


def test_a_plan_that_does_not_hold_is_not_compared(
    both: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed cost is found before anything is compared; the folder and the check are named."""
    file = both[1] / "plan.json"
    plan = json.loads(file.read_text(encoding="utf-8"))
    plan["terms_fen"]["2025"]["line_haul"] += 1
    file.write_text(json.dumps(plan), encoding="utf-8")
    assert run(["compare", *map(str, both)]) == 1
    said = capsys.readouterr().err
    assert str(both[1]) in said
    assert "cost_line_haul" in said


def test_nothing_is_written_into_a_result(
    both: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """A result folder holds hubopt's own files and no others: -o there is refused."""
    before = snapshot(both[0])
    assert run(["compare", *map(str, both), "-o", str(both[0])]) == InputError.exit_code
    assert "choose another folder" in capsys.readouterr().err
    assert snapshot(both[0]) == before


def test_instances_that_have_moved_are_named(
    both: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--instance is given once for each result; any other number of times is refused."""
    homes = [tmp_path / "moved", tmp_path / "moved-too"]
    for old, new in zip(("instance", f"instance-{POLICY}"), homes, strict=True):
        (tmp_path / old).rename(new)
    assert read(homes[0]).settings.policies == frozenset()
    assert run(["compare", *map(str, both)]) == InputError.exit_code
    assert "--instance" in capsys.readouterr().err
    given = [word for home in homes for word in ("--instance", str(home))]
    assert run(["compare", *map(str, both), *given]) == 0
    assert "policy on: green" in capsys.readouterr().out
    assert run(["compare", *map(str, both), *given, *given]) == InputError.exit_code
    assert "4 times for 2 results" in capsys.readouterr().err
