"""The exact duration of a route, for the few that arrive at the very last moment."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Ride
from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.instance.tables import Demand, Handling
    from hubopt.network.graph import Network
    from hubopt.network.steps import Step


def exact_time_h(network: Network, shipment: Demand, steps: Iterable[Step]) -> Fraction:
    """Return the hours that a route takes, customs included."""
    abroad = network.international(shipment)
    return sum((step_time_h(network, step, abroad=abroad) for step in steps), Fraction(0))


def time_at_site_h(row: Handling, *, abroad: bool) -> float:
    """Return the hours of handling: shorter at a licensed site for what crosses the border."""
    cleared = row.cleared_time_h if abroad else None
    return row.time_h if cleared is None else cleared


def step_time_h(network: Network, step: Step, *, abroad: bool) -> Fraction:
    """Return the hours of one step."""
    if isinstance(step, Handle):
        return exact(time_at_site_h(network.handling[step.site, step.function], abroad=abroad))
    if isinstance(step, Change):
        return exact(network.transfer(step).time_h)
    hours = sum((exact(link.time_h) for link in network.legs(step)), Fraction(0))
    if isinstance(step, Ride):
        hours += exact(network.instance.service[step.service].wait_h)
    if abroad and network.crosses(step.from_place, step.to_place):
        row = network.clearance(step.from_place, step.to_place, network.mode_of(step))
        hours += exact(row.time_h) if row is not None else 0
    return hours
