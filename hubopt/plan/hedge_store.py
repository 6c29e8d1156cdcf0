"""A hedge as `hedge.json`: the same bytes for the same hedge, and read back strictly."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from hubopt.plan.hedge import Hedge, HedgeState
from hubopt.plan.reading import (
    EXTRA,
    FORMAT,
    MISSING,
    NO_NUMBER,
    WRONG_LENGTH,
    WrongValue,
    entries,
    fields,
    integer,
    layout,
    name,
    number,
    rows,
    taken,
    text,
    word,
)
from hubopt.plan.risk import Risk
from hubopt.plan.store import LARGEST, NO_JSON, TOO_LARGE, broken, unique, whole
from hubopt.units import share_of
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

NAME = "hedge.json"
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
    if len(content) > LARGEST:
        raise broken(file, WrongValue(TOO_LARGE, None))
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
    take = partial(taken, found)
    take("format", layout)
    hedge = Hedge(
        instance=take("instance", name),
        status=take("status", lambda value: word(Status, value)),
        risk=Risk(take("level", fraction), take("weight", fraction)),
        states=take("states", rows(state)),
        objective_fen=take("objective_fen", integer),
        expected_fen=take("expected_fen", integer),
        tail_fen=take("tail_fen", integer),
        bound_fen=take("bound_fen", lambda value: None if value is None else integer(value)),
        gap=take("gap", lambda value: None if value is None else number(value)),
        gap_basis=take("gap_basis", text),
        alone_fen=take("alone_fen", rows(integer)),
    )
    if len(hedge.alone_fen) not in {0, len(hedge.states)}:
        raise WrongValue(WRONG_LENGTH, hedge.alone_fen, ("alone_fen",))
    return hedge, take("plans", hashes)


def hashes(value: object) -> dict[str, str]:
    """Return the hashes of plan files by scenario."""
    return {name(key): text(digest) for key, digest in entries(value).items()}


def state(value: object) -> HedgeState:
    """Return one state."""
    scenario, share, cost = fields(value, 3)
    return HedgeState(name(scenario), fraction(share), integer(cost))


def fraction(value: object) -> Fraction:
    """Return a share that is written as a fraction."""
    share = share_of(text(value))
    if share is None:
        raise WrongValue(NO_NUMBER, value)
    return share
