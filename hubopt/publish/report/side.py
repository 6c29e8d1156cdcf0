"""One result in the report: its plan with instance and figures, and how planners call it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.scenario_files import BASE, found_in
from hubopt.publish.boundaries import read_boundaries
from hubopt.publish.lines import Lines
from hubopt.publish.sharing import Sharing, whole_fen
from hubopt.text import Text, escaped
from hubopt.vocabulary import OWN_RULES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from hubopt.instance.scenario_files import Source
    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.plan.report import Verification
    from hubopt.publish.edition import Edition
    from hubopt.publish.figures import Figures
    from hubopt.vocabulary import CostTerm

THE_INSTANCE = Text("Base", "基准")
"""How the instance itself is called beside its scenarios."""


@dataclass(frozen=True)
class Side:
    """A verified plan of one scenario; `rules` are notes on rules of the planner's own.

    `borders` are lines of a reviewed map that the instance brings along, with their credit.
    """

    figures: Figures
    verification: Verification
    folder: Path | None = None
    title: Text = THE_INSTANCE
    note: Text = field(default_factory=lambda: Text("", ""))
    sources: tuple[Source, ...] = ()
    rules: tuple[Text, ...] = ()
    borders: tuple[BaseGeometry, ...] = ()
    border_credit: Text | None = None

    @property
    def instance(self) -> Instance:
        """The instance as it is in the scenario."""
        return self.figures.instance

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.figures.plan

    @cached_property
    def lines(self) -> Lines:
        """The courses of links."""
        return Lines(self.instance, self.folder)

    @cached_property
    def sharing(self) -> Sharing:
        """What it costs to serve each shipment."""
        return Sharing(self.figures)

    @cached_property
    def whole_fen(self) -> Mapping[tuple[int, str], Mapping[CostTerm, int]]:
        """The cost of each (stage, shipment) by term in fen, which add up to the plan's."""
        return whole_fen(self.sharing)

    @cached_property
    def modes_kg(self) -> Mapping[tuple[int, str, str], int]:
        """Kilograms a year by (stage, mode, product) that go by the mode on some leg."""
        from hubopt.network.steps import Move, Ride  # noqa: PLC0415  (loads on use)

        network = self.figures.network
        found: defaultdict[tuple[int, str, str], int] = defaultdict(int)
        for shipment, flow in self.figures.flows:
            moves = [step for step in flow.steps if isinstance(step, Move | Ride)]
            for mode in {network.mode_of(step).value for step in moves}:
                found[shipment.stage, mode, shipment.product] += flow.kg_per_year
        return dict(sorted(found.items()))


def side(
    figures: Figures,
    verification: Verification,
    folder: Path | None,
    rules: tuple[Text, ...] = (),
) -> Side:
    """Return a result for the report, with what its scenario says and the instance's boundaries.

    `folder` holds the instance. A scenario whose file is gone goes by its name.
    """
    named = Side(figures, verification, folder, rules=rules)
    if folder is None:
        return replace(named, title=title_of(figures.plan.scenario))
    boundaries = read_boundaries(folder, figures.instance)
    if boundaries is not None:
        named = replace(named, borders=boundaries.lines, border_credit=boundaries.credit)
    return told(named, folder)


def title_of(name: str) -> Text:
    """Return what a scenario is called whose file says nothing."""
    return THE_INSTANCE if name == BASE else Text(name, name)


def told(named: Side, folder: Path) -> Side:
    """Return a result with title, note and sources of its scenario, as far as there are any."""
    name = named.plan.scenario
    if name == BASE:
        return named
    try:
        scenario = found_in(folder, [name])[0].get(name)
    except (InputError, OSError):
        scenario = None
    if scenario is None:
        return replace(named, title=title_of(name))
    return replace(named, title=scenario.title, note=scenario.note, sources=scenario.sources)


def side_of(edition: Edition, figures: Figures) -> Side:
    """Return the result that is being written, with a note where own rules bound the plan."""
    record = edition.run.get(OWN_RULES)
    file = record.get("file") if isinstance(record, dict) else record
    rules = () if record is None else (under_rules(escaped(str(file))),)
    return side(figures, edition.verification, edition.instance_folder, rules)


def under_rules(file: str) -> Text:
    """Return that a plan keeps rules which the verifier does not know."""
    return Text(
        f"Solved under own rules ({file}), which hubopt solve has checked; they are no part of"
        " this verification.",
        f"在自定规则（{file}）下求解，hubopt solve 已核对；本核验不涉及这些规则。",
    )
