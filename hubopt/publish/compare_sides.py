"""Tables with the results side by side, a row for each thing: figures, sites and services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.compare_words import (
    MARK,
    TOPICS,
    item_name,
    modules,
    place_of_site,
    service_name,
    site_name,
    tidy,
    unit_of,
)
from hubopt.publish.spread import Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.publish.spread import Cell
    from hubopt.study.compare import Comparison
    from hubopt.study.compare_facts import Facts

FIGURE_HEADS = ("topic", "topic_en", "topic_zh", "stage", "item", "name_en", "name_zh", "unit")
SITE_HEADS = ("stage", "site", "name_en", "name_zh", "place")
SERVICE_HEADS = ("stage", "service", "name_en", "name_zh", "mode")


def side_sheets(comparison: Comparison) -> tuple[Sheet, ...]:
    """Return figures, sites and services, each result in columns of its own."""
    numbers = range(1, len(comparison.results) + 1)
    figures = ["value_1"]
    for number in numbers[1:]:
        figures += [f"value_{number}", f"difference_{number}", f"noise_{number}"]
    sites = [f"{column}_{number}" for number in numbers for column in ("outcome", "modules")]
    runs = [f"{column}_{number}" for number in numbers for column in ("per_week", "empty_per_week")]
    return (
        Sheet("compare_figures", (*FIGURE_HEADS, *figures), tuple(figure_rows(comparison))),
        Sheet("compare_all_sites", (*SITE_HEADS, *sites), tuple(site_rows(comparison))),
        Sheet("compare_services", (*SERVICE_HEADS, *runs), tuple(service_rows(comparison))),
    )


def figure_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield every figure with its value in each result and the difference from the base."""
    for line in comparison.lines:
        key, topic = line.key, TOPICS[line.key.topic]
        name = item_name(comparison, key)
        cells: list[Cell] = [tidy(line, line.values[0])]
        for number, value in list(enumerate(line.values))[1:]:
            noise = MARK if comparison.within_gaps(line, number) else None
            cells += [tidy(line, value), tidy(line, line.change(number)), noise]
        yield (
            key.topic.value, topic.en, topic.zh, key.stage or None, key.item, name.en, name.zh,
            unit_of(key), *cells,
        )  # fmt: skip


def site_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield what each result says of every site in every stage."""
    plans = [{(row.stage, row.site): row for row in r.plan.sites} for r in comparison.results]
    for stage, site in sorted({key for plan in plans for key in plan}):
        name = site_name(comparison, site)
        cells: list[Cell] = []
        for facts, plan in zip(comparison.results, plans, strict=True):
            row = plan.get((stage, site))
            cells += [None if row is None else row.outcome.value, modules(facts, site, stage)]
        yield stage, site, name.en, name.zh, place_of_site(comparison, site), *cells


def service_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield how often each service runs in each result and stage, for those that run at all."""
    runs = [running(facts) for facts in comparison.results]
    for stage, service in sorted({key for found in runs for key in found}):
        name, mode = service_name(comparison, service)
        cells = [number for found in runs for number in found.get((stage, service), (0, 0))]
        yield stage, service, name.en, name.zh, mode, *cells


def running(facts: Facts) -> dict[tuple[int, str], tuple[int, int]]:
    """Return loaded departures and empty runs a week of services that run, by stage and id."""
    return {
        (row.stage, row.service): (row.departures_per_week, row.empty_per_week)
        for row in facts.plan.services
        if row.departures_per_week or row.empty_per_week
    }
