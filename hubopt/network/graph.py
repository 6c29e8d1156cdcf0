"""Look-ups over the rows of an instance: which link, transfer and customs row a step uses."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.network.rates import Rates
from hubopt.network.steps import Change, Move, Ride
from hubopt.network.wants import wants_of
from hubopt.vocabulary import TRUCKS, Access, Function, Mode, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Customs, Demand, Handling, Instance, Link, Product, Transfer
    from hubopt.network.stages import Usable
    from hubopt.network.wants import Wants


@dataclass(frozen=True)
class Network:
    """The multimodal network of an instance, by place and mode; two-way rows appear twice."""

    instance: Instance

    @cached_property
    def link_row(self) -> Mapping[tuple[str, str, Mode], int]:
        """Row number of the link for (from, to, mode)."""
        found: dict[tuple[str, str, Mode], int] = {}
        for row, link in enumerate(self.instance.links):
            found.setdefault((link.from_place, link.to_place, link.mode), row)
            if link.both_ways:
                found.setdefault((link.to_place, link.from_place, link.mode), row)
        return found

    @cached_property
    def transfer_row(self) -> Mapping[tuple[str, Mode, Mode], int]:
        """Row number of the transfer for (place, from mode, to mode)."""
        found: dict[tuple[str, Mode, Mode], int] = {}
        for row, transfer in enumerate(self.instance.transfers):
            found.setdefault((transfer.place, transfer.from_mode, transfer.to_mode), row)
            if transfer.both_ways:
                found.setdefault((transfer.place, transfer.to_mode, transfer.from_mode), row)
        return found

    @cached_property
    def place_number(self) -> Mapping[str, int]:
        """Number of each place."""
        return {place.id: here for here, place in enumerate(self.instance.places)}

    @cached_property
    def states(self) -> tuple[tuple[str, Mode], ...]:
        """Every place with every mode that freight could have in hand there."""
        ends = {(place, mode) for a, b, mode in self.link_row for place in (a, b)}
        ends |= {(place, mode) for place, a, b in self.transfer_row for mode in (a, b)}
        return tuple(sorted(ends))

    @cached_property
    def state_number(self) -> Mapping[tuple[str, Mode], int]:
        """Number of each state."""
        return {state: here for here, state in enumerate(self.states)}

    @cached_property
    def customs(self) -> Mapping[tuple[str, Mode], Customs]:
        """Customs rows by (place at home, mode)."""
        return {(row.place, row.mode): row for row in self.instance.customs}

    @cached_property
    def at_home(self) -> Mapping[str, bool]:
        """Whether each place is in the home country."""
        home = self.instance.settings.home_country
        return {place.id: place.country == home for place in self.instance.places}

    @cached_property
    def able(self) -> Mapping[Function, tuple[str, ...]]:
        """Sites that could ever perform each function, in id order."""
        site = self.instance.site
        most = {(m.site, m.module): m.most for m in self.instance.modules}
        found: dict[Function, set[str]] = {function: set() for function in Function}
        for row in self.instance.capacities:
            closed = site[row.site].status is SiteStatus.CLOSED
            if not closed and most[row.site, row.module] > 0 and row.capacity_t_per_year != 0:
                found[row.function].add(row.site)
        return {function: tuple(sorted(sites)) for function, sites in found.items()}

    @cached_property
    def handling(self) -> Mapping[tuple[str, Function], Handling]:
        """Handling rows by (site, function)."""
        return {(row.site, row.function): row for row in self.instance.handling}

    @cached_property
    def rates(self) -> Rates:
        """What a tonne pays and emits on each link."""
        return Rates(self.instance)

    @cached_property
    def standing(self) -> frozenset[str]:
        """Sites that stand anyway or are required to."""
        sure = {SiteStatus.EXISTING, SiteStatus.REQUIRED}
        return frozenset(site.id for site in self.instance.sites if site.status in sure)

    @cached_property
    def wants(self) -> Wants:
        """What limits on the whole plan ask of ways besides their price."""
        return wants_of(self.instance)

    def changes(self, product: Product, usable: Usable) -> Iterator[Change]:
        """Yield the changes between modes of a product, at sites that can be open."""
        for place, before, after in sorted(self.transfer_row):
            change = Change(place, before, after)
            if {before, after} <= product.modes and usable.may_use(self.transfer(change)):
                yield change

    def rides(self, product: Product, usable: Usable) -> Iterator[tuple[Ride, Mode]]:
        """Yield the rides, with their mode, that cross the border once at most, for a product."""
        for service in self.instance.services:
            takes = service.mode in product.modes and product.cargo in service.cargo
            if takes and service.id in usable.services:
                for a, b in itertools.combinations(service.path, 2):
                    ride = Ride(service.id, a, b)
                    if self.may_ride(ride):
                        yield ride, service.mode

    def may_ride(self, ride: Ride) -> bool:
        """Tell whether a ride crosses the border once at most: clearance is done at its ends."""
        return sum(self.crosses(a, b) for a, b in self.stops(ride)) <= 1

    def link(self, from_place: str, to_place: str, mode: Mode) -> Link:
        """Return the link that a move or a leg of a ride uses."""
        return self.instance.links[self.link_row[from_place, to_place, mode]]

    def transfer(self, step: Change) -> Transfer:
        """Return the transfer that a change of mode uses."""
        return self.instance.transfers[self.transfer_row[step.place, step.from_mode, step.to_mode]]

    def legs(self, step: Move | Ride) -> list[Link]:
        """Return the links that a move or a ride passes, in order."""
        if isinstance(step, Move):
            return [self.link(step.from_place, step.to_place, step.mode)]
        service = self.instance.service[step.service]
        return [self.link(a, b, service.mode) for a, b in self.stops(step)]

    def stops(self, step: Ride) -> Iterator[tuple[str, str]]:
        """Return the consecutive pairs of stops between boarding and alighting."""
        path = self.instance.service[step.service].path
        first, last = path.index(step.from_place), path.index(step.to_place)
        return itertools.pairwise(path[first : last + 1])

    def crosses(self, from_place: str, to_place: str) -> bool:
        """Tell whether exactly one of two places is in the home country."""
        return self.at_home[from_place] != self.at_home[to_place]

    def clearance(self, from_place: str, to_place: str, mode: Mode) -> Customs | None:
        """Return the customs row of a border crossing, `None` where nothing can be cleared."""
        here = from_place if self.at_home[from_place] else to_place
        return self.customs.get((here, mode))

    def international(self, shipment: Demand) -> bool:
        """Tell whether a shipment's ends lie in different countries."""
        place = self.instance.place
        return place[shipment.origin].country != place[shipment.destination].country

    def mode_of(self, step: Move | Ride) -> Mode:
        """Return the mode in hand during a move or a ride."""
        return step.mode if isinstance(step, Move) else self.instance.service[step.service].mode

    def may_handle(self, shipment: Demand, site: str, function: Function) -> bool:
        """Tell whether a shipment may be handled there: returns go back to their own district."""
        bound = function is Function.RETURNS and shipment.district is not None
        if not (bound and self.instance.settings.returns_to_origin_district):
            return True
        return self.instance.site[site].district == shipment.district

    def open_links(self, mode: Mode, usable: Usable) -> list[tuple[str, str, Link]]:
        """Return (from, to, link) for every direction in which `mode` may move at any time.

        Links beyond the range of its vehicles, or whose chargers cannot be open, are none.
        """
        rows = [
            (a, b, self.instance.links[row])
            for (a, b, m), row in self.link_row.items()
            if m is mode and self.may_move(self.instance.links[row], usable)
        ]
        return sorted(rows, key=lambda row: row[:2])

    def may_move(self, link: Link, usable: Usable) -> bool:
        """Tell whether freight may move over a link at any time, in what is usable."""
        open_to_all = link.access is Access.OPEN and self.rates.in_range(link)
        return open_to_all and usable.may_drive(link)


def base_modes(product: Product) -> tuple[Mode, ...]:
    """Return the modes in which freight starts, ends and is handled: trucks where allowed."""
    trucks = product.modes & TRUCKS
    return tuple(sorted(trucks or product.modes))
