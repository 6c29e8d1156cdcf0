"""One design for several states answered: what is shared, the joint solve, a plan for each state.

The design that is best for the first state alone is found first and kept in the other states: it
is what a planner has without hedging, it shows what hedging saves, and it starts the joint solve.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from hubopt.errors import HuboptError, InfeasibleError, InputError, ViolationError
from hubopt.solve import hedge_words as words
from hubopt.solve.answer import (
    PLAN_STATUS,
    Question,
    Silent,
    refuse_difference,
    refuse_wrong_options,
)
from hubopt.solve.clock import Clock
from hubopt.solve.endings import no_plan_in, why_no_plan
from hubopt.solve.labelled import Labelled
from hubopt.solve.pose import asked_gap, numbers_of
from hubopt.solve.same_design import other_designs
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.text import Text
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from hubopt.engine.solve_problem import Solved
    from hubopt.engine.two_stage import Joint
    from hubopt.instance.tables import Instance
    from hubopt.plan.hedge import Hedge
    from hubopt.plan.plan import Plan
    from hubopt.plan.report import Verification
    from hubopt.plan.risk import Risk
    from hubopt.problem.problem import Decisions, Problem
    from hubopt.solve.answer import Watcher
    from hubopt.solver.form import SolverAnswer

LEAST_S = 0.1
ALONE_SHARE, KEPT_SHARE, JOINT_SHARE = 0.25, 0.4, 0.6
"""What of the time left each step may take: the first state alone, its sites in all states, the
joint solve; what is left then is for each state with the sites of the joint design."""


@dataclass(frozen=True)
class State:
    """One state of the world: a scenario of the instance, and how likely it is."""

    scenario: str
    probability: Fraction
    instance: Instance


@dataclass(frozen=True)
class HedgeAnswer:
    """A verified hedge with the plan of each state and its verification, by scenario.

    `alone` are the plans with the design that is best for the first state alone, none if there is
    no such design; they are for comparison and are settled but not verified.
    """

    hedge: Hedge
    plans: Mapping[str, Plan]
    verifications: Mapping[str, Verification]
    verification: Verification
    seconds: Mapping[str, float]
    warnings: tuple[Text, ...] = ()
    alone: Mapping[str, Plan] = field(default_factory=dict)


def hedged(
    states: Sequence[State],
    risk: Risk,
    question: Question | None = None,
    *,
    watcher: Watcher | None = None,
    stop: threading.Event | None = None,
) -> HedgeAnswer:
    """Return one verified design with a plan for each of the states; the limit covers all of it.

    Raises what `answer` raises, and `InputError` for states that do not share the design.
    """
    question = question or Question()
    refuse_wrong_options(question)
    wrong = other_designs({state.scenario: state.instance for state in states})
    if wrong:
        raise InputError(wrong)
    work = Work(states, risk, question, watcher or Silent(), stop)
    return work.answer()


class Work:
    """The joint solve of several states, step by step."""

    def __init__(
        self,
        states: Sequence[State],
        risk: Risk,
        question: Question,
        watcher: Watcher,
        stop: threading.Event | None,
    ) -> None:
        self.states, self.risk, self.question = states, risk, question
        self.watcher, self.stop = watcher, stop
        self.instance = states[0].instance
        self.clock = Clock(question.time_s or self.instance.settings.time_s)

    def answer(self) -> HedgeAnswer:
        """Solve, settle and verify."""
        from hubopt.engine.two_stage import solve_joint  # noqa: PLC0415  (Pyomo loads on use)

        model = self.joint()
        kept = self.kept(model)
        self.watcher.phase(Text("one design for all states", "求解兼顾各状态的设施方案"))
        options = self.options(JOINT_SHARE)
        result, made = solve_joint(
            model, options, on_progress=self.watcher.solver, stop=self.stop, start=kept
        )
        self.clock.lap("model_and_solver")
        if not made:
            raise self.why_none(model, result, options)
        plans = self.best_plans(model, result, made)
        alone = self.settled(model, kept)
        hedge = self.hedge(model.problems, result, plans, alone)
        self.clock.lap("settle")
        return self.verified(hedge, plans, alone)

    def hedge(
        self,
        problems: Sequence[Problem],
        result: SolverAnswer,
        plans: Mapping[str, Plan],
        alone: Mapping[str, Plan],
    ) -> Hedge:
        """Return the hedge of the plans, with the bound that the joint solve proved."""
        from hubopt.plan.hedge import HedgeState, hedge_of  # noqa: PLC0415
        from hubopt.solve.settle import bound_fen, kilograms_fen  # noqa: PLC0415

        status = PLAN_STATUS[result.status]
        if self.stopped and status is Status.FEASIBLE:
            status = Status.INTERRUPTED
        states = [
            HedgeState(s.scenario, s.probability, plans[s.scenario].objective_fen)
            for s in self.states
        ]
        objective = hedge_of(self.name, status, self.risk, states, None).objective_fen
        bound = bound_fen(result.bound, objective, sum(map(kilograms_fen, problems)))
        costs = [plan.objective_fen for plan in alone.values()]
        return hedge_of(self.name, status, self.risk, states, bound, costs)

    @property
    def name(self) -> str:
        """Return the name of the instance."""
        return self.instance.settings.name

    def joint(self) -> Joint:
        """Return the joint model over the routes of all states."""
        from hubopt.engine.two_stage import joint  # noqa: PLC0415  (Pyomo loads on use)

        problems: list[Problem] = []
        for state in self.states:
            heard = self.heard(state)
            problems.append(numbers_of(state.instance, self.question, heard, self.clock))
        self.watcher.phase(Text("building the model", "建立模型"))
        made = joint(problems, [float(state.probability) for state in self.states], self.risk)
        self.clock.lap("model")
        return made

    def options(self, share: float = 1.0) -> SolveOptions:
        """Return the options of a solve that may take a share of the time left."""
        return SolveOptions(
            gap=asked_gap(self.instance, self.question),
            time_s=max(LEAST_S, share * self.clock.left()),
            memory_mb=self.question.memory_mb,
            seed=self.question.seed,
            highs=self.question.highs,
        )

    def kept(self, model: Joint) -> list[Solved]:
        """Return all states with the best sites for the first alone; none if one has no plan."""
        from hubopt.engine.solve_problem import solve_problem  # noqa: PLC0415

        if self.clock.left() <= 0:
            raise no_plan_in(self.clock.limit_s)
        first = self.heard(self.states[0])
        options = self.options(ALONE_SHARE)
        sites = solve_problem(
            model.problems[0], options, on_progress=first.solver, stop=self.stop
        ).decisions
        self.clock.lap("first_state_alone")
        if sites is None:
            return []
        found = self.with_sites(model, sites, KEPT_SHARE)
        self.clock.lap("its_sites_in_all_states")
        planned = [solved for solved in found if solved.decisions is not None]
        return found if len(planned) == len(self.states) else []

    def with_sites(self, model: Joint, sites: Decisions, share: float) -> list[Solved]:
        """Return each state solved by itself with given sites: with them no row joins two states.

        For any risk the cheapest plan of each state is best, since CVaR rises with every cost. Once
        told to stop, the states that are left are not solved.
        """
        from hubopt.engine.two_stage import solve_with_sites  # noqa: PLC0415

        found: list[Solved] = []
        each_s = share * self.clock.left() / len(self.states)
        for state, problem in zip(self.states, model.problems, strict=True):
            if self.stopped:
                break
            heard = self.heard(state)
            heard.phase(Text("with the sites of the design", "沿用该设施方案"))
            options = replace(self.options(), time_s=max(LEAST_S, each_s))
            found.append(
                solve_with_sites(problem, sites, options, on_progress=heard.solver, stop=self.stop)
            )
        return found

    def heard(self, state: State) -> Labelled:
        """Return a watcher that says of which state a phase is."""
        return Labelled(self.watcher, Text(state.scenario, state.scenario))

    @property
    def stopped(self) -> bool:
        """Whether the planner asked to stop."""
        return self.stop is not None and self.stop.is_set()

    def why_none(self, model: Joint, result: SolverAnswer, options: SolveOptions) -> HuboptError:
        """Return why there is no design: what one state breaks alone, or that they clash."""
        if result.status is not SolverStatus.INFEASIBLE:
            return why_no_plan(model.problems[0], result, options, self.clock, self.stop)
        from hubopt.engine.solve_problem import solve_problem  # noqa: PLC0415

        met = True
        for state, problem in zip(self.states, model.problems, strict=True):
            found = solve_problem(problem, self.options(), stop=self.stop).answer
            if found.status is SolverStatus.INFEASIBLE:
                error = why_no_plan(problem, found, options, self.clock, self.stop)
                return type(error)(words.in_state(state.scenario, error.message))
            if found.status is SolverStatus.INTERRUPTED_WITHOUT_VALUES:
                return why_no_plan(problem, found, options, self.clock, self.stop)
            met = met and found.values is not None
        return InfeasibleError(words.CLASH if met else words.UNSURE_CLASH)

    def best_plans(
        self, model: Joint, result: SolverAnswer, made: Sequence[Decisions]
    ) -> dict[str, Plan]:
        """Return the plan of each state: the cheaper of the joint solve's and its own."""
        status = PLAN_STATUS[result.status]
        plans = {
            state.scenario: self.plan(state, problem, one, status)
            for state, problem, one in zip(self.states, model.problems, made, strict=True)
        }
        for name, own in self.settled(model, self.with_sites(model, made[0], 1.0)).items():
            if own.objective_fen < plans[name].objective_fen:
                plans[name] = own
        self.clock.lap("each_state")
        return plans

    def settled(self, model: Joint, solves: Sequence[Solved]) -> dict[str, Plan]:
        """Return the plans of states solved one by one, as far as they are."""
        plans = {}
        for state, problem, solved in zip(self.states, model.problems, solves, strict=False):
            if solved.decisions is not None:
                status = PLAN_STATUS[solved.answer.status]
                plan = self.plan(state, problem, solved.decisions, status)
                refuse_difference(plan.objective_fen, solved.answer.objective)
                plans[state.scenario] = plan
        return plans

    def plan(self, state: State, problem: Problem, made: Decisions, status: Status) -> Plan:
        """Return the plan of one state in whole kilograms; it has no bound of its own."""
        from hubopt.solve.settle import settle  # noqa: PLC0415

        return settle(
            state.instance,
            problem,
            made,
            status=status,
            bound_mcny=None,
            scenario=state.scenario,
        )

    def verified(
        self, hedge: Hedge, plans: Mapping[str, Plan], alone: Mapping[str, Plan]
    ) -> HedgeAnswer:
        """Return the answer if it holds; raise `ViolationError` if it does not."""
        from hubopt.plan.verify import verify  # noqa: PLC0415
        from hubopt.plan.verify_hedge import verify_hedge  # noqa: PLC0415

        self.watcher.phase(Text("verifying the plans", "核验方案"))
        instances = {state.scenario: state.instance for state in self.states}
        each = {name: verify(instances[name], plan) for name, plan in plans.items()}
        found = verify_hedge(instances, hedge, plans, each)
        if not found.passed:
            broken = sorted({f"{v.check} ({v.where})" for v in found.violations})
            raise ViolationError(words.not_verified(broken))
        self.clock.lap("verify")
        warnings = tuple(words.warned(hedge, asked_gap(self.instance, self.question), self.clock))
        return HedgeAnswer(hedge, plans, each, found, self.clock.seconds, warnings, alone)
