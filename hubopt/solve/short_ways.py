"""The special ways of solving, in the order in which an instance is tried with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hubopt.errors import Finding, InputError, InterruptedSolve, NoPlanError, SolverError
from hubopt.solve import as_network, as_star
from hubopt.solve.as_hubs import solved_as_hubs
from hubopt.solve.as_network import solved_as_network
from hubopt.solve.as_star import solved_as_star
from hubopt.solve.endings import stopped_early
from hubopt.solve.short_way import Failed
from hubopt.text import Text
from hubopt.vocabulary import Engine

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock
    from hubopt.solve.short_way import Short
    from hubopt.solve.warm import WarmStart


class Way(NamedTuple):
    """A special way: what tries it, giving a plan or why there is none, and where to read on.

    `none_yet` is the reason that tells that it was ended before its first plan.
    """

    solve: Callable[..., Short | Text]
    page: str
    none_yet: Text | None = None


WAYS = {
    Engine.STAR: Way(solved_as_star, "docs/stars.md", as_star.NO_PLAN_YET),
    Engine.HUBS: Way(solved_as_hubs, "docs/hubs.md"),
    Engine.NETWORK: Way(solved_as_network, "docs/networks.md", as_network.NO_PLAN_YET),
}
"""The first that fits an instance solves it."""

RULED = Text(
    "own rules are given, and a special way of solving takes none",
    "给出了自定规则，而专用求解方法不接受自定规则",
)


def shortly(
    instance: Instance,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    stop: threading.Event | None,
    earlier: WarmStart | None,
    engine: Engine,
    *,
    ruled: bool = False,
) -> Short | None:
    """Return what the first special way gives that fits an instance, None if none does.

    None takes rules of the planner's own: if the instance is `ruled` by such, none fits.
    Raises `InputError` if one is asked for by name that does not fit, `NoPlanError` or
    `InterruptedSolve` if it fits but was ended before its first plan.
    """
    for name, way in WAYS.items():
        if engine in {Engine.AUTO, name}:
            found: Short | Text = RULED
            if not ruled:
                found = way.solve(instance, question, watcher, clock, stop, earlier)
            if not isinstance(found, Text):
                return found
            if engine is name:
                raise refused(found, name, way, stop)
    return None


def refused(
    reason: Text, engine: Engine, way: Way, stop: threading.Event | None
) -> InputError | InterruptedSolve | NoPlanError | SolverError:
    """Return why a special way that was asked for gives no plan: it does not fit, or was ended."""
    if isinstance(reason, Failed):
        return SolverError(reason)
    if reason != way.none_yet:
        return not_fit(reason, engine, way.page)
    if stop is not None and stop.is_set():
        return stopped_early()
    return NoPlanError(
        Text(
            f"{reason.en}: give more with --time, or leave --engine out",
            f"{reason.zh}：请用 --time 放宽时间，或去掉 --engine",
        )
    )


def not_fit(reason: Text, engine: Engine, page: str) -> InputError:
    """Return why an instance cannot be solved in a special way though that was asked for."""
    remedy = Text(f"leave --engine out; see {page}", f"请去掉 --engine；见 {page}")
    column = "--engine"
    return InputError(
        [Finding("command line", reason, remedy, column=column, value=engine, code="CFG03")]
    )
