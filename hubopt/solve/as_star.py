"""An instance that is a star, solved as one: a short way to a problem and its decisions.

The problem then lists the routes over the sites that open alone; its bound covers all routes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.solve.short_way import Found, Short, as_problem, asks_for_more, ended
from hubopt.solver.form import SolveOptions
from hubopt.text import Text
from hubopt.vocabulary import Engine

if TYPE_CHECKING:
    import threading

    from hubopt.engine.star.recognise import StarCase
    from hubopt.engine.star.star import Star
    from hubopt.engine.star.transport import Served
    from hubopt.instance.tables import Instance
    from hubopt.network.route import RouteList
    from hubopt.solve.answer import Question, Watcher
    from hubopt.solve.clock import Clock
    from hubopt.solve.warm import WarmStart

STAR_NOTE = Text(
    "each shipment goes over exactly one site: solved as a star, by prices of the shipments and"
    " branching on sites; only routes over sites that open are listed",
    "每批货物恰好经过一个设施：按星形网络求解，以货物价格求下界并对设施分支；只列出经过所开设施的路径",
)


NO_STAR = Text("the instance is no star, or has limits of another kind", "算例不是星形网络")
ROUTES_ASKED = Text(
    "a number of routes is asked for, and a star lists none beforehand (leave --routes out)",
    "指定了路径数，而星形网络不预先列举路径（请去掉 --routes）",
)
HIGHS_ASKED = Text(
    "options for HiGHS are given, and a star has its own search (leave --highs out)",
    "指定了 HiGHS 选项，而星形网络有自己的搜索方法（请去掉 --highs）",
)
EARLIER_GIVEN = Text(
    "a star does not start from an earlier result (leave --warm out)",
    "星形网络不能从先前结果开始（请去掉 --warm）",
)
BEHIND_MAY_PAY = Text(
    "each shipment has one source, and leaving goods behind may cost less than serving all: the"
    " bound of a star would be low",
    "每批货物只有一个来源，且留下部分货物可能比全部运送更便宜：星形网络的下界会偏低",
)
NO_PLAN_YET = Text(
    "it is a star, but no plan was found in time that serves everybody",
    "算例是星形网络，但时限内未找到运送全部货物的方案",
)
NOT_CLOSED = Text(
    "a part of the star was not searched to its end, so that the bound stays below the plan: try"
    " again with another --seed or with --engine monolithic",
    "星形网络的一部分未搜索完，下界仍低于方案成本：请换一个 --seed 或用 --engine monolithic 重试",
)
BEHIND_COUNTS = Text(
    "the bound of the star counts plans that leave goods behind, which may cost less than this one"
    " that serves everybody: --engine monolithic looks for them",
    "星形网络的下界计入留下部分货物的方案，其成本可能低于本方案（全部运送）；"
    "可用 --engine monolithic 查找",
)

FEW_STEPS = 40
"""Steps of the ascent that tells beforehand whether serving all costs more than the least left."""


def solved_as_star(
    instance: Instance,
    question: Question,
    watcher: Watcher,
    clock: Clock,
    stop: threading.Event | None,
    earlier: WarmStart | None = None,
) -> Short | Text:
    """Return the plan of a star as decisions of a problem, or why there is none.

    What is no star is not solved as one, nor what asks for something that a star's engine does not
    do, nor one source each where leaving goods behind is known to cost less than serving all may.
    """
    from hubopt.engine.star.recognise import star_case  # noqa: PLC0415  (numpy loads on use)
    from hubopt.engine.star.solve_star import solve_star  # noqa: PLC0415

    other = asks_for_more(
        question, earlier, routes=ROUTES_ASKED, highs=HIGHS_ASKED, started=EARLIER_GIVEN
    )
    if other is not None:
        return other
    case = star_case(instance)
    if case is None:
        return NO_STAR
    if not fit(case.star):
        return BEHIND_MAY_PAY
    watcher.phase(Text("choosing sites of a star", "星形网络选址"))
    gap = instance.settings.gap if question.gap is None else question.gap
    options = SolveOptions(gap, clock.left(), question.memory_mb, question.seed)
    found = solve_star(case.star, options, on_progress=watcher.solver, stop=stop)
    clock.lap("star")
    if found.plan is None:
        return NO_PLAN_YET
    plan = Found(*routes_of(case, found.plan), found.plan.open, found.plan.cost, found.bound)
    problem, solved = as_problem(instance, plan, gap, stop)
    clock.lap("problem")
    behind = case.star.single and case.star.least_penalty < found.plan.cost
    last = not behind or ended(solved, clock, stop)
    why_open = BEHIND_COUNTS if behind else NOT_CLOSED
    return Short(Engine.STAR, STAR_NOTE, problem, solved, last, why_open)


def fit(star: Star) -> bool:
    """Tell whether a bound over plans that serve everybody may close the gap of a star.

    It cannot where serving everybody costs more, by a short ascent, than leaving the least behind.
    """
    from hubopt.engine.star.ascent import climb  # noqa: PLC0415  (numpy loads on use)
    from hubopt.engine.star.solve_star import first_prices  # noqa: PLC0415
    from hubopt.engine.star.star import undecided  # noqa: PLC0415

    if not star.single or star.loose:
        return True
    least = star.least_penalty
    if least <= 0 or star.light_may_stay:
        return False
    found = climb(star, first_prices(star), undecided(star), np.inf, FEW_STEPS,
                  over=lambda bound: bound > least)  # fmt: skip
    return found.best.value <= least


def routes_of(case: StarCase, plan: Served) -> tuple[RouteList, np.ndarray]:
    """Return the routes over the open sites, and the share that each has of its shipment.

    Without capacities only those that are used: no other could matter.
    """
    from hubopt.network.route import Route, RouteList  # noqa: PLC0415

    wanted = plan.shares > 0
    if not case.star.loose:
        wanted |= np.isfinite(case.star.cost[plan.open])
    routes, shares = [], []
    for j, shipment in enumerate(case.instance.demand):
        for here in np.flatnonzero(wanted[:, j]).tolist():
            routes.append(Route(shipment.id, case.steps(int(plan.open[here]), j)))
            shares.append(plan.shares[here, j])
    unreachable = np.flatnonzero(~wanted.any(axis=0)).tolist()
    return RouteList(
        tuple(routes), (), tuple(case.instance.demand[j].id for j in unreachable), case.star.sites
    ), np.array(shares)
