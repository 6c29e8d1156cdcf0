"""The print layouts of a QGIS project: A3, a page for each stage, with all that a sheet needs."""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from hubopt.publish.project_tree import PLAIN, SMALL, leaf, name_of
from hubopt.publish.project_xml import CHINA, ROBINSON, crs_in, properties_in, sub
from hubopt.publish.qml import FONTS, inert
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.publish.project_layers import Sheet
    from hubopt.publish.project_xml import Crs

PAGE_MM = (420.0, 297.0)
"""A3, landscape."""

MAP, PICTURE, LABEL, LEGEND, SCALE_BAR, PAGE, SHAPE = (
    "65639", "65640", "65641", "65642", "65646", "65638", "65643",
)  # fmt: skip
"""The numbers by which QGIS knows the items of a layout."""

CHINA_BOX = (-2_650_000.0, -2_350_000.0, 4_350_000.0, 3_450_000.0)
WORLD_BOX = (-15_500_000.0, -5_700_000.0, 17_000_000.0, 8_300_000.0)
"""What the small maps show, in metres of their coordinate systems."""

IN_LEGEND = ("sites", "places", "transfers", "flows", "unserved")
ALONE = frozenset({"places", "transfers", "unserved"})
"""Layers of one entry, which says enough without a heading."""

LEGEND_TITLE, SHEET = Text("Legend", "图例"), Text("Map {stage} (A3)", "{stage} 年规划图（A3）")
HOME, LAND, WORLD = Text("Map", "主图"), Text("China", "中国"), Text("World", "世界")
KM = Text("km", "公里")

ARROW = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 60"><path d="M20 2 34 44 20 36 6 44Z"'
    ' fill="none" stroke="#222" stroke-width="1.6"/><path d="M20 2 20 36 6 44Z" fill="#222"/>'
    '<text x="20" y="58" font-size="14" text-anchor="middle" fill="#222">N</text></svg>'
)
"""A north arrow of our own: it needs no file of QGIS."""


class Box(NamedTuple):
    """A place on the page in mm."""

    x: float
    y: float
    width: float
    height: float


TITLE, SUBTITLE = Box(10, 6, 400, 10), Box(10, 16.5, 400, 6)
MAIN, SIDE, FAR = Box(10, 25, 268, 246), Box(282, 25, 128, 112), Box(282, 140, 128, 60)
KEY, FOOT = Box(282, 203, 128, 68), Box(10, 274, 400, 18)
NORTH, BAR = Box(259, 28, 14, 21), Box(14, 257, 80, 11)


@dataclass(frozen=True)
class Print:
    """What a page says besides its maps: title and lines for each stage, and the foot."""

    title: str
    subtitles: Mapping[int, str]
    foot: str


class Page:
    """One page as it is put together; what is added first lies below."""

    def __init__(self, name: str, language: Language) -> None:
        self.name, self.language = name, language
        self.top = ET.Element("Layout", name=name, units="mm", printResolution="300")
        self.top.set("worldFileMap", "")
        pages = sub(self.top, "PageCollection")
        self.item(PAGE, "page", Box(0, 0, *PAGE_MM), pages)
        self.count = 0

    def item(
        self, kind: str, ident: str, box: Box, parent: ET.Element | None = None, **more: str
    ) -> ET.Element:
        """Add an item; it is named after its page and id, so that it is the same each time."""
        element = ET.Element("LayoutItem", type=kind, id=ident if kind != PAGE else "")
        if parent is None:
            self.count += 1
            self.top.insert(len(self.top), element)
        else:
            parent.append(element)
        element.set("uuid", self.ident(ident))
        element.set("templateUuid", self.ident(ident))
        at = f"{box.x:g},{box.y:g},mm"
        for key, value in {
            "position": at, "positionOnPage": at, "size": f"{box.width:g},{box.height:g},mm",
            "referencePoint": "0", "visibility": "1", "opacity": "1", "itemRotation": "0",
            "zValue": str(self.count if parent is None else 0), "positionLock": "false",
            "frame": "false", "background": "false", "outlineWidthM": "0.2,mm",
            "frameJoinStyle": "miter", "excludeFromExports": "0", "groupUuid": "", "blendMode": "0",
            **more,
        }.items():  # fmt: skip
            element.set(key, value)
        sub(element, "FrameColor", red="90", green="90", blue="90", alpha="255")
        sub(element, "BackgroundColor", red="255", green="255", blue="255", alpha="255")
        properties_in(sub(element, "LayoutObject"), {})
        return element

    def ident(self, name: str) -> str:
        """Return the same unique name for an item each time."""
        return "{" + str(uuid.uuid5(uuid.NAMESPACE_URL, f"hubopt/{self.name}/{name}")) + "}"

    def map(
        self, name: str, box: Box, crs: Crs, extent: tuple[float, float, float, float], view: str
    ) -> str:
        """Add a map that follows a theme; return its unique name."""
        element = self.item(MAP, name, box, frame="true", background="true")
        for key, value in {
            "followPreset": "true", "followPresetName": view, "keepLayerSet": "false",
            "mapRotation": "0", "drawCanvasItems": "false", "labelMargin": "0,mm", "mapFlags": "0",
            "isTemporal": "0",
        }.items():  # fmt: skip
            element.set(key, value)
        sides = zip(("xmin", "ymin", "xmax", "ymax"), fitted(extent, box), strict=True)
        sub(element, "Extent", **{side: repr(value) for side, value in sides})
        crs_in(element, "crs", crs)
        sub(element, "LayerSet")
        sub(element, "AtlasMap", atlasDriven="0", scalingMode="2", margin="0.1")
        return self.ident(name)

    def label(self, name: str, box: Box, text: str, size_pt: float, *, grey: bool = False) -> None:
        """Add a text; what would be an expression of QGIS in it stays a text."""
        element = self.item(LABEL, name, box, halign="1", valign="128", htmlState="0")
        element.set("labelText", inert(text))
        element.set("marginX", "0")
        element.set("marginY", "0")
        sub(element, "LabelFont", description=font(size_pt), style="")
        shade = "95" if grey else "26"
        sub(element, "FontColor", red=shade, green=shade, blue=shade, alpha="255")

    def legend(self, box: Box, shown: Sequence[Sheet], map_ident: str) -> None:
        """Add the legend of one stage, in the words of its layers."""
        element = self.item(LEGEND, "legend", box)
        for key, value in {
            "title": LEGEND_TITLE.in_language(self.language), "titleAlignment": "1",
            "columnCount": "3", "splitLayer": "1", "equalColumnWidth": "0", "columnSpace": "4",
            "boxSpace": "0", "symbolWidth": "8", "symbolHeight": "4", "lineSpacing": "0.6",
            "resizeToContents": "1", "map_uuid": map_ident, "legendFilterByAtlas": "0",
            "fontColor": "#262626", "wrapChar": "", "symbolAlignment": "1", "minSymbolSize": "0",
            "maxSymbolSize": "0", "wmsLegendWidth": "50", "wmsLegendHeight": "25",
        }.items():  # fmt: skip
            element.set(key, value)
        styles = sub(element, "styles")
        for name, size, margin in (
            ("title", 12, "1.5"), ("group", 10, "0"), ("subgroup", 10, "2"), ("symbol", 9, "1.4"),
            ("symbolLabel", 9, "0.6"),
        ):  # fmt: skip
            style = sub(styles, "style", name=name, alignment="1", indent="0")
            style.set("marginBottom" if name == "title" else "marginTop", margin)
            if name == "symbolLabel":
                style.set("marginLeft", "1.5")
            sub(style, "styleFont", description=font(size), style="")
        top = sub(element, "layer-tree-group")
        properties_in(top, {})
        for sheet in shown:
            alone = sheet.layer.name in ALONE
            leaf(top, sheet, heading="hidden" if alone else "subgroup")

    def scale_bar(self, box: Box, map_ident: str, segment_km: int) -> None:
        """Add a bar with the scale of the main map."""
        element = self.item(SCALE_BAR, "scale bar", box, background="true", mapUuid=map_ident)
        for key, value in {
            "style": "Single Box", "unitType": "km", "unitLabel": KM.in_language(self.language),
            "numUnitsPerSegment": str(segment_km), "numMapUnitsPerScaleBarUnit": "1",
            "numSegments": "2", "numSegmentsLeft": "0", "segmentSizeMode": "0", "height": "2.2",
            "boxContentSpace": "1", "labelBarSpace": "1.5", "outlineWidth": "0.2", "alignment": "0",
            "minBarWidth": "50", "maxBarWidth": "150", "labelVerticalPlacement": "0",
            "labelHorizontalPlacement": "0", "lineJoinStyle": "miter", "lineCapStyle": "square",
        }.items():  # fmt: skip
            element.set(key, value)
        style = sub(element, "text-style", fontFamily=FONTS[0], fontSize="8", fontSizeUnit="Point")
        style.set("textColor", "38,38,38,255")
        families = sub(style, "families")
        for name in FONTS:
            sub(families, "family", name=name)

    def north(self, box: Box, map_ident: str) -> None:
        """Add the arrow to true north."""
        element = self.item(PICTURE, "north", box, mapUuid=map_ident)
        svg = "base64:" + base64.b64encode(ARROW.encode()).decode()
        for key, value in {
            "file": svg, "mode": "0", "resizeMode": "0", "anchorPoint": "4", "northMode": "1",
            "northOffset": "0", "pictureRotation": "0", "pictureWidth": f"{box.width:g}",
            "pictureHeight": f"{box.height:g}", "svgFillColor": "255,255,255,255",
            "svgBorderColor": "0,0,0,255", "svgBorderWidth": "0.2",
        }.items():  # fmt: skip
            element.set(key, value)


def font(size_pt: float) -> str:
    """Return a font as Qt writes it."""
    return f"{FONTS[0]},{size_pt:g},-1,5,50,0,0,0,0,0"


def fitted(
    extent: tuple[float, float, float, float], box: Box
) -> tuple[float, float, float, float]:
    """Return an extent widened to the shape of its place on the page."""
    west, south, east, north = extent
    wide, high = east - west, north - south
    ratio = box.width / box.height
    wide, high = max(wide, high * ratio), max(high, wide / ratio)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def layout(
    sheets: Sequence[Sheet],
    stage: int,
    said: Print,
    home: tuple[Crs, tuple[float, float, float, float]],
    language: Language,
    segment_km: int,
) -> ET.Element:
    """Return the page of one stage."""
    page = Page(SHEET.in_language(language).format(stage=stage), language)
    plain, small = name_of(PLAIN, stage, language), name_of(SMALL, stage, language)
    main = page.map(HOME.in_language(language), MAIN, *home, plain)
    page.map(LAND.in_language(language), SIDE, CHINA, CHINA_BOX, small)
    page.map(WORLD.in_language(language), FAR, ROBINSON, WORLD_BOX, small)
    page.label("title", TITLE, said.title, 20)
    page.label("subtitle", SUBTITLE, said.subtitles[stage], 10.5, grey=True)
    page.label("foot", FOOT, said.foot, 7, grey=True)
    there = {sheet.layer.name: sheet for sheet in sheets if sheet.stage == stage}
    shown = [there[name] for name in IN_LEGEND if name in there and there[name].layer.rows]
    page.legend(KEY, shown, main)
    page.scale_bar(BAR, main, segment_km)
    page.north(NORTH, main)
    properties_in(page.top, {})
    sub(page.top, "Atlas", enabled="0", coverageLayer="", hideCoverage="0", sortFeatures="0")
    return page.top
