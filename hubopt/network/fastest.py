"""The shortest time in which a shipment could arrive at all, whatever the cost."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING

from hubopt.network.arcs import weighed_steps
from hubopt.network.graph import base_modes
from hubopt.network.weights import Prices

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hubopt.instance.tables import Demand
    from hubopt.network.graph import Network
    from hubopt.network.stages import Usable
    from hubopt.vocabulary import Mode

    State = tuple[str, Mode]

NEVER = float("inf")


def shortest_time_h(network: Network, shipment: Demand, usable: Usable) -> float:
    """Return the least hours over all routes of a shipment in its stage, infinity without any."""
    product = network.instance.product[shipment.product]
    prices = Prices(network, product, international=network.international(shipment))
    steps: dict[State, list[tuple[State, float]]] = {}
    for before, after, _, weight in weighed_steps(prices, usable):
        steps.setdefault(before, []).append((after, weight.time_h))
    base = base_modes(product)
    reached = {shipment.origin: 0.0}
    for function in product.chain:
        found = earliest(steps, [((p, m), h) for p, h in reached.items() for m in base])
        reached = {}
        for site in usable.able(function):
            place, row = network.instance.site[site].place, network.handling.get((site, function))
            if row is not None and network.may_handle(shipment, site, function):
                hours = at(found, place, base) + prices.handling(row).time_h
                reached[place] = min(hours, reached.get(place, NEVER))
    found = earliest(steps, [((p, m), h) for p, h in reached.items() for m in base])
    return at(found, shipment.destination, base)


def earliest(
    steps: Mapping[State, list[tuple[State, float]]], starts: Iterable[tuple[State, float]]
) -> Mapping[State, float]:
    """Return the least hours to every state that can be reached."""
    order = itertools.count()
    heap = [(hours, next(order), state) for state, hours in starts]
    heapq.heapify(heap)
    found: dict[State, float] = {}
    while heap:
        hours, _, state = heapq.heappop(heap)
        if state in found or hours == NEVER:
            continue
        found[state] = hours
        for ahead, more in steps.get(state, ()):
            if ahead not in found:
                heapq.heappush(heap, (hours + more, next(order), ahead))
    return found


def at(found: Mapping[State, float], place: str, base: Iterable[Mode]) -> float:
    """Return the least hours to a place with any of some modes in hand."""
    return min((found.get((place, mode), NEVER) for mode in base), default=NEVER)
