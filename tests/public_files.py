"""Tiny files in the formats of public benchmarks, and their optima by trying everything."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Tiny:
    """A location problem: `cost[j][i]` serves all of customer j from facility i."""

    capacity: tuple[int, ...]
    fixed: tuple[int, ...]
    demand: tuple[int, ...]
    cost: tuple[tuple[float, ...], ...]

    @property
    def sets(self) -> Iterator[tuple[int, ...]]:
        """Every choice of facilities but none."""
        here = range(len(self.fixed))
        return itertools.chain.from_iterable(
            itertools.combinations(here, size) for size in range(1, len(self.fixed) + 1)
        )


def tiny(seed: int) -> Tiny:
    """Return a random problem of three facilities, any two of which hold all demands unsplit."""
    rng = random.Random(seed)
    demand = tuple(rng.randint(1, 20) for _ in range(4))
    least = (sum(demand) + max(demand) + 1) // 2
    cost = tuple(tuple(rng.randint(10, 9999) / 100 for _ in range(3)) for _ in demand)
    return Tiny(
        tuple(rng.randint(least, least + 2) for _ in range(3)),
        tuple(rng.randint(0, 150) for _ in range(3)),
        demand,
        cost,
    )


def with_one_weightless(case: Tiny) -> Tiny:
    """Return a problem whose first customer has no demand, but costs something to serve."""
    return replace(case, demand=(0, *case.demand[1:]))


def cap_text(case: Tiny) -> str:
    """Return a problem in OR-Library's format, numbers with points as there."""
    lines = [f" {len(case.fixed)} {len(case.demand)} "]
    lines += [f" {s} {f}. " for s, f in zip(case.capacity, case.fixed, strict=True)]
    for units, row in zip(case.demand, case.cost, strict=True):
        lines += [f" {units} ", " " + " ".join(f"{cost:.5f}" for cost in row)]
    return "\n".join(lines) + "\n"


def holmberg_text(case: Tiny) -> str:
    """Return a problem in Holmberg's format."""
    lines = [f"{len(case.fixed)} {len(case.demand)}"]
    lines += [f"{s} {f}" for s, f in zip(case.capacity, case.fixed, strict=True)]
    lines.append(" ".join(f"{units}." for units in case.demand))
    lines += [" ".join(map(str, column)) for column in zip(*case.cost, strict=True)]
    return "\n".join(lines) + "\n"


def pmed_text(case: Tiny, p: int) -> str:
    """Return a problem as a p-median problem."""
    lines = ["FILE: pmed1.txt", f"{len(case.fixed)} {len(case.demand)} {p}"]
    for number, column in enumerate(zip(*case.cost, strict=True), start=1):
        lines.append(" ".join([str(number), "0", *map(str, column)]))
    return "\n".join(lines) + "\n"


def best_split(case: Tiny) -> float:
    """Return the least cost where demand may be split: a transport problem for every set."""
    return min(opened(case, chosen) + transport(case, chosen) for chosen in case.sets)


def opened(case: Tiny, chosen: tuple[int, ...]) -> float:
    """Return what a set of facilities costs."""
    return sum(case.fixed[i] for i in chosen)


def transport(case: Tiny, chosen: tuple[int, ...]) -> float:
    """Return the least cost of serving everybody from a set, shares as unknowns."""
    cost = np.array([[row[i] for i in chosen] for row in case.cost])
    customers, sites = cost.shape
    served = np.kron(np.eye(customers), np.ones(sites))
    used = np.kron(np.array(case.demand), np.eye(sites))
    found = linprog(
        cost.ravel(), A_ub=used, b_ub=[case.capacity[i] for i in chosen],
        A_eq=served, b_eq=np.ones(customers),
    )  # fmt: skip
    return float(found.fun) if found.success else float("inf")


def best_free(case: Tiny) -> float:
    """Return the least cost without capacities."""
    return min(opened(case, chosen) + nearest(case, chosen) for chosen in case.sets)


def nearest(case: Tiny, chosen: tuple[int, ...]) -> float:
    """Return what serving everybody from the cheapest of a set costs."""
    return sum(min(row[i] for i in chosen) for row in case.cost)


def best_median(case: Tiny, p: int) -> float:
    """Return the least cost of p facilities that are free to open."""
    return min(nearest(case, s) for s in itertools.combinations(range(len(case.fixed)), p))


def best_single(case: Tiny) -> float:
    """Return the least cost where each customer has one facility: every assignment."""
    best = float("inf")
    for sites in itertools.product(range(len(case.fixed)), repeat=len(case.demand)):
        load = [0] * len(case.fixed)
        for i, units in zip(sites, case.demand, strict=True):
            load[i] += units
        if all(used <= most for used, most in zip(load, case.capacity, strict=True)):
            paid = sum(row[i] for i, row in zip(sites, case.cost, strict=True))
            best = min(best, paid + opened(case, tuple(set(sites))))
    return best
