"""The layer of catchments: the ground that each centre serves, function by function.

A centre is said to serve the places of its own region from which it collects, or to which it
delivers. Where both ends of a shipment lie in the region it counts at its destination, and at its
origin for what consolidates or takes back goods.

Two questions are asked of such a map, and no one shape answers both. Who serves a place: where
`ground` is `leading`, each place belongs to the centre that handles most of its freight, so that
the grounds of a function and stage tile the region; this is what is drawn at first. Whom does a
centre serve: where it is `own`, the ground is that of the places with most freight, as many as make
up four fifths of the centre's (the primary catchment, as in studies of retail); these overlap.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hubopt.network.steps import Handle
from hubopt.publish.catchment_cells import Cells
from hubopt.publish.layer import Layer, Shape
from hubopt.publish.tables import share, tonnes
from hubopt.vocabulary import NOT_HANDLING, Function

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from hubopt.instance.tables import Demand
    from hubopt.publish.figures import Figures
    from hubopt.publish.layer import Value

PRIMARY_SHARE = 0.8
"""Part of a centre's freight in its own region whose places make up the catchment."""

COLLECTING = frozenset({Function.CONSOLIDATION, Function.RETURNS})
"""Functions that bring goods together: what matters is where these come from."""

FIELDS = {
    "scenario": str, "stage": int, "site": str, "name_en": str, "name_zh": str, "place": str,
    "function": str, "ground": str, "tint": int, "outcome": str, "opened_in": str,
    "handled_t_per_year": float,
    "in_region_t_per_year": float, "catchment_t_per_year": float, "share_of_handled": float,
    "places_in_catchment": int, "places_served": int, "places": str,
}  # fmt: skip

Centre = tuple[int, str, Function]


LEADING, OWN = "leading", "own"

TINTS = 6
"""Colours for grounds that touch."""


def catchments(figures: Figures, *, by_prefecture: bool = True) -> Layer:
    """Return the grounds of each centre that handles freight of its region, by stage.

    Beside boundaries of a reviewed map our own outlines of prefectures have no place: without
    them the land is shared by distance alone.
    """
    served = places_served(figures)
    cells = Cells(figures.instance, by_prefecture=by_prefecture)
    found: list[tuple[tuple[Value, ...], BaseGeometry]] = []
    for kind, grounds in ((OWN, primary(served)), (LEADING, leading(served, cells))):
        drawn = {centre: together(cells, inside) for centre, inside in sorted(grounds.items())}
        shapes = {centre: ground for centre, ground in drawn.items() if ground is not None}
        tint = tints(shapes) if kind == LEADING else {}
        for centre, shape in shapes.items():
            cell = kind, tint.get(centre, 0)
            found.append((row(figures, centre, served[centre], grounds[centre], cell), shape))
    rows, geometry = tuple(row for row, _ in found), tuple(shape for _, shape in found)
    return Layer("catchments", Shape.POLYGONS, FIELDS, rows, geometry)


def primary(served: Mapping[Centre, Counter[str]]) -> dict[Centre, list[str]]:
    """Return the places that make up most of each centre's freight, one at least."""
    found = {}
    for centre, kg in served.items():
        taken: list[str] = []
        for place, _ in sorted(kg.items(), key=lambda pair: (-pair[1], pair[0])):
            if taken and sum(kg[one] for one in taken) >= PRIMARY_SHARE * kg.total():
                break
            taken.append(place)
        found[centre] = taken
    return found


def leading(served: Mapping[Centre, Counter[str]], cells: Cells) -> dict[Centre, list[str]]:
    """Return the places in those cells of which each centre handles more than any other.

    Only centres of the same function and stage compete.
    """
    by_cell: defaultdict[tuple[int, Function, str], Counter[Centre]] = defaultdict(Counter)
    for centre, kg in sorted(served.items()):
        for place, amount in kg.items():
            by_cell[centre[0], centre[2], cells.city(place)][centre] += amount
    found: defaultdict[Centre, list[str]] = defaultdict(list)
    for (_, _, city), amounts in sorted(by_cell.items()):
        centre = min(amounts, key=lambda one: (-amounts[one], one))
        found[centre] += sorted(p for p in served[centre] if cells.city(p) == city)
    return found


def tints(shapes: Mapping[Centre, BaseGeometry]) -> dict[Centre, int]:
    """Return a number for each ground by which those that touch differ, where six are enough."""
    found: dict[Centre, int] = {}
    for centre, shape in shapes.items():
        near = {
            found[other]
            for other in found
            if other[0] == centre[0] and other[2] is centre[2] and shapes[other].intersects(shape)
        }
        found[centre] = next((n for n in range(TINTS) if n not in near), len(found) % TINTS)
    return found


def places_served(figures: Figures) -> Mapping[Centre, Counter[str]]:
    """Return the kilograms a year by centre and place of its region."""
    found: defaultdict[Centre, Counter[str]] = defaultdict(Counter)
    for shipment, flow in figures.flows:
        for step in flow.steps:
            if isinstance(step, Handle) and step.function not in NOT_HANDLING:
                place = near_end(figures, shipment, step)
                if place is not None:
                    found[shipment.stage, step.site, step.function][place] += flow.kg_per_year
    return found


def near_end(figures: Figures, shipment: Demand, step: Handle) -> str | None:
    """Return the end of a shipment that lies in the region of the site that handles it."""
    place = figures.instance.place
    home = place[figures.instance.site[step.site].place].region
    ends = (shipment.destination, shipment.origin)
    if step.function in COLLECTING:
        ends = ends[::-1]
    return next((end for end in ends if place[end].region == home), None)


def together(cells: Cells, places: Sequence[str]) -> BaseGeometry | None:
    """Return the cells of places as one ground of polygons, `None` if there are none."""
    from shapely import union_all  # noqa: PLC0415  (loads on use)
    from shapely.geometry import MultiPolygon  # noqa: PLC0415

    found = [cell for place in places if (cell := cells.of(place)) is not None]
    if not found:
        return None
    ground = union_all(found)
    parts = [p for p in getattr(ground, "geoms", [ground]) if p.geom_type == "Polygon"]
    return MultiPolygon(parts) if parts else None


def row(
    figures: Figures,
    centre: Centre,
    kg: Counter[str],
    inside: Sequence[str],
    cell: tuple[str, int],
) -> tuple[Value, ...]:
    """Return the fields of a catchment."""
    stage, ident, function = centre
    site, handled = figures.instance.site[ident], figures.handled[centre]
    here = sum(kg[place] for place in inside)
    since = figures.opened_in.get(ident)
    return (
        figures.plan.scenario, stage, ident, site.name_en, site.name_zh, site.place,
        function.value, *cell, figures.outcomes[stage, ident].value,
        "" if since is None or since > stage else str(since),
        tonnes(handled), tonnes(kg.total()), tonnes(here), share(here, handled),
        len(inside), len(kg), "|".join(inside),
    )  # fmt: skip
