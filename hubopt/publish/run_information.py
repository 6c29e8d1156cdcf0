"""What a map was made from, as a table in plan.gpkg: run, proof, units, credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish import manifest
from hubopt.publish.caption import CREDIT
from hubopt.publish.credits import PLACES
from hubopt.publish.layer import Layer, Shape
from hubopt.publish.words import STATUSES
from hubopt.text import Text
from hubopt.units import FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.publish.edition import Edition

NAME = "run_information"

FIELDS: dict[str, type] = dict.fromkeys(("key", "what_en", "what_zh", "value", "unit"), str)

UNITS = Text(
    "t: tonne; a year: calendar year; CNY: yuan of the base year; CO2e: kg, well to wheel and"
    " tank to wheel; coordinates: WGS 84 (EPSG:4326)",
    "吨；年：自然年；元：基准年人民币；CO2e：千克，全周期与行驶阶段；坐标：WGS 84（EPSG:4326）",
)

Row = tuple[str, Text, str, str]


def run_information(edition: Edition, boundaries: Text | None = None) -> Layer:
    """Return what is known of a run, a line for each fact; `boundaries` is the credit of theirs."""
    found = list(facts(edition))
    if boundaries is not None:
        called = Text("boundaries", "境界")
        found.append(("boundaries", called, f"{boundaries.en} / {boundaries.zh}", ""))
    rows = tuple((key, name.en, name.zh, value, unit) for key, name, value, unit in found)
    return Layer(NAME, Shape.NONE, FIELDS, rows, ())


def facts(edition: Edition) -> Iterator[Row]:
    """Yield key, name, value and unit of everything that is known of a run."""
    plan, settings = edition.plan, edition.instance.settings
    yield "instance", Text("instance", "算例"), plan.instance, ""
    yield "title_en", Text("title in English", "英文标题"), settings.title_en, ""
    yield "title_zh", Text("title in Chinese", "中文标题"), settings.title_zh, ""
    yield "scenario", Text("scenario", "情景"), plan.scenario, ""
    years = ", ".join(f"{stage.year} ({stage.years})" for stage in settings.stages)
    yield "stages", Text("stages (years of each)", "阶段（年数）"), years, "year"
    status = STATUSES.get(plan.status, Text(plan.status.value, plan.status.value))
    yield "status", Text("status", "状态"), f"{status.en} / {status.zh}", ""
    worth = Text("cost, present value of all stages", "总成本（各阶段现值）")
    yield "objective", worth, amount(plan.objective_fen), "CNY"
    yield "bound", Text("lower bound on it", "成本下界"), amount(plan.bound_fen), "CNY"
    yield "gap", Text("gap", "差距"), "" if plan.gap is None else repr(plan.gap), "share"
    yield "gap_basis", Text("what the gap means", "差距的含义"), plan.gap_basis, ""
    for stage in settings.stages:
        for key, name, kg in (
            ("co2e_wtw", Text("CO2e, well to wheel", "全周期 CO2e"), plan.co2e_wtw_kg),
            ("co2e_ttw", Text("CO2e, tank to wheel", "行驶阶段 CO2e"), plan.co2e_ttw_kg),
        ):
            called = Text(f"{name.en}, {stage.year}", f"{name.zh}，{stage.year} 年")
            yield f"{key}_{stage.year}", called, str(kg.get(stage.year, 0)), "kg/year"
    said = verified(edition)
    yield "verification", Text("verification", "核验"), f"{said.en} / {said.zh}", ""
    for number, note in enumerate(plan.notes, start=1):
        yield f"note_{number}", Text(f"note {number}", f"说明 {number}"), note, ""
    yield from made_with(edition)


def made_with(edition: Edition) -> Iterator[Row]:
    """Yield hash of the instance, versions, units and credits."""
    yield "instance_hash", Text("hash of the instance", "算例哈希"), edition.plan.instance_hash, ""
    versions = edition.run.get("versions", manifest.versions())
    if isinstance(versions, dict):
        for name, version in sorted(versions.items()):
            yield f"version_{name}", Text(f"version of {name}", f"{name} 版本"), str(version), ""
    yield "units", Text("units", "单位"), f"{UNITS.en} / {UNITS.zh}", ""
    yield "credits", Text("credits", "数据来源"), f"{CREDIT.en} {PLACES} / {CREDIT.zh}", ""


def verified(edition: Edition) -> Text:
    """Return what was verified, in a few words."""
    checks = edition.verification.checks
    looked = sum(check.count for check in checks)
    if not edition.verification.passed:
        return Text("does not hold", "未通过核验")
    return Text(
        f"verified: {len(checks)} checks of {looked:,} things, all hold",
        f"已核验：{len(checks)} 项检查、{looked:,} 个对象全部通过",
    )


def amount(fen: int | None) -> str:
    """Return fen as CNY, blank where there is no figure."""
    return "" if fen is None else f"{fen / FEN_PER_CNY:.2f}"
