"""Every method finds the same optimum on tiny cases; these tests belong to the extra `bench`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks import runner, sections, sizes
from benchmarks.arrays import matrices_of
from benchmarks.cases import case_of
from benchmarks.methods import METHODS
from benchmarks.spec import Task

if TYPE_CHECKING:
    from benchmarks.results import Row
    from benchmarks.spec import Spec

CASES = (sizes.location(5, 9), sizes.gap(6), sizes.network(5, 3))
OPTIMA: dict[str, float] = {}


def ran(task: Task) -> Row:
    """Return the row of a run; skip where its packages are not installed."""
    missing = METHODS[task.method].missing()
    if missing:
        pytest.skip(f"the extra bench is not installed: {missing}")
    return runner.run(task)[0]


def optimum(case: Spec) -> float:
    """Return the optimum that numpy arrays and HiGHS find."""
    if case.name not in OPTIMA:
        row = runner.run(Task("solve", case, "arrays", gap=1e-9))[0]
        assert row.status == "optimal", row.note
        assert row.value is not None
        OPTIMA[case.name] = row.value
    return OPTIMA[case.name]


@pytest.mark.parametrize("method", sections.SOLVE)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_method_finds_the_same_optimum(case: Spec, method: str) -> None:
    """Value and bound are those of the others, to a millionth; no bound lies above."""
    row = ran(Task("solve", case, method, limit_s=60.0, gap=1e-9))
    best = optimum(case)
    assert row.value == pytest.approx(best, rel=1e-6), row.note
    assert row.bound is not None
    assert row.bound <= best * (1 + 1e-6)
    if method != "hubopt":  # its bound over all routes may be that of the LP
        assert row.status == "optimal"
        assert row.bound == pytest.approx(best, rel=1e-6)


@pytest.mark.parametrize("method", [name for name in sections.HANDOVER if name != "hubopt"])
def test_every_method_hands_over_the_same_model(method: str) -> None:
    """The solver holds every nonzero of the strong model; the time is above none."""
    case = sizes.location(5, 9)
    row = ran(Task("handover", case, method))
    assert row.status == "done", row.note
    assert row.nonzeros == matrices_of(case_of(case), strong=True).matrix.nnz
    assert row.seconds is not None
    assert row.seconds > 0
