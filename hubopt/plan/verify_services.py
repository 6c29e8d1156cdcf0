"""Rules of services: departures within their limits, and as many vehicles out as in."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
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
            runs = stage.year >= service.earliest_stage
            least = service.least_per_week if runs else 0
            most = service.most_per_week if runs else 0
            number, where = plan.departures_per_week, f"{service.id} {stage.year}"
            found = f"between {least} and {most} a week"
            holds = least <= number <= most
            book.note("departure_limits", where, holds=holds, said=number, found=found)
            if not runs:
                empty = plan.empty_per_week
                book.note("departure_limits", where, holds=empty == 0, said=empty, found="not yet")
            total = number + plan.empty_per_week
            leaving[service.vehicle_class, service.path[0]] += total
            arriving[service.vehicle_class, service.path[-1]] += total
        for vehicle, place in sorted(leaving.keys() | arriving.keys()):
            out, back = leaving[vehicle, place], arriving[vehicle, place]
            where = f"{vehicle} at {place} {stage.year}"
            said = f"{out} leaving"
            found = f"{back} arriving"
            book.note("vehicle_balance", where, holds=out == back, said=said, found=found)
