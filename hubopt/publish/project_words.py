"""What the pages and variables of a QGIS project say of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt import __version__
from hubopt.instance.scenario_files import found_in
from hubopt.plan.plan import ALL_ROUTES_BASIS, GAP_BASIS
from hubopt.publish.caption import credit, mass, money
from hubopt.publish.project import NAMES, Draft, project
from hubopt.publish.project_layout import Print
from hubopt.publish.run_information import verified
from hubopt.publish.words import STATUSES
from hubopt.text import Language, Text
from hubopt.units import FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.publish.edition import Edition
    from hubopt.publish.figures import Figures
    from hubopt.publish.layer import Layer

BASES = {
    GAP_BASIS: Text(GAP_BASIS, "与所列路径下界的差距"),
    ALL_ROUTES_BASIS: Text(ALL_ROUTES_BASIS, "与全部路径下界的差距"),
}
"""What the gap is measured against."""

HALVED = Text("Lines are half as wide on the small maps.", "小图线宽减半。")
MADE_BY = Text(
    "Places: GeoNames, CC BY 4.0. Made with hubopt", "地点：GeoNames，CC BY 4.0。制图：hubopt"
)


def projects(
    edition: Edition,
    figures: Figures,
    layers: Sequence[Layer],
    boundaries: Text | None = None,
) -> dict[str, bytes]:
    """Return the projects of plan.gpkg by name, one in each language, that of the run first.

    `boundaries` is the credit of those that the planner supplied, with their number (审图号).
    """
    order = sorted(Language, key=lambda one: one is not edition.language)
    return {
        NAMES[language]: project(
            Draft(layers, figures.stages, language, printed(edition, figures, language, boundaries),
                  variables(edition))
        )
        for language in order
    }  # fmt: skip


def printed(
    edition: Edition, figures: Figures, language: Language, boundaries: Text | None
) -> Print:
    """Return title, a line for each stage, and the foot."""
    settings = edition.instance.settings
    first, second = settings.title_en, settings.title_zh
    if language is Language.ZH:
        first, second = second, first
    title = first or second or settings.name
    lines = {stage: subtitle(edition, figures, stage).in_language(language)
             for stage in figures.stages}  # fmt: skip
    return Print(title, lines, foot(edition, boundaries).in_language(language))


def subtitle(edition: Edition, figures: Figures, stage: int) -> Text:
    """Return scenario, stage, freight, cost and CO2e of a stage in one line."""
    plan, scenario = edition.plan, scenario_title(edition)
    kg = sum(flow.kg_per_year for row, flow in figures.flows if row.stage == stage)
    yearly = sum(plan.terms_fen.get(stage, {}).values()) / FEN_PER_CNY
    co2e = plan.co2e_wtw_kg.get(stage, 0)
    en, zh = Language.EN, Language.ZH
    return Text(
        f"scenario {scenario.en}  ·  stage {stage}  ·  {mass(kg, en)} of freight a year"
        f"  ·  {money(yearly, en)} a year  ·  {mass(co2e, en)} CO2e a year (WTW)",
        f"情景 {scenario.zh}  ·  阶段 {stage}  ·  年货运量 {mass(kg, zh)}"
        f"  ·  年成本 {money(yearly, zh)}  ·  年 CO2e {mass(co2e, zh)}（全周期）",
    )


def scenario_title(edition: Edition) -> Text:
    """Return a scenario's title from its file with its name, the name alone where it has none."""
    name = edition.plan.scenario
    found, _ = found_in(edition.instance_folder, [name])
    if name not in found or found[name].title.en == name:
        return Text(name, name)
    title = found[name].title
    return Text(f"“{title.en}” ({name})", f"“{title.zh}”（{name}）")


def foot(edition: Edition, boundaries: Text | None) -> Text:
    """Return status, gap, verification, and credits, those of boundaries among them."""
    plan, seal = edition.plan, verified(edition)
    status = STATUSES.get(plan.status, Text(plan.status.value, plan.status.value))
    gap = Text("", "")
    if plan.gap is not None:
        basis = BASES.get(plan.gap_basis, Text(plan.gap_basis, plan.gap_basis))
        gap = Text(f", {basis.en} {plan.gap:.2%}", f"，{basis.zh} {plan.gap:.2%}")
    data = credit(boundaries)
    return Text(
        f"{status.en}{gap.en}; {seal.en}. {HALVED.en}\n{data.en} {MADE_BY.en} {__version__}.",
        f"{status.zh}{gap.zh}；{seal.zh}。{HALVED.zh}\n{data.zh}{MADE_BY.zh} {__version__}。",
    )


def variables(edition: Edition) -> dict[str, str]:
    """Return what expressions of a project can ask for, as @hubopt_scenario and the like."""
    plan = edition.plan
    found = {"instance": plan.instance, "scenario": plan.scenario, "status": plan.status.value}
    found["gap"] = "" if plan.gap is None else repr(plan.gap)
    return {f"hubopt_{name}": value for name, value in found.items()}
