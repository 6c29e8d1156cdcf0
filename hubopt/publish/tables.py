"""The tables of a result, in the units of the data dictionary: one function per table."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.network.steps import Change, Handle, Move, Ride
from hubopt.network.times import step_time_h
from hubopt.publish.cost_to_serve import cost_to_serve
from hubopt.publish.marginals import marginal_values, of_link
from hubopt.publish.spread import Sheet
from hubopt.publish.utilisation import use_rows
from hubopt.units import FEN_PER_CNY, G_PER_KG, KG_PER_T, exact, fen, present_value_weight
from hubopt.vocabulary import CostTerm, Function

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.network.steps import Step
    from hubopt.publish.figures import Figures
    from hubopt.publish.spread import Cell

Row = tuple["Cell", ...]


def sheets(figures: Figures) -> tuple[Sheet, ...]:
    """Return every table of a result; that of marginal values only if they are known."""
    return (
        sites(figures),
        services(figures),
        flows(figures),
        routes(figures),
        transfers(figures),
        emissions(figures),
        unserved(figures),
        utilisation(figures),
        costs(figures),
        cost_to_serve(figures),
        *([marginal_values(figures.marginals)] if figures.marginals else []),
    )


def tonnes(kg: int) -> float:
    """Return kilograms as tonnes."""
    return kg / KG_PER_T


def cny(amount_fen: int) -> float:
    """Return fen as CNY."""
    return amount_fen / FEN_PER_CNY


def share(part: float, whole: float | None) -> float | None:
    """Return a utilisation, `None` where there is no limit or nothing to use."""
    return part / whole if whole else None


def names(figures: Figures, place: str) -> tuple[str, str]:
    """Return the names of a place."""
    row = figures.instance.place[place]
    return row.name_en, row.name_zh


def sites(figures: Figures) -> Sheet:
    """Return each site in each stage: outcome, modules, what it handles and what it costs."""
    columns = (
        "stage", "site", "name_en", "name_zh", "place", "region", "status", "outcome", "modules",
        "built_in_stage", "build_cost_cny", "fixed_cost_cny_per_year", "handled_t_per_year",
    )  # fmt: skip
    handled: defaultdict[tuple[int, str], int] = defaultdict(int)
    for (stage, name, _), kg in figures.handled.items():
        handled[stage, name] += kg
    rows: list[Row] = []
    for row in figures.site_plans:
        site = figures.instance.site[row.site]
        region = figures.instance.place[site.place].region
        added, build, fixed = module_costs(figures, row.stage, row.site)
        rows.append(
            (row.stage, site.id, site.name_en, site.name_zh, site.place, region, site.status.value,
             row.outcome.value, counted(row.modules), counted(added), build, fixed,
             tonnes(handled[row.stage, site.id]))
        )  # fmt: skip
    return Sheet("sites", columns, tuple(rows))


def counted(modules: Mapping[str, int]) -> str:
    """Return modules as text, such as `large x 1|small x 2`."""
    return "|".join(f"{name} x {count}" for name, count in sorted(modules.items()) if count)


def module_costs(figures: Figures, stage: int, site: str) -> tuple[dict[str, int], float, float]:
    """Return the modules added in a stage, what building them costs, and a year's fixed cost."""
    earlier = [year for year in figures.stages if year < stage]
    now = figures.modules.get((stage, site), {})
    before = figures.modules.get((earlier[-1], site), {}) if earlier else None
    added, build, fixed = {}, 0.0, 0.0
    for module in (m for m in figures.instance.modules if m.site == site):
        stood = module.built if before is None else before.get(module.module, 0)
        stands = now.get(module.module, 0)
        added[module.module] = stands - stood
        build += (stands - stood) * module.build_cost_cny
        fixed += stands * module.fixed_cost_cny_per_year
    return added, build, fixed


def services(figures: Figures) -> Sheet:
    """Return each service in each stage: departures, heaviest leg and cost."""
    columns = (
        "stage", "service", "name_en", "name_zh", "mode", "path", "vehicle_class",
        "departures_per_week", "empty_per_week", "capacity_t_per_year", "heaviest_leg_t_per_year",
        "utilisation", "departures_cny_per_year", "repositioning_cny_per_year",
    )  # fmt: skip
    heaviest: defaultdict[tuple[int, str], int] = defaultdict(int)
    for (stage, name, _, _), kg in figures.service_legs.items():
        heaviest[stage, name] = max(heaviest[stage, name], kg)
    rows: list[Row] = []
    for row in figures.service_plans:
        service, capacity = figures.instance.service[row.service], figures.service_t(row)
        load, weeks = tonnes(heaviest[row.stage, row.service]), service.weeks_per_year
        rows.append(
            (row.stage, service.id, service.name_en, service.name_zh, service.mode.value,
             ">".join(service.path), service.vehicle_class, row.departures_per_week,
             row.empty_per_week, capacity, load, share(load, capacity),
             row.departures_per_week * weeks * service.cost_cny_per_departure,
             row.empty_per_week * weeks * service.empty_cost_cny_per_departure)
        )  # fmt: skip
    return Sheet("services", columns, tuple(rows))


def flows(figures: Figures) -> Sheet:
    """Return freight over each link by stage, direction, service and product."""
    columns = (
        "stage", "from_place", "from_name_en", "from_name_zh", "to_place", "to_name_en",
        "to_name_zh", "mode", "service", "product", "flow_t_per_year", "distance_km",
        "distance_source", "work_t_km_per_year", "line_haul_cny_per_year",
        "co2e_wtw_kg_per_year", "co2e_ttw_kg_per_year", "marginal_cny_per_t",
    )  # fmt: skip
    rows: list[Row] = []
    for leg, kg in figures.legs.items():
        link = figures.network.link(leg.from_place, leg.to_place, leg.mode)
        product, rates = figures.instance.product[leg.product], figures.network.rates
        work = tonnes(kg) * link.distance_km
        emitted = work * product.emission_factor / G_PER_KG
        rows.append(
            (leg.stage, leg.from_place, *names(figures, leg.from_place), leg.to_place,
             *names(figures, leg.to_place), leg.mode.value, leg.service, leg.product, tonnes(kg),
             link.distance_km, link.distance_source, work,
             tonnes(kg) * rates.haul(link) * product.cost_factor,
             emitted * rates.wtw_g_per_tkm(link), emitted * rates.fuel_g_per_tkm(link)[1],
             of_link(figures.link_marginals, leg.stage, link))
        )  # fmt: skip
    return Sheet("flows", columns, tuple(rows))


def routes(figures: Figures) -> Sheet:
    """Return every route step by step: what a shipment does from origin to destination."""
    columns = (
        "stage", "shipment", "product", "origin", "destination", "route", "flow_t_per_year", "step",
        "action", "from_place", "to_place", "mode", "to_mode", "service", "site", "function",
        "distance_km", "time_h",
    )  # fmt: skip
    rows: list[Row] = []
    number: defaultdict[str, int] = defaultdict(int)
    for shipment, flow in figures.flows:
        number[shipment.id] += 1
        head = (
            shipment.stage, shipment.id, shipment.product, shipment.origin, shipment.destination,
            number[shipment.id], tonnes(flow.kg_per_year),
        )  # fmt: skip
        abroad = figures.network.international(shipment)
        for here, step in enumerate(flow.steps, start=1):
            time_h = float(step_time_h(figures.network, step, abroad=abroad))
            rows.append((*head, here, *told(figures, step), time_h))
    return Sheet("routes", columns, tuple(rows))


def told(figures: Figures, step: Step) -> Row:
    """Return action, places, modes, service, site, function and distance of a step."""
    if isinstance(step, Handle):
        place = figures.instance.site[step.site].place
        return "handle", place, place, "", "", "", step.site, step.function.value, None
    if isinstance(step, Change):
        site = figures.network.transfer(step).site or ""
        return (
            "change", step.place, step.place, step.from_mode.value, step.to_mode.value, "", site,
            "transfer", None,
        )  # fmt: skip
    km = sum(link.distance_km for link in figures.network.legs(step))
    mode = figures.network.mode_of(step).value
    service = step.service if isinstance(step, Ride) else ""
    ends = (step.from_place, step.to_place)
    charger = figures.network.legs(step)[0].charging_site if isinstance(step, Move) else None
    if charger is not None:
        return "move", *ends, mode, "", "", charger, Function.CHARGING.value, km
    return "move" if isinstance(step, Move) else "ride", *ends, mode, "", service, "", "", km


def transfers(figures: Figures) -> Sheet:
    """Return each change of mode that is used, by stage and direction."""
    columns = (
        "stage", "place", "name_en", "name_zh", "from_mode", "to_mode", "site",
        "changed_t_per_year", "capacity_both_ways_t_per_year", "transfer_cny_per_year",
        "co2e_wtw_kg_per_year", "co2e_ttw_kg_per_year",
    )  # fmt: skip
    rows: list[Row] = []
    for (stage, place, from_mode, to_mode), kg in figures.changed.items():
        row = figures.network.transfer(Change(place, from_mode, to_mode))
        t = tonnes(kg)
        rows.append(
            (stage, place, *names(figures, place), from_mode.value, to_mode.value, row.site, t,
             row.capacity_t_per_year, t * row.cost_cny_per_t, t * row.wtw_kg_per_t,
             t * row.ttw_kg_per_t)
        )  # fmt: skip
    return Sheet("transfers", columns, tuple(rows))


def emissions(figures: Figures) -> Sheet:
    """Return the emissions ledger: kg = (t km or t) x factor x the product's own, g as kg for legs.

    `factor_unit` is g/tkm for a leg and kg/t for a hub; each factor and distance has its source.
    Electricity of battery trucks stands in rows of its own, with the work of the legs that use it.
    """
    columns = (
        "stage", "product", "kind", "mode", "element", "freight_t_per_year", "distance_km",
        "distance_source", "work_t_km_per_year", "factor_unit", "wtw_factor", "ttw_factor",
        "product_emission_factor", "wtw_kg_co2e_per_year", "ttw_kg_co2e_per_year", "factor_source",
    )  # fmt: skip
    rows: tuple[Row, ...] = tuple(
        (key.stage, key.product, key.kind, key.mode, key.element, tonnes(row.kg), key.distance_km,
         key.distance_source, row.t_km, key.factor_unit, key.wtw_factor, key.ttw_factor,
         key.product_factor, row.wtw_kg, row.ttw_kg, key.source)
        for key, row in figures.emissions.items()
    )  # fmt: skip
    return Sheet("emissions", columns, rows)


def unserved(figures: Figures) -> Sheet:
    """Return the shipments that stay behind in whole or in part."""
    columns = (
        "stage", "shipment", "product", "origin", "origin_name_en", "origin_name_zh",
        "destination", "destination_name_en", "destination_name_zh", "demand_t_per_year",
        "unserved_t_per_year", "unserved_share", "unserved_cny_per_year",
    )  # fmt: skip
    rows: list[Row] = []
    for left in figures.plan.unserved:
        if left.kg_per_year == 0:
            continue
        row = figures.instance.shipment[left.shipment]
        price = figures.instance.product[row.product].unserved_cost_cny_per_t
        t = tonnes(left.kg_per_year)
        rows.append(
            (row.stage, row.id, row.product, row.origin, *names(figures, row.origin),
             row.destination, *names(figures, row.destination), row.demand_t_per_year, t,
             share(t, row.demand_t_per_year), t * price)
        )  # fmt: skip
    return Sheet("unserved", columns, tuple(sorted(rows, key=lambda r: (r[0], r[1]))))


def utilisation(figures: Figures) -> Sheet:
    """Return how far every capacity is used, those without a limit left out."""
    columns = (
        "stage", "kind", "site_or_place", "to_place_or_function", "mode", "service",
        "used_t_per_year", "capacity_t_per_year", "utilisation",
    )  # fmt: skip
    rows: tuple[Row, ...] = tuple(
        (use.stage, use.kind, use.where, use.what, use.mode, use.service, tonnes(use.kg),
         use.capacity_t, share(tonnes(use.kg), use.capacity_t))
        for use in use_rows(figures)
    )  # fmt: skip
    return Sheet("utilisation", columns, rows)


def costs(figures: Figures) -> Sheet:
    """Return each cost term of each stage, a year and as present value over the stage's years."""
    columns = (
        "stage", "years", "term", "cost_cny_per_year", "present_value_years",
        "present_value_cny",
    )  # fmt: skip
    settings = figures.instance.settings
    rate = exact(settings.discount_rate)
    rows: list[Row] = []
    for stage in settings.stages:
        weight = present_value_weight(rate, stage.year, stage.years, settings.base_year)
        terms = figures.plan.terms_fen.get(stage.year, {})
        for term in CostTerm:
            yearly = terms.get(term, 0)
            worth = cny(fen(weight * yearly / FEN_PER_CNY))
            rows.append((stage.year, stage.years, term.value, cny(yearly), float(weight), worth))
    return Sheet("costs", columns, tuple(rows))
