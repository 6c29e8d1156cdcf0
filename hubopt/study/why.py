"""Why a site stands or does not: the instance solved anew with the site standing otherwise.

What stands is closed, or opened later; what was not chosen is required, from each stage in turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.errors import InfeasibleError, InputError, InterruptedSolve, NoPlanError
from hubopt.solve.answer import answer
from hubopt.solve.labelled import Labelled
from hubopt.study.movement import movement
from hubopt.study.outcome import outcome_of
from hubopt.study.why_costs import (
    Option,
    cheaper_before_it_comes,
    dearer_before_it_goes,
    site_cost,
    years_from,
)
from hubopt.study.why_freight import shifts
from hubopt.study.why_way import Way, stands_since, ways
from hubopt.text import Language, Text
from hubopt.units import FEN_PER_CNY
from hubopt.vocabulary import SiteStatus, Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Question, Watcher
    from hubopt.study.movement import Movement
    from hubopt.study.outcome import Outcome
    from hubopt.study.why_costs import SiteCost, Threshold
    from hubopt.study.why_freight import Shift


@dataclass(frozen=True, slots=True)
class Alternative:
    """What a way comes to: its verified plan beside the one explained, or why there is none.

    `cost` is what the site costs in that plan. Without a plan `impossible` says whether it is
    proved that there can be none.
    """

    way: Way
    outcome: Outcome | None = None
    moved: Movement | None = None
    cost: SiteCost | None = None
    shifts: tuple[Shift, ...] = ()
    why: Text | None = None
    impossible: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A site in a plan: since when it stands, at what cost, how else it could, what was tried.

    `since` is `None` where the site never stands.
    """

    instance: Instance
    site: str
    since: int | None
    base: Outcome
    cost: SiteCost
    ways: tuple[Way, ...]
    alternatives: tuple[Alternative, ...] = ()

    @property
    def first(self) -> Alternative | None:
        """The alternative that was tried first, `None` if a stop came before."""
        return self.alternatives[0] if self.alternatives else None

    @property
    def free(self) -> bool:
        """Whether the instance leaves the plan free to have the site or not.

        If so, any other way could also have been found without asking for it: the best of them is
        no cheaper than the best of all.
        """
        return self.instance.site[self.site].status is SiteStatus.CANDIDATE

    @property
    def bound_fen(self) -> int:
        """What no plan is cheaper than, as far as is proved."""
        return self.base.bound_fen or 0

    def options(self) -> Iterator[Option]:
        """Yield every way in which the site could stand, with the plan if one is known."""
        if self.since is not None:
            years = years_from(self.instance, self.since)
            yield Option(self.since, years, self.base.cost_fen, self.bound_fen, self.cost)
        known = {one.way: one for one in self.alternatives}
        for way in self.ways:
            one = known.get(way)
            if way.since is None or (one is not None and one.impossible):
                continue
            outcome = None if one is None else one.outcome
            yield Option(
                way.since,
                years_from(self.instance, way.since),
                None if outcome is None else outcome.cost_fen,
                self.bound_of(outcome),
                None if one is None else one.cost,
            )

    def bound_of(self, outcome: Outcome | None) -> int:
        """Return what no plan of a way is cheaper than, as far as is proved."""
        found = 0 if outcome is None else outcome.bound_fen or 0
        return max(self.bound_fen, found) if self.free else found

    def threshold(self) -> Threshold | None:
        """Return how dear the site could be, or how cheap it must be; `None` if that is unknown."""
        options = list(self.options())
        if self.since is None:
            if all(option.cost_fen is None for option in options):
                return None
            found = cheaper_before_it_comes(options, self.base.cost_fen, self.bound_fen)
        else:
            without = None if self.first is None else self.first.outcome
            if without is None:
                return None
            found = dearer_before_it_goes(options, without.cost_fen, self.bound_of(without))
        return found.never_below_nothing() if self.free else found

    def difference(self, outcome: Outcome) -> Difference:
        """Return by how much a plan of a way is dearer."""
        found = outcome.cost_fen - self.base.cost_fen
        least = self.bound_of(outcome) - self.base.cost_fen
        most = outcome.cost_fen - self.bound_fen
        if self.free:
            least, most = max(0, least), max(0, most)
        return Difference(found / FEN_PER_CNY, least / FEN_PER_CNY, most / FEN_PER_CNY)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much a plan is dearer (CNY, present value), and the least and most that is proved."""

    cny: float
    least: float
    most: float

    @property
    def as_good(self) -> bool:
        """Whether both plans are as good as far as was proved."""
        return self.least <= 0 <= self.most


def reason_of(instance: Instance, plan: Plan, site: str) -> Reason:
    """Return what a plan alone says of a site."""
    return Reason(
        instance, site, stands_since(plan, site), outcome_of(instance, plan),
        site_cost(instance, plan, site), ways(instance, plan, site),
    )  # fmt: skip


def tried(
    reason: Reason,
    plan: Plan,
    question: Question,
    *,
    watcher: Watcher,
    stop: threading.Event | None = None,
) -> Iterator[Alternative]:
    """Yield each way in which the site could stand otherwise, solved; a stop ends it.

    A way that cannot be, or for which the time was too short, comes with the words for that. Raises
    `SolverError` or `ViolationError` as `answer` does.
    """
    for number, way in enumerate(reason.ways, start=1):
        label = Text(
            f"plan {number} of {len(reason.ways)}, {way.label.en}",
            f"方案 {number}/{len(reason.ways)}，{way.label.zh}",
        )
        try:
            one = alternative(reason, plan, way, question, Alert(watcher, label, stop), stop)
        except InterruptedSolve:
            return
        if one is None:
            return
        yield one


def alternative(
    reason: Reason,
    plan: Plan,
    way: Way,
    question: Question,
    watcher: Watcher,
    stop: threading.Event | None,
) -> Alternative | None:
    """Return one way, solved; `None` if the planner stopped it before it was."""
    try:
        posed = way.posed(reason.instance)
    except InputError as error:
        return Alternative(way, why=findings_of(error), impossible=True)
    try:
        start = way.start(reason.instance, plan)
        other = answer(posed, question, watcher=watcher, stop=stop, start=start).plan
    except (InfeasibleError, NoPlanError) as error:
        return Alternative(way, why=error.message, impossible=isinstance(error, InfeasibleError))
    if other.status is Status.INTERRUPTED:
        return None  # a plan cut short would say of the site what is of the stop
    outcome = outcome_of(posed, other)
    return Alternative(
        way,
        outcome,
        movement(reason.base, outcome),
        site_cost(posed, other, way.site),
        shifts(reason.instance, plan, other, way.site),
    )


class Alert(Labelled):
    """A watcher that ends the work at its next phase once somebody asked to stop.

    A solver is stopped by the event itself; what comes before it only tells how far it is.
    """

    def __init__(self, watcher: Watcher, label: Text, stop: threading.Event | None) -> None:
        super().__init__(watcher, label)
        self.stop = stop

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Pass a phase on, or raise `InterruptedSolve`."""
        if self.stop is not None and self.stop.is_set():
            raise InterruptedSolve(Text("Stopped.", "已中断。"))
        super().phase(name, done, total)


def findings_of(error: InputError) -> Text:
    """Return what a check says of an instance that no plan can meet."""
    found = error.findings
    return Text(
        "; ".join(one.in_language(Language.EN) for one in found),
        "；".join(one.in_language(Language.ZH) for one in found),
    )
