"""Paths of a plan in whole kilograms, with as many runs as they need.

A solver's runs are whole within a tolerance: a kilogram may ride on a millionth of a run, or load
one by a part of a kilogram more than it takes. A plan costs what it costs in kilograms.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.engine.network.design import Design
    from hubopt.problem.problem import Floats, Ints

NEARLY = 1e-3
"""A flow this little below a whole kilogram is that one."""

ROUNDED = 1e-6
"""A capacity this little below a whole kilogram is that one: settling has it as a fraction."""

Path = tuple[int, ...]


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
    design: Design, runs: Ints, paths: Sequence[Path], owner: Ints, amount: Floats, left: Floats
) -> tuple[Ints, Ints, Ints]:
    """Return runs m, and kilograms by path and behind by shipment, of amounts and `left` in units.

    What rounding down leaves over goes where there is room, or where more runs pay.
    """
    unit = design.kg_per_unit
    loading = Loading(
        design, runs.copy(), kilograms(runs * design.capacity * unit, ROUNDED),
        np.round(design.demand * unit).astype(np.int64),
    )  # fmt: skip
    stays = np.round(left * unit).astype(np.int64)
    kg = np.zeros(len(paths), dtype=np.int64)
    for here, wanted in enumerate(kilograms(amount * unit, NEARLY).tolist()):
        kg[here] = loading.put(paths[here], int(owner[here]), wanted)
    for more in (False, True):
        for here, k in enumerate(owner.tolist()):
            over = int(loading.behind[k] - stays[k])
            if over > 0 and (not more or loading.run_more(paths[here], k, over)):
                kg[here] += loading.put(paths[here], k, over)
    return loading.runs, kg, loading.behind
