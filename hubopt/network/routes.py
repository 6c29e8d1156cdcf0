"""Routes as columns: for each shipment the ways that a plan may send it, at most a stated number.

Routes are made hop by hop from stop to stop (origin, the sites of the handling chain, destination).
For the same sites, terminals and services a route is listed only if no other is both cheaper and
faster. Where more remain than may be listed, the cheapest is kept first, then the cheapest through
sites that stand anyway, then in turn the cheapest with other main modes, other sites and other
terminals than those chosen before; departures count with their cost at full load.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.network.all_routes import all_routes
from hubopt.network.graph import Network
from hubopt.network.hops import Hops, Option
from hubopt.network.route import Route, RouteList
from hubopt.network.steps import Change, Handle
from hubopt.network.times import exact_time_h
from hubopt.network.weights import Weight
from hubopt.units import exact
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hubopt.instance.tables import Demand, Instance
    from hubopt.network.steps import Step
    from hubopt.vocabulary import Mode

__all__ = ["Route", "RouteList", "all_routes", "list_routes"]

PARTIAL_ROUTES = 80
"""Most partial routes carried from one site of a handling chain to the next."""

NEARLY_LATE_H = 1e-6
"""Floats this close to the latest time are decided in exact arithmetic."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A route before its steps are written out: stops, sites and one option per hop."""

    weight: Weight
    stops: tuple[str, ...]
    sites: tuple[str, ...]
    hops: tuple[Option, ...]

    @property
    def rank(self) -> float:
        """Cost with a share of the departures'."""
        return self.weight.cost + self.weight.departures

    @property
    def main(self) -> tuple[Step, ...]:
        """Changes and rides of all main hauls: which terminals and services are used."""
        return tuple(s for hop in self.hops if hop.haul for s in hop.haul.steps)

    @property
    def modes(self) -> tuple[frozenset[Mode], ...]:
        """Main modes of each hop."""
        return tuple(hop.modes if hop.haul else frozenset() for hop in self.hops)

    @property
    def terminals(self) -> tuple[str, ...]:
        """Places at which the mode changes."""
        return tuple(step.place for step in self.main if isinstance(step, Change))


def list_routes(
    instance: Instance,
    *,
    per_shipment: int | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> RouteList:
    """Return the listed routes of every shipment, in order of shipment and cost."""
    cap = per_shipment or instance.settings.routes_per_shipment
    lister = Lister(instance, cap)
    routes: list[Route] = []
    capped, unreachable = [], []
    for done, shipment in enumerate(instance.demand):
        chosen, more = lister.of(shipment)
        routes += [Route(shipment.id, steps) for steps in chosen]
        if more:
            capped.append(shipment.id)
        if not chosen:
            unreachable.append(shipment.id)
        if on_progress is not None and done % 50 == 0:
            on_progress(done, len(instance.demand))
    if on_progress is not None:
        on_progress(len(instance.demand), len(instance.demand))
    return RouteList(tuple(routes), tuple(capped), tuple(unreachable), cap)


class Lister:
    """Lists routes; shipments that differ only in stage and tonnes share the work."""

    def __init__(self, instance: Instance, cap: int, *, keep: int | None = None) -> None:
        self.instance, self.cap, self.keep = instance, cap, keep
        self.network = Network(instance)
        self.hops: dict[tuple[str, bool], Hops] = {}
        self.done: dict[tuple[object, ...], tuple[list[tuple[Step, ...]], bool]] = {}
        self.standing = {
            site.id
            for site in instance.sites
            if site.status in {SiteStatus.EXISTING, SiteStatus.REQUIRED}
        }

    def of(self, shipment: Demand) -> tuple[list[tuple[Step, ...]], bool]:
        """Return the chosen routes of a shipment and whether there were more."""
        key = (shipment.origin, shipment.destination, shipment.product, shipment.latest_h)
        if key not in self.done:
            self.done[key] = self.found(shipment)
        return self.done[key]

    def found(self, shipment: Demand) -> tuple[list[tuple[Step, ...]], bool]:
        """Return the routes of a shipment worth listing."""
        hops = self.hops_of(shipment)
        product = self.instance.product[shipment.product]
        candidates, truncated = self.candidates(shipment, hops)
        price = product.unserved_cost_cny_per_t
        useful = [c for c in candidates if c.weight.cost < price]
        sites_of_steps = self.sites_of
        kept = not_dominated(self.in_time(shipment, hops, useful))
        chosen = choose(kept, self.cap, lambda c: sites_of_steps(c) <= self.standing)
        written = dict.fromkeys(self.steps(shipment, hops, c) for c in chosen)
        return list(written), truncated or len(kept) > len(chosen)

    def hops_of(self, shipment: Demand) -> Hops:
        """Return the hops of a shipment's product, at home or across the border."""
        abroad = self.network.international(shipment)
        key = (shipment.product, abroad)
        if key not in self.hops:
            product = self.instance.product[shipment.product]
            self.hops[key] = Hops(self.network, product, international=abroad, keep=self.keep)
        return self.hops[key]

    def candidates(self, shipment: Demand, hops: Hops) -> tuple[list[Candidate], bool]:
        """Return routes hop by hop, and whether any had to be left out on the way."""
        product = self.instance.product[shipment.product]
        partial = [Candidate(Weight(), (shipment.origin,), (), ())]
        cut = False
        for function in product.chain:
            longer = []
            for site in self.network.able[function]:
                row = self.network.handling.get((site, function))
                if row is not None:
                    place = self.instance.site[site].place
                    done = hops.prices.handling(row)
                    longer += self.onward(partial, hops, place, site, done)
            partial = shortened(longer, PARTIAL_ROUTES if len(product.chain) > 1 else None)
            cut = cut or len(partial) < len(longer)
        ends = self.onward(partial, hops, shipment.destination, None, Weight())
        used = {pair for c in ends for pair in itertools.pairwise(c.stops)}
        return ends, cut or bool(used & hops.truncated)

    def onward(
        self, partial: Iterable[Candidate], hops: Hops, place: str, site: str | None, done: Weight
    ) -> list[Candidate]:
        """Return partial routes with one more hop, and the handling at its end if any."""
        sites = () if site is None else (site,)
        return [
            Candidate(
                before.weight + option.weight + done,
                (*before.stops, place),
                before.sites + sites,
                (*before.hops, option),
            )
            for before in partial
            for option in hops.between(before.stops[-1], place)
        ]

    def sites_of(self, candidate: Candidate) -> set[str]:
        """Return the sites that must be open for a route: of its chain and its terminals."""
        terminals = {
            self.network.transfer(step).site for step in candidate.main if isinstance(step, Change)
        }
        return {*candidate.sites, *(site for site in terminals if site is not None)}

    def in_time(
        self, shipment: Demand, hops: Hops, candidates: Iterable[Candidate]
    ) -> Iterator[Candidate]:
        """Yield the candidates that arrive by the latest time; close calls are computed exactly."""
        latest = shipment.latest_h
        for candidate in candidates:
            spare = float("inf") if latest is None else latest - candidate.weight.time_h
            if latest is not None and abs(spare) < NEARLY_LATE_H:
                steps = self.steps(shipment, hops, candidate)
                spare = float(exact(latest) - exact_time_h(self.network, shipment, steps))
            if spare >= 0:
                yield candidate

    def steps(self, shipment: Demand, hops: Hops, candidate: Candidate) -> tuple[Step, ...]:
        """Return the steps of a candidate in order."""
        chain = self.instance.product[shipment.product].chain
        steps: list[Step] = []
        for here, option in enumerate(candidate.hops):
            steps += hops.steps(candidate.stops[here], candidate.stops[here + 1], option)
            if here < len(chain):
                steps.append(Handle(candidate.sites[here], chain[here]))
        return tuple(steps)


def shortened(partial: list[Candidate], most: int | None) -> list[Candidate]:
    """Return the best partial routes by turns over main modes, all of them if `most` is None."""
    if most is None or len(partial) <= most:
        return partial
    return choose(not_dominated(partial), most, lambda _: False)


def not_dominated(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return candidates by rank without those slower than a cheaper one of the same choices."""
    quickest: dict[tuple[object, ...], float] = {}
    kept = []
    for candidate in sorted(candidates, key=lambda c: c.rank):
        key = (candidate.sites, candidate.main, candidate.stops)
        if candidate.weight.time_h < quickest.get(key, float("inf")):
            quickest[key] = candidate.weight.time_h
            kept.append(candidate)
    return kept


def choose(
    ranked: list[Candidate], cap: int, standing: Callable[[Candidate], bool]
) -> list[Candidate]:
    """Return at most `cap` candidates that differ in modes, sites and terminals, by rank."""
    if len(ranked) <= cap:
        return ranked
    chosen = {0: ranked[0]}
    through_standing = next((here for here, c in enumerate(ranked) if standing(c)), 0)
    chosen[through_standing] = ranked[through_standing]
    views = [
        [(candidate.modes, candidate.sites, candidate.terminals)[view] for candidate in ranked]
        for view in range(3)
    ]
    seen = [{view[here] for here in chosen} for view in views]
    starts = [0, 0, 0]
    while len(chosen) < cap:
        for turn, view in enumerate(views):
            here = next(
                (n for n in range(starts[turn], len(ranked)) if view[n] not in seen[turn]), None
            )
            starts[turn] = len(ranked) if here is None else here
            if here is None:
                here = next(n for n in range(len(ranked)) if n not in chosen)
            if len(chosen) < cap:
                chosen[here] = ranked[here]
                for values, known in zip(views, seen, strict=True):
                    known.add(values[here])
    return [ranked[here] for here in sorted(chosen)]
