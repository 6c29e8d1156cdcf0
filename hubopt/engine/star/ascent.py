"""Good prices by the volume algorithm (Barahona and Anbil 2000), and the openings it averages.

Each step moves the prices against the demands that the averaged plan misses, scaled by the weight
of each shipment; the step shrinks when the bound does not rise. The averages come close to the
linear relaxation's solution and say which sites are worth trying.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.bound import bound_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.star.bound import Bound
    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints

FIRST_STEP, LARGEST_STEP, GROW, SHRINK, PATIENCE = 0.2, 2.0, 1.2, 0.66, 6
FIRST_PART, LEAST_PART, LESS = 0.3, 0.05, 0.9
"""Most that a new point weighs in the average, the same at the end, and how it falls."""
SOME_GAP = 0.05
"""What the best plan may lie above the bound, by share, as long as there is none."""
MET = 1e-18


@dataclass(frozen=True)
class Climb:
    """Where an ascent ended: its best bound, averages, choices on the way, and how it would go on.

    `opening` n: how far sites open on average; `met` m: how much of each shipment they attract.
    """

    best: Bound
    opening: Floats
    met: Floats
    tried: tuple[Floats, ...]
    step: float
    part: float


def climb(
    star: Star,
    prices: Floats,
    state: Ints,
    target: float,
    steps: int,
    *,
    whole: bool = False,
    before: Climb | None = None,
    first_step: float = FIRST_STEP,
    over: Callable[[float], bool] = lambda _: False,
) -> Climb:
    """Return the best bound of so many steps; `over` tells whether a bound is high enough.

    `target` is the cost of the best plan known, infinite without one. An ascent can go on where one
    ended `before`, if decisions were only added.
    """
    best = bound_at(star, prices, state, whole=whole)
    now = before or Climb(best, best.opened, best.shares, (), first_step, FIRST_PART)
    met, opening, step, most = now.met, now.opening, now.step, now.part
    scale = scale_of(star)
    tried, stuck = [best.opened], 0
    for _ in range(steps):
        missed = 1.0 - met
        size = float(scale @ (missed * missed))
        if over(best.value) or size < MET or np.isinf(best.value):
            break
        aim = target if np.isfinite(target) else best.value + SOME_GAP * abs(best.value)
        length = step * max(aim - best.value, 1e-6 * abs(best.value)) / size
        point = bound_at(star, best.prices + length * scale * missed, state, whole=whole)
        part = weight_of(scale, missed, 1.0 - point.shares, most)
        met = part * point.shares + (1.0 - part) * met
        opening = part * point.opened + (1.0 - part) * opening
        if point.value > best.value:
            if scale @ (missed * (1.0 - point.shares)) > 0:
                step = min(step * GROW, LARGEST_STEP)
            best, stuck = point, 0
            tried.append(point.opened)
        else:
            stuck += 1
        if stuck >= PATIENCE:
            step, stuck, most = step * SHRINK, 0, max(most * LESS, LEAST_PART)
    return Climb(best, opening, met, tuple(tried), step, most)


def scale_of(star: Star) -> Floats:
    """Return how far the price of each shipment moves for the same share missed."""
    if star.loose:
        return np.ones(star.shipments)
    weight = np.where(star.weight_kg > 0, star.weight_kg, 1.0)
    return np.asarray(weight / weight.mean())


def weight_of(scale: Floats, old: Floats, new: Floats, most: float) -> float:
    """Return how much a new point counts so that the average misses least, within its limits."""
    change = new - old
    size = float(scale @ (change * change))
    part = -float(scale @ (old * change)) / size if size > 0 else most / 10
    return min(max(part, most / 10), most)
