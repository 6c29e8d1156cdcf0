"""An instance that is a network with fixed charges, solved as one.

The problem then lists the routes that its plan uses alone; its bound covers all routes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.errors import SolverError
from hubopt.solve.short_way import Failed, Short, asks_for_more, ended, solved_by
from hubopt.solver.form import SolveOptions
from hubopt.text import Text
from hubopt.units import KG_PER_KT
from hubopt.vocabulary import Engine

if TYPE_CHECKING:
    import threading

    from hubopt.engine.network.design import Ways
    from hubopt.engine.network.recognise import NetworkCase
    from hubopt.instance.tables import Instance
    from hubopt.network.route import RouteList
    from hubopt.problem.problem import Decisions, Floats, Problem
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock
    from hubopt.solve.warm import WarmStart

NETWORK_NOTE = Text(
    "goods only ride services with a cost for each departure: solved as a network with fixed"
    " charges, over all routes; only those that the plan uses are listed",
    "货物只乘坐按班次计费的班列：按固定费用网络在全部路径上求解；只列出方案所用的路径",
)
NOT_CLOSED = Text(
    "the search of the network ended with its gap open, with time left: try again with another"
    " --seed or with --engine decomposition",
    "固定费用网络的搜索在时限前结束，差距未闭合：请换一个 --seed 或用 --engine decomposition 重试",
)
NO_PLAN_YET = Text(
    "it is a network with fixed charges, but no plan was found in time",
    "算例是固定费用网络，但时限内未找到方案",
)
ROUTES_ASKED = Text(
    "a number of routes is asked for, and a network lists none beforehand (leave --routes out)",
    "指定了路径数，而固定费用网络不预先列举路径（请去掉 --routes）",
)
HIGHS_ASKED = Text(
    "options for HiGHS are given, and a network has options of its own (leave --highs out)",
    "指定了 HiGHS 选项，而固定费用网络使用自己的选项（请去掉 --highs）",
)
EARLIER_GIVEN = Text(
    "a network does not start from an earlier result (leave --warm out)",
    "固定费用网络不能从先前结果开始（请去掉 --warm）",
)


def solved_as_network(
    instance: Instance,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    stop: threading.Event | None,
    earlier: WarmStart | None = None,
) -> Short | Text:
    """Return the plan of a network as decisions of a problem, or why there is none."""
    from hubopt.engine.network.recognise import network_case  # noqa: PLC0415  (numpy, on use)
    from hubopt.engine.network.solve_network import TIGHT, solve_network  # noqa: PLC0415

    other = asks_for_more(
        question, earlier, routes=ROUTES_ASKED, highs=HIGHS_ASKED, started=EARLIER_GIVEN
    )
    if other is not None:
        return other
    case = network_case(instance)
    if isinstance(case, Text):
        return case
    watcher.phase(Text("choosing services of a network", "固定费用网络选班列"))
    gap = instance.settings.gap if question.gap is None else question.gap
    options = SolveOptions(gap, clock.left(), question.memory_mb, question.seed)
    try:
        found = solve_network(case.design, options, on_progress=watcher.solver, stop=stop)
    except SolverError as error:
        return Failed(error.message.en, error.message.zh)
    clock.lap("network")
    if not found.plan.paths and not found.proved:
        return NO_PLAN_YET
    unit = case.design.mcny_per_unit
    listed = routes_of(case, found.plan)
    problem = problem_of(case, listed, found.bound * unit)
    made = decisions_of(case, problem, found.plan)
    solved = solved_by(
        problem, made, found.plan.cost * unit, found.bound * unit, max(gap, TIGHT), stop
    )
    clock.lap("problem")
    last = ended(solved, clock, stop)
    return Short(Engine.NETWORK, NETWORK_NOTE, problem, solved, last, NOT_CLOSED)


def routes_of(case: NetworkCase, plan: Ways) -> RouteList:
    """Return the routes that a plan uses, by shipment."""
    from hubopt.network.route import Route, RouteList  # noqa: PLC0415

    demand = case.instance.demand
    routes = tuple(
        Route(demand[k].id, tuple(case.ride(arc) for arc in path))
        for path, k in zip(plan.paths, plan.shipment.tolist(), strict=True)
    )
    return RouteList(routes, (), (), per_shipment=len(routes))


def problem_of(case: NetworkCase, listed: RouteList, bound: float) -> Problem:
    """Return the problem over the routes listed, with the bound over all, in million CNY."""
    from hubopt.problem.build import build_problem  # noqa: PLC0415

    return replace(build_problem(case.instance, listed), bound_over_all_mcny=bound)


def decisions_of(case: NetworkCase, problem: Problem, plan: Ways) -> Decisions:
    """Return the decisions of a plan; each departure's vehicle comes back empty."""
    from hubopt.problem.problem import Decisions  # noqa: PLC0415

    number = {ident: here for here, ident in enumerate(problem.services.service_ids)}
    departures = np.zeros((len(number), 1), dtype=np.int64)
    empties = np.zeros((len(number), 1), dtype=np.int64)
    for arc, runs in enumerate(plan.runs.tolist()):
        departures[number[case.services[arc].id]] = runs
        empties[number[case.back[arc].id]] = runs
    none = np.zeros((0, 1), dtype=np.int64)
    return Decisions(
        open=none,
        modules=none,
        departures=departures,
        empties=empties,
        flow_kt=kilotonnes(case, plan.amount),
        unserved_kt=kilotonnes(case, plan.left),
    )


def kilotonnes(case: NetworkCase, amounts: Floats) -> Floats:
    """Return amounts of whole kilograms in kt, without what a float adds to them."""
    return np.round(amounts * case.design.kg_per_unit) / KG_PER_KT
