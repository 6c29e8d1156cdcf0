"""Small random problems of siting with one stop, their files, and their optimum by arcs in a MIP.

The optimum is that of the plainest formulation: for each shipment a flow on every arc before the
site and one after it, what it is handled of at each size of each site, and sizes open or not. It
knows neither routes nor prices.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_matrix

from hubopt.instance.public.multimodal import ARCS, SHIPMENTS, SITES
from hubopt.instance.public.one_stop import OneStop, StopArc, StopShipment, StopSite
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

FACTORS = (1.0, 1.2, 6.0)


@dataclass(frozen=True)
class Size:
    """How large a random problem is."""

    nodes: int = 6
    extra: int = 6
    shipments: int = 5
    sites: int = 3


def random_case(seed: int, size: Size | None = None) -> OneStop:
    """Return a random problem: a ring of dear roads both ways, cheap arcs that carry little."""
    rng, size = random.Random(seed), size or Size()
    ring = [(v, (v + 1) % size.nodes) for v in range(size.nodes)]
    arcs = [arc(rng, a, b, 20, 60, None) for pair in ring for a, b in (pair, pair[::-1])]
    far = [(a, b) for a in range(size.nodes) for b in range(size.nodes) if a != b]
    for a, b in rng.sample([pair for pair in far if pair not in set(ring)], size.extra):
        most = rng.choice([None, *(rng.randint(5, 40) / 10 for _ in range(3))])
        arcs.append(arc(rng, a, b, 5, 40, most))
    sent = []
    for number in range(size.shipments):
        a, b = rng.choice(far)
        units = rng.randint(2, 30) / 10
        sent.append(StopShipment(a, b, rng.randrange(3), units, number > 0 and rng.random() < 0.3))
    total = sum(one.units for one in sent)
    nodes = rng.sample(range(size.nodes), size.sites)
    sites = [site(rng, node, total, bonded=i == 0 or rng.random() < 0.3)
             for i, node in enumerate(nodes)]  # fmt: skip
    return OneStop(
        f"R{seed}", Text("random", "随机"), size.nodes, tuple(arcs), tuple(sent), tuple(sites)
    )


def arc(rng: random.Random, a: int, b: int, least: int, most: int, room: float | None) -> StopArc:
    """Return an arc whose cost differs by class, not quite in proportion."""
    base = rng.randint(least * 10, most * 10) / 10
    cost = tuple(round(base * factor * rng.uniform(0.9, 1.1), 3) for factor in FACTORS)
    return StopArc(a, b, cost, room)


def site(rng: random.Random, node: int, total: float, *, bonded: bool) -> StopSite:
    """Return a site whose largest size holds about half of everything, a bonded one all of it."""
    room = round(total * rng.uniform(0.1, 0.2) * (2 if bonded else 1), 2)
    fixed = round(total * rng.uniform(2, 12), 2)
    sizes = tuple((round(room * 2**k, 2), round(fixed * 1.65**k, 2)) for k in range(3))
    if bonded:
        sizes = (*sizes[:2], (round(total * 1.1, 2), round(fixed * 3.2, 2)))
    return StopSite(node, bonded, round(rng.uniform(1, 5), 2), sizes)


def write_case(problem: OneStop, folder: Path, name: str = "R") -> Path:
    """Write the three files of a problem and return that of its arcs."""
    arcs = [
        [a.tail, a.head, "road", *a.cost, 1.0, "" if a.capacity is None else a.capacity]
        for a in problem.arcs
    ]
    sent = [[s.origin, s.destination, s.kind, s.units, int(s.bonded)] for s in problem.shipments]
    sites = [
        [i, s.node, int(s.bonded), s.handling, *(number for size in s.sizes for number in size)]
        for i, s in enumerate(problem.sites)
    ]
    for end, head, rows in (("arcs", ARCS, arcs), ("shipments", SHIPMENTS, sent),
                            ("sites", SITES, sites)):  # fmt: skip
        lines = [",".join(map(str, row)) for row in [list(head), *rows]]
        (folder / f"{name}_{end}.csv").write_text("\n".join(lines) + "\n", encoding="ascii")
    return folder / f"{name}_arcs.csv"


class ArcModel:
    """Columns and rows of the formulation by arcs, collected one by one."""

    def __init__(self, problem: OneStop) -> None:
        self.problem = problem
        self.cost: list[float] = []
        self.whole: list[int] = []
        self.entries: list[tuple[int, int, float]] = []
        self.sides: list[tuple[float, float]] = []
        self.build()

    def column(self, cost: float, *, whole: bool = False) -> int:
        """Add a column and return its number."""
        self.cost.append(cost)
        self.whole.append(int(whole))
        return len(self.cost) - 1

    def row(self, entries: dict[int, float], lower: float, upper: float) -> None:
        """Add a row."""
        self.entries += [(len(self.sides), column, value) for column, value in entries.items()]
        self.sides.append((lower, upper))

    def build(self) -> None:
        """Add everything."""
        problem = self.problem
        self.open = [
            [self.column(fixed, whole=True) for _, fixed in site.sizes] for site in problem.sites
        ]
        for columns in self.open:
            self.row(dict.fromkeys(columns, 1.0), 0, 1)
        on_arc: list[dict[int, float]] = [{} for _ in problem.arcs]
        at_site: list[dict[int, float]] = [{} for _ in problem.sites]
        for one in problem.shipments:
            self.shipment(one, on_arc, at_site)
        for arc, used in zip(problem.arcs, on_arc, strict=True):
            if arc.capacity is not None:
                self.row(used, 0, arc.capacity)
        for site, used, columns in zip(problem.sites, at_site, self.open, strict=True):
            room = {y: -most for y, (most, _) in zip(columns, site.sizes, strict=True)}
            self.row({**used, **room}, -np.inf, 0)

    def shipment(
        self,
        one: StopShipment,
        on_arc: list[dict[int, float]],
        at_site: list[dict[int, float]],
    ) -> None:
        """Add the flows of one shipment and its balance at every node, before and after."""
        problem = self.problem
        before: list[dict[int, float]] = [{} for _ in range(problem.nodes)]
        after: list[dict[int, float]] = [{} for _ in range(problem.nodes)]
        for number, arc in enumerate(problem.arcs):
            for balance in (before, after):
                x = self.column(arc.cost[one.kind])
                balance[arc.tail][x] = balance[arc.tail].get(x, 0.0) - 1.0
                balance[arc.head][x] = balance[arc.head].get(x, 0.0) + 1.0
                on_arc[number][x] = 1.0
        for i, site in enumerate(problem.sites):
            if site.bonded or not one.bonded:
                u = self.column(site.handling)
                before[site.node][u] = -1.0
                after[site.node][u] = 1.0
                at_site[i][u] = 1.0
                self.row({u: 1.0, **dict.fromkeys(self.open[i], -one.units)}, -np.inf, 0)
        for node in range(problem.nodes):
            sent = one.units if node == one.origin else 0.0
            self.row(before[node], -sent, -sent)
            come = one.units if node == one.destination else 0.0
            self.row(after[node], come, come)


def least_cost(problem: OneStop) -> float | None:
    """Return the optimum by the formulation by arcs, `None` if nothing is feasible."""
    model = ArcModel(problem)
    rows, columns, values = zip(*model.entries, strict=True)
    matrix = coo_matrix((values, (rows, columns)), shape=(len(model.sides), len(model.cost)))
    lower, upper = zip(*model.sides, strict=True)
    whole = np.array(model.whole)
    found = milp(
        np.array(model.cost),
        constraints=LinearConstraint(matrix.tocsr(), lower, upper),
        integrality=whole,
        bounds=Bounds(np.zeros(len(whole)), np.where(whole == 1, 1.0, np.inf)),
        options={"mip_rel_gap": 0.0},
    )
    return float(found.fun) if found.success else None
