"""From an instance to a verified plan: routes, problem, solve, settle, verify, in that order."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from hubopt.errors import SolverError, ViolationError
from hubopt.solve.clock import Clock
from hubopt.solve.course import Course
from hubopt.solve.decide import Decider
from hubopt.solve.endings import from_arrays, warned
from hubopt.solve.own_rules import in_force
from hubopt.solve.pose import asked_gap, posed
from hubopt.solve.short_way import better, warned_of
from hubopt.solve.short_ways import WAYS, shortly
from hubopt.solve.warm import refuse_other_instance
from hubopt.solver.form import Progress, SolveOptions, SolverStatus
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY
from hubopt.vocabulary import Engine, Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence

    from hubopt.engine.solve_problem import Solved
    from hubopt.instance.tables import Instance
    from hubopt.plan.marginal import Marginal
    from hubopt.plan.plan import Plan
    from hubopt.plan.verify import Verification
    from hubopt.problem.problem import Problem
    from hubopt.solve.course import Moment
    from hubopt.solve.own_rules import OwnRules
    from hubopt.solve.short_way import Short
    from hubopt.solve.warm import WarmStart

PLAN_STATUS = {
    SolverStatus.OPTIMAL: Status.OPTIMAL,
    SolverStatus.LIMIT_WITH_VALUES: Status.FEASIBLE,
    SolverStatus.INTERRUPTED_WITH_VALUES: Status.INTERRUPTED,
}
"""What a solver status with values makes of a plan."""

MARGINALS_S = 20.0
"""An LP of flows takes a second or two; without its multipliers the plan is as good."""

SAME_SHARE, SAME_MCNY = 1e-5, 0.01
"""How far the cost in the model may lie from that of the plan in whole kilograms."""


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
    """A verified plan with its problem, the seconds that each phase took, and what to be warned of.

    `engine` is what solved it.
    `marginals` come from the LP of flows; they are information and not part of the verification.
    `course` tells when better plans and bounds were known, as `hubopt.solve.course` keeps it.
    `rules` are the planner's own that were in force. `near` tells whether, of the plans within the
    gap, one near to the plan that it started from was looked for.
    """

    plan: Plan
    verification: Verification
    problem: Problem
    seconds: Mapping[str, float]
    marginals: tuple[Marginal, ...] = ()
    warnings: tuple[Text, ...] = ()
    course: tuple[Moment, ...] = ()
    engine: Engine = Engine.AUTO
    rules: OwnRules | None = None
    near: bool = False


def answer(
    instance: Instance,
    question: Question | None = None,
    *,
    watcher: Watcher | None = None,
    stop: threading.Event | None = None,
    start: Plan | None = None,
    all_routes: bool | None = None,
    warm: WarmStart | None = None,
    engine: Engine = Engine.AUTO,
    rules: OwnRules | None = None,
) -> Answer:
    """Return a verified plan for `instance`; the limit covers everything up to the plan.

    Stars, hub medians and networks of fixed charges are solved in ways of their own
    (`hubopt.solve.short_ways`), unless a number of routes or options for HiGHS are asked for or it
    starts `warm`; their bounds cover all routes. Every route that exists is considered, and the
    bound holds over all of them, unless a number of routes to list is asked for; `all_routes`
    overrides that. `start` is a hint: a large instance is searched
    from this earlier plan, of it or of one much like it. With `warm` the plan, routes and prices
    of an earlier result of the instance, in whatever scenario, are tried first, and its plan
    stands for `start`; of the plans within the gap one near to it is taken. `engine` overrides the
    choice by size and shape. `rules` are the planner's own (`hubopt.solve.own_rules`): every bound
    and plan is under them.

    Raises `InputError` for wrong options or a start of another instance, `InfeasibleError`,
    `NoPlanError`, `InterruptedSolve`, `SolverError`, or `ViolationError` when the verifier refuses
    the plan.
    """
    question = question or Question()
    refuse_wrong_options(question)
    clock = Clock(question.time_s or instance.settings.time_s)
    course = Course(watcher or Silent(), clock)
    if warm is not None:
        refuse_other_instance(instance, warm)
    own = in_force(instance, rules)
    every = every_route_counts(question.routes_per_shipment, all_routes)

    earlier = None if warm is None else warm.plan
    decider = Decider(instance, question, course, clock, stop, engine, earlier)

    def at_length() -> tuple[Problem, Solved]:
        problem, start_from = posed(
            instance, question, course, clock, stop, start=start, all_routes=every, warm=warm,
            own=own.rows,
        )  # fmt: skip
        return decider.decide(problem, start_from, widen=every)

    found = shortly(instance, question, course, clock, stop, warm, engine, ruled=rules is not None)
    with own.telling_rows():
        problem, solved = better(found, at_length, alone=engine in WAYS)
    short = found if found is not None and problem is found.problem else None
    plan = stamped(settled(instance, problem, question, solved), short, decider.told.notes, stop)
    clock.lap("settle")
    course.phase(Text("verifying the plan", "核验方案"))
    plan = own.kept_by(plan)
    verification = verified(instance, plan)
    clock.lap("verify")
    moments = course.ended(plan)
    marginals = () if stopped(stop) else worth(instance, problem, solved)
    clock.lap("marginal_values")
    asked = asked_gap(instance, question)
    if short is not None:
        warnings = warned_of(short, plan, asked, clock)
    else:
        late = decider.told.late
        warnings = tuple(warned(plan, asked, solved.answer.reason, clock, late=late))
    warnings += (*decider.told.warnings, *own.warnings(), *from_arrays(problem, engine))
    return Answer(
        plan, verification, problem, clock.seconds, marginals, warnings, moments,
        short.engine if short is not None else used(solved, engine), rules, decider.told.near,
    )  # fmt: skip


def every_route_counts(listed: int | None, told: bool | None) -> bool:  # noqa: FBT001
    """Return whether routes count that are not listed: not if a number is, or as told."""
    return listed is None if told is None else told


def stopped(stop: threading.Event | None) -> bool:
    """Tell whether somebody has asked to stop."""
    return stop is not None and stop.is_set()


def stamped(
    plan: Plan, short: Short | None, notes: Sequence[Text], stop: threading.Event | None
) -> Plan:
    """Return a plan that says how a special way found it, or else what else was done.

    And whether it was cut short.
    """
    if short is not None:
        plan = replace(plan, notes=(short.note.en, short.note.zh, *plan.notes))
    else:
        more = [sentence for note in notes for sentence in (note.en, note.zh)]
        plan = replace(plan, notes=(*plan.notes, *more))
    if stopped(stop) and plan.status is Status.FEASIBLE:
        return replace(plan, status=Status.INTERRUPTED)
    return plan


def used(solved: Solved, engine: Engine) -> Engine:
    """Return which engine solved a form of the routes."""
    from hubopt.engine.solve_problem import chosen  # noqa: PLC0415  (Pyomo loads on use)

    return chosen(solved.form, engine)


def worth(instance: Instance, problem: Problem, solved: Solved) -> tuple[Marginal, ...]:
    """Return marginal values of a plan, none if the LP of its flows gives no multipliers."""
    from hubopt.engine.flows_alone import flow_prices  # noqa: PLC0415  (Pyomo loads on use)
    from hubopt.model.marginals import marginal_values  # noqa: PLC0415

    prices = flow_prices(problem, solved, SolveOptions(time_s=MARGINALS_S))
    return marginal_values(instance, problem, prices)


def refuse_wrong_options(question: Question) -> None:
    """Raise `InputError` for every solver option that is wrong, before anything is read."""
    from hubopt.solver.options import checked_options  # noqa: PLC0415  (HiGHS loads on use)

    checked_options(
        SolveOptions(memory_mb=question.memory_mb, seed=question.seed, highs=question.highs)
    )


def settled(instance: Instance, problem: Problem, question: Question, solved: Solved) -> Plan:
    """Return the exact plan in kilograms and fen; raise `SolverError` if model and plan differ."""
    from hubopt.solve.settle import settle  # noqa: PLC0415

    result = solved.answer
    if solved.decisions is None:
        raise AssertionError(result.status)
    plan = settle(
        instance,
        problem,
        solved.decisions,
        status=PLAN_STATUS[result.status],
        bound_mcny=result.bound,
        scenario=question.scenario,
    )
    refuse_difference(plan.objective_fen, result.objective)
    return plan


def refuse_difference(objective_fen: int, objective_mcny: float | None) -> None:
    """Raise `SolverError` if the plan does not cost what the model said, but for whole kilograms.

    The model prices routes in floats from `problem`, the plan in fractions from `plan`: two ways
    to the same sum, so that a fault in either shows here.
    """
    exact_mcny = objective_fen / FEN_PER_CNY / CNY_PER_MCNY
    if objective_mcny is None:
        return
    if abs(exact_mcny - objective_mcny) > SAME_SHARE * abs(exact_mcny) + SAME_MCNY:
        raise SolverError(
            Text(
                f"the plan costs {exact_mcny:.6f} million CNY in exact arithmetic, but"
                f" {objective_mcny:.6f} in the model; this is a fault of hubopt",
                f"方案精确成本为 {exact_mcny:.6f} 百万元，模型给出 {objective_mcny:.6f}；"
                "这是程序的问题",
            )
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
