"""What the best plan of a random instance does, so that limits can be drawn near to it.

A limit drawn from nowhere seldom matters: most plans keep it by chance. One drawn at nine tenths of
what the plan without it emits, builds or carries by rail forces a choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from hubopt.network.steps import Handle, Move, Ride
from hubopt.plan.pricing import Pricer
from hubopt.units import CNY_PER_MCNY, KG_PER_T, T_PER_KT
from tests.optimum import DUST_KT, Optimum, optimum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Demand, Instance, Product
    from hubopt.vocabulary import Function, Mode


@dataclass(frozen=True)
class Free:
    """The best plan of an instance before limits are added; nothing moves if none is allowed."""

    best: Optimum

    @property
    def instance(self) -> Instance:
        """The instance without the limits."""
        return self.best.instance

    @cached_property
    def modes(self) -> tuple[tuple[Mode, ...], ...]:
        """The modes of each route, in the order of its legs."""
        pricer = Pricer(self.instance)
        return tuple(
            tuple(pricer.mode(step) for step in steps if isinstance(step, Move | Ride))
            for steps in self.best.problem.column_steps
        )

    def flows(self, stage: int, goods: str | None = None) -> np.ndarray:
        """Return kilotonnes a year on each route, of a stage and of some goods or a group."""
        counted = [
            goods is None or goods in {product.id, product.group}
            for product in map(self.product, self.best.problem.column_shipment)
        ]
        return np.where(counted, self.best.in_stage(stage), 0.0)

    def product(self, shipment: int) -> Product:
        """Return the product of a shipment by its number."""
        return self.instance.product[self.instance.demand[int(shipment)].product]

    def share(self, stage: int, mode: Mode, goods: str | None) -> float:
        """Return the share of what is carried that goes by a mode on some leg, 0 of nothing."""
        return ratio(self.flows(stage, goods), [mode in modes for modes in self.modes])

    def delivered(self, stage: int, mode: Mode) -> float:
        """Return the share of what is carried that is delivered by a mode, 0 of nothing."""
        return ratio(self.flows(stage), [modes[-1:] == (mode,) for modes in self.modes])

    def emitted_t(self, stage: int, goods: str | None) -> float:
        """Return tonnes of CO2e a year."""
        each = self.best.problem.column_wtw_kg_per_t
        return float(each @ self.flows(stage, goods)) * T_PER_KT / KG_PER_T

    def spent_cny(self, stage: int) -> float:
        """Return what is built in a stage, in CNY."""
        if self.best.made is None:
            return 0.0
        sites, t = self.best.problem.sites, self.best.problem.stages.index(stage)
        now = self.best.made.modules[:, t]
        before = self.best.made.modules[:, t - 1] if t else sites.module_built
        return float(sites.module_build_cost @ (now - before)) * CNY_PER_MCNY

    def standing(self, stage: int) -> set[str]:
        """Return the sites that are open in a stage."""
        if self.best.made is None:
            return set()
        problem = self.best.problem
        here = self.best.made.open[:, problem.stages.index(stage)]
        return {site for site, is_open in zip(problem.sites.site_ids, here, strict=True) if is_open}

    def hours(self, shipment: Demand) -> Iterator[tuple[float, float]]:
        """Yield (hours, kilotonnes) of each route of a shipment."""
        problem, flows = self.best.problem, self.flows(shipment.stage)
        for column, owner in enumerate(problem.column_shipment):
            if self.instance.demand[int(owner)] is shipment:
                yield float(problem.column_time_h[column]), float(flows[column])

    def handled_at(self, shipment: Demand, function: Function) -> set[str]:
        """Return the sites at which a function is done for a shipment."""
        problem = self.best.problem
        return {
            step.site
            for column, kt in enumerate(self.best.flows_kt)
            if kt > DUST_KT
            and self.instance.demand[int(problem.column_shipment[column])] is shipment
            for step in problem.column_steps[column]
            if isinstance(step, Handle) and step.function is function
        }


def ratio(flows: np.ndarray, counted: list[bool]) -> float:
    """Return the share of flows that is counted, 0 of nothing."""
    return float(flows @ np.array(counted, dtype=float)) / (float(flows.sum()) or 1.0)


def free(instance: Instance) -> Free:
    """Return what the best plan of an instance does."""
    return Free(optimum(instance))
