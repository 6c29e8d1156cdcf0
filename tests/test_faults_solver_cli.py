"""Sixty misdeeds of a solver child, and how `hubopt solve` ends after each."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from hubopt.solver.form import SolverStatus
from tests.fake_child import MISDEEDS
from tests.fault_runs import place, template
from tests.test_faults_solver import LASTING, TRUE, UNPROVED, command, expected

if TYPE_CHECKING:
    from tests.fault_runs import Place

__all__ = ["place", "template"]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="commands are forked")

OK, NO_TIME, FAILED = 0, 3, 70

ONCE = {"a plan, then silence", "floods with plans"}
"""Only the first child does this; the LP of prices would wait for it too."""

BRIEF = {*LASTING, *ONCE, "answers after the deadline"}

FAST = (
    "segmentation fault",
    "optimal but it breaks a row",
    "claims infeasible",
    "NaN as bound",
    "a plan, then garbage",
)


@pytest.mark.parametrize(
    "name",
    [name if name in FAST else pytest.param(name, marks=pytest.mark.campaign) for name in MISDEEDS],
)
def test_a_misdeed_through_the_command_line(name: str, place: Place) -> None:
    """Right code, words in the planner's language with a remedy, and only what holds is written."""
    zh = list(MISDEEDS).index(name) % 2 == 1
    mark = place.folder / "mark" if name in ONCE else ""
    words = ["--time", "2"] if name in BRIEF else ["--memory-mb", "600"]
    done = place.solve(
        *words, child=command(name, mark), quick=True, HUBOPT_LANG="zh" if zh else "en"
    ).ended()
    told = done.out + done.err
    status = expected(name)
    if status.has_values:
        assert (done.code, place.state()) == (OK, "new"), told
        proved = name in TRUE - UNPROVED
        assert proved == (done.err == ""), told
        assert proved or ("保留" if zh else "was kept") in done.err, told
    else:
        code = NO_TIME if status is SolverStatus.LIMIT_WITHOUT_VALUES else FAILED
        assert (done.code, place.state()) == (code, "old"), told
        assert ("请" if zh else "ry again") in done.err or "--" in done.err, told
        assert "solver" in done.err or "求解" in done.err or "--time" in done.err, told
    assert place.left_over() == []
