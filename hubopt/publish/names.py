"""Names beside points of a map: none touches another, the weightiest are placed first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.backends.backend_agg import RendererAgg
    from numpy.typing import NDArray

    from hubopt.publish.fonts import Writing
    from hubopt.publish.panels import Box, Panel


class Line(NamedTuple):
    """One line of a name: its words and how they look."""

    text: str
    size: float
    colour: str
    bold: bool = False


class Wanted(NamedTuple):
    """A name that should stand beside a point (in pixels); higher `weight` is placed first."""

    lines: tuple[Line, ...]
    at: tuple[float, float]
    weight: float
    furthest_pt: float = 100.0


ANGLES = (0, 180, 45, -45, 135, -135, 90, -90, 20, -20, 160, -160, 65, -65, 115, -115)
DISTANCES_PT = (6, 10, 16, 24, 34, 46, 60, 78, 100)
LEADER_FROM_PT = 14
"""Names further off than this get a thin line to their point."""

GAP_PX = 1.0
"""Between the lines of one name."""

CELL_PX = 4.0


def write_names(
    panel: Panel, wanted: Iterable[Wanted], writing: Writing, renderer: RendererAgg
) -> None:
    """Write names so that none touches another; those that find no room are left out."""
    busy = Busy(panel)
    for name in sorted(wanted, key=lambda w: (-w.weight, w.lines[0].text)):
        texts = [text_of(panel, line, writing) for line in name.lines]
        sizes = [text.get_window_extent(renderer) for text in texts]
        width = max(size.width for size in sizes)
        height = sum(size.height + GAP_PX for size in sizes) - GAP_PX
        spot = best_spot(panel, name, width, height, busy)
        if spot is None:
            for text in texts:
                text.remove()
            continue
        stack(texts, [(size.width, size.height) for size in sizes], spot, name.at)
        panel.taken.append(spot)
        leader(panel, name, spot)


def text_of(panel: Panel, line: Line, writing: Writing) -> Any:  # noqa: ANN401
    """Return a line of text with a white edge, not yet in its place."""
    from matplotlib import patheffects  # noqa: PLC0415  (loads on use)
    from matplotlib.transforms import IdentityTransform  # noqa: PLC0415

    text = panel.axes.text(
        0, 0, line.text, fontsize=line.size, color=line.colour, family=writing.families,
        transform=IdentityTransform(), zorder=9, ha="left", va="bottom", parse_math=False,
        fontweight="bold" if line.bold else "normal",
    )  # fmt: skip
    text.set_path_effects([patheffects.withStroke(linewidth=2.2, foreground="white", alpha=0.9)])
    return text


def stack(
    texts: Sequence[Any], sizes: Sequence[tuple[float, float]], box: Box, at: tuple[float, float]
) -> None:
    """Put the lines of a name below one another in its box, flush with the side of its point."""
    top, flush_right = box[3], (box[0] + box[2]) / 2 < at[0]
    for text, (width, height) in zip(texts, sizes, strict=True):
        text.set_position((box[2] - width if flush_right else box[0], top - height))
        top -= height + GAP_PX


class Busy:
    """Where lines run on a panel: points counted in cells, summed up so that any box is quick."""

    def __init__(self, panel: Panel) -> None:
        left, bottom, right, top = panel.axes.bbox.extents
        self.corner = np.array([left, bottom])
        shape = (math.ceil((right - left) / CELL_PX) + 1, math.ceil((top - bottom) / CELL_PX) + 1)
        cells = np.zeros(shape)
        points = np.vstack(panel.busy) if panel.busy else np.empty((0, 2))
        x, y = np.floor((points - self.corner) / CELL_PX).astype(int).T
        inside = (x >= 0) & (y >= 0) & (x < shape[0] - 1) & (y < shape[1] - 1)
        np.add.at(cells, (x[inside] + 1, y[inside] + 1), 1)
        self.sums: NDArray[np.float64] = cells.cumsum(0).cumsum(1)

    def hidden(self, box: Box) -> float:
        """Return how many points of lines a box would hide, about."""
        low = np.floor((np.array(box[:2]) - self.corner) / CELL_PX).astype(int)
        high = np.ceil((np.array(box[2:]) - self.corner) / CELL_PX).astype(int)
        (x0, y0), (x1, y1) = (np.clip(c, 0, np.array(self.sums.shape) - 1) for c in (low, high))
        sums = self.sums
        return float(sums[x1, y1] - sums[x0, y1] - sums[x1, y0] + sums[x0, y0])


def best_spot(panel: Panel, name: Wanted, width: float, height: float, busy: Busy) -> Box | None:
    """Return the free box for a name that is nearest and hides least of the lines."""
    scale = panel.axes.figure.dpi / 72
    taken = np.array(panel.taken or np.empty((0, 4)))
    best: tuple[float, Box] | None = None
    for distance in (d for d in DISTANCES_PT if d <= name.furthest_pt):
        if best is not None and best[0] < distance:
            break
        for turn, angle in enumerate(ANGLES):
            box = beside(name.at, width, height, distance * scale, math.radians(angle))
            if not free(panel, taken, box):
                continue
            cost = distance + 0.4 * turn + min(busy.hidden(box) / 2, 16.0)
            if best is None or cost < best[0]:
                best = cost, box
    return None if best is None else best[1]


def beside(
    at: tuple[float, float], width: float, height: float, distance: float, angle: float
) -> Box:
    """Return a box whose nearest edge stands `distance` away from a point in a direction."""
    across, up = math.cos(angle), math.sin(angle)
    x = at[0] + across * distance + (across - 1) / 2 * width
    y = at[1] + up * distance + (up - 1) / 2 * height
    return x, y, x + width, y + height


def free(panel: Panel, taken: NDArray[np.float64], box: Box) -> bool:
    """Return whether a box lies within the panel and touches no other."""
    left, bottom, right, top = panel.axes.bbox.extents
    pad = 3
    if box[0] < left + pad or box[1] < bottom + pad or box[2] > right - pad or box[3] > top - pad:
        return False
    across = (box[2] + pad > taken[:, 0]) & (taken[:, 2] + pad > box[0])
    up = (box[3] + 1 > taken[:, 1]) & (taken[:, 3] + 1 > box[1])
    return not (across & up).any()


def leader(panel: Panel, name: Wanted, box: Box) -> None:
    """Draw a thin line from a point to its name if that stands apart."""
    from matplotlib.transforms import IdentityTransform  # noqa: PLC0415  (loads on use)

    near = (min(max(name.at[0], box[0]), box[2]), min(max(name.at[1], box[1]), box[3]))
    if math.dist(near, name.at) > LEADER_FROM_PT * panel.axes.figure.dpi / 72:
        (line,) = panel.axes.plot(
            [name.at[0], near[0]], [name.at[1], near[1]], color="#555555", linewidth=0.5,
            zorder=8, transform=IdentityTransform(), scalex=False, scaley=False,
        )  # fmt: skip
        line.set_clip_on(False)
