"""What a result was made of: hashes of inputs and outputs, versions, options; timings apart."""

from __future__ import annotations

import hashlib
import json
import os
import platform
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubopt import __version__
from hubopt.instance.home import home, is_workbook
from hubopt.instance.scenario_files import found_in
from hubopt.publish.boundaries import boundary_files
from hubopt.publish.content import GEOPACKAGE, content
from hubopt.publish.shapes import geometry_files

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.publish.edition import Edition

NAME = "manifest.json"
FORMAT = 1

LIBRARIES = (
    "geopandas", "highspy", "matplotlib", "numpy", "pandas", "pyogrio", "pyomo", "pyproj",
    "scipy", "shapely",
)  # fmt: skip
"""Libraries whose versions can change a figure or a byte."""


def manifest(edition: Edition, *, target: Path, written: Path) -> str:
    """Return the manifest of the files in `written`, which will stand in `target`."""
    plan, run, instance_folder = edition.plan, edition.run, edition.instance_folder
    record: dict[str, object] = {
        "format": FORMAT,
        "program": "hubopt",
        "instance": plan.instance,
        "scenario": plan.scenario,
        "status": plan.status.value,
        "instance_folder": way(instance_folder, target),
        "instance_hash": plan.instance_hash,
        "language": edition.language.value,
        "complete": not edition.essentials,
        **({"added": sorted(edition.added)} if edition.added else {}),
        **{key: value for key, value in run.items() if key not in {"timings", "versions"}},
        "versions": run.get("versions", versions()),
        "inputs": input_hashes(instance_folder, plan.scenario),
        "outputs": {
            path.relative_to(written).as_posix(): sha256(path)
            for path in sorted(written.rglob("*"))
            if path.is_file()
        },
        "contents": {
            name: content(written / name) for name in (GEOPACKAGE,) if (written / name).is_file()
        },
        "timings": run.get("timings", {}),
    }
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


OWN_KEYS = {
    "format", "program", "instance", "scenario", "status", "instance_folder", "instance_hash",
    "language", "complete", "added", "inputs", "outputs", "contents",
}  # fmt: skip
"""What the manifest says of the files; all else is of the run that found the plan."""


def run_of(record: Mapping[str, Any]) -> dict[str, object]:
    """Return what a manifest says of the run: options, size, versions, timings."""
    return {key: value for key, value in record.items() if key not in OWN_KEYS}


def input_files(folder: Path, scenario: str) -> list[Path]:
    """Return the files of an instance, a folder or a workbook, that a result depends on."""
    found, _ = found_in(folder, [scenario])
    overlays = [home(folder) / name for one in found.values() for name in one.files]
    tables = [folder / "instance.toml", *sorted(folder.glob("*.csv"))]
    if is_workbook(folder):
        tables = [folder, home(folder) / "instance.toml"]
    drawn = [*geometry_files(folder), *boundary_files(folder)]
    return [path for path in (*tables, *overlays) if path.is_file()] + drawn


def input_hashes(folder: Path, scenario: str) -> dict[str, str]:
    """Return the hashes of the files of an instance that a result depends on, by name."""
    return {
        path.relative_to(home(folder)).as_posix(): sha256(path)
        for path in input_files(folder, scenario)
    }


def sha256(path: Path) -> str:
    """Return the hash of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of hubopt, Python and the libraries that are installed."""
    found = {"hubopt": __version__, "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def way(instance_folder: Path, target: Path) -> str:
    """Return the way from a result to its instance, absolute only across drives."""
    there = instance_folder.resolve()
    try:
        return Path(os.path.relpath(there, target.resolve())).as_posix()
    except ValueError:  # another drive on Windows
        return there.as_posix()


def inside_a_result(file: Path) -> bool:
    """Tell whether a file would lie in a result, however deep, as what is not its own."""
    return any(read_manifest(folder) is not None for folder in file.absolute().parents)


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest in a folder, `None` if there is none of hubopt's."""
    try:
        record = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or record.get("program") != "hubopt":
        return None
    outputs = record.get("outputs")
    sound = isinstance(outputs, dict) and all(isinstance(v, str) for v in outputs.values())
    return record if sound else None


def instance_of(folder: Path, record: Mapping[str, Any]) -> Path | None:
    """Return where the manifest says that the instance lies, `None` if it is not there."""
    try:
        where = (folder / str(record.get("instance_folder", ""))).resolve()
        there = is_workbook(where) and where.is_file()
        return where if there or (where / "instance.toml").is_file() else None
    except (OSError, ValueError, RuntimeError):  # no path at all, too long, or links in a circle
        return None
