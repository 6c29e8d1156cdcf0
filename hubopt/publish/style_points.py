"""How places, sites and changes of mode look in QGIS."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.publish.qml import Drawing, Rule, Symbol, SymbolLayer
from hubopt.publish.strokes import (
    AROUND_POINT,
    HALF_WHEN_SMALL,
    POINT,
    SMALL_SCALE,
    labels,
    largest,
    named,
    priority,
    rgba,
)
from hubopt.publish.style_lines import staged
from hubopt.publish.words import OUTCOMES
from hubopt.text import Text
from hubopt.vocabulary import SiteOutcome

if TYPE_CHECKING:
    from hubopt.publish.layer import Layer
    from hubopt.publish.palette import Theme
    from hubopt.text import Language

SINCE_START = {
    SiteOutcome.OPENED: "\"opened_in\" <> '' AND \"outcome\" IN ('opened', 'kept')",
    SiteOutcome.KEPT: "\"opened_in\" = '' AND \"outcome\" = 'kept'",
}
"""What the plan opened stays new in later stages, whose outcome is kept."""

NUMBER, RING_MM = '"number_at_place"', 4.0
AT_CENTRE = f"{NUMBER} = 1 OR @map_scale > {SMALL_SCALE}"
BESIDE = (
    f"if({AT_CENTRE}, '0,0', to_string({RING_MM} * sin(radians(60 * ({NUMBER} - 2)))) || ',' ||"
    f" to_string({RING_MM} * cos(radians(60 * ({NUMBER} - 2)))))"
)
"""Sites at one place stand around the busiest of them."""

MARKERS = {
    SiteOutcome.NOT_CHOSEN: ("circle", "2"),
    SiteOutcome.CLOSED: ("cross2", "2.4"),
    SiteOutcome.KEPT: ("circle", "3.6"),
    SiteOutcome.OPENED: ("star", "5.2"),
}
"""Shape and size in mm of each outcome, those drawn last on top; the larger ones stand out."""

CLEAR_OF_RING = 'if("sites_at_place" > 1, 5, 1.5)'
"""Distance of a name in mm: where symbols stand around a place, outside of their ring."""

WORDS_SCALE = 6_000_000
"""Sites say what is new up to 1 : 6 million; beyond 1 : 15 million places are named instead."""

CHANGE, PLACE = Text("change of mode", "换装"), Text("place with freight", "有货运的地点")


def transfers(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of transfers: diamonds whose area grows with the tonnes."""
    field = "changed_t_per_year"
    fixed = {"name": "diamond", "color": rgba(theme.arrow, 230), "outline_color": rgba(theme.text)}
    fixed |= {"size": "2.5", "size_unit": "MM", "outline_width": "0.3", "outline_width_unit": "MM"}
    size = f'(1.8 + 4 * sqrt("{field}" / {largest(layer, field)!r})) * {HALF_WHEN_SMALL}'
    symbol = Symbol("marker", (SymbolLayer("SimpleMarker", fixed, {"size": size}),))
    below = (Rule(CHANGE.in_language(language), "", symbol),)
    return Drawing(POINT, staged(stages, language, below), None, f'"{field}"')


def places(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of places: dots, named by how many links meet there.

    Where sites stand they are named by the sites, until the map is so small that all crowd.
    """
    fixed = {
        "name": "circle", "size": "1.3", "size_unit": "MM", "color": rgba(theme.text, 200),
        "outline_color": rgba(theme.halo), "outline_width": "0.2", "outline_width_unit": "MM",
    }  # fmt: skip
    symbol = Symbol("marker", (SymbolLayer("SimpleMarker", fixed),))
    below = (Rule(PLACE.in_language(language), "", symbol),)
    meet = "links_in_reach"
    values = [float(v) for v in layer.column(meet) if isinstance(v, int)]
    show = f'"sites_here" = 0 OR @map_scale > {SMALL_SCALE}'
    said = labels(named(language), show, priority(meet, values, 2, 10), 7.5, AROUND_POINT, theme)
    return Drawing(POINT, staged(stages, language, below), said, f'"{meet}"')


def sites(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of sites: a symbol per outcome, one label for those standing at a place."""
    rules = []
    for outcome, (shape, size) in MARKERS.items():
        colour = rgba(theme.outcomes[outcome])
        crossed = outcome is SiteOutcome.CLOSED
        fixed = {
            "name": shape, "size": size, "size_unit": "MM", "color": colour, "offset_unit": "MM",
            "outline_color": colour if crossed else rgba(theme.halo),
            "outline_width": "0.3", "outline_width_unit": "MM",
        }  # fmt: skip
        size_of = f"{size} * {HALF_WHEN_SMALL}"
        marker = SymbolLayer("SimpleMarker", fixed, {"offset": BESIDE, "size": size_of})
        symbol = Symbol("marker", (marker,))
        which = SINCE_START.get(outcome, f"\"outcome\" = '{outcome.value}'")
        rules.append(Rule(OUTCOMES[outcome].in_language(language), which, symbol))
    new = f'"new_here_{language.value}"'
    plain = f"{new} = '' OR @map_scale > {WORDS_SCALE}"
    text = f"{named(language, 'place_name')} || if({plain}, '', '\\n' || {new})"
    first = (
        f"{NUMBER} = 1 AND \"outcome\" IN ('opened', 'kept')"
        f" AND coalesce(@map_scale, 0) <= {SMALL_SCALE}"
    )
    order = priority_of_place(layer, new)
    said = labels(text, first, order, 9, AROUND_POINT, theme, distance=CLEAR_OF_RING)
    return Drawing(POINT, staged(stages, language, tuple(rules)), said)


def priority_of_place(layer: Layer, new: str) -> str:
    """Return the expression of a label's priority: where something opens first, then by tonnes."""
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    for stage, place, tonnes in zip(
        layer.column("stage"), layer.column("place"), layer.column("handled_t_per_year"),
        strict=True,
    ):  # fmt: skip
        found[str(stage), str(place)] += float(tonnes or 0.0)
    top = max([1.0, *found.values()])
    here = 'sum("handled_t_per_year", group_by:="stage" || \' \' || "place")'
    return f"if({new} = '', 4, 7) + 3 * sqrt(coalesce({here}, 0) / {top!r})"
