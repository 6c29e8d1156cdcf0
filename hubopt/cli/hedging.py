"""`hubopt hedge`: one design for several states, solved, verified, written and shown."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from hubopt.cli import hedge_view
from hubopt.cli.solving import asked, option_finding
from hubopt.cli.work import BROKEN, INTERRUPTED, OK, loaded
from hubopt.errors import Finding, InputError
from hubopt.text import Text, language_from_environment
from hubopt.units import share_of
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hubopt.cli.solving import SolveRequest
    from hubopt.instance.hedge_file import HedgeFile
    from hubopt.instance.tables import Instance
    from hubopt.plan.risk import Risk
    from hubopt.publish.edition import Edition
    from hubopt.solve.answer import Watcher
    from hubopt.solve.hedge import HedgeAnswer, State

NAME = "hedge"
NOT_STATE = Text(
    "is not NAME=PROBABILITY, above 0 and at most 1; for 5 % write flood=0.05",
    "不是 名称=概率 形式，概率须大于 0 且不超过 1；5 % 请写 flood=0.05",
)


@dataclass(frozen=True, slots=True)
class HedgeRequest:
    """The options of `hubopt hedge` as given; `None` takes what hedge.toml says."""

    solve: SolveRequest
    states: tuple[str, ...]
    level: float | None
    weight: float | None
    name: str = NAME


def hedge(request: HedgeRequest) -> int:
    """Solve for all states together, write the design with a result for each state, and show it."""
    from hubopt.cli.interrupt import (  # noqa: PLC0415  (each loads on use)
        stop_on_signals,
        whole_or_plan,
    )
    from hubopt.cli.progress import ProgressLine  # noqa: PLC0415
    from hubopt.publish.results import refuse_early  # noqa: PLC0415
    from hubopt.solve.hedge import hedged  # noqa: PLC0415

    question = asked(request.solve)
    hedge_file = states_asked(request)
    gc.disable()  # as for `solve`
    began = time.monotonic()
    quiet, as_json = request.solve.quiet, request.solve.as_json
    with (
        stop_on_signals() as stop,
        ProgressLine(language_from_environment(), stop, quiet=quiet, as_json=as_json) as watcher,
    ):
        watcher.phase(Text("reading the instance", "读取算例"))
        base = loaded(request.solve.folder, request.solve.encoding)
        states = states_of(request, hedge_file, base)
        refuse_early(request.solve.out, base, request.name, request.solve.folder, hedge=True)
        found = hedged(states, risk_of(hedge_file), question, watcher=watcher, stop=stop)
        seconds = time.monotonic() - began
        instances = {state.scenario: state.instance for state in states}
        folder, whole = whole_or_plan(
            partial(written, request, instances, found, watcher, seconds), stop
        )
    if not whole:
        found = replace(found, warnings=(*found.warnings, without_maps(folder)))
    hedge_view.show_answer(instances, found, folder, as_json=request.solve.as_json)
    return OK if whole and found.hedge.status is not Status.INTERRUPTED else INTERRUPTED


def without_maps(folder: Path) -> Text:
    """Return the warning about a hedge of which only the plans were written."""
    return Text(
        f"stopped: the plans are verified and kept; for tables and map of a state run: hubopt map"
        f" {folder}/STATE",
        f"已中断：各状态的方案已核验并保留；要得到某一状态的表格与地图，请运行"
        f" hubopt map {folder}/状态",
    )


def risk_of(found: HedgeFile) -> Risk:
    """Return the attitude to risk that a hedge file states."""
    from hubopt.plan.risk import Risk  # noqa: PLC0415

    return Risk(found.level, found.weight)


def states_asked(request: HedgeRequest) -> HedgeFile:
    """Return the states of hedge.toml, or of the options; `InputError` for all that is wrong."""
    from hubopt.instance.hedge_file import HedgeFile, checked, read_hedge  # noqa: PLC0415
    from hubopt.instance.scenario_files import scenario_names  # noqa: PLC0415

    level = None if request.level is None else share_of(str(request.level))
    weight = None if request.weight is None else share_of(str(request.weight))
    findings = [*below_one("--level", request.level, level, open_above=True)]
    findings += below_one("--weight", request.weight, weight, open_above=False)
    pairs = [pair(text, findings) for text in request.states]
    if not findings and pairs:
        made = HedgeFile(tuple(pairs))
        findings += checked(made, scenario_names(request.solve.folder))
    if findings:
        raise InputError(findings)
    found = HedgeFile(tuple(pairs)) if pairs else read_hedge(request.solve.folder)
    return HedgeFile(
        found.states,
        found.level if level is None else level,
        found.weight if weight is None else weight,
    )


def pair(text: str, findings: list[Finding]) -> tuple[str, Fraction]:
    """Return the state that an option names; what is wrong with it goes to the findings."""
    name, _, share = text.rpartition("=")
    value = share_of(share) or Fraction(0)
    if not name or not value:
        findings.append(option_finding("--state", text, NOT_STATE))
    return name, value


def below_one(
    option: str, given: float | None, share: Fraction | None, *, open_above: bool
) -> list[Finding]:
    """Return a finding if an option is given that is no share of one."""
    if given is None or (share is not None and not (share == 1 and open_above)):
        return []
    end, end_zh = ("below 1", "小于 1") if open_above else ("1", "不大于 1")
    reason = Text(
        f"must be a share from 0 to {end}; for 90 % write 0.9",
        f"须为不小于 0 且{end_zh} 的比例；90 % 请写 0.9",
    )
    return [option_finding(option, str(given), reason)]


def states_of(request: HedgeRequest, found: HedgeFile, base: Instance) -> list[State]:
    """Return the states with their instances; `InputError` for wrong scenarios."""
    from hubopt.instance.scenario import all_overlaid  # noqa: PLC0415
    from hubopt.solve.hedge import State  # noqa: PLC0415

    names = [scenario for scenario, _ in found.states]
    made = all_overlaid(request.solve.folder, names, base)
    return [State(scenario, share, made[scenario]) for scenario, share in found.states]


def written(
    request: HedgeRequest,
    instances: Mapping[str, Instance],
    found: HedgeAnswer,
    watcher: Watcher,
    seconds: float,
    *,
    essentials: bool,
) -> Path:
    """Write the hedge and the results of its states, and return the folder."""
    from hubopt.publish.hedge_results import write_hedge  # noqa: PLC0415
    from hubopt.publish.hedge_tables import cost_table, site_table  # noqa: PLC0415
    from hubopt.publish.results import folder_name  # noqa: PLC0415

    watcher.phase(Text("writing tables and maps", "写出表格与地图"))
    run = {"options": options(request), "timings": {**found.seconds, "until_written": seconds}}
    editions = {
        name: edition(request, instances[name], found, name, run, essentials=essentials)
        for name in found.plans
    }
    first = next(iter(instances.values()))
    sheets = [cost_table(found.hedge), site_table(first, found.plans, found.alone)]
    target = request.solve.out / folder_name(found.hedge.instance) / folder_name(request.name)
    return write_hedge(target, found.hedge, found.verification, editions, sheets, run)


def edition(
    request: HedgeRequest,
    instance: Instance,
    found: HedgeAnswer,
    name: str,
    run: Mapping[str, object],
    *,
    essentials: bool,
) -> Edition:
    """Return the result of one state."""
    from hubopt.publish.edition import Edition  # noqa: PLC0415

    return Edition(
        instance,
        found.plans[name],
        found.verifications[name],
        run,
        request.solve.folder,
        language_from_environment(),
        essentials=essentials,
    )


def verify(
    folder: Path, instance_folder: Path | None, *, encoding: str | None, as_json: bool
) -> int:
    """Recompute a written hedge and the plans of its states, and say what holds and what not."""
    from hubopt.cli import show  # noqa: PLC0415  (each loads on use)
    from hubopt.instance.scenario import all_overlaid  # noqa: PLC0415
    from hubopt.plan.verify_hedge import verify_hedge  # noqa: PLC0415
    from hubopt.publish.hedge_results import changed_in_hedge, load_hedge  # noqa: PLC0415

    found, plans, where = load_hedge(folder, instance_folder)
    names = list(plans)
    instances = all_overlaid(where, names, loaded(where, encoding))
    verification = verify_hedge(instances, found, plans)
    changed = changed_in_hedge(folder)
    show.verification(verification, changed, as_json=as_json)
    return OK if verification.passed and not changed else BROKEN


def options(request: HedgeRequest) -> dict[str, object]:
    """Return what the manifest says of how it was solved."""
    asked_for = request.solve
    return {
        "gap": asked_for.gap,
        "time_s": asked_for.time_s,
        "routes_per_shipment": asked_for.routes,
        "memory_mb": asked_for.memory_mb,
        "seed": asked_for.seed,
        "highs": list(asked_for.highs),
    }
