"""QGIS styles as XML: symbols, rules and labels, each a small function that returns an element.

Only what differs from the defaults of QGIS is written. Properties stand twice, as options (QGIS
3.22 and later) and as `prop` elements (before).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Signs that no XML may hold, not even as references."""

EXPRESSION = "3"
"""The number by which QGIS knows a property that is an expression."""


@dataclass(frozen=True, slots=True)
class SymbolLayer:
    """One layer of a symbol: its class, fixed properties, and expressions by property."""

    kind: str
    properties: Mapping[str, str]
    expressions: Mapping[str, str] = field(default_factory=dict)
    inner: Symbol | None = None


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol of type `line`, `marker` or `fill`."""

    type: str
    layers: tuple[SymbolLayer, ...]
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a legend: what it takes, how it is called, its symbol or the rules below it."""

    label: str
    filter: str
    symbol: Symbol | None = None
    rules: tuple[Rule, ...] = ()
    shown: bool = True


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels of a layer: the expression, which features get one, and whose label is kept first."""

    expression: str
    show: str
    priority: str
    size_pt: float
    placement: str
    colour: str = "40,40,40,255"
    least_scale: int = 0
    halo: str = "255,255,255,255"
    distance: str = ""
    on_ground: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a layer of points (0), lines (1) or polygons (2) is drawn, most `order` first."""

    geometry: str
    rules: tuple[Rule, ...]
    labels: Labels | None = None
    order: str = ""

    @property
    def labelled(self) -> str:
        """Whether there are labels, as QGIS writes it."""
        return "1" if self.labels else "0"

    def elements(self) -> list[ET.Element]:
        """Return renderer and labels as QGIS has them in styles and projects."""
        drawn = [rule_renderer(self.rules, self.order)]
        return [*drawn, labeling(self.labels)] if self.labels else drawn


def document(drawing: Drawing, further: Iterable[ET.Element] = ()) -> str:
    """Return a style with further elements, such as those of a form, as QML."""
    return text_of(style_element(drawing, further))


def text_of(top: ET.Element) -> str:
    """Return a document of QGIS as text; signs that no XML may hold are put by a mark."""
    head = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return head + NOT_XML.sub("\ufffd", ET.tostring(top, encoding="unicode")) + "\n"


def style_element(drawing: Drawing, further: Iterable[ET.Element] = ()) -> ET.Element:
    """Return a style with further elements."""
    top = ET.Element("qgis", version="3.22.0", labelsEnabled=drawing.labelled)
    top.set("styleCategories", "Symbology|Labeling|Fields|Forms|MapTips")
    top.extend(drawing.elements())
    top.extend(further)
    ET.SubElement(top, "layerGeometryType").text = drawing.geometry
    return top


def rule_renderer(root: tuple[Rule, ...], order: str) -> ET.Element:
    """Return a renderer that goes by rules, so that stages can be ticked in the legend."""
    renderer = ET.Element("renderer-v2", type="RuleRenderer", symbollevels="0", forceraster="0")
    renderer.set("enableorderby", "1" if order else "0")
    rules = ET.SubElement(renderer, "rules", key="{root}")
    symbols: list[Symbol] = []
    for rule in root:
        add_rule(rules, rule, symbols, f"{len(rules)}")
    shelf = ET.SubElement(renderer, "symbols")
    for number, symbol in enumerate(symbols):
        shelf.append(symbol_element(symbol, str(number)))
    if order:
        clauses = ET.SubElement(renderer, "orderby")
        ET.SubElement(clauses, "orderByClause", asc="0", nullsFirst="0").text = order
    return renderer


def add_rule(parent: ET.Element, rule: Rule, symbols: list[Symbol], key: str) -> None:
    """Add a rule and those below it; symbols are numbered as they come."""
    element = ET.SubElement(parent, "rule", key="{" + key + "}", label=inert(rule.label))
    if rule.filter:
        element.set("filter", rule.filter)
    if not rule.shown:
        element.set("checkstate", "0")
    if rule.symbol is not None:
        element.set("symbol", str(len(symbols)))
        symbols.append(rule.symbol)
    for number, below in enumerate(rule.rules):
        add_rule(element, below, symbols, f"{key}-{number}")


def symbol_element(symbol: Symbol, name: str) -> ET.Element:
    """Return a symbol."""
    element = ET.Element("symbol", type=symbol.type, name=name, alpha=f"{symbol.opacity:g}")
    element.set("clip_to_extent", "1")
    element.set("force_rhr", "0")
    for part in symbol.layers:
        layer = ET.SubElement(element, "layer", enabled="1", locked="0")
        layer.set("pass", "0")
        layer.set("class", part.kind)
        options = ET.SubElement(layer, "Option", type="Map")
        for key, value in part.properties.items():
            ET.SubElement(options, "Option", name=key, type="QString", value=value)
        for key, value in part.properties.items():
            ET.SubElement(layer, "prop", k=key, v=value)
        if part.expressions:
            data_defined(layer, "data_defined_properties", part.expressions)
        if part.inner is not None:
            layer.append(symbol_element(part.inner, f"@{name}@1"))
    return element


def data_defined(parent: ET.Element, tag: str, expressions: Mapping[str, str]) -> None:
    """Add properties that QGIS computes for each feature."""
    top = ET.SubElement(ET.SubElement(parent, tag), "Option", type="Map")
    ET.SubElement(top, "Option", name="name", type="QString", value="")
    shelf = ET.SubElement(top, "Option", name="properties", type="Map")
    for key, expression in expressions.items():
        one = ET.SubElement(shelf, "Option", name=key, type="Map")
        ET.SubElement(one, "Option", name="active", type="bool", value="true")
        ET.SubElement(one, "Option", name="expression", type="QString", value=expression)
        ET.SubElement(one, "Option", name="type", type="int", value=EXPRESSION)
    ET.SubElement(top, "Option", name="type", type="QString", value="collection")


def labeling(labels: Labels) -> ET.Element:
    """Return labels with a white edge that give way to those of higher priority."""
    top = ET.Element("labeling", type="simple")
    settings = ET.SubElement(top, "settings", calloutType="simple")
    style = ET.SubElement(settings, "text-style", fieldName=labels.expression, isExpression="1")
    for key, value in {
        "fontFamily": "Noto Sans CJK SC",
        "fontSize": f"{labels.size_pt:g}",
        "fontSizeUnit": "Point",
        "textColor": labels.colour,
        "textOpacity": "1",
        "fontWeight": "50",
        "multilineHeight": "0.85",
    }.items():
        style.set(key, value)
    families = ET.SubElement(style, "families")
    for name in FONTS:
        ET.SubElement(families, "family", name=name)
    edge = {"bufferDraw": "1", "bufferSize": "0.7", "bufferSizeUnits": "MM", "bufferOpacity": "0.9"}
    ET.SubElement(style, "text-buffer", edge | {"bufferColor": labels.halo})
    ET.SubElement(settings, "text-format", multilineAlign="3", formatNumbers="0")
    around = {"placement": labels.placement, "dist": "1.5", "distUnits": "MM", "offsetType": "1"}
    around |= {"priority": "5", "placementFlags": "10", "quadOffset": "4", "centroidInside": "1"}
    around |= {"predefinedPositionOrder": "R,L,TR,BR,TL,BL,TSR,BSR"}
    ET.SubElement(settings, "placement", around)
    drawing = {"drawLabels": "1", "displayAll": "0", "obstacleType": "1"}
    drawing["obstacle"] = "0" if labels.on_ground else "1"
    if labels.least_scale:
        drawing |= {"scaleVisibility": "1", "scaleMin": str(labels.least_scale), "scaleMax": "1"}
    ET.SubElement(settings, "rendering", drawing)
    computed = {"Priority": labels.priority, "Show": labels.show}
    if labels.distance:
        computed["LabelDistance"] = labels.distance
    data_defined(settings, "dd_properties", computed)
    return top


FONTS = ("Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "Source Han Sans SC", "SimHei")
"""Fonts with Chinese on Linux, Windows and macOS; QGIS takes the first that it finds."""


def rules_by_stage(
    stages: Iterable[int], called: str, rules: tuple[Rule, ...], *, hidden: bool = False
) -> tuple[Rule, ...]:
    """Return the rules once for each stage, of which only the last is ticked, or none."""
    years = list(stages)
    return tuple(
        Rule(f"{called} {year}", f'"stage" = {year}', None, rules, not hidden and year == years[-1])
        for year in years
    )


def inert(text: str) -> str:
    """Return a text in which QGIS finds no expression to compute: names come from users."""
    return text.replace("[%", "[\u200b%")


def quoted(text: str) -> str:
    """Return a text as a literal of a QGIS expression."""
    safe = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{safe}'"
