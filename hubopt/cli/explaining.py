"""`hubopt explain`: why sites stand or not, from a result alone and by solving it anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.cli import explain_view as view
from hubopt.cli.own_rules import refused
from hubopt.cli.solving import positive, typed
from hubopt.cli.work import INTERRUPTED, OK, loaded
from hubopt.errors import Finding, InputError
from hubopt.text import Text, escaped, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.publish.site_facts import Facts
    from hubopt.solve.answer import Question
    from hubopt.study.why import Reason


@dataclass(frozen=True, slots=True)
class ExplainRequest:
    """The options of `hubopt explain` as given; without a site all with a choice are meant."""

    result: Path
    site: str | None
    time_s: float | None
    save: Path | None
    instance: Path | None
    encoding: str | None
    quiet: bool
    json: bool


def explain(request: ExplainRequest) -> int:
    """Say what a verified result tells of its sites; of one, solve anew what else could be.

    A stop keeps what the plan alone tells and the alternatives that were solved.
    """
    from hubopt.instance.scenario import overlaid  # noqa: PLC0415  (each loads on use)
    from hubopt.plan.verify import verify  # noqa: PLC0415
    from hubopt.publish.results import load_result, refuse_unverified  # noqa: PLC0415
    from hubopt.study.why import reason_of  # noqa: PLC0415

    plan, where = load_result(request.result, request.instance)
    instance = overlaid(where, plan.scenario, loaded(where, request.encoding))
    refuse(request, instance, plan, where)
    refuse_unverified(verify(instance, plan))
    facts = facts_of(request, instance, plan)
    if request.site is None:
        view.show_sites(request.result, instance, facts, as_json=request.json)
        return OK
    reason = reason_of(instance, plan, request.site)
    if not request.json:
        view.show_facts(instance, facts, reason)
    reason, stopped = solved(request, plan, reason)
    view.show_reason(request.result, facts, reason, as_json=request.json)
    return INTERRUPTED if stopped else OK


def refuse(request: ExplainRequest, instance: Instance, plan: Plan, where: Path) -> None:
    """Raise `InputError` for an option that is wrong or an instance that is not the plan's."""
    from hubopt.instance.digest import content_hash  # noqa: PLC0415

    findings = positive("--time", request.time_s)
    if plan.instance_hash != content_hash(instance):
        findings.append(changed_instance(request.result, where))
    elif request.site is not None and request.site not in instance.site:
        findings.append(no_site(request.site, instance.site))
    if request.site is not None:
        findings += refused(request.result, "SITE")
    if findings:
        raise InputError(findings)


def changed_instance(result: Path, where: Path) -> Finding:
    """Return the finding for a result of another instance than the one that lies there."""
    folder = escaped(str(where))
    return Finding(
        escaped(str(result)),
        Text(
            f"is the plan of another instance than {folder} now holds: that was changed since",
            f"所属算例与 {folder} 现有内容不同：求解后算例已改动",
        ),
        Text(
            "solve it again, or name the instance as it was with --instance",
            "请重新求解，或用 --instance 指定原来的算例",
        ),
        code="WHY02",
    )


def no_site(name: str, known: Collection[str]) -> Finding:
    """Return the finding for a name that is no site."""
    from hubopt.instance.nearest import nearest_of  # noqa: PLC0415

    return Finding(
        "command line",
        Text("is no site of the instance", "不是该算例的设施"),
        Text("use an id of sites.csv", "请使用 sites.csv 中的编号"),
        column="SITE",
        value=escaped(name),
        nearest=nearest_of(name, known),
        code="WHY01",
    )


def facts_of(request: ExplainRequest, instance: Instance, plan: Plan) -> Facts:
    """Return what the plan tells of its sites, and write it to a file if that was asked for."""
    from hubopt.cli.reconciling import saved  # noqa: PLC0415
    from hubopt.publish.figures import Figures  # noqa: PLC0415
    from hubopt.publish.marginals import read_marginals  # noqa: PLC0415
    from hubopt.publish.site_facts import Facts, sheet, with_a_choice  # noqa: PLC0415

    facts = Facts(Figures(instance, plan, read_marginals(request.result)))
    if request.save is not None:
        sites = with_a_choice(instance) if request.site is None else (request.site,)
        saved(request.save, sheet(facts, sites))
    return facts


def solved(request: ExplainRequest, plan: Plan, reason: Reason) -> tuple[Reason, bool]:
    """Return what is known of a site with all alternatives solved, and whether somebody stopped."""
    from hubopt.cli.interrupt import stop_on_signals  # noqa: PLC0415
    from hubopt.cli.progress import ProgressLine  # noqa: PLC0415
    from hubopt.study.why import tried  # noqa: PLC0415

    question = as_solved(request)
    with (
        stop_on_signals() as stop,
        ProgressLine(
            language_from_environment(), stop, quiet=request.quiet, as_json=request.json
        ) as watcher,
    ):
        stop.keeping = True  # what the plan alone tells is worth keeping
        for one in tried(reason, plan, question, watcher=watcher, stop=stop):
            reason = replace(reason, alternatives=(*reason.alternatives, one))
        return reason, stop.is_set()


def as_solved(request: ExplainRequest) -> Question:
    """Return the question that the result answered, but for its time if another is asked for."""
    from hubopt.publish.manifest import read_manifest  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415

    record = read_manifest(request.result) or {}
    options = record.get("options")
    said: Mapping[str, object] = options if isinstance(options, dict) else {}
    return Question(
        gap=number(said, "gap"),
        time_s=number(said, "time_s") if request.time_s is None else request.time_s,
        routes_per_shipment=None if said.get("all_routes") else whole(said, "routes_per_shipment"),
        memory_mb=whole(said, "memory_mb") or Question().memory_mb,
        seed=whole(said, "seed") or 0,
        highs=highs(said.get("highs")),
    )


def highs(said: object) -> dict[str, str | int | float | bool]:
    """Return the HiGHS options of a run, written as NAME=VALUE."""
    pairs = [str(text).partition("=") for text in said] if isinstance(said, list) else []
    return {name: typed(value) for name, _, value in pairs}


def number(said: Mapping[str, object], name: str) -> float | None:
    """Return an option of a run that is a number, `None` if it was left to the instance."""
    value = said.get(name)
    return float(value) if isinstance(value, int | float) else None


def whole(said: Mapping[str, object], name: str) -> int | None:
    """Return an option of a run that is a whole number above 0, `None` otherwise."""
    value = said.get(name)
    return value if isinstance(value, int) and value > 0 else None
