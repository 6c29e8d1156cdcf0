"""The layer of catchments: the ground that each centre serves, function by function.

A centre is said to serve the places of its own region from which it collects, or to which it
delivers. Where both ends of a shipment lie in the region it counts at its destination, and at its
origin for what consolidates or takes back goods. The ground is that of the places with most
freight, as many as make up four fifths of it (the primary catchment, as in studies of retail):
with every place that ever sends a parcel all catchments would look alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hubopt.network.steps import Handle
from hubopt.publish.catchment_cells import Cells
from hubopt.publish.layer import Layer, Shape
from hubopt.publish.tables import share, tonnes
from hubopt.vocabulary import Function

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
    "function": str, "outcome": str, "opened_in": str, "handled_t_per_year": float,
    "in_region_t_per_year": float, "catchment_t_per_year": float, "share_of_handled": float,
    "places_in_catchment": int, "places_served": int, "places": str,
}  # fmt: skip

Centre = tuple[int, str, Function]


def catchments(figures: Figures) -> Layer:
    """Return the primary catchment of each centre that handles freight of its region, by stage."""
    served, cells = places_served(figures), Cells(figures.instance)
    rows, geometry = [], []
    for centre, kg in sorted(served.items()):
        ranked = sorted(kg.items(), key=lambda pair: (-pair[1], pair[0]))
        primary = most(ranked, sum(kg.values()) * PRIMARY_SHARE)
        ground = together([cell for place, _ in primary if (cell := cells.of(place)) is not None])
        if ground is not None:
            rows.append(row(figures, centre, kg, primary))
            geometry.append(ground)
    return Layer("catchments", Shape.POLYGONS, FIELDS, tuple(rows), tuple(geometry))


def places_served(figures: Figures) -> Mapping[Centre, Counter[str]]:
    """Return the kilograms a year by centre and place of its region."""
    found: defaultdict[Centre, Counter[str]] = defaultdict(Counter)
    for shipment, flow in figures.flows:
        for step in flow.steps:
            if isinstance(step, Handle):
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


def most(ranked: Sequence[tuple[str, int]], enough: float) -> list[tuple[str, int]]:
    """Return as many of the ranked places as make up enough freight, one at least."""
    taken: list[tuple[str, int]] = []
    for pair in ranked:
        if taken and sum(kg for _, kg in taken) >= enough:
            break
        taken.append(pair)
    return taken


def together(cells: Sequence[BaseGeometry]) -> BaseGeometry | None:
    """Return the cells as one ground of polygons, `None` if there are none."""
    from shapely import union_all  # noqa: PLC0415  (loads on use)
    from shapely.geometry import MultiPolygon  # noqa: PLC0415

    if not cells:
        return None
    ground = union_all(list(cells))
    parts = [p for p in getattr(ground, "geoms", [ground]) if p.geom_type == "Polygon"]
    return MultiPolygon(parts) if parts else None


def row(
    figures: Figures, centre: Centre, kg: Mapping[str, int], primary: Sequence[tuple[str, int]]
) -> tuple[Value, ...]:
    """Return the fields of a catchment."""
    stage, ident, function = centre
    site, handled = figures.instance.site[ident], figures.handled[centre]
    inside = sum(amount for _, amount in primary)
    outcome = figures.outcomes[stage, ident]
    since = figures.opened_in.get(ident)
    return (
        figures.plan.scenario, stage, ident, site.name_en, site.name_zh, site.place,
        function.value, outcome.value, "" if since is None or since > stage else str(since),
        tonnes(handled), tonnes(sum(kg.values())), tonnes(inside), share(inside, handled),
        len(primary), len(kg), "|".join(place for place, _ in primary),
    )  # fmt: skip
