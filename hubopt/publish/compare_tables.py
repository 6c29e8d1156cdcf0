"""A comparison as tables, one row for each figure of each result, and as one record for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.compare_change_tables import change_sheets, records
from hubopt.publish.compare_sides import side_sheets
from hubopt.publish.compare_words import (
    TOPICS,
    item_name,
    limit_text,
    modules,
    rounded,
    site_name,
    tidy,
    unit_of,
)
from hubopt.publish.spread import Sheet
from hubopt.study.compare_price import prices
from hubopt.units import FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.publish.spread import Cell
    from hubopt.study.compare import Comparison, Line
    from hubopt.study.compare_facts import Facts
    from hubopt.study.compare_price import Part, Price

DECIMALS = 6
YES_NO = {True: "yes", False: "no"}

LINE_COLUMNS = (
    "topic", "topic_en", "topic_zh", "stage", "item", "name_en", "name_zh", "unit", "result",
    "base", "value", "difference", "difference_percent", "within_gaps",
)  # fmt: skip
RESULT_COLUMNS = (
    "result", "folder", "instance", "scenario", "status", "cost_cny", "bound_cny", "gap",
    "gap_cny", "policies",
)  # fmt: skip
SITE_COLUMNS = ("result", "stage", "site", "name_en", "name_zh", "change", "base", "here")
PRICE_COLUMNS = (
    "result", "stage", "cost_cny", "cost_percent", "hours", "co2e_t", "unserved_t", "within_gaps",
    "proved_least_cny", "proved_most_cny", "switched_on", "switched_off", "differs_besides",
)  # fmt: skip
PERCENT = 100.0


def sheets(comparison: Comparison) -> tuple[Sheet, ...]:
    """Return all tables of a comparison."""
    return (
        Sheet("compare", LINE_COLUMNS, tuple(line_rows(comparison))),
        Sheet("compare_results", RESULT_COLUMNS, tuple(result_rows(comparison))),
        Sheet("compare_sites", SITE_COLUMNS, tuple(site_rows(comparison))),
        Sheet("compare_price", PRICE_COLUMNS, tuple(price_rows(comparison))),
        *change_sheets(comparison),
        *side_sheets(comparison),
    )


def line_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield every figure of every result beside that of the base; stage is blank for all."""
    for line in comparison.lines:
        key, topic = line.key, TOPICS[line.key.topic]
        name = item_name(comparison, key)
        head = (
            key.topic.value, topic.en, topic.zh, key.stage or None, key.item, name.en, name.zh,
            unit_of(key),
        )  # fmt: skip
        base = tidy(line, line.values[0])
        for number, value in list(enumerate(line.values))[1:]:
            change = tidy(line, line.change(number))
            percent = PERCENT * change / base if change is not None and base else None
            within = YES_NO[comparison.within_gaps(line, number)]
            yield (*head, number + 1, base, tidy(line, value), change, percent, within)


def result_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield one row for each result."""
    for number, facts in enumerate(comparison.results, start=1):
        row = result_record(facts)
        policies = "|".join(sorted(facts.instance.settings.policies))
        yield (number, *(row[column] for column in RESULT_COLUMNS[1:-1]), policies)


def result_record(facts: Facts) -> dict[str, Cell]:
    """Return which result it is, how its solve ended, and what was proved."""
    outcome = facts.outcome
    return {
        "folder": facts.label,
        "instance": facts.plan.instance,
        "scenario": facts.plan.scenario,
        "status": outcome.status,
        "cost_cny": outcome.cost_fen / FEN_PER_CNY,
        "bound_cny": None if outcome.bound_fen is None else outcome.bound_fen / FEN_PER_CNY,
        "gap": facts.plan.gap,
        "gap_cny": None if outcome.gap_fen is None else outcome.gap_fen / FEN_PER_CNY,
    }


def site_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield every site whose modules differ from the base in a stage."""
    for number in range(1, len(comparison.results)):
        for change in comparison.site_changes(number):
            name = site_name(comparison, change.site)
            sides = (modules(comparison.results[n], change.site, change.stage) for n in (0, number))
            yield (
                number + 1, change.stage, change.site, name.en, name.zh, change.change.value,
                *sides,
            )  # fmt: skip


def price_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield what each policy costs, of the whole plan and stage by stage."""
    for price in prices(comparison):
        for part in price.parts:
            row = part_record(part)
            proved = price.proved_cny if part.stage == 0 and price.proved_cny else (None, None)
            yield (
                price.number + 1, row["stage"], row["cost_cny"], row["cost_percent"],
                row["hours"], row["co2e_t"], row["unserved_t"], YES_NO[part.within_gaps], *proved,
                "|".join(price.switched_on), "|".join(price.switched_off),
                "|".join(price.elsewhere),
            )  # fmt: skip


def part_record(part: Part) -> dict[str, int | float | None]:
    """Return a part of a price as plain values; the stage is `None` for the whole plan."""
    share = part.cost_share
    return {
        "stage": part.stage or None,
        "cost_cny": round(part.cost_cny, 2),
        "cost_percent": None if share is None else round(PERCENT * share, DECIMALS),
        "hours": rounded(part.hours),
        "co2e_t": rounded(part.co2e_t),
        "unserved_t": rounded(part.unserved_t),
    }


def as_record(comparison: Comparison, tables: Sequence[Sheet] = ()) -> dict[str, object]:
    """Return everything as plain values, for JSON; `tables` are its sheets if they are made."""
    found = {sheet.name: sheet for sheet in tables or sheets(comparison)}
    return {
        "results": [
            {**result_record(facts), "policies": sorted(facts.instance.settings.policies)}
            for facts in comparison.results
        ],
        "prices": [price_record(price) for price in prices(comparison)],
        "lines": [line_record(comparison, line) for line in comparison.lines],
        **{
            name: records(found[f"compare_{name}"])
            for name in ("sites", "inputs", "routes", "all_sites", "services")
        },
    }


def line_record(comparison: Comparison, line: Line) -> dict[str, object]:
    """Return a figure of all results, with the differences of all but the base."""
    name, others = item_name(comparison, line.key), range(1, len(line.values))
    return {
        "topic": line.key.topic.value,
        "stage": line.key.stage or None,
        "item": line.key.item,
        "name_en": name.en,
        "name_zh": name.zh,
        "unit": unit_of(line.key),
        "values": [tidy(line, value) for value in line.values],
        "differences": [tidy(line, line.change(number)) for number in others],
        "within_gaps": [comparison.within_gaps(line, number) for number in others],
    }


def price_record(price: Price) -> dict[str, object]:
    """Return the price of a policy."""
    return {
        "result": price.number + 1,
        "switched_on": list(price.switched_on),
        "switched_off": list(price.switched_off),
        "added": [limit_text(limit) for limit in price.added],
        "lifted": [limit_text(limit) for limit in price.lifted],
        "differs_besides": list(price.elsewhere),
        "proved_cny": None if price.proved_cny is None else list(price.proved_cny),
        "parts": [{**part_record(p), "within_gaps": p.within_gaps} for p in price.parts],
    }
