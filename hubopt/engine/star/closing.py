"""The small model that is left once sites and pairs are decided, solved by HiGHS in its child.

Its proof is trusted as everywhere in hubopt; what was decided before is not in it, and is bounded
by its reduced costs (`choice.py`, `pairs.py`). Costs are counted in the amount of which all are
multiples where there is one, so that the solver sees whole numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csc_matrix

from hubopt.engine.star.star import CLOSED, OPEN
from hubopt.solver.form import StandardForm

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints

HALF = 0.5

LOOSEST, TIGHTEST = 1e-6, 1e-10
"""Between these HiGHS lets its tolerance of feasibility be set; the first is its own."""

OF_A_GRAIN = 0.25
"""How far a capacity may be passed by tolerance and rounding together, in grains."""


def closing_form(star: Star, state: Ints, pairs: NDArray[np.bool_], unit: float) -> StandardForm:
    """Return the form of serving all shipments over the pairs left; money in `unit` million CNY."""
    sites = np.flatnonzero(state != CLOSED)
    place = np.full(star.sites, -1)
    place[sites] = np.arange(len(sites))
    site, shipment = np.nonzero(pairs)
    count, links = len(sites), len(site)
    column = count + np.arange(links)
    limited = np.isfinite(star.capacity_kg[sites])
    with_room = limited & (star.capacity_kg[sites] > 0)  # shares of capacity, or else kilograms
    scale = np.where(with_room, star.capacity_kg[sites], 1.0)
    rows = [shipment, star.shipments + place[site], star.shipments + np.arange(count)]
    columns = [column, column, np.arange(count)]
    share = np.where(limited[place[site]], star.weight_kg[shipment] / scale[place[site]], 0.0)
    values = [np.ones(links), share, np.where(with_room, -1.0, 0.0)]
    first = star.shipments + count
    rows += [first + np.arange(links), first + np.arange(links)]
    columns += [column, place[site]]
    values += [np.ones(links), -np.ones(links)]
    limits = [np.ones(star.shipments), np.zeros(count), np.zeros(links)]
    lower = [np.ones(star.shipments), np.full(count, -np.inf), np.full(links, -np.inf)]
    if star.most is not None:
        rows.append(np.full(count, first + links))
        columns.append(np.arange(count))
        values.append(np.ones(count))
        limits.append(np.array([float(star.most)]))
        lower.append(np.array([-np.inf]))
    entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
    height = sum(map(len, limits))
    matrix = csc_matrix(entries, shape=(height, count + links))
    matrix.eliminate_zeros()
    matrix.sort_indices()
    return StandardForm(
        cost=np.concatenate([star.fixed[sites], star.cost[site, shipment]]) / unit,
        offset=0.0,
        column_lower=np.concatenate([(state[sites] == OPEN).astype(float), np.zeros(links)]),
        column_upper=np.ones(count + links),
        integer=np.ones(count + links, dtype=bool),
        starts=matrix.indptr.astype(np.int64),
        indices=matrix.indices.astype(np.int64),
        values=matrix.data.astype(float),
        row_lower=np.concatenate(lower),
        row_upper=np.concatenate(limits),
        column_names=tuple(f"c{n}" for n in range(count + links)),
        row_names=tuple(f"r{n}" for n in range(height)),
    )


def point_of_plan(
    star: Star, state: Ints, pairs: NDArray[np.bool_], sites: Ints, shares: Floats
) -> Floats | None:
    """Return a plan as a point of the form, None if it takes what was decided against."""
    every = np.zeros((star.sites, star.shipments))
    every[sites] = shares
    opened = np.zeros(star.sites)
    opened[sites] = 1.0
    lost = np.any(every[~pairs] > 0) or np.any(opened[state == CLOSED] > 0)
    if lost or np.any(opened[state == OPEN] == 0):
        return None
    return np.concatenate([opened[state != CLOSED], every[pairs]])


def plan_of_point(
    star: Star, state: Ints, pairs: NDArray[np.bool_], values: Floats
) -> tuple[Ints, Floats]:
    """Return the open sites and their shares, sites x shipments, of a point of the form."""
    kept = np.flatnonzero(state != CLOSED)
    every = np.zeros((star.sites, star.shipments))
    every[pairs] = np.round(values[len(kept) :])
    opened = np.zeros(star.sites, dtype=np.bool_)
    opened[kept] = values[: len(kept)] > HALF
    sites = np.flatnonzero(opened)
    return sites, every[sites]


def exactness(star: Star) -> dict[str, float]:
    """Return options at which a rounded point of the form keeps the capacities of a star.

    Rows count in shares of a capacity, of which the tolerance allows more than a kilogram where
    capacities are large; each pair may besides be that far off a whole number.
    """
    limits = star.capacity_kg[np.isfinite(star.capacity_kg)]
    most = float(limits.max(initial=0.0) + star.weight_kg.sum())
    enough = OF_A_GRAIN * star.grain_kg / max(most, 1.0)
    if enough >= LOOSEST:
        return {}
    return {"mip_feasibility_tolerance": max(enough, TIGHTEST)}


def holds(star: Star, sites: Ints, shares: Floats) -> bool:
    """Tell whether a plan serves each shipment once, within capacities and the number of sites."""
    return (
        bool(np.all(shares.sum(axis=0) == 1.0))
        and bool(np.all(shares @ star.weight_kg <= np.floor(star.capacity_kg[sites])))
        and (star.most is None or len(sites) <= star.most)
    )
