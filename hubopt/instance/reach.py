"""Which places freight can reach at all, by (place, mode in hand), whatever the capacities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from hubopt.instance.rows import (
    Capacity,
    Customs,
    Link,
    Module,
    Place,
    Service,
    Site,
    Transfer,
    Vehicle,
)
from hubopt.vocabulary import TRUCKS, Access, Cargo, Function, Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubopt.instance.draft import Draft

State = tuple[str, Mode]
Edges = dict[State, list[State]]


@dataclass(frozen=True)
class Question:
    """What decides where freight may go: its modes, its loading, and if it may cross the border.

    To find what is in the way, customs or the range of vehicles may be waived.
    """

    modes: frozenset[Mode]
    international: bool
    cargo: Cargo = Cargo.CONTAINER
    customs_waived: bool = False
    range_waived: bool = False

    @property
    def base(self) -> frozenset[Mode]:
        """Modes in which freight starts and ends: trucks where allowed."""
        return (self.modes & TRUCKS) or self.modes


@dataclass(frozen=True)
class Step:
    """One way on for some loading; `clearance` is the (home place, mode) of a border crossing.

    `beyond` says that its vehicles do not get there and back on a charge.
    """

    start: State
    end: State
    clearance: State | None
    cargo: frozenset[Cargo] = frozenset(Cargo)
    beyond: bool = False


@dataclass
class Graph:
    """Where one kind of freight may go from each state, and come from; searches are remembered."""

    question: Question
    ahead: Edges = field(default_factory=lambda: defaultdict(list))
    behind: Edges = field(default_factory=lambda: defaultdict(list))
    onward: dict[str, set[State]] = field(default_factory=dict)
    backward: dict[str, set[State]] = field(default_factory=dict)
    answers: dict[tuple[frozenset[str], frozenset[str]], frozenset[str]] = field(
        default_factory=dict
    )
    hub: State | None = None
    hub_ahead: set[State] = field(default_factory=set)
    hub_behind: set[State] = field(default_factory=set)

    def ends(self, place: str) -> list[State]:
        """Return the states in which freight starts or ends at a place."""
        return [(place, mode) for mode in sorted(self.question.base)]

    def from_origin(self, place: str) -> set[State]:
        """Return the states that can be reached from a place."""
        if place not in self.onward:
            self.onward[place] = search(self.ahead, self.ends(place))
        return self.onward[place]

    def to_destination(self, place: str) -> set[State]:
        """Return the states from which a place can be reached."""
        if place not in self.backward:
            self.backward[place] = search(self.behind, self.ends(place))
        return self.backward[place]

    def reaches(self, origin: str, destination: str) -> bool:
        """Tell whether freight gets from origin to destination; most answers cost no search."""
        starts, ends = self.ends(origin), self.ends(destination)
        if not self.hub:
            self.hub = starts[0]
            self.hub_ahead = search(self.ahead, [self.hub])
            self.hub_behind = search(self.behind, [self.hub])
        if not self.hub_behind.isdisjoint(starts) and not self.hub_ahead.isdisjoint(ends):
            return True
        return not self.from_origin(origin).isdisjoint(ends)

    def passes(self, origin: str, stops: Sequence[frozenset[str]], destination: str) -> int | None:
        """Return the first leg that cannot be made on a way past one of each of some stops.

        `None` if all can: leg 0 leads to the first stop, the last one to the destination. At a stop
        freight is unloaded, and goes on in any mode in which it may start.
        """
        here = frozenset((origin,))
        for leg, places in enumerate((*stops, frozenset((destination,)))):
            here = self.reached(here, places)
            if not here:
                return leg
        return None

    def reached(self, here: frozenset[str], places: frozenset[str]) -> frozenset[str]:
        """Return those of some places to which freight gets from any of where it is.

        Shipments from one origin ask the same of the same sites, so the answers are remembered.
        """
        if (here, places) not in self.answers:
            found = (b for b in places if any(self.reaches(a, b) for a in here))
            self.answers[here, places] = frozenset(found)
        return self.answers[here, places]


def able_places(draft: Draft) -> Mapping[Function, frozenset[str]]:
    """Return the places with a site that may perform each function, closed ones included."""
    most = {(module.site, module.module): module.most for _, module in draft.rows(Module)}
    place = {site.id: site.place for _, site in draft.rows(Site)}
    found: dict[Function, set[str]] = defaultdict(set)
    for _, row in draft.rows(Capacity):
        if row.capacity_t_per_year != 0 and most[row.site, row.module]:
            found[row.function].add(place[row.site])
    return {function: frozenset(found[function]) for function in Function}


def search(edges: Mapping[State, list[State]], starts: Iterable[State]) -> set[State]:
    """Return all states found along edges, the starts included."""
    found = set(starts)
    waiting = list(found)
    while waiting:
        for state in edges.get(waiting.pop(), ()):
            if state not in found:
                found.add(state)
                waiting.append(state)
    return found


class Reach:
    """The steps of a whole draft, and a graph for each kind of freight."""

    def __init__(self, draft: Draft) -> None:
        """Collect the steps; every row of `draft` must have been read."""
        home = draft.settings.home_country if draft.settings else ""
        self.place = {place.id: place for _, place in draft.rows(Place)}
        self.at_home = {place.id: place.country == home for place in self.place.values()}
        self.cleared = {(row.place, row.mode) for _, row in draft.rows(Customs)}
        changes = self.changes(draft)
        self.changes_modes = bool(changes)
        self.steps = [*self.moves(draft), *self.rides(draft), *changes]
        self.able = able_places(draft)
        self.graphs: dict[Question, Graph] = {}

    def travel(
        self, a: str, b: str, mode: Mode, cargo: frozenset[Cargo] = frozenset(Cargo)
    ) -> Step:
        """Return the step between two places, with the clearance that it needs."""
        clearance = None
        if self.at_home[a] != self.at_home[b]:
            clearance = (a if self.at_home[a] else b, mode)
        return Step((a, mode), (b, mode), clearance, cargo)

    def moves(self, draft: Draft) -> list[Step]:
        """Return the steps over open links."""
        found = []
        most = {row.mode: row.range_km for _, row in draft.rows(Vehicle)}
        for _, link in draft.rows(Link):
            if link.access is Access.OPEN:
                range_km = most.get(link.mode)
                beyond = range_km is not None and 2 * link.distance_km > range_km
                step = self.travel(link.from_place, link.to_place, link.mode)
                found.append(replace(step, beyond=beyond))
                if link.both_ways:
                    found.append(replace(step, start=step.end, end=step.start, beyond=beyond))
        return found

    def rides(self, draft: Draft) -> list[Step]:
        """Return the steps aboard services."""
        return [
            self.travel(a, b, service.mode, service.cargo)
            for _, service in draft.rows(Service)
            for a, b in combinations(service.path, 2)
            if self.crossings(service.path[service.path.index(a) : service.path.index(b) + 1]) <= 1
        ]

    def crossings(self, path: Sequence[str]) -> int:
        """Return how often a path crosses the border; a ride may once: it clears at its ends."""
        return sum(self.at_home[a] != self.at_home[b] for a, b in pairwise(path))

    @staticmethod
    def changes(draft: Draft) -> list[Step]:
        """Return the changes of mode."""
        found = []
        for _, row in draft.rows(Transfer):
            before, after = (row.place, row.from_mode), (row.place, row.to_mode)
            found.append(Step(before, after, None))
            if row.both_ways:
                found.append(Step(after, before, None))
        return found

    def graph(self, question: Question) -> Graph:
        """Return where one kind of freight may go."""
        if question not in self.graphs:
            graph = Graph(question)
            for step in self.steps:
                if self.allowed(question, step):
                    graph.ahead[step.start].append(step.end)
                    graph.behind[step.end].append(step.start)
            self.graphs[question] = graph
        return self.graphs[question]

    def allowed(self, question: Question, step: Step) -> bool:
        """Tell whether one kind of freight may take a step."""
        if step.start[1] not in question.modes or step.end[1] not in question.modes:
            return False
        if question.cargo not in step.cargo or (step.beyond and not question.range_waived):
            return False
        if step.clearance is None or question.customs_waived:
            return True
        return question.international and step.clearance in self.cleared
