"""A plan for the tiny instance made by hand: every kind of step, site and service once or more."""

from __future__ import annotations

from hubopt.network.steps import Change, Handle, Move, Ride, Step
from hubopt.plan.plan import GAP_BASIS, Flow, Plan, ServicePlan, SitePlan, Unserved
from hubopt.vocabulary import CostTerm, Function, Mode, SiteOutcome, Status

ROAD, BATTERY, RAIL, AIR = Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL, Mode.AIR
TERMINAL = (SiteOutcome.OPENED, SiteOutcome.KEPT)
HANDLE_A = Handle("DC_A", Function.CONSOLIDATION)

BY_RAIL: tuple[Step, ...] = (
    Change("T", ROAD, RAIL),
    Ride("RAIL_OUT", "T", "E"),
    Change("E", RAIL, ROAD),
    Move("E", "R", ROAD),
)
BY_AIR: tuple[Step, ...] = (
    Move("A", "P", ROAD),
    Change("P", ROAD, AIR),
    Ride("AIR_OUT", "P", "Q"),
    Change("Q", AIR, ROAD),
    Move("Q", "R", ROAD),
)
FROM_EUROPE: tuple[Step, ...] = (
    Move("R", "E", ROAD),
    Change("E", ROAD, RAIL),
    Ride("RAIL_BACK", "E", "T"),
    Change("T", RAIL, ROAD),
    Move("T", "A", ROAD),
)


def flows_of(year: int, tonnes_each: tuple[int, ...]) -> tuple[Flow, ...]:
    """Return the flows of one stage in tonnes a year."""
    routes = (
        ("FMCG_A_B", (HANDLE_A, Move("A", "B", ROAD))),
        ("FMCG_B_A", (Move("B", "A", BATTERY), HANDLE_A)),
        ("MACH_A_R", (Move("A", "T", ROAD), *BY_RAIL)),
        ("MACH_B_R", (Move("B", "T", ROAD), *BY_RAIL)),
        ("PHONE_A_R", (HANDLE_A, *BY_AIR)),
        ("WINE_R_A", FROM_EUROPE),
    )
    return tuple(
        Flow(f"{name}_{year}", steps, tonnes * 1000)
        for (name, steps), tonnes in zip(routes, tonnes_each, strict=True)
    )


def sites_of(year: int, *, second: bool) -> tuple[SitePlan, ...]:
    """Return the sites of one stage, `second` with one more module."""
    return (
        SitePlan("DC_A", year, SiteOutcome.KEPT, {"large": int(second), "small": 1}),
        SitePlan("DC_B", year, SiteOutcome.NOT_CHOSEN, {"small": 0}),
        SitePlan("TERM_T", year, TERMINAL[second], {"yard": 1}),
    )


def tiny_plan() -> Plan:
    """Return the plan: a terminal is opened, B's centre is not, some machinery stays behind."""
    stages = (2025, 2030)
    yearly = dict.fromkeys(CostTerm, 0) | {
        CostTerm.RUNNING: 90_000_000,
        CostTerm.LINE_HAUL: 1_234_567_89,
        CostTerm.UNSERVED: 12_000_000_000,
    }
    return Plan(
        instance="tiny",
        instance_hash="0" * 64,
        scenario="base",
        status=Status.OPTIMAL,
        objective_fen=987_654_321_00,
        bound_fen=987_000_000_00,
        gap=0.00066,
        gap_basis=GAP_BASIS,
        terms_fen=dict.fromkeys(stages, yearly),
        co2e_wtw_kg=dict.fromkeys(stages, 12_345_678),
        co2e_ttw_kg=dict.fromkeys(stages, 2_345_678),
        sites=(*sites_of(2025, second=False), *sites_of(2030, second=True)),
        services=tuple(
            ServicePlan(name, year, departures, empty)
            for year in stages
            for name, departures, empty in (
                ("AIR_BACK", 0, 1), ("AIR_OUT", 1, 0), ("RAIL_BACK", 1, 0), ("RAIL_OUT", 1, 0),
            )
        ),
        flows=(
            *flows_of(2025, (8000, 12000, 20000, 5000, 900, 10000)),
            *flows_of(2030, (12000, 18000, 30000, 7000, 1350, 15000)),
        ),
        unserved=(Unserved("MACH_B_R_2025", 2_000_000), Unserved("MACH_B_R_2030", 3_500_000)),
        notes=(),
    )  # fmt: skip
