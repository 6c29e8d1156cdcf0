"""Marginal values: what one more tonne of capacity saves, and one more tonne of demand costs.

Sites, modules and departures stand as in the plan; the multipliers are those of the LP of flows
that remains (a mixed-integer model has none), turned into CNY per tonne of one year, undiscounted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.model.names import Names, labels
from hubopt.plan.marginal import Marginal, MarginalKind
from hubopt.units import CNY_PER_MCNY, T_PER_KT
from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Problem

    Entry = tuple[str, int, Marginal]
    """Name of a row, its stage number, and what it stands for, without a value yet."""

CNY_PER_T = CNY_PER_MCNY / T_PER_KT
NOTHING = 0.005
"""Below half a fen per tonne a limit does not bind."""


def marginal_values(
    instance: Instance, problem: Problem, prices: Mapping[str, float]
) -> tuple[Marginal, ...]:
    """Return what each binding limit and each shipment is worth at the margin, in CNY per tonne.

    `prices` holds the multipliers of rows by name; a row that is not there has no value.
    """
    found = []
    for name, stage, what in (*of_demand(instance, problem), *of_limits(instance, problem)):
        sign = 1.0 if what.kind is MarginalKind.DEMAND else -1.0
        value = sign * prices.get(name, 0.0) * CNY_PER_T / float(problem.weights[stage])
        if abs(value) > NOTHING:
            found.append(replace(what, cny_per_t=round(value, 2)))
    return tuple(found)


def unvalued(
    kind: MarginalKind, stage: int, where: str, what: str, mode: str = "", service: str = ""
) -> Marginal:
    """Return what a row stands for, without a value yet."""
    return Marginal(kind, stage, where, what, mode, service, 0.0)


def of_demand(instance: Instance, problem: Problem) -> Iterator[Entry]:
    """Yield the rows on demand."""
    for s, label in enumerate(Names(problem).shipments):
        t = int(problem.shipment_stage[s])
        ident = problem.shipment_ids[s]
        product = instance.shipment[ident].product
        what = unvalued(MarginalKind.DEMAND, problem.stages[t], ident, product)
        yield f"demand_met({label})", t, what


def of_limits(instance: Instance, problem: Problem) -> Iterator[Entry]:
    """Yield the rows on capacity: of sites, links, transfers and legs of services."""
    for t, year in enumerate(problem.stages):
        for label, what in (
            *site_functions(problem, year),
            *links(instance, problem, year),
            *transfers(instance, problem, year),
            *service_legs(instance, problem, year),
        ):
            yield label, t, what


def site_functions(problem: Problem, year: int) -> Iterator[tuple[str, Marginal]]:
    """Yield name and meaning of the rows on what sites can handle."""
    for (site, function), label in zip(problem.sites.pools, Names(problem).pools, strict=True):
        what = unvalued(MarginalKind.SITE_FUNCTION, year, site, function)
        yield f"site_capacity({','.join(label)},{year})", what


def links(instance: Instance, problem: Problem, year: int) -> Iterator[tuple[str, Marginal]]:
    """Yield name and meaning of the rows on links."""
    rows = [row for row in instance.links if row.capacity_t_per_year is not None]
    for row, label in zip(rows, labels(problem.link_names), strict=True):
        ends = row.from_place, row.to_place
        what = unvalued(MarginalKind.LINK, year, *ends, row.mode.value)
        yield f"link_capacity({label},{year})", what


def transfers(instance: Instance, problem: Problem, year: int) -> Iterator[tuple[str, Marginal]]:
    """Yield name and meaning of the rows on changes of mode."""
    rows = [row for row in instance.transfers if row.capacity_t_per_year is not None]
    for row, label in zip(rows, labels(problem.transfer_names), strict=True):
        modes = f"{row.from_mode.value}>{row.to_mode.value}"
        what = unvalued(MarginalKind.TRANSFER, year, row.place, Function.TRANSFER.value, modes)
        yield f"transfer_capacity({label},{year})", what


def service_legs(instance: Instance, problem: Problem, year: int) -> Iterator[tuple[str, Marginal]]:
    """Yield name and meaning of the rows on the payload of departures."""
    names, services = Names(problem).services, problem.services
    legs = labels("_".join(leg) for leg in services.legs)
    for n, (service, a, b) in enumerate(services.legs):
        mode = instance.service[service].mode.value
        what = unvalued(MarginalKind.SERVICE_LEG, year, a, b, mode, service)
        yield f"service_capacity({names[services.leg_service[n]]},{legs[n]},{year})", what
