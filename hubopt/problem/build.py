"""From an instance and its listed routes to arrays: scaled to kt and million CNY, no big-M."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from hubopt.network.graph import Network
from hubopt.problem.columns import Columns, Use
from hubopt.problem.fixed import service_numbers, site_numbers, sites_at_most
from hubopt.problem.problem import OpeningLinks, Problem
from hubopt.units import CNY_PER_MCNY, T_PER_KT, exact, present_value_weight
from hubopt.vocabulary import LimitKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.instance.tables import Instance
    from hubopt.network.routes import RouteList
    from hubopt.problem.problem import Floats, Ints, ServiceNumbers, SiteNumbers

MCNY_PER_KT = T_PER_KT / CNY_PER_MCNY
"""1 CNY per tonne in million CNY per kilotonne."""


def build_problem(instance: Instance, listed: RouteList) -> Problem:
    """Return the problem of an instance over the routes listed."""
    settings = instance.settings
    stages = tuple(stage.year for stage in settings.stages)
    rate = exact(settings.discount_rate)
    weights = [
        float(present_value_weight(rate, stage.year, stage.years, settings.base_year))
        for stage in settings.stages
    ]
    sites, services = site_numbers(instance), service_numbers(instance)
    columns = Columns(Network(instance))
    shipment_number = {shipment.id: here for here, shipment in enumerate(instance.demand)}
    owner = np.array([shipment_number[r.shipment] for r in listed.routes], dtype=np.int64)
    stage_of = np.array([stages.index(s.stage) for s in instance.demand], dtype=np.int64)
    priced = [columns.terms(instance.shipment[r.shipment], r.steps) for r in listed.routes]
    terms = np.array([p[0] for p in priced]).reshape(len(priced), -1) * MCNY_PER_KT
    uses = [columns.used(r.steps) for r in listed.routes]
    incidence = Incidence(uses, stage_of[owner] if len(owner) else owner, len(stages))
    links = [n for n, row in enumerate(instance.links) if row.capacity_t_per_year is not None]
    changes = [n for n, row in enumerate(instance.transfers) if row.capacity_t_per_year is not None]
    demand_kt = np.array([s.demand_t_per_year for s in instance.demand]) / T_PER_KT
    return Problem(
        name=settings.name,
        stages=stages,
        weights=np.array(weights),
        shipment_ids=tuple(s.id for s in instance.demand),
        shipment_stage=stage_of,
        demand_kt=demand_kt,
        unserved_cost=np.array(
            [instance.product[s.product].unserved_cost_cny_per_t for s in instance.demand]
        )
        * MCNY_PER_KT,
        column_shipment=owner,
        column_steps=tuple(r.steps for r in listed.routes),
        column_cost=terms.sum(axis=1) if len(priced) else np.zeros(0),
        column_terms=terms,
        column_time_h=np.array([p[1] for p in priced]),
        column_wtw_kg_per_t=np.array([p[2] for p in priced]),
        column_ttw_kg_per_t=np.array([p[3] for p in priced]),
        demand_use=csr_matrix(
            (np.ones(len(owner)), (owner, np.arange(len(owner)))),
            shape=(len(instance.demand), len(owner)),
        ),
        sites=sites,
        services=services,
        openings=openings(sites, uses, owner, stage_of, demand_kt),
        pool_use=incidence.of([("pool", *pool) for pool in sites.pools]),
        link_names=tuple(link_name(instance, n) for n in links),
        link_capacity_kt=np.array([instance.links[n].capacity_t_per_year for n in links], dtype=float)
        / T_PER_KT,
        link_use=incidence.of([("link", n) for n in links]),
        transfer_names=tuple(transfer_name(instance, n) for n in changes),
        transfer_capacity_kt=np.array(
            [instance.transfers[n].capacity_t_per_year for n in changes], dtype=float
        )
        / T_PER_KT,
        transfer_use=incidence.of([("transfer", n) for n in changes]),
        leg_use=incidence.of([("leg", *leg) for leg in services.legs]),
        budget_mcny=tuple(
            (stages.index(limit.stage), limit.value / CNY_PER_MCNY)
            for limit in instance.limits
            if limit.kind is LimitKind.BUDGET
        ),
        sites_at_most=sites_at_most(instance, stages),
        routes_per_shipment=listed.per_shipment,
        capped=listed.capped,
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
        stage=stage_of[shipments] if len(keys) else shipments,
        limit_kt=np.minimum(demand_kt[shipments], largest[pools]) if len(keys) else np.zeros(0),
    )


def link_name(instance: Instance, row: int) -> str:
    """Return the name of a link in constraints."""
    link = instance.links[row]
    return f"{link.from_place}.{link.to_place}.{link.mode}"


def transfer_name(instance: Instance, row: int) -> str:
    """Return the name of a transfer in constraints."""
    change = instance.transfers[row]
    return f"{change.place}.{change.from_mode}.{change.to_mode}"
