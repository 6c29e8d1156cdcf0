"""`hubopt stress`: what the loss of each thing does to a plan, as a table, as CSV and as JSON."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.reconciling import number, saved
from hubopt.cli.solving import no_stage, option_finding, positive
from hubopt.cli.work import INTERRUPTED, OK, loaded
from hubopt.errors import InputError
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.publish.spread import Cell, Sheet
    from hubopt.study.stress import Outage, Stress
    from hubopt.study.stress_bench import Ask, Harm

PERCENT, CNY_PER_MCNY, T_PER_KT = 100.0, 1e6, 1000.0
LONGEST_DAYS = 365
NAMED = 2
"""Goods and modes that a line names; the table holds all of them."""

KINDS = {
    "site": Text("site", "设施"), "terminal": Text("terminal", "场站换装"),
    "service": Text("service", "班列航班"), "place": Text("place", "地点"),
    "link": Text("link", "线路"),
}  # fmt: skip
"""What can be out, in the order in which those that do the same are named."""


@dataclass(frozen=True, slots=True)
class StressRequest:
    """The options of `hubopt stress` as given; without a stage the first one is meant."""

    result: Path
    instance: Path | None
    days: int
    stage: int | None
    most: int
    only: tuple[str, ...]
    out: Path | None
    encoding: str | None
    quiet: bool
    json: bool


def stress(request: StressRequest) -> int:
    """Try one outage after the other on a verified result, write the table and show it.

    A stop keeps what was done. The table goes into the result, or into the folder that was named.
    """
    from hubopt.plan.verify import verify  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.additions import add_tables  # noqa: PLC0415
    from hubopt.publish.results import load_result, refuse_unverified  # noqa: PLC0415

    plan, where = load_result(request.result, request.instance)
    instance = loaded(where, request.encoding, plan.scenario)
    ask = asked(request, instance)
    refuse_unverified(verify(instance, plan))
    found, stopped = tried(instance, plan, ask, quiet=request.quiet, as_json=request.json)
    sheet = table(found)
    if request.out is None:
        add_tables(request.result, [sheet])
    else:
        saved(request.out / f"{sheet.name}.csv", sheet)
    if request.json:
        show.as_json_text(as_record(request.result, found))
    else:
        show_all(instance, found)
    return INTERRUPTED if stopped else OK


def asked(request: StressRequest, instance: Instance) -> Ask:
    """Return what is to be tried, or raise `InputError` for every option that is wrong."""
    from hubopt.publish.manifest import read_manifest  # noqa: PLC0415
    from hubopt.study.stress_bench import Ask  # noqa: PLC0415
    from hubopt.study.stress_things import asked_for  # noqa: PLC0415

    years = [stage.year for stage in instance.settings.stages]
    findings = positive("--most", request.most)
    if not 0 < request.days <= LONGEST_DAYS:
        reason = Text("must be from 1 to 365 days", "必须是 1 到 365 天")
        findings.append(option_finding("--days", str(request.days), reason))
    findings += no_stage(request.stage, instance)
    if findings:
        raise InputError(findings)
    record = read_manifest(request.result) or {}
    options = record.get("options")
    routes = options.get("routes_per_shipment") if isinstance(options, dict) else None
    return Ask(
        stage=years[0] if request.stage is None else request.stage,
        days=request.days,
        most=request.most,
        only=asked_for(instance, request.only),
        routes=routes if isinstance(routes, int) and routes > 0 else None,
    )


def tried(
    instance: Instance, plan: Plan, ask: Ask, *, quiet: bool, as_json: bool
) -> tuple[Stress, bool]:
    """Return what each outage does, and whether somebody stopped it."""
    from hubopt.cli.interrupt import stop_on_signals  # noqa: PLC0415
    from hubopt.cli.progress import ProgressLine  # noqa: PLC0415
    from hubopt.study.stress import stress as study  # noqa: PLC0415
    from hubopt.text import language_from_environment  # noqa: PLC0415

    with (
        stop_on_signals() as stop,
        ProgressLine(language_from_environment(), stop, quiet=quiet, as_json=as_json) as watcher,
    ):

        def keep() -> None:
            stop.keeping = True

        found = study(instance, plan, ask, watcher=watcher, stop=stop, on_first=keep)
    return found, stop.is_set()


def table(found: Stress) -> Sheet:
    """Return every outage as a table of the result: the worst first, untried ones last."""
    from hubopt.publish.spread import Sheet  # noqa: PLC0415

    rows = tuple(
        tuple(cell(value) for value in record(found, outage, rank).values())
        for rank, outage in enumerate(found.outages, start=1)
    )
    return Sheet("stress", COLUMNS, rows)


COLUMNS = (
    "rank", "kind", "id", "name_en", "name_zh", "stage", "days", "through_t", "extra_cost_cny",
    "unserved_cost_cny", "unserved_t", "hits", "late_t", "rerouted_t", "modes_t", "recovery",
    "recovery_days", "limits_broken", "status",
)  # fmt: skip


def record(found: Stress, outage: Outage, rank: int) -> dict[str, object]:
    """Return an outage as plain values; what was not tried has no figures."""
    harm = outage.harm
    head = {
        "rank": None if harm is None else rank,
        "kind": outage.thing.kind.value,
        "id": outage.thing.id,
        "name_en": outage.name.en,
        "name_zh": outage.name.zh,
        "stage": found.stage,
        "days": found.days,
        "through_t": outage.through_t,
        "status": "solved" if outage.why is None else outage.why.en,
    }
    return {**dict.fromkeys(COLUMNS), "limits_broken": [], **head, **figures(harm)}


def figures(harm: Harm | None) -> dict[str, object]:
    """Return the figures of an outage as plain values."""
    if harm is None:
        return {}
    return {
        "extra_cost_cny": round(harm.extra_cny, 2),
        "unserved_cost_cny": round(harm.unserved_cny, 2),
        "unserved_t": round(harm.unserved_t, 3),
        "hits": [
            {"goods": hit.goods, "unserved_t": round(hit.tonnes, 3), "share": round(hit.share, 6)}
            for hit in harm.hits
        ],
        "late_t": round(harm.late_t, 3),
        "rerouted_t": round(harm.rerouted_t, 3),
        "modes_t": {mode.value: round(t, 3) for mode, t in (harm.modes_t or {}).items()},
        "recovery": recovery_word(harm),
        "recovery_days": harm.recovery_days,
        "limits_broken": list(harm.broken),
    }


def recovery_word(harm: Harm) -> str:
    """Return whether there is a backlog and whether it can be worked off."""
    if harm.recovery_days is None:
        return "not_within_a_year"
    return "worked_off" if harm.recovery_days else "no_backlog"


def cell(value: object) -> Cell:
    """Return a value as one cell: goods with the share left behind, modes with their tonnes."""
    if isinstance(value, list):
        return "; ".join(goods_text(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{mode} {tonnes:+.0f}" for mode, tonnes in value.items())
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(type(value))


def goods_text(item: object) -> str:
    """Return one entry of a list as text: goods with their share, or the name of a limit."""
    if isinstance(item, dict):
        return f"{item['goods']} {PERCENT * item['share']:.1f} %"
    return str(item)


def as_record(folder: Path, found: Stress) -> dict[str, object]:
    """Return everything as JSON."""
    rows = [record(found, outage, rank) for rank, outage in enumerate(found.outages, start=1)]
    return {
        "result": str(folder),
        "stage": found.stage,
        "days": found.days,
        "notes": [show.said(note) for note in found.notes],
        "outages": rows,
    }


def show_all(instance: Instance, found: Stress) -> None:
    """Print the outages that were tried, the worst first, and what to know of them."""
    title = Text(
        f"{found.stage}, each out for {found.days} days, the worst first (kt; million CNY)",
        f"{found.stage} 年，各中断 {found.days} 天，影响大者在前（千吨；百万元）",
    )
    alike = itertools.groupby(found.tried, key=lambda outage: outage.harm)
    show.grid(show.said(title), heads(), [shown(instance, list(group)) for _, group in alike])
    for text in remarks(found):
        show.line(text)


def heads() -> list[str]:
    """Return the headings of the table for people."""
    texts = (
        Text("out", "中断项"), Text("through", "经由"), Text("extra cost", "增加成本"),
        Text("unserved", "未满足"), Text("hit most", "受损最重"), Text("late", "晚到"),
        Text("re-routed", "改道"), Text("days to recover", "恢复天数"),
    )  # fmt: skip
    return [show.said(text) for text in texts]


def shown(instance: Instance, alike: Sequence[Outage]) -> list[str]:
    """Return outages that do the same as cells for people."""
    harm = alike[0].harm
    if harm is None:
        raise AssertionError(alike)
    kinds = list(KINDS)
    things = sorted((outage.thing for outage in alike), key=lambda t: kinds.index(t.kind.value))
    labels = [f"{show.said(KINDS[t.kind.value])} {t.id.replace('.', ' ')}" for t in things]
    return [
        " = ".join(labels), number(alike[0].through_t / T_PER_KT),
        number(harm.extra_cny / CNY_PER_MCNY), number(harm.unserved_t / T_PER_KT),
        hit_most(instance, harm), number(harm.late_t / T_PER_KT), rerouted(harm), recovery(harm),
    ]  # fmt: skip


def hit_most(instance: Instance, harm: Harm) -> str:
    """Return the goods of which the largest share stays behind, by name."""
    from hubopt.publish.words import name_of  # noqa: PLC0415
    from hubopt.text import language_from_environment  # noqa: PLC0415

    language = language_from_environment()
    named = [
        (instance.product.get(hit.goods), hit.goods, PERCENT * hit.share)
        for hit in harm.hits[:NAMED]
    ]
    return ", ".join(
        f"{goods if product is None else name_of(product, language)} {percent:.0f} %"
        for product, goods, percent in named
    )


def rerouted(harm: Harm) -> str:
    """Return the tonnes that are carried otherwise, and the modes that carry more."""
    from hubopt.publish.words import MODES  # noqa: PLC0415

    gains = sorted(((t, m) for m, t in (harm.modes_t or {}).items() if t > 0), reverse=True)
    names = ", ".join(show.said(MODES[mode]) for _, mode in gains[:NAMED])
    return f"{number(harm.rerouted_t / T_PER_KT)} {names}".strip()


def recovery(harm: Harm) -> str:
    """Return the days until the backlog is worked off."""
    if harm.recovery_days is None:
        return show.said(Text("over a year", "一年以上"))
    return f"{harm.recovery_days:,.0f}" if harm.recovery_days else "-"


def remarks(found: Stress) -> Iterator[Text]:
    """Yield how to read the table, what was not tried, and which limits cannot hold."""
    yield Text(
        "extra cost holds what stays behind at its price; recovery: days in which the spare"
        " capacity of the same design carries the backlog on top of normal demand",
        "增加成本含按单价计的未满足货运量；恢复：同一布局的余力在正常需求之外运完积压所需天数",
    )
    yield from found.notes
    broken = [outage for outage in found.tried if outage.harm and outage.harm.broken]
    for outage in broken:
        names = ", ".join(outage.harm.broken if outage.harm else ())
        yield Text(
            f"{outage.thing.key}: limits that cannot hold meanwhile: {names}",
            f"{outage.thing.key}：期间无法满足的限制：{names}",
        )
    left = [outage for outage in found.outages if outage.harm is None]
    for why in dict.fromkeys(outage.why for outage in left if outage.why is not None):
        keys = [outage.thing.key for outage in left if outage.why == why]
        named = ", ".join(keys[:NAMED]) + (", ..." if len(keys) > NAMED else "")
        yield Text(
            f"{len(keys)} {why.en}: {named}; all in the table stress.csv",
            f"{len(keys)} 项{why.zh}：{named}；全部见表 stress.csv",
        )
