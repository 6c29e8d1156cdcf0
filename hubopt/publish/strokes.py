"""The parts that styles of lines share: colours as QGIS writes them, widths, arrows, labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.palette import LIGHT
from hubopt.publish.qml import Labels, Rule, Symbol, SymbolLayer
from hubopt.publish.words import MODES
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.publish.layer import Layer
    from hubopt.publish.palette import Theme
    from hubopt.vocabulary import Mode

THIN_MM, WIDE_MM = 0.3, 4.2
"""Width of the least and of the largest flow."""

SMALL_SCALE = 15_000_000
HALF_WHEN_SMALL = f"if(@map_scale > {SMALL_SCALE}, 0.5, 1)"
"""Maps of a continent, beyond 1 : 15 million, take lines of half the width."""

POINT, LINES, POLYGONS = "0", "1", "2"

LINES_ALONG, AROUND_POINT, OVER_POLYGON = "2", "6", "1"
"""Placements of labels as QGIS numbers them."""

STAGE = Text("stage", "阶段")


def rgba(colour: str, opacity: int = 255) -> str:
    """Return a colour such as #1f6fb4 as QGIS writes it."""
    red, green, blue = (int(colour[here : here + 2], 16) for here in (1, 3, 5))
    return f"{red},{green},{blue},{opacity}"


def largest(layer: Layer, field: str) -> float:
    """Return the largest figure of a field, 1 at least."""
    values = [value for value in layer.column(field) if isinstance(value, int | float)]
    return max([1.0, *map(float, values)])


def width(layer: Layer, field: str) -> str:
    """Return the expression of a line's width: its area grows with the tonnes."""
    return width_of(field, largest(layer, field))


def width_of(field: str, most: float) -> str:
    """Return the expression of a line's width, of which the widest has the most tonnes."""
    share = f'"{field}" / {most!r}'
    return f"({THIN_MM} + {WIDE_MM - THIN_MM} * sqrt({share})) * {HALF_WHEN_SMALL}"


def line(
    colour: str, wide: str, *, dash: str = "", apart: bool = True, coloured: str = ""
) -> Symbol:
    """Return a line as wide as the expression says, beside that of the other direction."""
    fixed = {
        "line_color": rgba(colour), "line_width": "0.9", "line_width_unit": "MM",
        "capstyle": "round", "joinstyle": "round", "offset_unit": "MM",
    }  # fmt: skip
    if dash:
        fixed |= {"use_custom_dash": "1", "customdash": dash, "customdash_unit": "MM"}
    expressions = {"outlineWidth": wide}
    if apart:
        expressions["offset"] = f"({wide}) / 2"
    if coloured:
        expressions["outlineColor"] = coloured
    return Symbol("line", (SymbolLayer("SimpleLine", fixed, expressions),), 0.85)


def arrowed(symbol: Symbol, wide: str, theme: Theme = LIGHT) -> Symbol:
    """Return a line with an arrow at its middle."""
    fixed = {"name": "filled_arrowhead", "color": rgba(theme.arrow), "size_unit": "MM"}
    fixed |= {"outline_color": rgba(theme.edge), "outline_width": "0.15", "size": "1.5"}
    head = SymbolLayer("SimpleMarker", fixed, {"size": f"1.4 + 0.5 * ({wide})"})
    along = {"placement": "centralpoint", "rotate": "1", "offset_unit": "MM"}
    marks = SymbolLayer("MarkerLine", along, {"offset": f"({wide}) / 2"}, Symbol("marker", (head,)))
    return Symbol("line", (*symbol.layers, marks), symbol.opacity)


def by_mode(symbols: Mapping[Mode, Symbol], language: Language) -> tuple[Rule, ...]:
    """Return a rule per mode."""
    return tuple(
        Rule(MODES[mode].in_language(language), f"\"mode\" = '{mode.value}'", symbol)
        for mode, symbol in symbols.items()
    )


def widths(layer: Layer, field: str, language: Language, theme: Theme) -> tuple[Rule, ...]:
    """Return rules that draw nothing on the map and show in the legend what widths stand for."""
    most = largest(layer, field)
    if not layer.rows:
        return ()
    found = []
    for tonnes in dict.fromkeys((rounded(most), rounded(most / 10))):
        mm = THIN_MM + (WIDE_MM - THIN_MM) * (tonnes / most) ** 0.5
        fixed = {"line_color": rgba(theme.faint), "line_width": f"{mm:.2f}"}
        fixed |= {"line_width_unit": "MM", "capstyle": "flat"}
        symbol = Symbol("line", (SymbolLayer("SimpleLine", fixed),))
        found.append(Rule(mass(tonnes, language), "FALSE", symbol))
    return tuple(found)


def rounded(tonnes: float) -> float:
    """Return tonnes rounded down to one digit, so that a legend reads well."""
    step = 10.0 ** (len(str(int(max(tonnes, 1)))) - 1)
    return max(1.0, tonnes // step * step)


def significant(tonnes: float) -> float:
    """Return tonnes with two digits, so that a legend reads well."""
    return float(f"{tonnes:.2g}")


def mass(tonnes: float, language: Language) -> str:
    """Return tonnes a year in the large unit of a language."""
    if language is Language.ZH:
        return f"{tonnes / 1e4:g} 万吨/年" if tonnes >= 1e3 else f"{tonnes:g} 吨/年"  # noqa: PLR2004
    for size, unit in ((1e6, "Mt"), (1e3, "kt")):
        if tonnes >= size:
            return f"{tonnes / size:g} {unit} a year"
    return f"{tonnes:g} t a year"


def named(language: Language, field: str = "name") -> str:
    """Return the expression of a feature's name in a language, the other's where it is blank."""
    first, second = ("zh", "en") if language is Language.ZH else ("en", "zh")
    return f'coalesce(nullif("{field}_{first}", \'\'), "{field}_{second}")'


def priority(field: str, values: list[float], least: int, most: int) -> str:
    """Return the expression of a label's priority, `most` (10 at most) for the largest figure."""
    top = max([1.0, *values])
    return f'{least} + {most - least} * sqrt(coalesce("{field}", 0) / {top!r})'


def labels(
    text: str,
    show: str,
    order: str,
    size_pt: float,
    placement: str,
    theme: Theme,
    *,
    faint: bool = False,
    least_scale: int = 0,
    distance: str = "",
) -> Labels:
    """Return labels in the colours of a theme."""
    colour = rgba(theme.faint if faint else theme.text)
    halo = rgba(theme.halo)
    return Labels(
        text, show, order, size_pt, placement, colour, least_scale, halo, distance,
        on_ground=placement == OVER_POLYGON,
    )  # fmt: skip
