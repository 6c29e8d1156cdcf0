"""Paths of a plan in whole kilograms, with as many runs as they need.

A solver's runs are whole within a tolerance: a kilogram may ride on a millionth of a run, or load
one by a part of a kilogram more than it takes. A plan costs what it costs in kilograms.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.network.way import way_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.engine.network.design import Design
    from hubopt.problem.problem import Floats, Ints

NEARLY = 1e-3
"""A flow this little below a whole kilogram is that one."""

ROUNDED = 1e-6
"""A capacity this little below a whole kilogram is that one: settling has it as a fraction."""

Path = tuple[int, ...]


@dataclass
class Carried:
    """Kilograms by path, each path with the shipment that goes along it."""

    paths: list[Path]
    owner: list[int]
    kg: list[int] = field(default_factory=list)

    def each(self) -> Iterator[tuple[Path, int, int]]:
        """Yield each path with its shipment and kilograms."""
        return zip(self.paths, self.owner, self.kg, strict=True)

    def add(self, path: Path, k: int, kg: int) -> None:
        """Add a path of a shipment with so many kilograms."""
        self.paths.append(path)
        self.owner.append(k)
        self.kg.append(kg)


@dataclass
class Loading:
    """Kilograms put on paths: `runs` m, `room` m left aboard them and `behind` k not yet sent."""

    design: Design
    runs: Ints
    room: Ints
    behind: Ints

    def put(self, path: Path, k: int, kg: int) -> int:
        """Put at most so many kilograms on a path, as far as there is room; return how many."""
        arcs = list(path)
        kg = max(min(kg, int(self.room[arcs].min()), int(self.behind[k])), 0)
        self.room[arcs] -= kg
        self.behind[k] -= kg
        return kg

    def run_more(self, path: Path, k: int, kg: int) -> bool:
        """Let more runs take so many kilograms if that costs less than leaving them behind."""
        design, arcs = self.design, list(path)
        each = kilograms(design.capacity[arcs] * design.kg_per_unit, ROUNDED)
        if (each <= 0).any():
            return False
        more = np.maximum(-((self.room[arcs] - kg) // each), 0)
        units = kg / design.kg_per_unit
        paid = float(design.fixed[arcs] @ more + design.cost[arcs, k].sum() * units)
        fit = bool((self.runs[arcs] + more <= design.most[arcs]).all())
        if not fit or paid >= design.unserved[k] * units:
            return False
        self.runs[arcs] += more
        self.room[arcs] += more * each
        return True


def kilograms(amounts: Floats, nearly: float) -> Ints:
    """Return amounts in kilograms, rounded down but for what is so nearly a whole one."""
    return np.floor(amounts + nearly).astype(np.int64)


def whole_paths(
    design: Design, runs: Ints, carried: Carried, amount: Floats, left: Floats
) -> tuple[Ints, Carried, Ints]:
    """Return runs m, kilograms by path and behind by shipment, of units by path and units `left`.

    What rounding down leaves over goes where there is room: along the paths of its shipment, or by
    another way that runs, or where more runs pay.
    """
    unit = design.kg_per_unit
    loading = Loading(
        design, runs.copy(), kilograms(runs * design.capacity * unit, ROUNDED),
        np.round(design.demand * unit).astype(np.int64),
    )  # fmt: skip
    stays = np.round(left * unit).astype(np.int64)
    found = Carried(list(carried.paths), list(carried.owner), [])
    wanted = kilograms(amount * unit, NEARLY).tolist()
    for path, k, kg in zip(carried.paths, carried.owner, wanted, strict=True):
        found.kg.append(loading.put(path, k, kg))
    along(loading, found, stays, more=False)
    for k in np.flatnonzero(loading.behind > stays).tolist():
        around(loading, found, k, int(stays[k]))
    along(loading, found, stays, more=True)
    return loading.runs, found, loading.behind


def along(loading: Loading, found: Carried, stays: Ints, *, more: bool) -> None:
    """Put what is left over on paths of its shipment, where there is room or `more` runs pay."""
    for here, (path, k) in enumerate(zip(found.paths, found.owner, strict=True)):
        over = int(loading.behind[k] - stays[k])
        if over > 0 and (not more or loading.run_more(path, k, over)):
            found.kg[here] += loading.put(path, k, over)


def around(loading: Loading, found: Carried, k: int, stays: int) -> None:
    """Put what is left over of a shipment on other ways that run and have room, if that pays."""
    design = loading.design
    while loading.behind[k] > stays:
        way = tuple(way_of(design, k, loading.room > 0))
        if not way or design.cost[list(way), k].sum() >= design.unserved[k]:
            return
        found.add(way, k, loading.put(way, k, int(loading.behind[k]) - stays))
