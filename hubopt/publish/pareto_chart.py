"""The chart of a curve of cost against CO2e, with what each step costs by the tonne.

The same curve gives the same bytes on the same machine, as the still map does.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from hubopt.publish.fonts import writing
from hubopt.publish.places import DPI
from hubopt.study.pareto_marks import Mark, improving, marked, outcome
from hubopt.text import Text
from hubopt.units import mcny

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubopt.publish.fonts import Writing
    from hubopt.study.pareto import Curve
    from hubopt.study.pareto_marks import Marked
    from hubopt.text import Language

SIZE_IN = (10.0, 6.2)
ON_CURVE, BESIDE, GAP = "#1f6fb4", "#999999", "#c0272d"

TITLE = Text("Cost against CO2e", "成本与排放的权衡")
ACROSS = Text("CO2e, t a year (well-to-wheel)", "CO2e（吨/年，全生命周期）")
UP = Text("cost, million CNY of present value", "成本（百万元，现值）")
LINE = Text("cheapest plans under caps", "限制排放下成本最低的方案")
LOST = Text("cost and emit no less than another, or the same", "不优于或等同于他点")
OPEN = Text("down to what is proved (gap)", "至已证明的下界（差距）")
STEPS = Text(
    "at the lines: CNY for a tonne of CO2e less, ~ where the gaps leave more open than the step"
    " costs; at the points: sites that stand",
    "线旁：每减排一吨 CO2e 的成本（元），~ 表示步幅小于差距；点旁：开放设施数",
)


def chart(curve: Curve, language: Language) -> bytes:
    """Return the chart as the bytes of a PNG file."""
    import matplotlib as mpl  # noqa: PLC0415  (loads on use)

    with mpl.rc_context():
        mpl.rcdefaults()
        pen = writing(language)
        mpl.rcParams["font.family"] = list(pen.families)
        mpl.rcParams["axes.unicode_minus"] = False
        png = io.BytesIO()
        drawn(curve, pen).savefig(png, format="png", dpi=DPI, metadata={"Software": None})
        return png.getvalue()


def drawn(curve: Curve, pen: Writing) -> Figure:
    """Return the figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=SIZE_IN, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0.12, 0.17, 0.84, 0.73))
    points = marked(curve)
    draw_line(axes, list(improving(points)), pen)
    draw_others(axes, points, pen)
    settings = curve.instance.settings
    name = pen.said(Text(settings.title_en, settings.title_zh)) or settings.name
    title = name if pen.can(name) else settings.name
    years = ", ".join(map(str, curve.years))
    figure.text(
        0.02, 0.945, f"{pen.said(TITLE)}: {title} ({years})", size=13, weight="bold",
        parse_math=False,
    )  # fmt: skip
    figure.text(0.02, 0.025, pen.said(STEPS), size=8, color="#555555")
    dress(axes, pen)
    return figure


def draw_line(axes: Axes, best: Sequence[Marked], pen: Writing) -> None:
    """Draw the points that improve with their gaps, and what each step costs."""
    across, up = [place(one)[0] for one in best], [place(one)[1] for one in best]
    axes.plot(across, up, "-o", color=ON_CURVE, label=pen.said(LINE), zorder=3)
    for number, one in enumerate(best):
        found = outcome(one.point)
        if found.bound_fen is not None:
            label = "" if number else pen.said(OPEN)
            axes.vlines(
                place(one)[0], mcny(found.bound_fen), mcny(found.cost_fen), color=GAP, label=label
            )
        axes.annotate(str(len(found.sites or {})), place(one), (5, 5), size=8,
                      textcoords="offset points")  # fmt: skip
        if one.abatement is not None:
            before = place(best[number - 1])
            middle = ((before[0] + place(one)[0]) / 2, (before[1] + place(one)[1]) / 2)
            told = f"{'~' if one.unsure else ''}{one.abatement:,.0f}"
            axes.annotate(told, middle, (6, 2), size=8, color=ON_CURVE,
                          textcoords="offset points")  # fmt: skip


def draw_others(axes: Axes, points: Sequence[Marked], pen: Writing) -> None:
    """Draw the points that another one beats or equals."""
    beside = [one for one in points if one.mark in {Mark.DOMINATED, Mark.REPEATS}]
    if beside:
        where = [place(one) for one in beside]
        axes.plot(
            [x for x, _ in where], [y for _, y in where], "o", color=BESIDE, mfc="white",
            label=pen.said(LOST), zorder=2,
        )  # fmt: skip


def place(one: Marked) -> tuple[float, float]:
    """Return where a point stands: CO2e in tonnes a year, cost in million CNY."""
    return one.co2e_t or 0.0, mcny(outcome(one.point).cost_fen)


def dress(axes: Axes, pen: Writing) -> None:
    """Write axes and legend."""
    from matplotlib.ticker import StrMethodFormatter  # noqa: PLC0415

    axes.set_xlabel(pen.said(ACROSS), size=9)
    axes.set_ylabel(pen.said(UP), size=9)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    axes.tick_params(labelsize=8)
    axes.grid(visible=True, color="#dddddd", linewidth=0.6, zorder=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(0.08)
    axes.legend(loc="upper right", fontsize=8, frameon=True)
