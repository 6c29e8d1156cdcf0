"""How the ground looks in QGIS: outlines of the basemap, and catchments of centres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.catchment_layer import PRIMARY_SHARE
from hubopt.publish.layer import Shape
from hubopt.publish.palette import TINTS
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
from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from hubopt.publish.layer import Layer
    from hubopt.publish.palette import Theme
    from hubopt.text import Language

FIRST = Function.CROSS_DOCK
"""The function whose catchments are shown at first, where there are any."""

TINT_OF = (
    "CASE "
    + " ".join(
        f"WHEN \"tint\" = {number} THEN '{rgba(colour, 90)}'" for number, colour in enumerate(TINTS)
    )
    + " END"
)


def outline(layer: Layer, _: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of an outline."""
    if layer.shape is Shape.LINES:
        thin = {"line_color": rgba(theme.line), "line_width": "0.2", "line_width_unit": "MM"}
        thin |= {"line_style": "dot" if layer.name == "basemap_province_lines" else "solid"}
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


LEADS = Text("who serves most of each place", "各地主要服务中心")
OWN = Text("{share:.0%} of each centre's freight", "各中心 {share:.0%} 货量来源")


def catchments(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of catchments: tints that tile the region, or edges that overlap.

    All functions at once would hide each other, so that only one is ticked.
    """
    there = {str(value) for value in layer.column("function")}
    first = FIRST.value if FIRST.value in there else min(there, default="")
    tile = ground(TINTS[0], 90, theme.edge, 0.5, TINT_OF)
    edge = ground(TINTS[0], 18, theme.faint, 0.5)
    rules: list[Rule] = []
    for function in (one for one in FUNCTIONS if one.value in there):
        own = OWN.in_language(language).format(share=PRIMARY_SHARE)
        below = (
            Rule(LEADS.in_language(language), "\"ground\" = 'leading'", tile),
            Rule(own, "\"ground\" = 'own'", edge, shown=False),
        )
        which = f"\"function\" = '{function.value}'"
        called, ticked = FUNCTIONS[function].in_language(language), function.value == first
        rules.append(Rule(called, which, None, below, shown=ticked))
    field = "catchment_t_per_year"
    text = f"{named(language)} || '\\n' || {figure(field, language)}"
    order = priority(field, [largest(layer, field)], 2, 9)
    said = labels(text, "1", order, 8, OVER_POLYGON, theme)
    return Drawing(POLYGONS, staged(stages, language, tuple(rules)), said, f'"{field}"')


def ground(tint: str, opacity: int, edge: str, edge_mm: float, tinted: str = "") -> Symbol:
    """Return a tinted ground with an edge."""
    fixed = {
        "color": rgba(tint, opacity), "style": "solid", "outline_style": "solid",
        "outline_color": rgba(edge), "outline_width": f"{edge_mm}", "outline_width_unit": "MM",
    }  # fmt: skip
    expressions = {"fillColor": tinted} if tinted else {}
    return Symbol("fill", (SymbolLayer("SimpleFill", fixed, expressions),))
