"""Routes as columns: for each shipment the ways that a plan may send it, at most a stated number.

Routes are made hop by hop from stop to stop (origin, the sites of the handling chain, destination)
of what can be used in the shipment's stage. A route is dropped without loss where it is late, where
it is dearer than leaving the goods unserved, or where another one through the same sites is no
dearer, no slower and takes no limited thing besides. Where more remain than may be listed, the
cheapest is kept first, then the cheapest through sites that stand anyway, the cheapest free of
limited links and the cheapest that needs no departure either, then in turn the cheapest with other
main modes, other limited things, other sites and other terminals than those chosen before;
departures count with their cost at full load.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.network.all_routes import all_routes
from hubopt.network.lister import Lister
from hubopt.network.route import Route, RouteList

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.instance.tables import Instance

__all__ = ["Route", "RouteList", "all_routes", "list_routes"]

TOLD_EVERY = 50
"""Shipments between two reports of progress."""


def list_routes(
    instance: Instance,
    *,
    per_shipment: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> RouteList:
    """Return the listed routes of every shipment, in order of shipment and cost."""
    cap = per_shipment or instance.settings.routes_per_shipment
    lister = Lister(instance, cap)
    found = []
    for done, shipment in enumerate(instance.demand):
        if on_progress is not None and done % TOLD_EVERY == 0:
            on_progress(done, len(instance.demand))
        found.append((shipment.id, lister.of(shipment)))
    if on_progress is not None:
        on_progress(len(instance.demand), len(instance.demand))
    return RouteList(
        routes=tuple(Route(ident, steps) for ident, listed in found for steps in listed.routes),
        capped=tuple(ident for ident, listed in found if listed.capped),
        unreachable=tuple(ident for ident, listed in found if not listed.routes),
        per_shipment=cap,
        left_out=tuple(ident for ident, listed in found if listed.left_out),
        late=tuple((i, listed.late_h) for i, listed in found if listed.late_h is not None),
        trucks_join=lister.through,
    )
