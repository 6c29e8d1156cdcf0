"""The multimodal family in the benchmarks: read from three files, and its arc flows in Pyomo."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from benchmarks import multimodal, runner, sections, sizes
from benchmarks.spec import Spec, Task

if TYPE_CHECKING:
    from pathlib import Path

ARCS = """tail,head,mode,cost_class0,cost_class1,cost_class2,time_h,capacity
0,1,road,1,2,3,1,
1,2,road,1,2,3,1,
0,3,rail,0.5,1,1,1,4
3,2,rail,0.5,1,1,1,
1,3,road,1,1,1,1,
"""
SHIPMENTS = """origin,destination,product_class,quantity,needs_bonded
0,2,0,6,0
0,2,1,2,1
"""
SITES = """site,node,bonded,handling_cost,capacity_size0,fixed_size0,capacity_size1,fixed_size1,\
capacity_size2,fixed_size2
0,1,1,1,5,10,10,15,20,40
1,3,0,1,5,3,10,4,20,90
"""
ONE_SITE = 15 + 2 * (2 + 1 + 2) + 6 * (1 + 1 + 1)
"""The first site alone, in the size with room for both shipments; all by road."""

BETTER = 10 + 3 + 2 * (2 + 1 + 2) + 4 * (0.5 + 0.5 + 1) + 2 * (1 + 1 + 1)
"""Both small sites: four units go by rail through the second, as many as the rails take."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write the three files of a tiny case, that of arcs gzipped as the family has it."""
    where = tmp_path / "multimodal"
    where.mkdir()
    for name, text in (("arcs", ARCS), ("shipments", SHIPMENTS), ("sites", SITES)):
        (where / f"XS_{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


def test_weak_and_strong_links_have_the_optimum_that_a_hand_finds(folder: Path) -> None:
    """Both flow formulations cost what the sum by hand gives, and less than one site alone."""
    case = multimodal.read(Spec("multimodal", {}, str(folder / "multimodal" / "XS_arcs.csv.gz")))
    assert (len(case.arcs), len(case.shipments), len(case.sites)) == (5, 2, 2)
    assert case.arcs[2].capacity == 4
    assert case.arcs[0].capacity is None
    for method in ("pyomo", "pyomo_weak"):
        spec = Spec("multimodal", {}, str(folder / "multimodal" / "XS_arcs.csv.gz"), "XS")
        (row,) = runner.run(Task("multimodal", spec, method, limit_s=60.0, gap=1e-9))
        assert row.value == pytest.approx(BETTER), row.note
        assert row.value < ONE_SITE


def test_the_section_runs_pyomo_beside_hubopt(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tasks are those of the files that are there; every method ends in a row."""
    monkeypatch.setenv("HUBOPT_BENCHMARKS", str(folder))
    tasks = sections.multimodal(sizes.FULL)
    assert [(task.case.name, task.method) for task in tasks] == [
        ("XS", "hubopt"), ("XS", "pyomo"), ("XS", "pyomo_weak"),
    ]  # fmt: skip
    (row,) = runner.run(tasks[2])
    assert (row.section, row.status) == ("multimodal", "optimal")
    assert row.value == pytest.approx(BETTER, rel=1e-3)
    monkeypatch.delenv("HUBOPT_BENCHMARKS")
    assert sections.multimodal(sizes.FULL) == []
