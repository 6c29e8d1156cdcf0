"""Limits on sites as numbers: how many at most, how many at least, and cities within reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.road_hours import road_hours, roads_at_home
from hubopt.problem.fixed import functions
from hubopt.vocabulary import LimitKind, PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Instance, Limit

Counted = tuple[tuple[int, tuple[int, ...], int], ...]
"""(stage, sites counted, number) for each limit."""

SURELY_WITHIN_H = 1e-9
"""Sums of hours in floats may differ from the exact ones by this much."""


def sites_counted(instance: Instance, stages: tuple[int, ...], kind: LimitKind) -> Counted:
    """Return (stage, sites counted, number) for each limit of a kind on the number of sites."""
    return tuple(
        (stages.index(limit.stage), counted(instance, limit), int(limit.value))
        for limit in instance.limits_in_force
        if limit.kind is kind
    )


def counted(instance: Instance, limit: Limit) -> tuple[int, ...]:
    """Return the sites that a limit counts: by function and by where they stand."""
    places = instance.counted_places(limit)
    return tuple(
        here
        for here, site in enumerate(instance.sites)
        if site.place in places
        and (limit.function is None or limit.function in functions(instance, site.id))
    )


def coverage(
    instance: Instance, stages: tuple[int, ...]
) -> tuple[tuple[int, str, tuple[int, ...], int], ...]:
    """Return (stage, city, sites within reach, number) for each city that must be covered."""
    return tuple(
        row
        for limit in instance.limits_in_force
        if limit.kind is LimitKind.COVERAGE
        for row in covered_by(instance, limit, stages.index(limit.stage))
    )


def covered_by(
    instance: Instance, limit: Limit, stage: int
) -> Iterator[tuple[int, str, tuple[int, ...], int]]:
    """Yield the cities of one limit with the sites that reach them in time."""
    within = float("inf") if limit.hours is None else limit.hours + SURELY_WITHIN_H
    sites = [
        here
        for here, site in enumerate(instance.sites)
        if limit.function is None or limit.function in functions(instance, site.id)
    ]
    home = frozenset(
        place.id for place in instance.places if place.country == instance.settings.home_country
    )
    roads = roads_at_home(instance.links, home)
    hours = {here: road_hours(roads, instance.sites[here].place) for here in sites}
    places = instance.counted_places(limit)
    for place in instance.places:
        if place.kind is PlaceKind.CITY and place.id in places & home:
            near = tuple(h for h in sites if hours[h].get(place.id, float("inf")) <= within)
            yield stage, place.id, near, int(limit.value)
