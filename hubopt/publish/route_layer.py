"""The layer of routes: what each shipment does from origin to destination, as one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.network.steps import Handle, Move, Ride
from hubopt.publish.layer import Layer, Shape, joined, many_lines
from hubopt.units import KG_PER_T
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from hubopt.instance.tables import Demand
    from hubopt.network.steps import Step
    from hubopt.plan.plan import Flow
    from hubopt.plan.pricing import RoutePrice
    from hubopt.publish.figures import Figures
    from hubopt.publish.layer import Value
    from hubopt.publish.lines import Lines, Parts

MAIN_ORDER = (Mode.AIR, Mode.SEA, Mode.BARGE, Mode.RAIL, Mode.ROAD_BATTERY, Mode.ROAD_DIESEL)
"""The main mode of a route is the first of these that it uses."""

COARSE_DEG = 0.03
"""Lines of routes leave their links by no more than this, about 3 km, to keep the file small."""

MOST_POINTS = 330_000
"""Points of all routes together, about 5 MB; those with least freight are left out beyond."""

FIELDS = {
    "scenario": str, "stage": int, "shipment": str, "route": int, "product": str, "origin": str,
    "origin_name_en": str, "origin_name_zh": str, "destination": str, "destination_name_en": str,
    "destination_name_zh": str, "main_mode": str, "modes": str, "services": str, "sites": str,
    "flow_t_per_year": float, "distance_km": float, "time_h": float, "cost_cny_per_t": float,
    "co2e_wtw_kg_per_t": float, "co2e_ttw_kg_per_t": float,
}  # fmt: skip


def routes(figures: Figures, lines: Lines) -> Layer:
    """Return every route with its freight, the heaviest first as far as the file has room."""
    course = Courses(figures, lines)
    number: dict[str, int] = {}
    numbered = []
    for (shipment, flow), price in zip(figures.flows, figures.prices, strict=True):
        number[shipment.id] = number.get(shipment.id, 0) + 1
        numbered.append((shipment, flow, price, number[shipment.id]))
    rows, geometry, points = [], [], 0
    for shipment, flow, price, route in sorted(numbered, key=lambda n: -n[1].kg_per_year):
        parts = course.of(flow)
        points += sum(map(len, parts))
        if points > MOST_POINTS:
            break
        if parts:
            rows.append(row(figures, shipment, flow, price, route))
            geometry.append(many_lines(parts))
    note = f"{len(rows)} of {len(numbered)} routes, those with most freight; lines to about 3 km"
    return Layer("routes", Shape.LINES, FIELDS, tuple(rows), tuple(geometry), note)


class Courses:
    """The coarse courses of steps, each made once."""

    def __init__(self, figures: Figures, lines: Lines) -> None:
        self.figures, self.lines = figures, lines
        self.known: dict[Step, Parts] = {}

    def of(self, flow: Flow) -> Parts:
        """Return the course of a whole route."""
        return tuple(part for step in flow.steps for part in self.step(step))

    def step(self, step: Step) -> Parts:
        """Return the course of a step, nothing for one that stays at its place."""
        if not isinstance(step, Move | Ride):
            return ()
        if step not in self.known:
            links = self.figures.links(step)
            parts = [p for a, b, link in links for p in self.lines.between(a, b, link.mode)]
            coarse = [simple(many_lines((part,))) for part in parts]
            self.known[step] = tuple(tuple(line.coords) for line in coarse)
        return self.known[step]


def simple(line: BaseGeometry) -> BaseGeometry:
    """Return a line of one part with the points that it needs."""
    return line.geoms[0].simplify(COARSE_DEG, preserve_topology=False)


def row(
    figures: Figures, shipment: Demand, flow: Flow, price: RoutePrice, route: int
) -> tuple[Value, ...]:
    """Return the fields of one route."""
    network, place = figures.network, figures.instance.place
    moves = [step for step in flow.steps if isinstance(step, Move | Ride)]
    modes = [network.mode_of(step) for step in moves]
    main = next((mode.value for mode in MAIN_ORDER if mode in modes), "")
    turns = [m.value for here, m in enumerate(modes) if here == 0 or modes[here - 1] is not m]
    origin, destination = place[shipment.origin], place[shipment.destination]
    km = sum(link.distance_km for step in moves for link in network.legs(step))
    return (
        figures.plan.scenario, shipment.stage, shipment.id, route, shipment.product,
        origin.id, origin.name_en, origin.name_zh, destination.id, destination.name_en,
        destination.name_zh, main, ">".join(turns),
        joined(step.service for step in moves if isinstance(step, Ride)),
        joined(step.site for step in flow.steps if isinstance(step, Handle)),
        flow.kg_per_year / KG_PER_T, round(km, 3), round(float(price.time_h), 3),
        round(float(sum(price.terms_cny_per_t.values())), 2),
        round(float(price.wtw_kg_per_t), 3), round(float(price.ttw_kg_per_t), 3),
    )  # fmt: skip
