"""The multimodal family as arc flows in Pyomo, as a textbook writes it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from benchmarks.multimodal import Multimodal


def build(case: Multimodal, *, strong: bool) -> Any:  # noqa: ANN401  (Pyomo has no types)
    """Return flows of each shipment over each arc, before and after the site that handles it.

    Weak links are the sites' capacities alone; strong ones bind each shipment to the opening too.
    """
    import pyomo.environ as pyo  # noqa: PLC0415  (loads on use)

    sent, arcs, sites = case.shipments, case.arcs, case.sites
    m = pyo.ConcreteModel()
    m.S, m.A = pyo.RangeSet(0, len(sent) - 1), pyo.RangeSet(0, len(arcs) - 1)
    m.I, m.K = pyo.RangeSet(0, len(sites) - 1), pyo.RangeSet(0, len(sites[0].sizes) - 1)
    m.N = pyo.Set(initialize=sorted({end for arc in arcs for end in (arc.tail, arc.head)}))
    m.open = pyo.Var(m.I, m.K, domain=pyo.Binary)
    m.before, m.after = (pyo.Var(m.S, m.A, domain=pyo.NonNegativeReals) for _ in range(2))
    m.handled = pyo.Var(m.S, m.I, bounds=lambda _m, s, i: (0, most(case, s, i)))
    m.cost = pyo.Objective(
        expr=sum(sites[i].sizes[k][1] * m.open[i, k] for i in m.I for k in m.K)
        + sum(sites[i].handling * m.handled[s, i] for s in m.S for i in m.I)
        + sum(
            arcs[a].cost[sent[s].kind] * (m.before[s, a] + m.after[s, a]) for s in m.S for a in m.A
        )
    )
    add_balances(m, case)
    m.one_size = pyo.Constraint(m.I, rule=lambda m, i: sum(m.open[i, k] for k in m.K) <= 1)
    m.fits = pyo.Constraint(
        m.I,
        rule=lambda m, i: (
            sum(m.handled[s, i] for s in m.S)
            <= sum(sites[i].sizes[k][0] * m.open[i, k] for k in m.K)
        ),
    )
    shared = [a for a, arc in enumerate(arcs) if arc.capacity is not None]
    m.arc_capacity = pyo.Constraint(
        shared,
        rule=lambda m, a: sum(m.before[s, a] + m.after[s, a] for s in m.S) <= arcs[a].capacity,
    )
    if strong:
        m.links = pyo.Constraint(
            m.S,
            m.I,
            rule=lambda m, s, i: m.handled[s, i] <= sent[s].units * sum(m.open[i, k] for k in m.K),
        )
    return m


def most(case: Multimodal, shipment: int, site: int) -> float:
    """Return how much of a shipment a site may handle."""
    one = case.shipments[shipment]
    return 0.0 if one.bonded and not case.sites[site].bonded else one.units


def add_balances(m: Any, case: Multimodal) -> None:  # noqa: ANN401  (Pyomo has no types)
    """Add that what comes to a node leaves it, but for origins, destinations and handling."""
    import pyomo.environ as pyo  # noqa: PLC0415  (loads on use)

    leaving, coming, here = (defaultdict(list) for _ in range(3))
    for a, arc in enumerate(case.arcs):
        leaving[arc.tail].append(a)
        coming[arc.head].append(a)
    for i, site in enumerate(case.sites):
        here[site.node].append(i)

    def net(flow: Any, s: int, n: int) -> Any:  # noqa: ANN401  (Pyomo has no types)
        return sum(flow[s, a] for a in leaving[n]) - sum(flow[s, a] for a in coming[n])

    def before(m: Any, s: int, n: int) -> Any:  # noqa: ANN401  (Pyomo has no types)
        starts = case.shipments[s].units * (n == case.shipments[s].origin)
        return net(m.before, s, n) == starts - sum(m.handled[s, i] for i in here[n])

    def after(m: Any, s: int, n: int) -> Any:  # noqa: ANN401  (Pyomo has no types)
        ends = case.shipments[s].units * (n == case.shipments[s].destination)
        return net(m.after, s, n) == sum(m.handled[s, i] for i in here[n]) - ends

    m.before_site = pyo.Constraint(m.S, m.N, rule=before)
    m.after_site = pyo.Constraint(m.S, m.N, rule=after)
