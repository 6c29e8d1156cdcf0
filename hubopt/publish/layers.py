"""The layers of plan.gpkg as records with geometry: one function per layer, fields with units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.basemap import basemap
from hubopt.publish.boundary_layer import with_boundaries
from hubopt.publish.catchment_layer import catchments
from hubopt.publish.flow_layers import flows, flows_by_product, services
from hubopt.publish.layer import Layer, Shape, world
from hubopt.publish.lines import Lines
from hubopt.publish.place_layers import places, unserved
from hubopt.publish.route_layer import routes
from hubopt.publish.site_layers import sites, transfers

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.publish.boundaries import Boundaries
    from hubopt.publish.figures import Figures


def layers(
    figures: Figures, folder: Path | None, boundaries: Boundaries | None = None
) -> tuple[Layer, ...]:
    """Return every layer, those to be drawn first in front."""
    lines = Lines(figures.instance, folder)
    return (
        *with_boundaries(basemap_layers(), boundaries),
        catchments(figures, by_prefecture=boundaries is None),
        routes(figures, lines),
        flows_by_product(figures, lines),
        flows(figures, lines),
        services(figures, lines),
        unserved(figures, lines),
        transfers(figures, lines),
        places(figures, lines),
        sites(figures, lines),
    )


def basemap_layers() -> tuple[Layer, ...]:
    """Return sea, land, lines between provinces and the prefectures of Henan."""
    found = [Layer("basemap_sea", Shape.POLYGONS, {"name_en": str}, (("",),), (world(),))]
    for name, file, shape in (
        ("basemap_land", "land", Shape.POLYGONS),
        ("basemap_province_lines", "province_lines", Shape.LINES),
        ("basemap_henan", "henan", Shape.POLYGONS),
    ):
        rows = basemap(file)
        keys = list(rows[0][0])
        found.append(
            Layer(
                name,
                shape,
                dict.fromkeys(keys, str),
                tuple(tuple(properties[key] for key in keys) for properties, _ in rows),
                tuple(geometry for _, geometry in rows),
            )
        )
    return tuple(found)
