"""What QGIS shows on click and under the mouse: names of fields with units, words for codes, tips.

Names come from users: in a tip, which is HTML, every value is escaped by the expression itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from hubopt.publish.field_words import ALIASES, CODES
from hubopt.publish.strokes import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.publish.field_words import Words
    from hubopt.publish.layer import Layer
    from hubopt.text import Language

HIDDEN = frozenset({"number_at_place", "sites_at_place", "tint", "new_here_en", "new_here_zh"})
"""Fields that only labels and symbols need."""

TIPS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "flows": (
        ("from_name", "to_name"),
        ("mode", "flow_t_per_year", "utilisation", "products", "services", "line_haul_cny_per_year",
         "co2e_wtw_kg_per_year", "co2e_ttw_kg_per_year", "marginal_cny_per_t"),
    ),
    "flows_by_product": (
        ("from_name", "to_name"),
        ("product", "mode", "flow_t_per_year", "utilisation", "line_haul_cny_per_year",
         "co2e_wtw_kg_per_year", "co2e_ttw_kg_per_year"),
    ),
    "routes": (
        ("origin_name", "destination_name"),
        ("product", "main_mode", "modes", "sites", "flow_t_per_year", "time_h", "cost_cny_per_t",
         "co2e_wtw_kg_per_t", "co2e_ttw_kg_per_t"),
    ),
    "services": (
        ("name",),
        ("mode", "departures_per_week", "empty_per_week", "heaviest_leg_t_per_year", "utilisation"),
    ),
    "unserved": (
        ("origin_name", "destination_name"),
        ("products", "unserved_t_per_year", "unserved_cny_per_year"),
    ),
    "transfers": (
        ("name",),
        ("from_mode", "to_mode", "changed_t_per_year", "utilisation", "transfer_cny_per_year"),
    ),
    "places": (
        ("name",),
        ("kind", "starts_t_per_year", "arrives_t_per_year", "ends_t_per_year", "departs_t_per_year",
         "handled_t_per_year", "changed_t_per_year", "unserved_t_per_year"),
    ),
    "sites": (
        ("name",),
        ("outcome", "opened_in", "status", "modules", "functions", "handled_t_per_year",
         "highest_utilisation", "build_cost_cny", "fixed_cost_cny_per_year"),
    ),
    "catchments": (
        ("name",),
        ("function", "outcome", "handled_t_per_year", "catchment_t_per_year", "share_of_handled",
         "places_in_catchment", "places_served", "places"),
    ),
}  # fmt: skip
"""Heading and fields of each layer's tip."""


def form(layer: Layer, language: Language) -> list[ET.Element]:
    """Return the elements of a style that name fields, put words for codes, and make the tip."""
    configuration, aliases = ET.Element("fieldConfiguration"), ET.Element("aliases")
    ET.SubElement(aliases, "alias", index="0", field="fid", name="")
    for index, name in enumerate(layer.fields, start=1):
        if name in CODES:
            field = ET.SubElement(configuration, "field", name=name, configurationFlags="None")
            field.append(words_for_codes(CODES[name], language))
        elif name in HIDDEN:
            field = ET.SubElement(configuration, "field", name=name, configurationFlags="None")
            ET.SubElement(field, "editWidget", type="Hidden")
        alias = ALIASES[name].in_language(language) if name in ALIASES else ""
        ET.SubElement(aliases, "alias", index=str(index), field=name, name=alias)
    found = [configuration, aliases]
    if layer.name in TIPS:
        tip = ET.Element("mapTip")
        tip.text = html(layer, language)
        found.append(tip)
    return found


def words_for_codes(words: Words, language: Language) -> ET.Element:
    """Return the widget that shows words for the codes of a field."""
    widget = ET.Element("editWidget", type="ValueMap")
    top = ET.SubElement(ET.SubElement(widget, "config"), "Option", type="Map")
    shelf = ET.SubElement(top, "Option", name="map", type="List")
    for code, text in words.items():
        one = ET.SubElement(shelf, "Option", type="Map")
        said = text.in_language(language)
        ET.SubElement(one, "Option", name=said, type="QString", value=code.value)
    return widget


def html(layer: Layer, language: Language) -> str:
    """Return a layer's tip: a heading, and a line for each field that has a value."""
    heads, fields = TIPS[layer.name]
    heading = " || ' → ' || ".join(named(language, head) for head in heads)
    rows = [row(layer, name, language) for name in fields]
    return f"<b>[% {escaped(heading)} %]</b><table>{''.join(rows)}</table>"


def row(layer: Layer, name: str, language: Language) -> str:
    """Return a line of a tip: what the field is called, and its value."""
    value = f"coalesce(represent_value(\"{name}\"), '')" if name in CODES else shown(layer, name)
    cells = f"<td>{ALIASES[name].in_language(language)}&nbsp;</td><td>[% {escaped(value)} %]</td>"
    return f"<tr>{cells}</tr>"


def shown(layer: Layer, name: str) -> str:
    """Return the expression of a field's value as people read it."""
    if layer.fields[name] is str:
        return f"replace(coalesce(\"{name}\", ''), '|', ', ')"
    number = f'format_number("{name}", if(abs("{name}") < 100, 2, 0))'
    if name in {"utilisation", "highest_utilisation", "share_of_handled"}:
        number = f"format_number(100 * \"{name}\", 1) || ' %'"
    return f"coalesce({number}, '')"


def escaped(expression: str) -> str:
    """Return an expression whose value has no markup."""
    for sign, safe in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        expression = f"replace({expression}, '{sign}', '{safe}')"
    return expression
