"""What shipments pay each other for what they share: multipliers of the rows of a form, by thing.

Any multipliers of the right sign give a valid lower bound, so that they need not be exact; those of
the LP give the best one that its rows can. Prices are million CNY of present value, per kt of use.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hubopt.model.flow import LEAST_KT
from hubopt.model.names import Names, labels
from hubopt.problem.flow_limits import shipments_of
from hubopt.units import T_PER_KT
from hubopt.vocabulary import LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Floats, Problem
    from hubopt.solver.form import StandardForm

    Own = Mapping[int, Mapping[int, float]]


@dataclass(frozen=True)
class SharedPrices:
    """Prices of things by stage: pools P x T, links L x T, transfers K x T, legs x T.

    `handled` P x T is paid per kt handled, the peak left out. `own[s][p]` is what shipment s alone
    pays for passing pool p. By shipment: `late` for arriving after what was promised, `kg` for each
    kg CO2e per tonne, `carried` at least for being carried at all.
    """

    pool: Floats
    link: Floats
    transfer: Floats
    leg: Floats
    handled: Floats
    own: Own
    late: Floats
    kg: Floats
    carried: Floats


def signed(form: StandardForm, duals: Floats) -> Floats:
    """Return multipliers with those of a wrong sign at 0: never above 0 for a row `<=`."""
    above, below = np.isfinite(form.row_upper), np.isfinite(form.row_lower)
    found: Floats = np.where(above & ~below, np.minimum(duals, 0.0), duals)
    found = np.where(below & ~above, np.maximum(found, 0.0), found)
    return np.where(above | below, found, 0.0)


@dataclass(frozen=True)
class Reader:
    """Reads multipliers by the names of rows; a row that is not there has none."""

    problem: Problem
    names: Names
    price: Mapping[str, float]

    def by_stage(self, family: str, things: Iterable[Sequence[str]]) -> Floats:
        """Return things x stages: the price of each row `family(thing,stage)`."""
        years = self.problem.stages
        found = [
            [self.price.get(f"{family}({','.join(thing)},{year})", 0.0) for year in years]
            for thing in things
        ]
        return np.array(found).reshape(-1, len(years))

    def legs(self) -> list[tuple[str, str]]:
        """Return how the rows of legs are named."""
        services = self.problem.services
        plain = labels("_".join(leg) for leg in services.legs)
        return [
            (self.names.services[v], name)
            for v, name in zip(services.leg_service, plain, strict=True)
        ]

    def own(self) -> Own:
        """Return what shipments pay alone, for sites to be open and to be chosen for them."""
        found: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for s, p, price in (*self.openings(), *self.chosen()):
            if price:
                found[s][p] += price
        return found

    def openings(self) -> Iterable[tuple[int, int, float]]:
        """Yield (shipment, pool, price) of the rows that need a site open."""
        openings, shipments = self.problem.openings, self.names.shipments
        for s, p, limit in zip(
            openings.shipment.tolist(), openings.pool.tolist(), openings.limit_kt.tolist(),
            strict=True,
        ):  # fmt: skip
            if limit > 0:
                row = f"site_open_for_flow({shipments[s]},{','.join(self.names.pools[p])})"
                yield s, p, self.price.get(row, 0.0) * max(1.0, LEAST_KT / limit)

    def chosen(self) -> Iterable[tuple[int, int, float]]:
        """Yield (shipment, pool, price) of the rows that need a site chosen for a group."""
        numbers, sites = self.problem.assignments, self.problem.sites
        pool = {key: here for here, key in enumerate(sites.pools)}
        for candidate, s in zip(numbers.candidate.tolist(), numbers.shipment.tolist(), strict=True):
            row = ",".join((*self.names.assignments[candidate], self.names.shipments[s]))
            function = numbers.groups[numbers.group[candidate]].rpartition(".")[2]
            site = sites.site_ids[numbers.site[candidate]]
            yield s, pool[site, function], self.price.get(f"site_chosen_for_flow({row})", 0.0)


def shared_prices(
    instance: Instance, problem: Problem, form: StandardForm, duals: Floats
) -> SharedPrices:
    """Return the prices that multipliers of a form stand for; they are of the right sign."""
    price = dict(zip(form.row_names, (-duals).tolist(), strict=True))
    names = Names(problem)
    reader = Reader(problem, names, price)
    late, kg, carried = by_shipment(instance, problem, price)
    return SharedPrices(
        pool=reader.by_stage("site_capacity", names.pools),
        link=reader.by_stage("link_capacity", zip(labels(problem.link_names))),
        transfer=reader.by_stage("transfer_capacity", zip(labels(problem.transfer_names))),
        leg=reader.by_stage("service_capacity", reader.legs()),
        handled=reader.by_stage("least_use", names.pools),
        own=reader.own(),
        late=late,
        kg=kg,
        carried=carried,
    )


def by_shipment(
    instance: Instance, problem: Problem, price: Mapping[str, float]
) -> tuple[Floats, Floats, Floats]:
    """Return what limits on sums of flows add: for being late, per kg CO2e per tonne, at least.

    A share counts a route in one way or another, by its modes; the least of these is taken.
    """
    late, kg, carried = np.zeros((3, len(problem.demand_kt)))
    promised = np.array([s.promised_h is not None for s in instance.demand], dtype=float)
    numbers = problem.flow_limits
    for rule, number, stage in zip(numbers.rules, numbers.numbers, numbers.stage, strict=True):
        paid = price.get(f"{rule}({int(number)},{problem.stages[stage]})", 0.0)
        limit = instance.limits[int(number) - 1]
        counted = paid * shipments_of(instance, limit)
        if rule == LimitKind.SERVICE_LEVEL:
            late += counted * promised
        elif rule == LimitKind.EMISSIONS_AT_MOST:
            kg += counted / T_PER_KT
        elif rule == LimitKind.MODE_SHARE_AT_MOST:
            carried -= counted * limit.value
        else:
            carried += counted * (limit.value - 1.0)
    return late, kg, carried
