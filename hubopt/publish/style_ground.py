"""How the ground looks in QGIS: outlines of the basemap, and catchments of centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.palette import FUNCTION_COLOURS
from hubopt.publish.qml import Drawing, Rule, Symbol, SymbolLayer
from hubopt.publish.strokes import (
    LINES,
    OVER_POLYGON,
    POLYGONS,
    labels,
    largest,
    named,
    priority,
    rgba,
)
from hubopt.publish.style_lines import figure, staged
from hubopt.publish.words import FUNCTIONS
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.publish.layer import Layer
    from hubopt.publish.palette import Theme
    from hubopt.text import Language

OPENED = Text("new", "新建")


def outline(layer: Layer, _: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of an outline."""
    if layer.name == "basemap_province_lines":
        thin = {"line_color": rgba(theme.line), "line_width": "0.2", "line_width_unit": "MM"}
        thin |= {"line_style": "dot"}
        return Drawing(LINES, (Rule("", "", Symbol("line", (SymbolLayer("SimpleLine", thin),))),))
    fills = {"basemap_henan": theme.henan, "basemap_sea": theme.sea}
    inside = {"color": rgba(fills.get(layer.name, theme.land)), "style": "solid"}
    edge = "no" if layer.name in {"basemap_land", "basemap_sea"} else "solid"
    inside |= {"outline_style": edge, "outline_color": rgba(theme.line), "outline_width": "0.15"}
    rule = Rule("", "", Symbol("fill", (SymbolLayer("SimpleFill", inside),)))
    said = None
    if layer.name == "basemap_henan":
        said = labels(
            named(language), "1", "0", 8, OVER_POLYGON, theme, faint=True, least_scale=6_000_000
        )
    return Drawing(POLYGONS, (rule,), said)


def catchments(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of catchments: an edge and a tint by function, firmer for new centres.

    All functions at once would hide each other, so that only the first is ticked.
    """
    there = set(layer.column("function"))
    rules: list[Rule] = []
    for function, colour in FUNCTION_COLOURS.items():
        if function.value not in there:
            continue
        below = (
            Rule(OPENED.in_language(language), "\"opened_in\" <> ''", ground(colour, 70, 0.7)),
            Rule(OLDER.in_language(language), "\"opened_in\" = ''", ground(colour, 25, 0.35)),
        )
        which = f"\"function\" = '{function.value}'"
        called = FUNCTIONS[function].in_language(language)
        rules.append(Rule(called, which, None, below, shown=not rules))
    field = "handled_t_per_year"
    text = f"{named(language)} || '\\n' || {figure(field, language)}"
    order = priority(field, [largest(layer, field)], 2, 9)
    said = labels(text, "1", order, 7.5, OVER_POLYGON, theme)
    return Drawing(POLYGONS, staged(stages, language, tuple(rules)), said, f'"{field}"')


OLDER = Text("from before the plan", "规划前已有")


def ground(colour: str, tint: int, edge_mm: float) -> Symbol:
    """Return a tinted ground with an edge."""
    fixed = {
        "color": rgba(colour, tint), "style": "solid", "outline_style": "solid",
        "outline_color": rgba(colour), "outline_width": f"{edge_mm}", "outline_width_unit": "MM",
    }  # fmt: skip
    return Symbol("fill", (SymbolLayer("SimpleFill", fixed),))
