"""An instance that is a hub median, solved as one: a short way to a problem and its decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.solve.short_way import Found, Short, as_problem, asks_for_more, ended
from hubopt.solver.form import SolveOptions
from hubopt.text import Text
from hubopt.vocabulary import Engine

if TYPE_CHECKING:
    import threading

    from hubopt.engine.hubs.hubs import HubPlan
    from hubopt.engine.hubs.recognise import MultipleCase
    from hubopt.engine.hubs.recognise_single import SingleCase
    from hubopt.instance.tables import Instance
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock
    from hubopt.solve.warm import WarmStart

    Case = MultipleCase | SingleCase

HUBS_NOTE = Text(
    "each shipment passes a first and a last hub and nothing else is scarce: solved as a hub"
    " median, by looking at sets of hubs; only the routes of the plan are listed",
    "每批货物经过首、末两个枢纽，且别无稀缺资源：按枢纽中位问题求解，逐一考察枢纽组合；"
    "只列出方案所用路径",
)
NO_HUBS = Text(
    "the instance is no hub median, or has limits of another kind",
    "算例不是枢纽中位问题，或带有其他类型的限制",
)
TOO_MANY = Text(
    "it is a hub median, but with more sets of hubs than are looked at one by one",
    "算例是枢纽中位问题，但枢纽组合过多，无法逐一考察",
)
ROUTES_ASKED = Text(
    "a number of routes is asked for, and a hub median lists none beforehand (leave --routes out)",
    "指定了路径数，而枢纽中位问题不预先列举路径（请去掉 --routes）",
)
HIGHS_ASKED = Text(
    "options for HiGHS are given, and a hub median has its own search (leave --highs out)",
    "指定了 HiGHS 选项，而枢纽中位问题有自己的搜索方法（请去掉 --highs）",
)
EARLIER_GIVEN = Text(
    "a hub median does not start from an earlier result",
    "枢纽中位问题不能从先前结果开始",
)
NOT_ENDED = Text(
    "not all sets of hubs were looked at, so that the bound stays below the plan",
    "尚未考察全部枢纽组合，下界仍低于方案成本",
)


def solved_as_hubs(
    instance: Instance,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    stop: threading.Event | None,
    earlier: WarmStart | None = None,
) -> Short | Text:
    """Return the plan of a hub median as decisions of a problem, or why there is none."""
    from hubopt.engine.hubs.solve_hubs import solve_hubs  # noqa: PLC0415  (numpy loads on use)

    other = asks_for_more(
        question, earlier, routes=ROUTES_ASKED, highs=HIGHS_ASKED, started=EARLIER_GIVEN
    )
    if other is not None:
        return other
    case = case_of(instance)
    if case is None:
        return NO_HUBS
    watcher.phase(Text("choosing hubs", "选择枢纽"))
    gap = instance.settings.gap if question.gap is None else question.gap
    options = SolveOptions(gap, clock.left(), question.memory_mb, question.seed)
    answer = solve_hubs(case.hubs, options, on_progress=watcher.solver, stop=stop)
    clock.lap("hubs")
    if answer.too_many:
        return TOO_MANY
    problem, solved = as_problem(instance, found(case, answer.plan, answer.bound), gap, stop)
    clock.lap("problem")
    last = ended(solved, clock, stop)
    return Short(Engine.HUBS, HUBS_NOTE, problem, solved, last, NOT_ENDED)


def case_of(instance: Instance) -> Case | None:
    """Return an instance as a hub median with multiple or single allocation, None if none."""
    from hubopt.engine.hubs.recognise import multiple_case  # noqa: PLC0415  (numpy loads on use)
    from hubopt.engine.hubs.recognise_single import single_case  # noqa: PLC0415

    return multiple_case(instance) or single_case(instance)


def found(case: Case, plan: HubPlan, bound: float) -> Found:
    """Return a plan of a hub median with the routes that it uses, whole shipments each."""
    from hubopt.network.route import Route, RouteList  # noqa: PLC0415

    use = case.use(plan)
    served = np.flatnonzero(use.served).tolist()
    demand = case.instance.demand
    routes = tuple(
        Route(demand[j].id, case.steps(j, int(use.first[j]), int(use.last[j]))) for j in served
    )
    listed = RouteList(routes, (), (), case.hubs.sites**2)
    return Found(listed, np.ones(len(routes)), case.opened(plan, use), plan.cost, bound)
