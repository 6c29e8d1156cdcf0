"""Told to stop at any moment of a solve over all routes: a verified plan, or none yet."""

from __future__ import annotations

import random
import threading
from typing import TYPE_CHECKING

import pytest

from hubopt.engine import solve_problem as solve_module
from hubopt.errors import InputError, InterruptedSolve
from hubopt.plan.verify import verify
from hubopt.solve.answer import Question, Silent, answer
from hubopt.solve.warm import WarmStart
from hubopt.solver.form import EARLIER
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand
from tests.test_generate import one_route_each
from tests.test_warm import grown

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.solver.form import Progress
    from hubopt.text import Text

FEW = Question(gap=0.0, time_s=60.0, routes_per_shipment=1)
OFTEN = 6
"""Stops of one instance, at each of which a solve is begun anew."""


class Stopper(Silent):
    """Asks to stop once it has heard so much, and counts what it hears."""

    def __init__(self, at: int) -> None:
        self.at, self.heard, self.stop = at, 0, threading.Event()

    def phase(self, *_: object) -> None:
        """Count a phase."""
        self.count()

    def solver(self, *_: object) -> None:
        """Count what a solver says."""
        self.count()

    def count(self) -> None:
        """Ask to stop when the time has come."""
        self.heard += 1
        if self.heard == self.at:
            self.stop.set()


def outcome(instance: Instance, at: int, warm: WarmStart | None = None) -> tuple[str, int]:
    """Return how a solve ended that was told to stop after so many words, and how many it said."""
    stopper = Stopper(at)
    try:
        found = answer(
            instance, FEW, watcher=stopper, stop=stopper.stop, all_routes=True, warm=warm
        )
    except InterruptedSolve:
        return "none yet", stopper.heard
    assert verify(instance, found.plan).passed
    assert found.plan.bound_fen is None or found.plan.bound_fen <= found.plan.objective_fen
    return found.plan.status.value, stopper.heard


def stopped(moments: int, seed: int) -> set[str]:
    """Return how solves ended that were stopped at so many random moments."""
    dice, endings = random.Random(seed), set()
    with solver_at_hand():
        while moments > 0:
            try:
                instance = random_network(dice.randrange(1000))
            except InputError:  # nothing has a way to its destination
                continue
            if one_route_each(instance).complete:
                continue
            ending, words = outcome(instance, 0)
            assert ending in {"optimal", "feasible"}
            for _ in range(min(OFTEN, moments)):
                endings.add(outcome(instance, dice.randint(1, words))[0])
                moments -= 1
    return endings


@pytest.mark.parametrize(
    ("large_from", "moments"),
    [
        (solve_module.SMALL_COLUMNS, 12),
        (0, 12),
        pytest.param(solve_module.SMALL_COLUMNS, 100, marks=pytest.mark.campaign),
        pytest.param(0, 100, marks=pytest.mark.campaign),
    ],
)
def test_stopped_at_any_moment(
    large_from: int, moments: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether HiGHS solves it at once or a search does, the plan that is left holds.

    Before there is one, `InterruptedSolve` says so.
    """
    monkeypatch.setattr(solve_module, "SMALL_COLUMNS", large_from)
    endings = stopped(moments, seed=large_from + moments)
    assert "none yet" in endings
    assert endings & {"interrupted", "feasible", "optimal"}


@pytest.mark.parametrize("large_from", [solve_module.SMALL_COLUMNS, 0])
def test_a_start_is_kept_from_the_moment_that_it_was_tried(
    large_from: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With an earlier plan in hand, whoever stops while routes are priced gets a plan."""
    monkeypatch.setattr(solve_module, "SMALL_COLUMNS", large_from)
    instance = random_network(3)
    with solver_at_hand():
        found = answer(instance, FEW, all_routes=True)
        instance = grown(instance, 1.4)
        warm = WarmStart(found.plan, found.problem.row_prices)
        said: list[str] = []

        class Hearing(Silent):
            def phase(self, name: Text, *_: object) -> None:
                said.append(name.en)

            def solver(self, progress: Progress) -> None:
                said.append(progress.phase)

        answer(instance, FEW, watcher=Hearing(), all_routes=True, warm=warm)
        first = said.index(EARLIER, said.index(EARLIER) + 1) + 1
        endings = [outcome(instance, at, warm)[0] for at in range(first, len(said))]
    assert len(endings) > 3
    assert set(endings) <= {"interrupted", "feasible", "optimal"}
