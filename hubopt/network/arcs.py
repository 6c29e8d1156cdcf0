"""Every step that a product may take between two states, as arrays: the graph of its routes.

A state is a place and the mode in hand there (`Network.states`). Nothing is left out and nothing is
joined: whoever searches the graph finds every route that there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.network.steps import Move

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from hubopt.network.stages import Usable
    from hubopt.network.steps import Step
    from hubopt.network.weights import Prices, Weight
    from hubopt.vocabulary import Mode

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    State = tuple[str, Mode]


@dataclass(frozen=True)
class Arcs:
    """One arc per step, by tail and then head; `tail` and `head` number states.

    `cost` CNY per tonne with carbon, premium and the price of time, `time_h` hours, `kg` CO2e per
    tonne where a limit counts them.
    """

    steps: tuple[Step, ...]
    tail: Ints
    head: Ints
    cost: Floats
    time_h: Floats
    kg: Floats


def weighed_steps(prices: Prices, usable: Usable) -> Iterator[tuple[State, State, Step, Weight]]:
    """Yield every step that a product may take, with the states around it and its weight."""
    network, product = prices.network, prices.product
    for mode in sorted(product.modes):
        for a, b, _ in network.open_links(mode, usable):
            move = Move(a, b, mode)
            weight = prices.of(move)
            if weight is not None:
                yield (a, mode), (b, mode), move, weight
    for change in network.changes(product, usable):
        before, after = (change.place, change.from_mode), (change.place, change.to_mode)
        yield before, after, change, prices.change(change)
    for ride, mode in network.rides(product, usable):
        weight = prices.of(ride)
        if weight is not None:
            yield (ride.from_place, mode), (ride.to_place, mode), ride, weight


def arcs_of(prices: Prices, usable: Usable) -> Arcs:
    """Return the steps that a product may take in what is usable, as arcs."""
    number = prices.network.state_number
    found = sorted(
        (
            (number[a], number[b], step, weight)
            for a, b, step, weight in weighed_steps(prices, usable)
        ),
        key=lambda arc: arc[:2],
    )  # a stable sort: parallel steps keep their order
    return Arcs(
        steps=tuple(step for _, _, step, _ in found),
        tail=np.array([tail for tail, *_ in found], dtype=np.int64),
        head=np.array([head for _, head, *_ in found], dtype=np.int64),
        cost=np.array([weight.cost for *_, weight in found]),
        time_h=np.array([weight.time_h for *_, weight in found]),
        kg=np.array([prices.kg(step) for _, _, step, _ in found]),
    )
