"""The best plan of a tiny instance by trying every design; shares no line with model or problem.

For each stage and each choice of modules and weekly departures, the flows (and the empty runs,
whose matrix is that of a network, so that the optimum is whole) come from one linear program.
Capacities and costs are read from the rows of the instance, prices of routes from `plain_pricing`.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.units import capital_recovery_factor, exact, present_value_weight
from hubopt.vocabulary import Function, LimitKind, Mode, SiteStatus
from tests.brute_limits import (
    area_of,
    cities_covered,
    in_force,
    least_uses,
    limit_rows,
    ways_to_choose_sources,
)
from tests.plain_pricing import cny_per_tonne, trip_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.tables import Demand, Instance, Module
    from hubopt.network.steps import Step

Key = tuple[object, ...]
Counts = tuple[int, ...]
INFINITE = float("inf")


@dataclass(frozen=True)
class Priced:
    """A route of a shipment: CNY and kg CO2e per tonne, hours, modes, uses of limited things."""

    shipment: Demand
    cost_cny_per_t: float
    uses: Mapping[Key, int]
    hours: float = 0.0
    kg_per_t: float = 0.0
    modes: tuple[Mode, ...] = ()


def best_cost(instance: Instance, routes: Mapping[str, Sequence[tuple[Step, ...]]]) -> float:
    """Return the least present value in CNY over all designs, infinity if none is allowed."""
    settings = instance.settings
    stages = [stage.year for stage in settings.stages]
    priced = {
        year: [
            priced_route(instance, shipment, steps)
            for shipment in instance.demand
            if shipment.stage == year
            for steps in routes.get(shipment.id, ())
        ]
        for year in stages
    }
    running = {year: timetables(instance, year) for year in stages}
    yearly: dict[tuple[int, Counts], float] = {}
    best = INFINITE
    for design in module_designs(instance):
        total = 0.0
        for (year, counts), stage in zip(design, settings.stages, strict=True):
            if (year, counts) not in yearly:
                yearly[year, counts] = best_stage_cost(
                    instance, year, counts, priced[year], running[year]
                )
            weight = present_value_weight(
                exact(settings.discount_rate), stage.year, stage.years, settings.base_year
            )
            total += float(weight) * yearly[year, counts]
        best = min(best, total)
    return best


def module_designs(instance: Instance) -> Iterator[list[tuple[int, Counts]]]:
    """Yield every allowed sequence of standing modules, one tuple of counts per stage."""
    stages = [stage.year for stage in instance.settings.stages]
    per_stage = [list(counts_in_stage(instance, year)) for year in stages]
    built = tuple(module.built for module in instance.modules)
    for choice in itertools.product(*per_stage):
        before = built
        for year, counts in zip(stages, choice, strict=True):
            if not all(a <= b for a, b in zip(before, counts, strict=True)):
                break
            if not within_budget(instance, year, before, counts):
                break
            before = counts
        else:
            yield list(zip(stages, choice, strict=True))


def counts_in_stage(instance: Instance, year: int) -> Iterator[Counts]:
    """Yield every number of modules that the sites' statuses and the limits allow in a stage."""
    ranges = [
        range(module.built, most_of(instance, module, year) + 1) for module in instance.modules
    ]
    for counts in itertools.product(*ranges):
        standing = standing_sites(instance, counts)
        required = {
            site.id
            for site in instance.sites
            if site.status is SiteStatus.REQUIRED and year >= site.earliest_stage
        }
        if required <= standing and within_number(instance, year, standing):
            yield counts


def most_of(instance: Instance, module: Module, year: int) -> int:
    """Return how many of a module may stand in a stage."""
    site = instance.site[module.site]
    if site.status is SiteStatus.CLOSED or year < site.earliest_stage:
        return module.built
    return module.most


def standing_sites(instance: Instance, counts: Counts) -> set[str]:
    """Return the sites at which at least one module stands."""
    return {module.site for module, n in zip(instance.modules, counts, strict=True) if n > 0}


def within_budget(instance: Instance, year: int, before: Counts, now: Counts) -> bool:
    """Tell whether what is built in a stage stays within that stage's budget."""
    spent = sum(
        exact(module.build_cost_cny) * (b - a)
        for module, a, b in zip(instance.modules, before, now, strict=True)
    )
    return all(
        spent <= exact(limit.value)
        for limit in in_force(instance)
        if limit.kind is LimitKind.BUDGET and limit.stage == year
    )


def within_number(instance: Instance, year: int, standing: set[str]) -> bool:
    """Tell whether the number of open sites stays within the limits of a stage."""
    able = defaultdict(set)
    for row in instance.handling:
        able[row.function].add(row.site)
    for capacity in instance.capacities:
        if capacity.function in {Function.TRANSFER, Function.CHARGING}:
            able[capacity.function].add(capacity.site)
    for limit in in_force(instance):
        counted = {
            site
            for site in (standing & able[limit.function] if limit.function else standing)
            if limit.area is None or limit.area in area_of(instance, instance.site[site].place)
        }
        if limit.stage != year:
            continue
        if limit.kind is LimitKind.SITES_AT_MOST and len(counted) > limit.value:
            return False
        if limit.kind is LimitKind.SITES_AT_LEAST and len(counted) < limit.value:
            return False
        if limit.kind is LimitKind.COVERAGE:
            able_here = standing & able[limit.function] if limit.function else standing
            if not cities_covered(instance, limit, able_here):
                return False
    return True


def timetables(instance: Instance, year: int) -> list[tuple[float, Counts]]:
    """Return every choice of weekly departures in a stage with its yearly cost, the least first."""
    ranges = [
        range(service.least_per_week, service.most_per_week + 1)
        if year >= service.earliest_stage
        else range(1)
        for service in instance.services
    ]
    return sorted(
        (
            repositioning_cost(instance, year, departures)
            + sum(
                n * service.weeks_per_year * service.cost_cny_per_departure
                for service, n in zip(instance.services, departures, strict=True)
            ),
            departures,
        )
        for departures in itertools.product(*ranges)
    )


def best_stage_cost(
    instance: Instance,
    year: int,
    counts: Counts,
    routes: Sequence[Priced],
    running: Sequence[tuple[float, Counts]],
) -> float:
    """Return the least yearly cost in CNY of a stage whose modules stand as stated."""
    rate = exact(instance.settings.discount_rate)
    fixed = sum(
        (n - module.built)
        * exact(module.build_cost_cny)
        * capital_recovery_factor(rate, module.life_years)
        + n * exact(module.fixed_cost_cny_per_year)
        for module, n in zip(instance.modules, counts, strict=True)
    )
    limits = capacities(instance, counts)
    usable = [route for route in routes if all(limits.get(key, 1) > 0 for key in route.uses)]
    best = INFINITE
    for cost, departures in running:
        if float(fixed) + cost >= best:  # flows cost no less than nothing
            break
        flows = flow_cost(instance, year, limits, departures, usable)
        best = min(best, float(fixed) + cost + flows)
    return best


def capacities(instance: Instance, counts: Counts) -> dict[Key, float]:
    """Return tonnes a year of every limited thing but services; ("open", site) is 0 or endless."""
    limits: dict[Key, float] = {}
    standing = standing_sites(instance, counts)
    number = {(m.site, m.module): n for m, n in zip(instance.modules, counts, strict=True)}
    for site in instance.sites:
        limits["open", site.id] = INFINITE if site.id in standing else 0.0
        for function in Function:
            limits["pool", site.id, function] = 0.0
    for row in instance.capacities:
        n = number[row.site, row.module]
        each = INFINITE if row.capacity_t_per_year is None else row.capacity_t_per_year
        limits["pool", row.site, row.function] += n * each if n else 0.0
    for here, link in enumerate(instance.links):
        if link.capacity_t_per_year is not None:
            limits["link", here] = link.capacity_t_per_year
    for here, transfer in enumerate(instance.transfers):
        if transfer.capacity_t_per_year is not None:
            limits["transfer", here] = transfer.capacity_t_per_year
    return limits


def flow_cost(
    instance: Instance,
    year: int,
    limits: Mapping[Key, float],
    departures: Counts,
    routes: Sequence[Priced],
) -> float:
    """Return the least yearly cost in CNY of flows and unserved tonnes under given capacities."""
    weekly = dict(zip((s.id for s in instance.services), departures, strict=True))
    shipments = [shipment for shipment in instance.demand if shipment.stage == year]
    prices = [instance.product[s.product].unserved_cost_cny_per_t for s in shipments]
    if not shipments and not least_uses(instance, limits):
        return 0.0
    cost = [route.cost_cny_per_t for route in routes] + prices
    equal = np.zeros((len(shipments), len(cost)))
    for row, shipment in enumerate(shipments):
        equal[row, len(routes) + row] = 1
        for column, route in enumerate(routes):
            equal[row, column] = route.shipment is shipment
    keys = sorted({key for route in routes for key in route.uses}, key=str)
    rows, most = [], []
    for key in keys:
        limit = (
            service_limit(instance, weekly, key) if key[0] == "leg" else limits.get(key, INFINITE)
        )
        if limit < INFINITE:
            space = [
                instance.product[r.shipment.product].space_factor if key[0] == "leg" else 1
                for r in routes
            ]
            peak = [instance.product[r.shipment.product].peak_factor for r in routes]
            uses = [
                r.uses.get(key, 0) * taken * times
                for r, taken, times in zip(routes, space, peak, strict=True)
            ]
            rows.append(uses + [0] * len(shipments))
            most.append(limit)
    for row, upper in limit_rows(instance, year, routes, shipments, limits):
        rows.append(row)
        most.append(upper)
    best = INFINITE
    for closed in ways_to_choose_sources(instance, year, routes):
        bounds = [(0, 0) if n in closed else (0, None) for n in range(len(cost))]
        found = linprog(
            cost,
            A_ub=np.array(rows) if rows else None,
            b_ub=most or None,
            A_eq=equal,
            b_eq=[s.demand_t_per_year for s in shipments],
            bounds=bounds,
            method="highs",
        )
        assert found.status in {0, 2}, found.message
        if found.status == 0:
            best = min(best, float(found.fun))
    return best


def service_limit(instance: Instance, weekly: Mapping[str, int], key: Key) -> float:
    """Return tonnes a year that one leg of a service can carry."""
    service = instance.service[str(key[1])]
    return service.payload_t_per_departure * service.weeks_per_year * weekly[service.id]


def repositioning_cost(instance: Instance, year: int, departures: Counts) -> float:
    """Return the least yearly cost in CNY of empty runs that balance vehicles, or infinity."""
    terminals = sorted(
        {(s.vehicle_class, stop) for s in instance.services for stop in (s.path[0], s.path[-1])}
    )
    if not terminals:
        return 0.0
    matrix = np.zeros((len(terminals), len(instance.services)))
    for column, service in enumerate(instance.services):
        matrix[terminals.index((service.vehicle_class, service.path[0])), column] += 1
        matrix[terminals.index((service.vehicle_class, service.path[-1])), column] -= 1
    cost = [s.empty_cost_cny_per_departure * s.weeks_per_year for s in instance.services]
    bounds = [(0, None if year >= s.earliest_stage else 0) for s in instance.services]
    balance = -matrix @ np.array(departures, dtype=float)
    found = linprog(cost, A_eq=matrix, b_eq=balance, bounds=bounds, method="highs")
    return float(found.fun) if found.status == 0 else INFINITE


def priced_route(instance: Instance, shipment: Demand, steps: tuple[Step, ...]) -> Priced:
    """Return a route with its exact price and the limited things that it uses."""
    uses: dict[Key, int] = defaultdict(int)
    for step in steps:
        for key in used_by(instance, step):
            uses[key] += 1
    trip = trip_of(instance, shipment, steps)
    price = cny_per_tonne(instance, shipment, trip)
    modes = tuple(
        instance.service[step.service].mode if isinstance(step, Ride) else step.mode
        for step in steps
        if isinstance(step, Move | Ride)
    )
    return Priced(shipment, sum(price.values()), dict(uses), trip.hours, trip.wtw, modes)


def used_by(instance: Instance, step: Step) -> Iterator[Key]:
    """Yield the limited things that one step uses."""
    if isinstance(step, Handle):
        yield ("open", step.site)
        yield ("pool", step.site, step.function)
    elif isinstance(step, Move):
        row = link_between(instance, step.from_place, step.to_place, step.mode)
        yield ("link", row)
        charger = instance.links[row].charging_site
        if charger is not None:
            yield ("open", charger)
            yield ("pool", charger, Function.CHARGING)
    elif isinstance(step, Ride):
        service = instance.service[step.service]
        stops = service.path
        first, last = stops.index(step.from_place), stops.index(step.to_place)
        for a, b in itertools.pairwise(stops[first : last + 1]):
            yield ("leg", service.id, a, b)
            yield ("link", link_between(instance, a, b, service.mode))
    elif isinstance(step, Change):
        here = transfer_at(instance, step)
        yield ("transfer", here)
        site = instance.transfers[here].site
        if site is not None:
            yield ("open", site)
            yield ("pool", site, Function.TRANSFER)


def link_between(instance: Instance, a: str, b: str, mode: object) -> int:
    """Return the row of the link from `a` to `b`, in its direction or against it if two-way."""
    for here, link in enumerate(instance.links):
        ends = (link.from_place, link.to_place)
        if link.mode is mode and (ends == (a, b) or (link.both_ways and ends == (b, a))):
            return here
    raise AssertionError((a, b, mode))


def transfer_at(instance: Instance, step: Change) -> int:
    """Return the row of the transfer that a change of mode uses."""
    for here, row in enumerate(instance.transfers):
        ends = (row.from_mode, row.to_mode)
        wanted = (step.from_mode, step.to_mode)
        if row.place == step.place and (ends == wanted or (row.both_ways and ends[::-1] == wanted)):
            return here
    raise AssertionError(step)
