"""Everything that a plan says, recomputed from its instance in exact arithmetic.

Knows neither routes listed, nor model, nor solver. Checks are named as the model's constraints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.plan.capacity import Capacities
from hubopt.plan.pricing import Pricer
from hubopt.plan.report import Book, Check, Verification, Violation
from hubopt.plan.verify_costs import check_costs
from hubopt.plan.verify_flows import check_capacities, check_demand
from hubopt.plan.verify_limits import check_limits
from hubopt.plan.verify_routes import check_routes
from hubopt.plan.verify_services import check_services
from hubopt.plan.verify_sites import check_sites
from hubopt.plan.verify_whole import check_whole
from hubopt.vocabulary import CostTerm

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

CHECKS = (
    "plan_matches_instance",
    "demand_met",
    "route_is_connected",
    "route_handling_chain",
    "route_modes",
    "service_cargo",
    "vehicle_range",
    "origin_district",
    "customs_clearance",
    "delivery_time",
    "site_open_for_flow",
    "site_capacity",
    "link_capacity",
    "transfer_capacity",
    "service_capacity",
    "departure_limits",
    "vehicle_balance",
    "modules_stay",
    "modules_need_open_site",
    "open_site_has_module",
    "site_outcome",
    "required_sites",
    "closed_sites",
    "sites_at_most",
    "sites_at_least",
    "coverage",
    "budget",
    "least_use",
    "single_source",
    "service_level",
    "emissions_at_most",
    "mode_share_at_least",
    "mode_share_at_most",
    "delivery_share_at_least",
    *(f"cost_{term}" for term in CostTerm),
    "cost_objective",
    "co2e",
    "gap_and_bound",
)
"""Names of all checks, in the order in which they are reported."""

__all__ = ["CHECKS", "Check", "Verification", "Violation", "verify"]


def verify(instance: Instance, plan: Plan) -> Verification:
    """Return what holds and what does not; a plan for another instance fails at the first check."""
    book = Book(CHECKS)
    known = check_whole(book, instance, plan)
    sites = {(s.site, s.stage): s for s in known.sites}
    services = {(s.service, s.stage): s for s in known.services}
    pricer = Pricer(instance)
    check_sites(book, instance, sites)
    check_services(book, instance, services)
    check_demand(book, instance, known)
    sound = check_routes(book, instance, pricer, known.flows)
    check_capacities(book, instance, pricer, Capacities(instance, sites, services), sound)
    check_limits(book, instance, pricer, known, sound)
    check_costs(book, instance, pricer, known, sound)
    return book.closed()
