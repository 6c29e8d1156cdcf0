"""What the figures rest on: sources of distances and factors, and what nobody has published."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt import __version__
from hubopt.errors import InputError
from hubopt.publish.caption import CREDIT
from hubopt.publish.credits import LINES, PLACES
from hubopt.publish.report.shared import neat
from hubopt.text import Text, printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hubopt.publish.report.shared import Json
    from hubopt.publish.report.side import Side

MOST_SOURCES = 12
"""Sources that are named; what the others weigh together stands last."""

LICENCES, MOST_LETTERS = "LICENSES.md", 20_000


def basis(side: Side) -> dict[str, Json]:
    """Return what the base rests on: shares by source, uncertain numbers, licences, credits."""
    return {
        "distances": shares(distances(side)),
        "factors": shares(factors(side)),
        "uncertain": uncertain(side),
        "licences": licences(side.folder),
        "credits": [[CREDIT.en, CREDIT.zh], [LINES, LINES], [PLACES, PLACES],
                    [ECHARTS.en, ECHARTS.zh]],
        "hash": side.plan.instance_hash,
        "version": __version__,
    }  # fmt: skip


ECHARTS = Text(
    "Charts and map: Apache ECharts 6.1.0, © The Apache Software Foundation, Apache-2.0.",
    "图表与地图：Apache ECharts 6.1.0，© The Apache Software Foundation，Apache-2.0。",
)


def distances(side: Side) -> Mapping[str, float]:
    """Return tonne-kilometres of all stages by where the distance comes from."""
    found: defaultdict[str, float] = defaultdict(float)
    for key, row in side.figures.emissions.items():
        if key.kind == "leg":
            found[key.distance_source] += row.t_km
    return found


def factors(side: Side) -> Mapping[str, float]:
    """Return well-to-wheel emissions of all stages by where the factor comes from."""
    found: defaultdict[str, float] = defaultdict(float)
    for key, row in side.figures.emissions.items():
        found[key.source] += row.wtw_kg
    return found


def shares(weights: Mapping[str, float]) -> list[Json]:
    """Return sources with their shares, the weightiest first, the small ones together."""
    whole = sum(weights.values())
    if whole <= 0:
        return []
    ranked = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))
    found: list[Json] = [
        [printable(name), neat(weight / whole, 4)] for name, weight in ranked[:MOST_SOURCES]
    ]
    rest = sum(weight for _, weight in ranked[MOST_SOURCES:])
    return [*found, ["", neat(rest / whole, 4)]] if rest else found


def uncertain(side: Side) -> list[Json]:
    """Return the uncertain numbers of an instance: names, confidence, source, cells they move."""
    from hubopt.study.uncertain import read_uncertain  # noqa: PLC0415  (loads on use)

    if side.folder is None:
        return []
    try:
        rows = read_uncertain(side.folder, side.instance)
    except (InputError, OSError):  # none, or one that `hubopt sensitivity` says more about
        return []
    return [
        [printable(row.name.en), printable(row.name.zh), printable(row.confidence),
         printable(row.source) if row.sourced else ""]
        for row in rows
    ]  # fmt: skip


def licences(folder: Path | None) -> str:
    """Return what the instance says of the licences of its data, blank if it says nothing."""
    if folder is None or not folder.is_dir():
        return ""
    try:
        text = (folder / LICENCES).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
    return printable(text[:MOST_LETTERS])


def sources(side: Side) -> list[Json]:
    """Return where the numbers of a scenario come from: entry, source, year, confidence."""
    return [
        [printable(one.entry), printable(one.source), one.year, printable(one.confidence)]
        for one in side.sources
    ]
