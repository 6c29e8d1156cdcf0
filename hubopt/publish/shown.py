"""What the picture shows: one stage of a plan, its freight by link, and the scale of its lines."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from hubopt.network.steps import Move, Ride
from hubopt.vocabulary import Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.plan.plan import SitePlan
    from hubopt.publish.figures import Figures
    from hubopt.publish.fonts import Writing
    from hubopt.publish.layer import Layer

THIN_PT, WIDE_PT = 0.9, 9.0

STANDS = frozenset({SiteOutcome.OPENED, SiteOutcome.KEPT})


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

    @cached_property
    def sites(self) -> tuple[SitePlan, ...]:
        """What the plan says of each site in the stage."""
        return tuple(row for row in self.figures.site_plans if row.stage == self.stage)

    @cached_property
    def kg_by_mode(self) -> Mapping[Mode, int]:
        """Kilograms a year that each mode carries on some part of their way."""
        network = self.figures.network
        found: defaultdict[Mode, int] = defaultdict(int)
        for shipment, flow in self.figures.flows:
            if shipment.stage == self.stage:
                steps = [step for step in flow.steps if isinstance(step, Move | Ride)]
                for mode in {network.mode_of(step) for step in steps}:
                    found[mode] += flow.kg_per_year
        return found

    @cached_property
    def departures(self) -> Mapping[Mode, int]:
        """Loaded departures a week of each mode that runs to a timetable."""
        found: defaultdict[Mode, int] = defaultdict(int)
        for row in self.figures.service_plans:
            if row.stage == self.stage and row.departures_per_week:
                found[self.figures.instance.service[row.service].mode] += row.departures_per_week
        return found


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
