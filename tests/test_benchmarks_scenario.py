"""One more scenario in the benchmarks: the same changed problem for both, and the same optimum."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks import scenario, sections, sizes
from benchmarks.spec import Task
from hubopt.instance.public.multimodal import read
from tests.one_stop_cases import Size, random_case, write_case
from tests.solve_here import solved_here

if TYPE_CHECKING:
    from pathlib import Path

SEED = 2


@pytest.fixture
def tasks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Task]:
    """Return the tasks of a small case that is called S, solved within this process."""
    folder = tmp_path / "multimodal"
    folder.mkdir()
    write_case(random_case(SEED, Size(nodes=8, extra=10, shipments=12, sites=5)), folder, "S")
    monkeypatch.setenv("HUBOPT_BENCHMARKS", str(tmp_path))
    monkeypatch.setattr("hubopt.engine.one_stop.search.run", solved_here)
    monkeypatch.setattr(scenario, "on_one_core", lambda: None)
    return {task.method: task for task in sections.scenario(sizes.FULL)}


def test_both_solve_the_same_scenario(tasks: dict[str, Task]) -> None:
    """The verified plan costs no more than the best over listed ways, and its bound holds."""
    pytest.importorskip("highspy")
    assert sorted(tasks) == ["hubopt", "pyomo"]
    ours, theirs = (scenario.run(tasks[method]) for method in ("hubopt", "pyomo"))
    assert (ours.status, theirs.status) == ("feasible", "optimal"), (ours.note, theirs.note)
    assert ours.value is not None
    assert ours.bound is not None
    assert theirs.value is not None
    assert ours.bound <= theirs.value * (1 + 1e-9)
    assert ours.value <= theirs.value * 1.001 + 1e-6
    assert ours.bound >= ours.value * 0.999
    assert set(ours.phases) >= {"search", "settle", "verify"}
    assert "ways" in theirs.note


def test_a_scenario_changes_demand_and_closes_one_open_site(tasks: dict[str, Task]) -> None:
    """Every shipment is within a tenth; the site that is gone was open; a seed says it all."""
    from pathlib import Path  # noqa: PLC0415

    from hubopt.engine.one_stop.numbers import numbers_of  # noqa: PLC0415
    from hubopt.engine.one_stop.search import search  # noqa: PLC0415
    from hubopt.solver.form import SolveOptions  # noqa: PLC0415

    (case,) = read(Path(tasks["hubopt"].case.file))
    assert case.one_stop is not None
    problem, scales = case.one_stop
    base = search(numbers_of(problem, scales), SolveOptions(gap=0.01, time_s=30.0)).learnt
    assert base is not None
    assert base.size is not None
    changed = scenario.scenario(problem, base, 1)
    ratio = [new.units / old.units for new, old in
             zip(changed.shipments, problem.shipments, strict=True)]  # fmt: skip
    assert min(ratio) >= 0.9 - 1e-6
    assert max(ratio) <= 1.1 + 1e-6
    assert np.std(ratio) > 0
    gone = [i for i, site in enumerate(changed.sites) if not site.sizes]
    assert len(gone) == 1
    assert base.size[gone[0]] >= 0
    assert scenario.scenario(problem, base, 1) == changed
    assert scenario.scenario(problem, base, 2) != changed
