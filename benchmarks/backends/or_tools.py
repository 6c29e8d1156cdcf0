"""OR-Tools by MathOpt: its HiGHS to be handed a model, its SCIP to solve.

Its wheel holds a HiGHS of its own, which does not bear another one in the same process: nothing
here may load highspy.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from benchmarks.spec import Found
from hubopt.instance.public.location import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.cases import Case
    from hubopt.instance.public.fixed_charge import FixedCharge


def build(case: Case, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return the MathOpt model."""
    if isinstance(case, Location):
        return location(case, strong=strong)
    return network(case, strong=strong)


def location(case: Location, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return a location problem."""
    from ortools.math_opt.python import mathopt  # noqa: PLC0415  (loads on use)

    total = sum(case.demand)
    room = [total if one is None else one for one in case.capacity]
    sites, customers = range(len(room)), range(len(case.demand))
    m = mathopt.Model()
    opened = [m.add_binary_variable() for _ in sites]
    share = [[m.add_variable(lb=0.0, ub=1.0) for _ in sites] for _ in customers]
    m.minimize(
        mathopt.fast_sum(case.fixed[i] * opened[i] for i in sites)
        + mathopt.fast_sum(case.cost[j][i] * share[j][i] for j in customers for i in sites)
    )
    for j in customers:
        m.add_linear_constraint(mathopt.fast_sum(share[j]) == 1)
    for i in sites:
        used = mathopt.fast_sum(case.demand[j] * share[j][i] for j in customers)
        m.add_linear_constraint(used <= room[i] * opened[i])
    if strong:
        for j in customers:
            for i in sites:
                m.add_linear_constraint(share[j][i] <= opened[i])
    return m


def network(case: FixedCharge, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return a network design problem."""
    from ortools.math_opt.python import mathopt  # noqa: PLC0415  (loads on use)

    arcs, goods = case.arcs, case.commodities
    m = mathopt.Model()
    opened = [m.add_binary_variable() for _ in arcs]
    flow = [[m.add_variable(lb=0.0, ub=one.units) for _ in arcs] for one in goods]
    m.minimize(
        mathopt.fast_sum(arc.fixed * opened[a] for a, arc in enumerate(arcs))
        + mathopt.fast_sum(
            arc.price * flow[k][a] for k in range(len(goods)) for a, arc in enumerate(arcs)
        )
    )
    for k, one in enumerate(goods):
        for n in range(1, case.nodes + 1):
            net = one.units * ((n == one.origin) - (n == one.destination))
            out = mathopt.fast_sum(flow[k][a] for a, arc in enumerate(arcs) if arc.tail == n)
            into = mathopt.fast_sum(flow[k][a] for a, arc in enumerate(arcs) if arc.head == n)
            m.add_linear_constraint(out - into == net)
    for a, arc in enumerate(arcs):
        m.add_linear_constraint(mathopt.fast_sum(r[a] for r in flow) <= arc.capacity * opened[a])
    if strong:
        for k, one in enumerate(goods):
            for a, arc in enumerate(arcs):
                most = min(one.units, arc.capacity)
                m.add_linear_constraint(flow[k][a] <= most * opened[a])
    return m


def hand_over(model: Any) -> tuple[Any, Callable[[], int]]:  # noqa: ANN401
    """Return the solver that holds the model, and how to count the model's nonzeros."""
    from ortools.math_opt.python import mathopt  # noqa: PLC0415  (loads on use)

    held = mathopt.IncrementalSolver(model, mathopt.SolverType.HIGHS)
    return held, lambda: sum(1 for _ in model.linear_constraint_matrix_entries())


def solve(model: Any, limit_s: float, gap: float) -> Found:  # noqa: ANN401
    """Solve with SCIP and return value and bound."""
    from ortools.math_opt.python import mathopt  # noqa: PLC0415  (loads on use)

    how = mathopt.SolveParameters(
        time_limit=timedelta(seconds=limit_s), relative_gap_tolerance=gap, enable_output=False
    )
    result = mathopt.solve(model, mathopt.SolverType.GSCIP, params=how)
    proved = result.termination.reason is mathopt.TerminationReason.OPTIMAL
    value = result.objective_value() if result.has_primal_feasible_solution() else None
    return Found("optimal" if proved else "limit", value=value, bound=result.dual_bound())
