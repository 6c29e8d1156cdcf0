"""How far each capacity of the plan is used at its peak: sites, links, transfers and services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.publish.figures import Figures


@dataclass(frozen=True, slots=True)
class Use:
    """One capacity in one stage: what is taken of it, in kg a year, and its size in t a year."""

    stage: int
    kind: str
    where: str
    what: str
    mode: str
    service: str
    kg: int
    capacity_t: float


def use_rows(figures: Figures) -> Iterator[Use]:
    """Yield the use of every limited capacity, stage by stage."""
    for stage in figures.stages:
        yield from of_sites(figures, stage)
        yield from of_links(figures, stage)
        yield from of_transfers(figures, stage)
        yield from of_services(figures, stage)


def of_sites(figures: Figures, stage: int) -> Iterator[Use]:
    """Yield the use of each function of each site that stands."""
    pools = sorted({(row.site, row.function) for row in figures.instance.capacities})
    for site, function in pools:
        capacity = figures.pool_t(stage, site, function)
        if capacity:
            kg = figures.taken.get((("pool", site, function), stage), 0)
            yield Use(stage, "site", site, Function(function).value, "", "", kg, capacity)


def of_links(figures: Figures, stage: int) -> Iterator[Use]:
    """Yield the use of each limited link, both directions together."""
    for number, link in enumerate(figures.instance.links):
        if link.capacity_t_per_year is not None:
            yield Use(
                stage,
                "link",
                link.from_place,
                link.to_place,
                link.mode.value,
                "",
                figures.taken.get((("link", number), stage), 0),
                link.capacity_t_per_year,
            )


def of_transfers(figures: Figures, stage: int) -> Iterator[Use]:
    """Yield the use of each limited change of mode, both directions together."""
    for number, row in enumerate(figures.instance.transfers):
        if row.capacity_t_per_year is not None:
            modes = f"{row.from_mode.value}>{row.to_mode.value}"
            yield Use(
                stage,
                "transfer",
                row.place,
                Function.TRANSFER.value,
                modes,
                "",
                figures.taken.get((("transfer", number), stage), 0),
                row.capacity_t_per_year,
            )


def of_services(figures: Figures, stage: int) -> Iterator[Use]:
    """Yield the use of each leg of each service that runs."""
    for row in figures.service_plans:
        if row.stage == stage and row.departures_per_week:
            service = figures.instance.service[row.service]
            for a, b in zip(service.path[:-1], service.path[1:], strict=True):
                kg = figures.service_legs.get((stage, service.id, a, b), 0)
                yield Use(
                    stage,
                    "service_leg",
                    a,
                    b,
                    service.mode.value,
                    service.id,
                    kg,
                    figures.service_t(row),
                )
