"""A pricing pass apart from the engine's finds no route that would improve a bound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubopt.engine import generate as generate_module
from hubopt.engine.generate import generate
from hubopt.engine.pricing import RoutePricer
from hubopt.engine.seeds import seeded
from hubopt.instance.read import read
from hubopt.problem.build import build_problem
from hubopt.solver.form import SolveOptions
from tests.random_instances import random_instance
from tests.random_networks import random_network
from tests.second_pass import SecondPass
from tests.solver_at_hand import solver_at_hand

if TYPE_CHECKING:
    from hubopt.engine.pricing import Cheapest
    from hubopt.engine.shared_prices import SharedPrices
    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Floats, Problem

ROOT = Path(__file__).parent.parent


class Recorder(RoutePricer):
    """Remembers the prices, the worth and the answer of every pass."""

    def __init__(self, instance: Instance, problem: Problem) -> None:
        super().__init__(instance, problem)
        self.passes: list[tuple[SharedPrices, Floats, Cheapest]] = []

    def cheapest(self, prices: SharedPrices, worth: Floats, *, per_shipment: int = 1) -> Cheapest:
        """Search as ever."""
        found = super().cheapest(prices, worth, per_shipment=per_shipment)
        self.passes.append((prices, worth, found))
        return found


def compared(
    instance: Instance, problem: Problem, told: tuple[SharedPrices, Floats, Cheapest]
) -> int:
    """Assert that the second pass finds the same; return how many had a better route."""
    prices, worth, found = told
    assert not prices.kg.any()
    second = SecondPass(instance, problem, prices)
    better = 0
    for s, shipment in enumerate(instance.demand):
        cost = second.cheapest(s)
        assert min(cost, worth[s]) == pytest.approx(found.cost[s], rel=1e-9, abs=1e-9), shipment.id
        better += cost < worth[s] - 1e-9
    return better


def passes(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, gap: float
) -> tuple[Problem, Recorder]:
    """Return the problem with all routes that matter, and the passes that found them."""
    made: list[Recorder] = []

    def recorder(instance: Instance, problem: Problem) -> Recorder:
        made.append(Recorder(instance, problem))
        return made[-1]

    monkeypatch.setattr(generate_module, "RoutePricer", recorder)
    problem = build_problem(instance, seeded(instance))
    problem = generate(instance, problem, SolveOptions(gap=gap, time_s=600.0))
    return problem, made[0]


def test_second_pass_agrees_on_small_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the prices of every round, with every feature and in odd networks."""
    better = rounds = 0
    with solver_at_hand():
        for instance in (*map(random_instance, range(12)), *map(random_network, range(12))):
            problem, recorder = passes(instance, monkeypatch, 1e-9)
            for told in recorder.passes if problem.bound_over_all_mcny is not None else ():
                better += compared(instance, problem, told)
                rounds += 1
    assert rounds > 30
    assert better > 20


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_second_pass_finds_nothing_better_on_the_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    """At the last prices of `zhengzhou` no route of any shipment is cheaper than was found."""
    instance = read(ROOT / "instances" / "zhengzhou")
    problem, recorder = passes(instance, monkeypatch, 0.001)
    assert problem.bound_over_all_mcny is not None
    compared(instance, problem, recorder.passes[-1])
