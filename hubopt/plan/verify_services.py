"""Rules of services: departures within their limits, and as many vehicles out as in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.plan import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance, Service
    from hubopt.plan.plan import ServicePlan
    from hubopt.plan.report import Book


def check_services(
    book: Book, instance: Instance, services: Mapping[tuple[str, int], ServicePlan]
) -> None:
    """Check departures and vehicle balance in every stage."""
    for stage in instance.settings.stages:
        leaving: dict[tuple[str, str], int] = defaultdict(int)
        arriving: dict[tuple[str, str], int] = defaultdict(int)
        for service in instance.services:
            plan = services.get((service.id, stage.year))
            if plan is None:
                continue
            check_departures(book, service, plan)
            runs = plan.departures_per_week + plan.empty_per_week
            leaving[service.vehicle_class, service.path[0]] += runs
            arriving[service.vehicle_class, service.path[-1]] += runs
        for vehicle, place in sorted(leaving.keys() | arriving.keys()):
            book.same(
                "vehicle_balance",
                (vehicle, place, stage.year),
                sentences.UNBALANCED,
                said=leaving[vehicle, place],
                found=arriving[vehicle, place],
            )


def check_departures(book: Book, service: Service, plan: ServicePlan) -> None:
    """Check that departures keep their limits, and that nothing runs before the first stage."""
    runs = plan.stage >= service.earliest_stage
    least, most = (service.least_per_week, service.most_per_week) if runs else (0, 0)
    number, empty = plan.departures_per_week, plan.empty_per_week
    where = (service.id, plan.stage)
    book.note(
        "departure_limits",
        where,
        sentences.DEPARTURES,
        holds=least <= number <= most,
        said=number,
        found=f"{least}-{most}",
    )
    if not runs:
        book.note(
            "departure_limits",
            where,
            sentences.EMPTY_TOO_EARLY,
            holds=empty == 0,
            said=empty,
            found=service.earliest_stage,
        )
