"""SCIP by PySCIPOpt, which builds the model inside the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.spec import Found
from hubopt.instance.public.location import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.cases import Case
    from hubopt.instance.public.fixed_charge import FixedCharge


def build(case: Case, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return the model, which is in SCIP by then."""
    if isinstance(case, Location):
        return location(case, strong=strong)
    return network(case, strong=strong)


def location(case: Location, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return a location problem."""
    import pyscipopt  # noqa: PLC0415  (loads on use)

    total = sum(case.demand)
    room = [total if one is None else one for one in case.capacity]
    sites, customers = range(len(room)), range(len(case.demand))
    m = pyscipopt.Model()
    m.hideOutput()
    opened = [m.addVar(vtype="B", obj=case.fixed[i]) for i in sites]
    share = [[m.addVar(lb=0, ub=1, obj=case.cost[j][i]) for i in sites] for j in customers]
    for j in customers:
        m.addCons(pyscipopt.quicksum(share[j]) == 1)
    for i in sites:
        used = pyscipopt.quicksum(case.demand[j] * share[j][i] for j in customers)
        m.addCons(used <= room[i] * opened[i])
    if strong:
        for j in customers:
            for i in sites:
                m.addCons(share[j][i] <= opened[i])
    return m


def network(case: FixedCharge, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return a network design problem."""
    import pyscipopt  # noqa: PLC0415  (loads on use)

    arcs, goods, total = case.arcs, case.commodities, pyscipopt.quicksum
    m = pyscipopt.Model()
    m.hideOutput()
    opened = [m.addVar(vtype="B", obj=arc.fixed) for arc in arcs]
    flow = [[m.addVar(lb=0, ub=one.units, obj=arc.price) for arc in arcs] for one in goods]
    for k, one in enumerate(goods):
        for n in range(1, case.nodes + 1):
            net = one.units * ((n == one.origin) - (n == one.destination))
            out = total(flow[k][a] for a, arc in enumerate(arcs) if arc.tail == n)
            m.addCons(out - total(flow[k][a] for a, arc in enumerate(arcs) if arc.head == n) == net)
    for a, arc in enumerate(arcs):
        m.addCons(total(row[a] for row in flow) <= arc.capacity * opened[a])
    if strong:
        for k, one in enumerate(goods):
            for a, arc in enumerate(arcs):
                m.addCons(flow[k][a] <= min(one.units, arc.capacity) * opened[a])
    return m


def hand_over(model: Any) -> tuple[Any, Callable[[], int]]:  # noqa: ANN401
    """Return the model, which is in SCIP already, and how to count its nonzeros."""
    return model, lambda: sum(len(model.getValsLinear(row)) for row in model.getConss())


def solve(model: Any, limit_s: float, gap: float) -> Found:  # noqa: ANN401
    """Solve and return value and bound."""
    model.setParam("limits/time", limit_s)
    model.setParam("limits/gap", gap)
    model.optimize()
    proved = model.getStatus() in {"optimal", "gaplimit"}
    value = model.getObjVal() if model.getNSols() else None
    solver = f"SCIP {model.version()}"
    status = "optimal" if proved else "limit"
    return Found(status, value=value, bound=model.getDualbound(), solver=solver)
