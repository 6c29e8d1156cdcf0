"""A scenario of the multimodal family in Pyomo over ways that are listed, with strong links."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Way:
    """A way of a shipment by a site: what a unit pays, handling included, and its shared arcs."""

    shipment: int
    site: int
    cost: float
    arcs: tuple[int, ...]


@dataclass(frozen=True)
class Listed:
    """A scenario as plain numbers: `units` by shipment, (room, fixed cost) by site and size.

    `room` is that of shared arcs; `unserved` by shipment keeps the model feasible, as in hubopt.
    """

    ways: Sequence[Way]
    units: Sequence[float]
    sizes: Sequence[Sequence[tuple[float, float]]]
    room: Sequence[float]
    unserved: Sequence[float]


def build(case: Listed) -> Any:  # noqa: ANN401  (Pyomo has no types)
    """Return the model: flows on ways, sizes that open, and a link for each shipment and site."""
    import pyomo.environ as pyo  # noqa: PLC0415  (loads on use)

    by_shipment, by_site, by_arc, by_pair = (defaultdict(list) for _ in range(4))
    for w, way in enumerate(case.ways):
        by_shipment[way.shipment].append(w)
        by_site[way.site].append(w)
        by_pair[way.shipment, way.site].append(w)
        for arc in way.arcs:
            by_arc[arc].append(w)
    sizes = [(i, k) for i, some in enumerate(case.sizes) for k in range(len(some))]
    m = pyo.ConcreteModel()
    m.W, m.S = pyo.RangeSet(0, len(case.ways) - 1), pyo.RangeSet(0, len(case.units) - 1)
    m.I, m.Z = pyo.Set(initialize=sorted(by_site)), pyo.Set(initialize=sizes, dimen=2)
    m.open = pyo.Var(m.Z, domain=pyo.Binary)
    m.flow = pyo.Var(m.W, domain=pyo.NonNegativeReals)
    m.missing = pyo.Var(m.S, domain=pyo.NonNegativeReals)
    m.cost = pyo.Objective(
        expr=sum(case.sizes[i][k][1] * m.open[i, k] for i, k in sizes)
        + sum(case.ways[w].cost * m.flow[w] for w in m.W)
        + sum(case.unserved[s] * m.missing[s] for s in m.S)
    )

    def opened(m: Any, i: int) -> Any:  # noqa: ANN401  (Pyomo has no types)
        return sum(m.open[i, k] for k in range(len(case.sizes[i])))

    m.served = pyo.Constraint(
        m.S,
        rule=lambda m, s: sum(m.flow[w] for w in by_shipment[s]) + m.missing[s] == case.units[s],
    )
    m.one_size = pyo.Constraint(m.I, rule=lambda m, i: opened(m, i) <= 1)
    m.fits = pyo.Constraint(
        m.I,
        rule=lambda m, i: (
            sum(m.flow[w] for w in by_site[i])
            <= sum(room * m.open[i, k] for k, (room, _) in enumerate(case.sizes[i]))
        ),
    )
    m.arc_capacity = pyo.Constraint(
        sorted(by_arc), rule=lambda m, a: sum(m.flow[w] for w in by_arc[a]) <= case.room[a]
    )
    m.links = pyo.Constraint(
        sorted(by_pair),
        rule=lambda m, s, i: sum(m.flow[w] for w in by_pair[s, i]) <= case.units[s] * opened(m, i),
    )
    return m
