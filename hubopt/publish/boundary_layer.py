"""The layer of boundaries that an instance brings along, in the place of lines of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.boundary_record import KEYS
from hubopt.publish.layer import Layer, Shape, many_parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.publish.boundaries import Boundaries

NAME = "basemap_boundaries"
OURS = frozenset({"basemap_province_lines", "basemap_henan"})
"""Outlines of our own that boundaries of a reviewed map take the place of."""


def with_boundaries(basemap: Iterable[Layer], boundaries: Boundaries | None) -> tuple[Layer, ...]:
    """Return the layers of a basemap with boundaries instead of our lines, if there are any."""
    if boundaries is None:
        return tuple(basemap)
    kept = [layer for layer in basemap if layer.name not in OURS]
    return *kept, boundary_layer(boundaries)


def boundary_layer(boundaries: Boundaries) -> Layer:
    """Return boundaries with the number of their review (审图号) in every row."""
    who, said = boundaries.record.publisher, boundaries.credit
    row = (boundaries.number, who.en, who.zh)
    drawn = tuple(many_parts(line) for line in boundaries.lines)
    fields: dict[str, type] = dict.fromkeys(KEYS, str)
    return Layer(NAME, Shape.LINES, fields, (row,) * len(drawn), drawn, f"{said.en} {said.zh}")
