"""Whatever is changed in a written plan, the verifier names the check that is broken."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from hubopt.errors import InfeasibleError
from hubopt.instance.digest import content_hash
from hubopt.plan.plan import Plan
from hubopt.plan.store import from_json, to_json
from hubopt.plan.verify import verify
from hubopt.solve.answer import answer
from hubopt.vocabulary import Cargo, Mode
from tests.corruptions import SPOILERS
from tests.random_instances import random_instance
from tests.tiny import tiny

SEEDS = range(18)
LEAST_CORRUPTED = 800
LEAST_KINDS = 60


@cache
def solved() -> tuple[tuple[object, Plan], ...]:
    """Return instances with their plans."""
    found = []
    for instance in (tiny(), *map(random_instance, SEEDS)):
        try:
            found.append((instance, answer(instance).plan))
        except InfeasibleError:
            continue
    return tuple(found)


def test_plans_hold_before_they_are_spoiled() -> None:
    """Every plan passes as it is, and after being written and read."""
    for instance, plan in solved():
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


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_each_kind_is_caught(spoil) -> None:  # noqa: ANN001  (a spoiler of tests.corruptions)
    """Every plan that a spoiler can spoil fails, at the check that the spoiler names."""
    caught = 0
    for number, (instance, plan) in enumerate(solved()):
        spoiled = spoil(instance, plan, random.Random(number))
        if spoiled is not None:
            wrong, expected = spoiled
            broken = {check.name for check in verify(instance, wrong).checks if not check.passed}
            assert expected in broken, (instance.settings.name, broken)
            caught += 1
    assert caught > 0


def test_hundreds_of_corrupted_plans() -> None:
    """Hundreds of corrupted plans, drawn anew for each, are all caught."""
    caught = 0
    for number, (instance, plan) in enumerate(solved()):
        for kind, spoil in enumerate(SPOILERS):
            spoiled = spoil(instance, plan, random.Random(1000 + 100 * number + kind))
            if spoiled is not None:
                assert not verify(instance, spoiled[0]).passed, spoil.__name__
                caught += 1
    assert caught >= LEAST_CORRUPTED
