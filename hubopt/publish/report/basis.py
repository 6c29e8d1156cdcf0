"""What the figures rest on: sources of distances and factors, and what nobody has published."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt import __version__
from hubopt.errors import InputError
from hubopt.instance.home import home
from hubopt.publish.assets import VERSION
from hubopt.publish.caption import credit
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
    """Return what every result rests on: uncertain numbers, licences, credits."""
    return {
        "uncertain": uncertain(side),
        "licences": licences(side.folder),
        "credits": [data_credit(side), [LINES, LINES], [PLACES, PLACES], [ECHARTS.en, ECHARTS.zh]],
        "version": __version__,
    }  # fmt: skip


def rests_on(side: Side) -> dict[str, Json]:
    """Return what one result rests on: its instance by hash, and shares by source."""
    return {
        "hash": side.plan.instance_hash,
        "distances": shares(distances(side)),
        "factorsBySource": shares(factors(side)),
    }


def data_credit(side: Side) -> list[Json]:
    """Return whose data the map shows; reviewed borders of the instance come first."""
    said = credit(side.border_credit)
    return [printable(said.en), printable(said.zh)]


ECHARTS = Text(
    f"Charts and map: Apache ECharts {VERSION}, © The Apache Software Foundation, Apache-2.0; with"
    " parts of ZRender and of d3.js, © Mike Bostock, BSD-3-Clause.",
    f"图表与地图：Apache ECharts {VERSION}，© The Apache Software Foundation，Apache-2.0；"
    "含 ZRender 与 d3.js（© Mike Bostock）的部分代码，BSD-3-Clause。",
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
    return [*found, [None, neat(rest / whole, 4)]] if rest else found


def uncertain(side: Side) -> list[Json]:
    """Return the uncertain numbers of an instance: names, confidence, and source if it has any.

    What is wrong in their file is for `hubopt sensitivity` to say; here it holds none then.
    """
    from hubopt.study.read_tables import Sheet  # noqa: PLC0415  (loads on use)
    from hubopt.study.uncertain import COLUMNS, FILE, FOLDER, UNSOURCED  # noqa: PLC0415

    file = None if side.folder is None else home(side.folder) / FOLDER / FILE
    if file is None or not file.is_file():
        return []
    try:
        rows = list(Sheet(file, COLUMNS).rows())
    except (InputError, OSError):
        return []
    found: dict[str, Json] = {}
    for row in rows:
        source = row.text("source")
        told = "" if source.strip().lower() in UNSOURCED else source
        texts = (row.text("name_en"), row.text("name_zh"), row.text("confidence"), told)
        found.setdefault(row.text("parameter"), [printable(text) for text in texts])
    return list(found.values())


def licences(folder: Path | None) -> str:
    """Return what the instance says of the licences of its data, blank if it says nothing."""
    if folder is None:
        return ""
    try:
        with (home(folder) / LICENCES).open(encoding="utf-8") as text:
            return printable(text.read(MOST_LETTERS))
    except (OSError, UnicodeDecodeError):
        return ""


def sources(side: Side) -> list[Json]:
    """Return where the numbers of a scenario come from: entry, source, year, confidence."""
    return [
        [printable(one.entry), printable(one.source), one.year, printable(one.confidence)]
        for one in side.sources
    ]
