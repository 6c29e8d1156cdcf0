"""The still map of a plan: Henan large, China and the world beside it, legend, cost and CO2e.

Shows the last stage. The same plan gives the same bytes on the same machine: no date, no version
and nothing from the user's matplotlib settings goes into the file.
"""

from __future__ import annotations

import io
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hubopt.publish.caption import caption, legend
from hubopt.publish.datums import wgs84
from hubopt.publish.fonts import Writing, writing
from hubopt.publish.palette import MODE_COLOURS, OUTCOME_COLOURS
from hubopt.publish.panels import Panel, Wanted, write_names
from hubopt.vocabulary import Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from matplotlib.figure import Figure

    from hubopt.publish.figures import Figures
    from hubopt.publish.layers import Layer
    from hubopt.publish.panels import Box
    from hubopt.text import Language

SIZE_IN, DPI = (16.0, 10.0), 120

HENAN_BOX: Box = (110.2, 31.25, 116.8, 36.5)
CHINA_BOX: Box = (73.0, 3.5, 135.5, 54.0)
WORLD_BOX: Box = (-28.0, -42.0, 328.0, 76.0)
ASIA_BOX: Box = (70.0, 18.0, 125.0, 54.0)
"""Where names stand on the map of China and not on that of the world."""

NEAR_DEG = 4.0
"""Sites this far from Henan still belong on its panel."""

HENAN_MAP = "+proj=laea +lat_0=33.9 +lon_0=113.5"
CHINA_MAP = "+proj=aea +lat_1=25 +lat_2=47 +lat_0=35 +lon_0=105"
WORLD_MAP = "+proj=robin +lon_0=150"

THIN_PT, WIDE_PT = 0.9, 9.0
INSET = 0.5
"""Lines beside the large map are drawn at half their width."""

MARKERS = {
    SiteOutcome.NOT_CHOSEN: ("o", 26.0),
    SiteOutcome.CLOSED: ("x", 34.0),
    SiteOutcome.KEPT: ("o", 85.0),
    SiteOutcome.OPENED: ("*", 230.0),
}
"""Shape and area of each outcome, those drawn last on top."""


@dataclass(frozen=True)
class Stream:
    """Freight over one link by one mode, both directions together, and its course."""

    mode: Mode
    tonnes: float
    course: tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True)
class Shown:
    """What the picture shows: one stage of a plan with the scale of its lines."""

    figures: Figures
    stage: int
    streams: tuple[Stream, ...]
    writing: Writing

    @property
    def most_t(self) -> float:
        """Tonnes a year of the widest line."""
        return max([1.0, *(stream.tonnes for stream in self.streams)])

    def width(self, tonnes: float) -> float:
        """Return the width of a line in points; the square root keeps small flows in sight."""
        return THIN_PT + (WIDE_PT - THIN_PT) * float(np.sqrt(tonnes / self.most_t))


def picture(figures: Figures, layers: Sequence[Layer], language: Language) -> bytes:
    """Return the map of a plan as the bytes of a PNG file."""
    import matplotlib as mpl  # noqa: PLC0415  (loads on use)

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["svg.hashsalt"] = "hubopt"
        figure = drawn(figures, {layer.name: layer for layer in layers}, language)
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
        return png.getvalue()


def drawn(figures: Figures, layers: Mapping[str, Layer], language: Language) -> Figure:
    """Return the figure with all its parts."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=SIZE_IN, dpi=DPI, facecolor="white")
    canvas = FigureCanvasAgg(figure)
    stage = figures.stages[-1]
    shown = Shown(figures, stage, streams(layers["flows"], stage), writing(language))
    places = zip(layers["sites"].column("site"), layers["sites"].geometry, strict=True)
    spots = {str(site): (geometry.centroid.x, geometry.centroid.y) for site, geometry in places}
    renderer = canvas.get_renderer()  # type: ignore[no-untyped-call]
    home = Panel(figure.add_axes((0.012, 0.035, 0.575, 0.86)), HENAN_MAP, 113.5)
    china = Panel(figure.add_axes((0.597, 0.505, 0.391, 0.39)), CHINA_MAP, 105.0)
    world = Panel(figure.add_axes((0.597, 0.265, 0.391, 0.23)), WORLD_MAP, 150.0)
    home.show(home_box(list(spots.values())))
    china.show(CHINA_BOX)
    world.show(WORLD_BOX)
    home_panel(home, shown, spots, renderer)
    inset(china, shown, spots, renderer, most_names=18)
    inset(world, shown, {}, renderer, most_names=16)
    frame_of(home, china)
    legend(figure, shown, MARKERS)
    caption(figure, shown)
    return figure


def streams(flows: Layer, stage: int) -> tuple[Stream, ...]:
    """Return freight by link and mode, the widest first."""
    found: defaultdict[tuple[str, str, str], list[Any]] = defaultdict(list)
    fields = ("stage", "from_place", "to_place", "mode", "flow_t_per_year")
    rows = zip(*(flows.column(field) for field in fields), flows.geometry, strict=True)
    for year, a, b, mode, tonnes, geometry in rows:
        if year == stage:
            one, other = sorted((str(a), str(b)))
            found[str(mode), one, other].append((tonnes, geometry))
    made = [
        Stream(
            Mode(mode),
            sum(tonnes for tonnes, _ in parts),
            tuple(tuple(part.coords) for part in parts[0][1].geoms),
        )
        for (mode, _, _), parts in sorted(found.items())
    ]
    return tuple(sorted(made, key=lambda stream: -stream.tonnes))


def home_box(spots: list[tuple[float, float]]) -> Box:
    """Return what the large map shows: Henan and the sites near it, or else all sites."""
    west, south, east, north = HENAN_BOX
    near = [
        (x, y)
        for x, y in spots
        if west - NEAR_DEG < x < east + NEAR_DEG and south - NEAR_DEG < y < north + NEAR_DEG
    ]
    corners = [(west, south), (east, north), *near]
    if spots and not near:
        corners = [(x + d, y + d) for x, y in spots for d in (-1.0, 1.0)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def home_panel(
    panel: Panel,
    shown: Shown,
    spots: Mapping[str, tuple[float, float]],
    renderer: Any,  # noqa: ANN401
) -> None:
    """Draw the large map with every site and the names of those that stand."""
    panel.outlines(provinces=True, prefectures=True)
    lines(panel, shown, 1.0)
    handled: defaultdict[str, int] = defaultdict(int)
    for (stage, name, _), kg in shown.figures.handled.items():
        if stage == shown.stage:
            handled[name] += kg
    wanted, with_site = [], set()
    plans = [row for row in shown.figures.site_plans if row.stage == shown.stage]
    for row in sorted(plans, key=lambda r: list(MARKERS).index(shown.figures.so_far(r))):
        site, outcome = shown.figures.instance.site[row.site], shown.figures.so_far(row)
        number = shown.figures.number_at_place[row.stage, row.site]
        at = mark(panel, spots[row.site], outcome, 1.0, number)
        if at is None:
            continue
        stands = outcome in {SiteOutcome.OPENED, SiteOutcome.KEPT}
        with_site |= {site.place} if stands else set()
        new = outcome is SiteOutcome.OPENED
        year = f" ({shown.figures.opened_in[site.id]})" if new else ""
        wanted.append(
            Wanted(
                shown.writing.named(site, site.id) + year,
                at,
                (2e12 if new else 1e12 if stands else 0.0) + handled[row.site],
                9.0 if stands else 7.0,
                "#1a1a1a" if stands else "#7a7f85",
                bold=new,
                furthest_pt=100.0 if stands else 10.0,
            )
        )
    wanted += busy_places(panel, shown, with_site)[:MOST_PLACES]
    write_names(panel, wanted, shown.writing, renderer)


MOST_PLACES = 30
"""Most places without a site that are named on the large map."""


def inset(
    panel: Panel,
    shown: Shown,
    spots: Mapping[str, tuple[float, float]],
    renderer: Any,  # noqa: ANN401
    *,
    most_names: int,
) -> None:
    """Draw a small map with the flows, and the names of the places with most freight."""
    panel.outlines(provinces=panel.projection == CHINA_MAP, prefectures=False)
    lines(panel, shown, INSET)
    for row in shown.figures.site_plans:
        stands = row.outcome in {SiteOutcome.OPENED, SiteOutcome.KEPT}
        if row.stage == shown.stage and stands and row.site in spots:
            mark(panel, spots[row.site], shown.figures.so_far(row), 0.2)
    skipped = HENAN_BOX if panel.projection == CHINA_MAP else ASIA_BOX
    places = shown.figures.instance.place
    there = {ident for ident in places if inside(wgs84(places[ident]), skipped)}
    names = busy_places(panel, shown, there)[:most_names]
    write_names(panel, names, shown.writing, renderer)


def busy_places(panel: Panel, shown: Shown, skipped: Container[str]) -> list[Wanted]:
    """Mark the places with freight that a panel shows; return their names, the busiest first."""
    freight: defaultdict[str, int] = defaultdict(int)
    for leg, kg in shown.figures.legs.items():
        if leg.stage == shown.stage:
            freight[leg.from_place] += kg
            freight[leg.to_place] += kg
    wanted = []
    places = shown.figures.instance.place
    for ident, kg in sorted(freight.items()):
        point = wgs84(places[ident])
        at = panel.pixel(point)
        if at is None or ident in skipped:
            continue
        panel.axes.plot(
            *panel.projected(np.array([point]))[0],
            marker="o",
            markersize=2.2,
            color="#333333",
            zorder=5,
        )
        name = shown.writing.named(places[ident], ident)
        wanted.append(Wanted(name, (float(at[0]), float(at[1])), kg / 1e15, 7.0, "#333333"))
    return sorted(wanted, key=lambda w: (-w.weight, w.text))


def inside(point: tuple[float, float], box: Box) -> bool:
    """Return whether a point lies in a box."""
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]


def lines(panel: Panel, shown: Shown, scale: float) -> None:
    """Draw the flows, wide ones below narrow ones, each with a thin white edge."""
    for stream in shown.streams:
        width = max(0.6, shown.width(stream.tonnes) * scale)
        for part in stream.course:
            panel.course(part, color="white", linewidth=width + 0.8, alpha=0.7, zorder=3)
            panel.course(
                part, color=MODE_COLOURS[stream.mode], linewidth=width, alpha=0.9, zorder=3
            )


def mark(
    panel: Panel, spot: tuple[float, float], outcome: SiteOutcome, scale: float, number: int = 1
) -> tuple[float, float] | None:
    """Draw a site, the `number`-th at its place; return where it stands in pixels."""
    at = panel.pixel(spot)
    if at is None:
        return None
    if number > 1:  # around the first
        turn, ring = np.radians(60.0 * (number - 2)), RING_PX * (1 + (number - 2) // 6)
        at = at + ring * np.array([np.sin(turn), np.cos(turn)])
    x, y = panel.axes.transData.inverted().transform(at)
    shape, area = MARKERS[outcome]
    crossed = shape == "x"
    panel.axes.scatter(
        [x],
        [y],
        s=area * scale,
        marker=shape,
        color=OUTCOME_COLOURS[outcome],
        edgecolors=None if crossed else "white",
        linewidths=1.2 if crossed else 0.8 * scale,
        zorder=7 if outcome is SiteOutcome.OPENED else 6,
    )
    half = float(np.sqrt(area * scale)) / 2 * DPI / 72 * 0.8
    panel.taken.append((at[0] - half, at[1] - half, at[0] + half, at[1] + half))
    return float(at[0]), float(at[1])


RING_PX = 21.0
"""How far the sites at one place stand from the first."""


def frame_of(home: Panel, china: Panel) -> None:
    """Draw on the map of China what the large map shows."""
    left, right = home.axes.get_xlim()
    low, high = home.axes.get_ylim()
    rim = np.array([(left, low), (right, low), (right, high), (left, high), (left, low)])
    corners = china.projected(home.degrees(rim))
    china.axes.plot(
        corners[:, 0], corners[:, 1], color="#333333", linewidth=0.9, zorder=5, scalex=False,
        scaley=False,
    )  # fmt: skip
