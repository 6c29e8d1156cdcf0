"""PuLP with the CBC that comes with it: the model is handed over as an MPS file."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.spec import Found
from hubopt.instance.public.location import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.cases import Case
    from hubopt.instance.public.fixed_charge import FixedCharge


def build(case: Case, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return the PuLP problem."""
    if isinstance(case, Location):
        return location(case, strong=strong)
    return network(case, strong=strong)


def location(case: Location, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return a location problem."""
    import pulp  # noqa: PLC0415  (loads on use)

    total = sum(case.demand)
    room = [total if one is None else one for one in case.capacity]
    sites, customers = range(len(room)), range(len(case.demand))
    p = pulp.LpProblem("location", pulp.LpMinimize)
    opened = [pulp.LpVariable(f"o{i}", cat="Binary") for i in sites]
    share = [[pulp.LpVariable(f"s{j}_{i}", 0, 1) for i in sites] for j in customers]
    p += pulp.lpSum(case.fixed[i] * opened[i] for i in sites) + pulp.lpSum(
        case.cost[j][i] * share[j][i] for j in customers for i in sites
    )
    for j in customers:
        p += pulp.lpSum(share[j]) == 1
    for i in sites:
        used = pulp.lpSum(case.demand[j] * share[j][i] for j in customers)
        p += used <= room[i] * opened[i]
    if strong:
        for j in customers:
            for i in sites:
                p += share[j][i] <= opened[i]
    return p


def network(case: FixedCharge, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return a network design problem."""
    import pulp  # noqa: PLC0415  (loads on use)

    arcs, goods = case.arcs, case.commodities
    p = pulp.LpProblem("network", pulp.LpMinimize)
    opened = [pulp.LpVariable(f"o{a}", cat="Binary") for a in range(len(arcs))]
    flow = [
        [pulp.LpVariable(f"f{k}_{a}", 0, one.units) for a in range(len(arcs))]
        for k, one in enumerate(goods)
    ]
    p += pulp.lpSum(arc.fixed * opened[a] for a, arc in enumerate(arcs)) + pulp.lpSum(
        arc.price * flow[k][a] for k in range(len(goods)) for a, arc in enumerate(arcs)
    )
    for k, one in enumerate(goods):
        for n in range(1, case.nodes + 1):
            net = one.units * ((n == one.origin) - (n == one.destination))
            out = pulp.lpSum(flow[k][a] for a, arc in enumerate(arcs) if arc.tail == n)
            p += out - pulp.lpSum(flow[k][a] for a, arc in enumerate(arcs) if arc.head == n) == net
    for a, arc in enumerate(arcs):
        p += pulp.lpSum(row[a] for row in flow) <= arc.capacity * opened[a]
    if strong:
        for k, one in enumerate(goods):
            for a, arc in enumerate(arcs):
                p += flow[k][a] <= min(one.units, arc.capacity) * opened[a]
    return p


def cbc() -> str:
    """Return the path of the CBC that comes with PuLP; raise `ImportError` if it cannot run."""
    import pulp  # noqa: PLC0415  (loads on use)

    solver = pulp.PULP_CBC_CMD(msg=False)
    if not solver.available():
        message = "PuLP is installed without a CBC that runs on this machine"
        raise ImportError(message)
    return str(solver.path)


def hand_over(model: Any) -> tuple[Any, Callable[[], int]]:  # noqa: ANN401
    """Write the model as MPS and let CBC read it; return what CBC said, and its nonzeros."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "model.mps"
        model.writeMPS(str(file))
        said = subprocess.run(  # noqa: S603  (the program that PuLP brings)
            [cbc(), str(file), "quit"], capture_output=True, text=True, check=True
        ).stdout
    nonzeros = re.search(r"(\d+) elements", said)
    return said, lambda: int(nonzeros[1]) if nonzeros else 0


def solve(model: Any, limit_s: float, gap: float) -> Found:  # noqa: ANN401
    """Solve and return value and bound, from the log: PuLP says neither bound nor gap."""
    import pulp  # noqa: PLC0415  (loads on use)

    cbc()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        solver = pulp.PULP_CBC_CMD(
            msg=False, timeLimit=limit_s, gapRel=gap, logPath=str(log), keepFiles=False
        )
        model.solve(solver)
        said = log.read_text(encoding="utf-8", errors="replace")
    proved = "Optimal solution found" in said and model.sol_status == 1
    value = pulp.value(model.objective) if model.sol_status in {1, 2} else None
    lower = re.search(r"Lower bound:\s+(\S+)", said)
    version = re.search(r"Version: (\S+)", said)
    bound = value if proved else float(lower[1]) if lower else None
    status = "optimal" if proved else "limit"
    return Found(status, value=value, bound=bound, solver=f"CBC {version[1]}" if version else "")
