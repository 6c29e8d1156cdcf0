"""Every route of a plan step by step, demand to the kilogram, and every capacity."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.pricing import UnknownStepError, demand_kg
from hubopt.units import KG_PER_T, exact
from hubopt.vocabulary import TRUCKS, Access, Function, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.instance.tables import Demand, Instance
    from hubopt.network.steps import Step
    from hubopt.plan.capacity import Capacities
    from hubopt.plan.plan import Flow, Plan
    from hubopt.plan.pricing import Key, Pricer
    from hubopt.plan.report import Book
    from hubopt.vocabulary import Cargo, Mode

CAPACITY_CHECK = {
    "pool": "site_capacity",
    "link": "link_capacity",
    "transfer": "transfer_capacity",
    "leg": "service_capacity",
}


def check_demand(book: Book, instance: Instance, plan: Plan) -> None:
    """Check that each shipment's flows and unserved tonnes are its demand, to the kilogram."""
    planned: dict[str, int] = defaultdict(int)
    for flow in plan.flows:
        planned[flow.shipment] += flow.kg_per_year
    for left in plan.unserved:
        planned[left.shipment] += left.kg_per_year
    for shipment in instance.demand:
        book.same("demand_met", f"{shipment.id} kg", planned[shipment.id], demand_kg(shipment))


def check_routes(
    book: Book, instance: Instance, pricer: Pricer, flows: Iterable[Flow]
) -> list[Flow]:
    """Check every route and return the flows whose routes can be priced."""
    sound = []
    for flow in flows:
        shipment = instance.shipment[flow.shipment]
        where = f"{flow.shipment}: {' '.join(map(brief, flow.steps))}"
        try:
            walk = Walk(instance, pricer, shipment)
            for step in flow.steps:
                walk.take(step)
        except UnknownStepError as error:
            found = f"no such step: {brief(error.args[0])}"
            book.note("route_is_connected", where, holds=False, said="a route", found=found)
            continue
        for check, trouble in walk.finished().items():
            said = "a route" if trouble else ""
            book.note(check, where, holds=not trouble, said=said, found=trouble)
        if not walk.trouble["customs_clearance"]:
            check_time(book, pricer, shipment, flow, where)
            sound.append(flow)
    return sound


def check_time(book: Book, pricer: Pricer, shipment: Demand, flow: Flow, where: str) -> None:
    """Check that a route arrives by its latest time."""
    if shipment.latest_h is not None:
        time_h = pricer.price(shipment, flow.steps).time_h
        holds = time_h <= exact(shipment.latest_h)
        found = f"{float(time_h):g} h"
        book.note("delivery_time", where, holds=holds, said=f"{shipment.latest_h:g} h", found=found)


def brief(step: Step) -> str:
    """Return a step in a few characters."""
    if isinstance(step, Move):
        return f"{step.from_place}-{step.mode}->{step.to_place}"
    if isinstance(step, Ride):
        return f"{step.from_place}-[{step.service}]->{step.to_place}"
    if isinstance(step, Change):
        return f"{step.place}({step.from_mode}>{step.to_mode})"
    return f"{step.site}({step.function})"


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
        names = (
            "route_is_connected", "route_handling_chain", "route_modes", "service_cargo",
            "customs_clearance",
        )  # fmt: skip
        self.trouble: dict[str, str] = dict.fromkeys(names, "")

    def wrong(self, check: str, found: str) -> None:
        """Remember the first trouble of a kind."""
        self.trouble[check] = self.trouble[check] or found

    def take(self, step: Step) -> None:
        """Take one step; raises `UnknownStepError` for one that the instance does not have."""
        if isinstance(step, Handle):
            self.handle(step)
        elif isinstance(step, Change):
            self.change(step)
        else:
            self.travel(step)

    def handle(self, step: Handle) -> None:
        """Be handled at a site of the place where the freight is, in the hands of a truck."""
        self.pricer.step(step, international=False)
        site = self.instance.site[step.site]
        if site.place != self.place:
            self.wrong("route_is_connected", f"{step.site} is not at {self.place}")
        if step.function is Function.TRANSFER or site.status is SiteStatus.CLOSED:
            self.wrong("route_handling_chain", f"{step.function} at {step.site}")
        self.lay_down()
        self.done.append(step.function)

    def lay_down(self) -> None:
        """End a hop: the freight must be in a mode in which it may be handed over."""
        if self.mode is not None and self.mode not in self.base:
            self.wrong("route_is_connected", f"handed over at {self.place} by {self.mode}")
        self.mode = None
        self.seen = set()

    def change(self, step: Change) -> None:
        """Change mode where the freight is."""
        self.pricer.transfer_row(step)
        self.hold(step.place, step.from_mode)
        self.arrive(step.place, step.to_mode)

    def travel(self, step: Move | Ride) -> None:
        """Move over an open link, or ride a service, across a border only where cleared."""
        mode = self.pricer.mode(step)
        self.hold(step.from_place, mode)
        rows = self.pricer.link_rows(step)
        if isinstance(step, Move) and self.instance.links[rows[0]].access is Access.SCHEDULED:
            self.wrong("route_is_connected", f"{brief(step)} runs only as a service")
        if isinstance(step, Ride) and self.product.cargo not in self.service_cargo(step):
            self.wrong("service_cargo", f"{step.service} does not take {self.product.cargo}")
        clearance = self.pricer.clearance(step)
        if clearance is not None and not (self.international and clearance in self.pricer.customs):
            self.wrong("customs_clearance", f"{brief(step)} cannot be cleared")
        self.arrive(step.to_place, mode)

    def service_cargo(self, step: Ride) -> frozenset[Cargo]:
        """Return the loading that a service takes."""
        return self.instance.service[step.service].cargo

    def hold(self, place: str, mode: Mode) -> None:
        """Check that the freight is at a place with a mode; a hop starts in any base mode."""
        if self.place != place:
            self.wrong("route_is_connected", f"at {self.place}, not at {place}")
        if self.mode is None:
            if mode not in self.base:
                self.wrong("route_is_connected", f"picked up at {place} by {mode}")
            self.seen.add((place, mode))
        elif self.mode is not mode:
            self.wrong("route_is_connected", f"at {place} by {self.mode}, not by {mode}")

    def arrive(self, place: str, mode: Mode) -> None:
        """Stand at a place with a mode in hand, for the first time in this hop."""
        if mode not in self.product.modes:
            self.wrong("route_modes", f"{mode} is not allowed for {self.product.id}")
        if (place, mode) in self.seen:
            self.wrong("route_is_connected", f"twice at {place} by {mode}")
        self.seen.add((place, mode))
        self.place, self.mode = place, mode

    def finished(self) -> dict[str, str]:
        """End at the destination and return all troubles."""
        if self.place != self.shipment.destination:
            self.wrong("route_is_connected", f"ends at {self.place}")
        self.lay_down()
        if tuple(self.done) != self.product.chain:
            self.wrong("route_handling_chain", f"handled {'>'.join(self.done) or 'nowhere'}")
        return self.trouble


def check_capacities(
    book: Book, instance: Instance, pricer: Pricer, capacities: Capacities, flows: Iterable[Flow]
) -> None:
    """Check pools, links, transfers and service legs against what the flows use of them."""
    used: dict[tuple[Key, int], Fraction] = defaultdict(Fraction)
    for flow in flows:
        shipment = instance.shipment[flow.shipment]
        for key, tonnes in pricer.uses(shipment.product, flow.steps).items():
            used[key, shipment.stage] += tonnes * flow.kg_per_year
    for (key, stage), kg in used.items():
        where = f"{label(instance, key)} {stage}"
        if key[0] == "pool":
            stands = capacities.stands(str(key[1]), stage)
            book.note(
                "site_open_for_flow",
                where,
                holds=stands or kg == 0,
                said=f"{float(kg):.0f} kg",
                found="not open",
            )
        most = capacities.of(key, stage)
        holds = most is None or kg <= most * KG_PER_T
        found = "no limit" if most is None else f"at most {float(most * KG_PER_T):.0f} kg"
        said = f"{float(kg):.0f} kg"
        book.note(CAPACITY_CHECK[str(key[0])], where, holds=holds, said=said, found=found)


def label(instance: Instance, key: Key) -> str:
    """Return the name of a limited thing."""
    if key[0] == "link":
        link = instance.links[int(key[1])]
        return f"{link.from_place}-{link.to_place} {link.mode}"
    if key[0] == "transfer":
        row = instance.transfers[int(key[1])]
        return f"{row.place} {row.from_mode}>{row.to_mode}"
    return " ".join(str(part) for part in key[1:])
