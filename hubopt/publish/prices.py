"""`prices.json` of a result: the prices that its bound over all routes came from, to start from.

They are multipliers of the model's rows, in million CNY of present value, by the name of the row.
Nothing rests on them: a bound is computed anew from whatever stands here.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.plan.plan import Plan

NAME = "prices.json"
FORMAT = 1
KEYS = ("format", "instance", "instance_hash", "scenario", "prices")
LARGEST = 1e12
"""No price of a row comes near; larger ones are damage."""

CODE = "WRM02"
AGAIN = Text(
    "restore the file, delete the result and solve it again, or solve without --warm",
    "请恢复该文件，或删除该结果后重新求解，或不用 --warm 求解",
)
NO_JSON = Text("is not JSON: it was cut off or changed", "不是有效的 JSON：可能被截断或改动")
WRONG_KEYS = Text(f"does not hold the keys {', '.join(KEYS)}", f"应含且仅含键 {'、'.join(KEYS)}")
NOT_OURS = Text(f"is not the format {FORMAT}", f"不是格式 {FORMAT}")
NO_OBJECT = Text("is not an object with numbers by name", "不是以名称为键、以数为值的对象")
NO_PRICE = Text("is not a price: a finite number of a sensible size", "不是大小合理的有限数")


def to_json(plan: Plan, prices: Mapping[str, float]) -> str:
    """Return prices as JSON, one a line by name, with the plan that they belong to."""
    head = {
        "format": FORMAT,
        "instance": plan.instance,
        "instance_hash": plan.instance_hash,
        "scenario": plan.scenario,
        "prices": dict(sorted(prices.items())),
    }
    return json.dumps(head, ensure_ascii=False, indent=0, allow_nan=False) + "\n"


def from_json(text: str, plan: Plan, *, file: str) -> dict[str, float]:
    """Return the prices in a file's text; raises `InputError` unless they are those of a plan."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise broken(file, NO_JSON) from error
    if not isinstance(record, dict) or set(record) != set(KEYS):
        raise broken(file, WRONG_KEYS)
    if record["format"] != FORMAT:
        raise broken(file, NOT_OURS, "format", record["format"])
    for key, said in (("instance", plan.instance), ("instance_hash", plan.instance_hash)):
        if record[key] != said:
            raise broken(file, Text(
                f"is of another instance than the plan beside it ({said})",
                f"与同目录方案的算例不同（{said}）",
            ), key, record[key])  # fmt: skip
    return numbers(record["prices"], file)


def numbers(found: object, file: str) -> dict[str, float]:
    """Return numbers by name, or raise `InputError` for the first that is none."""
    if not isinstance(found, dict):
        raise broken(file, NO_OBJECT, "prices", found)
    for name, price in found.items():
        plain = isinstance(price, int | float) and not isinstance(price, bool)
        if not plain or abs(price) > LARGEST or not math.isfinite(price):
            raise broken(file, NO_PRICE, f"prices.{name}", price)
    return {name: float(price) for name, price in found.items()}


def broken(file: str, reason: Text, column: str | None = None, value: object = None) -> InputError:
    """Return the error that says where a file of prices is broken."""
    said = None if value is None else escaped(str(value))[:60]
    place = None if column is None else escaped(column)[:60]
    return InputError([Finding(escaped(file), reason, AGAIN, column=place, value=said, code=CODE)])
