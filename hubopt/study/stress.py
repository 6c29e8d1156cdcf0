"""N-1 stress: a plan's design stands, one thing after the other is out, the flows go anew.

Freight may take the routes that the solve listed, and those that it dropped for others that are no
worse; a way that neither holds could still help. Departures are paid whether their freight is there
or not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.errors import InterruptedSolve, SolverError
from hubopt.solver.form import SolverStatus
from hubopt.study.stress_bench import Bench
from hubopt.study.stress_solve import NOTHING_KT, UnsolvedError
from hubopt.study.stress_things import all_things
from hubopt.text import Text

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.solve.answer import Watcher
    from hubopt.study.stress_bench import Ask, Harm
    from hubopt.study.stress_things import Thing

STOPPED = frozenset({SolverStatus.INTERRUPTED_WITH_VALUES, SolverStatus.INTERRUPTED_WITHOUT_VALUES})


@dataclass(frozen=True, slots=True)
class Outage:
    """A thing that is out, the tonnes that would go through it meanwhile, and what that does.

    `harm` is `None` where the flows were not solved; `why` says then why not.
    """

    thing: Thing
    name: Text
    through_t: float
    harm: Harm | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Stress:
    """All outages tried, the worst first, then those that were not; and what to know of them."""

    stage: int
    days: int
    outages: tuple[Outage, ...]
    notes: tuple[Text, ...]

    @property
    def tried(self) -> tuple[Outage, ...]:
        """The outages with a harm, the worst first."""
        return tuple(outage for outage in self.outages if outage.harm is not None)


NOT_TRIED = Text("not tried (--most)", "未试验（--most）")
STOPPED_BEFORE = Text("not tried (stopped)", "未试验（已中断）")


def stress(
    instance: Instance,
    plan: Plan,
    ask: Ask,
    *,
    watcher: Watcher,
    stop: threading.Event | None = None,
    on_first: Callable[[], None] = lambda: None,
) -> Stress:
    """Return what each outage does to one stage of a plan, the worst first.

    Things are tried by the tonnes through them, `ask.most` of them, or those in `ask.only`; a stop
    keeps what was done, and `on_first` is called once there is something to keep. Raises
    `InterruptedSolve` if nothing was done, `SolverError` if the flows cannot be solved with nothing
    out.
    """
    bench = benched(instance, plan, ask, watcher, stop)
    found = []
    for outage in outages(bench, watcher):
        found.append(outage)
        if outage.harm is not None:
            on_first()
    if not any(outage.harm is not None for outage in found) and stopped(stop):
        raise InterruptedSolve(Text("Stopped; nothing was written.", "已中断，未写入任何文件。"))
    return Stress(ask.stage, ask.days, tuple(sorted(found, key=worst_first)), tuple(bench.notes()))


def benched(
    instance: Instance, plan: Plan, ask: Ask, watcher: Watcher, stop: threading.Event | None
) -> Bench:
    """Return a bench with the flows solved while nothing is out."""
    try:
        return Bench(instance, plan, ask, watcher=watcher, stop=stop)
    except UnsolvedError as error:
        if error.status in STOPPED:
            words = Text("Stopped; nothing was written.", "已中断，未写入任何文件。")
            raise InterruptedSolve(words) from error
        raise SolverError(
            Text(
                f"the flows of the plan could not be solved anew ({error.status}): {error.reason}",
                f"无法重新求解方案的货流（{error.status}）：{error.reason}",
            )
        ) from error


def candidates(bench: Bench) -> list[Thing]:
    """Return what freight of the plan goes through, by tonnes, the most first."""
    used = [thing for thing in bench.through if bench.kt(thing) > NOTHING_KT]
    return sorted(used, key=lambda thing: (-bench.tonnes(thing), thing))


def outages(bench: Bench, watcher: Watcher) -> Iterator[Outage]:
    """Yield every outage that is asked for, and what was not tried.

    Things that shut the same routes are one outage; so many of them are tried, not of things.
    """
    names = all_things(bench.instance)
    order = list(bench.ask.only) or candidates(bench)
    shut = {thing: bench.routes(thing) for thing in order}
    chosen = list(dict.fromkeys(shut.values()))
    if not bench.ask.only:
        chosen = chosen[: bench.ask.most]
    for thing in order:
        outage = Outage(thing, names[thing], bench.tonnes(thing), why=NOT_TRIED)
        if shut[thing] in chosen:
            label = Text(f"out: {thing.key}", f"中断：{thing.key}")
            if not stopped(bench.stop):
                watcher.phase(label, chosen.index(shut[thing]) + 1, len(chosen))
            outage = tried(bench, outage)
        yield outage


def tried(bench: Bench, outage: Outage) -> Outage:
    """Return an outage with what it does, or why that is not known."""
    if stopped(bench.stop):
        return replace(outage, why=STOPPED_BEFORE)
    try:
        return replace(outage, harm=bench.harm(outage.thing), why=None)
    except UnsolvedError as error:
        if error.status in STOPPED:
            return replace(outage, why=STOPPED_BEFORE)
        words = Text(f"not solved: {error.reason}", f"未求解：{error.reason}")
        return replace(outage, why=words)


def stopped(stop: threading.Event | None) -> bool:
    """Tell whether somebody asked to stop."""
    return stop is not None and stop.is_set()


def worst_first(outage: Outage) -> tuple[bool, float, float, float, Thing]:
    """Return the key of the order: by extra cost, unserved at its price; untried ones last."""
    harm = outage.harm
    if harm is None:
        return True, -outage.through_t, 0.0, 0.0, outage.thing
    return False, -harm.extra_cny, -harm.late_t, -harm.rerouted_t, outage.thing
