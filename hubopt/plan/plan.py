"""A plan as pure data: what was decided, in whole units, and what it is said to cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.network.steps import Step
    from hubopt.vocabulary import CostTerm, SiteOutcome, Status


OPTIMAL_GAP = 1e-4
"""With a larger gap a plan is called feasible, even if no smaller one was asked for."""

GAP_BASIS = "gap against the bound over the listed routes"
"""What a gap means where other routes may be cheaper than those that were listed."""

ALL_ROUTES_BASIS = "gap against the bound over all routes"
"""What it means where all routes were priced."""


@dataclass(frozen=True, slots=True)
class SitePlan:
    """One site in one stage: its outcome and the number of modules of each size that stand."""

    site: str
    stage: int
    outcome: SiteOutcome
    modules: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """One service in one stage: loaded departures and empty runs a week."""

    service: str
    stage: int
    departures_per_week: int
    empty_per_week: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Kilograms a year of one shipment over one route."""

    shipment: str
    steps: tuple[Step, ...]
    kg_per_year: int


@dataclass(frozen=True, slots=True)
class Unserved:
    """Kilograms a year of one shipment that stay behind, at their price."""

    shipment: str
    kg_per_year: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything decided for one instance and scenario; money in whole fen.

    `terms_fen[stage][term]` is the yearly cost in that stage, `objective_fen` and `bound_fen` are
    present values over all stages. `co2e_wtw_kg` and `co2e_ttw_kg` are yearly, by stage. `gap` is
    (objective - bound) / objective and `gap_basis` says in words what the bound covers. The bound
    is what the solve proved; `verify` cannot recompute it.
    """

    instance: str
    instance_hash: str
    scenario: str
    status: Status
    objective_fen: int
    bound_fen: int | None
    gap: float | None
    gap_basis: str
    terms_fen: Mapping[int, Mapping[CostTerm, int]]
    co2e_wtw_kg: Mapping[int, int]
    co2e_ttw_kg: Mapping[int, int]
    sites: tuple[SitePlan, ...]
    services: tuple[ServicePlan, ...]
    flows: tuple[Flow, ...]
    unserved: tuple[Unserved, ...]
    notes: tuple[str, ...]
