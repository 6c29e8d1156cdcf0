"""Outlines behind the maps; NOTICE says where they come from and under which licence."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@cache
def basemap(name: str) -> tuple[tuple[dict[str, str], BaseGeometry], ...]:
    """Return properties and geometry of each feature of an outline, such as `land`."""
    from shapely.geometry import shape  # noqa: PLC0415  (loads on use)

    text = resources.files(__name__).joinpath(f"{name}.geojson").read_text(encoding="utf-8")
    rows = json.loads(text)["features"]
    return tuple((row["properties"], shape(row["geometry"])) for row in rows)
