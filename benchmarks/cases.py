"""The cases: seeded location and network design problems, public ones, and invented instances."""

from __future__ import annotations

import math
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.instance.invented.draws import Draws
from hubopt.instance.public.fixed_charge import Arc, Commodity, FixedCharge
from hubopt.instance.public.location import Location
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.spec import Spec

    Case = Location | FixedCharge

SIDE = 1000
TIMES_DEMAND = 4
"""Capacity of all facilities together over all demand."""

NEIGHBOURS = 3
BUSY_SHARE = 6
"""The capacity of an arc over the average commodity."""


def case_of(spec: Spec) -> Case:
    """Return the case of a spec, in whole units, so that every method sees the same numbers."""
    makers: dict[str, Callable[[Spec], Case]] = {
        "location": location,
        "uncapacitated": uncapacitated,
        "network": network,
        "orlib": orlib,
        "dow": dow,
    }
    return makers[spec.family](spec)


def point(draws: Draws) -> tuple[int, int]:
    """Return a point of the square."""
    return draws.whole(0, SIDE), draws.whole(0, SIDE)


def location(spec: Spec) -> Location:
    """Return a capacitated location problem: costs by distance, as Cornuejols et al. (1991)."""
    draws = Draws(spec.numbers["seed"], 5)
    sites, customers = spec.numbers["sites"], spec.numbers["customers"]
    here = [point(draws) for _ in range(sites)]
    there = [point(draws) for _ in range(customers)]
    demand = [draws.whole(5, 35) for _ in range(customers)]
    room = TIMES_DEMAND * sum(demand) // sites
    capacity = [max(35, room * draws.whole(40, 160) // 100) for _ in range(sites)]
    fixed = [draws.whole(0, 900) + round(math.sqrt(c) * draws.whole(1000, 1100)) for c in capacity]
    cost = [
        tuple(float(d * round(math.sqrt((a - x) ** 2 + (b - y) ** 2) / 10)) for x, y in here)
        for d, (a, b) in zip(demand, there, strict=True)
    ]
    return Location(
        "location", Text("seeded location", "随机选址"), tuple(map(float, fixed)),
        tuple(map(float, capacity)), tuple(map(float, demand)), tuple(cost),
    )  # fmt: skip


def uncapacitated(spec: Spec) -> Location:
    """Return a location problem with a large duality gap (Ghosh 2003, class b)."""
    draws = Draws(spec.numbers["seed"], 6)
    count = spec.numbers["sites"]
    fixed = tuple(float(draws.whole(1000, 2000)) for _ in range(count))
    return Location(
        "uncapacitated", Text("large duality gap", "大对偶间隙"), fixed, (None,) * count,
        (1.0,) * count,
        tuple(tuple(float(draws.whole(1000, 2000)) for _ in range(count)) for _ in range(count)),
    )  # fmt: skip


def network(spec: Spec) -> FixedCharge:
    """Return a fixed-charge network design problem: arcs to the nearest nodes, both ways."""
    draws = Draws(spec.numbers["seed"], 7)
    nodes, sent = spec.numbers["nodes"], spec.numbers["commodities"]
    at = [point(draws) for _ in range(nodes)]
    far = [[math.sqrt((a - x) ** 2 + (b - y) ** 2) for x, y in at] for a, b in at]
    pairs: dict[tuple[int, int], None] = {}
    for a, row in enumerate(far):
        near = sorted((km, b) for b, km in enumerate(row) if b != a)[:NEIGHBOURS]
        for b in (*(b for _, b in near), (a + 1) % nodes):
            if a != b:
                pairs[min(a, b), max(a, b)] = None
    commodities = [
        Commodity(a + 1, (a + 1 + draws.whole(0, nodes - 2)) % nodes + 1, float(draws.whole(2, 20)))
        for a in (draws.whole(0, nodes - 1) for _ in range(sent))
    ]
    room = BUSY_SHARE * sum(one.units for one in commodities) // sent
    arcs = [
        Arc(a + 1, b + 1, float(1 + round(far[a][b] / 20)), float(room),
            float(20 + round(far[a][b] * draws.whole(80, 120) / 100)))
        for pair in pairs for a, b in (pair, pair[::-1])
    ]  # fmt: skip
    return FixedCharge(
        "network", Text("seeded network", "随机网络"), nodes, tuple(arcs), tuple(commodities)
    )


def orlib(spec: Spec) -> Location:
    """Return a public location problem from its file."""
    from hubopt.instance.public.orlib_cap import read_file  # noqa: PLC0415  (loads on use)

    found = read_file(Path(spec.file))
    return Location(
        "orlib", Text(spec.name, spec.name), found.fixed, found.capacity, found.demand, found.cost
    )


def dow(spec: Spec) -> FixedCharge:
    """Return a public network design problem from its file."""
    from hubopt.instance.public.dow import read  # noqa: PLC0415  (loads on use)

    (case,) = read(Path(spec.file))
    made = case.make
    design = made.args[0] if isinstance(made, partial) else None
    if not isinstance(design, FixedCharge):
        message = f"{spec.file}: no network design"
        raise TypeError(message)
    return design


def benchmark_folder() -> Path | None:
    """Return the folder of public cases that HUBOPT_BENCHMARKS names, `None` without one."""
    named = os.environ.get("HUBOPT_BENCHMARKS")
    return Path(named) if named and Path(named).is_dir() else None
