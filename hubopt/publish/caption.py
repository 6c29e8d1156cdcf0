"""Title, legend and key figures of the still map."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from hubopt.publish.palette import MODE_COLOURS, NEW, OUTCOME_COLOURS
from hubopt.publish.words import MODES, OUTCOMES, STATUSES, TERMS
from hubopt.text import Language, Text
from hubopt.units import FEN_PER_CNY, KG_PER_T
from hubopt.vocabulary import CostTerm, Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubopt.publish.fonts import Writing
    from hubopt.publish.shown import Shown

DARK, GREY = "#1a1a1a", "#666b70"

LEAST_SHARE = 0.0005
"""Smaller shares would read 0.0 %."""


LINES = Text(
    "Rail and road lines, where drawn: © OpenStreetMap contributors (ODbL).",
    "铁路、公路线形（如有）：© OpenStreetMap 贡献者（ODbL）。",
)
CREDIT = Text(
    "Outlines: Natural Earth, Apache ECharts; for orientation only, no boundary is implied."
    f" {LINES.en}",
    f"底图：Natural Earth、Apache ECharts，仅供示意，不作划界依据。{LINES.zh}",
)
CREDIT_OF_LAND = Text(f"Land: Natural Earth. {LINES.en}", f"陆地：Natural Earth。{LINES.zh}")


def credit(boundaries: Text | None) -> Text:
    """Return whose data the map shows; boundaries of a reviewed map come first."""
    if boundaries is None:
        return CREDIT
    return Text(f"{boundaries.en} {CREDIT_OF_LAND.en}", f"{boundaries.zh}{CREDIT_OF_LAND.zh}")


def money(amount_cny: float, language: Language) -> str:
    """Return an amount in the large unit of its language."""
    if language is Language.ZH:
        return scaled(amount_cny, (1e8, "亿元"), (1e4, "万元"))
    return "CNY " + scaled(amount_cny, (1e9, "bn"), (1e6, "m"))


def mass(kg: float, language: Language) -> str:
    """Return kilograms in the large unit of a language."""
    if language is Language.ZH:
        return scaled(kg / KG_PER_T, (1e4, "万吨"), (1.0, "吨"))
    return scaled(kg / KG_PER_T, (1e6, "Mt"), (1e3, "kt"), (1.0, "t"))


def scaled(number: float, *units: tuple[float, str]) -> str:
    """Return a number in the largest unit that it fills, the last one at least."""
    by, unit = next(((size, name) for size, name in units if abs(number) >= size), units[-1])
    return f"{significant(number / by)} {unit}"


def significant(number: float) -> str:
    """Return a number with three significant digits, no fewer before the point."""
    if number == 0:
        return "0"
    places = max(0, 2 - math.floor(math.log10(abs(number))))
    return f"{number:,.{places}f}"


class Look(NamedTuple):
    """Size in points, colour and weight of a line of text."""

    size: float
    colour: str = DARK
    weight: str = "normal"


class Page(NamedTuple):
    """The figure that is written on, with its fonts."""

    figure: Figure
    writing: Writing


def caption(figure: Figure, shown: Shown, boundaries: Text | None = None) -> None:
    """Write title, key figures and credits, with what is said of boundaries if there are any."""
    writing, plan = shown.writing, shown.figures.plan
    page = Page(figure, writing)
    settings = shown.figures.instance.settings
    title = settings.title_zh if writing.language is Language.ZH else settings.title_en
    title = next((t for t in (title, settings.title_en) if t and writing.can(t)), settings.name)
    write(page, (0.012, 0.955), title, Look(21, weight="bold"))
    scenario = plan.scenario if writing.can(plan.scenario) else "?"
    status = STATUSES.get(plan.status, Text(plan.status.value, plan.status.value))
    gap = "" if plan.gap is None else f"  ·  {writing.said(Text('gap', '差距'))} {plan.gap:.2%}"
    freight = mass(served_kg(shown), writing.language)
    line = Text(
        f"scenario {scenario}  ·  stage {shown.stage}  ·  {freight} of freight a year"
        f"  ·  {status.en}{gap}",
        f"情景 {scenario}  ·  阶段 {shown.stage}  ·  年货运量 {freight}  ·  {status.zh}{gap}",
    )
    write(page, (0.012, 0.918), writing.said(line), Look(11.5, GREY))
    for number, (what, value) in enumerate(key_figures(shown)):
        left = 0.597 + 0.0985 * number
        write(page, (left, 0.95), value, Look(12.5, weight="bold"))
        write(page, (left, 0.92), what, Look(8, GREY))
    write(page, (0.012, 0.012), writing.drawable(writing.said(credit(boundaries))), Look(7, GREY))
    bars(figure, shown)


def write(page: Page, at: tuple[float, float], text: str, look: Look) -> None:
    """Write one line of text on the figure."""
    page.figure.text(
        *at,
        text,
        fontsize=look.size,
        color=look.colour,
        family=page.writing.families,
        fontweight=look.weight,
        parse_math=False,
    )


def key_figures(shown: Shown) -> list[tuple[str, str]]:
    """Return what stands over the small maps: cost, CO2e and what stays behind."""
    plan, stage, language = shown.figures.plan, shown.stage, shown.writing.language
    yearly = sum(plan.terms_fen.get(stage, {}).values()) / FEN_PER_CNY
    shipment = shown.figures.instance.shipment
    left = sum(u.kg_per_year for u in plan.unserved if shipment[u.shipment].stage == stage)
    served = served_kg(shown)
    share = left / (left + served) if left + served else 0.0
    years = shown.figures.stages
    last = shown.figures.instance.settings.stages[-1]
    span = f"{years[0]}–{last.year + last.years - 1}"
    rows = (
        (Text(f"present value {span}", f"{span} 年现值"),
         money(plan.objective_fen / FEN_PER_CNY, language)),
        (Text("cost a year", "年成本"), money(yearly, language)),
        (Text("CO2e a year (WTW)", "年 CO2e（全周期）"),
         mass(plan.co2e_wtw_kg.get(stage, 0), language)),
        (Text("of freight unserved", "货运未满足"),
         f"{share:.1%}" if share == 0 or share >= LEAST_SHARE else "<0.1%"),
    )  # fmt: skip
    return [(shown.writing.said(what), value) for what, value in rows]


def served_kg(shown: Shown) -> int:
    """Return the kilograms a year that the plan moves in the stage."""
    return sum(f.kg_per_year for row, f in shown.figures.flows if row.stage == shown.stage)


def bars(figure: Figure, shown: Shown) -> None:
    """Draw the cost terms of the stage as bars, the largest on top."""
    terms = shown.figures.plan.terms_fen.get(shown.stage, {})
    ranked = sorted(((t, terms.get(t, 0)) for t in CostTerm), key=lambda pair: -pair[1])
    present = [(term, amount) for term, amount in ranked if amount > 0]
    language, writing = shown.writing.language, shown.writing
    page = Page(figure, writing)
    axes = figure.add_axes((0.875, 0.04, 0.062, 0.185))
    axes.set_axis_off()
    heading = Text(f"cost a year in {shown.stage}, by term", f"{shown.stage} 年成本构成")
    write(page, (0.797, 0.237), writing.said(heading), Look(9, weight="bold"))
    if not present:
        return
    for row, (term, amount) in enumerate(present):
        axes.barh(-row, amount, height=0.62, color="#6b7a8f")
        for x, align, text in (
            (-0.03, "right", writing.said(TERMS[term])),
            (amount / present[0][1] + 0.04, "left", money(amount / FEN_PER_CNY, language)),
        ):
            axes.text(
                x, -row, text, fontsize=7.5, ha=align, va="center", color=DARK, parse_math=False,
                family=writing.families, transform=axes.get_yaxis_transform(),
            )  # fmt: skip
    axes.set_xlim(0, present[0][1])
    axes.set_ylim(-len(CostTerm) + 0.5, 0.6)


def legend(figure: Figure, shown: Shown, markers: Mapping[SiteOutcome, tuple[str, float]]) -> None:
    """Draw what colours, symbols and widths mean."""
    axes = figure.add_axes((0.597, 0.035, 0.195, 0.215))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    legend_modes(axes, shown)
    legend_sites(axes, shown, markers)
    legend_widths(axes, shown)


def head(axes: Axes, writing: Writing, x: float, y: float, text: Text) -> None:
    """Write the heading of a part of the legend."""
    axes.text(
        x, y, writing.said(text), fontsize=9, fontweight="bold", color=DARK, va="center",
        family=writing.families,
    )  # fmt: skip


def entry(
    axes: Axes,
    writing: Writing,
    x: float,
    y: float,
    text: str,
    colour: str = DARK,
    *,
    right: bool = False,
) -> None:
    """Write one entry of the legend, from `x` on or up to it."""
    axes.text(
        x, y, text, fontsize=8, color=colour, ha="right" if right else "left", va="center",
        family=writing.families, parse_math=False,
    )  # fmt: skip


def legend_modes(axes: Axes, shown: Shown) -> None:
    """Draw a line per mode that carries freight, with its tonnes and departures."""
    head(axes, shown.writing, 0.0, 0.955, Text("freight by mode, a year", "各方式年货运量"))
    per_week, language = Text(" a week", " 班/周"), shown.writing.language
    for row, mode in enumerate(mode for mode in Mode if shown.kg_by_mode.get(mode)):
        y = 0.84 - row * 0.115
        axes.plot([0.0, 0.07], [y, y], color=MODE_COLOURS[mode], linewidth=4)
        entry(axes, shown.writing, 0.095, y, shown.writing.said(MODES[mode]))
        entry(axes, shown.writing, 0.49, y, mass(shown.kg_by_mode[mode], language), right=True)
        if departures := shown.departures.get(mode):
            text = f"{departures:,}{shown.writing.said(per_week)}"
            entry(axes, shown.writing, 0.51, y, text, GREY)


def legend_sites(
    axes: Axes, shown: Shown, markers: Mapping[SiteOutcome, tuple[str, float]]
) -> None:
    """Draw a symbol per outcome with the number of sites, and how many open in each stage."""
    head(axes, shown.writing, 0.74, 0.955, Text("sites", "设施"))
    figures = shown.figures
    plans = [figures.so_far(row) for row in shown.sites]
    y = 0.84
    for outcome in (outcome for outcome in reversed(list(markers)) if outcome in plans):
        shape, area = markers[outcome]
        axes.scatter([0.76], [y], s=area, marker=shape, color=OUTCOME_COLOURS[outcome])
        text = f"{shown.writing.said(OUTCOMES[outcome])}  {plans.count(outcome)}"
        entry(axes, shown.writing, 0.81, y, text)
        y -= 0.115
        if outcome is SiteOutcome.OPENED:
            years = Counter(figures.opened_in[row.site] for row in shown.sites
                            if figures.so_far(row) is outcome)  # fmt: skip
            for year, count in sorted(years.items()):
                entry(axes, shown.writing, 0.81, y + 0.01, f"{year}: +{count}", NEW)
                y -= 0.095


def legend_widths(axes: Axes, shown: Shown) -> None:
    """Draw three widths with the tonnes a year that they stand for."""
    text = Text("a year, both directions; half as wide on small maps", "每年双向合计；小图线宽减半")
    y = 0.115
    for row, part in enumerate((1.0, 0.1)):
        tonnes = rounded(shown.most_t * part)
        x = row * 0.5
        axes.plot([x, x + 0.11], [y, y], color="#8a8f94", linewidth=shown.width(tonnes),
                  solid_capstyle="butt")  # fmt: skip
        entry(axes, shown.writing, x + 0.14, y, mass(tonnes * KG_PER_T, shown.writing.language))
    axes.text(
        0.0, 0.01, shown.writing.said(text), fontsize=7.5, color=GREY, va="center",
        family=shown.writing.families,
    )  # fmt: skip


def rounded(tonnes: float) -> float:
    """Return tonnes rounded down to one digit, so that a legend reads well."""
    if tonnes <= 0:
        return 1.0
    step = 10.0 ** math.floor(math.log10(tonnes))
    return max(step, math.floor(tonnes / step) * step)
