"""The chart of a sensitivity study: how far each number moves the cost, and how many sites.

The same study gives the same bytes on the same machine, as the still map does.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.publish.fonts import writing
from hubopt.publish.places import DPI
from hubopt.study.movement import FLIPS
from hubopt.study.verdict import movements
from hubopt.text import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from hubopt.publish.fonts import Writing
    from hubopt.study.movement import Movement
    from hubopt.study.sensitivity import Study
    from hubopt.study.uncertain import Parameter
    from hubopt.text import Language

MOST_BARS = 45
WIDTH_IN, HEAD_IN, BAR_IN = 12.0, 1.9, 0.27
COLOURS = {"low": "#1f6fb4", "high": "#c0272d"}
PERCENT = 100.0

TITLE = Text("What the cost depends on", "成本取决于哪些数值")
AXIS = Text("change of the cost against the base, %", "相对基准的成本变化（%）")
AT = {"low": Text("at low", "取低"), "high": Text("at high", "取高")}
SITES = Text(
    "right: sites that open or are missing, low | high; a plan as good within the gap counts 0\n"
    "* the number has a source; all others have none",
    "右侧：新建或不建的设施数，低 | 高；在差距之内同样好的方案计 0\n* 该数值有来源；其余均无来源",
)
NO_RUN = "–"


@dataclass(frozen=True, slots=True)
class Bar:
    """One parameter: its movement at each level that has a plan."""

    parameter: Parameter
    ends: dict[str, Movement]

    @property
    def width(self) -> float:
        """How far the cost moves, as a share of the base."""
        moves = [0.0, *(end.cost_share for end in self.ends.values())]
        return max(moves) - min(moves)


def tornado(study: Study, language: Language) -> bytes:
    """Return the chart as the bytes of a PNG file, the widest bars above."""
    import matplotlib as mpl  # noqa: PLC0415  (loads on use)

    with mpl.rc_context():
        mpl.rcdefaults()
        pen = writing(language)
        mpl.rcParams["font.family"] = list(pen.families)
        mpl.rcParams["axes.unicode_minus"] = False
        png = io.BytesIO()
        drawn(study, pen).savefig(png, format="png", dpi=DPI, metadata={"Software": None})
        return png.getvalue()


def bars(study: Study) -> list[Bar]:
    """Return the parameters with a run, the widest first."""
    found: dict[str, Bar] = {}
    for run, what in movements(study):
        found.setdefault(run.parameter.id, Bar(run.parameter, {})).ends[run.level] = what
    return sorted(found.values(), key=lambda bar: (-bar.width, bar.parameter.id))


def drawn(study: Study, pen: Writing) -> Figure:
    """Return the figure."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    shown = bars(study)[:MOST_BARS]
    height = HEAD_IN + BAR_IN * max(len(shown), 1)
    figure = Figure(figsize=(WIDTH_IN, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    bottom = 1.15 / height
    axes = figure.add_axes((0.40, bottom, 0.52, 1 - bottom - 0.65 / height))
    for here, bar in enumerate(shown):
        draw_bar(axes, here, bar)
    settings = study.instance.settings
    name = pen.said(Text(settings.title_en, settings.title_zh)) or settings.name
    title = name if pen.can(name) else settings.name
    figure.text(0.02, 1 - 0.40 / height, f"{pen.said(TITLE)}: {title}", size=13, weight="bold")
    figure.text(0.02, 0.18 / height, pen.said(SITES), size=8, color="#555555")
    dress(axes, shown, pen)
    return figure


def draw_bar(axes: Axes, here: int, bar: Bar) -> None:
    """Draw both ends of one parameter, and how many sites each flips beside the axes."""
    counts = []
    for level, colour in COLOURS.items():
        what = bar.ends.get(level)
        if what is not None:
            axes.barh(here, PERCENT * what.cost_share, height=0.7, color=colour, zorder=2)
        counts.append(NO_RUN if what is None else str(flipped(what)))
    axes.text(1.02, here, " | ".join(counts), transform=axes.get_yaxis_transform(), va="center",
              size=8)  # fmt: skip


def flipped(what: Movement) -> int:
    """Return how many sites a run opens or drops, beyond what the gap leaves open."""
    return 0 if what.indifferent else len({c.site for c in what.sites if c.change in FLIPS})


def dress(axes: Axes, shown: list[Bar], pen: Writing) -> None:
    """Write names, axis and legend."""
    from matplotlib.patches import Patch  # noqa: PLC0415

    labels = []
    for bar in shown:
        name = pen.said(bar.parameter.name)
        label = name if pen.can(name) else bar.parameter.id
        labels.append(f"{label} *" if bar.parameter.sourced else label)
    axes.set_yticks(range(len(shown)), labels, size=8.5)
    axes.set_ylim(max(len(shown), 1) - 0.4, -0.6)
    axes.axvline(0, color="#333333", linewidth=0.9, zorder=3)
    axes.grid(visible=True, axis="x", color="#dddddd", linewidth=0.6, zorder=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(pen.said(AXIS), size=9)
    handles = [Patch(color=c, label=pen.said(AT[level])) for level, c in COLOURS.items()]
    axes.legend(handles=handles, loc="lower right", fontsize=8, frameon=True)
