"""How each layer of plan.gpkg looks in QGIS: width by tonnes, colour by mode, symbol by outcome."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.publish.palette import HENAN, LAND, LINE, MODE_COLOURS, OUTCOME_COLOURS
from hubopt.publish.qml import Labels, Rule, Symbol, SymbolLayer, document, rules_by_stage
from hubopt.publish.words import MODES, OUTCOMES
from hubopt.text import Language, Text
from hubopt.vocabulary import Mode, SiteOutcome

if TYPE_CHECKING:
    from hubopt.publish.layer import Layer, Value

THIN_MM, WIDE_MM = 0.3, 4.2
"""Width of the least and of the largest flow."""

STAGE = Text("stage", "阶段")

SINCE_START = {
    SiteOutcome.OPENED: "\"opened_in\" <> '' AND \"outcome\" IN ('opened', 'kept')",
    SiteOutcome.KEPT: "\"opened_in\" = '' AND \"outcome\" = 'kept'",
}
"""What the plan opened stays new in later stages, whose outcome is kept."""

NUMBER, RING_MM = '"number_at_place"', 4.0
BESIDE = (
    f"if({NUMBER} = 1, '0,0', to_string({RING_MM} * sin(radians(60 * ({NUMBER} - 2)))) || ',' ||"
    f" to_string({RING_MM} * cos(radians(60 * ({NUMBER} - 2)))))"
)
"""Sites at one place stand around the busiest of them."""

POINT, LINES, POLYGONS = "0", "1", "2"

MARKERS = {
    SiteOutcome.OPENED: ("star", "5.2"),
    SiteOutcome.KEPT: ("circle", "3.6"),
    SiteOutcome.NOT_CHOSEN: ("circle", "2"),
    SiteOutcome.CLOSED: ("cross2", "2.4"),
}
"""Shape and size in mm of each outcome; the larger ones stand out."""


def style(layer: Layer, stages: tuple[int, ...], language: Language) -> str:
    """Return the style of a layer as QML."""
    makers = {
        "flows": flows,
        "routes": routes,
        "services": services,
        "unserved": unserved,
        "transfers": transfers,
        "sites": sites,
    }
    if layer.name in makers:
        return makers[layer.name](layer, stages, language)
    return basemap(layer.name, language)


def rgba(colour: str, opacity: int = 255) -> str:
    """Return a colour such as #1f6fb4 as QGIS writes it."""
    red, green, blue = (int(colour[here : here + 2], 16) for here in (1, 3, 5))
    return f"{red},{green},{blue},{opacity}"


def width(layer: Layer, field: str) -> str:
    """Return the expression of a line's width: its area grows with the tonnes."""
    values = [value for value in layer.column(field) if isinstance(value, int | float)]
    most = max([1.0, *map(float, values)])
    return f'{THIN_MM} + {WIDE_MM - THIN_MM} * sqrt("{field}" / {most!r})'


def line(colour: str, wide: str, *, dash: str = "", apart: bool = True) -> Symbol:
    """Return a line as wide as the expression says, beside that of the other direction."""
    fixed = {
        "line_color": rgba(colour), "line_width": "0.4", "line_width_unit": "MM",
        "capstyle": "round", "joinstyle": "round", "offset_unit": "MM",
    }  # fmt: skip
    if dash:
        fixed |= {"use_custom_dash": "1", "customdash": dash, "customdash_unit": "MM"}
    expressions = {"outlineWidth": wide}
    if apart:
        expressions["offset"] = f"({wide}) / 2"
    return Symbol("line", (SymbolLayer("SimpleLine", fixed, expressions),), 0.85)


def arrowed(symbol: Symbol, wide: str) -> Symbol:
    """Return a line with an arrow at its middle."""
    fixed = {"name": "filled_arrowhead", "color": "255,255,255,255", "size_unit": "MM"}
    fixed |= {"outline_color": "60,60,60,255", "outline_width": "0.15", "size": "1.5"}
    head = SymbolLayer("SimpleMarker", fixed, {"size": f"1.4 + 0.5 * ({wide})"})
    along = {"placement": "centralpoint", "rotate": "1", "offset_unit": "MM"}
    marks = SymbolLayer("MarkerLine", along, {"offset": f"({wide}) / 2"}, Symbol("marker", (head,)))
    return Symbol("line", (*symbol.layers, marks), symbol.opacity)


def by_mode(colour_of: dict[Mode, Symbol], language: Language) -> tuple[Rule, ...]:
    """Return a rule per mode."""
    return tuple(
        Rule(MODES[mode].in_language(language), f"\"mode\" = '{mode.value}'", symbol)
        for mode, symbol in colour_of.items()
    )


def flows(layer: Layer, stages: tuple[int, ...], language: Language) -> str:
    """Return the style of flows: arrows, tonnes as labels on the large ones."""
    field = "flow_t_per_year"
    wide = width(layer, field)
    present = set(layer.column("mode"))
    symbols = {
        mode: arrowed(line(MODE_COLOURS[mode], wide), wide)
        for mode in Mode
        if mode.value in present
    }
    values = sorted(float(v) for v in layer.column(field) if isinstance(v, int | float))
    large = values[-min(len(values), 40)] if values else 0.0
    unit = "万吨" if language is Language.ZH else " kt"
    by = 10_000 if language is Language.ZH else 1_000
    number = f'"{field}" / {by}'
    text = f"format_number({number}, if({number} < 10, 1, 0)) || '{unit}'"
    labels = Labels(text, f'"{field}" >= {large!r}', priority(field, values, 0, 4), 7, LINES_ALONG)
    rules = rules_by_stage(stages, STAGE.in_language(language), by_mode(symbols, language))
    return document(LINES, rules, labels, f'"{field}"')


def routes(layer: Layer, stages: tuple[int, ...], language: Language) -> str:
    """Return the style of routes: thin lines by main mode, unticked at first in every stage."""
    wide = width(layer, "flow_t_per_year")
    present = set(layer.column("main_mode"))
    rules = tuple(
        Rule(
            MODES[mode].in_language(language),
            f"\"main_mode\" = '{mode.value}'",
            line(MODE_COLOURS[mode], wide, apart=False),
        )
        for mode in Mode
        if mode.value in present
    )
    called = STAGE.in_language(language)
    return document(LINES, rules_by_stage(stages, called, rules, hidden=True), None)


LINES_ALONG, AROUND_POINT, OVER_POLYGON = "2", "6", "1"
"""Placements of labels as QGIS numbers them."""


def priority(field: str, values: list[float], least: int, most: int) -> str:
    """Return the expression of a label's priority, `most` (10 at most) for the largest figure."""
    largest = max([1.0, *values])
    return f'{least} + {most - least} * sqrt(coalesce("{field}", 0) / {largest!r})'


def services(layer: Layer, stages: tuple[int, ...], language: Language) -> str:
    """Return the style of services: dashes, departures a week as labels."""
    wide = '0.3 + 0.12 * sqrt("departures_per_week")'
    present = set(layer.column("mode"))
    symbols = {
        mode: line(MODE_COLOURS[mode], wide, dash="3;1.5", apart=False)
        for mode in Mode
        if mode.value in present
    }
    name = named(language)
    per_week = "班/周" if language is Language.ZH else " a week"
    text = f"{name} || ' ' || \"departures_per_week\" || '{per_week}'"
    values = [float(v) for v in layer.column("departures_per_week") if isinstance(v, int)]
    labels = Labels(text, "1", priority("departures_per_week", values, 1, 5), 7, LINES_ALONG)
    rules = rules_by_stage(stages, STAGE.in_language(language), by_mode(symbols, language))
    return document(LINES, rules, labels)


def unserved(layer: Layer, stages: tuple[int, ...], language: Language) -> str:
    """Return the style of desire lines of what stays behind."""
    wide = width(layer, "unserved_t_per_year")
    symbol = line("#d4009f", wide, dash="1;1.5", apart=False)
    called = Text("unserved", "未满足").in_language(language)
    rules = rules_by_stage(stages, STAGE.in_language(language), (Rule(called, "", symbol),))
    return document(LINES, rules, None)


def transfers(layer: Layer, stages: tuple[int, ...], language: Language) -> str:
    """Return the style of transfers: diamonds whose area grows with the tonnes."""
    field = "changed_t_per_year"
    values = [float(v) for v in layer.column(field) if isinstance(v, int | float)]
    fixed = {"name": "diamond", "color": "255,255,255,230", "outline_color": "60,60,60,255"}
    fixed |= {"size": "2.5", "size_unit": "MM", "outline_width": "0.3", "outline_width_unit": "MM"}
    size = f'1.8 + 4 * sqrt("{field}" / {max([1.0, *values])!r})'
    symbol = Symbol("marker", (SymbolLayer("SimpleMarker", fixed, {"size": size}),))
    called = Text("change of mode", "换装").in_language(language)
    rules = rules_by_stage(stages, STAGE.in_language(language), (Rule(called, "", symbol),))
    return document(POINT, rules, None, f'"{field}"')


def sites(layer: Layer, stages: tuple[int, ...], language: Language) -> str:
    """Return the style of sites: a symbol per outcome, one label for those standing at a place."""
    rules = []
    for outcome in (
        SiteOutcome.NOT_CHOSEN, SiteOutcome.CLOSED, SiteOutcome.KEPT, SiteOutcome.OPENED,
    ):  # fmt: skip
        shape, size = MARKERS[outcome]
        fixed = {
            "name": shape, "size": size, "size_unit": "MM", "color": rgba(OUTCOME_COLOURS[outcome]),
            "outline_color": "255,255,255,255", "outline_width": "0.3", "outline_width_unit": "MM",
        }  # fmt: skip
        if outcome is SiteOutcome.CLOSED:
            fixed["outline_color"] = rgba(OUTCOME_COLOURS[outcome])
        fixed["offset_unit"] = "MM"
        symbol = Symbol("marker", (SymbolLayer("SimpleMarker", fixed, {"offset": BESIDE}),))
        which = SINCE_START.get(outcome, f"\"outcome\" = '{outcome.value}'")
        rules.append(Rule(OUTCOMES[outcome].in_language(language), which, symbol))
    new = f'"new_here_{language.value}"'
    text = f"{named(language, 'place_name')} || if({new} = '', '', '\\n' || {new})"
    first = f"{NUMBER} = 1 AND \"outcome\" IN ('opened', 'kept')"
    labels = Labels(text, first, priority_of_place(layer, new), 9, AROUND_POINT)
    by_stage = rules_by_stage(stages, STAGE.in_language(language), tuple(rules))
    return document(POINT, by_stage, labels)


def priority_of_place(layer: Layer, new: str) -> str:
    """Return the expression of a label's priority: where something opens first, then by tonnes."""
    keys = zip(layer.column("stage"), layer.column("place"), strict=True)
    found: defaultdict[tuple[Value, Value], float] = defaultdict(float)
    for key, value in zip(keys, layer.column("handled_t_per_year"), strict=True):
        found[key] += float(value or 0)
    largest = max([1.0, *found.values()])
    here = 'sum("handled_t_per_year", group_by:="stage" || \' \' || "place")'
    return f"if({new} = '', 4, 7) + 3 * sqrt(coalesce({here}, 0) / {largest!r})"


def named(language: Language, field: str = "name") -> str:
    """Return the expression of a feature's name in a language, the other's where it is blank."""
    first, second = ("zh", "en") if language is Language.ZH else ("en", "zh")
    return f'coalesce(nullif("{field}_{first}", \'\'), "{field}_{second}")'


def basemap(name: str, language: Language) -> str:
    """Return the style of an outline."""
    if name in {"basemap_province_lines", "basemap_boundaries"}:
        thin = {"line_color": rgba(LINE), "line_width": "0.2", "line_width_unit": "MM"}
        thin |= {"line_style": "dot" if name == "basemap_province_lines" else "solid"}
        symbol = Symbol("line", (SymbolLayer("SimpleLine", thin),))
        return document(LINES, (Rule("", "", symbol),), None)
    inside = {"color": rgba(HENAN if name == "basemap_henan" else LAND), "style": "solid"}
    edge = "no" if name == "basemap_land" else "solid"
    inside |= {"outline_style": edge, "outline_color": rgba(LINE), "outline_width": "0.15"}
    symbol = Symbol("fill", (SymbolLayer("SimpleFill", inside),))
    labels = None
    if name == "basemap_henan":
        labels = Labels(
            named(language), "1", "0", 8, OVER_POLYGON, "140,140,140,255", least_scale=6_000_000
        )
    return document(POLYGONS, (Rule("", "", symbol),), labels)
