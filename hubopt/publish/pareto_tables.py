"""The table of a curve of cost against CO2e: a row for each point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.spread import Sheet
from hubopt.study.movement import shares
from hubopt.study.pareto_marks import marked
from hubopt.study.pareto_words import sentences
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY, KG_PER_T
from hubopt.vocabulary import CostTerm, Mode

if TYPE_CHECKING:
    from hubopt.publish.spread import Cell
    from hubopt.study.outcome import Outcome
    from hubopt.study.pareto import Curve
    from hubopt.study.pareto_marks import Marked

PERCENT = 100.0
NAME = "pareto"
YES_NO = {True: "yes", False: "no"}

OF_PLANS = (
    "cost_mcny", "gap_percent", "unserved_t_per_year", "sites_open", "sites",
    *(f"tkm_share_{mode}_percent" for mode in Mode),
    *(f"departures_{mode}_per_week" for mode in Mode),
    *(f"{term}_mcny" for term in CostTerm),
)  # fmt: skip
"""Columns that a point without a plan leaves blank."""


def sheet(curve: Curve) -> Sheet:
    """Return the points as a table: costs are present values, amounts a year means over years."""
    stages = [stage.year for stage in curve.instance.settings.stages]
    columns = (
        "point", "share_of_the_way", "status", "mark", "co2e_t_per_year", "abatement_cny_per_t",
        "step_within_gaps", *OF_PLANS, *(f"co2e_{year}_t" for year in stages),
        *(f"cap_{year}_t" for year in stages), "plan",
    )  # fmt: skip
    rows = tuple(row(number, one, stages) for number, one in enumerate(marked(curve), start=1))
    return Sheet(NAME, columns, rows)


def row(number: int, one: Marked, stages: list[int]) -> tuple[Cell, ...]:
    """Return a point as cells."""
    point, found = one.point, one.point.outcome
    head = (number, point.share, "no_plan" if found is None else found.status, one.mark.value)
    caps = [point.caps_t.get(year) for year in stages]
    if found is None:
        return (*head, *[None] * (3 + len(OF_PLANS) + len(stages)), *caps, "")
    emitted = [point.co2e_kg[year] / KG_PER_T for year in stages]
    unsure = None if one.abatement is None else YES_NO[one.unsure]
    return (
        *head, one.co2e_t, one.abatement, unsure, *of_plan(found), *emitted, *caps, point.file,
    )  # fmt: skip


def of_plan(found: Outcome) -> tuple[Cell, ...]:
    """Return the figures of a plan; sites are those that stand in any stage."""
    sites, modes = sorted(found.sites or {}), shares(found)
    weekly, terms = found.departures_per_week or {}, found.terms_cny or {}
    gap = None if found.gap_fen is None else PERCENT * found.gap_fen / max(found.cost_fen, 1)
    return (
        found.cost_fen / FEN_PER_CNY / CNY_PER_MCNY, gap, found.unserved_t, len(sites),
        " ".join(sites), *(PERCENT * modes.get(mode, 0.0) for mode in Mode),
        *(weekly.get(mode, 0.0) for mode in Mode),
        *(terms.get(term, 0.0) / CNY_PER_MCNY for term in CostTerm),
    )  # fmt: skip


def record(curve: Curve) -> dict[str, object]:
    """Return the curve as plain values: the table, and the sentences in both languages."""
    table = sheet(curve)
    told = list(sentences(curve))
    return {
        "instance": curve.instance.settings.name,
        "stages_capped": list(curve.years),
        "points_asked": curve.ask.points,
        "points": [dict(zip(table.columns, cells, strict=True)) for cells in table.rows],
        "sentences_en": [text.en for text in told],
        "sentences_zh": [text.zh for text in told],
    }
