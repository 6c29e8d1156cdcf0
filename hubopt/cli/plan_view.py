"""A plan in the terminal: what to build, how goods travel, what it costs and how sure it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.plan.plan import ALL_ROUTES_BASIS, GAP_BASIS
from hubopt.plan.summary import summary
from hubopt.text import Text
from hubopt.vocabulary import CostTerm, Engine, Mode, SiteOutcome, Status

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.plan.summary import PlanSummary, StageSummary
    from hubopt.solve.answer import Answer

MILLION = 1e6
THOUSAND = 1e3

OVER = {False: Text("the listed routes", "所列路径"), True: Text("all routes", "全部路径")}
"""What a bound covers, by whether all routes were priced."""

STATUS = {
    Status.OPTIMAL: Text("optimal", "最优"),
    Status.FEASIBLE: Text("a verified plan", "经核验的方案"),
    Status.INTERRUPTED: Text("stopped by the user with a plan", "用户中断，保留已得到的方案"),
}
TERMS = {
    CostTerm.BUILDING: Text("building", "建设"),
    CostTerm.RUNNING: Text("running", "运营"),
    CostTerm.DEPARTURES: Text("departures", "班次"),
    CostTerm.LINE_HAUL: Text("line haul", "干线运输"),
    CostTerm.HANDLING: Text("handling", "作业"),
    CostTerm.TRANSFER: Text("transfer", "换装"),
    CostTerm.CUSTOMS_DUTY: Text("customs and duty", "通关与关税"),
    CostTerm.CAPITAL_IN_TRANSIT: Text("capital in transit", "在途资金"),
    CostTerm.SPOILAGE: Text("spoilage", "在途腐损"),
    CostTerm.INSURANCE_FINANCE: Text("insurance and finance", "保险与融资"),
    CostTerm.REPOSITIONING: Text("repositioning", "空车调运"),
    CostTerm.CARBON: Text("carbon", "碳成本"),
    CostTerm.UNSERVED: Text("unserved", "未运输"),
}
MODES = {
    Mode.ROAD_DIESEL: Text("road, diesel", "公路（柴油）"),
    Mode.ROAD_BATTERY: Text("road, battery", "公路（电动）"),
    Mode.RAIL: Text("rail", "铁路"),
    Mode.AIR: Text("air", "航空"),
    Mode.SEA: Text("sea", "海运"),
    Mode.BARGE: Text("barge", "内河"),
}


WAYS = {
    Engine.MONOLITHIC: Text(
        "solved as one model by HiGHS, as models below 10,000 columns are, or as --engine asks",
        "由 HiGHS 整体求解（少于 10,000 列的模型，或按 --engine）",
    ),
    Engine.DECOMPOSITION: Text(
        "solved by decomposition, as models from 10,000 columns on are, or as --engine asks",
        "以分解方法求解（10,000 列及以上的模型，或按 --engine）",
    ),
}
"""How a plan was found, and why so; plans of stars say it themselves."""


def certainty(status: Status, gap: float | None, basis: str = GAP_BASIS) -> Text:
    """Return how the solve ended and how far from the best the plan can be at most."""
    over = OVER[basis == ALL_ROUTES_BASIS]
    how = STATUS[status]
    if status is Status.OPTIMAL:
        how = Text(f"{how.en} over {over.en}", f"在{over.zh}上{how.zh}")
    if gap is None:
        return Text(f"{how.en}; no bound yet", f"{how.zh}；尚无下界")
    return Text(
        f"{how.en}; gap {100 * gap:.2f} % against the bound over {over.en}",
        f"{how.zh}；与{over.zh}下界的差距 {100 * gap:.2f} %",
    )


def print_answer(instance: Instance, result: Answer, folder: Path, seconds: float) -> None:
    """Print a verified plan and where its files lie."""
    plan = result.plan
    found = summary(instance, plan)
    name = instance.settings.name
    title = Text(instance.settings.title_en or name, instance.settings.title_zh or name)
    show.line(title)
    show.line(certainty(plan.status, plan.gap, plan.gap_basis))
    worth = plan.objective_fen / 100 / MILLION
    show.line(
        Text(
            f"cost {worth:,.1f} million CNY, present value in {instance.settings.base_year}",
            f"总成本 {worth:,.1f} 百万元（{instance.settings.base_year} 年现值）",
        )
    )
    for stage in found.stages:
        print_sites(instance, stage)
    print_modes(found)
    print_terms(found)
    for en, zh in zip(plan.notes[::2], plan.notes[1::2], strict=True):
        show.line(Text(en, zh))
    if result.engine in WAYS:
        show.line(WAYS[result.engine])
    checks = len(result.verification.checks)
    show.line(
        Text(
            f"verified: {checks} checks hold. Written in {seconds:.0f} s to {folder}",
            f"核验通过：{checks} 项全部成立。用时 {seconds:.0f} 秒，结果写入 {folder}",
        )
    )


def print_sites(instance: Instance, stage: StageSummary) -> None:
    """Print which sites open in a stage."""
    opened = stage.sites[SiteOutcome.OPENED]
    kept, left = len(stage.sites[SiteOutcome.KEPT]), len(stage.sites[SiteOutcome.NOT_CHOSEN])
    names = [Text(instance.site[s].name_en or s, instance.site[s].name_zh or s) for s in opened]
    listed = Text("; ".join(n.en for n in names) or "none", "；".join(n.zh for n in names) or "无")
    show.line(
        Text(
            f"{stage.stage}: opened {len(opened)} ({listed.en}); kept {kept}; not chosen {left};"
            f" unserved {stage.unserved_t:,.0f} t of {stage.unserved_t + stage.served_t:,.0f} t",
            f"{stage.stage} 年：新开 {len(opened)}（{listed.zh}）；保留 {kept}；未选 {left}；"
            f"未运输 {stage.unserved_t:,.0f} 吨，共 {stage.unserved_t + stage.served_t:,.0f} 吨",
        )
    )


def print_modes(found: PlanSummary) -> None:
    """Print kilotonnes a year and departures a week by mode and stage."""
    heads = [show.said(Text("kt a year | departures a week", "千吨/年 | 每周班次"))]
    heads += [str(stage.stage) for stage in found.stages]
    rows = []
    for mode in Mode:
        cells = []
        for stage in found.stages:
            text = f"{stage.tonnes.get(mode, 0.0) / THOUSAND:,.1f}"
            weekly = stage.departures_per_week.get(mode, 0)
            cells.append(f"{text} | {weekly}" if weekly else text)
        rows.append([show.said(MODES[mode]), *cells])
    show.grid("", heads, rows)


def print_terms(found: PlanSummary) -> None:
    """Print yearly costs by term and stage, and CO2e."""
    heads = [show.said(Text("million CNY a year", "百万元/年"))]
    heads += [str(stage.stage) for stage in found.stages]
    rows = [
        [show.said(TERMS[term]), *(f"{s.terms_cny[term] / MILLION:,.1f}" for s in found.stages)]
        for term in CostTerm
    ]
    carbon = Text("kt CO2e a year, well-to-wheel", "千吨二氧化碳当量/年（全生命周期）")
    rows.append([show.said(carbon), *(f"{s.co2e_wtw_t / THOUSAND:,.1f}" for s in found.stages)])
    show.grid("", heads, rows)


def as_record(
    instance: Instance, result: Answer, folder: Path, seconds: float
) -> dict[str, object]:
    """Return a verified plan's figures for programs, and where it lies; money in CNY."""
    return {
        **plan_record(instance, result.plan),
        "verified": result.verification.passed,
        "warnings": [show.said(warning) for warning in result.warnings],
        "folder": str(folder),
        "seconds": round(seconds, 1),
    }


def plan_record(instance: Instance, plan: Plan) -> dict[str, object]:
    """Return the figures of a plan that was verified before it was written; money in CNY."""
    found = summary(instance, plan)
    return {
        "instance": plan.instance,
        "scenario": plan.scenario,
        "status": plan.status.value,
        "objective_cny": plan.objective_fen / 100,
        "bound_cny": None if plan.bound_fen is None else plan.bound_fen / 100,
        "gap": plan.gap,
        "gap_basis": plan.gap_basis,
        "verified": True,
        "stages": [
            {
                "stage": stage.stage,
                "opened": list(stage.sites[SiteOutcome.OPENED]),
                "kept": list(stage.sites[SiteOutcome.KEPT]),
                "tonnes_by_mode": {mode.value: t for mode, t in sorted(stage.tonnes.items())},
                "departures_per_week": {
                    mode.value: n for mode, n in sorted(stage.departures_per_week.items())
                },
                "unserved_t": stage.unserved_t,
                "cost_cny": {term.value: amount for term, amount in stage.terms_cny.items()},
                "co2e_wtw_t": stage.co2e_wtw_t,
            }
            for stage in found.stages
        ],
        "notes": list(plan.notes),
    }
