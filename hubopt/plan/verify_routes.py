"""Every route of a plan, step by step: where the goods are, in which hands, and what was done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan import sentences
from hubopt.plan.pricing import UnknownStepError
from hubopt.units import exact
from hubopt.vocabulary import NOT_HANDLING, TRUCKS, Access, Function, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from hubopt.instance.tables import Demand, Instance, Link, Site
    from hubopt.network.steps import Step
    from hubopt.plan.plan import Flow
    from hubopt.plan.pricing import Pricer
    from hubopt.plan.report import Book
    from hubopt.plan.sentences import Sentence
    from hubopt.vocabulary import Mode

NAMES = (
    "route_is_connected",
    "route_handling_chain",
    "route_modes",
    "service_cargo",
    "vehicle_range",
    "origin_district",
    "customs_clearance",
)
RIGHT = sentences.UNKNOWN
"""Stands where nothing is wrong and is never said."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The first thing wrong with a route under one check."""

    sentence: Sentence
    said: object
    found: object


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with a route, and its hours if it can be priced."""

    troubles: dict[str, Trouble] = field(default_factory=dict)
    time_h: Fraction | None = None


def check_routes(
    book: Book, instance: Instance, pricer: Pricer, flows: Iterable[Flow]
) -> list[Flow]:
    """Check every route and return the flows whose routes can be priced."""
    sound = []
    verdicts: dict[tuple[str, str, str, str | None, tuple[Step, ...]], Verdict] = {}
    for flow in flows:
        shipment = instance.shipment[flow.shipment]
        ends = (shipment.origin, shipment.destination)
        key = (*ends, shipment.product, shipment.district, flow.steps)
        verdict = verdicts.get(key)
        if verdict is None:
            verdict = verdicts[key] = judged(instance, pricer, shipment, flow.steps)
        where = (flow.shipment, flow.steps)
        for name in NAMES:
            note(book, name, where, verdict.troubles.get(name))
        if verdict.time_h is not None:
            sound.append(flow)
            check_time(book, shipment, where, verdict.time_h)
    return sound


def note(book: Book, name: str, where: object, trouble: Trouble | None) -> None:
    """Note one check of one route."""
    if trouble is None:
        book.note(name, where, RIGHT, holds=True)
    else:
        book.note(
            name, where, trouble.sentence, holds=False, said=trouble.said, found=trouble.found
        )


def check_time(book: Book, shipment: Demand, where: object, time_h: Fraction) -> None:
    """Check that a route arrives by its latest time."""
    if shipment.latest_h is not None:
        latest = exact(shipment.latest_h)
        book.note(
            "delivery_time",
            where,
            sentences.TOO_LATE,
            holds=time_h <= latest,
            said=time_h,
            found=latest,
        )


def judged(
    instance: Instance, pricer: Pricer, shipment: Demand, steps: tuple[Step, ...]
) -> Verdict:
    """Return what is wrong with a route for a shipment's ends, product and district."""
    walk = Walk(instance, pricer, shipment)
    try:
        for step in steps:
            walk.take(step)
    except UnknownStepError as error:
        unknown = Trouble(sentences.NO_STEP, error.args[0], "")
        return Verdict({"route_is_connected": unknown})
    walk.finish()
    if "customs_clearance" in walk.troubles:
        return Verdict(walk.troubles)
    return Verdict(walk.troubles, pricer.hours(steps, international=walk.international))


class Walk:
    """Follows a route from its origin and remembers what was wrong on the way."""

    def __init__(self, instance: Instance, pricer: Pricer, shipment: Demand) -> None:
        self.instance, self.pricer, self.shipment = instance, pricer, shipment
        self.product = instance.product[shipment.product]
        self.base = self.product.modes & TRUCKS or self.product.modes
        self.place = shipment.origin
        self.mode: Mode | None = None
        self.done: list[Function] = []
        self.seen: set[tuple[str, Mode]] = set()
        self.international = pricer.international(shipment)
        self.troubles: dict[str, Trouble] = {}

    def wrong(self, check: str, sentence: Sentence, said: object, found: object = "") -> None:
        """Remember the first trouble of a kind."""
        self.troubles.setdefault(check, Trouble(sentence, said, found))

    def take(self, step: Step) -> None:
        """Take one step; raises `UnknownStepError` for one that the instance does not have."""
        if isinstance(step, Handle):
            self.handle(step)
        elif isinstance(step, Change):
            self.change(step)
        else:
            self.travel(step)

    def handle(self, step: Handle) -> None:
        """Be handled at a site of the place where the goods are, in the hands of a truck."""
        self.pricer.step(step, international=self.international)
        site = self.instance.site[step.site]
        if site.place != self.place:
            self.wrong("route_is_connected", sentences.SITE_ELSEWHERE, step.site, self.place)
        if step.function in NOT_HANDLING or site.status is SiteStatus.CLOSED:
            self.wrong("route_handling_chain", sentences.NOT_HANDLED_THERE, step)
        if step.function is Function.RETURNS and self.instance.settings.returns_to_origin_district:
            self.go_back(site)
        self.lay_down()
        self.done.append(step.function)

    def go_back(self, site: Site) -> None:
        """Be returned to the district in which the goods were cleared, if that is known."""
        district = self.shipment.district
        if district is not None and site.district != district:
            self.wrong("origin_district", sentences.OTHER_DISTRICT, site.id, district)

    def lay_down(self) -> None:
        """End a hop: the goods must be in a mode in which they may be handed over."""
        if self.mode is not None and self.mode not in self.base:
            self.wrong("route_is_connected", sentences.HANDED_OVER, self.place, self.mode)
        self.mode = None
        self.seen = set()

    def change(self, step: Change) -> None:
        """Change mode where the goods are."""
        self.pricer.transfer_row(step)
        self.hold(step.place, step.from_mode)
        self.arrive(step.place, step.to_mode)

    def travel(self, step: Move | Ride) -> None:
        """Move over an open link, or ride a service, across a border only where cleared."""
        mode = self.pricer.mode(step)
        self.hold(step.from_place, mode)
        rows = self.pricer.link_rows(step)
        if isinstance(step, Ride):
            self.ride(step)
        else:
            self.drive(step, self.instance.links[rows[0]])
        clearance = self.pricer.clearance(step)
        if clearance is not None and not (self.international and clearance in self.pricer.customs):
            self.wrong("customs_clearance", sentences.NOT_CLEARED, step)
        self.arrive(step.to_place, mode)

    def drive(self, step: Move, link: Link) -> None:
        """Move over a link that is open, there and back within the range of its vehicles."""
        if link.access is Access.SCHEDULED:
            self.wrong("route_is_connected", sentences.SERVICE_ONLY, step)
        vehicle = self.pricer.vehicles.get(link.mode)
        if vehicle is not None and vehicle.range_km is not None:
            most = exact(vehicle.range_km)
            if 2 * exact(link.distance_km) > most:
                self.wrong("vehicle_range", sentences.OUT_OF_RANGE, step, most)

    def ride(self, step: Ride) -> None:
        """Be aboard a service that takes goods of this loading."""
        cargo = self.product.cargo
        if cargo not in self.instance.service[step.service].cargo:
            self.wrong("service_cargo", sentences.CARGO_REFUSED, step.service, cargo)

    def hold(self, place: str, mode: Mode) -> None:
        """Check that the goods are at a place with a mode; a hop starts in any base mode."""
        if self.place != place:
            self.wrong("route_is_connected", sentences.ELSEWHERE, place, self.place)
        if self.mode is None:
            if mode not in self.base:
                self.wrong("route_is_connected", sentences.PICKED_UP, place, mode)
            self.seen.add((place, mode))
        elif self.mode is not mode:
            self.wrong("route_is_connected", sentences.OTHER_MODE, mode, self.mode)

    def arrive(self, place: str, mode: Mode) -> None:
        """Stand at a place with a mode in hand, for the first time in this hop."""
        if mode not in self.product.modes:
            self.wrong("route_modes", sentences.MODE_FORBIDDEN, mode, self.product.id)
        if (place, mode) in self.seen:
            self.wrong("route_is_connected", sentences.TWICE_THERE, place, mode)
        self.seen.add((place, mode))
        self.place, self.mode = place, mode

    def finish(self) -> None:
        """End at the destination, with the whole chain done."""
        ends = self.shipment.destination
        if self.place != ends:
            self.wrong("route_is_connected", sentences.ENDS_ELSEWHERE, self.place, ends)
        self.lay_down()
        if tuple(self.done) != self.product.chain:
            said, found = ">".join(self.done), ">".join(self.product.chain)
            self.wrong("route_handling_chain", sentences.OTHER_CHAIN, said, found)
