"""A route of a shipment and the list of routes that a plan may use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.network.steps import Step


@dataclass(frozen=True, slots=True)
class Route:
    """One route of one shipment."""

    shipment: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class RouteList:
    """Routes of all shipments, and where these are not all that a plan could use.

    `capped` had more routes, none standing for another, than the `per_shipment` listed; `left_out`
    may have had ways that a rule of listing drops; `unreachable` have no route, and those of them
    that cannot arrive in time stand in `late` with the least hours (infinity: no way in the stage).
    Without `trucks_join` trucks were tried between two main hauls only where nothing else was in
    time.
    """

    routes: tuple[Route, ...]
    capped: tuple[str, ...]
    unreachable: tuple[str, ...]
    per_shipment: int
    left_out: tuple[str, ...] = ()
    late: tuple[tuple[str, float], ...] = ()
    trucks_join: bool = True

    def with_routes(self, more: Iterable[Route]) -> RouteList:
        """Return the list with routes added that are not in it, each after those of its shipment.

        Routes stand by shipment; those of a shipment without any come last, in the order given.
        """
        by_shipment: dict[str, dict[tuple[Step, ...], Route]] = {}
        for route in (*self.routes, *more):
            by_shipment.setdefault(route.shipment, {}).setdefault(route.steps, route)
        routes = tuple(route for found in by_shipment.values() for route in found.values())
        return replace(self, routes=routes)
