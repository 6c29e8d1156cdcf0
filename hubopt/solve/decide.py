"""Decisions for a problem, or why there are none: over more routes first, where others may help."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hubopt.errors import NoPlanError
from hubopt.solve.endings import no_plan_in, why_no_plan
from hubopt.solve.pose import LEAST_SOLVER_SECONDS, asked_gap, wider
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.text import Text
from hubopt.vocabulary import Engine

if TYPE_CHECKING:
    import threading

    from hubopt.engine.nearest import Nearest
    from hubopt.engine.solve_problem import Solved
    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock


LEAST_BRANCHING_S, BRANCHING_SHARE = 2.0, 0.1
"""With less left than so many seconds, or this share of the limit, branching is not begun: a search
that used its time up keeps less than that for what comes after it."""


NEAREST_S, NEAREST_SHARE = 60.0, 0.5
"""Most seconds, and most of the time left, for bringing a plan near to an earlier one."""

KEPT_S, KEPT_SHARE = 5.0, 0.1
"""Seconds, at most this share of those left, that a search which uses its time up leaves for it."""

NOT_NEAR = Text(
    "nothing was done to stay near the earlier plan, for want of time: what differs from it may be"
    " chance; a longer --time helps",
    "时间不足，未能贴近先前的方案：与其不同之处可能出于偶然；可延长 --time",
)


@dataclass
class Told:
    """What is to be said of how decisions were found, and whether they are near to earlier ones.

    `late` tells that the time was too short to close the gap.
    """

    notes: list[Text] = field(default_factory=list)
    warnings: list[Text] = field(default_factory=list)
    near: bool = False
    late: bool = False


@dataclass(frozen=True)
class Decider:
    """Solves problems of an instance within what is left of the time, and tells how it goes.

    Of the plans within the gap it takes one near to an `earlier` one. `told` says what it did.
    """

    instance: Instance
    question: Question
    watcher: Watcher
    clock: Clock
    stop: threading.Event | None
    engine: Engine
    earlier: Plan | None = None
    told: Told = field(default_factory=Told)

    def decide(
        self, problem: Problem, start: Decisions | None, *, widen: bool
    ) -> tuple[Problem, Solved]:
        """Return a problem and the solver's answer with decisions, or raise why there are none.

        With `widen` the problem is that over more routes where those that were priced met not all
        rules.
        """
        solved = self.solved(problem, start)
        if widen and solved.answer.status is SolverStatus.INFEASIBLE:
            with suppress(NoPlanError):  # for want of time; the first verdict says more
                more = wider(self.instance, problem, self.question, self.watcher, self.clock)
                if more is not None:
                    problem, solved = more, self.solved(more, None)
        if solved.decisions is None:
            if solved.answer.status is SolverStatus.INFEASIBLE:
                self.watcher.phase(Text("looking for the rules that clash", "查找相互冲突的规则"))
            options = self.options()
            raise why_no_plan(problem, solved.answer, options, self.clock, self.stop)
        problem, solved = self.closed(problem, solved)
        return problem, self.near(problem, solved)

    def near(self, problem: Problem, solved: Solved) -> Solved:
        """Return a solved problem with a plan within the gap that is near to the earlier one."""
        from hubopt.engine.nearest import nearest  # noqa: PLC0415  (loads on use)
        from hubopt.solve.start import decisions_of  # noqa: PLC0415

        stopped = self.stop is not None and self.stop.is_set()
        if self.earlier is None or stopped:
            return solved
        time_s = min(NEAREST_S, NEAREST_SHARE * self.clock.left())
        if time_s < LEAST_SOLVER_SECONDS:
            self.told.warnings.append(NOT_NEAR)
            return solved
        self.watcher.phase(Text("staying near the earlier plan", "贴近先前的方案"))
        options = replace(self.options(), time_s=time_s)
        earlier = decisions_of(problem, self.earlier)
        found = nearest(problem, solved, earlier, options, stop=self.stop)
        self.clock.lap("nearest_plan")
        self.told.near = True
        if found is None:
            return solved
        self.told.notes.append(nearer(found))
        return found.solved

    def closed(self, problem: Problem, solved: Solved) -> tuple[Problem, Solved]:
        """Return a solved problem, its gap over all routes closed by branching as far as it goes.

        Who asks for one model gets one model.
        """
        from hubopt.engine.branch.tree import TOO_SHORT, branched  # noqa: PLC0415  (loads on use)
        from hubopt.engine.solve_problem import for_solves  # noqa: PLC0415

        options = self.options()
        time_s = for_solves(options.time_s)
        open_yet = solved.answer.status is SolverStatus.LIMIT_WITH_VALUES
        priced = problem.bound_over_all_mcny is not None and not problem.complete
        late = time_s < max(LEAST_BRANCHING_S, BRANCHING_SHARE * self.clock.limit_s)
        self.told.late = open_yet and late
        if self.engine is Engine.MONOLITHIC or not (open_yet and priced) or late:
            return problem, solved
        found = branched(
            self.instance,
            problem,
            solved,
            replace(options, time_s=time_s),
            on_progress=self.watcher.solver,
            stop=self.stop,
        )
        self.clock.lap("branching")
        self.told.late = found[1].answer.reason == TOO_SHORT
        return found

    def solved(self, problem: Problem, start: Decisions | None) -> Solved:
        """Return the solver's answer for one problem; raise `NoPlanError` if the time is up."""
        from hubopt.engine.solve_problem import solve_problem  # noqa: PLC0415  (Pyomo loads on use)

        if self.clock.left() < LEAST_SOLVER_SECONDS:
            raise no_plan_in(self.clock.limit_s)
        self.watcher.phase(Text("building the model", "建立模型"))
        found = solve_problem(
            problem,
            self.options(),
            on_progress=self.watcher.solver,
            stop=self.stop,
            start=start,
            engine=self.engine,
        )
        self.clock.lap("model_and_solver")
        return found

    def options(self) -> SolveOptions:
        """Return how to solve, with the time that is left, but for some to stay near."""
        left_s = self.clock.left()
        kept_s = 0.0 if self.earlier is None else min(KEPT_S, KEPT_SHARE * left_s)
        return SolveOptions(
            gap=asked_gap(self.instance, self.question),
            time_s=left_s - kept_s,
            memory_mb=self.question.memory_mb,
            seed=self.question.seed,
            highs=self.question.highs,
        )


def nearer(found: Nearest) -> Text:
    """Return how much nearer to the earlier plan a plan was brought, and what that cost."""
    done = [put_back(found)] if found.after < found.before else []
    if found.led_back_kt:
        done.append(led_back(found))
    en, zh = " and ".join(one.en for one in done), "，".join(one.zh for one in done)
    cost = f"{round(found.added_mcny, 1) + 0.0:+,.1f}"
    return Text(
        f"of the plans within the gap one near to the earlier plan: {en}; that changes the cost by"
        f" {cost} million CNY",
        f"在差距范围内选取贴近先前方案的一个：{zh}，成本变化 {cost} 百万元",
    )


def put_back(found: Nearest) -> Text:
    """Return how many decisions were put back."""
    back, before = found.before - found.after, found.before
    return Text(
        f"{back:,} of {before:,} decisions that differed were put back",
        f"{before:,} 项不同的决策中有 {back:,} 项恢复原状",
    )


def led_back(found: Nearest) -> Text:
    """Return how much freight was led back to its earlier way."""
    return Text(
        f"{found.led_back_kt:,.1f} kt a year, all stages added, were led back to their earlier way",
        f"各阶段合计 {found.led_back_kt * 0.1:,.2f} 万吨/年改回原路线",
    )
