"""The plans that are spoiled: optima of random instances, the tiny plan, the shipped mini's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.instance.read import read
from hubopt.solve.settle import settle
from hubopt.vocabulary import Status
from tests.metamorphic.instances import tiny_optimum
from tests.optimum import Optimum, optimum
from tests.random_limits import limited_instance
from tests.tiny import tiny

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
SEEDS = range(48)
UNDER_LIMITS = (*range(16), 22, 25, 27, 34, 38, 46, 81, 136)


@cache
def base_plans() -> tuple[tuple[Instance, Plan], ...]:
    """Return instances with plans that hold; solved within this process, for speed."""
    optima = [optimum(tiny()), optimum(read(MINI)), *map(tiny_optimum, SEEDS)]
    optima += [optimum(limited_instance(seed)) for seed in UNDER_LIMITS]
    return tuple((found.instance, settled(found)) for found in optima if found.feasible)


def settled(found: Optimum) -> Plan:
    """Return the exact plan of an optimum."""
    assert found.made is not None
    return settle(
        found.instance, found.problem, found.made, status=Status.OPTIMAL, bound_mcny=found.mcny
    )
