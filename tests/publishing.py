"""What the tests of written results share: a verified tiny plan, and quick stand-ins for maps."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.instance.write import write
from hubopt.plan.report import Check, Verification
from hubopt.publish.results import write_results
from hubopt.text import Language
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    import pytest

    from hubopt.plan.marginal import Marginal
    from hubopt.plan.plan import Plan

HOLDS = Verification((Check("demand_met", 12, 0),), ())


def instance_folder(root: Path) -> Path:
    """Return a folder with the tiny instance."""
    folder = root / "instances" / "tiny"
    if not folder.exists():
        write(tiny(), folder)
    return folder


def written(
    root: Path,
    plan: Plan | None = None,
    *,
    seconds: float = 1.0,
    language: Language = Language.EN,
    marginals: tuple[Marginal, ...] = (),
    essentials: bool = False,
) -> Path:
    """Write the tiny plan under `root` and return its folder."""
    return write_results(
        root / "results",
        tiny(),
        plan or tiny_plan(),
        HOLDS,
        run={"options": {"seed": 0, "gap": None}, "timings": {"solver": seconds}},
        instance_folder=instance_folder(root),
        language=language,
        marginals=marginals,
        essentials=essentials,
    )


def quick_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put small stand-ins in the place of map, picture and page, which are tested elsewhere."""
    monkeypatch.setattr("hubopt.publish.geopackage.write_geopackage", small_map)
    monkeypatch.setattr("hubopt.publish.layers.layers", lambda *_: ())
    monkeypatch.setattr("hubopt.publish.picture.picture", lambda *_: b"a picture")
    monkeypatch.setattr("hubopt.publish.report.report", lambda *_: b"a page")


def small_map(file: Path, *_: object) -> None:
    """Write a database with one table of one row."""
    with contextlib.closing(sqlite3.connect(file)) as base, base:
        base.execute("CREATE TABLE flows (mode TEXT)")
        base.execute("INSERT INTO flows VALUES ('rail')")


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
