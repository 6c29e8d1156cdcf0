"""What the tests of written results share: a verified tiny plan, and quick stand-ins for maps."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.instance.write import write
from hubopt.plan.report import Check, Verification
from hubopt.publish.edition import Edition
from hubopt.publish.results import write_results
from hubopt.text import Language, Text
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    import pytest

    from hubopt.instance.tables import Instance
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


def edition(
    plan: Plan | None = None,
    language: Language = Language.EN,
    instance: Instance | None = None,
) -> Edition:
    """Return the tiny plan as an edition without a folder of its instance."""
    run = {"versions": {"hubopt": "0.1.0"}}
    return Edition(instance or tiny(), plan or tiny_plan(), HOLDS, run, Path(), language)


def package(file: Path, made: Edition, boundaries: Text | None = None) -> Path:
    """Write the whole plan.gpkg of an edition, projects and all."""
    from hubopt.publish.figures import Figures  # noqa: PLC0415  (maps load on use)
    from hubopt.publish.geopackage import write_geopackage  # noqa: PLC0415
    from hubopt.publish.layers import layers  # noqa: PLC0415
    from hubopt.publish.project_words import projects  # noqa: PLC0415
    from hubopt.publish.run_information import run_information  # noqa: PLC0415

    figures = Figures(made.instance, made.plan)
    drawn, told = layers(figures, None), run_information(made, boundaries)
    found = projects(made, figures, (*drawn, told), boundaries)
    write_geopackage(file, drawn, figures.stages, made.language, tables=(told,), projects=found)
    return file


def quick_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put small stand-ins in the place of map, picture and page, which are tested elsewhere."""
    monkeypatch.setattr("hubopt.publish.geopackage.write_geopackage", small_map)
    monkeypatch.setattr("hubopt.publish.layers.layers", lambda *_: ())
    monkeypatch.setattr("hubopt.publish.project_words.projects", lambda *_: {})
    monkeypatch.setattr("hubopt.publish.picture.picture", lambda *_: b"a picture")
    monkeypatch.setattr("hubopt.publish.report.report", lambda *_: b"a page")


def small_map(file: Path, *_: object, **__: object) -> None:
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
