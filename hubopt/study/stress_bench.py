"""One stage of a plan on the bench: its flows with things shut, beside those of the plan."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hubopt.network.graph import Network
from hubopt.problem.build import build_problem
from hubopt.problem.columns import Columns
from hubopt.problem.flow_limits import Listed
from hubopt.solver.form import SolveOptions
from hubopt.solver.run import run
from hubopt.study.stress_flows import stage_flows
from hubopt.study.stress_plan import decided, stage_routes
from hubopt.study.stress_solve import DAYS, NOTHING_KT, cheapest, share_a_day
from hubopt.study.stress_things import routes_through
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY, T_PER_KT
from hubopt.vocabulary import FLOW_TERMS, CostTerm, Mode

if TYPE_CHECKING:
    import threading
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.tables import Instance
    from hubopt.network.routes import Route
    from hubopt.plan.plan import Plan
    from hubopt.problem.problem import Floats, Problem
    from hubopt.solve.answer import Watcher
    from hubopt.solver.form import SolverAnswer, StandardForm
    from hubopt.study.stress_solve import Flows
    from hubopt.study.stress_things import Thing

SAME_COST = 1e-6
"""The flows solved anew with nothing out cost what the plan says, but for this share."""

LP_S = 600.0
YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Hit:
    """Goods (a group, or a product without one) left behind: tonnes, and the share of them all."""

    goods: str
    tonnes: float
    share: float


@dataclass(frozen=True, slots=True)
class Harm:
    """What an outage does while it lasts, and the days until its backlog is worked off.

    Money in CNY: `extra_cny` against the plan, `unserved_cny` of it the price of what stays behind.
    Tonnes over the outage: `unserved_t`, `late_t` (later than promised, besides those in the plan)
    and `rerouted_t` (carried otherwise). `modes_t` is more or less carried by each mode on some
    leg. `recovery_days` is 0 without a backlog, `None` if it takes more than a year.
    `broken` names limits on the whole plan that cannot hold meanwhile.
    """

    extra_cny: float = 0.0
    unserved_cny: float = 0.0
    unserved_t: float = 0.0
    late_t: float = 0.0
    rerouted_t: float = 0.0
    hits: tuple[Hit, ...] = ()
    modes_t: Mapping[Mode, float] | None = None
    recovery_days: float | None = 0.0
    broken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """What to try: stage by year, days of an outage, most outages, or only the things named.

    `routes` is how many the solve listed for a shipment at most, `None` for the instance's own.
    """

    stage: int
    days: int = 30
    most: int = 20
    only: tuple[Thing, ...] = ()
    routes: int | None = None


class Bench:
    """Solves the flows of one stage of a plan with things shut, and compares them with the plan."""

    def __init__(
        self,
        instance: Instance,
        plan: Plan,
        ask: Ask,
        *,
        watcher: Watcher,
        stop: threading.Event | None = None,
    ) -> None:
        def listed(done: int, total: int) -> None:
            watcher.phase(Text("listing routes", "列出运输路径"), done, total)

        most = ask.routes or instance.settings.routes_per_shipment
        known = stage_routes(instance, plan, ask.stage, most, listed)
        watcher.phase(Text("solving the flows of the plan", "求解方案的货流"))
        self.instance, self.plan, self.ask, self.stop = known.instance, plan, ask, stop
        self.problem = build_problem(known.instance, known.listed)
        columns = Columns(Network(known.instance))
        number = self.problem.stages.index(ask.stage)
        flows = stage_flows(self.problem, decided(self.problem, plan), number, ask.days)
        here = flows.columns
        told = told_of(columns.network, self.problem, known.listed.routes)
        self.late = told.late()[0][here] > 0
        self.by_mode = {mode: told.with_mode(mode)[here] > 0 for mode in Mode}
        self.owner = self.problem.column_shipment[here]
        self.as_planned = cheapest(flows, here >= known.own, self.solve)
        flows = replace(flows, kept_kt=self.as_planned.flow_kt)
        self.base = cheapest(flows, np.zeros(len(here), dtype=bool), self.solve)
        self.flows = replace(flows, kept_kt=self.base.flow_kt)
        self.through = {
            thing: np.isin(here, numbers)
            for thing, numbers in routes_through(columns, self.problem).items()
        }
        self.known: dict[bytes, Harm] = {}

    def solve(self, form: StandardForm) -> SolverAnswer:
        """Solve one LP in a child of its own."""
        return run(form, SolveOptions(time_s=LP_S), stop=self.stop)

    @property
    def share(self) -> float:
        """The part of a year that an outage lasts."""
        return self.ask.days / DAYS

    def kt(self, thing: Thing) -> float:
        """Return the kt a year that go through a thing, were it not out."""
        shut = self.through.get(thing)
        return 0.0 if shut is None else float(self.base.flow_kt[shut].sum())

    def tonnes(self, thing: Thing) -> float:
        """Return the tonnes that go through a thing during an outage, were it not out."""
        return self.kt(thing) * T_PER_KT * self.share

    def routes(self, thing: Thing) -> bytes:
        """Return which routes a thing shuts, as a key."""
        shut = self.through.get(thing)
        return b"" if shut is None else shut.tobytes()

    def harm(self, thing: Thing) -> Harm:
        """Return what it does when a thing is out; raises `UnsolvedError`."""
        shut = self.through.get(thing)
        if shut is None or self.kt(thing) <= NOTHING_KT:
            return Harm()  # the plan's flows are as cheap without it
        key = self.routes(thing)
        if key not in self.known:
            self.known[key] = self.compared(cheapest(self.flows, shut, self.solve))
        return self.known[key]

    def compared(self, found: Flows) -> Harm:
        """Return what flows are beside those of the plan; raises `UnsolvedError`."""
        more = self.more_unserved(found)
        kt_to_t = T_PER_KT * self.share
        money = CNY_PER_MCNY * self.share
        return Harm(
            extra_cny=(found.cost_mcny - self.base.cost_mcny) * money,
            unserved_cny=(found.unserved_mcny - self.base.unserved_mcny) * money,
            unserved_t=float(more.sum()) * kt_to_t,
            late_t=float(np.maximum(self.late_kt(found) - self.late_kt(self.base), 0.0).sum())
            * kt_to_t,
            rerouted_t=float(self.rerouted_kt(found, more).sum()) * kt_to_t,
            hits=tuple(self.hits(more)),
            modes_t={mode: kt * kt_to_t for mode, kt in self.moved_kt(found).items()},
            recovery_days=self.recovery_days(more),
            broken=found.broken,
        )

    def more_unserved(self, found: Flows) -> Floats:
        """Return the kt a year of each shipment that stay behind besides those in the plan."""
        more = found.unserved_kt - self.base.unserved_kt
        return np.where(more > NOTHING_KT, more, 0.0)

    def by_shipment(self, kt: Floats) -> Floats:
        """Return amounts by route summed up by shipment of the stage."""
        place = np.searchsorted(self.flows.shipments, self.owner)
        sums = np.bincount(place, weights=kt, minlength=len(self.flows.shipments))
        return sums.astype(float)

    def late_kt(self, found: Flows) -> Floats:
        """Return the kt a year of each shipment that arrive later than promised."""
        return self.by_shipment(np.where(self.late, found.flow_kt, 0.0))

    def rerouted_kt(self, found: Flows, more: Floats) -> Floats:
        """Return the kt a year of each shipment that leave a route of the plan for another."""
        gone = np.maximum(self.base.flow_kt - found.flow_kt, 0.0)
        kt = self.by_shipment(gone) - more
        return np.where(kt > NOTHING_KT, kt, 0.0)

    def moved_kt(self, found: Flows) -> Mapping[Mode, float]:
        """Return how much more or less is carried by each mode on some leg, where it differs."""
        change = found.flow_kt - self.base.flow_kt
        moved = {mode: float(change[used].sum()) for mode, used in self.by_mode.items()}
        return {mode: kt for mode, kt in moved.items() if abs(kt) > NOTHING_KT}

    def hits(self, more: Floats) -> Iterator[Hit]:
        """Yield the goods of which something stays behind, those hit most first."""
        left: dict[str, float] = defaultdict(float)
        asked: dict[str, float] = defaultdict(float)
        for row, shipment in enumerate(self.flows.shipments.tolist()):
            product = self.instance.product[self.instance.demand[shipment].product]
            goods = product.group or product.id
            left[goods] += float(more[row])
            asked[goods] += float(self.problem.demand_kt[shipment])
        scale = T_PER_KT * self.share
        found = [Hit(g, kt * scale, kt / asked[g]) for g, kt in left.items() if kt > 0]
        yield from sorted(found, key=lambda hit: (-hit.share, -hit.tonnes, hit.goods))

    def recovery_days(self, more: Floats) -> float | None:
        """Return the days that the backlog of an outage takes, `None` for more than a year."""
        if not more.any():
            return 0.0
        share = share_a_day(self.flows, self.base, more * self.share, self.solve)
        return 1.0 / share if share * YEAR_DAYS >= 1.0 else None

    def notes(self) -> Iterator[Text]:
        """Yield what a reader must know: alternatives, and a plan that is not the cheapest."""
        yield Text(
            "freight may take the routes of the solve, and those that it dropped because another"
            " is no worse as long as all works; a route that is not listed could still help."
            " Sites, modules and departures stand as in the plan, and departures are paid",
            "货物可走求解时列出的路径，以及正常时因不优而舍去的路径；未列出的路径也许仍可用。"
            "设施、模块与班次保持方案不变，班次成本照付",
        )
        terms = self.plan.terms_fen[self.ask.stage]
        said = sum(terms[term] for term in (*FLOW_TERMS, CostTerm.UNSERVED))
        plan_mcny = said / FEN_PER_CNY / CNY_PER_MCNY
        planned, base = self.as_planned.cost_mcny, self.base.cost_mcny
        if differ(plan_mcny, planned):
            status = self.plan.status.value
            yield Text(
                f"the flows of the plan (status {status}) cost {plan_mcny:,.3f} million CNY a year,"
                f" the cheapest ones over its routes and with its design {planned:,.3f}; outages"
                " are compared with the latter",
                f"方案（状态 {status}）的货流每年 {plan_mcny:,.3f} 百万元，"
                f"同一布局与路径下最省为 {planned:,.3f}；各项中断与后者比较",
            )
        if differ(planned, base):
            yield Text(
                f"with routes that the solve did not list the flows cost {base:,.3f} million CNY a"
                f" year instead of {planned:,.3f}; outages are compared with the former",
                f"加入求解时未列的路径后，货流每年 {base:,.3f} 百万元（原 {planned:,.3f}）；"
                "各项中断与前者比较",
            )


def differ(one_mcny: float, other_mcny: float) -> bool:
    """Tell whether two costs differ by more than rounding to kilograms and fen."""
    return abs(one_mcny - other_mcny) > SAME_COST * max(1.0, abs(one_mcny), abs(other_mcny))


def told_of(network: Network, problem: Problem, routes: Sequence[Route]) -> Listed:
    """Return the listed routes with the figures that limits count."""
    return Listed(
        network, routes, problem.column_shipment, problem.shipment_stage, problem.demand_kt,
        problem.column_time_h, problem.column_wtw_kg_per_t,
    )  # fmt: skip
