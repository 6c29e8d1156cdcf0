"""The benchmarks' harness: cases, runs, rows, table and page; no time is asserted.

What needs the packages of the extra `bench` is tested in `benchmarks/test_backends.py`.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from defusedxml.ElementTree import fromstring
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks import figures, methods, page, results, runner, sections, sizes
from benchmarks.__main__ import main
from benchmarks.arrays import matrices_of
from benchmarks.cases import case_of
from benchmarks.chart import Chart, Line, svg
from benchmarks.figures import Results
from benchmarks.growth import PHASES_OF, wanted_of
from benchmarks.results import Row
from benchmarks.spec import Found, Spec, Task
from benchmarks.table import FIGURES
from hubopt.instance.public.location import Location
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.arrays import Matrices

TINY = (sizes.location(4, 8), sizes.gap(5), sizes.network(5, 3))


def brute_force(case: Location) -> float:
    """Return the optimum of a location problem without capacities, by every set of facilities."""
    best = float("inf")
    everyone = range(len(case.fixed))
    for count in range(1, len(case.fixed) + 1):
        for opened in itertools.combinations(everyone, count):
            cost = sum(case.fixed[i] for i in opened)
            cost += sum(min(row[i] for i in opened) for row in case.cost)
            best = min(best, cost)
    return best


def optimum_of(made: Matrices) -> float:
    """Return the optimum of arrays by scipy's solver.

    It is not highspy's: that one may have its number of threads chosen once in a process only.
    """
    whole = np.arange(len(made.cost)) < made.whole
    found = milp(
        made.cost,
        integrality=whole,
        bounds=Bounds(0, made.upper),
        constraints=LinearConstraint(made.matrix, made.row_lower, made.row_upper),
        options={"mip_rel_gap": 1e-9},
    )
    assert found.success, found.message
    return float(found.fun)


@pytest.mark.parametrize("spec", TINY, ids=lambda spec: spec.name)
def test_arrays_pyomo_and_hubopt_find_the_same_optimum(spec: Spec) -> None:
    """Weak and strong links, Pyomo, arrays and hubopt agree; no bound of hubopt lies above."""
    case = case_of(spec)
    best = optimum_of(matrices_of(case, strong=True))
    assert optimum_of(matrices_of(case, strong=False)) == pytest.approx(best, rel=1e-6)
    for method in ("arrays", "pyomo", "pyomo_weak", "hubopt"):
        (row,) = runner.run(Task("solve", spec, method, limit_s=60.0, gap=1e-9))
        assert row.value == pytest.approx(best, rel=1e-6), row.note
        assert row.bound is not None
        assert row.bound <= best * (1 + 1e-6)
        assert method == "hubopt" or row.status == "optimal"


@pytest.mark.parametrize("seed", range(5))
def test_the_arrays_are_those_of_the_problem(seed: int) -> None:
    """Without capacities trying every set of facilities gives the optimum of the arrays."""
    case = case_of(sizes.gap(6, seed))
    assert isinstance(case, Location)
    assert optimum_of(matrices_of(case, strong=False)) == pytest.approx(brute_force(case))


def test_a_strong_model_has_a_link_for_each_pair() -> None:
    """Its LP bound is higher; its nonzeros are those that a count by hand gives."""
    case = case_of(sizes.location(4, 8))
    strong, weak = (matrices_of(case, strong=links) for links in (True, False))
    assert weak.matrix.nnz == 4 * 8 + 4 * 8 + 4
    assert strong.matrix.nnz == weak.matrix.nnz + 2 * 4 * 8


def test_a_spec_makes_the_same_case_everywhere() -> None:
    """A task goes through a file unchanged, and its case comes out the same."""
    for spec in TINY:
        task = Task("solve", spec, "arrays", limit_s=3.0, gap=0.1)
        again = Task.from_json(task.as_json())
        assert again == task
        assert case_of(again.case) == case_of(spec)
    assert case_of(sizes.gap(6, 1)) != case_of(sizes.gap(6, 2))


def test_a_run_is_a_row_with_its_circumstances() -> None:
    """In a process of its own: value, bound, seconds, memory, date, load and versions."""
    (row,) = runner.run(Task("solve", sizes.gap(5), "arrays", limit_s=30.0, gap=1e-9))
    assert (row.status, row.case, row.method) == ("optimal", "uncapacitated 5", "arrays")
    assert row.value == pytest.approx(brute_force_of(sizes.gap(5)))
    assert row.gap == pytest.approx(0.0)
    assert row.seconds is not None
    assert row.seconds > 0
    assert row.date
    assert row.load in {"quiet", "other programs were running"}
    assert "highspy" in row.versions


def brute_force_of(spec: Spec) -> float:
    """Return the optimum of a case without capacities."""
    case = case_of(spec)
    assert isinstance(case, Location)
    return brute_force(case)


def test_what_is_not_installed_or_fails_is_a_row_with_a_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The run goes on: a package that is not there, and a case that cannot be read."""
    absent = replace(methods.METHODS["linopy"], packages=("no-such-package-at-all",))
    monkeypatch.setitem(methods.METHODS, "linopy", absent)
    (row,) = runner.run(Task("solve", sizes.gap(5), "linopy"))
    assert (row.status, row.note) == ("not installed", "not installed: no-such-package-at-all")
    (row,) = runner.run(Task("solve", Spec("orlib", {}, "no/such/file"), "arrays"))
    assert row.status == "failed"
    assert "cannot be read" in row.note
    assert row.seconds is None


def test_a_process_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """After twice its limit it is ended, and the row says so."""
    monkeypatch.setattr(runner, "GRACE_S", 0.0)
    (row,) = runner.run(Task("solve", sizes.gap(5), "arrays", limit_s=0.02))
    assert row.status == "failed"
    assert "was stopped" in row.note


def test_rounds_are_interleaved_and_failures_not_repeated() -> None:
    """Every other round runs backwards; what reached its limit is run once."""
    tasks = [Task("solve", sizes.gap(5), method) for method in ("arrays", "pyomo", "hubopt")]
    order = [(t.method, t.repeat) for n in (1, 2) for t in runner.interleaved(n, tasks)]
    assert order == [
        ("arrays", 1), ("pyomo", 1), ("hubopt", 1), ("hubopt", 2), ("pyomo", 2), ("arrays", 2),
    ]  # fmt: skip
    budget = runner.Budget(minutes=1.0)
    late = runner.rows_of(tasks[0], Found("limit"), None, "quiet")
    budget.heard(tasks[0], late)
    assert not budget.allows(tasks[0])
    assert budget.allows(tasks[1])


def test_a_round_is_run_whole_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first always is; the next one if it would end in time, judged by the one before."""
    now = [100.0]
    monkeypatch.setattr(runner.time, "monotonic", lambda: now[0])
    budget = runner.Budget(minutes=1.0)
    assert budget.allows_round(1)
    now[0] += 25.0
    assert budget.allows_round(2)
    now[0] += 25.0
    assert not budget.allows_round(3)
    assert runner.Budget(minutes=0.0).allows_round(1)


def test_rows_go_through_csv_unchanged(tmp_path: Path) -> None:
    """What is written is read again; blank is no number, and an absent file is no rows."""
    rows = [
        Row("solve", "a", "hubopt", 1, seconds=0.1234, value=12.5, bound=12.0, note='x, "y"'),
        Row("solve", "a", "arrays", 2, status="failed", nonzeros=7),
    ]
    results.save("solve", rows, tmp_path)
    assert results.load("solve", tmp_path) == rows
    assert results.load("growth", tmp_path) == []
    assert rows[0].gap == pytest.approx(0.04)
    assert rows[1].gap is None


def timed(section: str, **seconds: float) -> list[Row]:
    """Return a row for each method with so many seconds."""
    return [
        Row(section, "c", method, 1, seconds=spent, nonzeros=1000, value=1.0, bound=1.0)
        for method, spent in seconds.items()
    ]


def test_lines_without_results_say_so() -> None:
    """Without any file each line of the table is not measured yet, in both languages."""
    for figure in FIGURES:
        measured = figure.measured(Results({}))
        assert measured.reached is None
        assert (measured.words.en, measured.words.zh) == ("not measured yet", "尚未测量")


def test_a_figure_is_reached_or_says_by_how_much_it_is_not() -> None:
    """At the figure it is reached, above it the words say how far; quick sizes claim nothing."""
    line = {figure.name: figure for figure in FIGURES}["handover"]
    good = Results({"handover": timed("handover", prepared=1.0, hubopt=2.0)})
    bad = Results({"handover": timed("handover", prepared=1.0, hubopt=3.0, linopy=10.0)})
    assert line.measured(good).reached is True
    assert line.measured(bad).reached is False
    assert "3.00 x: not reached, 1.50 times the figure" in line.measured(bad).words.en
    assert "linopy 10 x" in line.measured(bad).words.en
    quick = line.measured(replace(bad, quick=frozenset({"handover"})))
    assert quick.reached is None
    assert "sizes of `--quick` only" in quick.words.en
    assert "仅 `--quick` 规模" in quick.words.zh


def test_small_cases_are_judged_by_the_worst() -> None:
    """One case in which hubopt is too slow misses the figure, however fast the others are."""
    rows = timed("small", monolithic=1.0, hubopt=1.1)
    slow = [replace(row, case="d") for row in timed("small", monolithic=1.0, hubopt=2.4)]
    assert figures.small(Results({"small": rows})).reached is True
    worst = figures.small(Results({"small": [*rows, *slow]}))
    assert worst.reached is False
    assert "2.40 x: not reached, 2.00 times the figure (d; 2 cases)" in worst.words.en


def test_growth_is_claimed_only_at_the_gap_that_was_asked() -> None:
    """Twice the shipments in twice the time is good, unless a gap is left open."""
    names = sections.doublings(sizes.FULL)["shipments"]
    rows = [
        Row("growth", name, "hubopt", 1, seconds=2.0**k, value=1.0, bound=1.0, gap_asked=0.01)
        for k, name in enumerate(names)
    ]
    assert figures.growth(Results({"growth": rows})).reached is True
    open_ones = [replace(row, bound=0.8) for row in rows]
    left = figures.growth(Results({"growth": open_ones}))
    assert left.reached is False
    assert "up to 20.00% is left" in left.words.en


def test_lines_of_other_programs_are_read_when_they_are_there() -> None:
    """A case closes its gap in time or not; families count what is proved."""
    line = {figure.name: figure for figure in FIGURES}["zhengzhou"]
    whole = Row("instances", "zhengzhou", "hubopt", 1, seconds=70.0, value=1000.0, bound=999.5,
                gap_asked=0.001)  # fmt: skip
    writing = replace(whole, phase="writing", seconds=15.0, value=None, bound=None)
    good = line.measured(Results({"instances": [whole, writing]}))
    assert good.reached is True
    assert good.words.en == "0.05% at 55 s, files at 70 s"
    late = line.measured(Results({"instances": [whole]}))
    assert late.reached is False
    assert late.words.en.endswith("not reached")
    graphs = {figure.name: figure for figure in FIGURES}["multimodal"]
    small = Row("multimodal", "S", "hubopt", 1, seconds=3.0, value=1.0, bound=0.9995,
                gap_asked=0.001)  # fmt: skip
    part = graphs.measured(Results({"multimodal": [small]}))
    assert part.reached is False
    assert "S 0.1%: 0.05% in 3.0 s, not 2 s" in part.words.en
    assert "L 0.5%: not measured yet" in part.words.en
    families = {figure.name: figure for figure in FIGURES}["cap"]
    cases = [
        Row("families", name, "hubopt", 1, phase="cap", status=status, seconds=3.0)
        for name, status in (("cap41", "optimal"), ("capa@8000", "feasible"))
    ]
    found = families.measured(Results({"families": cases}))
    assert found.reached is False
    assert found.words.en == "1 of 2 proved, 3.0 s on average"


def test_a_chart_is_whole_and_the_same_again() -> None:
    """It is XML with a line for each series that has points; zeros, which have no log, are out."""
    title = Text("a < b", "甲 < 乙")
    lines = [Line(title, [(1, 2.0), (2, 4.0)]), Line(Text("zero", "零"), [(1, 0.0)])]
    chart = Chart(title, title, title, lines)
    text = svg(chart, Language.ZH)
    assert text == svg(chart, Language.ZH)
    root = fromstring(text)
    kinds = [part.tag.rpartition("}")[2] for part in root]
    assert kinds.count("polyline") == 1
    assert kinds.count("circle") == 2
    assert any(part.text == "甲 < 乙" for part in root)


def test_the_page_is_what_the_results_give() -> None:
    """`docs/performance.md`, its Chinese twin and the charts are up to date with the CSV files."""
    for name, text in page.pages(figures.all_results()).items():
        assert (page.DOCS / name).read_text(encoding="utf-8") == text, (
            f"docs/{name} is not what benchmarks/results/*.csv give: run python -m benchmarks page"
        )


def test_the_command_runs_a_section_and_writes_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One small pair and one growth step end in files with a row each, phases apart."""
    tiny = replace(
        sizes.QUICK, small=(sizes.location(3, 5),), growth=(("start", 4, 6, 3),), rounds=1
    )
    monkeypatch.setattr(sizes, "QUICK", tiny)
    assert main(["small", "growth", "--quick", "--out", str(tmp_path)]) == 0
    pair = results.load("small", tmp_path)
    assert {row.method for row in pair} == {"monolithic", "hubopt"}
    assert pair[0].value == pytest.approx(pair[1].value)
    grown = results.load("growth", tmp_path)
    phases = {row.phase for row in grown}
    assert phases | {"pricing"} == {"", *PHASES_OF}  # where all routes are listed none is priced
    assert all(row.seconds is not None for row in grown)
    assert sum(row.seconds or 0 for row in grown if row.phase) <= (grown[0].seconds or 0) * 1.01
    assert "invented 4 x 6 x 3" in capsys.readouterr().out


def test_sizes_are_whole() -> None:
    """Doublings double one thing each, and every size can be made."""
    assert sum(sizes.FULL.minutes[name] for name in sections.SECTIONS) < 25
    for size in (sizes.FULL, sizes.QUICK):
        for names in sections.doublings(size).values():
            assert len(names) >= 2
        for task in sections.growth(size):
            assert wanted_of(task.case).cities >= 3
        for section in sections.SECTIONS:
            made = sections.tasks_of(section, size, "x")
            assert json.loads(made[0].as_json())["section"] == section


def test_public_cases_are_taken_where_their_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files in the folder become cases by name; without the variable there are none."""
    (tmp_path / "orlib_cap").mkdir()
    (tmp_path / "orlib_cap" / "cap71.txt").write_text(
        "2 2\n9 5\n9 6\n3\n1 2\n4\n2 1\n", encoding="ascii"
    )
    (tmp_path / "best_known.csv").write_text(
        "family,instance,file,best_known,proved_optimal,source\ncflp_orlib,cap71,x,8,1,a test\n",
        encoding="ascii",
    )
    monkeypatch.setenv("HUBOPT_BENCHMARKS", str(tmp_path))
    (spec,) = sizes.public_cases()
    assert spec.name == "cap71"
    assert optimum_of(matrices_of(case_of(spec), strong=True)) == pytest.approx(5 + 1 + 2)
    (task,) = sections.families(sizes.FULL)
    (row,) = runner.run(task)
    assert (row.case, row.phase, row.status) == ("cap71", "cap", "optimal")
    assert row.value == pytest.approx(8.0)
    monkeypatch.delenv("HUBOPT_BENCHMARKS")
    assert list(sizes.public_cases()) == []
    assert sections.families(sizes.FULL) == []


def test_an_unknown_section_is_refused(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code is 2, and the sections that there are stand in the message."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    with pytest.raises(SystemExit) as caught:
        main(["solv"])
    assert caught.value.code == 2
    assert (
        "growth, small, multimodal, scenario, instances, families, page" in capsys.readouterr().err
    )
