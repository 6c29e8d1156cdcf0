"""How compare.gpkg looks in QGIS: more freight solid, less dashed; a symbol per site change."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.publish.compare_words import CHANGES
from hubopt.publish.forms import form
from hubopt.publish.palette import LIGHT
from hubopt.publish.qml import Drawing, Labels, Rule, Symbol, SymbolLayer, document
from hubopt.publish.strokes import (
    AROUND_POINT,
    LINES,
    LINES_ALONG,
    POINT,
    STAGE,
    THIN_MM,
    WIDE_MM,
    arrowed,
    line,
    named,
    rgba,
)
from hubopt.publish.styles import styles
from hubopt.study.movement import Change
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from hubopt.publish.layer import Layer

MORE_COLOUR, LESS_COLOUR = "#0b5fa5", "#d1491b"
"""Colours of more and of less, told apart by people who see colours differently."""

SHOWN_AT_MOST = 30
"""Changes of freight that are labelled, the largest."""

FIELD = "change_t_per_year"
MORE, LESS = Text("more freight", "货运量增加"), Text("less freight", "货运量减少")

MARKERS = {
    Change.OPENED: ("star", "5.2", MORE_COLOUR),
    Change.DROPPED: ("cross2", "3.6", LESS_COLOUR),
    Change.LARGER: ("triangle", "4", MORE_COLOUR),
    Change.SMALLER: ("equilateral_triangle", "3", LESS_COLOUR),
    Change.OTHER_SIZE: ("diamond", "3.6", "#7a3fb0"),
}
"""Shape, size in mm and colour of each change of a site."""


def compare_styles(layer: Layer, stages: tuple[int, ...], language: Language) -> dict[str, str]:
    """Return the styles of a layer of compare.gpkg by name, the default first."""
    makers = {"changed_flows": changed_flows, "changed_sites": changed_sites}
    if layer.name in makers:
        drawn = makers[layer.name](layer, stages, language)
        return {LIGHT.name: document(drawn, form(layer, language))}
    return styles(layer, stages, language)


def changed_flows(layer: Layer, stages: tuple[int, ...], language: Language) -> Drawing:
    """Return the style of changed freight: width by how much, colour and dashes by its sign."""
    sizes = sorted(abs(float(value or 0.0)) for value in layer.column(FIELD))
    largest = max([1.0, *sizes])
    wide = f'{THIN_MM} + {WIDE_MM - THIN_MM} * sqrt(abs("{FIELD}") / {largest!r})'
    below = (
        Rule(
            MORE.in_language(language),
            f'"{FIELD}" > 0',
            arrowed(line(MORE_COLOUR, wide), wide),
        ),
        Rule(
            LESS.in_language(language),
            f'"{FIELD}" < 0',
            arrowed(dashed(LESS_COLOUR, wide), wide),
        ),
    )
    unit, by = ("万吨", 10_000) if language is Language.ZH else (" kt", 1_000)
    number = f'"{FIELD}" / {by}'
    text = f"if({number} > 0, '+', '') || format_number({number}, 1) || '{unit}'"
    large = sizes[-min(len(sizes), SHOWN_AT_MOST)] if sizes else 0.0
    size = f'abs("{FIELD}")'
    labels = Labels(text, f"{size} >= {large!r}", f"4 * sqrt({size} / {largest!r})", 7, LINES_ALONG)
    return Drawing(LINES, by_result(layer, stages, language, below), labels, size)


def dashed(colour: str, wide: str) -> Symbol:
    """Return a dashed line with flat ends, so that gaps stay open in a wide one."""
    (course,) = line(colour, wide, dash="3;1.5").layers
    flat = {**course.properties, "capstyle": "flat"}
    return Symbol("line", (replace(course, properties=flat),), 0.85)


def changed_sites(layer: Layer, stages: tuple[int, ...], language: Language) -> Drawing:
    """Return the style of changed sites: a symbol for each change, the name beside it."""
    below = []
    for change, (shape, size, colour) in MARKERS.items():
        fixed = {
            "name": shape, "size": size, "size_unit": "MM", "color": rgba(colour),
            "outline_color": rgba(colour if change is Change.DROPPED else "#ffffff"),
            "outline_width": "0.4", "outline_width_unit": "MM",
        }  # fmt: skip
        if change is Change.SMALLER:
            fixed["angle"] = "180"
        symbol = Symbol("marker", (SymbolLayer("SimpleMarker", fixed),))
        name = CHANGES[change].in_language(language)
        below.append(Rule(name, f"\"change\" = '{change.value}'", symbol))
    labels = Labels(named(language), "1", "5", 9, AROUND_POINT)
    return Drawing(POINT, by_result(layer, stages, language, tuple(below)), labels)


def by_result(
    layer: Layer, stages: tuple[int, ...], language: Language, below: tuple[Rule, ...]
) -> tuple[Rule, ...]:
    """Return the rules for each result and stage; the last stage of the first one is ticked."""
    called = STAGE.in_language(language)
    numbers = sorted({value for value in layer.column("result") if isinstance(value, int)}) or [2]
    return tuple(
        Rule(
            f"{number} - 1, {called} {stage}",
            f'"result" = {number} AND "stage" = {stage}',
            None,
            below,
            number == numbers[0] and stage == stages[-1],
        )
        for number in numbers
        for stage in stages
    )
