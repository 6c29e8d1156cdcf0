"""Problems as arrays, small enough to draw: one city pair, two sites, one service each way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix, diags_array

from hubopt.network.routes import list_routes
from hubopt.network.steps import Move
from hubopt.problem.build import build_problem
from hubopt.problem.problem import (
    Assignments,
    FlowLimits,
    LeastUse,
    OpeningLinks,
    Problem,
    ServiceNumbers,
    SiteNumbers,
)
from hubopt.vocabulary import FLOW_TERMS, Mode
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Sequence


def tiny_problem() -> Problem:
    """Return the problem of the seven-place instance."""
    instance = tiny()
    return build_problem(instance, list_routes(instance))


def rows(entries: Sequence[tuple[int, int]], shape: tuple[int, int]) -> csr_matrix:
    """Return a matrix of ones at (row, column) entries."""
    at = np.array(entries, dtype=int).reshape(-1, 2)
    return csr_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=shape)


def sites() -> SiteNumbers:
    """Return sites OLD (one small module stands) and NEW (candidate), each one function."""
    return SiteNumbers(
        site_ids=("OLD", "NEW"),
        module_names=("small", "small"),
        module_site=np.array([0, 1]),
        module_built=np.array([1, 0]),
        module_most=np.array([2, 3]),
        module_annuity=np.array([0.5, 0.25]),
        module_running=np.array([0.3, 0.2]),
        module_build_cost=np.array([6.0, 3.0]),
        pools=(("OLD", "cross_dock"), ("NEW", "cross_dock")),
        pool_site=np.array([0, 1]),
        pool_module_capacity=np.array([[4.0, 0.0], [0.0, np.inf]]),
        always_open=np.array([[True, True], [False, False]]),
        may_open=np.array([[True, True], [False, True]]),
        required=np.array([True, False]),
    )


def services() -> ServiceNumbers:
    """Return a service OUT and its counterpart BACK, which starts in the second stage."""
    return ServiceNumbers(
        service_ids=("OUT", "BACK"),
        payload_kt=np.array([2.0, 2.0]),
        departure_cost=np.array([1.5, 1.0]),
        empty_cost=np.array([0.75, 0.5]),
        least=np.array([0, 1]),
        most=np.array([5, 4]),
        available=np.array([[True, True], [False, True]]),
        legs=(("OUT", "A", "B"), ("BACK", "B", "A")),
        leg_service=np.array([0, 1]),
        vehicle_terminals=(("train", "A"), ("train", "B")),
        balance=csr_matrix(np.array([[1.0, -1.0], [-1.0, 1.0]])),
    )


def pair() -> Problem:
    """Return two stages of one shipment each: by road via OLD, by road via NEW, or by train."""
    terms = np.zeros((6, len(FLOW_TERMS)))
    terms[:, 0] = [1.0, 0.5, 0.75, 1.0, 0.5, 0.75]
    terms[:, 1] = 0.125
    site_openings = OpeningLinks(
        use=rows([(0, 1), (1, 4)], (2, 6)),
        shipment=np.array([0, 1]),
        pool=np.array([1, 1]),
        stage=np.array([0, 1]),
        limit_kt=np.array([5.0, 8.0]),
    )
    return Problem(
        name="pair",
        stages=(2025, 2030),
        weights=np.array([4.0, 3.0]),
        shipment_ids=("S25", "S30"),
        shipment_stage=np.array([0, 1]),
        demand_kt=np.array([5.0, 8.0]),
        unserved_cost=np.array([20.0, 20.0]),
        column_shipment=np.array([0, 0, 0, 1, 1, 1]),
        column_steps=((Move("A", "B", Mode.ROAD_DIESEL),),) * 6,
        column_cost=terms.sum(axis=1),
        column_terms=terms,
        column_time_h=np.ones(6),
        column_wtw_kg_per_t=np.ones(6),
        column_ttw_kg_per_t=np.ones(6),
        demand_use=rows([(0, 0), (0, 1), (0, 2), (1, 3), (1, 4), (1, 5)], (2, 6)),
        sites=sites(),
        services=services(),
        openings=site_openings,
        pool_use=rows([(0, 0), (1, 3), (2, 1), (3, 4)], (4, 6)),
        link_names=("A.B.road_diesel",),
        link_capacity_kt=np.array([6.0]),
        link_use=rows([(0, 0), (0, 1), (1, 3), (1, 4)], (2, 6)),
        transfer_names=("A.road_diesel.rail",),
        transfer_capacity_kt=np.array([7.0]),
        transfer_use=rows([(0, 2), (1, 5)], (2, 6)),
        leg_use=rows([(0, 2), (1, 5)], (4, 6)) @ diags_array([1.0, 1.0, 1.0, 0.8, 0.8, 0.8]),
        budget_mcny=((0, 2.0), (1, 9.0)),
        sites_at_most=((1, (0, 1), 2),),
        sites_at_least=((1, (0, 1), 1),),
        coverage=((0, "A", (0,), 1), (1, "B", (0, 1), 1)),
        least_use=LeastUse(
            pool=np.array([1]),
            stage=np.array([1]),
            use=rows([(0, 4)], (1, 6)),
            least_kt=np.array([1.5]),
        ),
        assignments=one_source(),
        flow_limits=sums(),
        routes_per_shipment=3,
        capped=(),
    )


def one_source() -> Assignments:
    """Return a group: in the second stage OLD or NEW may handle the shipment, not both."""
    return Assignments(
        groups=("S30.cross_dock",),
        stage=np.array([1]),
        most=np.array([1]),
        group=np.array([0, 0]),
        site=np.array([0, 1]),
        links=rows([(0, 3), (1, 4)], (2, 6)),
        candidate=np.array([0, 1]),
        shipment=np.array([1, 1]),
        limit_kt=np.array([8.0, 8.0]),
    )


def sums() -> FlowLimits:
    """Return a limit of each kind on the second stage: trains late, a quarter by train at least."""
    train = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.0])
    now = np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])
    left = np.array([0.0, 1.0])
    lines = {
        "service_level": (train, left, 4.0),
        "emissions_at_most": (now / 1000, 0 * left, 0.008),
        "mode_share_at_least": (0.25 * now - train, 0 * left, 0.0),
        "mode_share_at_most": (train - 0.75 * now, 0 * left, 0.0),
        "delivery_share_at_least": (0.125 * now - train, 0 * left, 0.0),
    }
    return FlowLimits(
        rules=tuple(lines),
        numbers=np.arange(1, 6),
        stage=np.ones(5, dtype=int),
        flow_use=csr_matrix(np.array([flow for flow, _, _ in lines.values()])),
        unserved_use=csr_matrix(np.array([unserved for _, unserved, _ in lines.values()])),
        most=np.array([most for _, _, most in lines.values()]),
    )


def impossible() -> Problem:
    """Return the pair with at most no site in the second stage, though OLD is required."""
    return replace(pair(), sites_at_most=((1, (0, 1), 0),))
