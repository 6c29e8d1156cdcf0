"""Limits on sums of flows as rows: service levels, emissions, shares of modes, least use."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from hubopt.network.steps import Move, Ride
from hubopt.network.times import exact_time_h
from hubopt.problem.problem import FlowLimits, LeastUse
from hubopt.units import T_PER_KT, exact
from hubopt.vocabulary import TRUCKS, LimitKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.instance.tables import Instance, Limit
    from hubopt.network.graph import Network
    from hubopt.network.routes import Route
    from hubopt.problem.problem import Floats, Ints, SiteNumbers
    from hubopt.vocabulary import Mode

NEARLY_LATE_H = 1e-6
"""Floats this close to the promised time are decided in exact arithmetic."""


@dataclass
class Listed:
    """Routes with the figures that limits count: hours, kg CO2e per tonne, owner of each."""

    network: Network
    routes: Sequence[Route]
    owner: Ints
    stage_of: Ints
    demand_kt: Floats
    time_h: Floats
    wtw_kg: Floats
    known: dict[Mode, Floats] = field(default_factory=dict)

    @property
    def instance(self) -> Instance:
        """The instance that the routes are for."""
        return self.network.instance

    def with_mode(self, mode: Mode) -> Floats:
        """Return 1 for each route that goes by a mode on at least one leg."""
        if mode not in self.known:
            found = [any(self.network.mode_of(s) is mode for s in moving(r)) for r in self.routes]
            self.known[mode] = np.array(found, dtype=float)
        return self.known[mode]

    def delivered_by(self) -> list[Mode | None]:
        """Return the mode of the last leg of each route, `None` if it never moves."""
        last = [moving(r)[-1:] for r in self.routes]
        return [self.network.mode_of(steps[0]) if steps else None for steps in last]

    def late(self) -> tuple[Floats, Floats]:
        """Return 1 for each route later than promised, and for each shipment with a promise."""
        promised = [s.promised_h for s in self.instance.demand]
        late = np.zeros(len(self.routes))
        for here, route in enumerate(self.routes):
            most = promised[self.owner[here]]
            if most is None:
                continue
            spare = most - float(self.time_h[here])
            if abs(spare) < NEARLY_LATE_H:
                shipment = self.instance.demand[self.owner[here]]
                over = exact_time_h(self.network, shipment, route.steps) > exact(most)
            else:
                over = spare < 0
            late[here] = float(over)
        return late, np.array([p is not None for p in promised], dtype=float)


def shipments_of(instance: Instance, limit: Limit) -> Floats:
    """Return 1 for each shipment that a limit counts, 0 for the others."""
    goods, places = instance.counted_goods(limit), instance.counted_places(limit)
    found = [
        s.stage == limit.stage and s.product in goods and s.destination in places
        for s in instance.demand
    ]
    return np.array(found, dtype=float)


def moving(route: Route) -> list[Move | Ride]:
    """Return the steps of a route in which the goods move."""
    return [step for step in route.steps if isinstance(step, Move | Ride)]


def flow_limits(listed: Listed, stages: tuple[int, ...]) -> FlowLimits:
    """Return a row for every limit in force that is kept by sums of flows."""
    rules, numbers, stage, rows, left, most = [], [], [], [], [], []
    for number, limit in enumerate(listed.instance.limits, start=1):
        if limit.kind not in MAKERS or limit not in listed.instance.limits_in_force:
            continue
        here = stages.index(limit.stage)
        row, unserved, upper = MAKERS[limit.kind](listed, limit)
        rules.append(limit.kind.value)
        numbers.append(number)
        stage.append(here)
        rows.append(row)
        left.append(unserved)
        most.append(upper)
    return FlowLimits(
        rules=tuple(rules),
        numbers=np.array(numbers, dtype=np.int64),
        stage=np.array(stage, dtype=np.int64),
        flow_use=sparse(rows, len(listed.routes)),
        unserved_use=sparse(left, len(listed.demand_kt)),
        most=np.array(most, dtype=float),
    )


def sparse(rows: Sequence[Floats], width: int) -> csr_matrix:
    """Return dense rows as a sparse matrix."""
    return csr_matrix(np.array(rows, dtype=float).reshape(len(rows), width))


Row = tuple["Floats", "Floats", float]


def service_level(listed: Listed, limit: Limit) -> Row:
    """Return late and unserved tonnes <= (1 - level) x tonnes with a promise."""
    late, promised = listed.late()
    counted = shipments_of(listed.instance, limit) * promised
    most = float(1 - exact(limit.value)) * float(listed.demand_kt @ counted)
    return late * counted[listed.owner], counted, most


def emissions_at_most(listed: Listed, limit: Limit) -> Row:
    """Return well-to-wheel emissions in kt <= the cap; 1 kg a tonne is 1 t a kilotonne."""
    counted = shipments_of(listed.instance, limit)[listed.owner]
    return listed.wtw_kg / T_PER_KT * counted, none(listed), limit.value / T_PER_KT


def mode_share_at_least(listed: Listed, limit: Limit) -> Row:
    """Return share x tonnes carried - tonnes carried by the mode <= 0."""
    row, unserved, most = mode_share_at_most(listed, limit)
    return -row, unserved, most


def mode_share_at_most(listed: Listed, limit: Limit) -> Row:
    """Return tonnes carried by the mode - share x tonnes carried <= 0."""
    assert limit.mode is not None  # noqa: S101  (checked when the instance was made)
    counted = shipments_of(listed.instance, limit)[listed.owner]
    return (listed.with_mode(limit.mode) - limit.value) * counted, none(listed), 0.0


def delivery_share_at_least(listed: Listed, limit: Limit) -> Row:
    """Return share x tonnes delivered by truck - those delivered by the mode <= 0."""
    by = listed.delivered_by()
    trucked = np.array([mode in TRUCKS for mode in by], dtype=float)
    chosen = np.array([mode is limit.mode for mode in by], dtype=float)
    counted = shipments_of(listed.instance, limit)[listed.owner]
    return (limit.value - chosen) * trucked * counted, none(listed), 0.0


def none(listed: Listed) -> Floats:
    """Return no use of unserved tonnes."""
    return np.zeros(len(listed.demand_kt))


MAKERS = {
    LimitKind.SERVICE_LEVEL: service_level,
    LimitKind.EMISSIONS_AT_MOST: emissions_at_most,
    LimitKind.MODE_SHARE_AT_LEAST: mode_share_at_least,
    LimitKind.MODE_SHARE_AT_MOST: mode_share_at_most,
    LimitKind.DELIVERY_SHARE_AT_LEAST: delivery_share_at_least,
}
"""How the row of each kind of limit on sums of flows is made."""


def least_use(
    instance: Instance,
    sites: SiteNumbers,
    uses: Sequence[Mapping[tuple[str | int, ...], int]],
    stage: Ints,
) -> LeastUse:
    """Return the pools with a least use in every stage; `stage` is that of each column."""
    least = {
        (row.site, row.function.value): row.least_t_per_year / T_PER_KT
        for row in instance.handling
        if row.least_t_per_year
    }
    count = len(instance.settings.stages)
    keys = [(p, t) for p, pool in enumerate(sites.pools) if pool in least for t in range(count)]
    row_of = {(sites.pools[p], t): row for row, (p, t) in enumerate(keys)}
    entries = [
        (row_of[(str(key[1]), str(key[2])), int(stage[column])], column, float(times))
        for column, used in enumerate(uses)
        for key, times in used.items()
        if key[0] == "pool" and ((str(key[1]), str(key[2])), int(stage[column])) in row_of
    ]
    rows, columns, times = np.array(entries, dtype=float).reshape(-1, 3).T
    shape = (len(keys), len(uses))
    return LeastUse(
        pool=np.array([p for p, _ in keys], dtype=np.int64),
        stage=np.array([t for _, t in keys], dtype=np.int64),
        use=csr_matrix((times, (rows.astype(int), columns.astype(int))), shape=shape),
        least_kt=np.array([least[sites.pools[p]] for p, _ in keys], dtype=float),
    )
