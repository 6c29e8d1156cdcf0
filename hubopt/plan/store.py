"""A plan as `plan.json`: the same bytes for the same plan, and read back strictly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.network.steps import Change, Move, Ride
from hubopt.plan.reading import FORMAT, WrongValue, plan_of
from hubopt.plan.words import MOST_DIGITS, Huge
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from hubopt.network.steps import Step
    from hubopt.plan.plan import Plan

LARGEST = 64 * 1024**2
"""Characters of a plan of some 200,000 flows; to read more would take gigabytes of memory."""

NO_JSON = Text(
    "the file stops being JSON here: it was cut off or changed",
    "文件自此处起不是有效的 JSON：可能被截断或改动",
)
TOO_DEEP = Text("lists are nested too deeply for a plan", "列表嵌套过深，不是方案文件")
TOO_LARGE = Text("is larger than a plan can be", "超出方案文件可能的大小")
TWICE = Text("stands twice in one object", "在同一对象中出现两次")
REMEDY = Text("restore the file, or solve the instance again", "请恢复该文件，或重新求解算例")


def to_json(plan: Plan) -> str:
    """Return a plan as JSON: one line per site, service, flow and unserved shipment."""
    head: dict[str, object] = {
        "format": FORMAT,
        "instance": plan.instance,
        "instance_hash": plan.instance_hash,
        "scenario": plan.scenario,
        "status": plan.status.value,
        "objective_fen": plan.objective_fen,
        "bound_fen": plan.bound_fen,
        "gap": plan.gap,
        "gap_basis": plan.gap_basis,
        "notes": list(plan.notes),
        "terms_fen": {
            str(y): {t.value: n for t, n in v.items()} for y, v in plan.terms_fen.items()
        },
        "co2e_wtw_kg": {str(year): kg for year, kg in plan.co2e_wtw_kg.items()},
        "co2e_ttw_kg": {str(year): kg for year, kg in plan.co2e_ttw_kg.items()},
    }
    lists: dict[str, list[list[object]]] = {
        "sites": [[s.site, s.stage, s.outcome.value, dict(s.modules)] for s in plan.sites],
        "services": [
            [s.service, s.stage, s.departures_per_week, s.empty_per_week] for s in plan.services
        ],
        "flows": [[f.shipment, f.kg_per_year, [packed(s) for s in f.steps]] for f in plan.flows],
        "unserved": [[u.shipment, u.kg_per_year] for u in plan.unserved],
    }
    lines = [f"{text(key)}: {text(value)}" for key, value in head.items()]
    for key, rows in lists.items():
        body = ",\n".join(f"  {text(row)}" for row in rows)
        lines.append(f"{text(key)}: [\n{body}\n ]" if rows else f"{text(key)}: []")
    return "{\n " + ",\n ".join(lines) + "\n}\n"


def text(value: object) -> str:
    """Return a value as JSON on one line."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def packed(step: Step) -> list[str]:
    """Return a step as a list of words."""
    if isinstance(step, Move):
        return ["move", step.from_place, step.to_place, step.mode.value]
    if isinstance(step, Ride):
        return ["ride", step.service, step.from_place, step.to_place]
    if isinstance(step, Change):
        return ["change", step.place, step.from_mode.value, step.to_mode.value]
    return ["handle", step.site, step.function.value]


def from_json(content: str, *, file: str = "plan.json") -> Plan:
    """Return the plan in a file's text; raises `InputError` for anything that is not one."""
    if len(content) > LARGEST:
        raise broken(file, WrongValue(TOO_LARGE, None))
    try:
        return plan_of(
            json.loads(content, object_pairs_hook=unique, parse_constant=float, parse_int=whole)
        )
    except WrongValue as error:
        raise broken(file, error) from error
    except json.JSONDecodeError as error:
        raise broken(file, WrongValue(NO_JSON, None), row=error.lineno) from error
    except RecursionError as error:
        raise broken(file, WrongValue(TOO_DEEP, None)) from error


def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object's pairs, refusing keys that come twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise WrongValue(TWICE, None, (twice,))
    return found


def whole(digits: str) -> int | Huge:
    """Return a whole number, or its digits if it is absurdly long."""
    return int(digits) if len(digits) <= MOST_DIGITS else Huge(digits)


def broken(file: str, wrong: WrongValue, *, row: int | None = None) -> InputError:
    """Return the error that says where a plan file is broken."""
    finding = Finding(
        escaped(file),
        wrong.reason,
        REMEDY,
        row=row,
        column=wrong.where,
        value=wrong.told,
        code="PLN01",
    )
    return InputError([finding])
