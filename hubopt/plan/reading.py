"""From the values of a JSON file to a plan: each value of the right kind, or said where it is not.

Keys of stages must be spelled as the numbers that they are: were "02025" read as 2025, two keys
could stand for one stage and hide one another.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeVar

from hubopt.instance.folder_name import safe_name
from hubopt.network.steps import Change, Handle, Move, Ride, Step
from hubopt.plan.plan import Flow, Plan, ServicePlan, SitePlan, Unserved
from hubopt.plan.words import Huge, clean, shown
from hubopt.text import Text
from hubopt.vocabulary import CostTerm, Function, Mode, SiteOutcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

    W = TypeVar("W", bound=StrEnum)

T = TypeVar("T")

FORMAT = 1
"""Version of the file's layout."""

KEYS = (
    "format",
    "instance",
    "instance_hash",
    "scenario",
    "status",
    "objective_fen",
    "bound_fen",
    "gap",
    "gap_basis",
    "notes",
    "terms_fen",
    "co2e_wtw_kg",
    "co2e_ttw_kg",
    "sites",
    "services",
    "flows",
    "unserved",
)

MISSING = Text("is missing", "缺失")
EXTRA = Text("is no key of a plan", "不是方案文件的键")
OTHER_FORMAT = Text(f"is not the format {FORMAT}", f"不是格式 {FORMAT}")
NOT_TEXT = Text("is not text", "不是文本")
HIDDEN = Text("contains an invisible or control character", "含不可见字符或控制字符")
NO_NAME = Text("cannot be the name of a folder", "不能用作文件夹名")
NOT_WHOLE = Text("is not a whole number", "不是整数")
TOO_LONG = Text("has too many digits for a figure of a plan", "位数过多，不是方案中的数值")
NO_NUMBER = Text("is not a finite number", "不是有限的数")
NO_LIST = Text("is not a list", "不是列表")
WRONG_LENGTH = Text("has not as many entries as it must have", "列表的项数不对")
NO_OBJECT = Text("is not an object with keys", "不是带键的对象")
NO_STAGE = Text("is not a year in plain digits", "不是以普通数字书写的年份")
NO_WORD = Text("is not one of the words that may stand here", "不是此处可用的词")
NO_STEP = Text("is not a step of a route", "不是路径的步骤")


@dataclass(eq=False)
class WrongValue(Exception):  # noqa: N818  (an answer, caught in `store`)
    """A value that is not what a plan holds at a path within the file."""

    reason: Text
    value: object
    path: tuple[str | int, ...] = ()

    def under(self, key: str | int) -> WrongValue:
        """Return the same within something larger."""
        return WrongValue(self.reason, self.value, (key, *self.path))

    @property
    def where(self) -> str | None:
        """The path as `flows[3]` or `terms_fen.2025`."""
        parts = [f"[{key}]" if isinstance(key, int) else f".{shown(key)}" for key in self.path]
        return "".join(parts).removeprefix(".") or None

    @property
    def told(self) -> str | None:
        """The value as a short text; of a list or object only that it is one."""
        if isinstance(self.value, list | tuple | dict):
            return "{…}" if isinstance(self.value, dict) else "[…]"
        if self.value is None:
            return None
        if isinstance(self.value, bool):
            return str(self.value).lower()
        return shown(self.value)


def plan_of(record: object) -> Plan:
    """Return the plan in a JSON record; raises `WrongValue` for anything that is not one."""
    found = entries(record)
    wrong = sorted(set(KEYS) ^ set(found))
    if wrong:
        raise WrongValue(MISSING if wrong[0] in KEYS else EXTRA, None, (wrong[0],))

    take = partial(taken, found)
    take("format", layout)
    return Plan(
        instance=take("instance", name),
        instance_hash=take("instance_hash", text),
        scenario=take("scenario", name),
        status=take("status", lambda value: word(Status, value)),
        objective_fen=take("objective_fen", integer),
        bound_fen=take("bound_fen", lambda value: None if value is None else integer(value)),
        gap=take("gap", lambda value: None if value is None else number(value)),
        gap_basis=take("gap_basis", text),
        terms_fen=take("terms_fen", stages_of(terms)),
        co2e_wtw_kg=take("co2e_wtw_kg", stages_of(integer)),
        co2e_ttw_kg=take("co2e_ttw_kg", stages_of(integer)),
        sites=take("sites", rows(site_plan)),
        services=take("services", rows(service_plan)),
        flows=take("flows", rows(flow)),
        unserved=take("unserved", rows(unserved)),
        notes=take("notes", rows(text)),
    )


def taken(found: Mapping[str, object], key: str, convert: Callable[[object], T]) -> T:
    """Return an entry of an object converted; raises `WrongValue` with its key."""
    try:
        return convert(found[key])
    except WrongValue as error:
        raise error.under(key) from None


def layout(value: object) -> int:
    """Return the version of the layout, which must be ours."""
    if integer(value) != FORMAT:
        raise WrongValue(OTHER_FORMAT, value)
    return FORMAT


def text(value: object) -> str:
    """Return a value that must be text without hidden signs."""
    if type(value) is not str:
        raise WrongValue(NOT_TEXT, value)
    if not clean(value):
        raise WrongValue(HIDDEN, value)
    return value


def name(value: object) -> str:
    """Return a text that must be fit for a folder."""
    if not safe_name(text(value)):
        raise WrongValue(NO_NAME, value)
    return text(value)


def word(kind: type[W], value: object) -> W:
    """Return one of the fixed words."""
    try:
        return kind(text(value))
    except ValueError:
        raise WrongValue(NO_WORD, value) from None


def integer(value: object) -> int:
    """Return a value that must be a whole number of a sensible size."""
    if isinstance(value, Huge):
        raise WrongValue(TOO_LONG, value)
    if type(value) is not int:
        raise WrongValue(NOT_WHOLE, value)
    return value


def number(value: object) -> float:
    """Return a value that must be a finite number."""
    if type(value) is float and math.isfinite(value):
        return value
    if type(value) is float or isinstance(value, bool):
        raise WrongValue(NO_NUMBER, value)
    return float(integer(value))


def items(value: object) -> list[object]:
    """Return a value that must be a list."""
    if not isinstance(value, list):
        raise WrongValue(NO_LIST, value)
    return value


def fields(value: object, count: int) -> list[object]:
    """Return a value that must be a list of so many entries."""
    if len(items(value)) != count:
        raise WrongValue(WRONG_LENGTH, value)
    return items(value)


def entries(value: object) -> Mapping[str, object]:
    """Return a value that must be an object."""
    if not isinstance(value, dict):
        raise WrongValue(NO_OBJECT, value)
    return value


def rows(convert: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """Return a converter of a list, entry by entry."""

    def converted(value: object) -> tuple[T, ...]:
        found = []
        for here, entry in enumerate(items(value)):
            try:
                found.append(convert(entry))
            except WrongValue as error:
                raise error.under(here) from None
        return tuple(found)

    return converted


def by_key(value: object, key_of: Callable[[str], T]) -> dict[T, int]:
    """Return whole numbers by key."""
    found = {}
    for key, entry in entries(value).items():
        try:
            found[key_of(key)] = integer(entry)
        except WrongValue as error:
            raise error.under(key) from None
    return found


def stages_of(convert: Callable[[object], T]) -> Callable[[object], dict[int, T]]:
    """Return a converter of an object by stage."""

    def converted(value: object) -> dict[int, T]:
        found = {}
        for key, entry in entries(value).items():
            try:
                found[stage(key)] = convert(entry)
            except WrongValue as error:
                raise error.under(key) from None
        return found

    return converted


def stage(key: str) -> int:
    """Return the year that a key is, spelled as numbers are: no sign, space or leading zero."""
    if not (key.isascii() and key.isdigit() and len(key) == len("2025") and key[0] != "0"):
        raise WrongValue(NO_STAGE, key)
    return int(key)


def terms(value: object) -> dict[CostTerm, int]:
    """Return costs by term."""
    return by_key(value, lambda key: word(CostTerm, key))


def site_plan(value: object) -> SitePlan:
    """Return one site's entry."""
    site, year, outcome, modules = fields(value, 4)
    standing = by_key(modules, text)
    return SitePlan(text(site), integer(year), word(SiteOutcome, outcome), standing)


def service_plan(value: object) -> ServicePlan:
    """Return one service's entry."""
    service, year, departures, empty = fields(value, 4)
    return ServicePlan(text(service), integer(year), integer(departures), integer(empty))


def flow(value: object) -> Flow:
    """Return one flow."""
    shipment, kg, route = fields(value, 3)
    return Flow(text(shipment), rows(step)(route), integer(kg))


def unserved(value: object) -> Unserved:
    """Return what one shipment leaves behind."""
    shipment, kg = fields(value, 2)
    return Unserved(text(shipment), integer(kg))


def step(value: object) -> Step:
    """Return one step of a route."""
    parts = tuple(items(value))
    if not all(type(part) is str for part in parts):
        raise WrongValue(NOT_TEXT, value)
    return unpacked(parts)


@lru_cache(maxsize=2**16)
def unpacked(parts: tuple[str, ...]) -> Step:
    """Return the step that a list of words stands for."""
    match tuple(text(part) for part in parts):
        case ("move", start, end, mode):
            return Move(start, end, word(Mode, mode))
        case ("ride", service, start, end):
            return Ride(service, start, end)
        case ("change", place, before, after):
            return Change(place, word(Mode, before), word(Mode, after))
        case ("handle", site, function):
            return Handle(site, word(Function, function))
    raise WrongValue(NO_STEP, " ".join(parts))
