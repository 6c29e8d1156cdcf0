"""Whatever is changed in a written plan, the verifier names the check that is broken."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubopt.instance.digest import content_hash
from hubopt.plan.store import from_json, to_json
from hubopt.plan.verify import CHECKS, verify
from hubopt.solve.answer import answer
from hubopt.vocabulary import Cargo, Mode
from tests.corrupted_bases import base_plans
from tests.corruptions import SPOILERS
from tests.tiny import tiny

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from tests.corrupted_flows import Spoiler

LEAST_CORRUPTED = 2000
LEAST_KINDS = 70
FEW = 16
"""Base plans on which each kind is shown alone; where there is no victim, the others are taken."""


def test_plans_hold_before_they_are_spoiled() -> None:
    """Every plan passes as it is, and after being written and read."""
    for instance, plan in base_plans():
        assert verify(instance, plan).passed
        again = from_json(to_json(plan))
        assert again == plan
        assert to_json(again) == to_json(plan)


def test_bulk_is_kept_out_of_a_container_train() -> None:
    """Goods that become bulk may not stay aboard services that take containers only."""
    instance = tiny()
    plan = answer(instance).plan
    container = frozenset({Cargo.CONTAINER})
    changed = replace(
        instance,
        products=tuple(replace(p, cargo=Cargo.BULK) for p in instance.products),
        services=tuple(
            replace(s, cargo=container) if s.mode is Mode.RAIL else s for s in instance.services
        ),
    )
    found = verify(changed, replace(plan, instance_hash=content_hash(changed)))
    assert {v.check for v in found.violations} == {"service_cargo"}


def test_bulky_goods_need_more_departures() -> None:
    """With twice the space a tonne, the same flows break the payload of what runs."""
    instance = tiny()
    plan = answer(instance).plan
    changed = replace(
        instance, products=tuple(replace(p, space_factor=2.0) for p in instance.products)
    )
    found = verify(changed, replace(plan, instance_hash=content_hash(changed)))
    assert {v.check for v in found.violations} == {"service_capacity"}
    more = answer(changed).plan
    runs, ran = (sum(s.departures_per_week for s in p.services) for p in (more, plan))
    assert runs > ran


def test_there_are_many_kinds_of_corruption() -> None:
    """Plans are spoiled in dozens of ways, each with a name of its own."""
    assert len({spoil.__name__ for spoil in SPOILERS}) == len(SPOILERS) >= LEAST_KINDS


def broken_by(instance: Instance, plan: Plan) -> set[str]:
    """Return the names of the checks that a plan does not pass."""
    return {check.name for check in verify(instance, plan).checks if not check.passed}


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_each_kind_is_caught(spoil: Spoiler) -> None:
    """Every plan that a spoiler can spoil fails, at the check that the spoiler names."""
    caught = 0
    for number, (instance, plan) in enumerate(base_plans()):
        spoiled = spoil(instance, plan, random.Random(number))
        if spoiled is not None:
            wrong, expected = spoiled
            broken = broken_by(instance, wrong)
            assert expected in broken, (instance.settings.name, broken)
            caught += 1
        if number >= FEW and caught:
            break
    assert caught > 0


def test_thousands_of_corrupted_plans() -> None:
    """Two thousand corrupted plans, drawn anew for each, are all caught at the named check."""
    caught = Counter[str]()
    for number, (instance, plan) in enumerate(base_plans()):
        for spoil in SPOILERS:
            spoiled = spoil(instance, plan, random.Random(f"{spoil.__name__} {number}"))
            if spoiled is not None:
                wrong, expected = spoiled
                assert expected in CHECKS
                assert expected in broken_by(instance, wrong), (instance.settings.name, spoil)
                caught[spoil.__name__] += 1
    assert len(caught) == len(SPOILERS) >= LEAST_KINDS
    assert caught.total() >= LEAST_CORRUPTED
