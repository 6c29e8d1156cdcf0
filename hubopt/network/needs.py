"""The limited things that a way takes, as bits of a whole number: what makes ways comparable.

One way stands for another only if it takes no limited thing that the other does not take: links
and transfers with a capacity, legs of services, terminals and chargers that must be open. Where a
plan sends freight by the worse way, it may then send it by the better one.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move
from hubopt.network.wants import LAST_MODES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.network.graph import Network
    from hubopt.network.steps import Step
    from hubopt.vocabulary import Mode

Thing = tuple[str, int | str] | tuple[str, str, int]
"""(link, row), (transfer, row), (terminal or charger, site) or (leg, service, number).

Where limits tell ways apart by them: (mode, mode) of a leg, (last, mode) of the last leg of a hop.
"""


class Needs:
    """Numbers the limited things of a network; a link that all freight would fit on is none."""

    def __init__(self, network: Network) -> None:
        self.network = network
        instance = network.instance
        most = tonnes_at_most(instance)
        limits: list[Thing] = [
            ("link", row)
            for row, link in enumerate(instance.links)
            if is_below(link.capacity_t_per_year, most, {link.mode}, 1)
        ]
        limits += [
            ("transfer", row)
            for row, change in enumerate(instance.transfers)
            if is_below(change.capacity_t_per_year, most, {change.from_mode, change.to_mode}, 2)
        ]
        hubs = {("terminal", t.site) for t in instance.transfers if t.site}
        hubs |= {("charger", link.charging_site) for link in instance.links if link.charging_site}
        others: list[Thing] = [*sorted(hubs)]
        others += [("leg", s.id, n) for s in instance.services for n in range(len(s.path) - 1)]
        wants = network.wants
        told: list[Thing] = [("mode", mode) for mode in sorted(wants.modes)]
        told += [("last", mode) for mode in LAST_MODES if wants.delivery]
        things = (*limits, *others, *told)
        self.bit = {thing: 1 << here for here, thing in enumerate(things)}
        self.told = sum(self.bit[thing] for thing in told)
        self.width = len(self.bit)
        self.limits = (1 << len(limits)) - 1
        self.legs = sum(bit for thing, bit in self.bit.items() if thing[0] == "leg")
        self.decided = sum(
            self.bit[kind, site] for kind, site in hubs if site not in network.standing
        )

    def of(self, step: Step) -> int:
        """Return the limited things that a step takes, sites of handling apart."""
        return self.sum(self.bit.get(thing, 0) for thing in self.things(step))

    def last(self, mode: Mode) -> int:
        """Return what tells a hop apart whose last leg is by a mode."""
        return self.bit.get(("last", mode), 0)

    def covers(self, one: int, other: int) -> bool:
        """Tell whether a way takes nothing that another does not, and counts alike for limits."""
        return not one & ~other and not (one ^ other) & self.told

    def sum(self, parts: Iterable[int]) -> int:
        """Return what several parts of a way take together."""
        return functools.reduce(self.both, parts, 0)

    def both(self, one: int, other: int) -> int:
        """Return what two parts of a way take; a limited thing taken twice sets a second bit."""
        return one | other | (one & other & ~self.told) << self.width

    def things(self, step: Step) -> list[Thing]:
        """Return what a step takes, limited or not."""
        network = self.network
        if isinstance(step, Handle):
            return []
        if isinstance(step, Change):
            row = network.transfer_row[step.place, step.from_mode, step.to_mode]
            site = network.instance.transfers[row].site
            return [("transfer", row), *([("terminal", site)] if site else [])]
        if isinstance(step, Move):
            row = network.link_row[step.from_place, step.to_place, step.mode]
            site = network.instance.links[row].charging_site
            charger: list[Thing] = [("charger", site)] if site else []
            return [("link", row), ("mode", step.mode), *charger]
        service = network.instance.service[step.service]
        first, last = service.path.index(step.from_place), service.path.index(step.to_place)
        found: list[Thing] = [("leg", service.id, n) for n in range(first, last)]
        found.append(("mode", service.mode))
        return found + [
            ("link", network.link_row[a, b, service.mode]) for a, b in network.stops(step)
        ]


def tonnes_at_most(instance: Instance) -> Mapping[int, Mapping[frozenset[Mode], float]]:
    """Return by stage and allowed modes the tonnes at their peak of all hops of all shipments."""
    found: dict[int, dict[frozenset[Mode], float]] = {}
    for shipment in instance.demand:
        product = instance.product[shipment.product]
        tonnes = shipment.demand_t_per_year * product.peak_factor * (len(product.chain) + 1)
        stage = found.setdefault(shipment.stage, defaultdict(float))
        stage[product.modes] += tonnes
    return found


def is_below(
    capacity: float | None,
    most: Mapping[int, Mapping[frozenset[Mode], float]],
    modes: Collection[Mode],
    times: int,
) -> bool:
    """Tell whether a capacity could bind: a hop passes what has it at most so many times."""
    if capacity is None:
        return False
    return any(
        capacity < times * sum(t for allowed, t in stage.items() if allowed.issuperset(modes))
        for stage in most.values()
    )
