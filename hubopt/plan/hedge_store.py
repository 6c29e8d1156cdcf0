"""A hedge as `hedge.json`: the same bytes for the same hedge, and read back strictly."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.plan.hedge import Hedge, HedgeState
from hubopt.plan.reading import (
    EXTRA,
    MISSING,
    NO_NUMBER,
    WrongValue,
    entries,
    fields,
    integer,
    name,
    number,
    rows,
    text,
    word,
)
from hubopt.plan.risk import Risk
from hubopt.plan.store import NO_JSON, broken, unique, whole
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

NAME = "hedge.json"
FORMAT = 1
LARGEST = 1024**2
KEYS = (
    "format", "instance", "status", "level", "weight", "states", "objective_fen", "expected_fen",
    "tail_fen", "bound_fen", "gap", "gap_basis", "alone_fen", "plans",
)  # fmt: skip


def to_json(hedge: Hedge, plans: Mapping[str, str]) -> str:
    """Return a hedge as JSON; `plans` are the hashes of its plan files by scenario."""
    record = {
        "format": FORMAT,
        "instance": hedge.instance,
        "status": hedge.status.value,
        "level": str(hedge.risk.level),
        "weight": str(hedge.risk.weight),
        "states": [[s.scenario, str(s.probability), s.cost_fen] for s in hedge.states],
        "objective_fen": hedge.objective_fen,
        "expected_fen": hedge.expected_fen,
        "tail_fen": hedge.tail_fen,
        "bound_fen": hedge.bound_fen,
        "gap": hedge.gap,
        "gap_basis": hedge.gap_basis,
        "alone_fen": list(hedge.alone_fen),
        "plans": dict(plans),
    }
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def from_json(content: str, *, file: str = NAME) -> tuple[Hedge, dict[str, str]]:
    """Return the hedge in a file's text and the hashes of its plans; `InputError` if it is none."""
    try:
        return hedge_in(
            json.loads(content, object_pairs_hook=unique, parse_constant=float, parse_int=whole)
        )
    except WrongValue as error:
        raise broken(file, error) from error
    except (json.JSONDecodeError, RecursionError) as error:
        row = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise broken(file, WrongValue(NO_JSON, None), row=row) from error


def hedge_in(record: object) -> tuple[Hedge, dict[str, str]]:
    """Return the hedge in a JSON record and the hashes; raises `WrongValue`."""
    found = entries(record)
    odd = sorted(set(KEYS) ^ set(found))
    if odd:
        raise WrongValue(MISSING if odd[0] in KEYS else EXTRA, None, (odd[0],))
    hedge = Hedge(
        instance=name(found["instance"]),
        status=word(Status, found["status"]),
        risk=Risk(fraction(found["level"]), fraction(found["weight"])),
        states=rows(state)(found["states"]),
        objective_fen=integer(found["objective_fen"]),
        expected_fen=integer(found["expected_fen"]),
        tail_fen=integer(found["tail_fen"]),
        bound_fen=maybe(found["bound_fen"]),
        gap=None if found["gap"] is None else number(found["gap"]),
        gap_basis=text(found["gap_basis"]),
        alone_fen=rows(integer)(found["alone_fen"]),
    )
    return hedge, {name(key): text(value) for key, value in entries(found["plans"]).items()}


def state(value: object) -> HedgeState:
    """Return one state."""
    scenario, share, cost = fields(value, 3)
    return HedgeState(name(scenario), fraction(share), integer(cost))


def fraction(value: object) -> Fraction:
    """Return a share that is written as a fraction."""
    try:
        return Fraction(text(value))
    except (ValueError, ZeroDivisionError):
        raise WrongValue(NO_NUMBER, value) from None


def maybe(value: object) -> int | None:
    """Return a whole number or nothing."""
    return None if value is None else integer(value)
