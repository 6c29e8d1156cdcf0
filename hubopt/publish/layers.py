"""The layers of plan.gpkg as records with geometry: one function per layer, fields with units."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.network.steps import Change
from hubopt.publish.basemap import basemap
from hubopt.publish.boundary_layer import with_boundaries
from hubopt.publish.layer import Layer, Shape, joined, many_lines, point
from hubopt.publish.lines import Lines
from hubopt.publish.marginals import of_link
from hubopt.publish.openings import openings
from hubopt.publish.route_layer import routes
from hubopt.publish.tables import counted, share, tonnes
from hubopt.publish.utilisation import of_links, of_sites, of_transfers
from hubopt.text import Language
from hubopt.units import G_PER_KG

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.plan.plan import SitePlan
    from hubopt.publish.boundaries import Boundaries
    from hubopt.publish.figures import Figures, Leg


def layers(
    figures: Figures, folder: Path | None, boundaries: Boundaries | None = None
) -> tuple[Layer, ...]:
    """Return every layer, those to be drawn first in front."""
    lines = Lines(figures.instance, folder)
    return (
        *with_boundaries(basemap_layers(), boundaries),
        routes(figures, lines),
        flows(figures, lines),
        services(figures, lines),
        unserved(figures, lines),
        transfers(figures, lines),
        sites(figures, lines),
    )


def basemap_layers() -> tuple[Layer, ...]:
    """Return land, lines between provinces and the prefectures of Henan."""
    found = []
    for name, file, shape in (
        ("basemap_land", "land", Shape.POLYGONS),
        ("basemap_province_lines", "province_lines", Shape.LINES),
        ("basemap_henan", "henan", Shape.POLYGONS),
    ):
        rows = basemap(file)
        keys = list(rows[0][0])
        found.append(
            Layer(
                name,
                shape,
                dict.fromkeys(keys, str),
                tuple(tuple(properties[key] for key in keys) for properties, _ in rows),
                tuple(geometry for _, geometry in rows),
            )
        )
    return tuple(found)


def flows(figures: Figures, lines: Lines) -> Layer:
    """Return freight over each link by stage and direction, aboard services or in open traffic."""
    fields = {
        "scenario": str, "stage": int, "from_place": str, "from_name_en": str, "from_name_zh": str,
        "to_place": str, "to_name_en": str, "to_name_zh": str, "mode": str, "services": str,
        "products": str, "flow_t_per_year": float, "capacity_both_ways_t_per_year": float,
        "utilisation": float, "distance_km": float, "work_t_km_per_year": float,
        "line_haul_cny_per_year": float, "co2e_wtw_kg_per_year": float,
        "co2e_ttw_kg_per_year": float, "marginal_cny_per_t": float,
    }  # fmt: skip
    groups: defaultdict[tuple[int, str, str, str], list[tuple[Leg, int]]] = defaultdict(list)
    for leg, kg in figures.legs.items():
        groups[leg.stage, leg.from_place, leg.to_place, leg.mode.value].append((leg, kg))
    used = {
        (use.stage, use.where, use.what, use.mode): use
        for stage in figures.stages
        for use in of_links(figures, stage)
    }
    rows, geometry = [], []
    place = figures.instance.place
    for (stage, a, b, mode), legs in groups.items():
        link = figures.network.link(a, b, legs[0][0].mode)
        use = used.get((stage, link.from_place, link.to_place, mode))
        start, end = place[a], place[b]
        rows.append(
            (figures.plan.scenario, stage, a, start.name_en, start.name_zh, b, end.name_en,
             end.name_zh, mode, joined(leg.service for leg, _ in legs),
             joined(leg.product for leg, _ in legs), tonnes(sum(kg for _, kg in legs)),
             link.capacity_t_per_year, share(tonnes(use.kg), use.capacity_t) if use else None,
             link.distance_km, *work(figures, legs),
             of_link(figures.link_marginals, stage, link))
        )  # fmt: skip
        geometry.append(many_lines(lines.between(a, b, legs[0][0].mode)))
    return Layer("flows", Shape.LINES, fields, tuple(rows), tuple(geometry))


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
             row.departures_per_week, row.empty_per_week, capacity, load, share(load, capacity))
        )  # fmt: skip
        pairs = zip(service.path[:-1], service.path[1:], strict=True)
        parts = [part for a, b in pairs for part in lines.between(a, b, service.mode)]
        geometry.append(many_lines(tuple(parts)))
    return Layer("services", Shape.LINES, fields, tuple(rows), tuple(geometry))


def sites(figures: Figures, lines: Lines) -> Layer:
    """Return every site in every stage with its outcome and what it handles."""
    fields = {
        "scenario": str, "stage": int, "site": str, "name_en": str, "name_zh": str, "place": str,
        "region": str, "status": str, "outcome": str, "modules": str, "functions": str,
        "handled_t_per_year": float, "highest_utilisation": float,
        "opened_in": str, "number_at_place": int, "place_name_en": str, "place_name_zh": str,
        "new_here_en": str, "new_here_zh": str,
    }  # fmt: skip
    able = defaultdict(set)
    for function, names in figures.network.able.items():
        for name in names:
            able[name].add(function.value)
    fullest: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    for stage in figures.stages:
        for use in of_sites(figures, stage):
            fullest[stage, use.where].append(tonnes(use.kg) / use.capacity_t)
    handled: defaultdict[tuple[int, str], int] = defaultdict(int)
    for (stage, name, _), kg in figures.handled.items():
        handled[stage, name] += kg
    new = {
        (stage, language): {
            place: "\n".join(f"+ {year}: {words}" for year, words in opened)
            for place, opened in openings(figures, stage, language).items()
        }
        for stage in figures.stages
        for language in Language
    }
    rows, geometry = [], []
    for row in figures.site_plans:
        site = figures.instance.site[row.site]
        place = figures.instance.place[site.place]
        rows.append(
            (figures.plan.scenario, row.stage, site.id, site.name_en, site.name_zh, site.place,
             place.region, site.status.value, row.outcome.value,
             counted(row.modules), joined(able[site.id]), tonnes(handled[row.stage, site.id]),
             max(fullest[row.stage, site.id], default=None), since(figures, row),
             figures.number_at_place[row.stage, row.site],
             place.name_en, place.name_zh,
             *(new[row.stage, language].get(place.id, "") for language in Language))
        )  # fmt: skip
        geometry.append(point(lines.point(site.place)))
    return Layer("sites", Shape.POINT, fields, tuple(rows), tuple(geometry))


def since(figures: Figures, row: SitePlan) -> str:
    """Return the stage in which a site that stands was opened, blank if it stood before."""
    stage = figures.opened_in.get(row.site)
    return "" if stage is None or stage > row.stage else str(stage)


def transfers(figures: Figures, lines: Lines) -> Layer:
    """Return each change of mode that is used, at its place."""
    fields = {
        "scenario": str, "stage": int, "place": str, "name_en": str, "name_zh": str,
        "from_mode": str, "to_mode": str, "site": str, "changed_t_per_year": float,
        "capacity_both_ways_t_per_year": float, "utilisation": float,
    }  # fmt: skip
    used = {
        (use.stage, use.where, use.mode): share(tonnes(use.kg), use.capacity_t)
        for stage in figures.stages
        for use in of_transfers(figures, stage)
    }
    rows, geometry = [], []
    for (stage, name, from_mode, to_mode), kg in figures.changed.items():
        place = figures.instance.place[name]
        row = figures.network.transfer(Change(name, from_mode, to_mode))
        modes = f"{row.from_mode.value}>{row.to_mode.value}"
        rows.append(
            (figures.plan.scenario, stage, name, place.name_en, place.name_zh, from_mode.value,
             to_mode.value, row.site, tonnes(kg), row.capacity_t_per_year,
             used.get((stage, name, modes)))
        )  # fmt: skip
        geometry.append(point(lines.point(name)))
    return Layer("transfers", Shape.POINT, fields, tuple(rows), tuple(geometry))


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
