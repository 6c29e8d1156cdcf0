"""Sites and places on the maps of the picture: their symbols, and the names that matter most."""

from __future__ import annotations

import textwrap
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np

from hubopt.publish.datums import wgs84
from hubopt.publish.names import Line, Wanted, write_names
from hubopt.publish.openings import openings
from hubopt.publish.palette import MODE_COLOURS, NEW, OUTCOME_COLOURS
from hubopt.publish.panels import Stroke
from hubopt.publish.shown import STANDS
from hubopt.vocabulary import Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from hubopt.plan.plan import SitePlan
    from hubopt.publish.panels import Box, Panel
    from hubopt.publish.shown import Shown

DPI = 120

MARKERS = {
    SiteOutcome.NOT_CHOSEN: ("o", 20.0),
    SiteOutcome.CLOSED: ("x", 28.0),
    SiteOutcome.KEPT: ("o", 62.0),
    SiteOutcome.OPENED: ("*", 190.0),
}
"""Shape and area of each outcome, those drawn last on top."""

MOST_PLACES = 24
"""Most places without a site that are named on the large map."""

INSET = 0.5
"""Lines beside the large map are drawn at half their width."""

MOST_SIGNS = 28
"""Longer lines below the name of a place are broken."""

RING_PX = 19.0
"""How far the sites at one place stand from the first."""

OPACITY = {Mode.AIR: 0.6, Mode.SEA: 0.8}
"""Long straight lines leave what lies below in sight."""


def home_panel(
    panel: Panel,
    shown: Shown,
    spots: Mapping[str, tuple[float, float]],
    renderer: Any,  # noqa: ANN401
) -> None:
    """Draw the large map: every site, and at each place what is new there and since when."""
    panel.outlines(provinces=True, prefectures=True)
    lines(panel, shown, 1.0)
    at_place: defaultdict[str, list[SitePlan]] = defaultdict(list)
    centre: dict[str, tuple[float, float]] = {}
    figures = shown.figures
    for row in sorted(shown.sites, key=lambda r: list(MARKERS).index(figures.so_far(r))):
        number = figures.number_at_place[row.stage, row.site]
        at = mark(panel, spots[row.site], figures.so_far(row), 1.0, number)
        place = figures.instance.site[row.site].place
        if at is not None and row.outcome in STANDS:
            at_place[place].append(row)
            centre[place] = at if number == 1 else centre.get(place, at)
    most = max([1, *(handled(shown, rows) for rows in at_place.values())])
    new = openings(figures, shown.stage, shown.writing.language)
    wanted = [
        name_of_place(shown, place, new.get(place, ()), centre[place], handled(shown, rows) / most)
        for place, rows in at_place.items()
    ]
    wanted += busy_places(panel, shown, at_place)[:MOST_PLACES]
    write_names(panel, wanted, shown.writing, renderer)


def handled(shown: Shown, rows: Iterable[SitePlan]) -> int:
    """Return the kilograms a year that sites handle."""
    ours = {row.site for row in rows}
    sums = shown.figures.handled.items()
    return sum(kg for (stage, site, _), kg in sums if stage == shown.stage and site in ours)


def name_of_place(
    shown: Shown,
    place: str,
    opened: Iterable[tuple[int, str]],
    at: tuple[float, float],
    weight: float,
) -> Wanted:
    """Return the name of a place, larger for a busy one, with what opens there by year."""
    name = shown.writing.named(shown.figures.instance.place[place], place)
    texts = [
        part for year, words in opened for part in textwrap.wrap(f"+ {year}: {words}", MOST_SIGNS)
    ]
    size = (8.5 if texts else 7.5) + 2.5 * float(np.sqrt(weight))
    lines = [Line(name, size, "#1a1a1a" if texts else "#3d4247", bool(texts))]
    lines += [Line(text, 7.0, NEW) for text in texts]
    return Wanted(tuple(lines), at, (4.0 if texts else 2.0) + weight)


def inset(
    panel: Panel,
    shown: Shown,
    spots: Mapping[str, tuple[float, float]],
    renderer: Any,  # noqa: ANN401
    *,
    most_names: int,
    named_elsewhere: Box,
) -> None:
    """Draw a small map with the flows, and the names of the places with most freight."""
    lines(panel, shown, INSET)
    for row in shown.sites:
        if row.outcome in STANDS and row.site in spots:
            mark(panel, spots[row.site], shown.figures.so_far(row), 0.2)
    places = shown.figures.instance.place
    there = {ident for ident in places if inside(wgs84(places[ident]), named_elsewhere)}
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
        spot = float(at[0]), float(at[1])
        wanted.append(Wanted((Line(name, 7.0, "#333333"),), spot, kg / 1e15, 40.0))
    return sorted(wanted, key=lambda w: (-w.weight, w.lines))


def inside(point: tuple[float, float], box: Box) -> bool:
    """Return whether a point lies in a box."""
    return box[0] < point[0] < box[2] and box[1] < point[1] < box[3]


def lines(panel: Panel, shown: Shown, scale: float) -> None:
    """Draw the flows, wide ones below narrow ones."""
    panel.courses(
        Stroke(
            part,
            MODE_COLOURS[stream.mode],
            max(0.6, shown.width(stream.tonnes) * scale),
            OPACITY.get(stream.mode, 0.9),
        )
        for stream in shown.streams
        for part in stream.course
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
