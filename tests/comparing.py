"""What the tests of `hubopt compare` share: a road with two kinds of trucks, and a policy on them.

10,000 t of machines a year go from A to B from 2025 on, 15,000 from 2030 on. A diesel truck takes
50 CNY a tonne, 2 hours and 70 g CO2e over each of 130 km; a battery truck 90 CNY, 2.5 hours, 40 g.
Time, carbon and all else cost nothing. The policy `green` asks for 60 %, then 80 % by battery.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.instance.digest import content_hash
from hubopt.instance.overlay_trace import trace
from hubopt.instance.read import read
from hubopt.instance.scenario import BASE, overlaid, read_scenarios
from hubopt.instance.tables import Instance, Limit
from hubopt.instance.write import write
from hubopt.plan.figures import gap_between
from hubopt.plan.verify import verify
from hubopt.publish.compare_figures import more_figures
from hubopt.publish.results import write_results
from hubopt.solve.answer import Question, answer
from hubopt.study.compare_facts import Background, facts_of
from hubopt.text import Language
from hubopt.vocabulary import LimitKind, Status
from tests.tiny import BATTERY, ROAD, tiny

if TYPE_CHECKING:
    from hubopt.plan.plan import Plan
    from hubopt.study.compare_facts import Facts

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
POLICY = "green"
SHARES = {2025: 0.6, 2030: 0.8}
TONNES = {2025: 10_000.0, 2030: 15_000.0}
WEIGHTS = {
    2025: sum(1.08**-n for n in range(5)),
    2030: sum(1.08**-n for n in range(5, 10)),
}
"""What a CNY a year in a stage of five years is worth in 2025 at 8 %."""

EXACT = Question(gap=0.0, time_s=60.0)


def two_trucks(*policies: str) -> Instance:
    """Return the instance with some policies on."""
    whole = tiny()
    ends = {"A", "B"}
    machines = [row for row in whole.demand if row.product == "MACH" and row.origin == "A"]
    green = {"cost_cny_per_t": 90.0, "time_h": 2.5, "wtw_g_per_tkm": 40.0}
    return replace(
        whole,
        settings=replace(
            whole.settings, carbon_price_cny_per_t=0.0, policies=frozenset(policies)
        ),
        places=tuple(row for row in whole.places if row.id in ends),
        sites=(),
        handling=(),
        modules=(),
        capacities=(),
        links=tuple(
            replace(row, **green) if row.mode is BATTERY else row  # type: ignore[arg-type]
            for row in whole.links
            if {row.from_place, row.to_place} <= ends
        ),
        services=(),
        transfers=(),
        customs=(),
        products=tuple(
            replace(row, time_cost_share_per_day=0.0, modes=frozenset({ROAD, BATTERY}))
            for row in whole.products
            if row.id == "MACH"
        ),
        demand=tuple(
            replace(row, destination="B", demand_t_per_year=TONNES[row.stage], latest_h=None)
            for row in machines
        ),
        limits=tuple(
            Limit(LimitKind.MODE_SHARE_AT_LEAST, year, None, share, mode=BATTERY, policy=POLICY)
            for year, share in SHARES.items()
        ),
    )  # fmt: skip


@cache
def solved(*policies: str) -> tuple[Instance, Plan]:
    """Return the instance with its best plan, solved once."""
    instance = two_trucks(*policies)
    return instance, answer(instance, EXACT).plan


@cache
def mini(scenario: str) -> Facts:
    """Return the shipped mini in a scenario, solved once, with what the scenario wrote over it."""
    plain = read(MINI)
    instance = overlaid(MINI, scenario, plain)
    plan = replace(answer(instance).plan, scenario=scenario)
    told = {} if scenario == BASE else read_scenarios(MINI, [scenario])
    written = {} if scenario == BASE else trace(plain, told[scenario])
    return facts_of(
        scenario, instance, plan, more_figures(instance, plan),
        background=Background(plain, written),
    )  # fmt: skip


def result(root: Path, *policies: str, gap_fen: int = 0, name: str = "tiny") -> Path:
    """Write the instance, by any name, and its best plan, as if so much were not proved."""
    instance, plan = solved(*policies)
    instance = replace(instance, settings=replace(instance.settings, name=name))
    plan = replace(plan, instance=name, instance_hash=content_hash(instance))
    if gap_fen:
        bound = plan.objective_fen - gap_fen
        gap = gap_between(plan.objective_fen, bound)
        plan = replace(plan, status=Status.FEASIBLE, bound_fen=bound, gap=gap)
    home = root / "-".join(("instance", *policies, *{name} - {"tiny"}))
    write(instance, home)
    return write_results(
        root / "-".join(("results", *policies)),
        instance,
        plan,
        verify(instance, plan),
        run={},
        instance_folder=home,
        language=Language.EN,
        essentials=True,
    )
