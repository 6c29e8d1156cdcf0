"""The still map of a plan: Henan large, China and the world beside it, legend, cost and CO2e.

Shows the last stage. The same plan gives the same bytes on the same machine: no date, no version
and nothing from the user's matplotlib settings goes into the file.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from hubopt.publish.caption import caption, legend
from hubopt.publish.fonts import writing
from hubopt.publish.panels import Panel
from hubopt.publish.places import DPI, MARKERS, home_panel, inset
from hubopt.publish.shown import Shown, streams

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.figure import Figure

    from hubopt.publish.boundaries import Boundaries
    from hubopt.publish.figures import Figures
    from hubopt.publish.layer import Layer
    from hubopt.publish.panels import Box
    from hubopt.text import Language

SIZE_IN = (16.0, 10.0)

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


def picture(
    figures: Figures,
    layers: Sequence[Layer],
    language: Language,
    boundaries: Boundaries | None = None,
) -> bytes:
    """Return the map of a plan as the bytes of a PNG file."""
    import matplotlib as mpl  # noqa: PLC0415  (loads on use)

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["svg.hashsalt"] = "hubopt"
        figure = drawn(figures, {layer.name: layer for layer in layers}, language, boundaries)
        png = io.BytesIO()
        figure.savefig(png, format="png", dpi=DPI, metadata={"Software": None})
        return png.getvalue()


def drawn(
    figures: Figures,
    layers: Mapping[str, Layer],
    language: Language,
    boundaries: Boundaries | None = None,
) -> Figure:
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
    lines = () if boundaries is None else boundaries.lines
    home = Panel(figure.add_axes((0.012, 0.035, 0.575, 0.86)), HENAN_MAP, 113.5, lines)
    china = Panel(figure.add_axes((0.597, 0.505, 0.391, 0.39)), CHINA_MAP, 105.0, lines)
    world = Panel(figure.add_axes((0.597, 0.265, 0.391, 0.23)), WORLD_MAP, 150.0, lines)
    home.show(home_box(list(spots.values())))
    china.show(CHINA_BOX)
    world.show(WORLD_BOX)
    home_panel(home, shown, spots, renderer)
    china.outlines(provinces=True, prefectures=False)
    inset(china, shown, spots, renderer, most_names=18, named_elsewhere=HENAN_BOX)
    world.outlines(provinces=False, prefectures=False)
    inset(world, shown, {}, renderer, most_names=16, named_elsewhere=ASIA_BOX)
    frame_of(home, china)
    legend(figure, shown, MARKERS)
    caption(figure, shown, None if boundaries is None else boundaries.credit)
    return figure


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
