"""Everything that a hedge says, recomputed from the plans of its states and their instances."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.plan import sentences
from hubopt.plan.figures import gap_between
from hubopt.plan.hedge import HEDGE_BASIS, sums
from hubopt.plan.plan import OPTIMAL_GAP
from hubopt.plan.report import Book
from hubopt.plan.sentences import Sentence
from hubopt.plan.verify import verify
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.hedge import Hedge
    from hubopt.plan.plan import Plan
    from hubopt.plan.report import Verification

HEDGE_CHECKS = (
    "states_are_planned",
    "probabilities",
    "state_plans_hold",
    "same_sites",
    "state_costs",
    "expected_cost",
    "tail_cost",
    "hedge_objective",
    "hedge_gap_and_bound",
)
"""Names of all checks, in the order in which they are reported."""

WRITTEN = {Status.OPTIMAL, Status.FEASIBLE, Status.INTERRUPTED}

NO_PLAN = Sentence("the state has no plan", "该状态没有方案")
NO_INSTANCE = Sentence(
    "there is no instance of the state to recompute its plan from",
    "缺少该状态的算例，无法重算其方案",
)
OTHER_SCENARIO = Sentence(
    "the plan is of the scenario {said}, not of {found}", "方案属于情景 {said}，而不是 {found}"
)
TWICE = Sentence("the state {said} stands twice", "状态 {said} 重复出现")
NO_SHARE = Sentence("{said} does not lie within {found}", "{said} 不在 {found} 之内")
NOT_ONE = Sentence("the probabilities add up to {said}, not to 1", "概率之和为 {said}，不是 1")
BROKEN = Sentence(
    "the plan of the state breaks its own rules: {said}", "该状态的方案违反自身规则：{said}"
)
OTHER_MODULES = Sentence(
    "{said} stands here in this state, but {found} in the first: sites are built before it is known"
    " which state comes",
    "该状态下为 {said}，首个状态下为 {found}：设施须在状态揭晓之前建成",
)
NO_HEDGE_STATUS = Sentence("no hedge has the status {said}", "对冲方案不会有状态 {said}")


def verify_hedge(
    instances: Mapping[str, Instance],
    hedge: Hedge,
    plans: Mapping[str, Plan],
    verified: Mapping[str, Verification] | None = None,
) -> Verification:
    """Return what holds and what does not; instances and plans are by scenario.

    `verified` holds what `verify` said of the plans, if it was asked already.
    """
    book = Book(HEDGE_CHECKS)
    check_states(book, hedge, plans)
    check_shares(book, hedge)
    for state in hedge.states:
        plan, instance = plans.get(state.scenario), instances.get(state.scenario)
        if plan is None:
            continue  # said above
        if instance is None:
            book.note("state_plans_hold", state.scenario, NO_INSTANCE, holds=False)
            continue
        known = (verified or {}).get(state.scenario) or verify(instance, plan)
        broken = ", ".join(check.name for check in known.checks if not check.passed)
        book.note("state_plans_hold", state.scenario, BROKEN, holds=not broken, said=broken)
        book.same(
            "state_costs",
            state.scenario,
            sentences.FIGURE_FEN,
            said=state.cost_fen,
            found=plan.objective_fen,
        )
    check_sites(book, hedge, plans)
    check_sums(book, hedge)
    return book.closed()


def check_states(book: Book, hedge: Hedge, plans: Mapping[str, Plan]) -> None:
    """Check that each state stands once and has a plan of its own scenario."""
    name, seen = "states_are_planned", set[str]()
    written = hedge.status in WRITTEN
    book.note(name, "status", NO_HEDGE_STATUS, holds=written, said=hedge.status)
    for state in hedge.states:
        own = state.scenario
        book.note(name, own, TWICE, holds=own not in seen, said=own)
        seen.add(own)
        plan = plans.get(own)
        if book.note(name, own, NO_PLAN, holds=plan is not None) and plan is not None:
            book.same(name, own, OTHER_SCENARIO, said=plan.scenario, found=own)


def check_shares(book: Book, hedge: Hedge) -> None:
    """Check that probabilities are shares that add up to one, and that the risk is one."""
    name = "probabilities"
    for state in hedge.states:
        inside = 0 < state.probability <= 1
        book.note(
            name, state.scenario, NO_SHARE, holds=inside, said=state.probability, found="(0,1]"
        )
    total = sum((state.probability for state in hedge.states), Fraction(0))
    book.note(name, "states", NOT_ONE, holds=total == 1, said=total)
    level, weight = hedge.risk.level, hedge.risk.weight
    book.note(name, "level", NO_SHARE, holds=0 <= level < 1, said=level, found="[0,1)")
    book.note(name, "weight", NO_SHARE, holds=0 <= weight <= 1, said=weight, found="[0,1]")


def check_sites(book: Book, hedge: Hedge, plans: Mapping[str, Plan]) -> None:
    """Check that the same modules stand in all states."""
    standing = [
        (state.scenario, {(s.site, s.stage): dict(s.modules) for s in plans[state.scenario].sites})
        for state in hedge.states
        if state.scenario in plans
    ]
    for scenario, modules in standing[1:]:
        first = standing[0][1]
        for where in sorted(first.keys() | modules.keys()):
            book.same(
                "same_sites",
                (scenario, *where),
                OTHER_MODULES,
                said=modules.get(where),
                found=first.get(where),
            )


def check_sums(book: Book, hedge: Hedge) -> None:
    """Check expected cost, CVaR, objective, bound and gap."""
    if hedge.risk.level >= 1 or not hedge.states:
        return  # said above: there is no mean of an empty tail
    objective, mean, tail = sums(hedge.risk, hedge.states)
    for name, where, said, found in (
        ("expected_cost", "expected_fen", hedge.expected_fen, mean),
        ("tail_cost", "tail_fen", hedge.tail_fen, tail),
        ("hedge_objective", "objective_fen", hedge.objective_fen, objective),
    ):
        book.same(name, where, sentences.FIGURE_FEN, said=said, found=found)
    name, bound = "hedge_gap_and_bound", hedge.bound_fen
    below = bound is None or 0 <= bound <= hedge.objective_fen
    book.note(
        name, "bound_fen", sentences.BOUND, holds=below, said=bound, found=hedge.objective_fen
    )
    gap = gap_between(hedge.objective_fen, bound)
    book.same(name, "gap", sentences.GAP, said=hedge.gap, found=gap)
    proved = hedge.status is not Status.OPTIMAL or (gap is not None and gap <= OPTIMAL_GAP)
    book.note(name, "status", sentences.NOT_PROVED, holds=proved, said=gap, found=OPTIMAL_GAP)
    book.same(name, "gap_basis", sentences.BASIS, said=hedge.gap_basis, found=HEDGE_BASIS)
