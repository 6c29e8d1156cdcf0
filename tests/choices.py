"""One shipment and a choice that a person can work out: which centre sorts it, or which truck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.tables import Instance, Stage
from hubopt.vocabulary import SiteStatus
from tests.tiny import BATTERY, CENTRE, ROAD, tiny

if TYPE_CHECKING:
    from collections.abc import Mapping

A_CNY, B_CNY = 30.0, 20.0
"""What sorting a tonne costs in A, which stands and takes 15 kt, and in B, which takes 20 kt."""

YEAR, LATER = 2025, 2030


def centres(
    tonnes: Mapping[int, float], fixed_b: float, status: SiteStatus = SiteStatus.CANDIDATE
) -> Instance:
    """Return a shipment from A to B in each stage, sorted in A or in B.

    B costs nothing to build and `fixed_b` CNY a year once it stands. Time and carbon cost nothing;
    the road is 50 CNY/t, and what stays behind 3,000 CNY/t.
    """
    whole = tiny()
    ends = {"A", "B"}
    (row,) = (d for d in whole.demand if d.id == "FMCG_A_B_2025")
    return replace(
        whole,
        settings=replace(
            whole.settings, stages=tuple(Stage(year, 5) for year in tonnes), gap=0.0,
            carbon_price_cny_per_t=0.0,
        ),
        places=tuple(p for p in whole.places if p.id in ends),
        sites=tuple(
            replace(s, status=status) if s.id == "DC_B" else s
            for s in whole.sites if s.place in ends
        ),
        modules=tuple(
            replace(m, most=1, build_cost_cny=0.0, fixed_cost_cny_per_year=fixed_b)
            if m.site == "DC_B" else replace(m, most=1)
            for m in whole.modules if (m.site, m.module) in {("DC_A", "small"), ("DC_B", "small")}
        ),
        capacities=tuple(
            c for c in whole.capacities if c.module == "small" and c.function is CENTRE
        ),
        links=tuple(
            x for x in whole.links if {x.from_place, x.to_place} <= ends and x.mode is ROAD
        ),
        services=(),
        transfers=(),
        customs=(),
        products=tuple(
            replace(p, time_cost_share_per_day=0.0) for p in whole.products if p.id == "FMCG"
        ),
        demand=tuple(
            replace(row, id=f"FMCG_{year}", stage=year, demand_t_per_year=t, latest_h=None)
            for year, t in tonnes.items()
        ),
        limits=(),
    )  # fmt: skip


def trucks(tonnes: Mapping[int, float]) -> Instance:
    """Return the same shipments by diesel truck, 50 CNY and 10 kg CO2e a tonne, or battery truck.

    The battery truck costs 80 CNY and emits 4 kg a tonne, those of its electricity. Sorting takes
    no energy, and B is far too dear.
    """
    only_a = centres(tonnes, 1e9)
    (road,) = only_a.links
    diesel = replace(road, distance_km=200.0, time_h=3.0, wtw_g_per_tkm=50.0, ttw_g_per_tkm=40.0)
    battery = replace(
        diesel, mode=BATTERY, cost_cny_per_t=80.0, wtw_g_per_tkm=20.0, ttw_g_per_tkm=0.0
    )
    handling = tuple(replace(row, energy_kwh_per_t=0.0) for row in only_a.handling)
    return replace(only_a, handling=handling, links=(diesel, battery))
