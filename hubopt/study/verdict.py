"""What a study says of each site: what is firm, and on which numbers the rest depends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hubopt.study.movement import FLIPS, movement
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from hubopt.study.movement import Movement
    from hubopt.study.sensitivity import Run, Study


class Verdict(StrEnum):
    """What can be said of whether and when a site opens."""

    GIVEN = "given"
    FIRM = "firm"
    NEVER = "never"
    UNSOURCED = "rests_on_unsourced_numbers"
    SOURCED = "rests_on_sourced_numbers"
    INDIFFERENT = "indifferent"


@dataclass(frozen=True, slots=True)
class SiteVerdict:
    """One site: since when it stands in the base, in what share of runs it stands, and why.

    `unsourced` and `sourced` name the parameters that flip it, `indifferent` those under which it
    flips within the proved gap alone, `resized` those that change its modules and nothing else.
    """

    site: str
    verdict: Verdict
    since: int | None
    share_standing: float | None
    unsourced: tuple[str, ...]
    sourced: tuple[str, ...]
    indifferent: tuple[str, ...]
    resized: tuple[str, ...]


def movements(study: Study) -> list[tuple[Run, Movement]]:
    """Return what moves in each run that has a plan."""
    return [(run, movement(study.base, run.outcome)) for run in study.solved]


def verdicts(study: Study) -> list[SiteVerdict]:
    """Return what the runs that were made say of every site, in the order of the instance.

    A site changes where it opens or is missing in any stage; one that opens later changes too.
    """
    moved = movements(study)
    return [verdict_of(study, site.id, moved) for site in study.instance.sites]


def verdict_of(study: Study, site: str, moved: list[tuple[Run, Movement]]) -> SiteVerdict:
    """Return what the runs say of one site."""
    flips: dict[bool, list[Run]] = {True: [], False: []}
    resized: list[Run] = []
    for run, what in moved:
        changes = {change.change for change in what.sites if change.site == site}
        if changes & FLIPS:
            flips[what.indifferent].append(run)
        elif changes:
            resized.append(run)
    unsourced = names([run for run in flips[False] if not run.parameter.sourced])
    sourced = names([run for run in flips[False] if run.parameter.sourced])
    stages = (study.base.sites or {}).get(site, {})
    stands = [site in (run.outcome.sites or {}) for run, _ in moved]
    given = study.instance.site[site].status is not SiteStatus.CANDIDATE
    return SiteVerdict(
        site,
        Verdict.GIVEN if given and not flips[False] else word(
            stands=bool(stages), unsourced=bool(unsourced), sourced=bool(sourced),
            indifferent=bool(flips[True]),
        ),
        min((int(year) for year in stages), default=None),
        sum(stands) / len(stands) if stands else None,
        unsourced,
        sourced,
        names(flips[True]),
        names(resized),
    )  # fmt: skip


def word(*, stands: bool, unsourced: bool, sourced: bool, indifferent: bool) -> Verdict:
    """Return the verdict on a site that may be built."""
    if unsourced:
        return Verdict.UNSOURCED
    if sourced:
        return Verdict.SOURCED
    if indifferent:
        return Verdict.INDIFFERENT
    return Verdict.FIRM if stands else Verdict.NEVER


def names(runs: list[Run]) -> tuple[str, ...]:
    """Return the parameters of runs, each once."""
    return tuple(dict.fromkeys(run.parameter.id for run in runs))
