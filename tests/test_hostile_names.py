"""Names are data: formulas, markup and commands in them do nothing in any file that is written."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from hubopt.publish.spread import FORMULA_STARTS
from tests.instance_folder import (
    D,
    G,
    L,
    N,
    P,
    S,
    V,
    cell,
    column,
    replace,
    rows_of,
    save,
    tiny_folder,
)

ROOT = Path(__file__).parent.parent
FORMULA = '=HYPERLINK("http://x","y")'
SCRIPT = "<script>alert(1)</script>"
BRACES = "[red]{0}%s$\\frac{1$[/red]"
DROP = "x'); DROP TABLE sites; --"
IDS = {"DC_A": "=1+1", "DC_B": "@SUM(1)", "RAIL_OUT": "-2+3", "MACH": "+1", "FMCG": "&lt;b&gt;"}


def renamed(folder: Path) -> None:
    """Give rows of many tables ids that a spreadsheet would run."""
    for path in folder.glob("*.csv"):
        save(path, [[IDS.get(text, text) for text in row] for row in rows_of(path)])


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the result of an instance full of hostile names, and what the commands printed."""
    root = tmp_path_factory.mktemp("hostile")
    folder = tiny_folder(
        root / "tiny",
        renamed,
        cell(P, 2, "name_en", FORMULA),
        cell(P, 2, "name_zh", SCRIPT),
        cell(P, 2, "region", DROP),
        cell(P, 3, "name_en", BRACES),
        cell(S, 2, "name_en", SCRIPT),
        cell(S, 3, "name_zh", BRACES),
        cell(G, 3, "name_en", DROP),
        cell(V, 3, "name_en", FORMULA),
        column(L, "distance_source", lambda _: SCRIPT),
        column(L, "emission_source", lambda _: FORMULA),
        cell(D, 2, "id", "=cmd"),
        replace(N, '"Tiny"', json.dumps(BRACES)),
        replace(N, '"小例"', json.dumps(SCRIPT)),
    )
    said = []
    for words in (
        ("check", folder),
        ("solve", folder, "--out", root / "out"),
        ("verify", root / "out" / "tiny" / "base"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "hubopt", *map(str, words)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            cwd=ROOT,
            env={**os.environ, "PYTHONUTF8": "1"},
            timeout=200,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said.append(done.stdout + done.stderr)
    return root / "out" / "tiny" / "base", "".join(said)


def test_no_table_runs_anything(solved: tuple[Path, str]) -> None:
    """No cell of any table begins as a formula; a number may be negative."""
    files = sorted((solved[0] / "tables").glob("*.csv"))
    assert len(files) >= 10
    seen = 0
    for file in files:
        with file.open(encoding="utf-8-sig", newline="") as text:
            for row in csv.reader(text):
                for one in row:
                    seen += one.startswith("'")
                    assert not one.startswith(FORMULA_STARTS) or is_number(one), (file.name, one)
    assert seen > 10


def is_number(text: str) -> bool:
    """Tell whether a cell is a plain number."""
    with contextlib.suppress(ValueError):
        return bool(float(text) or True)
    return False


def test_layers_hold_names_as_they_are(solved: tuple[Path, str]) -> None:
    """The GeoPackage is sound, names stand in it letter by letter, and styles are plain XML."""
    with contextlib.closing(sqlite3.connect(solved[0] / "plan.gpkg")) as base:
        assert base.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        names = {row[0] for row in base.execute("SELECT name_en FROM sites")}
        assert SCRIPT in names
        assert {row[0] for row in base.execute("SELECT site FROM sites")} & set(IDS.values())
        styles = [row[0] for row in base.execute("SELECT styleQML FROM layer_styles")]
    assert styles
    for style in styles:
        assert "<script" not in style
        fromstring(style)


def test_json_holds_names_as_they_are(solved: tuple[Path, str]) -> None:
    """Every JSON file reads back, and ids stand in the plan as in the instance."""
    folder = solved[0]
    for file in folder.glob("*.json"):
        json.loads(file.read_text(encoding="utf-8"))
    plan = (folder / "plan.json").read_text(encoding="utf-8")
    assert json.dumps("=1+1") in plan


def test_pictures_and_terminal_show_names_as_text(solved: tuple[Path, str]) -> None:
    """Signs of formulas, styles and formats are drawn and printed as they are, without effect."""
    folder, said = solved
    assert (folder / "map.png").stat().st_size > 10_000
    assert "\x1b" not in said
    assert "Traceback" not in said
    assert SCRIPT in said or BRACES in said
