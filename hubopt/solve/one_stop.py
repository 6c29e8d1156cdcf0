"""A problem of siting with one stop answered by decomposition: searched, settled, verified."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InfeasibleError, InputError, InterruptedSolve, NoPlanError
from hubopt.solve.answer import Question, Silent, refuse_difference, refuse_wrong_options, verified
from hubopt.solve.clock import Clock
from hubopt.solve.warm import CODE
from hubopt.solver.form import SolveOptions
from hubopt.text import Text
from hubopt.vocabulary import ONE_STOP

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping

    from hubopt.engine.one_stop.learnt import Learnt
    from hubopt.engine.one_stop.numbers import Numbers
    from hubopt.engine.one_stop.search import Found
    from hubopt.engine.one_stop.standing import Mark
    from hubopt.instance.public.one_stop import OneStop
    from hubopt.instance.public.scales import Scales
    from hubopt.instance.tables import Instance
    from hubopt.model.one_stop_master import Rules
    from hubopt.plan.plan import Plan
    from hubopt.plan.verify import Verification
    from hubopt.solve.answer import Watcher
    from hubopt.solver.form import Progress

SETTLE_SHARE = 0.95
"""The share of the time that a search may take; the rest is for whole kilograms."""


SHARES = (0.01, 0.005, 0.0025, 0.001)
"""Gaps of which is told when they were reached."""


@dataclass(frozen=True)
class OneStopAnswer:
    """A verified plan, the seconds that each phase took, and how gap and bound came about.

    `log` counts in the units of the file and in seconds from the beginning of the search. `learnt`
    starts another search over the same network.
    """

    plan: Plan
    verification: Verification
    seconds: Mapping[str, float]
    log: tuple[Mark, ...]
    engine: str = ONE_STOP
    learnt: Learnt | None = None

    @property
    def reached_s(self) -> Mapping[float, float]:
        """Return after how many seconds of the search the gap fell to some shares, if it did."""
        from hubopt.engine.one_stop.standing import seconds_to  # noqa: PLC0415

        found = {gap: seconds_to(self.log, gap) for gap in SHARES}
        return {gap: round(seconds, 3) for gap, seconds in found.items() if seconds is not None}


def answer_one_stop(
    instance: Instance,
    problem: OneStop,
    scales: Scales,
    question: Question | None = None,
    *,
    watcher: Watcher | None = None,
    stop: threading.Event | None = None,
    rules: Rules | None = None,
    warm: Learnt | None = None,
) -> OneStopAnswer:
    """Return a verified plan of a problem; `instance` is the same as an ordinary instance.

    `rules` may add constraints on `open[site, size]` to the Pyomo model of the sites. With
    `warm`, what an earlier answer over the same network `learnt`, its prices, ways and design are
    tried first: whatever they are, bound and plan hold.
    Raises `InputError` for wrong options or another network, `InfeasibleError`, `NoPlanError`,
    `InterruptedSolve`, `SolverError`, or `ViolationError` when the verifier refuses the plan.
    """
    from hubopt.engine.one_stop.numbers import numbers_of  # noqa: PLC0415  (scipy loads on use)
    from hubopt.engine.one_stop.paths import PathFinder  # noqa: PLC0415
    from hubopt.engine.one_stop.search import search  # noqa: PLC0415
    from hubopt.solve.one_stop_plan import plan_of  # noqa: PLC0415

    question, watcher = question or Question(), watcher or Silent()
    refuse_wrong_options(question)
    clock = Clock(question.time_s or instance.settings.time_s)
    watcher.phase(Text("searching by decomposition", "分解算法求解"))
    numbers = numbers_of(problem, scales)
    if warm is not None:
        refuse_other_network(warm, numbers, problem)
    gap = instance.settings.gap if question.gap is None else question.gap
    options = SolveOptions(
        gap=gap, time_s=SETTLE_SHARE * clock.left(), memory_mb=question.memory_mb,
        seed=question.seed, highs=question.highs,
    )  # fmt: skip
    found = search(
        numbers, options, heard=in_mcny(watcher, scales.mcny_per_unit), stop=stop, rules=rules,
        warm=warm,
    )  # fmt: skip
    clock.lap("search")
    stopped = stop is not None and stop.is_set()
    if found.best is None:
        raise why_no_plan(found, clock, ruled=rules is not None)
    watcher.phase(Text("settling the plan", "整理方案"))
    plan = plan_of(
        instance, problem, scales, numbers, PathFinder(numbers), found.best,
        found.bound * scales.mcny_per_unit, interrupted=stopped, scenario=question.scenario,
    )  # fmt: skip
    refuse_difference(plan.objective_fen, found.best.value * scales.mcny_per_unit)
    clock.lap("settle")
    watcher.phase(Text("verifying the plan", "核验方案"))
    verification = verified(instance, plan)
    clock.lap("verify")
    return OneStopAnswer(plan, verification, clock.seconds, found.log, learnt=found.learnt)


def refuse_other_network(warm: Learnt, numbers: Numbers, problem: OneStop) -> None:
    """Raise `InputError` if a start is not over the arcs and sites of a problem."""
    if warm.fits(numbers):
        return
    theirs, ours = (f"{len(one.tail)} / {len(one.node)}" for one in (warm.numbers, numbers))
    reason = Text(
        f"is over another network (arcs / sites) than {problem.name} ({ours})",
        f"所属网络（弧数/设施数）与 {problem.name}（{ours}）不同",
    )
    remedy = Text(
        "give what a search over the same arcs and sites learnt, or none; close a site by taking"
        " its sizes away, not the site",
        "请给出同一网络（弧与设施相同）的搜索结果，或不给；关闭设施时请去掉其规模，而非去掉设施",
    )
    raise InputError([Finding("warm", reason, remedy, value=theirs, code=CODE)])


def in_mcny(watcher: Watcher, mcny_per_unit: float) -> Callable[[Progress], None]:
    """Return who hears progress in the units of the file and passes it on in million CNY."""

    def heard(progress: Progress) -> None:
        best = None if progress.best is None else progress.best * mcny_per_unit
        bound = None if progress.bound is None else progress.bound * mcny_per_unit
        watcher.solver(replace(progress, best=best, bound=bound))

    return heard


def why_no_plan(
    found: Found, clock: Clock, *, ruled: bool
) -> InfeasibleError | InterruptedSolve | NoPlanError:
    """Return the error that says why there is no plan."""
    from hubopt.engine.one_stop.standing import Ending  # noqa: PLC0415

    if found.ending is Ending.STOPPED:
        return InterruptedSolve(
            Text(
                "stopped before a first plan; nothing was written", "在得到方案之前中断，未写入文件"
            )
        )
    if found.bound == float("inf"):
        return InfeasibleError(
            Text(
                "no choice of sites can serve all demand: a shipment has no way by any site, or the"
                " arcs or the sites have too little room; add an arc, raise a capacity, or lower a"
                " quantity",
                "没有任何选址方案能满足全部需求：某批货物没有经由任何设施的通路，或弧、设施能力不足；"
                "请增加弧、提高能力或减少货量",
            )
        )
    if found.ending is Ending.NO_DESIGN:
        return InfeasibleError(
            Text(
                "no choice of sites that the rules allow has room for all demand: loosen a rule, or"
                " raise a capacity",
                "规则允许的选址方案都没有足够能力满足全部需求：请放宽规则或提高能力",
            )
            if ruled
            else Text(
                "the sites together have too little room for all demand: raise a capacity, add a"
                " site, or lower a quantity",
                "全部设施的总能力不足以满足全部需求：请提高能力、增加设施或减少货量",
            )
        )
    if found.ending is Ending.TIME:
        return NoPlanError(
            Text(
                f"no plan within the limit of {clock.limit_s:g} s: give more with --time",
                f"在 {clock.limit_s:g} 秒内未得到方案：请用 --time 放宽时间",
            )
        )
    return NoPlanError(
        Text(
            "the search ended before its time without a plan, and without a proof that there is"
            " none: no choice of sites that it tried serves all demand; loosen rules on sites if"
            " there are any, raise a capacity, or try another --seed",
            "搜索在时限前结束，未得到方案，也未证明无解：已尝试的选址方案都不能满足全部需求；"
            "请放宽选址规则（如有）、提高能力，或更换 --seed",
        )
    )
