"""Folders, workbooks and files of lines that a test hands to a command, most of them spoilt."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubopt.text import printable
from tests.instance_folder import tiny_folder
from tests.workbook import recast, tiny_book

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.instance_folder import Edit
    from tests.workbook import Spoil

    Make = Callable[[Path], Path]

PLACES = {"A": (113.6, 34.7), "B": (112.4, 34.6), "T": (113.8, 34.73), "P": (113.8, 34.5)}
"""Longitude and latitude of places of the tiny instance."""


def folder(*edits: Edit) -> Make:
    """Return what makes the tiny instance as a spoilt folder."""
    return lambda path: tiny_folder(path / "tiny", *edits)


def book(*spoils: Spoil) -> Make:
    """Return what makes the tiny instance as a spoilt workbook."""
    return lambda path: tiny_book(path / "plan.xlsx", *spoils)


def rebuilt(part: str, change: Callable[[bytes], bytes]) -> Make:
    """Return what makes a workbook with the bytes of some of its parts changed."""
    return lambda path: recast(tiny_book(path / "plan.xlsx"), part, change)


def at(path: str) -> Make:
    """Return what gives a command the path of no instance at all."""
    return lambda _: Path(path)


def line(a: str, b: str, *way: tuple[float, float], mode: str = "road") -> dict[str, Any]:
    """Return a feature from one place to another."""
    course = way or (PLACES[a], PLACES[b])
    return {
        "type": "Feature",
        "properties": {"from_place": a, "to_place": b, "mode": mode},
        "geometry": {"type": "LineString", "coordinates": [list(point) for point in course]},
    }


def geojson(*features: dict[str, Any], name: str = "lines.geojson", **more: object) -> Edit:
    """Return the edit that puts lines into the folder `geometry`."""
    whole = {"type": "FeatureCollection", **more, "features": list(features)}
    return geometry(name, json.dumps(whole).encode())


def geometry(name: str, data: bytes) -> Edit:
    """Return the edit that puts a file into the folder `geometry`."""

    def edit(path: Path) -> None:
        (path / "geometry").mkdir(exist_ok=True)
        (path / "geometry" / name).write_bytes(data)

    return edit


def layer(
    *rows: tuple[str, str, str, Any],
    name: str = "net.gpkg",
    crs: str | None = "EPSG:4326",
    title: str = "links",
    fields: tuple[str, str, str] = ("from_place", "to_place", "mode"),
) -> Edit:
    """Return the edit that writes lines as a GeoPackage or shapefile; `None` is no geometry."""

    def edit(path: Path) -> None:
        import geopandas  # noqa: PLC0415  (heavy)
        from shapely.geometry import LineString  # noqa: PLC0415

        (path / "geometry").mkdir(exist_ok=True)
        shapes = [None if row[3] is None else LineString(row[3]) for row in rows]
        table = {field: [row[here] for row in rows] for here, field in enumerate(fields)}
        frame = geopandas.GeoDataFrame(table, geometry=shapes, crs="EPSG:4326")
        if crs is None:
            frame = frame.set_crs(None, allow_override=True)
        elif crs != "EPSG:4326":
            frame = frame.to_crs(crs)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # on the coordinate system left out
            frame.to_file(path / "geometry" / name, layer=title if name.endswith("gpkg") else None)

    return edit


def cut_to(name: str, size: int) -> Edit:
    """Return the edit that keeps only the first bytes of a file in `geometry`."""

    def edit(path: Path) -> None:
        file = path / "geometry" / name
        file.write_bytes(file.read_bytes()[:size])

    return edit


def without(name: str) -> Edit:
    """Return the edit that deletes a file in `geometry`."""
    return lambda path: (path / "geometry" / name).unlink()


def checked(path: Path, *options: str, lang: str, out: Callable[[], Any]) -> tuple[int, Any]:
    """Run `hubopt check PATH --json` in this process; return its code and what it printed.

    `out` gives what was captured since the last call.
    """
    from hubopt.cli.entry import run  # noqa: PLC0415

    out()
    code = run(["check", str(path), *options, "--json", "--lang", lang])
    captured = out()
    assert "Traceback" not in captured.out + captured.err
    assert captured.err == printable(captured.err)
    return code, json.loads(captured.out)
