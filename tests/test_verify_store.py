"""A plan file is read strictly: a plan, or an error that names the file and the field."""

from __future__ import annotations

import copy
import json
import random
from functools import cache

import pytest

from hubopt.errors import InputError
from hubopt.plan.plan import Plan
from hubopt.plan.store import from_json, to_json
from hubopt.plan.verify import verify
from hubopt.solve.answer import answer
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

MUTATIONS = 2500
STRANGE = (
    None, True, -1, 0, 1, 2.5, 1e300, "", "x", "2025", "2_025", "\ud800", "a\0b", "\x1b[31m", "..",
    [], {}, [[]], {"a": 1}, 10**30, 10**39, float("nan"), float("inf"), "９", "optimal", "rail",
)  # fmt: skip
FIELDS = (
    ("objective_fen", 10**391, "objective_fen"),
    ("objective_fen", "1", "objective_fen"),
    ("bound_fen", 10**390, "bound_fen"),
    ("bound_fen", 1.0, "bound_fen"),
    ("gap", float("nan"), "gap"),
    ("gap", True, "gap"),
    ("format", True, "format"),
    ("format", 2, "format"),
    ("status", "best", "status"),
    ("scenario", "../../etc", "scenario"),
    ("scenario", "a\0b", "scenario"),
    ("scenario", "\ud800", "scenario"),
    ("scenario", "", "scenario"),
    ("instance", "nul", "instance"),
    ("instance", "a/b", "instance"),
    ("gap_basis", "a\x1b[31m", "gap_basis"),
    ("notes", ["fine", "a\rb"], "notes[1]"),
    ("notes", "fine", "notes"),
    ("flows", None, "flows"),
    ("flows", [["S", 1, [["handle", "X", "consolidation"], ["fly", "X"]]]], "flows[0][1]"),
    ("flows", [["S\ud800", 1, []]], "flows[0]"),
    ("flows", [["S", 1, [["move", "A", "B", "cart"]]]], "flows[0][0]"),
    ("flows", [["S", 1, [["move", "A", 3, "rail"]]]], "flows[0][0]"),
    ("services", [["S", 2025, 10**390, 0]], "services[0]"),
    ("sites", [["S", 2025, "kept", {"small": 1.0}]], "sites[0].small"),
    ("sites", [["S", 2025, "kept"]], "sites[0]"),
    ("unserved", [["S", True]], "unserved[0]"),
    ("terms_fen", {"2025": {"tax": 1}}, "terms_fen.2025.tax"),
    *(
        ("co2e_wtw_kg", {key: 1}, f"co2e_wtw_kg.{key}")
        for key in ("02025", "2_025", " 2025", "２０２５", "+2025", "-2025", "2025.0", "")
    ),
)


@cache
def written() -> str:
    """Return a real plan file."""
    return to_json(answer(tiny()).plan)


def changed(key: str, value: object) -> str:
    """Return the plan file with one key changed."""
    return json.dumps({**json.loads(to_json(tiny_plan())), key: value})


def refused(content: str) -> InputError:
    """Return the error that a text gets, which can be printed anywhere."""
    with pytest.raises(InputError) as caught:
        from_json(content, file="there/plan.json")
    error = caught.value
    for message in (error.message.en, error.message.zh):
        assert "there/plan.json" in message
        assert message.isprintable()
        assert len(message) < 1000
    return error


@pytest.mark.parametrize(("key", "value", "where"), FIELDS)
def test_each_field_is_checked(key: str, value: object, where: str) -> None:
    """A value that is none of a plan is refused by file and field, and with exit code 2."""
    error = refused(changed(key, value))
    assert [found.column for found in error.findings] == [where]
    assert error.exit_code == 2


def test_numbers_beyond_all_floats() -> None:
    """A figure such as 1e400, which reads as infinity, is refused by its field."""
    text = changed("gap", 0.25).replace("0.25", "1e400")
    assert refused(text).findings[0].column == "gap"


@pytest.mark.parametrize("key", ["format", "2025", "line_haul", "small"])
def test_a_key_stands_once(key: str) -> None:
    """Of two equal keys one would hide the other, so the file is refused."""
    text = to_json(tiny_plan())
    assert refused(text.replace(f'"{key}":', f'"{key}": 0, "{key}":', 1)).findings[0].column == key


def test_missing_and_extra_keys() -> None:
    """A plan has its keys, all of them and no others."""
    record = json.loads(to_json(tiny_plan()))
    assert refused(json.dumps({**record, "comment\x1b": 1})).findings[0].column == "comment\\x1b"
    del record["gap"]
    assert refused(json.dumps(record)).findings[0].column == "gap"


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "3", '"plan"', "{", "[" * 100_000, '{"a":' * 100_000, "\ufeff{}", "\0"],
    ids=lambda text: text[:4] or "empty",
)
def test_what_is_no_plan_at_all(text: str) -> None:
    """Other JSON, text that is none, and endless nesting are refused by file."""
    assert refused(text).exit_code == 2


def test_a_file_that_was_cut_off() -> None:
    """Half a file is refused, with the row where it ends."""
    text = to_json(tiny_plan())
    found = refused(text[: len(text) // 2]).findings[0]
    assert found.row is not None
    assert abs(found.row - text[: len(text) // 2].count("\n")) <= 2


def test_a_file_of_a_hundred_megabytes() -> None:
    """A file larger than any plan is refused before it fills the memory."""
    assert "larger than a plan can be" in refused(" " * 10**8).message.en


def test_notes_may_say_anything_readable() -> None:
    """Any language, full-width spaces and signs may stand in a note."""
    notes = ["路径　至多 10 条", 'a "note" — 100 % <b>', "ünïcödé 🚂"]
    assert list(from_json(changed("notes", notes)).notes) == notes


def test_a_random_change_is_refused_or_read() -> None:
    """Whatever is changed in a real plan, it is read or refused, and verifying it never fails."""
    instance, text = tiny(), written()
    record = json.loads(text)
    rng = random.Random(11)
    read = 0
    for _ in range(MUTATIONS):
        spoiled = (cut_up if rng.random() < 0.4 else replaced)(rng, text, record)
        plan, error = attempt(spoiled)
        if plan is None:
            assert error is not None
            assert (error.message.en + error.message.zh).isprintable()
            continue
        assert isinstance(plan, Plan)
        assert from_json(to_json(plan)) == plan
        found = verify(instance, plan)
        assert found.passed == (not found.violations)
        assert all(violation.message.zh.isprintable() for violation in found.violations)
        assert found.to_json().encode()
        read += 1
    assert MUTATIONS / 20 < read < MUTATIONS


def attempt(content: str) -> tuple[Plan | None, InputError | None]:
    """Return the plan in a text, or the error that it gets; any other exception is a failure."""
    try:
        return from_json(content), None
    except InputError as error:
        return None, error


def cut_up(rng: random.Random, text: str, _: object) -> str:
    """Return a text from which something was cut, or in which something stands twice or else."""
    a, b = sorted(rng.randrange(len(text)) for _ in range(2))
    b = min(b, a + rng.choice([1, 1, 2, 30]))
    middle = rng.choice(
        ["", text[a:b] * 2, chr(rng.randrange(0x3000)), rng.choice('0123456789{}[]",:')]
    )
    return text[:a] + middle + text[b:]


def replaced(rng: random.Random, _: str, record: dict[str, object]) -> str:
    """Return the file with one value, somewhere, replaced, lost, doubled or exchanged."""
    spoiled = copy.deepcopy(record)
    here: object = spoiled
    key: object = rng.choice(sorted(spoiled))
    while isinstance(inner := here[key], dict | list) and inner and rng.random() < 0.85:  # type: ignore[index]
        here = inner
        key = rng.choice(list(inner)) if isinstance(inner, dict) else rng.randrange(len(inner))
    if isinstance(here, list) and rng.random() < 0.4:
        other = rng.randrange(len(here))
        here[key], here[other] = here[other], here[key]  # type: ignore[index,call-overload]
    elif isinstance(here, list) and rng.random() < 0.3:
        here.insert(rng.randrange(len(here)), here[key])  # type: ignore[call-overload]
    elif rng.random() < 0.15:
        del here[key]  # type: ignore[attr-defined]
    elif isinstance(inner, int) and rng.random() < 0.6:
        here[key] = inner + rng.choice([-1, 1, 1000, 10**20])  # type: ignore[index]
    else:
        here[key] = rng.choice(STRANGE)  # type: ignore[index]
    return json.dumps(spoiled, ensure_ascii=rng.random() < 0.5)
