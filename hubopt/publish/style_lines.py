"""How freight in motion looks in QGIS: on links, by product, along routes, aboard services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.qml import Drawing, Rule, quoted, rules_by_stage
from hubopt.publish.strokes import (
    LINES,
    LINES_ALONG,
    SMALL_SCALE,
    STAGE,
    arrowed,
    by_mode,
    labels,
    line,
    mass,
    named,
    priority,
    rgba,
    significant,
    width,
    width_of,
    widths,
)
from hubopt.publish.words import MODES
from hubopt.text import Language, Text
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from hubopt.publish.layer import Layer
    from hubopt.publish.palette import Theme
    from hubopt.publish.qml import Symbol

LABELLED = 40
"""Flows that carry a figure, the largest."""

UP_TO = Text("up to", "最大")
UNSERVED = Text("stays behind", "未满足货流")


def present(layer: Layer, field: str = "mode") -> tuple[Mode, ...]:
    """Return the modes that a layer has, in the order of legends."""
    there = set(layer.column(field))
    return tuple(mode for mode in Mode if mode.value in there)


def figure(field: str, language: Language) -> str:
    """Return the expression of tonnes in the large unit of a language."""
    unit, by = ("万吨", 10_000) if language is Language.ZH else (" kt", 1_000)
    number = f'"{field}" / {by}'
    return f"format_number({number}, if({number} < 10, 1, 0)) || '{unit}'"


def flows(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of flows: arrows, tonnes as labels on the large ones."""
    field = "flow_t_per_year"
    wide = width(layer, field)
    symbols = {mode: arrowed(line(theme.modes[mode], wide), wide, theme) for mode in present(layer)}
    values = sorted(float(v) for v in layer.column(field) if isinstance(v, int | float))
    large = values[-min(len(values), LABELLED)] if values else 0.0
    show = f'"{field}" >= {large!r} AND coalesce(@map_scale, 0) <= {SMALL_SCALE}'
    order = priority(field, values, 0, 4)
    said = labels(figure(field, language), show, order, 7, LINES_ALONG, theme)
    below = (*by_mode(symbols, language), *widths(layer, field, language, theme))
    return Drawing(LINES, staged(stages, language, below), said, f'"{field}"')


def by_product(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of flows by product: colour by mode, nothing is ticked at first.

    A layer of one stage has a rule for each product, whose widest line is that of its own largest
    flow: phones would be hairs beside coal. One of all stages is to be filtered first.
    """
    field = "flow_t_per_year"
    if stages:
        rule = Rule("", "", goods(width(layer, field), theme))
        return Drawing(LINES, staged(stages, language, (rule,), hidden=True), None, f'"{field}"')
    ends = ("", "_name_en", "_name_zh")
    names: dict[str, str] = {}
    most: dict[str, float] = {}
    for ident, en, zh, tonnes in zip(
        *(layer.column(f"product{end}") for end in ends), layer.column(field), strict=True
    ):
        names[str(ident)] = str((zh if language is Language.ZH else en) or en or zh)
        most[str(ident)] = max(most.get(str(ident), 1.0), float(tonnes or 0.0))
    below = tuple(
        Rule(
            f"{name} ({UP_TO.in_language(language)} {mass(significant(most[ident]), language)})",
            f'"product" = {quoted(ident)}',
            goods(width_of(field, most[ident]), theme),
            shown=False,
        )
        for ident, name in sorted(names.items())
    )
    return Drawing(LINES, below, None, f'"{field}"')


def goods(wide: str, theme: Theme) -> Symbol:
    """Return a line in the colour of its mode."""
    cases = " ".join(
        f"WHEN \"mode\" = '{mode.value}' THEN '{rgba(theme.modes[mode])}'" for mode in Mode
    )
    return arrowed(line(theme.faint, wide, coloured=f"CASE {cases} END"), wide, theme)


def routes(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of routes: thin lines by main mode, unticked at first in every stage."""
    wide = width(layer, "flow_t_per_year")
    rules = tuple(
        Rule(
            MODES[mode].in_language(language),
            f"\"main_mode\" = '{mode.value}'",
            line(theme.modes[mode], wide, apart=False),
        )
        for mode in present(layer, "main_mode")
    )
    return Drawing(LINES, staged(stages, language, rules, hidden=True))


def services(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of services: dashes, departures a week as labels."""
    wide = '0.3 + 0.12 * sqrt("departures_per_week")'
    symbols = {
        mode: line(theme.modes[mode], wide, dash="3;1.5", apart=False) for mode in present(layer)
    }
    per_week = "班/周" if language is Language.ZH else " a week"
    text = f"{named(language)} || ' ' || \"departures_per_week\" || '{per_week}'"
    values = [float(v) for v in layer.column("departures_per_week") if isinstance(v, int)]
    order = priority("departures_per_week", values, 1, 5)
    said = labels(text, '"departures_per_week" > 0', order, 7, LINES_ALONG, theme)
    return Drawing(LINES, staged(stages, language, by_mode(symbols, language)), said)


def unserved(layer: Layer, stages: tuple[int, ...], language: Language, theme: Theme) -> Drawing:
    """Return the style of desire lines of what stays behind."""
    wide = width(layer, "unserved_t_per_year")
    symbol = line(theme.unserved, wide, dash="1;1.5", apart=False)
    below = (Rule(UNSERVED.in_language(language), "", symbol),)
    return Drawing(LINES, staged(stages, language, below))


def staged(
    stages: tuple[int, ...], language: Language, below: tuple[Rule, ...], *, hidden: bool = False
) -> tuple[Rule, ...]:
    """Return rules once for each stage, or once where a layer holds a single stage."""
    if not stages:
        return below
    return rules_by_stage(stages, STAGE.in_language(language), below, hidden=hidden)
