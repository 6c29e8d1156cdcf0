"""`hubopt export` writes layers of a plan that holds, whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.publish.results import write_results
from hubopt.text import Language
from tests.exports import (
    figures,
)
from tests.publishing import HOLDS, instance_folder, quick_maps
from tests.tiny import tiny


@pytest.fixture
def result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a result with the plan of the tiny instance."""
    quick_maps(monkeypatch)
    folder = write_results(
        tmp_path / "results",
        tiny(),
        figures().plan,
        HOLDS,
        run={"options": {}, "timings": {}},
        instance_folder=instance_folder(tmp_path),
        language=Language.EN,
    )
    monkeypatch.undo()
    return folder


def test_the_command_writes_whole_or_nothing(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is written from a result; faults are told with a remedy and leave nothing behind."""
    out = tmp_path / "out"
    out.mkdir()
    assert run(["export", str(result), str(out / "flows.geojson")]) == 0
    assert json.loads((out / "flows.geojson").read_bytes())["features"]
    (out / "folder.fgb").mkdir()
    for words, said in (
        ([str(out / "x.dwg")], "does not end in one of"),
        ([str(out / "x.gpkg"), "--layer", "flosw"], 'nearest "flows"'),
        ([str(out / "x.geojson"), "--crs", "EPSG:4490"], "RFC 7946"),
        ([str(out / "x.lp"), "--crs", "EPSG:4490"], "is for layers of a map only"),
        ([str(out / "none" / "x.fgb")], "is not a folder"),
        ([str(out)], "only an instance is written as tables"),
        ([str(out / "folder.fgb")], "cannot be written"),
        ([str(result / "plan.gpkg")], "would change a result"),
        ([str(result / "tables" / "flows.fgb")], "would change a result"),
        ([str(result / "book.xlsx")], "would change a result"),
        (["postgresql://u:s3cret@127.0.0.1:1/db"], "the server did not take it"),
    ):
        capsys.readouterr()
        assert run(["export", str(result), *words]) == 2
        err = capsys.readouterr().err
        assert said in err
        assert "s3cret" not in err
    assert sorted(file.name for file in out.iterdir()) == ["flows.geojson", "folder.fgb"]
    assert run(["export", str(instance_folder(tmp_path)), str(out / "x.fgb")]) == 2
    assert "plan.json" in capsys.readouterr().err


def test_a_plan_that_does_not_hold_is_not_exported(
    result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures come only from a plan that the verifier accepts."""
    file = result / "plan.json"
    plan = json.loads(file.read_text(encoding="utf-8"))
    plan["co2e_wtw_kg"] = {year: kg + 1 for year, kg in plan["co2e_wtw_kg"].items()}
    file.write_text(json.dumps(plan), encoding="utf-8")
    assert run(["export", str(result), str(tmp_path / "x.gpkg")]) == 1
    assert "does not hold" in capsys.readouterr().err
    assert not (tmp_path / "x.gpkg").exists()
