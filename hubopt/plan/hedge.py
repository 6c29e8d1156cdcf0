"""One design for several states of the world: what it costs in each, on average and at worst."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.plan.figures import gap_between
from hubopt.plan.plan import OPTIMAL_GAP
from hubopt.plan.risk import expected, tail_mean
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.plan.risk import Risk

HEDGE_BASIS = "gap against the bound over the listed routes of all states"
"""All that the gap of a hedge can mean."""

HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class HedgeState:
    """One state: the scenario that it is, its probability, and the cost of its plan in fen."""

    scenario: str
    probability: Fraction
    cost_fen: int


@dataclass(frozen=True, slots=True)
class Hedge:
    """A design with a plan for each state; all money is present value in whole fen.

    `tail_fen` is CVaR at the level of `risk`, `objective_fen` what was minimised. `alone_fen` holds
    for each state what the design costs that is best for the first state alone, as far as was
    found; it is empty if some state got no plan with it, and is not looked at by `verify_hedge`.
    """

    instance: str
    status: Status
    risk: Risk
    states: tuple[HedgeState, ...]
    objective_fen: int
    expected_fen: int
    tail_fen: int
    bound_fen: int | None
    gap: float | None
    gap_basis: str = HEDGE_BASIS
    alone_fen: tuple[int, ...] = ()


def hedge_of(
    instance: str,
    status: Status,
    risk: Risk,
    states: Sequence[HedgeState],
    bound_fen: int | None,
    alone_fen: Sequence[int] = (),
) -> Hedge:
    """Return the hedge of states whose plans are known, its sums made; optimal only if proved."""
    objective, mean, tail = sums(risk, states)
    bound = None if bound_fen is None else min(bound_fen, objective)
    gap = gap_between(objective, bound)
    proved = gap is not None and gap <= OPTIMAL_GAP
    return Hedge(
        instance=instance,
        status=Status.FEASIBLE if status is Status.OPTIMAL and not proved else status,
        risk=risk,
        states=tuple(states),
        objective_fen=objective,
        expected_fen=mean,
        tail_fen=tail,
        bound_fen=bound,
        gap=gap,
        alone_fen=tuple(alone_fen),
    )


def sums(risk: Risk, states: Sequence[HedgeState]) -> tuple[int, int, int]:
    """Return objective, expected cost and CVaR in fen, each rounded once."""
    probability = [state.probability for state in states]
    cost = [Fraction(state.cost_fen) for state in states]
    amounts = (
        risk.measured(probability, cost),
        expected(probability, cost),
        tail_mean(probability, cost, risk.level),
    )
    objective, mean, tail = (int(amount + HALF) for amount in amounts)
    return objective, mean, tail
