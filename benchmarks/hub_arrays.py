"""Hub medians as arrays in the strong formulations that experts write, flows by origin.

Single allocation: Ernst and Krishnamoorthy, Location Science 4(3), 1996. Multiple allocation: the
same authors, European Journal of Operational Research 104(1), 1998, with a link for each flow.
Both hold flow as a share of all of it, so that the value is that of the public files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.arrays import NO_BOUND, Rows

if TYPE_CHECKING:
    from benchmarks.arrays import Floats, Ints, Matrices
    from hubopt.instance.public.hub_median import HubMedian

ONE = np.array(1.0)
ZERO = np.array(0.0)


def shares_of(case: HubMedian) -> tuple[Floats, Floats, float]:
    """Return flow as shares of its sum, distance, and the discount, by origin and destination."""
    flow, distance = np.array(case.flow), np.array(case.distance)
    return flow / flow.sum(), distance, float(case.discount)


def alike(numbers: Ints) -> Floats:
    """Return a 1 for each entry."""
    return np.ones(numbers.size)


def of_single(case: HubMedian) -> Matrices:
    """Return single allocation: `at` (i, k) city by hub, then `over` (i, k, l) flow of i."""
    flow, far, discount = shares_of(case)
    n = len(flow)
    at = np.arange(n * n).reshape(n, n)
    over = n * n + np.arange(n**3).reshape(n, n, n)
    sent, received = flow.sum(1), flow.sum(0)
    i, k, m = (part.ravel() for part in np.indices((n, n, n)))
    rows, pair = Rows(), at.ravel()
    own = np.diag(at)
    city, hub = (part.ravel() for part in np.indices((n, n)))
    rows.add(n, [(city, pair, alike(pair))], ONE, ONE)
    rows.add(1, [(np.zeros(n, int), own, np.ones(n))], ONE * case.hubs, ONE * case.hubs)
    links = [(pair, pair, alike(pair)), (pair, own[hub], -alike(pair))]
    rows.add(n * n, links, -NO_BOUND, ZERO)
    flat = over.ravel()
    balance = [
        (at[i, k], flat, alike(flat)), (at[i, m], flat, -alike(flat)),
        (pair, pair, -sent[city]), (at[i, k], at[m, k], flow[i, m]),
    ]  # fmt: skip
    rows.add(n * n, balance, ZERO, ZERO)
    cost = np.concatenate([
        (far * sent[:, None] + far.T * received[:, None]).ravel(), discount * far[k, m]
    ])  # fmt: skip
    upper = np.concatenate([np.ones(n * n), sent[i] * (k != m)])
    return rows.matrices(cost, upper, n * n)


def of_multiple(case: HubMedian) -> Matrices:
    """Return multiple allocation: hubs, flow of a city to each, between them, and to its end."""
    flow, far, discount = shares_of(case)
    n = len(flow)
    hub, into = np.arange(n), n + np.arange(n * n).reshape(n, n)
    between = n + n * n + np.arange(n**3).reshape(n, n, n)
    out = between + n**3  # by origin, last hub, destination
    sent = flow.sum(1)
    i, k, m = (part.ravel() for part in np.indices((n, n, n)))
    city, first = (part.ravel() for part in np.indices((n, n)))
    pair, flat, last = np.arange(n * n), between.ravel(), out.ravel()
    rows = Rows()
    rows.add(1, [(np.zeros(n, int), hub, np.ones(n))], ONE * case.hubs, ONE * case.hubs)
    rows.add(n, [(city, into.ravel(), alike(pair))], sent, sent)
    rows.add(n * n, [(i * n + m, last, alike(last))], flow.ravel(), flow.ravel())
    opened = [(pair, into.ravel(), alike(pair)), (pair, hub[first], -sent[city])]
    rows.add(n * n, opened, -NO_BOUND, ZERO)
    each = np.arange(n**3)
    links = [(each, last, alike(last)), (each, hub[k], -flow[i, m])]
    rows.add(n**3, links, -NO_BOUND, ZERO)
    balance = [
        (pair, into.ravel(), alike(pair)), (i * n + m, flat, alike(flat)),
        (i * n + k, flat, -alike(flat)), (i * n + k, last, -alike(last)),
    ]  # fmt: skip
    rows.add(n * n, balance, ZERO, ZERO)
    cost = np.concatenate([np.zeros(n), far.ravel(), discount * far[k, m], far[k, m]])
    upper = np.concatenate([
        np.ones(n), sent[city], sent[i] * (k != m), flow[i, m]
    ])  # fmt: skip
    return rows.matrices(cost, upper, n)
