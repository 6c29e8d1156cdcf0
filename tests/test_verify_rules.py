"""Each check of the verifier is needed: a plan that breaks its rule breaks nothing else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import cache

import pytest

from hubopt.errors import InfeasibleError, InputError
from hubopt.instance.tables import Instance
from hubopt.plan.plan import Plan, Unserved
from hubopt.plan.report import Book, Verification
from hubopt.plan.store import from_json, to_json
from hubopt.plan.verify import CHECKS, verify
from hubopt.solve.answer import answer
from tests.random_instances import random_instance
from tests.rule_breakers import BREAKERS
from tests.tiny import tiny

SEEDS = range(14)


@cache
def solved() -> tuple[tuple[Instance, Plan], ...]:
    """Return instances with their plans."""
    found = []
    for instance in (tiny(), *map(random_instance, SEEDS)):
        try:
            found.append((instance, answer(instance).plan))
        except InfeasibleError:
            continue
    return tuple(found)


@cache
def broken(name: str) -> tuple[tuple[Instance, Plan], ...]:
    """Return all plans that a breaker could break, with an instance that can exist."""
    found = []
    for instance, plan in solved():
        with suppress(InputError):
            found.append(BREAKERS[name](instance, plan))
    return tuple(case for case in found if case is not None)


def failing(found: Verification) -> set[str]:
    """Return the names of the checks that fail."""
    return {check.name for check in found.checks if not check.passed}


def test_every_check_has_a_breaker() -> None:
    """No check is left without a plan that only it catches."""
    assert set(BREAKERS) == set(CHECKS)


@pytest.mark.parametrize("name", CHECKS)
def test_the_named_check_alone_is_broken(name: str) -> None:
    """A plan against one rule fails at that rule and at no other."""
    assert broken(name)
    for instance, plan in broken(name):
        assert failing(verify(instance, plan)) == {name}


@pytest.mark.parametrize("name", CHECKS)
def test_no_check_can_be_left_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a check to find nothing, a plan against its rule would pass."""
    note = Book.note

    def blind(self: Book, check: str, where: object, *rest: object, **values: object) -> bool:
        if check == name:
            values["holds"] = True
        return note(self, check, where, *rest, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(Book, "note", blind)
    assert all(verify(instance, plan).passed for instance, plan in broken(name))


@pytest.mark.parametrize("name", sorted(set(CHECKS) - {"plan_matches_instance"}))
def test_a_broken_plan_in_a_file_is_still_broken(name: str) -> None:
    """What breaks a rule is caught as well when the plan comes from its file."""
    instance, plan = broken(name)[0]
    assert failing(verify(instance, from_json(to_json(plan)))) == {name}


@pytest.mark.parametrize("name", CHECKS)
def test_violations_are_sentences(name: str) -> None:
    """Each violation says in both languages what is wrong and what to do next."""
    instance, plan = broken(name)[0]
    for violation in verify(instance, plan).violations:
        english, chinese = violation.message.en, violation.message.zh
        assert english.isprintable()
        assert chinese.isprintable()
        assert "solve again, or" in english
        assert "请重新求解，或" in chinese
        assert "{" not in english + chinese
        assert any("\u4e00" <= sign <= "\u9fff" for sign in violation.fault.zh)
        assert not any("\u4e00" <= sign <= "\u9fff" for sign in violation.fault.en)


def test_nothing_in_a_message_moves_the_cursor() -> None:
    """Ids that hold control characters or half a character are shown by their numbers."""
    instance, plan = solved()[0]
    ghost = Unserved("a\x1b[31m\ud800\r", 1)
    found = verify(instance, replace(plan, unserved=(*plan.unserved, ghost), scenario="\x07"))
    assert failing(found) == {"plan_matches_instance"}
    for violation in found.violations:
        assert violation.message.en.isprintable()
        assert violation.message.zh.isprintable()
    assert found.to_json().encode()


def test_the_bound_is_said_not_to_be_recomputed() -> None:
    """A verification says in both languages that it took the bound on trust."""
    instance, plan = solved()[0]
    text = verify(instance, plan).to_json()
    assert "bound: as claimed by the solve, not recomputed" in text
    assert "下界：以求解过程所称为准，未重新计算" in text
