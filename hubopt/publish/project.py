"""A QGIS project that opens as a finished map: layers by stage, themes, bookmarks, print layouts.

It is written here without QGIS, which planners' Python does not have, and stored in plan.gpkg as
QGIS 3.22 stores it: the .qgz as hexadecimal text. Sources are relative: the folder can move.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from hubopt.publish.picture import CHINA_BOX, HENAN_BOX, home_box
from hubopt.publish.project_layers import sheets
from hubopt.publish.project_layout import layout
from hubopt.publish.project_tree import themes, tree
from hubopt.publish.project_xml import (
    WEB,
    WGS84,
    ZHENGZHOU,
    box_in,
    crs_in,
    packed,
    sub,
)
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.publish.layer import Layer
    from hubopt.publish.panels import Box
    from hubopt.publish.project_layout import Print
    from hubopt.publish.project_xml import Crs

NAMES = {Language.EN: "plan-en", Language.ZH: "plan-zh"}
"""What the projects in plan.gpkg are called."""

WHOLE_WORLD: Box = (-180.0, -60.0, 180.0, 80.0)
HENAN, CHINA, WORLD, HERE = (
    Text("Henan", "河南"), Text("China", "中国"), Text("World", "世界"), Text("Sites", "设施"),
)  # fmt: skip

ZONE = (112.0, 116.0)
"""Longitudes between which the zone of Zhengzhou draws true to scale within 0.1 %."""

VERSION = "3.22.16-Białowieża"
"""The version whose projects these are like; later ones read them too."""


@dataclass(frozen=True)
class Draft:
    """What a project is made of, in one language."""

    layers: Sequence[Layer]
    stages: tuple[int, ...]
    language: Language
    said: Print
    variables: Mapping[str, str]


def project(draft: Draft) -> bytes:
    """Return a project as the bytes of a .qgz, the same for the same plan."""
    inside = sheets(draft.layers, draft.stages, draft.language)
    box = home_box(spots(draft.layers))
    top = ET.Element("qgis", version=VERSION, projectname=draft.said.title)
    sub(top, "homePath", path="")
    sub(top, "title", draft.said.title)
    sub(top, "autotransaction", active="0")
    sub(top, "evaluateDefaultValues", active="0")
    sub(top, "trust", active="0")
    crs_in(top, "projectCrs", WEB)
    top.append(tree(inside, draft.stages, draft.language))
    top.append(canvas(box))
    shelf = sub(top, "projectlayers")
    for sheet in inside:
        shelf.append(sheet.element())
    order = sub(top, "layerorder")
    for sheet in inside:
        sub(order, "layer", id=sheet.ident)
    top.append(properties(draft.variables))
    top.append(themes(inside, draft.stages, draft.language))
    pages = sub(top, "Layouts")
    crs, extent = home(box)
    for stage in reversed(draft.stages):
        page = layout(inside, stage, draft.said, (crs, extent), draft.language, segment_km(extent))
        pages.append(page)
    top.append(bookmarks(box, draft.language))
    settings = sub(top, "ProjectViewSettings", UseProjectScales="0", rotation="0")
    sides = zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True)
    view = crs_in(settings, "DefaultViewExtent", WGS84)
    for side, value in sides:
        view.set(side, repr(value))
    return packed(top, f"{NAMES[draft.language]}.qgs")


def spots(layers: Sequence[Layer]) -> list[tuple[float, float]]:
    """Return where the sites are."""
    layer = next((one for one in layers if one.name == "sites"), None)
    return [] if layer is None else [(g.x, g.y) for g in layer.geometry]


def home(box: Box) -> tuple[Crs, Box]:
    """Return the coordinate system of the main map on paper, and what it shows in that."""
    from pyproj import Transformer  # noqa: PLC0415  (loads on use)

    west, _, east, _ = box
    crs = ZHENGZHOU if ZONE[0] < (west + east) / 2 < ZONE[1] else WEB
    there = Transformer.from_crs(WGS84.authid, crs.authid, always_xy=True)
    west, south, east, north = (round(side, 1) for side in there.transform_bounds(*box))
    return crs, (west, south, east, north)


def segment_km(extent: Box) -> int:
    """Return a round length for one half of the scale bar, about a tenth of the map's width."""
    wanted = (extent[2] - extent[0]) / 1000 / 10
    step = 10 ** max(0, len(str(int(max(wanted, 1)))) - 1)
    return int(max(part * step for part in (1, 2, 5) if part * step <= max(wanted, 1)))


def canvas(box: Box) -> ET.Element:
    """Return what the window shows at first."""
    from pyproj import Transformer  # noqa: PLC0415  (loads on use)

    top = ET.Element("mapcanvas", name="theMapCanvas", annotationsVisible="1")
    sub(top, "units", "meters")
    there = Transformer.from_crs(WGS84.authid, WEB.authid, always_xy=True)
    west, south, east, north = (round(side, 1) for side in there.transform_bounds(*box))
    box_in(top, (west, south, east, north))
    sub(top, "rotation", "0")
    crs_in(top, "destinationsrs", WEB)
    sub(top, "rendermaptile", "0")
    return top


def bookmarks(box: Box, language: Language) -> ET.Element:
    """Return the places to jump to: where the sites are, Henan, China, the world."""
    top = ET.Element("Bookmarks")
    for name, (west, south, east, north) in (
        (HERE, box), (HENAN, HENAN_BOX), (CHINA, CHINA_BOX), (WORLD, WHOLE_WORLD),
    ):  # fmt: skip
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        ring = ", ".join(f"{x!r} {y!r}" for x, y in corners)
        mark = sub(top, "Bookmark", name=name.in_language(language), group="hubopt")
        mark.set("extent", f"POLYGON(({ring}))")
        mark.set("id", "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"hubopt/{name.en}")) + "}")
        mark.append(WGS84.element())
    return top


def properties(variables: Mapping[str, str]) -> ET.Element:
    """Return settings: relative paths, ellipsoid, units, the colour of the sea, and variables."""
    top = ET.Element("properties")
    for path, kind, value in (
        ("Paths/Absolute", "bool", "false"),
        ("Measure/Ellipsoid", "QString", "EPSG:7030"),
        ("Measurement/DistanceUnits", "QString", "kilometers"),
        ("Measurement/AreaUnits", "QString", "km2"),
        ("Gui/CanvasColorRedPart", "int", "223"),
        ("Gui/CanvasColorGreenPart", "int", "233"),
        ("Gui/CanvasColorBluePart", "int", "240"),
        ("SpatialRefSys/ProjectionsEnabled", "int", "1"),
        ("PAL/PlacementEngineVersion", "int", "1"),
    ):
        first, second = path.split("/")
        room = top.find(first)
        room = sub(top, first) if room is None else room
        sub(room, second, value, type=kind)
    room = sub(top, "Variables")
    names, values = (
        sub(room, tag, type="QStringList") for tag in ("variableNames", "variableValues")
    )
    for name, value in sorted(variables.items()):
        sub(names, "value", name)
        sub(values, "value", value)
    return top
