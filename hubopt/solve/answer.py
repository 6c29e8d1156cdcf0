"""From an instance to a verified plan: routes, problem, solve, settle, verify, in that order."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hubopt.errors import (
    InfeasibleError,
    InterruptedSolve,
    NoPlanError,
    SolverError,
    ViolationError,
)
from hubopt.solver.form import Progress, SolveOptions, SolverStatus
from hubopt.text import Text
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.plan.verify import Verification
    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solver.form import SolverAnswer

PLAN_STATUS = {
    SolverStatus.OPTIMAL: Status.OPTIMAL,
    SolverStatus.LIMIT_WITH_VALUES: Status.FEASIBLE,
    SolverStatus.INTERRUPTED_WITH_VALUES: Status.INTERRUPTED,
}
"""What a solver status with values makes of a plan."""

LEAST_SOLVER_SECONDS = 0.1
"""With less than this left a solver need not be started."""


@dataclass(frozen=True, slots=True)
class Question:
    """How to answer: `None` takes the instance's own setting; times in seconds, memory in MB."""

    gap: float | None = None
    time_s: float | None = None
    routes_per_shipment: int | None = None
    memory_mb: int = 12_000
    seed: int = 0
    highs: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    scenario: str = "base"


class Watcher(Protocol):
    """Who is told how far the work has come."""

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Hear that a phase began or moved on."""

    def solver(self, progress: Progress) -> None:
        """Hear where the solver stands."""


class Silent:
    """A watcher that listens and says nothing."""

    def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
        """Say nothing."""

    def solver(self, progress: Progress) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Answer:
    """A verified plan with its problem and the seconds that each phase took."""

    plan: Plan
    verification: Verification
    problem: Problem
    seconds: Mapping[str, float]


@dataclass
class Clock:
    """Seconds per phase of one run, and what is left of its limit."""

    limit_s: float
    started: float = field(default_factory=time.monotonic)
    seconds: dict[str, float] = field(default_factory=dict)

    def lap(self, name: str) -> None:
        """Note the time since the last lap under `name`."""
        elapsed = time.monotonic() - self.started - sum(self.seconds.values())
        self.seconds[name] = round(elapsed, 3)

    def left(self) -> float:
        """Return the seconds left for the solver, below zero when the limit has passed."""
        return self.limit_s - (time.monotonic() - self.started)


def answer(
    instance: Instance,
    question: Question | None = None,
    *,
    watcher: Watcher | None = None,
    stop: threading.Event | None = None,
) -> Answer:
    """Return a verified plan for `instance`; the limit covers everything up to the plan.

    Raises `InputError` for wrong options, `InfeasibleError`, `NoPlanError`, `InterruptedSolve`,
    `SolverError`, or `ViolationError` when the verifier refuses the plan.
    """
    question, watcher = question or Question(), watcher or Silent()
    refuse_wrong_options(question)
    clock = Clock(question.time_s or instance.settings.time_s)
    problem = numbers_of(instance, question, watcher, clock)
    result, decisions = decide(instance, problem, question, watcher, clock, stop)
    plan = settled(instance, problem, question, result, decisions)
    clock.lap("settle")
    watcher.phase(Text("verifying the plan", "核验方案"))
    verification = verified(instance, plan)
    clock.lap("verify")
    return Answer(plan, verification, problem, clock.seconds)


def refuse_wrong_options(question: Question) -> None:
    """Raise `InputError` for every solver option that is wrong, before anything is read."""
    from hubopt.solver.options import checked_options  # noqa: PLC0415  (HiGHS loads on use)

    checked_options(
        SolveOptions(memory_mb=question.memory_mb, seed=question.seed, highs=question.highs)
    )


def numbers_of(instance: Instance, question: Question, watcher: Watcher, clock: Clock) -> Problem:
    """Return the problem over the routes that are listed."""
    from hubopt.network.routes import list_routes  # noqa: PLC0415  (scipy loads on use)
    from hubopt.problem.build import build_problem  # noqa: PLC0415

    listing = Text("listing routes", "列出运输路径")
    watcher.phase(listing)
    routes = list_routes(
        instance,
        per_shipment=question.routes_per_shipment,
        on_progress=lambda done, total: watcher.phase(listing, done, total),
    )
    clock.lap("routes")
    problem = build_problem(instance, routes)
    clock.lap("problem")
    return problem


def decide(
    instance: Instance,
    problem: Problem,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    stop: threading.Event | None,
) -> tuple[SolverAnswer, Decisions]:
    """Return the solver's answer and decisions, or raise why there are none."""
    from hubopt.model.solve_problem import solve_problem  # noqa: PLC0415  (Pyomo loads on use)

    if clock.left() < LEAST_SOLVER_SECONDS:
        raise no_plan_in(clock.limit_s)
    watcher.phase(Text("building the model", "建立模型"))
    options = SolveOptions(
        gap=question.gap if question.gap is not None else instance.settings.gap,
        time_s=clock.left(),
        memory_mb=question.memory_mb,
        seed=question.seed,
        highs=question.highs,
    )
    result, decisions = solve_problem(problem, options, on_progress=watcher.solver, stop=stop)
    clock.lap("model_and_solver")
    if decisions is None:
        raise why_no_plan(problem, result, clock.limit_s)
    return result, decisions


def why_no_plan(
    problem: Problem, result: SolverAnswer, limit_s: float
) -> InfeasibleError | NoPlanError | InterruptedSolve | SolverError:
    """Return the error that says why the solver gave no plan."""
    if result.status is SolverStatus.INFEASIBLE:
        from hubopt.model.elastic import explain_infeasible  # noqa: PLC0415

        return explain_infeasible(problem)
    if result.status is SolverStatus.LIMIT_WITHOUT_VALUES:
        return no_plan_in(limit_s)
    if result.status is SolverStatus.INTERRUPTED_WITHOUT_VALUES:
        return InterruptedSolve(
            Text(
                "stopped before a first plan; nothing was written", "在得到方案之前中断，未写入文件"
            )
        )
    return SolverError(
        Text(
            f"the solver gave no answer: {result.reason}. Try again with another --seed",
            f"求解器没有给出结果：{result.reason}。请换一个 --seed 再试",
        )
    )


def no_plan_in(limit_s: float) -> NoPlanError:
    """Return the error that says that the time was too short."""
    return NoPlanError(
        Text(
            f"no plan within the limit of {limit_s:g} s: give more with --time, or list fewer"
            " routes with --routes",
            f"在 {limit_s:g} 秒内未得到方案：请用 --time 放宽时间，或用 --routes 减少路径数",
        )
    )


def settled(
    instance: Instance,
    problem: Problem,
    question: Question,
    result: SolverAnswer,
    decisions: Decisions,
) -> Plan:
    """Return the exact plan in kilograms and fen."""
    from hubopt.solve.settle import settle  # noqa: PLC0415

    return settle(
        instance,
        problem,
        decisions,
        status=PLAN_STATUS[result.status],
        bound_mcny=result.bound,
        scenario=question.scenario,
    )


def verified(instance: Instance, plan: Plan) -> Verification:
    """Return the verification of a plan that holds; raise `ViolationError` if it does not."""
    from hubopt.plan.verify import verify  # noqa: PLC0415

    verification = verify(instance, plan)
    if not verification.passed:
        broken = sorted({v.check for v in verification.violations})
        raise ViolationError(
            Text(
                f"the plan did not pass verification ({', '.join(broken)}) and was not written;"
                " this is a fault of hubopt: please report it with the instance",
                f"方案未通过核验（{'、'.join(broken)}），未写入；这是程序的问题，请连同算例反馈",
            )
        )
    return verification
