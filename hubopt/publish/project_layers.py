"""The layers of a QGIS project: those of plan.gpkg, once for each stage, in both looks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from hubopt.publish.content import GEOPACKAGE
from hubopt.publish.forms import form
from hubopt.publish.layer import Shape
from hubopt.publish.palette import DARK, LIGHT
from hubopt.publish.project_xml import WGS84, crs_in, sub
from hubopt.publish.qml import style_element
from hubopt.publish.styles import drawing
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.publish.layer import Layer
    from hubopt.publish.qml import Drawing, Rule
    from hubopt.text import Language

NAMES = {
    "sites": Text("Sites", "设施"),
    "places": Text("Places and their balance", "地点及收支"),
    "transfers": Text("Changes of mode", "换装"),
    "unserved": Text("Unserved demand", "未满足货流"),
    "services": Text("Services", "班列航班"),
    "flows": Text("Freight by mode", "各方式货运量"),
    "flows_by_product": Text("Freight by product", "分货品货运量"),
    "routes": Text("Routes of shipments", "货流路径"),
    "catchments": Text("Catchments of centres", "中心服务范围"),
    "run_information": Text("About this run", "本次运行信息"),
    "basemap_boundaries": Text("Boundaries of a reviewed map", "审定地图境界"),
    "basemap_henan": Text("Prefectures of Henan", "河南各市"),
    "basemap_province_lines": Text("Lines between provinces", "省界"),
    "basemap_land": Text("Land", "陆地"),
    "basemap_sea": Text("Sea", "海洋"),
}
"""What layers are called in a project, those to be drawn on top first."""

SHOWN = frozenset({"sites", "places", "transfers", "unserved", "flows"})
"""Layers of a stage that are ticked at first; the others wait until they are asked for."""

FOLDED = frozenset({"flows_by_product", "routes", "catchments", "services"})
"""Layers whose legend is folded up at first."""

KINDS = {
    Shape.POINT: ("Point", "Point"),
    Shape.LINES: ("Line", "MultiLineString"),
    Shape.POLYGONS: ("Polygon", "MultiPolygon"),
    Shape.NONE: ("No geometry", "NoGeometry"),
}
"""What QGIS calls each type of geometry."""

BASEMAP = "basemap_"


class Dress:
    """How a layer looks and how its fields are called; made once for all its stages."""

    def __init__(self, layer: Layer, language: Language) -> None:
        self.layer, self.language = layer, language

    @cached_property
    def light(self) -> Drawing:
        """How it is drawn at first."""
        return drawing(self.layer, (), self.language, LIGHT)

    @cached_property
    def words(self) -> list[ET.Element]:
        """Names of fields, words for codes, and the tip."""
        return form(self.layer, self.language)

    @cached_property
    def elements(self) -> list[ET.Element]:
        """The light style, with the dark one to choose."""
        looks = ET.Element("map-layer-style-manager", current=LIGHT.name)
        sub(looks, "map-layer-style", name=LIGHT.name)
        dark = drawing(self.layer, (), self.language, DARK)
        second = sub(looks, "map-layer-style", name=DARK.name)
        second.append(style_element(dark, self.words))
        return [looks, *self.light.elements()]


@dataclass(frozen=True)
class Sheet:
    """One layer of a project: a layer of plan.gpkg, all of it or that of one stage."""

    layer: Layer
    stage: int | None
    dress: Dress

    @property
    def ident(self) -> str:
        """Its id in the project."""
        return f"hubopt_{self.layer.name}" + ("" if self.stage is None else f"_{self.stage}")

    @property
    def name(self) -> str:
        """What planners read in the legend."""
        known = NAMES.get(self.layer.name)
        return known.in_language(self.dress.language) if known else self.layer.name

    @property
    def source(self) -> str:
        """Where its features are, seen from the folder of the project."""
        plain = f"./{GEOPACKAGE}|layername={self.layer.name}"
        return plain if self.stage is None else f'{plain}|subset="stage" = {self.stage}'

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules by which it is drawn."""
        return () if self.layer.shape is Shape.NONE else self.dress.light.rules

    def element(self) -> ET.Element:
        """Return the layer as a project has it."""
        kind, wkb = KINDS[self.layer.shape]
        top = ET.Element("maplayer", type="vector", geometry=kind, wkbType=wkb, readOnly="0")
        top.set("styleCategories", "AllStyleCategories")
        for key in ("simplifyDrawingHints", "simplifyDrawingTol", "simplifyMaxScale"):
            top.set(key, "1")
        sub(top, "id", self.ident)
        sub(top, "datasource", self.source)
        sub(top, "layername", self.name)
        sub(top, "provider", "ogr", encoding="UTF-8")
        if self.layer.shape is not Shape.NONE:
            crs_in(top, "srs", WGS84)
            top.set("labelsEnabled", self.dress.light.labelled)
            top.extend(self.dress.elements)
        top.extend(self.dress.words)
        sub(top, "layerOpacity", "1")
        return top


def sheets(layers: Iterable[Layer], stages: Iterable[int], language: Language) -> list[Sheet]:
    """Return the layers of a project, stage by stage, then those that hold for all stages."""
    order = list(NAMES)
    known = sorted(
        layers,
        key=lambda one: order.index(one.name) if one.name in NAMES else len(order),
    )
    dressed = [(layer, Dress(layer, language)) for layer in known]
    return [
        *(Sheet(layer, stage, dress) for stage in stages for layer, dress in dressed
          if "stage" in layer.fields),
        *(Sheet(layer, None, dress) for layer, dress in dressed if "stage" not in layer.fields),
    ]  # fmt: skip
