"""Small random stars, and what each set of open sites costs at best, by trying everything."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

from hubopt.engine.star.star import CLOSED, OPEN, Star

if TYPE_CHECKING:
    from collections.abc import Mapping

INFINITE = float("inf")


@dataclass(frozen=True)
class Kind:
    """What a random star is like; `dear` says that leaving goods behind never pays."""

    single: bool = False
    most: int | None = None
    room: float = 2.0
    dear: bool = True
    limited: bool = True
    alike: bool = False
    whole: bool = True
    fine: bool = False


KINDS = {
    "split, tight": Kind(room=1.2),
    "split, loose": Kind(room=3.0),
    "split, equal sites": Kind(room=1.5, alike=True),
    "split, at most two sites": Kind(most=2, room=3.0),
    "split, leaving behind may pay": Kind(room=1.3, dear=False),
    "split, less room than demand": Kind(room=0.8),
    "one source, tight": Kind(single=True, room=1.4),
    "one source, loose": Kind(single=True, room=3.0),
    "one source, equal sites": Kind(single=True, room=2.0, alike=True),
    "one source, at most two sites": Kind(single=True, most=2, room=3.5),
    "one source, costs of any digits": Kind(single=True, room=1.6, whole=False),
    "one source, weights to the kilogram": Kind(single=True, room=1.6, fine=True),
    "no capacities": Kind(limited=False),
    "no capacities, two sites": Kind(limited=False, most=2),
    "no capacities, leaving behind may pay": Kind(limited=False, dear=False),
    "no capacities, one source": Kind(limited=False, single=True),
}


def random_star(seed: int, kind: Kind, sites: int = 4, shipments: int = 5) -> Star:
    """Return a random star; one shipment takes nothing of a capacity, one site is not reached."""
    rng = random.Random(f"{seed} {kind}")
    weight = np.array([float(rng.randint(1, 20)) for _ in range(shipments)])
    if rng.random() < 0.3:
        weight[rng.randrange(shipments)] = 0.0
    if kind.fine:
        weight = np.array([w * 10_000_000 + rng.randint(0, 999) * (w > 0) for w in weight])
    each = kind.room * weight.sum() / sites
    capacity = np.array(
        [float(round(each * (1.0 if kind.alike else rng.uniform(0.6, 1.4)))) for _ in range(sites)]
    )
    money = rng.uniform if not kind.whole else rng.randint
    cost = np.array([[float(money(1, 99)) for _ in range(shipments)] for _ in range(sites)])
    if rng.random() < 0.3 and not kind.dear:
        cost[rng.randrange(sites), rng.randrange(shipments)] = INFINITE
    fixed = np.array([float(money(0, 120)) for _ in range(sites)])
    dear = 10_000.0 * np.maximum(weight, 1.0)
    cheap = np.array([money(60, 160) + 0.25 for _ in range(shipments)])
    return Star(
        fixed,
        capacity if kind.limited else np.full(sites, INFINITE),
        weight if kind.limited else np.zeros(shipments),
        cost,
        dear if kind.dear else cheap,
        kind.single,
        kind.most,
    )


def best_by_set(star: Star) -> Mapping[tuple[int, ...], float]:
    """Return what each allowed set of open sites costs at best, leaving goods behind included."""
    most = star.sites if star.most is None else star.most
    every = itertools.chain.from_iterable(
        itertools.combinations(range(star.sites), size) for size in range(most + 1)
    )
    served = one_source if star.single and not star.loose else shared
    return {chosen: served(star, list(chosen)) for chosen in every}


def shared(star: Star, chosen: list[int]) -> float:
    """Return the least cost of a set where demand may be split: a linear program of shares."""
    cost = np.vstack([star.priced[chosen], star.unserved])
    rows, shipments = cost.shape
    used = np.kron(np.eye(rows), star.weight_kg)[:-1]
    room = star.capacity_kg[chosen]
    limited = np.isfinite(room)
    found = linprog(
        cost.ravel(),
        A_ub=used[limited] if limited.any() else None,
        b_ub=room[limited] if limited.any() else None,
        A_eq=np.kron(np.ones(rows), np.eye(shipments)),
        b_eq=np.ones(shipments),
    )
    assert found.success
    return float(found.fun + star.fixed[chosen].sum())


def one_source(star: Star, chosen: list[int]) -> float:
    """Return the least cost of a set with one source each: every assignment, nothing behind."""
    best = INFINITE
    for sources in itertools.product(chosen, repeat=star.shipments):
        load = np.bincount(sources, weights=star.weight_kg, minlength=star.sites)
        if np.all(load <= star.capacity_kg):
            best = min(best, float(star.cost[list(sources), range(star.shipments)].sum()))
    return best + float(star.fixed[chosen].sum())


def allowed(chosen: tuple[int, ...], state: np.ndarray) -> bool:
    """Tell whether a set of open sites keeps to the decisions of a search."""
    opened = {int(i) for i in np.flatnonzero(state == OPEN)}
    closed = {int(i) for i in np.flatnonzero(state == CLOSED)}
    return opened <= set(chosen) and not closed & set(chosen)
