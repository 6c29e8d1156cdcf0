"""Trades taken apart by the modes that routes go by, where a limit makes going by a mode a price.

A share of a mode counts a route as soon as one leg goes by it. So the routes that go by all modes
of a set, and by no other that has a price, are those of a graph in layers: a layer for each subset
gone by so far, and the end in the last of them (an expansion of states, as Irnich and Desaulniers
2005 do with resources).
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.hop_search import StateGraph
from hubopt.network.arcs import Arcs
from hubopt.network.steps import Change, Handle, Move, Ride

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.engine.trades import Stop, Trade
    from hubopt.network.graph import Network
    from hubopt.network.steps import Step
    from hubopt.problem.problem import Floats, Ints
    from hubopt.vocabulary import Mode

    State = tuple[str, Mode]

MOST_MODES = 3
"""So many modes of a trade are told apart, those of the largest prices; others count as the better
of gone by and not."""


class ModeLayers:
    """The parts of trades by mode; the graph of a part is made once."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.known: dict[tuple[int, tuple[Mode, ...], frozenset[Mode]], Trade] = {}

    def parts(self, number: int, trade: Trade, modes: Mapping[Mode, Floats]) -> Iterator[Trade]:
        """Yield a trade in parts, `number` being its own; itself where no mode has a price.

        `modes` holds what each shipment pays more per kt for going by a mode, less if below 0.
        Every route is one of the part of its modes, at the price that it has there.
        """
        priced = {m: modes[m][trade.shipments] for m in sorted(trade.product.modes) if m in modes}
        priced = {mode: paid for mode, paid in priced.items() if paid.any()}
        if not priced:
            yield trade
            return
        apart = sorted(priced, key=lambda m: -float(np.abs(priced[m]).max()))[:MOST_MODES]
        once = trade.once
        for mode in priced.keys() - set(apart):
            once = once + np.minimum(priced[mode], 0.0)
        for count in range(len(apart) + 1):
            for by in itertools.combinations(apart, count):
                key = number, by, frozenset(apart) - set(by)
                if key not in self.known:
                    self.known[key] = self.layered(trade, by, key[2])
                yield replace(self.known[key], once=sum((priced[m] for m in by), once))

    def layered(self, trade: Trade, by: Sequence[Mode], without: frozenset[Mode]) -> Trade:
        """Return the part of a trade whose routes go by all these modes and without the others."""
        arcs, size = trade.graph.arcs, len(trade.graph.state_number)
        modes = [self.mode_of(step) for step in arcs.steps]
        bit = np.array([1 << by.index(m) if m in by else 0 for m in modes], dtype=np.int64)
        kept = np.flatnonzero([mode not in without for mode in modes])
        layers = 1 << len(by)
        arc, layer = np.tile(kept, layers), np.repeat(np.arange(layers), len(kept))
        tail = arcs.tail[arc] + size * layer
        head = arcs.head[arc] + size * (layer | bit[arc])
        order = np.lexsort((head, tail))
        arc = arc[order]
        numbered = list(enumerate(arc.tolist()))
        return replace(
            trade,
            destinations=tuple(in_layer(place, layers - 1) for place in trade.destinations),
            graph=StateGraph(
                arcs_taken(arcs, arc, tail[order], head[order]),
                in_layers(trade.graph.state_number, layers),
                trade.graph.base,
            ),
            cost=trade.cost[arc],
            use=trade.use[arc],
            gates={new: trade.gates[old] for new, old in numbered if old in trade.gates},
            stops=tuple(stop_in_layers(stop, layers) for stop in trade.stops),
            barred=tuple(
                barred_in_layers(*barred, len(stop.sites), layers)
                for barred, stop in zip(trade.barred, trade.stops, strict=True)
            ),
        )

    def mode_of(self, step: Step) -> Mode | None:
        """Return the mode by which the goods move in a step, `None` if they do not."""
        return self.network.mode_of(step) if isinstance(step, Move | Ride) else None

    def straight(self, trade: Trade, end: str, steps: Sequence[Step]) -> bool:
        """Tell whether no hop of a route goes in a circle, or on from where it could have ended.

        In layers a circle can pay, for the mode that it goes by; such a way is no route.
        """
        sites = self.network.instance.site
        hop: list[State] = []
        for step in (*steps, None):
            if step is not None and not isinstance(step, Handle):
                hop += [] if hop else [self.before(step)]
                hop.append(self.after(step))
                continue
            stop = end if step is None else sites[step.site].place
            could_end = [state[0] == stop and state[1] in trade.graph.base for state in hop[:-1]]
            if any(could_end) or len(set(hop)) < len(hop):
                return False
            hop = []
        return True

    def before(self, step: Move | Ride | Change) -> State:
        """Return the place and the mode in hand before a step."""
        if isinstance(step, Change):
            return step.place, step.from_mode
        return step.from_place, self.network.mode_of(step)

    def after(self, step: Move | Ride | Change) -> State:
        """Return the place and the mode in hand after a step."""
        if isinstance(step, Change):
            return step.place, step.to_mode
        return step.to_place, self.network.mode_of(step)


def in_layer(place: str, layer: int) -> str:
    """Return the name of a place in a layer; ids hold no such sign."""
    return f"{place}\n{layer}" if layer else place


def in_layers(number: Mapping[State, int], layers: int) -> dict[State, int]:
    """Return the numbers of states in every layer, one layer after the other."""
    size = len(number)
    return {
        (in_layer(place, layer), mode): here + size * layer
        for layer in range(layers)
        for (place, mode), here in number.items()
    }


def arcs_taken(arcs: Arcs, arc: Ints, tail: Ints, head: Ints) -> Arcs:
    """Return some arcs between other states, in the order of their numbers `arc`."""
    return Arcs(
        steps=tuple(arcs.steps[here] for here in arc.tolist()),
        tail=tail,
        head=head,
        cost=arcs.cost[arc],
        time_h=arcs.time_h[arc],
        kg=arcs.kg[arc],
    )


def stop_in_layers(stop: Stop, layers: int) -> Stop:
    """Return the sites of a stop in every layer, one layer after the other."""
    return replace(
        stop,
        sites=stop.sites * layers,
        places=tuple(in_layer(place, n) for n in range(layers) for place in stop.places),
        pool=np.tile(stop.pool, layers),
        cost=np.tile(stop.cost, layers),
        time_h=np.tile(stop.time_h, layers),
        kg=np.tile(stop.kg, layers),
    )


def barred_in_layers(rows: Ints, sites: Ints, size: int, layers: int) -> tuple[Ints, Ints]:
    """Return which shipments may not be handled at which of `size` sites, in every layer."""
    again = [sites + size * layer for layer in range(layers)]
    return np.tile(rows, layers), np.concatenate(again)
