"""Sites, services and limits of an instance as arrays."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from hubopt.problem.problem import ServiceNumbers, SiteNumbers
from hubopt.units import CNY_PER_MCNY, T_PER_KT, capital_recovery_factor, exact
from hubopt.vocabulary import NOT_HANDLING, Function, SiteStatus

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance, Service
    from hubopt.problem.problem import Floats


def site_numbers(instance: Instance) -> SiteNumbers:
    """Return sites and modules as arrays."""
    stages = [stage.year for stage in instance.settings.stages]
    number = {site.id: here for here, site in enumerate(instance.sites)}
    rate = exact(instance.settings.discount_rate)
    modules = instance.modules
    module_site = np.array([number[m.site] for m in modules], dtype=np.int64)
    build = [exact(m.build_cost_cny) for m in modules]
    annuity = [
        float(cost * capital_recovery_factor(rate, m.life_years)) / CNY_PER_MCNY
        for m, cost in zip(modules, build, strict=True)
    ]
    pools = tuple(
        sorted({(c.site, c.function.value) for c in instance.capacities} | needed(instance))
    )
    from_start = np.array(
        [[year >= site.earliest_stage for year in stages] for site in instance.sites], dtype=bool
    ).reshape(len(instance.sites), len(stages))
    closed = np.array([s.status is SiteStatus.CLOSED for s in instance.sites], dtype=bool)
    required = np.array([s.status is SiteStatus.REQUIRED for s in instance.sites], dtype=bool)
    standing = np.zeros(len(instance.sites), dtype=bool)
    standing[module_site[np.array([m.built > 0 for m in modules], dtype=bool)]] = True
    standing &= ~closed
    return SiteNumbers(
        site_ids=tuple(site.id for site in instance.sites),
        module_names=tuple(m.module for m in modules),
        module_site=module_site,
        module_built=np.array([m.built for m in modules], dtype=np.int64),
        module_most=np.array([m.most for m in modules], dtype=np.int64),
        module_annuity=np.array(annuity),
        module_running=np.array([m.fixed_cost_cny_per_year for m in modules]) / CNY_PER_MCNY,
        module_build_cost=np.array([float(cost) for cost in build]) / CNY_PER_MCNY,
        pools=pools,
        pool_site=np.array([number[site] for site, _ in pools], dtype=np.int64),
        pool_module_capacity=pool_capacity(instance, pools),
        always_open=standing[:, None] | (required[:, None] & from_start),
        may_open=~closed[:, None] & (from_start | standing[:, None]),
        required=required,
        may_build=~closed[:, None] & from_start,
    )


def needed(instance: Instance) -> set[tuple[str, str]]:
    """Return the pools that handling rows and terminals name, with a capacity row or not."""
    handled = {(row.site, row.function.value) for row in instance.handling}
    return handled | {
        (row.site, Function.TRANSFER.value) for row in instance.transfers if row.site is not None
    }


def pool_capacity(instance: Instance, pools: tuple[tuple[str, str], ...]) -> Floats:
    """Return pools x modules: kt a year that one module adds, infinity for no limit."""
    pool = {key: here for here, key in enumerate(pools)}
    module = {(m.site, m.module): here for here, m in enumerate(instance.modules)}
    added = np.zeros((len(pools), len(instance.modules)))
    for row in instance.capacities:
        each = np.inf if row.capacity_t_per_year is None else row.capacity_t_per_year / T_PER_KT
        added[pool[row.site, row.function.value], module[row.site, row.module]] = each
    return added


def service_numbers(instance: Instance) -> ServiceNumbers:
    """Return services, their legs and the terminals at which their vehicles balance."""
    services = instance.services
    stages = [stage.year for stage in instance.settings.stages]
    legs = [(s.id, a, b) for s in services for a, b in itertools.pairwise(s.path)]
    number = {service.id: here for here, service in enumerate(services)}
    terminals = sorted({(s.vehicle_class, stop) for s in services for stop in ends(s)})
    row = {terminal: here for here, terminal in enumerate(terminals)}
    balance = np.zeros((len(terminals), len(services)))
    for here, service in enumerate(services):
        balance[row[service.vehicle_class, service.path[0]], here] += 1
        balance[row[service.vehicle_class, service.path[-1]], here] -= 1
    weeks = np.array([s.weeks_per_year for s in services], dtype=float)
    return ServiceNumbers(
        service_ids=tuple(s.id for s in services),
        payload_kt=np.array([s.payload_t_per_departure for s in services]) * weeks / T_PER_KT,
        departure_cost=np.array([s.cost_cny_per_departure for s in services])
        * weeks
        / CNY_PER_MCNY,
        empty_cost=np.array([s.empty_cost_cny_per_departure for s in services])
        * weeks
        / CNY_PER_MCNY,
        least=np.array([s.least_per_week for s in services], dtype=np.int64),
        most=np.array([s.most_per_week for s in services], dtype=np.int64),
        available=np.array(
            [[year >= s.earliest_stage for year in stages] for s in services], dtype=bool
        ).reshape(len(services), len(stages)),
        legs=tuple(legs),
        leg_service=np.array([number[leg[0]] for leg in legs], dtype=np.int64),
        vehicle_terminals=tuple(terminals),
        balance=csr_matrix(balance),
    )


def ends(service: Service) -> tuple[str, str]:
    """Return the first and the last stop of a service."""
    return service.path[0], service.path[-1]


def functions(instance: Instance, site: str) -> set[Function]:
    """Return what a site can do: its handling rows, transfer and charging if a module adds."""
    handled = {row.function for row in instance.handling if row.site == site}
    moved = {
        row.function
        for row in instance.capacities
        if row.site == site and row.function in NOT_HANDLING
    }
    return handled | moved
