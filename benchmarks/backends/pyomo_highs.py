"""Pyomo with HiGHS through its persistent interface (appsi), as a textbook writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.spec import Found
from hubopt.instance.public.location import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.cases import Case
    from hubopt.instance.public.fixed_charge import FixedCharge


def build(case: Case, *, strong: bool) -> Any:  # noqa: ANN401  (Pyomo has no types)
    """Return the Pyomo model."""
    if isinstance(case, Location):
        return location(case, strong=strong)
    return network(case, strong=strong)


def location(case: Location, *, strong: bool) -> Any:  # noqa: ANN401  (Pyomo has no types)
    """Return a location problem with indexed variables and rules."""
    import pyomo.environ as pyo  # noqa: PLC0415  (loads on use)

    total = sum(case.demand)
    room = [total if one is None else one for one in case.capacity]
    m = pyo.ConcreteModel()
    m.I, m.J = pyo.RangeSet(0, len(room) - 1), pyo.RangeSet(0, len(case.demand) - 1)
    m.open = pyo.Var(m.I, domain=pyo.Binary)
    m.share = pyo.Var(m.J, m.I, bounds=(0, 1))
    m.cost = pyo.Objective(
        expr=sum(case.fixed[i] * m.open[i] for i in m.I)
        + sum(case.cost[j][i] * m.share[j, i] for j in m.J for i in m.I)
    )
    m.served = pyo.Constraint(m.J, rule=lambda m, j: sum(m.share[j, i] for i in m.I) == 1)
    m.fits = pyo.Constraint(
        m.I,
        rule=lambda m, i: sum(case.demand[j] * m.share[j, i] for j in m.J) <= room[i] * m.open[i],
    )
    if strong:
        m.links = pyo.Constraint(m.J, m.I, rule=lambda m, j, i: m.share[j, i] <= m.open[i])
    return m


def network(case: FixedCharge, *, strong: bool) -> Any:  # noqa: ANN401  (Pyomo has no types)
    """Return a network design problem with indexed variables and rules."""
    import pyomo.environ as pyo  # noqa: PLC0415  (loads on use)

    arcs, goods = case.arcs, case.commodities
    leaving: dict[int, list[int]] = {n: [] for n in range(1, case.nodes + 1)}
    coming: dict[int, list[int]] = {n: [] for n in range(1, case.nodes + 1)}
    for number, arc in enumerate(arcs):
        leaving[arc.tail].append(number)
        coming[arc.head].append(number)
    m = pyo.ConcreteModel()
    m.A, m.K = pyo.RangeSet(0, len(arcs) - 1), pyo.RangeSet(0, len(goods) - 1)
    m.N = pyo.RangeSet(1, case.nodes)
    m.open = pyo.Var(m.A, domain=pyo.Binary)
    m.flow = pyo.Var(m.K, m.A, bounds=lambda _m, k, _a: (0, goods[k].units))
    m.cost = pyo.Objective(
        expr=sum(arcs[a].fixed * m.open[a] for a in m.A)
        + sum(arcs[a].price * m.flow[k, a] for k in m.K for a in m.A)
    )

    def balance(m: Any, k: int, n: int) -> Any:  # noqa: ANN401  (Pyomo has no types)
        out = sum(m.flow[k, a] for a in leaving[n]) - sum(m.flow[k, a] for a in coming[n])
        net = goods[k].units * ((n == goods[k].origin) - (n == goods[k].destination))
        return out == net

    m.balance = pyo.Constraint(m.K, m.N, rule=balance)
    m.fits = pyo.Constraint(
        m.A, rule=lambda m, a: sum(m.flow[k, a] for k in m.K) <= arcs[a].capacity * m.open[a]
    )
    if strong:
        m.links = pyo.Constraint(
            m.K,
            m.A,
            rule=lambda m, k, a: m.flow[k, a] <= min(goods[k].units, arcs[a].capacity) * m.open[a],
        )
    return m


def hand_over(model: Any) -> tuple[Any, Callable[[], int]]:  # noqa: ANN401  (no types)
    """Return the interface that holds the model in HiGHS, and how to count the nonzeros there."""
    from pyomo.contrib.appsi.solvers import Highs  # noqa: PLC0415  (loads on use)

    solver = Highs()
    solver.set_instance(model)
    return solver, solver._solver_model.getNumNz  # noqa: SLF001  (no public way)


def solve(model: Any, limit_s: float, gap: float) -> Found:  # noqa: ANN401  (Pyomo has no types)
    """Solve and return value and bound."""
    from pyomo.contrib.appsi.base import TerminationCondition  # noqa: PLC0415  (loads on use)
    from pyomo.contrib.appsi.solvers import Highs  # noqa: PLC0415

    solver = Highs()
    solver.config.time_limit, solver.config.mip_gap = limit_s, gap
    solver.config.load_solution = False
    result = solver.solve(model)
    condition = result.termination_condition
    status = {
        TerminationCondition.optimal: "optimal",
        TerminationCondition.maxTimeLimit: "limit",
    }.get(condition, str(condition))
    return Found(status, value=result.best_feasible_objective, bound=result.best_objective_bound)
