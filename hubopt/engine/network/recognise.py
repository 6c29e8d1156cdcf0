"""Which instances are networks with fixed charges, and the numbers of those that are.

One stage at home, one mode, goods that cost by the tonne alone and need no handling, and services
that lead from one place to another over tracks that have no limit of their own. Each service has
vehicles of its own, which come back by a service that carries nothing: what runs then costs a fixed
sum for each departure and decides on nothing else. Whatever else an instance may have that could
make a route, a cost or a rule makes it none, and the reason is said.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.network.design import USUAL_AMOUNT, USUAL_FIXED, Design, unit_near
from hubopt.network.graph import Network
from hubopt.network.steps import Ride
from hubopt.plan.pricing import demand_kg
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, KG_PER_T, exact, present_value_weight
from hubopt.vocabulary import Access, Temperature

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.tables import Demand, Instance, Link, Product, Service


@dataclass(frozen=True)
class NetworkCase:
    """An instance as a design; its arcs are `services`, shipments stand as in the instance."""

    instance: Instance
    design: Design
    services: tuple[Service, ...]
    back: tuple[Service, ...]

    def ride(self, arc: int) -> Ride:
        """Return the ride over an arc, from the first stop of its service to the last."""
        service = self.services[arc]
        return Ride(service.id, service.path[0], service.path[-1])


OTHER_TABLES = Text(
    "it has more than places, links and services of one stage at home, without carbon price",
    "除单一阶段的境内地点、线路和班列外还有其他内容，或有碳价",
)
OTHER_LIMITS = Text("there are limits on the whole plan", "对整个方案有限制")
OTHER_GOODS = Text(
    "goods are handled, late, of one source, at a peak, of another mode than the links, or cost"
    " more than by the tonne",
    "货物需要处理、有时限、单一来源、有高峰、与线路方式不同、或费用不仅按吨计",
)
OTHER_LINKS = Text(
    "links are of several modes, open to all, two-way or limited",
    "线路有多种方式、开放、双向或有能力限制",
)
OTHER_SERVICES = Text(
    "services stop on the way, must run, do not take all goods, or share vehicles",
    "班列中途停靠、必须开行、不接受全部货物，或共用车辆",
)
NO_RETURN = Text(
    "not every service has one without freight by which its vehicles come back",
    "并非每条班列都有供车辆空返的班列",
)
TOO_LARGE = Text(
    "it is a network with fixed charges, but too large to look at each shipment on each service",
    "算例是固定费用网络，但规模过大，无法逐一考察每批货物与每条班列",
)

MOST_FLOWS = 1_000_000
"""Most shipments times services: a model takes a third of a kilobyte for each before HiGHS does."""


def network_case(instance: Instance) -> NetworkCase | Text:
    """Return an instance as a network design problem, or why it is none."""
    other = beside_services(instance)
    if other is not None:
        return other
    pairs = there_and_back(instance.services)
    if isinstance(pairs, Text):
        return pairs
    if not plain_services(instance, pairs):
        return OTHER_SERVICES
    if len(pairs) * len(instance.demand) > MOST_FLOWS:
        return TOO_LARGE
    run, back = zip(*pairs, strict=True)
    return NetworkCase(instance, design_of(instance, pairs), run, back)


def beside_services(instance: Instance) -> Text | None:
    """Return what but its services makes an instance no network, None for nothing."""
    if not plain_tables(instance):
        return OTHER_TABLES
    if instance.limits_in_force:
        return OTHER_LIMITS
    if not plain_links(instance):
        return OTHER_LINKS
    return None if plain_goods(instance) else OTHER_GOODS


def plain_tables(instance: Instance) -> bool:
    """Tell whether there is one stage at home, and nothing but places, links and services."""
    settings = instance.settings
    return (
        len(settings.stages) == 1
        and not settings.returns_to_origin_district
        and settings.carbon_price_cny_per_t == 0
        and not (instance.sites or instance.handling or instance.modules or instance.capacities)
        and not (instance.transfers or instance.customs or instance.vehicles)
        and all(place.country == settings.home_country for place in instance.places)
    )


def plain_goods(instance: Instance) -> bool:
    """Tell whether goods have no time limit, may be split, and cost by the tonne alone."""
    used = {shipment.product for shipment in instance.demand}
    modes = {link.mode for link in instance.links}
    return (
        all(plain_shipment(shipment) for shipment in instance.demand)
        and all(plain_product(instance.product[name]) for name in used)
        and all(instance.product[name].modes == modes for name in used)
    )


def plain_shipment(shipment: Demand) -> bool:
    """Tell whether a shipment may be split and take any time."""
    return shipment.latest_h is None and not shipment.single_source


def plain_product(product: Product) -> bool:
    """Tell whether a product is not handled, and a tonne of it takes the room of a tonne."""
    return (
        not product.chain
        and product.value_cny_per_t == 0
        and product.parcels_per_t == 0
        and product.peak_factor == 1
        and product.space_factor == 1
        and product.temperature is Temperature.AMBIENT
    )


def plain_links(instance: Instance) -> bool:
    """Tell whether all links are one-way tracks of one mode for services alone, without a limit."""
    modes = {link.mode for link in instance.links}
    return len(modes) == 1 and all(plain_link(link) for link in instance.links)


def plain_link(link: Link) -> bool:
    """Tell whether a link is a one-way track for services alone, without a limit."""
    return (
        not link.both_ways
        and link.access is Access.SCHEDULED
        and link.capacity_t_per_year is None
        and link.charging_site is None
    )


def there_and_back(services: Sequence[Service]) -> list[tuple[Service, Service]] | Text:
    """Return each service that may run with that by which its vehicles return, or what is amiss.

    The two have a class of vehicles of their own; the second never runs with freight.
    """
    classes: dict[str, list[Service]] = defaultdict(list)
    for service in services:
        classes[service.vehicle_class].append(service)
    found = []
    for own in classes.values():
        run = [service for service in own if service.most_per_week > 0]
        back = [service for service in own if service.most_per_week == 0]
        if len(run) > 1 or len(back) > 1:
            return OTHER_SERVICES
        if not run or not back:
            return NO_RETURN
        if (run[0].path[0], run[0].path[-1]) != (back[0].path[-1], back[0].path[0]):
            return NO_RETURN
        found.append((run[0], back[0]))
    return found or NO_RETURN


def plain_services(instance: Instance, pairs: Sequence[tuple[Service, Service]]) -> bool:
    """Tell whether services lead from one place to another and take all goods that are sent."""
    year = instance.settings.stages[0].year
    (mode,) = {link.mode for link in instance.links}
    cargo = {instance.product[shipment.product].cargo for shipment in instance.demand}
    every = [service for pair in pairs for service in pair]
    return (
        all(s.mode is mode and s.earliest_stage <= year for s in every)
        and all(s.least_per_week == 0 and cargo <= s.cargo for s in every)
        and all(run.path[0] != run.path[-1] for run, _ in pairs)
        and all(alone(instance, pairs))
    )


def alone(instance: Instance, pairs: Sequence[tuple[Service, Service]]) -> Iterator[bool]:
    """Yield whether nobody else uses each place that a service passes between its ends.

    Goods that alight there can only go on by the same service.
    """
    ends = {place for d in instance.demand for place in (d.origin, d.destination)}
    calls = Counter(stop for run, _ in pairs for stop in run.path)
    for run, _ in pairs:
        for stop in run.path[1:-1]:
            yield calls[stop] == 1 and stop not in ends


def design_of(instance: Instance, pairs: Sequence[tuple[Service, Service]]) -> Design:
    """Return the numbers of an instance that is a network."""
    stage = instance.settings.stages[0]
    rate = exact(instance.settings.discount_rate)
    weight = float(present_value_weight(rate, stage.year, stage.years, instance.settings.base_year))
    kg = np.array([demand_kg(d) for d in instance.demand], dtype=float)
    fixed = np.array([each_run(run, back) for run, back in pairs]) * weight
    room = np.array([run.payload_t_per_departure * run.weeks_per_year for run, _ in pairs])
    amount, money = unit_near(kg, USUAL_AMOUNT), unit_near(fixed, USUAL_FIXED)
    goods = [instance.product[d.product] for d in instance.demand]
    each = amount * weight / KG_PER_T / money
    number = {place.id: here for here, place in enumerate(instance.places)}
    track = tracks(instance, pairs)
    return Design(
        nodes=len(number),
        tail=np.array([number[run.path[0]] for run, _ in pairs]),
        head=np.array([number[run.path[-1]] for run, _ in pairs]),
        capacity=room * KG_PER_T / amount,
        fixed=fixed / money,
        most=np.array([run.most_per_week for run, _ in pairs], dtype=np.int64),
        cost=np.outer([track[run.id] for run, _ in pairs], [p.cost_factor for p in goods]) * each,
        origin=np.array([number[d.origin] for d in instance.demand]),
        target=np.array([number[d.destination] for d in instance.demand]),
        demand=kg / amount,
        unserved=np.array([p.unserved_cost_cny_per_t for p in goods]) * each,
        kg_per_unit=amount,
        mcny_per_unit=money / CNY_PER_MCNY,
    )


def each_run(run: Service, back: Service) -> float:
    """Return CNY a year of a weekly departure and of the empty run that brings its vehicle back."""
    return (
        run.cost_cny_per_departure * run.weeks_per_year
        + back.empty_cost_cny_per_departure * back.weeks_per_year
    )


def tracks(instance: Instance, pairs: Sequence[tuple[Service, Service]]) -> Mapping[str, float]:
    """Return CNY a tonne over all tracks of each service."""
    network = Network(instance)
    return {
        run.id: sum(
            network.rates.haul(link)
            for link in network.legs(Ride(run.id, run.path[0], run.path[-1]))
        )
        for run, _ in pairs
    }
