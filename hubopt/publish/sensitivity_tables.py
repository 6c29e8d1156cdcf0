"""The tables of a sensitivity study: a row for each run, for each site, and for each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.spread import Sheet
from hubopt.study.movement import FLIPS, Change
from hubopt.study.verdict import movements, verdicts
from hubopt.units import CNY_PER_MCNY, mcny
from hubopt.vocabulary import CostTerm, Mode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.publish.spread import Cell
    from hubopt.study.movement import Movement
    from hubopt.study.outcome import Outcome
    from hubopt.study.sensitivity import Run, Study

PERCENT = 100.0
YES_NO = {True: "yes", False: "no"}

RUN_COLUMNS = (
    "parameter", "name_en", "name_zh", "confidence", "source", "level", "status", "cost_mcny",
    "gap_percent", "cost_change_mcny", "cost_change_percent", "base_plan_here_mcny",
    "base_plan_as_good", "sites_opened", "sites_dropped", "sites_of_other_size",
    "unserved_change_t_per_year", "co2e_change_t_per_year",
    *(f"tkm_share_{mode}_change_points" for mode in Mode),
    *(f"departures_{mode}_change_per_week" for mode in Mode),
    *(f"{term}_change_mcny" for term in CostTerm),
)  # fmt: skip
SITE_COLUMNS = (
    "site", "name_en", "name_zh", "place", "verdict", "stands_since", "share_of_runs_standing",
    "runs", "rests_on_unsourced", "rests_on_sourced", "indifferent_under", "other_size_under",
)  # fmt: skip
CHANGE_COLUMNS = (
    "site", "name_en", "name_zh", "stage", "change", "parameter", "level", "judged", "source",
)  # fmt: skip


def sheets(study: Study) -> tuple[Sheet, ...]:
    """Return all tables of a study."""
    return sensitivity(study), sites(study), site_changes(study)


def sensitivity(study: Study) -> Sheet:
    """Return one row for the base and one for each run."""
    moved = {id(run): what for run, what in movements(study)}
    base = ("base", "base", "基准", "", "", "", *figures(study.base), *[None] * NOT_FIGURES)
    rows = [run_row(run, moved.get(id(run))) for run in study.runs]
    return Sheet("sensitivity", RUN_COLUMNS, (base, *rows))


NOT_FIGURES = len(RUN_COLUMNS) - 9
"""Columns of a run that say what moves."""


def figures(outcome: Outcome) -> tuple[Cell, ...]:
    """Return status, cost and gap."""
    if not outcome.solved:
        return outcome.status, None, None
    gap = None if outcome.gap_fen is None else PERCENT * outcome.gap_fen / max(outcome.cost_fen, 1)
    return outcome.status, mcny(outcome.cost_fen), gap


def run_row(run: Run, what: Movement | None) -> tuple[Cell, ...]:
    """Return the row of one run; without a plan nothing is said to move."""
    asked = run.parameter
    head = (
        asked.id, asked.name.en, asked.name.zh, asked.confidence, asked.source, run.level,
        *figures(run.outcome),
    )  # fmt: skip
    if what is None:
        return (*head, *[None] * NOT_FIGURES)
    kept = run.outcome.kept_fen
    return (
        *head,
        what.cost_cny / CNY_PER_MCNY,
        PERCENT * what.cost_share,
        None if kept is None else mcny(kept),
        YES_NO[what.indifferent],
        changed(what, {Change.OPENED}),
        changed(what, {Change.DROPPED}),
        changed(what, set(Change) - FLIPS),
        what.unserved_t,
        what.co2e_t,
        *(PERCENT * what.mode_shares.get(mode, 0.0) for mode in Mode),
        *(what.departures_per_week.get(mode, 0.0) for mode in Mode),
        *(what.terms_cny.get(term, 0.0) / CNY_PER_MCNY for term in CostTerm),
    )


def changed(what: Movement, kinds: Iterable[Change]) -> str:
    """Return the sites that change in one of the ways, each once."""
    wanted = set(kinds)
    return " ".join(dict.fromkeys(c.site for c in what.sites if c.change in wanted))


def sites(study: Study) -> Sheet:
    """Return one row for each site: its verdict, and the numbers that it rests on."""
    rows = []
    for row in verdicts(study):
        site = study.instance.site[row.site]
        rows.append((
            site.id, site.name_en, site.name_zh, site.place, row.verdict.value, row.since,
            row.share_standing, len(study.solved), " ".join(row.unsourced),
            " ".join(row.sourced), " ".join(row.indifferent), " ".join(row.resized),
        ))  # fmt: skip
    return Sheet("sites", SITE_COLUMNS, tuple(rows))


def site_changes(study: Study) -> Sheet:
    """Return one row for each site that changes in a stage of a run."""
    rows: list[tuple[Cell, ...]] = []
    for run, what in movements(study):
        for change in what.sites:
            site = study.instance.site[change.site]
            rows.append((
                site.id, site.name_en, site.name_zh, change.stage, change.change.value,
                run.parameter.id, run.level, "indifferent" if what.indifferent else "moved",
                run.parameter.source,
            ))  # fmt: skip
    rows.sort(key=lambda row: tuple(str(cell) for cell in row))
    return Sheet("site_changes", CHANGE_COLUMNS, tuple(rows))
