"""The layers of freight in motion: over each link, by product, and aboard services."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.publish.layer import Layer, Shape, joined, many_lines
from hubopt.publish.marginals import of_link
from hubopt.publish.tables import share, tonnes
from hubopt.publish.utilisation import of_links
from hubopt.units import G_PER_KG
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from hubopt.publish.figures import Figures, Leg
    from hubopt.publish.layer import Value
    from hubopt.publish.lines import Lines, Parts
    from hubopt.publish.utilisation import Use


FIELDS = {
    "scenario": str, "stage": int, "from_place": str, "from_name_en": str, "from_name_zh": str,
    "to_place": str, "to_name_en": str, "to_name_zh": str, "mode": str, "services": str,
}  # fmt: skip
MEASURED = {
    "flow_t_per_year": float, "capacity_both_ways_t_per_year": float, "utilisation": float,
    "distance_km": float, "work_t_km_per_year": float, "line_haul_cny_per_year": float,
    "co2e_wtw_kg_per_year": float, "co2e_ttw_kg_per_year": float, "marginal_cny_per_t": float,
}  # fmt: skip
PRODUCT = {"product": str, "product_name_en": str, "product_name_zh": str}

COARSE_DEG = 0.02
"""Lines by product leave their links by no more than this, about 2 km, to keep the file small."""

MOST_POINTS = 330_000
"""Points of all lines by product, about 5 MB; with more of them the lines are straight."""

Way = tuple[int, str, str, str]
"""Stage, from, to and mode."""


def flows(figures: Figures, lines: Lines) -> Layer:
    """Return freight over each link by stage and direction, aboard services or in open traffic."""
    groups: defaultdict[Way, list[tuple[Leg, int]]] = defaultdict(list)
    for leg, kg in figures.legs.items():
        groups[leg.stage, leg.from_place, leg.to_place, leg.mode.value].append((leg, kg))
    rows, geometry = [], []
    used = link_use(figures)
    for way, legs in groups.items():
        goods = joined(leg.product for leg, _ in legs)
        rows.append((*head(figures, way, legs), goods, *measured(figures, way, legs, used)))
        geometry.append(many_lines(lines.between(*way[1:3], legs[0][0].mode)))
    fields = {**FIELDS, "products": str, **MEASURED}
    return Layer("flows", Shape.LINES, fields, tuple(rows), tuple(geometry))


def flows_by_product(figures: Figures, lines: Lines) -> Layer:
    """Return freight of each product over each link by stage and direction."""
    groups: defaultdict[tuple[Way, str], list[tuple[Leg, int]]] = defaultdict(list)
    for leg, kg in figures.legs.items():
        way = leg.stage, leg.from_place, leg.to_place, leg.mode.value
        groups[way, leg.product].append((leg, kg))
    used = link_use(figures)
    rows = []
    for (way, name), legs in groups.items():
        product = figures.instance.product[name]
        goods = product.id, product.name_en, product.name_zh
        rows.append((*head(figures, way, legs), *goods, *measured(figures, way, legs, used)))
    geometry, note = coarse([way for way, _ in groups], lines)
    fields = {**FIELDS, **PRODUCT, **MEASURED}
    return Layer("flows_by_product", Shape.LINES, fields, tuple(rows), geometry, note)


def coarse(ways: Sequence[Way], lines: Lines) -> tuple[tuple[BaseGeometry, ...], str]:
    """Return coarse lines for ways that recur for each product, straight ones if room is short."""
    course: dict[tuple[str, str, str], Parts] = {}
    for _, a, b, mode in dict.fromkeys(ways):
        parts = (many_lines((part,)).geoms[0] for part in lines.between(a, b, Mode(mode)))
        short = (part.simplify(COARSE_DEG, preserve_topology=False) for part in parts)
        course[a, b, mode] = tuple(tuple(part.coords) for part in short)
    note = "Lines to about 2 km."
    if sum(len(part) for way in ways for part in course[way[1:]]) > MOST_POINTS:
        course = {way: tuple((p[0], p[-1]) for p in parts) for way, parts in course.items()}
        note = "Straight lines, to keep the file small."
    drawn = {way: many_lines(parts) for way, parts in course.items()}
    return tuple(drawn[way[1:]] for way in ways), note


def link_use(figures: Figures) -> dict[Way, Use]:
    """Return how far each limited link is used, by stage, ends as its row has them, and mode."""
    return {
        (use.stage, use.where, use.what, use.mode): use
        for stage in figures.stages
        for use in of_links(figures, stage)
    }


def head(figures: Figures, way: Way, legs: list[tuple[Leg, int]]) -> tuple[Value, ...]:
    """Return scenario, stage, ends, mode and services of freight over a link."""
    stage, a, b, mode = way
    start, end = figures.instance.place[a], figures.instance.place[b]
    return (
        figures.plan.scenario, stage, a, start.name_en, start.name_zh, b, end.name_en, end.name_zh,
        mode, joined(leg.service for leg, _ in legs),
    )  # fmt: skip


def measured(
    figures: Figures, way: Way, legs: list[tuple[Leg, int]], used: Mapping[Way, Use]
) -> tuple[Value, ...]:
    """Return tonnes, use of the link, work, cost, CO2e and marginal value of freight over it."""
    stage, a, b, mode = way
    link = figures.network.link(a, b, legs[0][0].mode)
    use = used.get((stage, link.from_place, link.to_place, mode))
    return (
        tonnes(sum(kg for _, kg in legs)), link.capacity_t_per_year,
        share(tonnes(use.kg), use.capacity_t) if use else None, link.distance_km,
        *work(figures, legs), of_link(figures.link_marginals, stage, link),
    )  # fmt: skip


def work(figures: Figures, legs: list[tuple[Leg, int]]) -> tuple[float, float, float, float]:
    """Return tonne-kilometres, line haul in CNY and kg CO2e (well and tank to wheel) of a link."""
    t_km = cost = wtw = ttw = 0.0
    for leg, kg in legs:
        link = figures.network.link(leg.from_place, leg.to_place, leg.mode)
        product, t = figures.instance.product[leg.product], tonnes(kg)
        rates = figures.network.rates
        t_km += t * link.distance_km
        cost += t * rates.haul(link) * product.cost_factor
        weighted = t * link.distance_km * product.emission_factor / G_PER_KG
        wtw += weighted * rates.wtw_g_per_tkm(link)
        ttw += weighted * rates.fuel_g_per_tkm(link)[1]
    return round(t_km, 3), round(cost, 2), round(wtw, 3), round(ttw, 3)


def services(figures: Figures, lines: Lines) -> Layer:
    """Return the services that run in each stage, each along its whole path."""
    fields = {
        "scenario": str, "stage": int, "service": str, "name_en": str, "name_zh": str, "mode": str,
        "path": str, "vehicle_class": str, "departures_per_week": int, "empty_per_week": int,
        "capacity_t_per_year": float, "heaviest_leg_t_per_year": float, "utilisation": float,
        "departures_cny_per_year": float, "repositioning_cny_per_year": float,
    }  # fmt: skip
    heaviest: defaultdict[tuple[int, str], int] = defaultdict(int)
    for (stage, name, _, _), kg in figures.service_legs.items():
        heaviest[stage, name] = max(heaviest[stage, name], kg)
    rows, geometry = [], []
    for row in figures.service_plans:
        if not (row.departures_per_week or row.empty_per_week):
            continue
        service, capacity = figures.instance.service[row.service], figures.service_t(row)
        load = tonnes(heaviest[row.stage, row.service])
        rows.append(
            (figures.plan.scenario, row.stage, service.id, service.name_en, service.name_zh,
             service.mode.value, ">".join(service.path), service.vehicle_class,
             row.departures_per_week, row.empty_per_week, capacity, load, share(load, capacity),
             row.departures_per_week * service.weeks_per_year * service.cost_cny_per_departure,
             row.empty_per_week * service.weeks_per_year * service.empty_cost_cny_per_departure)
        )  # fmt: skip
        pairs = zip(service.path[:-1], service.path[1:], strict=True)
        parts = [part for a, b in pairs for part in lines.between(a, b, service.mode)]
        geometry.append(many_lines(tuple(parts)))
    return Layer("services", Shape.LINES, fields, tuple(rows), tuple(geometry))
