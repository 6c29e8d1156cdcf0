"""Varying assumptions: a lever moves the cells that are meant and no others, and is solved anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from hubopt.cli.reconciling import dependence, ends
from hubopt.errors import InputError, InterruptedSolve, NoPlanError
from hubopt.instance.tables import Instance
from hubopt.solve.answer import Answer, Question, Silent, answer
from hubopt.study.comparison import Line
from hubopt.study.explain import Swing, asked_for, explain
from hubopt.study.levers import FILE, read_levers
from hubopt.study.reconcile import reconcile
from hubopt.text import Text
from tests.reconciling import compared, publish, row
from tests.tiny import tiny

LEVER = {
    "lever": "demand:machines", "name_en": "machines", "name_zh": "机械", "lines": "aboard",
    "table": "demand", "column": "demand_t_per_year", "where": "product=MACH;origin=A",
    "low": "0.5", "high": "1.2",
}  # fmt: skip


def test_a_lever_moves_what_is_meant(tmp_path: Path) -> None:
    """Half of A's machines in both stages, everything else as it was."""
    publish(tmp_path, LEVER, file=FILE)
    (lever,) = read_levers(tmp_path, tiny())
    moved = lever.moved(tiny(), lever.low)
    for before, after in zip(tiny().demand, moved.demand, strict=True):
        meant = before.product == "MACH" and before.origin == "A"
        factor = 0.5 if meant else 1.0
        assert after.demand_t_per_year == pytest.approx(before.demand_t_per_year * factor)
    assert moved.links == tiny().links


def test_whole_numbers_stay_whole(tmp_path: Path) -> None:
    """A limit of seven departures a week times 1.5 is 10, to the nearest even."""
    cells = {"table": "services", "column": "most_per_week", "where": "id=RAIL_OUT|AIR_OUT"}
    publish(tmp_path, LEVER | cells | {"high": "1.5"}, file=FILE)
    (lever,) = read_levers(tmp_path, tiny())
    most = {s.id: s.most_per_week for s in lever.moved(tiny(), lever.high).services}
    assert most == {"AIR_BACK": 7, "AIR_OUT": 10, "RAIL_BACK": 7, "RAIL_OUT": 10}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"table": "lorries"}, "table"),
        ({"column": "product"}, "column"),
        ({"where": "goods=MACH"}, "column"),
        ({"where": "product=SHOES"}, "where"),
        ({"low": "half"}, "low"),
    ],
)
def test_a_wrong_lever_is_named(tmp_path: Path, cells: dict[str, str], column: str) -> None:
    """A table, column, condition or factor that there is not is told with row and column."""
    publish(tmp_path, LEVER | cells, file=FILE)
    with pytest.raises(InputError) as caught:
        read_levers(tmp_path, tiny())
    found = caught.value.findings[0]
    assert (found.file, found.row, found.column) == ("reconcile/levers.csv", 2, column)


def test_without_levers_nothing_is_varied(tmp_path: Path) -> None:
    """An instance may ship figures and no levers."""
    assert read_levers(tmp_path, tiny()) == ()


def test_explaining_solves_both_ends(tmp_path: Path) -> None:
    """With less demand for machines less goes by rail; a lever for other lines is left alone."""
    other = LEVER | {"lever": "demand:wine", "where": "product=WINE", "lines": "landings"}
    publish(tmp_path, LEVER, other, file=FILE)
    asked = compared(tmp_path, row("aboard", "carried_kt", services="RAIL_OUT", value=1))
    instance = tiny()
    lines = reconcile(instance, answer(instance).plan, asked)
    central = asked_for(lines)
    levers = read_levers(tmp_path, instance)
    (swing,) = explain(instance, asked, levers, central, Question(), watcher=Silent())
    assert swing.lever.id == "demand:machines"
    assert swing.low is not None
    assert swing.high is not None
    assert swing.low < swing.central == lines[0].modelled
    assert swing.high >= swing.central
    assert swing.width == pytest.approx(swing.high - swing.low)
    assert "machines" in dependence(lines[0], [swing]).en


def test_a_stop_keeps_what_was_solved_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped in the third of four solves, the first assumption is told and the second is not."""
    second = LEVER | {"lever": "demand:all", "where": "product=MACH"}
    publish(tmp_path, LEVER, second, file=FILE)
    asked = compared(tmp_path, row("aboard", "carried_kt", services="RAIL_OUT", value=1))
    calls: list[Instance] = []

    def stopped_third(instance: Instance, question: Question, **_: object) -> Answer:
        calls.append(instance)
        if len(calls) == 3:
            raise InterruptedSolve(Text("stopped", "已中断"))
        return answer(instance, question)

    monkeypatch.setattr("hubopt.study.explain.answer", stopped_third)
    levers = read_levers(tmp_path, tiny())
    found = explain(tiny(), asked, levers, {"aboard": 25.0}, Question(), watcher=Silent())
    assert [swing.lever.id for swing in found] == ["demand:machines"]


def test_an_end_without_a_plan_is_blank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If one of many solves fails the others are told, and its own end is shown as none."""
    publish(tmp_path, LEVER, file=FILE)
    asked = compared(tmp_path, row("aboard", "carried_kt", services="RAIL_OUT", value=1))
    calls: list[Instance] = []

    def failed_first(instance: Instance, question: Question, **_: object) -> Answer:
        calls.append(instance)
        if len(calls) == 1:
            raise NoPlanError(Text("too short", "时间太短"))
        return answer(instance, question)

    monkeypatch.setattr("hubopt.study.explain.answer", failed_first)
    levers = read_levers(tmp_path, tiny())
    central = {"aboard": 25.0}
    (swing,) = explain(tiny(), asked, levers, central, Question(), watcher=Silent())
    assert swing.low is None
    assert swing.high is not None
    assert ends(swing).startswith("- …")


def test_small_residuals_are_not_explained(tmp_path: Path) -> None:
    """Only lines that are off by more than 15 % are varied; without one nothing is solved."""
    near = compared(tmp_path, row("aboard", "carried_kt", services="RAIL_OUT", value=25))
    assert asked_for([Line(near[0], 26.0)]) == {}
    assert asked_for([Line(near[0], 26.0)], ["aboard"]) == {"aboard": 26.0}
    with pytest.raises(InputError, match='nearest "aboard"'):
        asked_for([Line(near[0], 26.0)], ["abroad"])
    assert explain(tiny(), near, (), {}, Question(), watcher=Silent()) == ()


def test_the_widest_swing_comes_first(tmp_path: Path) -> None:
    """The width counts the central value too: both ends may lie on one side of it."""
    publish(tmp_path, LEVER, file=FILE)
    (lever,) = read_levers(tmp_path, tiny())
    assert Swing("a", lever, 10.0, 4.0, 8.0).width == 6.0
    assert Swing("a", lever, 10.0, None, 12.0).width == 2.0
