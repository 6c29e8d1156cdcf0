"""Line charts as SVG on logarithmic axes: plain text, the same bytes for the same numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.text import Language, Text

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 190, 40, 48
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999999")
"""Okabe and Ito's, which the colour-blind can tell apart."""

FONT = "font-family='sans-serif' font-size='12'"
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Line:
    """A line of a chart: what it is, and its points (x, y), both above zero."""

    title: Text
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Chart:
    """Lines over one another; titles say what the axes are, with units."""

    title: Text
    x_title: Text
    y_title: Text
    lines: Sequence[Line]


class Axis:
    """A logarithmic axis from one pixel to another."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low, self.high = min(values), max(values)
        if self.low == self.high:
            self.low, self.high = self.low / 2, self.high * 2
        self.start, self.end = start, end

    def at(self, value: float) -> float:
        """Return the pixel of a value."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> Iterator[float]:
        """Yield round values within the axis."""
        power = math.floor(math.log10(self.low))
        while 10.0**power <= self.high:
            for step in STEPS:
                value = step * 10.0**power
                if self.low <= value <= self.high:
                    yield value
            power += 1


def svg(chart: Chart, language: Language) -> str:
    """Return a chart as SVG with its words in one language; points not above zero are left out."""
    lines = [
        (line.title, [(x, y) for x, y in line.points if x > 0 and y > 0]) for line in chart.lines
    ]
    lines = [(title, points) for title, points in lines if points]
    xs = [x for _, points in lines for x, _ in points]
    ys = [y for _, points in lines for _, y in points]
    across = Axis(xs, LEFT, WIDTH - RIGHT)
    up = Axis(ys, HEIGHT - BOTTOM, TOP)
    size = f"width='{WIDTH}' height='{HEIGHT}'"
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} viewBox='0 0 {WIDTH} {HEIGHT}'>",
        f"<rect {size} fill='white'/>",
        words(LEFT, 20, chart.title.in_language(language), "font-weight='bold'"),
        words((LEFT + WIDTH - RIGHT) // 2, HEIGHT - 10, chart.x_title.in_language(language),
              "text-anchor='middle'"),
        words(LEFT, TOP - 6, chart.y_title.in_language(language), ""),
        *frame(across, up, sorted(set(xs))),
    ]  # fmt: skip
    for number, (title, points) in enumerate(lines):
        parts += drawn(number, title.in_language(language), points, across, up)
    return "\n".join([*parts, "</svg>", ""])


def words(x: float, y: float, text: str, more: str) -> str:
    """Return a text at a point."""
    return f"<text x='{x}' y='{y}' {FONT} {more}>{escape(text)}</text>"


def frame(across: Axis, up: Axis, marks: Sequence[float]) -> Iterator[str]:
    """Yield the axes with their ticks: across where there are points, up at round numbers."""
    left, right, low, high = across.start, across.end, up.start, up.end
    yield (f"<path d='M{left} {high}V{low}H{right}' fill='none' stroke='#444444'/>")
    for value in marks:
        x = across.at(value)
        yield f"<path d='M{x} {low}v5' stroke='#444444'/>"
        yield words(x, low + 18, f"{value:,.6g}", "text-anchor='middle'")
    for value in up.ticks():
        y = up.at(value)
        yield f"<path d='M{left} {y}H{right}' stroke='#dddddd'/>"
        yield words(left - 6, y + 4, f"{value:g}", "text-anchor='end'")


def drawn(
    number: int, title: str, points: Sequence[tuple[float, float]], across: Axis, up: Axis
) -> Iterator[str]:
    """Yield a line with its points, and its title at the side."""
    colour = COLOURS[number % len(COLOURS)]
    path = " ".join(f"{across.at(x)},{up.at(y)}" for x, y in points)
    yield f"<polyline points='{path}' fill='none' stroke='{colour}' stroke-width='2'/>"
    for x, y in points:
        yield f"<circle cx='{across.at(x)}' cy='{up.at(y)}' r='3' fill='{colour}'/>"
    y = TOP + 10 + 18 * number
    side = WIDTH - RIGHT + 16
    yield f"<path d='M{side} {y}h16' stroke='{colour}' stroke-width='2'/>"
    yield words(side + 22, y + 4, title, "")
