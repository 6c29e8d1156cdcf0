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


def closing_form(star: Star, state: Ints, pairs: NDArray[np.bool_], unit: float) -> StandardForm:
    """Return the form of serving all shipments over the pairs left; money in `unit` million CNY."""
    sites = np.flatnonzero(state != CLOSED)
    place = np.full(star.sites, -1)
    place[sites] = np.arange(len(sites))
    site, shipment = np.nonzero(pairs)
    count, links = len(sites), len(site)
    column = count + np.arange(links)
    limited = np.isfinite(star.capacity_kg[sites])
    scale = np.where(limited, star.capacity_kg[sites], 1.0)
    rows = [shipment, star.shipments + place[site], star.shipments + np.arange(count)]
    columns = [column, column, np.arange(count)]
    share = np.where(limited[place[site]], star.weight_kg[shipment] / scale[place[site]], 0.0)
    values = [np.ones(links), share, np.where(limited, -1.0, 0.0)]
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
