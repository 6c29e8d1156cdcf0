"""Every route of one shipment, by trying all: what the lister of routes is tested against.

Grows exponentially with the network, so it is for instances that a person can draw.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hubopt.network.graph import Network, base_modes
from hubopt.network.route import Route
from hubopt.network.stages import usable_in
from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.network.times import exact_time_h
from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.instance.tables import Demand, Instance, Product
    from hubopt.network.stages import Usable
    from hubopt.network.steps import Step
    from hubopt.vocabulary import Mode

State = tuple[str, "Mode"]
"""A place and the mode in hand."""


def all_routes(instance: Instance, shipment_id: str) -> tuple[Route, ...]:
    """Return every route of a shipment in its stage that arrives in time, in step order.

    A hop ends where it first holds a mode of pick-up at its stop, and is empty between two stops
    at one place.
    """
    shipment = instance.shipment[shipment_id]
    network = Network(instance)
    product = instance.product[shipment.product]
    usable = usable_in(instance, shipment.stage)
    moves = Moves(network, usable, product, international=network.international(shipment))
    found = {
        tuple(steps)
        for stops, sites in stop_sequences(network, usable, shipment, product)
        for steps in joined(
            moves, stops, [Handle(*pair) for pair in zip(sites, product.chain, strict=True)]
        )
    }
    latest = shipment.latest_h
    return tuple(
        Route(shipment_id, steps)
        for steps in sorted(found, key=repr)
        if latest is None or exact_time_h(network, shipment, steps) <= exact(latest)
    )


def stop_sequences(
    network: Network, usable: Usable, shipment: Demand, product: Product
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Yield (stops, sites) for every choice of a site for each function of the chain."""
    choices = [
        [
            site
            for site in usable.able(function)
            if (site, function) in network.handling and network.may_handle(shipment, site, function)
        ]
        for function in product.chain
    ]
    for sites in itertools.product(*choices):
        places = tuple(network.instance.site[site].place for site in sites)
        yield (shipment.origin, *places, shipment.destination), sites


def joined(moves: Moves, stops: Sequence[str], handled: Sequence[Handle]) -> Iterator[list[Step]]:
    """Yield the steps from the first stop to the last, with the handling in between."""
    for hop in moves.hops(stops[0], stops[1]):
        if not handled:
            yield [*hop]
            continue
        for rest in joined(moves, stops[1:], handled[1:]):
            yield [*hop, handled[0], *rest]


class Moves:
    """The steps that a shipment may take from each state, straight from the rows."""

    def __init__(
        self, network: Network, usable: Usable, product: Product, *, international: bool
    ) -> None:
        self.network, self.product, self.international = network, product, international
        self.usable = usable
        self.base = base_modes(product)

    def hops(self, start: str, end: str) -> Iterator[tuple[Step, ...]]:
        """Yield every simple path from stop to stop."""
        if start == end:
            yield ()
            return
        for mode in self.base:
            yield from self.onward((start, mode), end, (), frozenset({(start, mode)}))

    def onward(
        self, here: State, end: str, steps: tuple[Step, ...], seen: frozenset[State]
    ) -> Iterator[tuple[Step, ...]]:
        """Yield every way on from a state that comes to the end without going in a circle."""
        if here[0] == end and here[1] in self.base:
            yield steps
            return
        for step, ahead in self.out_of(here):
            if ahead not in seen:
                yield from self.onward(ahead, end, (*steps, step), seen | {ahead})

    def out_of(self, here: State) -> Iterator[tuple[Step, State]]:
        """Yield the steps out of a state and the states that they lead to."""
        place, mode = here
        for a, b, m in self.network.link_row:
            if (
                a == place
                and m is mode
                and self.network.may_move(self.network.link(a, b, m), self.usable)
            ):
                yield from self.cleared(Move(a, b, m), (b, m))
        for service in self.network.instance.services:
            runs = service.id in self.usable.services and self.product.cargo in service.cargo
            if runs and service.mode is mode and place in service.path:
                for stop in service.path[service.path.index(place) + 1 :]:
                    ride = Ride(service.id, place, stop)
                    if self.network.may_ride(ride):
                        yield from self.cleared(ride, (stop, mode))
        for at, a, b in self.network.transfer_row:
            change = Change(at, a, b)
            usable = self.usable.may_use(self.network.transfer(change))
            if at == place and a is mode and b in self.product.modes and usable:
                yield change, (at, b)

    def cleared(self, step: Move | Ride, ahead: State) -> Iterator[tuple[Step, State]]:
        """Yield a move or ride unless it crosses a border where it may not."""
        ends = (step.from_place, step.to_place)
        if not self.network.crosses(*ends) or (
            self.international and self.network.clearance(*ends, ahead[1]) is not None
        ):
            yield step, ahead
