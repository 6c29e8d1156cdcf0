"""Plans near the averages of an ascent and near the best plan: rounding, and exchanges of sites.

Opening, closing or exchanging one site of the best plan costs at least what any prices say, so that
most neighbours need not be tried; those that look cheapest are, each by its transport problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.star import CLOSED, OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.engine.star.bound import Bound
    from hubopt.engine.star.search import SiteSearch
    from hubopt.engine.star.star import Star
    from hubopt.problem.problem import Floats, Ints

LIKELY = 0.6
"""A site that opens so far on average is opened though there is room without it."""
TRIED_IN_A_ROUND, ROUNDS, MOST_EXCHANGES = 20, 10, 1000
PAYS = 1e-13
"""An exchange pays if it saves more than this share of what leaving all behind would cost."""


def rounded(star: Star, opening: Floats, state: Ints) -> Ints:
    """Return the sites that open furthest on average, as many as there must be room for."""
    taken: list[int] = []
    room, most = 0.0, star.most if star.most is not None else star.sites
    order = np.lexsort((-opening, state != OPEN))
    for i in order.tolist():
        if state[i] == CLOSED or len(taken) >= most:
            continue
        unlikely = state[i] != OPEN and opening[i] < LIKELY and not (star.most and star.loose)
        if unlikely and taken and room >= star.need_kg:
            continue
        taken.append(i)
        room += float(star.capacity_kg[i])
    return np.array(sorted(taken), dtype=np.int64)


def improved(search: SiteSearch, bounds: list[Bound]) -> None:
    """Exchange sites of the best plan as long as that makes it cheaper."""
    if search.star.loose:
        if search.best is not None:
            search.plan(exchanged(search.star, search.best.open))
        return
    for _ in range(ROUNDS):
        before = search.cost
        for sites in likely(search, bounds):
            if search.halted():
                return
            search.plan(sites)
            if search.cost < before:
                break
        else:
            return


def exchanged(star: Star, sites: Ints) -> Ints:
    """Return open sites after the exchanges of one that save most (Whitaker 1983), without limits.

    What each exchange saves follows for all of them from the cheapest and the second cheapest of
    each shipment; to stay behind is one more choice.
    """
    opened = np.zeros(star.sites, dtype=np.bool_)
    opened[sites] = True
    for _ in range(MOST_EXCHANGES):
        change = changes(star, np.flatnonzero(opened))
        change[np.flatnonzero(opened)] = np.inf
        if star.most is not None and opened.sum() >= star.most:
            change[:-1, -1] = np.inf
        new, out = np.unravel_index(change.argmin(), change.shape)
        if change[new, out] >= -PAYS * float(star.unserved.sum()):
            break
        if out < opened.sum():
            opened[np.flatnonzero(opened)[out]] = False
        if new < star.sites:
            opened[new] = True
    return np.flatnonzero(opened)


def changes(star: Star, sites: Ints) -> Floats:
    """Return what each exchange costs more: rows open one site or none, columns close one or none.

    A row for each site and one for none, a column for each open site and one for none.
    """
    cost = np.vstack([star.priced[sites], star.unserved])
    order = np.argpartition(cost, 1, axis=0) if len(cost) > 1 else np.zeros((2, 1), dtype=int)
    each = np.arange(star.shipments)
    nearest, second = order[0], cost[order[1], each]
    now = cost[nearest, each]
    every = np.vstack([star.priced, np.full(star.shipments, np.inf)])
    saved = np.minimum(every - now, 0.0)
    after = np.minimum(every, second) - now - saved
    group = np.zeros((star.shipments, len(cost)))
    group[each, nearest] = 1.0
    lost = after @ group
    lost[:, -1] = 0.0
    fixed = np.append(star.fixed, 0.0)[:, None] - np.append(star.fixed[sites], 0.0)
    return np.asarray(saved.sum(axis=1)[:, None] + lost + fixed)


def likely(search: SiteSearch, bounds: list[Bound]) -> Iterator[Ints]:
    """Yield the neighbours of the best plan that look cheapest, without those that cannot pay."""
    if search.best is None:
        return
    star, best = search.star, np.zeros(search.star.sites)
    best[search.best.open] = 1.0
    least = np.full((star.sites + 1, star.sites + 1), -np.inf)
    for bound in bounds:
        opens = np.append(np.where(best == 0.0, bound.worth, np.inf), 0.0)
        closes = np.append(np.where(best == 1.0, -bound.worth, np.inf), 0.0)
        now = bound.base + float(bound.worth @ best)
        np.maximum(least, now + closes[:, None] + opens[None, :], out=least)
    room = float(star.capacity_kg[search.best.open].sum())
    size = np.append(star.capacity_kg, 0.0)
    with np.errstate(invalid="ignore"):
        fits = ~(room - size[:, None] + size[None, :] < star.need_kg)
    count = len(search.best.open)
    if star.most is not None and count >= star.most:
        least[-1, :] = np.inf
    if count == 1:
        least[:, -1] = np.inf
    least[~fits] = np.inf
    least[-1, -1] = np.inf
    order = np.argsort(least, axis=None)[:TRIED_IN_A_ROUND]
    for out, new in zip(*np.unravel_index(order, least.shape), strict=True):
        if least[out, new] >= search.cost:
            return
        changed = best.copy()
        changed[[i for i in (out,) if i < star.sites]] = 0.0
        changed[[i for i in (new,) if i < star.sites]] = 1.0
        yield np.flatnonzero(changed)
