"""The layers of compare.gpkg: freight that goes elsewhere, and sites that change, with geometry."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.publish.boundaries import read_boundaries
from hubopt.publish.boundary_layer import with_boundaries
from hubopt.publish.compare_words import modules
from hubopt.publish.figures import Figures
from hubopt.publish.layer import Layer, Shape, Value, many_lines, point
from hubopt.publish.layers import basemap_layers
from hubopt.publish.lines import Lines
from hubopt.publish.tables import tonnes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from hubopt.study.compare import Comparison
    from hubopt.study.compare_facts import Facts
    from hubopt.text import Language
    from hubopt.vocabulary import Mode

Way = tuple[int, str, str, "Mode"]
"""Stage, from, to and mode of freight in one direction."""

FLOW_FIELDS = {
    "result": int, "scenario": str, "stage": int, "from_place": str, "from_name_en": str,
    "from_name_zh": str, "to_place": str, "to_name_en": str, "to_name_zh": str, "mode": str,
    "base_t_per_year": float, "flow_t_per_year": float, "change_t_per_year": float,
}  # fmt: skip
SITE_FIELDS = {
    "result": int, "scenario": str, "stage": int, "site": str, "name_en": str, "name_zh": str,
    "place": str, "change": str, "base_modules": str, "modules": str,
    "base_handled_t_per_year": float, "handled_t_per_year": float,
}  # fmt: skip


@dataclass(frozen=True)
class Side:
    """One result on the map: its figures, and where its links run."""

    facts: Facts
    folder: Path | None

    @cached_property
    def figures(self) -> Figures:
        """The sums over the flows."""
        return Figures(self.facts.instance, self.facts.plan)

    @cached_property
    def lines(self) -> Lines:
        """The courses of links."""
        return Lines(self.facts.instance, self.folder)

    @cached_property
    def freight(self) -> Mapping[Way, int]:
        """Kilograms a year over each link in each direction."""
        found: defaultdict[Way, int] = defaultdict(int)
        for leg, kg in self.figures.legs.items():
            found[leg.stage, leg.from_place, leg.to_place, leg.mode] += kg
        return found

    @cached_property
    def handled(self) -> Mapping[tuple[int, str], int]:
        """Kilograms a year that each site handles, all functions together."""
        found: defaultdict[tuple[int, str], int] = defaultdict(int)
        for (stage, site, _), kg in self.figures.handled.items():
            found[stage, site] += kg
        return found

    def handled_t(self, stage: int, site: str) -> float:
        """Return the tonnes a year that a site handles."""
        return tonnes(self.handled.get((stage, site), 0))


def package(comparison: Comparison, folders: Sequence[Path | None], language: Language) -> bytes:
    """Return compare.gpkg, styled, the same bytes for the same results."""
    from hubopt.publish.compare_styles import compare_styles  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.geopackage import write_geopackage  # noqa: PLC0415

    stages = tuple(stage.year for stage in comparison.base.instance.settings.stages)
    with tempfile.TemporaryDirectory(prefix="hubopt-compare-") as folder:
        file = Path(folder) / "compare.gpkg"
        drawn = compare_layers(comparison, folders)
        write_geopackage(file, drawn, stages, language, compare_styles)
        return file.read_bytes()


Row = tuple[tuple[Value, ...], "BaseGeometry"]


def compare_layers(comparison: Comparison, folders: Sequence[Path | None]) -> tuple[Layer, ...]:
    """Return basemap, changed flows and changed sites; `folders` hold the instances, for lines."""
    sides = [Side(*pair) for pair in zip(comparison.results, folders, strict=True)]
    base = comparison.results[0].instance
    boundaries = None if folders[0] is None else read_boundaries(folders[0], base)
    numbers = range(1, len(sides))
    flows = [row for number in numbers for row in flow_rows(sides, number)]
    sites = [row for number in numbers for row in site_rows(comparison, sides, number)]
    return (
        *with_boundaries(basemap_layers(), boundaries),
        layer("changed_flows", Shape.LINES, FLOW_FIELDS, flows),
        layer("changed_sites", Shape.POINT, SITE_FIELDS, sites),
    )


def layer(name: str, shape: Shape, fields: dict[str, type], rows: Sequence[Row]) -> Layer:
    """Return a layer of rows with their geometries."""
    return Layer(
        name, shape, fields, tuple(row for row, _ in rows), tuple(drawn for _, drawn in rows)
    )


def flow_rows(sides: Sequence[Side], number: int) -> Iterator[Row]:
    """Yield every link and direction over which a result carries more or less than the base."""
    base, side = sides[0], sides[number]
    for way in sorted({*base.freight, *side.freight}):
        before, after = base.freight.get(way, 0), side.freight.get(way, 0)
        if before == after:
            continue
        stage, a, b, mode = way
        drawn_by = side if after else base
        start, end = (drawn_by.facts.instance.place[place] for place in (a, b))
        cells = (
            number + 1, side.facts.plan.scenario, stage, a, start.name_en, start.name_zh, b,
            end.name_en, end.name_zh, mode.value, tonnes(before), tonnes(after),
            tonnes(after - before),
        )  # fmt: skip
        yield cells, many_lines(drawn_by.lines.between(a, b, mode))


def site_rows(comparison: Comparison, sides: Sequence[Side], number: int) -> Iterator[Row]:
    """Yield every site in every stage whose modules are not those of the base."""
    base, side = sides[0], sides[number]
    for change in comparison.site_changes(number):
        stage, ident = change.stage, change.site
        drawn_by = side if ident in side.facts.instance.site else base
        site = drawn_by.facts.instance.site[ident]
        cells = (
            number + 1, side.facts.plan.scenario, stage, ident, site.name_en, site.name_zh,
            site.place, change.change.value, modules(base.facts, ident, stage),
            modules(side.facts, ident, stage), base.handled_t(stage, ident),
            side.handled_t(stage, ident),
        )  # fmt: skip
        yield cells, point(drawn_by.lines.point(site.place))
