"""A route of a shipment and the list of routes that a plan may use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubopt.network.steps import Step


@dataclass(frozen=True, slots=True)
class Route:
    """One route of one shipment."""

    shipment: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class RouteList:
    """Routes of all shipments, which had more than were listed, and which have none."""

    routes: tuple[Route, ...]
    capped: tuple[str, ...]
    unreachable: tuple[str, ...]
    per_shipment: int
