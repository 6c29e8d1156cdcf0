"""What moves between the plan of the base and that of a run: pure arithmetic on two outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.study.outcome import Outcome


class Change(StrEnum):
    """What happens to a site in one stage, against the base."""

    OPENED = "opened"
    DROPPED = "dropped"
    LARGER = "more_modules"
    SMALLER = "fewer_modules"
    OTHER_SIZE = "other_modules"


FLIPS = frozenset({Change.OPENED, Change.DROPPED})
"""Changes of whether a site stands; the others are of its size."""


@dataclass(frozen=True, slots=True)
class SiteChange:
    """One site in one stage whose modules differ from the base."""

    site: str
    stage: int
    change: Change


@dataclass(frozen=True, slots=True)
class Movement:
    """What a run says less what the base says; shares are of 1, money in CNY of present value.

    `indifferent` says that the plan of the base is as good here as far as is proved, so that what
    changes about sites does not follow from the number that was varied.
    """

    cost_cny: float
    cost_share: float
    terms_cny: Mapping[str, float]
    unserved_t: float
    co2e_t: float
    mode_shares: Mapping[str, float]
    departures_per_week: Mapping[str, float]
    sites: tuple[SiteChange, ...]
    indifferent: bool

    @property
    def still(self) -> bool:
        """Whether nothing at all moves."""
        numbers = (*self.terms_cny.values(), *self.mode_shares.values())
        more = (self.cost_cny, self.unserved_t, self.co2e_t, *self.departures_per_week.values())
        return not self.sites and not any((*numbers, *more))


def movement(base: Outcome, run: Outcome) -> Movement:
    """Return what moves from the base to a run; both have a plan."""
    cost = (run.cost_fen - base.cost_fen) / 100
    return Movement(
        cost_cny=cost,
        cost_share=cost / (base.cost_fen / 100) if base.cost_fen else 0.0,
        terms_cny=less(run.terms_cny or {}, base.terms_cny or {}),
        unserved_t=run.unserved_t - base.unserved_t,
        co2e_t=run.co2e_t - base.co2e_t,
        mode_shares=less(shares(run), shares(base)),
        departures_per_week=less(run.departures_per_week or {}, base.departures_per_week or {}),
        sites=tuple(site_changes(base, run)),
        indifferent=within_gap(base, run),
    )


def within_gap(base: Outcome, run: Outcome) -> bool:
    """Tell whether what was proved cannot tell the plan of the base from that of the run.

    Either the plan of the base, as it stands, costs no more here than the gap leaves open: at most
    the larger of the two gaps above the bound. Or the two plans differ in cost by less than that.
    """
    gaps = [base.gap_fen, run.gap_fen]
    known = [gap for gap in gaps if gap is not None]
    if len(known) < len(gaps):
        return True  # without a bound nothing is proved
    gap = max(known)
    if run.kept_fen is not None:
        return run.kept_fen - (run.bound_fen or 0) <= gap
    return abs(run.cost_fen - base.cost_fen) <= gap


def shares(outcome: Outcome) -> dict[str, float]:
    """Return each mode's share of the tonne-kilometres."""
    tkm = outcome.tkm or {}
    whole = sum(tkm.values())
    return {mode: part / whole for mode, part in tkm.items()} if whole else {}


def less(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Return the differences by name; what stands on one side alone counts as 0 on the other."""
    names = sorted({*one, *other})
    return {name: one.get(name, 0.0) - other.get(name, 0.0) for name in names}


def site_changes(base: Outcome, run: Outcome) -> Iterator[SiteChange]:
    """Yield sites whose modules differ in a stage, by site and stage."""
    before, after = base.sites or {}, run.sites or {}
    for site in sorted({*before, *after}):
        one, other = before.get(site, {}), after.get(site, {})
        for stage in sorted({*one, *other}):
            change = change_of(one.get(stage, {}), other.get(stage, {}))
            if change is not None:
                yield SiteChange(site, int(stage), change)


def change_of(before: Mapping[str, int], after: Mapping[str, int]) -> Change | None:
    """Return how modules changed, `None` if they are the same."""
    if before == after:
        return None
    if not before or not after:
        return Change.DROPPED if before else Change.OPENED
    more = any(after.get(name, 0) > before.get(name, 0) for name in after)
    fewer = any(after.get(name, 0) < number for name, number in before.items())
    if more and fewer:
        return Change.OTHER_SIZE
    return Change.LARGER if more else Change.SMALLER
