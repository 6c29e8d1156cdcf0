"""The legend of a QGIS project: groups with one stage shown at a time, and themes to switch by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from hubopt.publish.layer import Shape
from hubopt.publish.palette import DARK, LIGHT
from hubopt.publish.project_layers import BASEMAP, FOLDED, SHOWN
from hubopt.publish.project_xml import properties_in, sub
from hubopt.publish.strokes import STAGE
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hubopt.publish.palette import Theme
    from hubopt.publish.project_layers import Sheet
    from hubopt.publish.qml import Rule
    from hubopt.text import Language

STAGES, GROUND = Text("Stages: one at a time", "规划阶段（单选）"), Text("Basemap", "底图")
MORE = Text("About, and more", "说明及其他")

CHECKED, UNCHECKED = "Qt::Checked", "Qt::Unchecked"

OVERVIEW = frozenset({"flows", "places", "unserved"})
"""Layers of maps so small that sites would lie on top of each other."""


@dataclass(frozen=True)
class View:
    """A theme of a project: its name, the stage and layers that it shows, and their look."""

    name: str
    stage: int
    shown: frozenset[str]
    look: Theme = LIGHT

    def shows(self, sheet: Sheet) -> bool:
        """Return whether a layer of the project is ticked."""
        if sheet.stage is None:
            return True
        return sheet.stage == self.stage and sheet.layer.name in self.shown


PLAIN = Text("Stage {stage}", "{stage} 年")
NIGHT = Text("Stage {stage}, dark", "{stage} 年（深色）")
GROUNDS = Text("Stage {stage}, catchments", "{stage} 年服务范围")
TRIPS = Text("Stage {stage}, services", "{stage} 年班列航班")
SMALL = Text("Stage {stage}, overview", "{stage} 年概览")


def views(stages: Iterable[int], language: Language) -> list[View]:
    """Return the themes of each stage: light, dark, catchments, services, overview."""
    found = []
    for stage in stages:
        for name, shown, look in (
            (PLAIN, SHOWN, LIGHT),
            (NIGHT, SHOWN, DARK),
            (GROUNDS, frozenset({"catchments"}), LIGHT),
            (TRIPS, frozenset({"sites", "places", "services"}), LIGHT),
            (SMALL, OVERVIEW, LIGHT),
        ):
            called = name.in_language(language).format(stage=stage)
            found.append(View(called, stage, shown, look))
    return found


def name_of(name: Text, stage: int, language: Language) -> str:
    """Return what the theme of a stage is called."""
    return name.in_language(language).format(stage=stage)


def tree(sheets: Sequence[Sheet], stages: Sequence[int], language: Language) -> ET.Element:
    """Return the tree of groups and layers; of the stages the last is shown."""
    root = ET.Element("layer-tree-group")
    properties_in(root, {})
    first = group(root, STAGES.in_language(language))
    first.set("mutually-exclusive", "1")
    first.set("mutually-exclusive-child", str(len(stages) - 1))
    for stage in stages:
        inside = group(first, f"{STAGE.in_language(language)} {stage}", ticked=stage == stages[-1])
        for sheet in (one for one in sheets if one.stage == stage):
            leaf(inside, sheet, ticked=sheet.layer.name in SHOWN)
    plain = [sheet for sheet in sheets if sheet.stage is None]
    if others := [s for s in plain if not s.layer.name.startswith(BASEMAP)]:
        more = group(root, MORE.in_language(language))
        for sheet in others:
            leaf(more, sheet)
    ground = group(root, GROUND.in_language(language), unfolded=False)
    for sheet in (s for s in plain if s.layer.name.startswith(BASEMAP)):
        leaf(ground, sheet)
    sub(root, "custom-order", enabled="0")
    return root


def group(
    parent: ET.Element, name: str, *, ticked: bool = True, unfolded: bool = True
) -> ET.Element:
    """Add a group to a tree."""
    element = sub(parent, "layer-tree-group", name=name, expanded="1" if unfolded else "0")
    element.set("checked", CHECKED if ticked else UNCHECKED)
    properties_in(element, {})
    return element


def leaf(parent: ET.Element, sheet: Sheet, *, ticked: bool = True, heading: str = "") -> ET.Element:
    """Add a layer to a tree; `heading` says how a printed legend shows its name."""
    element = sub(parent, "layer-tree-layer", id=sheet.ident, name=sheet.name, providerKey="ogr")
    element.set("source", sheet.source)
    element.set("checked", CHECKED if ticked else UNCHECKED)
    element.set("expanded", "0" if sheet.layer.name in FOLDED else "1")
    element.set("legend_exp", "")
    element.set("legend_split_behavior", "0")
    element.set("patch_size", "-1,-1")
    properties_in(element, {"legend/title-style": heading} if heading else {})
    return element


def themes(sheets: Sequence[Sheet], stages: Sequence[int], language: Language) -> ET.Element:
    """Return the themes of a project."""
    top = ET.Element("visibility-presets")
    first = STAGES.in_language(language)
    for view in views(stages, language):
        preset = sub(top, "visibility-preset", name=view.name)
        preset.set("has-expanded-info", "1")
        preset.set("has-checked-group-info", "1")
        for sheet in sheets:
            look = "default" if sheet.layer.shape is Shape.NONE else view.look.name
            layer = sub(preset, "layer", id=sheet.ident, style=look)
            layer.set("visible", "1" if view.shows(sheet) else "0")
            layer.set("expanded", "0" if sheet.layer.name in FOLDED else "1")
            ticked_rules(preset, sheet)
        stage = f"{STAGE.in_language(language)} {view.stage}"
        ticked = [first, f"{first}/{stage}", GROUND.in_language(language)]
        if any(s.stage is None and not s.layer.name.startswith(BASEMAP) for s in sheets):
            ticked.append(MORE.in_language(language))
        shelf = sub(preset, "checked-group-nodes")
        for name in ticked:
            sub(shelf, "checked-group-node", id=name)
        shelf = sub(preset, "expanded-group-nodes")
        for name in (first, f"{first}/{stage}"):
            sub(shelf, "expanded-group-node", id=name)
    return top


def ticked_rules(preset: ET.Element, sheet: Sheet) -> None:
    """Say which rules of a layer are ticked, where some are not."""
    keys = list(keyed(sheet.rules))
    if all(rule.shown for _, rule in keys):
        return
    shelf = sub(preset, "checked-legend-nodes", id=sheet.ident)
    for key, rule in keys:
        if rule.shown:
            sub(shelf, "checked-legend-node", id=f"{{{key}}}")


def keyed(rules: Sequence[Rule], above: str = "") -> Iterable[tuple[str, Rule]]:
    """Yield rules with the keys that styles give them."""
    for number, rule in enumerate(rules):
        key = f"{above}{number}"
        yield key, rule
        yield from keyed(rule.rules, f"{key}-")
