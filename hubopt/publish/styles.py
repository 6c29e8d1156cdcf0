"""How each layer of plan.gpkg looks in QGIS: width by tonnes, colour by mode, symbol by outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish import style_ground, style_lines, style_points
from hubopt.publish.forms import form
from hubopt.publish.palette import DARK, LIGHT
from hubopt.publish.qml import document

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hubopt.publish.layer import Layer
    from hubopt.publish.palette import Theme
    from hubopt.publish.qml import Drawing
    from hubopt.text import Language

    Maker = Callable[[Layer, tuple[int, ...], Language, Theme], Drawing]

MAKERS: Mapping[str, Maker] = {
    "flows": style_lines.flows,
    "flows_by_product": style_lines.by_product,
    "routes": style_lines.routes,
    "services": style_lines.services,
    "unserved": style_lines.unserved,
    "transfers": style_points.transfers,
    "places": style_points.places,
    "sites": style_points.sites,
    "catchments": style_ground.catchments,
}
"""What draws each layer; all others are outlines."""

THEMES = (LIGHT, DARK)
"""The looks that each layer comes with, the default first."""


def drawing(
    layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme = LIGHT
) -> Drawing:
    """Return how a layer is drawn; with no stages as one that holds a single stage."""
    maker = MAKERS.get(layer.name, style_ground.outline)
    return maker(layer, stages, language, theme)


def style(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme = LIGHT) -> str:
    """Return a style of a layer as QML, with the names of its fields and its tip."""
    return document(drawing(layer, stages, language, theme), form(layer, language))


def styles(layer: Layer, stages: tuple[int, ...], language: Language) -> dict[str, str]:
    """Return the styles of a layer by name, the default first."""
    return {theme.name: style(layer, stages, language, theme) for theme in THEMES}
