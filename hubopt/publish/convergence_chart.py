"""The chart of how a solve went: best plan and bound above, the gap between them below.

The same record gives the same bytes on the same machine, as the still map does.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from hubopt.publish.fonts import writing
from hubopt.publish.places import DPI
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubopt.instance.tables import Settings
    from hubopt.publish.fonts import Writing
    from hubopt.solve.course import Moment
    from hubopt.text import Language

FILE = "convergence.png"
SIZE_IN = (10.0, 6.4)
BEST, BOUND, GAP = "#c0272d", "#1f6fb4", "#333333"
PERCENT = 100.0

LEAST_GAP = 0.001
"""Gaps below so many percent are drawn here, since a logarithm has no zero."""

WINDOW_GAPS, WINDOW_SHARE = 10.0, 0.02
"""How far above the last plan and below the last bound the axis reaches, by the larger of both."""

EDGE = 1.5
"""How much further than its data the axis of gaps reaches."""

TITLE = Text("How plan and bound came together", "方案与下界如何靠拢")
SECONDS = Text("seconds since the solve began", "求解开始后的秒数")
COST = Text("million CNY, present value", "百万元，现值")
SHARE = Text("gap, %", "差距，%")
PLAN = Text("best plan so far", "当前最好方案")
LOWER = Text("proved lower bound", "已证明的下界")
CUT = Text(
    "what lies outside the upper axis is cut off; gaps below 0.001 % are drawn at 0.001",
    "超出上图坐标范围的部分未画出；小于 0.001 % 的差距画在 0.001 处",
)


def chart(course: Sequence[Moment], settings: Settings, language: Language) -> bytes:
    """Return the chart as the bytes of a PNG file."""
    import matplotlib as mpl  # noqa: PLC0415  (loads on use)

    with mpl.rc_context():
        mpl.rcdefaults()
        pen = writing(language)
        mpl.rcParams["font.family"] = list(pen.families)
        mpl.rcParams["axes.unicode_minus"] = False
        png = io.BytesIO()
        figure = drawn(course, settings, pen)
        figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
        return png.getvalue()


def drawn(course: Sequence[Moment], settings: Settings, pen: Writing) -> Figure:
    """Return the figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=SIZE_IN, dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    above = figure.add_axes((0.12, 0.43, 0.84, 0.47))
    below = figure.add_axes((0.12, 0.13, 0.84, 0.25), sharex=above)
    steps(above, [(m.elapsed_s, m.best_mcny) for m in course], BEST, pen.said(PLAN))
    steps(above, [(m.elapsed_s, m.bound_mcny) for m in course], BOUND, pen.said(LOWER))
    gaps = [(m.elapsed_s, m.gap) for m in course]
    percent = [(s, None if g is None else max(LEAST_GAP, PERCENT * g)) for s, g in gaps]
    steps(below, percent, GAP, "")
    name = pen.said(Text(settings.title_en, settings.title_zh)) or settings.name
    title = name if pen.can(name) else settings.name
    figure.text(
        0.02, 0.945, f"{pen.said(TITLE)}: {title}", size=13, weight="bold", parse_math=False
    )
    figure.text(0.02, 0.025, pen.said(CUT), size=8, color="#555555")
    above.set_ylim(*window(course))
    below.set_yscale("log")
    below.set_ylim(*decades([g for _, g in percent if g is not None]))
    dress(above, below, course, pen)
    return figure


def steps(
    axes: Axes, points: Sequence[tuple[float, float | None]], colour: str, label: str
) -> None:
    """Draw numbers that hold until the next one comes."""
    there = [(x, y) for x, y in points if y is not None]
    axes.step(
        [x for x, _ in there], [y for _, y in there], where="post", color=colour, label=label,
        marker=".", markersize=4, linewidth=1.4,
    )  # fmt: skip


def window(course: Sequence[Moment]) -> tuple[float, float]:
    """Return from where to where the axis of costs reaches, in million CNY."""
    bests = [m.best_mcny for m in course if m.best_mcny is not None]
    bounds = [m.bound_mcny for m in course if m.bound_mcny is not None]
    top = bests[-1] if bests else bounds[-1]
    foot = bounds[-1] if bounds else top
    reach = max(WINDOW_GAPS * (top - foot), WINDOW_SHARE * abs(top), 1e-6)
    everything = [*bests, *bounds]
    low, high = max(min(everything), foot - reach), min(max(everything), top + reach)
    edge = 0.05 * max(high - low, reach / WINDOW_GAPS)
    return low - edge, high + edge


def decades(percent: Sequence[float]) -> tuple[float, float]:
    """Return from where to where the axis of gaps reaches; without any it is empty."""
    return min(percent, default=LEAST_GAP) / EDGE, max(percent, default=PERCENT) * EDGE


def dress(above: Axes, below: Axes, course: Sequence[Moment], pen: Writing) -> None:
    """Write axes and legend."""
    from matplotlib.ticker import NullFormatter, StrMethodFormatter  # noqa: PLC0415

    above.set_xlim(0.0, max(course[-1].elapsed_s, 1e-3))
    above.set_ylabel(pen.said(COST), size=9)
    below.set_ylabel(pen.said(SHARE), size=9)
    below.set_xlabel(pen.said(SECONDS), size=9)
    above.tick_params(labelbottom=False)
    for axis in (above.yaxis, below.yaxis, below.xaxis):
        axis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    below.yaxis.set_minor_formatter(NullFormatter())
    for axes in (above, below):
        axes.tick_params(labelsize=8)
        axes.grid(visible=True, color="#dddddd", linewidth=0.6, zorder=0)
        axes.spines[["top", "right"]].set_visible(False)
    above.legend(loc="center left", fontsize=8, frameon=True)
