"""A plan as `plan.json`: the same bytes for the same plan, and read back strictly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

from hubopt.errors import Finding, InputError
from hubopt.network.steps import Change, Handle, Move, Ride, Step
from hubopt.plan.plan import Flow, Plan, ServicePlan, SitePlan, Unserved
from hubopt.text import Text
from hubopt.vocabulary import CostTerm, Function, Mode, SiteOutcome, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

T = TypeVar("T")

FORMAT = 1
"""Version of the file's layout."""

MOST_DIGITS = 400
"""Longer numbers are no figures of a plan."""

REMEDY = Text("solve the instance again to write a new plan", "请重新求解算例以生成方案")


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


def unpacked(words: list[str]) -> Step:
    """Return the step that a list of words stands for."""
    kind, *rest = words
    if kind == "move":
        start, end, mode = rest
        return Move(start, end, Mode(mode))
    if kind == "ride":
        service, start, end = rest
        return Ride(service, start, end)
    if kind == "change":
        place, before, after = rest
        return Change(place, Mode(before), Mode(after))
    if kind == "handle":
        site, function = rest
        return Handle(site, Function(function))
    raise ValueError(kind)


def from_json(content: str, *, file: str = "plan.json") -> Plan:
    """Return the plan in a file's text; raises `InputError` for anything that is not one."""
    try:
        record = json.loads(
            content, object_pairs_hook=unique, parse_constant=refuse, parse_int=short_int
        )
    except (ValueError, RecursionError) as error:
        raise broken(file, None, str(error)[:80]) from error
    reader = Reader(file, record)
    return reader.plan()


def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object's pairs, refusing keys that come twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")  # noqa: EM101, TRY003  (shown within a finding)
    return found


def refuse(word: str) -> NoReturn:
    """Refuse NaN and Infinity."""
    raise ValueError(word)


def short_int(digits: str) -> int:
    """Return a whole number unless it is absurdly long."""
    if len(digits) > MOST_DIGITS:
        raise ValueError(digits[:20])
    return int(digits)


def broken(file: str, key: str | None, value: str) -> InputError:
    """Return the error that says where a plan file is broken."""
    reason = Text("is not what a plan file holds here", "不是方案文件中应有的内容")
    return InputError([Finding(file, reason, REMEDY, column=key, value=value, code="PLN01")])


class Reader:
    """Takes a plan out of a JSON record, key by key."""

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

    def __init__(self, file: str, record: object) -> None:
        if not isinstance(record, dict):
            raise broken(file, None, type(record).__name__)
        wrong = sorted(set(self.KEYS) ^ set(record))
        if wrong:
            raise broken(file, wrong[0], "missing" if wrong[0] in self.KEYS else "extra")
        self.file, self.record = file, record
        self.take("format", lambda value: FORMAT if value == FORMAT else refuse(str(value)))

    def take(self, key: str, convert: Callable[[object], T]) -> T:
        """Return the value of a key, converted; raises `InputError` if that fails."""
        value = self.record[key]
        try:
            return convert(value)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            raise broken(self.file, key, text(value)[:80]) from error

    def plan(self) -> Plan:
        """Return the plan."""
        return Plan(
            instance=self.take("instance", word),
            instance_hash=self.take("instance_hash", word),
            scenario=self.take("scenario", word),
            status=self.take("status", lambda value: Status(word(value))),
            objective_fen=self.take("objective_fen", integer),
            bound_fen=self.take("bound_fen", lambda v: None if v is None else integer(v)),
            gap=self.take("gap", lambda v: None if v is None else number(v)),
            gap_basis=self.take("gap_basis", word),
            terms_fen=self.take("terms_fen", stages_of(terms)),
            co2e_wtw_kg=self.take("co2e_wtw_kg", stages_of(integer)),
            co2e_ttw_kg=self.take("co2e_ttw_kg", stages_of(integer)),
            sites=self.take("sites", rows(site_plan)),
            services=self.take("services", rows(service_plan)),
            flows=self.take("flows", rows(flow)),
            unserved=self.take("unserved", rows(unserved)),
            notes=self.take("notes", rows(word)),
        )


def word(value: object) -> str:
    """Return a value that must be text."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def integer(value: object) -> int:
    """Return a value that must be a whole number."""
    if type(value) is not int:
        raise TypeError(value)
    return value


def number(value: object) -> float:
    """Return a value that must be a number."""
    if type(value) not in {int, float}:
        raise TypeError(value)
    return float(value)  # type: ignore[arg-type]  # checked just above


def items(value: object) -> list[object]:
    """Return a value that must be a list."""
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def entries(value: object) -> Mapping[str, object]:
    """Return a value that must be an object."""
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def rows(convert: Callable[[object], T]) -> Callable[[object], tuple[T, ...]]:
    """Return a converter of a list, entry by entry."""
    return lambda value: tuple(convert(entry) for entry in items(value))


def stages_of(convert: Callable[[object], T]) -> Callable[[object], dict[int, T]]:
    """Return a converter of an object by stage."""
    return lambda value: {int(year): convert(entry) for year, entry in entries(value).items()}


def terms(value: object) -> dict[CostTerm, int]:
    """Return costs by term."""
    return {CostTerm(name): integer(amount) for name, amount in entries(value).items()}


def site_plan(value: object) -> SitePlan:
    """Return one site's entry."""
    site, stage, outcome, modules = items(value)
    counts = {name: integer(count) for name, count in entries(modules).items()}
    return SitePlan(word(site), integer(stage), SiteOutcome(word(outcome)), counts)


def service_plan(value: object) -> ServicePlan:
    """Return one service's entry."""
    service, stage, departures, empty = items(value)
    return ServicePlan(word(service), integer(stage), integer(departures), integer(empty))


def flow(value: object) -> Flow:
    """Return one flow."""
    shipment, kg, steps = items(value)
    route = tuple(unpacked([word(part) for part in items(step)]) for step in items(steps))
    return Flow(word(shipment), route, integer(kg))


def unserved(value: object) -> Unserved:
    """Return what one shipment leaves behind."""
    shipment, kg = items(value)
    return Unserved(word(shipment), integer(kg))
