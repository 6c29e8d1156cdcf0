"""Public cases solved one after the other, each plan verified and laid beside the published value.

A case counts as proved when value and bound differ by less than the published value has digits:
stricter than the status `optimal` of a plan, which is for planning. A plan that leaves goods behind
is no plan of a public case, which asks for all of it; the bound holds all the same.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from hubopt.errors import (
    HuboptError,
    InfeasibleError,
    InputError,
    InterruptedSolve,
    NoPlanError,
)
from hubopt.instance.pause import no_garbage_search
from hubopt.instance.public.families import FAMILIES
from hubopt.solve.answer import Silent, answer
from hubopt.solve.labelled import Labelled
from hubopt.solve.one_stop import OneStopAnswer, answer_one_stop
from hubopt.text import Text
from hubopt.units import mcny

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.public.case import PublicCase
    from hubopt.instance.public.published import Published
    from hubopt.solve.answer import Answer, Question, Watcher

    Table = Mapping[tuple[str, str], Published]

CLOSED_SHARE = 1e-9
"""A gap below this share is closed: sums of floats say no more."""

CLOSED_ALONE = 1e-6
"""The same where no published value says how many digits count."""

AFTER_THE_PLAN = "marginal_values"
"""What is computed once the plan is verified: no part of the time that a case takes."""


class Proof(StrEnum):
    """What is known of the value of a case."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    NO_PLAN = "no_plan"
    IMPOSSIBLE = "impossible"
    STOPPED = "stopped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case; value and bound in the units of its file, `None` if there is none.

    `seconds` go from the tables of the case to the verified plan, by part in `parts`; `engine` is
    what solved it, None without a plan. `reached_s` has the seconds of the search after which the
    gap fell to a share, where that is known. Of a failure `failure` says why.
    """

    case: str
    file: str
    proof: Proof
    value: float | None
    bound: float | None
    published: Published | None
    seconds: float
    parts: Mapping[str, float]
    failure: HuboptError | None = None
    engine: str | None = None
    reached_s: Mapping[float, float] = field(default_factory=dict)

    @property
    def difference(self) -> float | None:
        """Return value less published value."""
        if self.value is None or self.published is None:
            return None
        return self.value - float(self.published.value)

    @property
    def gap(self) -> float | None:
        """Return (value - bound) / value, `None` without both."""
        if self.value is None or self.bound is None:
            return None
        return (self.value - self.bound) / self.value if self.value else 0.0

    @property
    def same(self) -> bool:
        """Tell whether the value is the published one as far as its digits go."""
        if self.difference is None or self.published is None:
            return False
        return abs(self.difference) <= tolerance(self.published)

    @property
    def wrong(self) -> bool:
        """Tell whether an answer contradicts a published value that is proved: a wrong model.

        It does if the plan is better, the bound is higher, another value is said to be optimal, or
        no plan is said to exist.
        """
        if self.published is None or not self.published.proved:
            return False
        best, room = float(self.published.value), tolerance(self.published)
        beaten = self.value is not None and self.value < best - room
        above = self.bound is not None and self.bound > best + room
        other = self.proof is Proof.OPTIMAL and not self.same
        return beaten or above or other or self.proof is Proof.IMPOSSIBLE


def tolerance(published: Published) -> float:
    """Return how far a value may lie from a published one that was rounded or cut."""
    return max(float(published.last_digit), CLOSED_SHARE * abs(float(published.value)))


def bench(
    cases: Sequence[PublicCase],
    table: Table,
    question: Question,
    *,
    watcher: Watcher | None = None,
    stop: threading.Event | None = None,
    decompose: bool = True,
) -> Iterator[Outcome]:
    """Yield what comes of each case, in order, until somebody stops it.

    Without `decompose` cases of siting with one stop go the general way as well.
    A case that fails is an outcome; only wrong options raise, as `InputError`.
    """
    for number, case in enumerate(cases, start=1):
        label = Text(
            f"{case.name}, {number} of {len(cases)}", f"{case.name}（{number}/{len(cases)}）"
        )
        heard = Labelled(watcher or Silent(), label)
        published = table.get((FAMILIES[case.family].published, case.name))
        yield tried(case, published, question, heard, stop, decompose=decompose)
        if stop is not None and stop.is_set():
            return


def tried(
    case: PublicCase,
    published: Published | None,
    question: Question,
    watcher: Watcher,
    stop: threading.Event | None,
    *,
    decompose: bool = True,
) -> Outcome:
    """Return what comes of one case."""
    began = time.monotonic()
    try:
        with no_garbage_search():
            watcher.phase(Text("making the instance", "生成算例"))
            instance = case.made()
            made = time.monotonic() - began
            if case.one_stop is not None and decompose:
                one = answer_one_stop(
                    instance, *case.one_stop, question, watcher=watcher, stop=stop
                )
                return outcome_of(
                    case, published, one, made, all_routes=True,
                    stopped=stop is not None and stop.is_set(),
                )  # fmt: skip
            found = answer(instance, question, watcher=watcher, stop=stop, all_routes=True)
    except InputError:
        raise
    except HuboptError as error:
        seconds = time.monotonic() - began
        return Outcome(
            case.name, case.file.name, ending(error), None, None, published, seconds, {}, error
        )
    all_routes = found.problem.complete or found.problem.bound_over_all_mcny is not None
    stopped = stop is not None and stop.is_set()
    return outcome_of(case, published, found, made, all_routes=all_routes, stopped=stopped)


def ending(error: HuboptError) -> Proof:
    """Return what a case without a plan is called."""
    kinds = {
        InfeasibleError: Proof.IMPOSSIBLE,
        NoPlanError: Proof.NO_PLAN,
        InterruptedSolve: Proof.STOPPED,
    }
    return kinds.get(type(error), Proof.FAILED)


def outcome_of(
    case: PublicCase,
    published: Published | None,
    found: Answer | OneStopAnswer,
    made_s: float,
    *,
    all_routes: bool,
    stopped: bool,
) -> Outcome:
    """Return the outcome of a case that has a verified plan.

    A bound over some of the routes (without `all_routes`) is none for the file, which allows them
    all.
    """
    plan = found.plan
    value = None if plan.unserved else case.value(mcny(plan.objective_fen))
    bound = case.value(mcny(plan.bound_fen)) if all_routes and plan.bound_fen is not None else None
    parts = {"instance": round(made_s, 3), **found.seconds}
    seconds = sum(spent for part, spent in parts.items() if part != AFTER_THE_PLAN)
    proof = proof_of(value, bound, published, stopped=stopped)
    return Outcome(
        case.name, case.file.name, proof, value, bound, published, seconds, parts,
        engine=found.engine,
        reached_s=found.reached_s if isinstance(found, OneStopAnswer) else {},
    )  # fmt: skip


def proof_of(
    value: float | None,
    bound: float | None,
    published: Published | None,
    *,
    stopped: bool,
) -> Proof:
    """Return what is known of a value: proved if no better one differs in the digits that count."""
    if value is None:
        return Proof.STOPPED if stopped else Proof.NO_PLAN
    if bound is not None and value - bound <= closed(value, published):
        return Proof.OPTIMAL
    return Proof.STOPPED if stopped else Proof.FEASIBLE


def closed(value: float, published: Published | None) -> float:
    """Return the difference of value and bound that counts as none."""
    if published is None:
        return CLOSED_ALONE * abs(value)
    return max(float(published.last_digit) / 2, CLOSED_SHARE * abs(value))
