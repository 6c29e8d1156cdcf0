"""A start from an earlier result: its plan and routes, and the prices that its bound came from.

A start is tried and never trusted. Routes are followed step by step in the instance as it is now,
a plan is solved again with the design that it had, and prices give a bound that is computed anew:
whatever they are, it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.network.route import Route
from hubopt.network.stages import usable_in
from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.plan.pricing import Pricer
from hubopt.plan.verify_routes import judged
from hubopt.text import Text, escaped
from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.network.stages import Usable
    from hubopt.network.steps import Step
    from hubopt.plan.plan import Plan

CODE = "WRM01"
REMEDY = Text(
    "give a result of this instance, of any of its scenarios, or solve without --warm",
    "请给出该算例（任一情景）的结果，或不用 --warm 求解",
)


@dataclass(frozen=True)
class WarmStart:
    """An earlier plan, of the same instance in any scenario, and the prices that were its bound's.

    `prices` are million CNY of present value by the name of a row of the model; `file` is what
    messages call the plan, `digest` the SHA-256 of it, by which a result says what it is near to.
    """

    plan: Plan
    prices: Mapping[str, float] = field(default_factory=dict)
    file: str = "plan.json"
    digest: str = ""


def refuse_other_instance(instance: Instance, warm: WarmStart) -> None:
    """Raise `InputError` if a start is of another instance: by name, stages, sites or shipments."""
    plan, settings = warm.plan, instance.settings
    years = [stage.year for stage in settings.stages]
    theirs = sorted({site.stage for site in plan.sites})
    freight = {flow.shipment for flow in plan.flows} | {one.shipment for one in plan.unserved}
    if plan.instance != settings.name:
        raise other(warm, "instance", plan.instance, Text(
            f"is the result of another instance; this one is {settings.name}",
            f"是另一个算例的结果；当前算例为 {settings.name}",
        ))  # fmt: skip
    if theirs and theirs != years:
        raise other(warm, "sites", listed(theirs), Text(
            f"has other stages than the instance ({listed(years)})",
            f"阶段与算例不同（{listed(years)}）",
        ))  # fmt: skip
    sites = {site.site for site in plan.sites}
    for column, known, what in (
        ("sites", sites & set(instance.site) or not sites, Text("sites", "设施")),
        ("flows", freight & set(instance.shipment) or not freight, Text("shipments", "运输需求")),
    ):
        if not known:
            raise other(warm, column, None, Text(
                f"names none of the {what.en} of the instance", f"未涉及该算例的任何{what.zh}"
            ))  # fmt: skip


def other(warm: WarmStart, column: str, value: str | None, reason: Text) -> InputError:
    """Return the error for a start of another instance."""
    return InputError(
        [Finding(escaped(warm.file), reason, REMEDY, column=column, value=value, code=CODE)]
    )


def listed(years: list[int]) -> str:
    """Return years as text."""
    return ", ".join(map(str, years))


def routes_in(instance: Instance, plan: Plan) -> tuple[Route, ...]:
    """Return the routes that a plan uses and that a plan of the instance could use as well."""
    pricer = Pricer(instance)
    usable = {s.year: usable_in(instance, s.year) for s in instance.settings.stages}
    found = []
    for flow in plan.flows:
        shipment = instance.shipment.get(flow.shipment)
        if shipment is None:
            continue
        verdict = judged(instance, pricer, shipment, flow.steps)
        if verdict.troubles or verdict.time_h is None:
            continue
        if shipment.latest_h is not None and verdict.time_h > exact(shipment.latest_h):
            continue
        if all(open_for(instance, pricer, usable[shipment.stage], step) for step in flow.steps):
            found.append(Route(flow.shipment, flow.steps))
    return tuple(found)


def open_for(instance: Instance, pricer: Pricer, usable: Usable, step: Step) -> bool:
    """Tell whether what a known step uses may stand, run or be driven in a stage."""
    if isinstance(step, Handle):
        return step.site in usable.able(step.function)
    if isinstance(step, Change):
        return usable.may_use(instance.transfers[pricer.transfer_row(step)])
    if isinstance(step, Ride):
        return step.service in usable.services
    if isinstance(step, Move):
        return all(usable.may_drive(instance.links[row]) for row in pricer.link_rows(step))
    raise AssertionError(step)
