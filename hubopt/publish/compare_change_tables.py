"""Tables of what was changed in the input, and of freight that goes another way, with reasons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.compare_change_words import entries_text, reason_text, way_text
from hubopt.publish.compare_words import place_name, product_name
from hubopt.publish.spread import Sheet
from hubopt.study.compare_inputs import WHOLE_ROW, column_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hubopt.instance.overlay_trace import Origin
    from hubopt.publish.spread import Cell
    from hubopt.study.compare import Comparison
    from hubopt.study.compare_inputs import InputChange
    from hubopt.study.compare_why import Rerouted

DECIMALS = 6
YES_NO = {True: "yes", False: "no"}
JOINT = " | "
"""Stands between the texts of several entries, or reasons, in one cell."""

INPUT_COLUMNS = (
    "result", "scenario", "table", "row", "column", "unit", "what", "before", "after", "factor",
    "entries", "source", "year", "confidence", "note", "edited",
)  # fmt: skip
ROUTE_COLUMNS = (
    "result", "scenario", "stage", "product", "product_en", "product_zh", "origin", "origin_en",
    "origin_zh", "destination", "destination_en", "destination_zh", "moved_t_per_year",
    "share_of_its_kind", "way_before", "way_after", "cause", "reasons", "reasons_en", "reasons_zh",
    "entries",
)  # fmt: skip


def change_sheets(comparison: Comparison) -> tuple[Sheet, ...]:
    """Return the tables of changed inputs and of changed routes."""
    return (
        Sheet("compare_inputs", INPUT_COLUMNS, tuple(input_rows(comparison))),
        Sheet("compare_routes", ROUTE_COLUMNS, tuple(route_rows(comparison))),
    )


def input_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield every cell and row of the input that is not that of the base."""
    for changes in comparison.inputs:
        for change in changes:
            facts = comparison.results[change.number]
            yield (
                change.number + 1, facts.plan.scenario, change.table, change.row, change.column,
                unit_of(change), change.what.value, value_of(change, change.before),
                value_of(change, change.after), change.factor, entries_text(change.origins),
                *told(change.origins), YES_NO[change.edited],
            )  # fmt: skip


def unit_of(change: InputChange) -> str:
    """Return the unit of a changed column; nothing for a whole row."""
    if change.column == WHOLE_ROW:
        return ""
    return column_of(change.table, change.column).unit


def value_of(change: InputChange, value: object) -> Cell:
    """Return a value as a cell: a number as one, all else as in the file, nothing for a blank."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return change.text(value) or None


def told(origins: Sequence[Origin]) -> tuple[str, str, str, str]:
    """Return source, year, confidence and note of entries, each joined where they are several."""
    return (
        both(origin.source for origin in origins),
        both("" if origin.year is None else str(origin.year) for origin in origins),
        both(origin.confidence for origin in origins),
        both(origin.note for origin in origins),
    )


def both(texts: Iterable[str]) -> str:
    """Return texts in one cell, each once."""
    return JOINT.join(text for text in dict.fromkeys(texts) if text)


def route_rows(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    """Yield freight that goes another way than in the base, the most first, with its reasons."""
    for routes in comparison.routes:
        for route in routes:
            yield route_row(comparison, route)


def route_row(comparison: Comparison, route: Rerouted) -> tuple[Cell, ...]:
    """Return freight that goes another way as a row."""
    shift, kind = route.shift, route.shift.kind
    facts, base = comparison.results[shift.number], comparison.base
    goods, start, end = (
        product_name(comparison, kind.product),
        place_name(comparison, kind.origin),
        place_name(comparison, kind.destination),
    )
    words = [reason_text(reason) for reason in route.reasons]
    changes = (reason.change for reason in route.reasons)
    origins = (origin for change in changes if change is not None for origin in change.origins)
    return (
        shift.number + 1, facts.plan.scenario, kind.stage, kind.product, goods.en, goods.zh,
        kind.origin, start.en, start.zh, kind.destination, end.en, end.zh,
        round(shift.tonnes, DECIMALS), round(shift.share, DECIMALS),
        way_text(base.instance, shift.before), way_text(facts.instance, shift.after),
        route.cause.value, "|".join(dict.fromkeys(reason.why.value for reason in route.reasons)),
        JOINT.join(word.en for word in words), JOINT.join(word.zh for word in words),
        both(entries_text([origin]) for origin in origins),
    )  # fmt: skip


def records(sheet: Sheet) -> list[dict[str, Cell]]:
    """Return the rows of a table as plain values by column, for JSON."""
    return [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
