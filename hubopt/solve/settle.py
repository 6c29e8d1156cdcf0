"""From a solver's floats to an exact plan: whole kilograms that keep every limit, and whole fen.

The decisions on sites and services stay as they are. Flows are rounded down to kilograms and cut
where a float overran a capacity; what is left of a shipment goes to its routes with room, cheapest
first, as far as the solver served it, and stays unserved at its price otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from hubopt.errors import SolverError
from hubopt.instance.digest import content_hash
from hubopt.plan.capacity import Capacities
from hubopt.plan.figures import figures, gap_between, whole
from hubopt.plan.plan import (
    ALL_ROUTES_BASIS,
    GAP_BASIS,
    OPTIMAL_GAP,
    Flow,
    Plan,
    ServicePlan,
    SitePlan,
    Unserved,
)
from hubopt.plan.pricing import Pricer, demand_kg
from hubopt.plan.verify_sites import outcome
from hubopt.solve.exchange import Exchange, may_exchange
from hubopt.solve.route_notes import route_notes
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY, KG_PER_KT, KG_PER_T, exact
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.pricing import Key
    from hubopt.problem.problem import Decisions, Problem

MOST_LEFT_KG = 20
"""Rounding leaves single kilograms over; what is more has another cause."""

CRUMB_KG = 1e-3
"""A flow this little below a whole kilogram counts as that kilogram."""

DUST = Fraction(1, 10**6)
"""A bound may pass the objective by this share, by rounding; more is an error."""


def settle(
    instance: Instance,
    problem: Problem,
    decisions: Decisions,
    *,
    status: Status,
    bound_mcny: float | None,
    scenario: str = "base",
) -> Plan:
    """Return the exact plan that the decisions make; bound in million CNY of present value.

    Raises `SolverError` if the bound lies above the objective by more than rounding.
    """
    sites, services = site_plans(instance, problem, decisions), service_plans(problem, decisions)
    pricer = Pricer(instance)
    capacities = Capacities(
        instance,
        {(s.site, s.stage): s for s in sites},
        {(s.service, s.stage): s for s in services},
    )
    loading = Loading(instance, problem, pricer, capacities)
    loading.fill(decisions)
    flows, unserved = loading.flows(), loading.unserved()
    found = figures(instance, pricer, sites, services, flows, unserved)
    objective = found.objective_fen()
    bound = bound_fen(bound_mcny, objective, kilograms_fen(problem))
    gap = gap_between(objective, bound)
    proved = gap is not None and gap <= OPTIMAL_GAP
    return Plan(
        instance=instance.settings.name,
        instance_hash=content_hash(instance),
        scenario=scenario,
        status=Status.FEASIBLE if status is Status.OPTIMAL and not proved else status,
        objective_fen=objective,
        bound_fen=bound,
        gap=gap,
        gap_basis=ALL_ROUTES_BASIS if over_all(problem) else GAP_BASIS,
        terms_fen=found.terms_fen(),
        co2e_wtw_kg={year: whole(kg) for year, kg in found.wtw_kg.items()},
        co2e_ttw_kg={year: whole(kg) for year, kg in found.ttw_kg.items()},
        sites=sites,
        services=services,
        flows=flows,
        unserved=unserved,
        notes=route_notes(problem),
    )


def over_all(problem: Problem) -> bool:
    """Tell whether a bound on a problem bounds plans over every route."""
    return problem.complete or problem.bound_over_all_mcny is not None


def site_plans(instance: Instance, problem: Problem, decisions: Decisions) -> tuple[SitePlan, ...]:
    """Return every site in every stage with the modules that stand."""
    numbers = problem.sites
    plans = []
    for x, ident in enumerate(numbers.site_ids):
        own = [m for m in range(len(numbers.module_site)) if numbers.module_site[m] == x]
        was_open = any(numbers.module_built[m] > 0 for m in own)
        for t, stage in enumerate(problem.stages):
            modules = {numbers.module_names[m]: int(decisions.modules[m, t]) for m in own}
            stands = any(modules.values())
            word = outcome(instance.site[ident], stands=stands, was_open=was_open)
            plans.append(SitePlan(ident, stage, word, modules))
            was_open = stands
    return tuple(plans)


def service_plans(problem: Problem, decisions: Decisions) -> tuple[ServicePlan, ...]:
    """Return every service in every stage with its departures and empty runs."""
    return tuple(
        ServicePlan(ident, stage, int(decisions.departures[v, t]), int(decisions.empties[v, t]))
        for v, ident in enumerate(problem.services.service_ids)
        for t, stage in enumerate(problem.stages)
    )


class Loading:
    """Puts whole kilograms on routes and keeps account of the room that is left."""

    def __init__(
        self, instance: Instance, problem: Problem, pricer: Pricer, capacities: Capacities
    ) -> None:
        self.problem, self.pricer, self.capacities = problem, pricer, capacities
        self.products = [shipment.product for shipment in instance.demand]
        self.room: dict[tuple[Key, int], Fraction | None] = {}
        self.kg: dict[int, int] = defaultdict(int)
        self.demand = [demand_kg(shipment) for shipment in instance.demand]
        self.left = list(self.demand)
        self.price = [
            float(exact(instance.product[s.product].unserved_cost_cny_per_t))
            for s in instance.demand
        ]

    def stage(self, column: int) -> int:
        """Return the year of a column's shipment."""
        shipment = int(self.problem.column_shipment[column])
        return self.problem.stages[int(self.problem.shipment_stage[shipment])]

    def uses(self, column: int) -> Mapping[Key, Fraction]:
        """Return what a kilogram on a column takes of each limited thing."""
        product = self.products[int(self.problem.column_shipment[column])]
        return self.pricer.uses(product, self.problem.column_steps[column])

    def unload(self, column: int) -> None:
        """Take a kilogram off a column."""
        stage = self.stage(column)
        for key, times in self.uses(column).items():
            room = self.room_of(key, stage)
            if room is not None:
                self.room[key, stage] = room + times
        self.left[int(self.problem.column_shipment[column])] += 1
        self.kg[column] -= 1

    def load(self, column: int, kg: int) -> int:
        """Put at most `kg` on a column, as far as there is room; return what was put."""
        stage = self.stage(column)
        shipment = int(self.problem.column_shipment[column])
        uses = self.uses(column)
        amount = min(kg, self.left[shipment])
        for key, times in uses.items():
            room = self.room_of(key, stage)
            if room is not None:
                amount = min(amount, int(room // times))
        if amount <= 0:
            return 0
        for key, times in uses.items():
            room = self.room_of(key, stage)
            if room is not None:
                self.room[key, stage] = room - times * amount
        self.left[shipment] -= amount
        self.kg[column] += amount
        return amount

    def room_of(self, key: Key, stage: int) -> Fraction | None:
        """Return the kilograms that a limited thing can still take, None for no limit."""
        if (key, stage) not in self.room:
            most = self.capacities.of(key, stage)
            self.room[key, stage] = None if most is None else most * KG_PER_T
        return self.room[key, stage]

    def fill(self, decisions: Decisions) -> None:
        """Load what the solver decided, then what rounding left over of what it served."""
        for column, kt in enumerate(decisions.flow_kt):
            kg = int(float(kt) * KG_PER_KT + CRUMB_KG)
            if kg > 0:
                self.load(column, kg)
        columns: dict[int, list[int]] = defaultdict(list)
        for column in self.order(decisions):
            columns[int(self.problem.column_shipment[column])].append(column)
        for shipment, unserved in enumerate(decisions.unserved_kt):
            over = self.left[shipment] - round(float(unserved) * KG_PER_KT)
            for column in columns[shipment] if over > 0 else ():
                over -= self.load(column, over)
            if 0 < over <= MOST_LEFT_KG and may_exchange(self.problem):
                exchange = Exchange(self, columns)
                while over > 0 and exchange.place(shipment):
                    over -= 1

    def order(self, decisions: Decisions) -> list[int]:
        """Return the columns in the order in which they take what rounding left over.

        What limits on sums count comes last and what they ask for first, and of the rest what the
        solver used before what is cheap: a share that holds to the gram then holds in kilograms.
        A shipment that few sites may handle takes no way that the solver did not use.
        """
        asked = np.asarray(self.problem.least_use.use.sum(axis=0)).ravel()
        asked = asked - np.asarray(self.problem.flow_limits.flow_use.sum(axis=0)).ravel()
        unused = decisions.flow_kt * KG_PER_KT < 1 - CRUMB_KG  # what is no kilogram is no use
        keys = (self.problem.column_cost, -asked, unused)
        few = np.isin(self.problem.column_shipment, self.problem.assignments.shipment)
        return [int(c) for c in np.lexsort(keys) if not (few[c] and unused[c])]

    def flows(self) -> tuple[Flow, ...]:
        """Return the flows by shipment, in the order of the columns."""
        ids, owner = self.problem.shipment_ids, self.problem.column_shipment
        return tuple(
            Flow(ids[owner[column]], self.problem.column_steps[column], kg)
            for column, kg in sorted(self.kg.items())
            if kg > 0
        )

    def unserved(self) -> tuple[Unserved, ...]:
        """Return what stays behind."""
        return tuple(
            Unserved(ident, kg)
            for ident, kg in zip(self.problem.shipment_ids, self.left, strict=True)
            if kg > 0
        )


def kilograms_fen(problem: Problem) -> int:
    """Return how far below the bound whole kilograms may bring a plan, in fen of present value.

    A limit on sums may be passed by a kilogram of each flow that it counts, so that a kilogram of
    each shipment may be carried which the model leaves behind.
    """
    if not len(problem.flow_limits.rules) and not len(problem.least_use.pool):
        return 0
    worth = float(problem.unserved_cost @ problem.weights[problem.shipment_stage]) / KG_PER_KT
    return int(worth * CNY_PER_MCNY * FEN_PER_CNY) + 1


def bound_fen(bound_mcny: float | None, objective_fen: int, slack_fen: int = 0) -> int | None:
    """Return the bound in fen, rounded down, and never above the objective by rounding alone."""
    if bound_mcny is None:
        return None
    bound = int(max(Fraction(0), Fraction(bound_mcny)) * CNY_PER_MCNY * FEN_PER_CNY)
    dust = DUST * max(objective_fen, FEN_PER_CNY * CNY_PER_MCNY)
    if bound - objective_fen > dust + slack_fen:
        raise SolverError(
            Text(
                f"the solver's bound ({bound} fen) is above the plan's cost ({objective_fen} fen)",
                f"求解器给出的下界（{bound} 分）高于方案成本（{objective_fen} 分）",
            )
        )
    return min(bound, objective_fen)
