"""All routes of a shipment in a tiny network by depth-first search, apart from the lister."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.pricing import Pricer, UnknownStepError
from hubopt.units import exact
from hubopt.vocabulary import TRUCKS, Access, Function, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Demand, Instance, Link
    from hubopt.network.steps import Step
    from hubopt.vocabulary import Mode


def all_routes(instance: Instance, shipment: Demand) -> list[tuple[Step, ...]]:
    """Return every route that arrives in time and may cross the borders that it crosses."""
    product = instance.product[shipment.product]
    pricer = Pricer(instance)
    found = []
    for steps in onward(instance, pricer, shipment, shipment.origin, product.chain, ()):
        latest = shipment.latest_h
        if latest is None or pricer.price(shipment, steps).time_h <= exact(latest):
            found.append(steps)
    return found


def onward(
    instance: Instance,
    pricer: Pricer,
    shipment: Demand,
    place: str,
    chain: tuple,  # type: ignore[type-arg]
    steps: tuple[Step, ...],
) -> Iterator[tuple[Step, ...]]:
    """Yield the routes that go on from a stop with a rest of the chain."""
    if not chain:
        for hop in hops(instance, pricer, shipment, place, shipment.destination):
            yield steps + hop
        return
    for row in instance.handling:
        site = instance.site[row.site]
        able = any(
            c.site == site.id and c.function is chain[0] and c.capacity_t_per_year != 0
            for c in instance.capacities
        )
        bound = instance.settings.returns_to_origin_district and row.function is Function.RETURNS
        if bound and shipment.district not in {None, site.district}:
            continue
        if row.function is chain[0] and able and site.status is not SiteStatus.CLOSED:
            for hop in hops(instance, pricer, shipment, place, site.place):
                done = (*steps, *hop, Handle(site.id, row.function))
                yield from onward(instance, pricer, shipment, site.place, chain[1:], done)


def hops(
    instance: Instance, pricer: Pricer, shipment: Demand, start: str, end: str
) -> Iterator[tuple[Step, ...]]:
    """Yield the ways from stop to stop, each up to its first arrival with a truck in hand."""
    modes = instance.product[shipment.product].modes
    base = modes & TRUCKS or modes
    if start == end:
        yield ()
        return
    for mode in sorted(base):
        yield from walk(instance, pricer, shipment, (start, mode), end, frozenset({(start, mode)}))


def walk(
    instance: Instance,
    pricer: Pricer,
    shipment: Demand,
    here: tuple[str, Mode],
    end: str,
    seen: frozenset[tuple[str, Mode]],
) -> Iterator[tuple[Step, ...]]:
    """Yield every simple walk up to its first arrival at the end with a truck in hand."""
    modes = instance.product[shipment.product].modes
    base = modes & TRUCKS or modes
    if here[0] == end and here[1] in base:
        yield ()
        return
    for step, there in steps_from(instance, here):
        if isinstance(step, Ride):
            takes = instance.service[step.service].cargo
            if instance.product[shipment.product].cargo not in takes:
                continue
        if there in seen or there[1] not in modes or not allowed(pricer, shipment, step):
            continue
        for rest in walk(instance, pricer, shipment, there, end, seen | {there}):
            yield (step, *rest)


def allowed(pricer: Pricer, shipment: Demand, step: Step) -> bool:
    """Tell whether a step may be taken across the border that it crosses."""
    international = pricer.international(shipment)
    if isinstance(step, Move | Ride) and pricer.clearance(step) is not None and not international:
        return False
    try:
        pricer.step(step, international=international)
    except UnknownStepError:
        return False
    return True


def steps_from(
    instance: Instance, here: tuple[str, Mode]
) -> Iterator[tuple[Step, tuple[str, Mode]]]:
    """Yield every step from a place with a mode in hand."""
    yield from moves_from(instance, *here)
    yield from rides_from(instance, *here)
    yield from changes_from(instance, *here)


def moves_from(
    instance: Instance, place: str, mode: Mode
) -> Iterator[tuple[Step, tuple[str, Mode]]]:
    """Yield the moves over open links."""
    for link in instance.links:
        if link.mode is mode and link.access is Access.OPEN and may_drive(instance, link):
            if link.from_place == place:
                yield Move(place, link.to_place, mode), (link.to_place, mode)
            if link.both_ways and link.to_place == place:
                yield Move(place, link.from_place, mode), (link.from_place, mode)


def may_drive(instance: Instance, link: Link) -> bool:
    """Tell whether trucks get there and back, and may charge if they must."""
    for vehicle in instance.vehicles:
        most = vehicle.range_km if vehicle.mode is link.mode else None
        if most is not None and link.distance_km + link.distance_km > most:
            return False
    if link.charging_site is None:
        return True
    closed = instance.site[link.charging_site].status is SiteStatus.CLOSED
    return not closed and any(
        row.site == link.charging_site
        and row.function is Function.CHARGING
        and row.capacity_t_per_year != 0
        for row in instance.capacities
    )


def rides_from(
    instance: Instance, place: str, mode: Mode
) -> Iterator[tuple[Step, tuple[str, Mode]]]:
    """Yield the rides to all later stops of the services that call here."""
    for service in instance.services:
        if service.mode is mode and place in service.path:
            for stop in service.path[service.path.index(place) + 1 :]:
                yield Ride(service.id, place, stop), (stop, mode)


def changes_from(
    instance: Instance, place: str, mode: Mode
) -> Iterator[tuple[Step, tuple[str, Mode]]]:
    """Yield the changes of mode, but for those at a closed site."""
    for row in instance.transfers:
        closed = row.site is not None and instance.site[row.site].status is SiteStatus.CLOSED
        if row.place == place and not closed:
            if row.from_mode is mode:
                yield Change(place, mode, row.to_mode), (place, row.to_mode)
            if row.both_ways and row.to_mode is mode:
                yield Change(place, mode, row.from_mode), (place, row.from_mode)
