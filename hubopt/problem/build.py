"""From an instance and its listed routes to arrays: scaled to kt and million CNY, no big-M."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import csr_matrix, diags_array

from hubopt.plan.pricing import demand_kg
from hubopt.problem.assignments import assignments
from hubopt.problem.columns import Columns, Use
from hubopt.problem.fixed import service_numbers, site_numbers
from hubopt.problem.flow_limits import Listed, flow_limits, least_use
from hubopt.problem.problem import OpeningLinks, Problem
from hubopt.problem.site_limits import coverage, sites_counted
from hubopt.units import CNY_PER_MCNY, KG_PER_KT, T_PER_KT, exact, present_value_weight
from hubopt.vocabulary import FLOW_TERMS, LimitKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.instance.tables import Instance, Link, Settings, Transfer
    from hubopt.network.routes import RouteList
    from hubopt.problem.problem import Floats, Ints, SiteNumbers

MCNY_PER_KT = T_PER_KT / CNY_PER_MCNY
"""1 CNY per tonne in million CNY per kilotonne."""


def build_problem(instance: Instance, listed: RouteList, columns: Columns | None = None) -> Problem:
    """Return the problem of an instance over the routes listed.

    `columns` remembers what routes cost and use from one list of routes to the next.
    """
    settings = instance.settings
    stages = tuple(stage.year for stage in settings.stages)
    sites, services = site_numbers(instance), service_numbers(instance)
    columns = columns or Columns.of(instance)
    shipment_number = {shipment.id: here for here, shipment in enumerate(instance.demand)}
    owner = np.array([shipment_number[r.shipment] for r in listed.routes], dtype=np.int64)
    stage_of = np.array([stages.index(s.stage) for s in instance.demand], dtype=np.int64)
    terms, rest = priced(instance, columns, listed)
    uses = [columns.used(r.steps) for r in listed.routes]
    peak = np.array([instance.product[s.product].peak_factor for s in instance.demand])
    incidence = Incidence(uses, stage_of[owner], len(stages))
    at_peak = diags_array(peak[owner])
    room = np.array([instance.product[s.product].space_factor for s in instance.demand])
    space = (room * peak)[owner]
    links = limited(instance.links)
    changes = limited(instance.transfers)
    demand_kt = np.array([demand_kg(s) for s in instance.demand], dtype=float) / KG_PER_KT
    counted = Listed(columns.network, listed.routes, owner, stage_of, demand_kt, *rest.T[:2])
    limits = limits_of(counted, sites, uses, stages)
    return Problem(
        name=settings.name,
        stages=stages,
        weights=present_values(settings),
        shipment_ids=tuple(s.id for s in instance.demand),
        shipment_stage=stage_of,
        demand_kt=demand_kt,
        unserved_cost=unserved_cost(instance),
        column_shipment=owner,
        column_steps=tuple(r.steps for r in listed.routes),
        column_cost=terms.sum(axis=1),
        column_terms=terms,
        column_time_h=rest[:, 0],
        column_wtw_kg_per_t=rest[:, 1],
        column_ttw_kg_per_t=rest[:, 2],
        demand_use=by_shipment(owner, len(instance.demand)),
        sites=sites,
        services=services,
        openings=openings(sites, uses, owner, stage_of, demand_kt, peak),
        pool_use=incidence.of([("pool", *pool) for pool in sites.pools]) @ at_peak,
        link_names=tuple(link_name(instance, n) for n in links),
        link_capacity_kt=np.array(list(links.values())) / T_PER_KT,
        link_use=incidence.of([("link", n) for n in links]) @ at_peak,
        transfer_names=tuple(transfer_name(instance, n) for n in changes),
        transfer_capacity_kt=np.array(list(changes.values())) / T_PER_KT,
        transfer_use=incidence.of([("transfer", n) for n in changes]) @ at_peak,
        leg_use=incidence.of([("leg", *leg) for leg in services.legs]) @ diags_array(space),
        **limits,
        routes_per_shipment=listed.per_shipment,
        capped=listed.capped,
        left_out=listed.left_out,
        late=listed.late,
        trucks_join=listed.trucks_join,
    )


def present_values(settings: Settings) -> Floats:
    """Return for each stage what a yearly amount of it counts in present value."""
    rate = exact(settings.discount_rate)
    return np.array([
        float(present_value_weight(rate, stage.year, stage.years, settings.base_year))
        for stage in settings.stages
    ])  # fmt: skip


def limits_of(
    listed: Listed,
    sites: SiteNumbers,
    uses: Sequence[Mapping[Use, int]],
    stages: tuple[int, ...],
) -> dict[str, Any]:
    """Return the fields of a problem that hold limits on the whole plan."""
    instance, owner = listed.instance, listed.owner
    return {
        "budget_mcny": budgets(instance, stages),
        "sites_at_most": sites_counted(instance, stages, LimitKind.SITES_AT_MOST),
        "sites_at_least": sites_counted(instance, stages, LimitKind.SITES_AT_LEAST),
        "coverage": coverage(instance, stages),
        "least_use": least_use(instance, sites, uses, listed.stage_of[owner]),
        "assignments": assignments(instance, sites, uses, owner, listed.demand_kt),
        "flow_limits": flow_limits(listed, stages),
    }


def priced(instance: Instance, columns: Columns, listed: RouteList) -> tuple[Floats, Floats]:
    """Return routes x cost terms in million CNY per kt, and routes x (hours, wtw, ttw)."""
    found = [columns.terms(instance.shipment[r.shipment], r.steps) for r in listed.routes]
    terms = np.array([terms for terms, *_ in found]).reshape(len(found), len(FLOW_TERMS))
    rest = np.array([rest for _, *rest in found]).reshape(len(found), 3)
    return terms * MCNY_PER_KT, rest


def unserved_cost(instance: Instance) -> Floats:
    """Return what a kilotonne of each shipment costs that stays behind, in million CNY."""
    prices = [instance.product[s.product].unserved_cost_cny_per_t for s in instance.demand]
    return np.array(prices) * MCNY_PER_KT


def limited(rows: Sequence[Link | Transfer]) -> dict[int, float]:
    """Return tonnes a year by row number, of the rows that have a limit."""
    return {
        here: row.capacity_t_per_year
        for here, row in enumerate(rows)
        if row.capacity_t_per_year is not None
    }


def by_shipment(owner: Ints, shipments: int) -> csr_matrix:
    """Return shipments x columns, 1 where a column serves a shipment."""
    ones = (np.ones(len(owner)), (owner, np.arange(len(owner))))
    return csr_matrix(ones, shape=(shipments, len(owner)))


def budgets(instance: Instance, stages: tuple[int, ...]) -> tuple[tuple[int, float], ...]:
    """Return (stage, million CNY) for every budget."""
    return tuple(
        (stages.index(limit.stage), limit.value / CNY_PER_MCNY)
        for limit in instance.limits_in_force
        if limit.kind is LimitKind.BUDGET
    )


class Incidence:
    """Which column uses which limited thing in which stage."""

    def __init__(self, uses: Sequence[Mapping[Use, int]], stage: Ints, stages: int) -> None:
        self.uses, self.stage, self.stages = uses, stage, stages

    def of(self, keys: Sequence[Use]) -> csr_matrix:
        """Return (thing, stage) x columns with the number of uses."""
        number = {key: here for here, key in enumerate(keys)}
        rows, columns, times = [], [], []
        for column, used in enumerate(self.uses):
            for key, count in used.items():
                if key in number:
                    rows.append(number[key] * self.stages + int(self.stage[column]))
                    columns.append(column)
                    times.append(float(count))
        shape = (len(keys) * self.stages, len(self.uses))
        return csr_matrix((times, (rows, columns)), shape=shape)


def openings(
    sites: SiteNumbers,
    uses: Sequence[Mapping[Use, int]],
    owner: Ints,
    stage_of: Ints,
    demand_kt: Floats,
    peak: Floats,
) -> OpeningLinks:
    """Return one row for each shipment and pool that is not sure to be open in its stage."""
    number = {pool: here for here, pool in enumerate(sites.pools)}
    largest = np.array(
        [
            np.nansum(np.where(sites.module_most > 0, cap * sites.module_most, 0.0))
            for cap in np.nan_to_num(sites.pool_module_capacity, posinf=1e300)
        ]
    )
    rows: dict[tuple[int, int], list[int]] = {}
    for column, used in enumerate(uses):
        shipment = int(owner[column])
        for key in used:
            if key[0] == "pool":
                pool = number[str(key[1]), str(key[2])]
                if not sites.always_open[sites.pool_site[pool], stage_of[shipment]]:
                    rows.setdefault((shipment, pool), []).append(column)
    keys = sorted(rows)
    filled = list(itertools.chain.from_iterable(rows[key] for key in keys))
    starts = np.cumsum([0, *(len(rows[key]) for key in keys)])
    shipments = np.array([key[0] for key in keys], dtype=np.int64)
    pools = np.array([key[1] for key in keys], dtype=np.int64)
    return OpeningLinks(
        use=csr_matrix((np.ones(len(filled)), filled, starts), shape=(len(keys), len(uses))),
        shipment=shipments,
        pool=pools,
        stage=stage_of[shipments] if keys else shipments,
        limit_kt=np.minimum(demand_kt[shipments], largest[pools] / peak[shipments])
        if keys
        else np.zeros(0),
    )


def link_name(instance: Instance, row: int) -> str:
    """Return the name of a link in constraints."""
    link = instance.links[row]
    return f"{link.from_place}.{link.to_place}.{link.mode}"


def transfer_name(instance: Instance, row: int) -> str:
    """Return the name of a transfer in constraints."""
    change = instance.transfers[row]
    return f"{change.place}.{change.from_mode}.{change.to_mode}"
