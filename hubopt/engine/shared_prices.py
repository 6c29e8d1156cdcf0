"""What shipments pay each other for what they share: multipliers of the rows of a form, by thing.

Any multipliers of the right sign give a valid lower bound, so that they need not be exact; those of
the LP give the best one that its rows can. Prices are million CNY of present value, per kt of use.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hubopt.model.flow import LEAST_KT
from hubopt.problem.flow_limits import shipments_of
from hubopt.solver.name_list import NameList, aligned
from hubopt.units import T_PER_KT
from hubopt.vocabulary import LimitKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.problem.problem import Floats, Ints, Problem
    from hubopt.solver.form import StandardForm
    from hubopt.vocabulary import Mode

    Own = Mapping[int, Mapping[int, float]]


@dataclass(frozen=True)
class SharedPrices:
    """Prices of things by stage: pools P x T, links L x T, transfers K x T, legs x T.

    `handled` P x T is paid per kt handled, the peak left out. `own[s][p]` is what shipment s alone
    pays for passing pool p. By shipment: `late` for arriving after what was promised, `kg` for each
    kg CO2e per tonne, `carried` at least for being carried at all, `modes` for going by a mode.
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
    modes: Mapping[Mode, Floats] = field(default_factory=dict)


def signed(form: StandardForm, duals: Floats) -> Floats:
    """Return multipliers with those of a wrong sign at 0: never above 0 for a row `<=`."""
    above, below = np.isfinite(form.row_upper), np.isfinite(form.row_lower)
    found: Floats = np.where(above & ~below, np.minimum(duals, 0.0), duals)
    found = np.where(below & ~above, np.maximum(found, 0.0), found)
    return np.where(above | below, found, 0.0)


@dataclass(frozen=True)
class Reader:
    """Reads multipliers by rule and by what its rows count; a row that is not there has none."""

    problem: Problem
    form: StandardForm
    price: Floats

    def of(self, rule: str, wanted: Ints) -> Floats:
        """Return the prices of the rows of a rule by their numbers, as `ROW_AXES` counts them."""
        found = np.zeros(len(wanted))
        for part, here in numbered(self.form).of(rule):
            found += aligned(self.price[here], part.numbers, wanted)
        return found

    def by_stage(self, rule: str, things: int) -> Floats:
        """Return things x stages: the price of each row `rule(thing,stage)`."""
        stages = len(self.problem.stages)
        return self.of(rule, np.arange(things * stages)).reshape(-1, stages)

    def own(self) -> Own:
        """Return what shipments pay alone, for sites to be open and to be chosen for them."""
        found: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
        for shipment, pool, price in (self.openings(), self.chosen()):
            paid = np.flatnonzero(price)
            triples = (shipment[paid].tolist(), pool[paid].tolist(), price[paid].tolist())
            for s, p, amount in zip(*triples, strict=True):
                found[s][p] += amount
        return found

    def openings(self) -> tuple[Ints, Ints, Floats]:
        """Return shipment, pool and price of the rows that need a site open."""
        openings, pools = self.problem.openings, len(self.problem.sites.pools)
        rows = np.flatnonzero(openings.limit_kt > 0)
        shipment, pool = openings.shipment[rows], openings.pool[rows]
        scale = np.maximum(1.0, LEAST_KT / openings.limit_kt[rows])
        return shipment, pool, self.of("site_open_for_flow", shipment * pools + pool) * scale

    def chosen(self) -> tuple[Ints, Ints, Floats]:
        """Return shipment, pool and price of the rows that need a site chosen for a group."""
        numbers, sites = self.problem.assignments, self.problem.sites
        known = {key: here for here, key in enumerate(sites.pools)}
        functions = [group.rpartition(".")[2] for group in numbers.groups]
        pairs = zip(numbers.group.tolist(), numbers.site.tolist(), strict=True)
        pool = np.array([known[sites.site_ids[x], functions[g]] for g, x in pairs], dtype=np.int64)
        chosen = numbers.group * len(sites.site_ids) + numbers.site
        wanted = chosen[numbers.candidate] * len(self.problem.shipment_ids) + numbers.shipment
        return numbers.shipment, pool[numbers.candidate], self.of("site_chosen_for_flow", wanted)


def numbered(form: StandardForm) -> NameList:
    """Return the names of the rows of a form that knows them by number, as `array_form` makes."""
    if not isinstance(form.row_names, NameList):
        message = "prices are read from forms made of arrays"
        raise TypeError(message)
    return form.row_names


def shared_prices(
    instance: Instance, problem: Problem, form: StandardForm, duals: Floats
) -> SharedPrices:
    """Return the prices that multipliers of a form stand for; they are of the right sign."""
    reader = Reader(problem, form, -duals)
    pools = len(problem.sites.pools)
    late, kg, carried, modes = by_shipment(instance, problem, reader)
    return SharedPrices(
        pool=reader.by_stage("site_capacity", pools),
        link=reader.by_stage("link_capacity", len(problem.link_names)),
        transfer=reader.by_stage("transfer_capacity", len(problem.transfer_names)),
        leg=reader.by_stage("service_capacity", len(problem.services.legs)),
        handled=reader.by_stage("least_use", pools),
        own=reader.own(),
        late=late,
        kg=kg,
        carried=carried,
        modes=modes,
    )


def by_shipment(
    instance: Instance, problem: Problem, reader: Reader
) -> tuple[Floats, Floats, Floats, dict[Mode, Floats]]:
    """Return what limits on sums of flows add: for being late, per kg CO2e per tonne, at least.

    And for going by each mode. A share of deliveries counts a route by its last leg in one way or
    another; the least of these is taken.
    """
    late, kg, carried = np.zeros((3, len(problem.demand_kt)))
    modes: dict[Mode, Floats] = defaultdict(lambda: np.zeros(len(problem.demand_kt)))
    promised = np.array([s.promised_h is not None for s in instance.demand], dtype=float)
    numbers = problem.flow_limits
    for rule, number, stage in zip(numbers.rules, numbers.numbers, numbers.stage, strict=True):
        paid = float(reader.of(rule, np.array([number * len(problem.stages) + stage]))[0])
        limit = instance.limits[int(number) - 1]
        counted = paid * shipments_of(instance, limit)
        if rule == LimitKind.SERVICE_LEVEL:
            late += counted * promised
        elif rule == LimitKind.EMISSIONS_AT_MOST:
            kg += counted / T_PER_KT
        elif rule == LimitKind.DELIVERY_SHARE_AT_LEAST:
            carried += counted * (limit.value - 1.0)
        elif limit.mode is not None:
            sign = 1.0 if rule == LimitKind.MODE_SHARE_AT_MOST else -1.0
            carried -= sign * counted * limit.value
            modes[limit.mode] += sign * counted
    return late, kg, carried, dict(modes)
