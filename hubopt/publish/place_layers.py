"""The layers of demand at places: what comes, goes and is handled there, and what stays behind."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hubopt.publish.layer import Layer, Shape, joined, many_lines, point
from hubopt.publish.shown import STANDS
from hubopt.publish.tables import tonnes
from hubopt.vocabulary import NOT_HANDLING, PlaceKind

if TYPE_CHECKING:
    from hubopt.publish.figures import Figures
    from hubopt.publish.lines import Lines

M_PER_KM = 1000

SUMS = ("starts", "arrives", "ends", "departs", "handled", "changed", "unserved")
"""What is summed at each place; arrives + starts = departs + ends."""

REACH_KM = 60.0
"""Terminals, airports and markets no farther than this from a city count as its own."""

PLACE_FIELDS = {
    "scenario": str, "stage": int, "place": str, "name_en": str, "name_zh": str, "kind": str,
    "country": str, "region": str, **{f"{name}_t_per_year": float for name in SUMS},
    "balance_t_per_year": float, "throughput_t_per_year": float, "sites_here": int,
    "links_here": int, "links_in_reach": int,
}  # fmt: skip


def places(figures: Figures, lines: Lines) -> Layer:
    """Return the balance of every place with freight in each stage."""
    kg = sums(figures)
    standing = Counter(
        (row.stage, figures.instance.site[row.site].place)
        for row in figures.site_plans
        if row.outcome in STANDS
    )
    links = Links(figures, lines)
    rows, geometry = [], []
    for stage, ident in sorted({key[:2] for key in kg} | set(standing)):
        place = figures.instance.place[ident]
        starts, arrives, ends, departs, *others = (kg[stage, ident, name] for name in SUMS)
        rows.append(
            (figures.plan.scenario, stage, ident, place.name_en, place.name_zh, place.kind.value,
             place.country, place.region, *map(tonnes, (starts, arrives, ends, departs, *others)),
             tonnes(starts + arrives - ends - departs), tonnes(starts + arrives),
             standing[stage, ident], links.here[stage, ident], links.in_reach[stage, ident])
        )  # fmt: skip
        geometry.append(point(lines.point(ident)))
    return Layer("places", Shape.POINT, PLACE_FIELDS, tuple(rows), tuple(geometry))


class Links:
    """How many links with freight meet at each place, and at each city with what is near it.

    The more meet, the earlier a city is named on a map of the world: by tonnes alone a river port
    full of coal would hide the hub.
    """

    def __init__(self, figures: Figures, lines: Lines) -> None:
        ways = {(leg.stage, leg.from_place, leg.to_place, leg.mode) for leg in figures.legs}
        ends = [(stage, end) for stage, *pair, _ in ways for end in pair]
        self.here = Counter(ends)
        self.in_reach = Counter(self.here)
        city = cities_near(figures, lines)
        for (stage, ident), count in sorted(self.here.items()):
            if ident in city:
                self.in_reach[stage, city[ident]] += count


def cities_near(figures: Figures, lines: Lines) -> dict[str, str]:
    """Return the nearest city of each place that is none, as far as one is in reach."""
    from pyproj import Geod  # noqa: PLC0415  (loads on use)

    geod, rows = Geod(ellps="WGS84"), figures.instance.places
    cities = [row.id for row in rows if row.kind is PlaceKind.CITY]
    others = [row.id for row in rows if row.kind is not PlaceKind.CITY]
    found = {}
    for ident in others if cities else []:
        x, y = lines.point(ident)
        xs, ys = zip(*map(lines.point, cities), strict=True)
        _, _, metres = geod.inv([x] * len(cities), [y] * len(cities), xs, ys)
        away, city = min(zip(metres, cities, strict=True))
        if away / M_PER_KM <= REACH_KM:
            found[ident] = city
    return found


def sums(figures: Figures) -> Counter[tuple[int, str, str]]:
    """Return the kilograms a year by stage, place and what is summed there."""
    kg: Counter[tuple[int, str, str]] = Counter()
    shipment, site = figures.instance.shipment, figures.instance.site
    for row, flow in figures.flows:
        kg[row.stage, row.origin, "starts"] += flow.kg_per_year
        kg[row.stage, row.destination, "ends"] += flow.kg_per_year
    for leg, amount in figures.legs.items():
        kg[leg.stage, leg.from_place, "departs"] += amount
        kg[leg.stage, leg.to_place, "arrives"] += amount
    for (stage, name, function), amount in figures.handled.items():
        if function not in NOT_HANDLING:
            kg[stage, site[name].place, "handled"] += amount
    for (stage, place, _, _), amount in figures.changed.items():
        kg[stage, place, "changed"] += amount
    for left in figures.plan.unserved:
        if left.kg_per_year:
            kg[shipment[left.shipment].stage, shipment[left.shipment].origin, "unserved"] += (
                left.kg_per_year
            )
    return kg


def unserved(figures: Figures, lines: Lines) -> Layer:
    """Return what stays behind, a desire line per stage, origin and destination."""
    fields = {
        "scenario": str, "stage": int, "origin": str, "origin_name_en": str, "origin_name_zh": str,
        "destination": str, "destination_name_en": str, "destination_name_zh": str,
        "products": str, "unserved_t_per_year": float, "unserved_cny_per_year": float,
    }  # fmt: skip
    groups: defaultdict[tuple[int, str, str], list[tuple[str, int]]] = defaultdict(list)
    for left in figures.plan.unserved:
        if left.kg_per_year:
            row = figures.instance.shipment[left.shipment]
            groups[row.stage, row.origin, row.destination].append((row.product, left.kg_per_year))
    rows, geometry = [], []
    place, product = figures.instance.place, figures.instance.product
    for (stage, a, b), left_behind in sorted(groups.items()):
        cost = sum(tonnes(kg) * product[p].unserved_cost_cny_per_t for p, kg in left_behind)
        rows.append(
            (figures.plan.scenario, stage, a, place[a].name_en, place[a].name_zh, b,
             place[b].name_en, place[b].name_zh, joined(p for p, _ in left_behind),
             tonnes(sum(kg for _, kg in left_behind)), round(cost, 2))
        )  # fmt: skip
        geometry.append(many_lines(lines.desire(a, b)))
    return Layer("unserved", Shape.LINES, fields, tuple(rows), tuple(geometry))
