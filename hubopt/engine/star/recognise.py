"""Which instances are stars, and the numbers of those that are.

One stage, one place where all goods come from, candidate sites of one size at places of their own,
one mode, and links from the origin to sites and from sites to destinations only: every route that
exists then goes over exactly one site, and there is one for each site and shipment. Whatever else
an instance may have that could make a route, a cost or a rule makes it no star.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.star.star import Star
from hubopt.network.steps import Handle, Move
from hubopt.plan.pricing import demand_kg
from hubopt.problem.fixed import site_numbers
from hubopt.units import CNY_PER_MCNY, KG_PER_T, exact, present_value_weight
from hubopt.vocabulary import NOT_HANDLING, Access, LimitKind, Mode, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Demand, Instance, Limit, Link, Product
    from hubopt.network.steps import Step
    from hubopt.problem.problem import Floats
    from hubopt.vocabulary import Function


@dataclass(frozen=True)
class StarCase:
    """An instance as a star; sites and shipments in the order of the instance."""

    instance: Instance
    star: Star
    mode: Mode

    def steps(self, site: int, shipment: int) -> tuple[Step, ...]:
        """Return the only route of a shipment over a site."""
        hub, goods = self.instance.sites[site], self.instance.demand[shipment]
        function = self.instance.product[goods.product].chain[0]
        return (
            Move(goods.origin, hub.place, self.mode),
            Handle(hub.id, function),
            Move(hub.place, goods.destination, self.mode),
        )


def star_case(instance: Instance) -> StarCase | None:
    """Return an instance as a star, None if it is none."""
    if not (plain_tables(instance) and plain_sites(instance) and plain_goods(instance)):
        return None
    modes = {link.mode for link in instance.links}
    if len(modes) != 1 or not (plain_limits(instance) and plain_links(instance)):
        return None
    (mode,) = modes
    pools = pools_of(instance)
    if pools is None or any(mode not in p.modes for p in used_products(instance)):
        return None
    return StarCase(instance, star_of(instance, pools), mode)


def plain_tables(instance: Instance) -> bool:
    """Tell whether there is one stage at home, without services, changes, customs or vehicles."""
    settings = instance.settings
    return (
        len(settings.stages) == 1
        and not settings.returns_to_origin_district
        and settings.carbon_price_cny_per_t == 0
        and not (instance.services or instance.transfers or instance.customs or instance.vehicles)
        and all(place.country == settings.home_country for place in instance.places)
    )


def plain_sites(instance: Instance) -> bool:
    """Tell whether all sites are candidates of one size that may stand from the start."""
    year = instance.settings.stages[0].year
    one_each = [module.site for module in instance.modules]
    return (
        len({site.place for site in instance.sites}) == len(instance.sites) > 0
        and all(s.status is SiteStatus.CANDIDATE for s in instance.sites)
        and all(s.earliest_stage <= year for s in instance.sites)
        and sorted(one_each) == sorted(site.id for site in instance.sites)
        and all(m.built == 0 and m.most == 1 for m in instance.modules)
        and all(row.least_t_per_year is None for row in instance.handling)
    )


def used_products(instance: Instance) -> list[Product]:
    """Return the products that are sent."""
    return [instance.product[name] for name in sorted({d.product for d in instance.demand})]


def plain_goods(instance: Instance) -> bool:
    """Tell whether goods have one source, one handling, no value in transit and no time limit."""
    demand = instance.demand
    return (
        len({d.origin for d in demand}) == 1
        and len({d.single_source for d in demand}) == 1
        and all(d.latest_h is None for d in demand)
        and all(plain_product(product) for product in used_products(instance))
    )


def plain_product(product: Product) -> bool:
    """Tell whether a product is handled once, and costs by the tonne alone."""
    return (
        len(product.chain) == 1
        and product.chain[0] not in NOT_HANDLING
        and product.value_cny_per_t == 0
        and product.parcels_per_t == 0
        and product.peak_factor == 1
    )


def plain_limits(instance: Instance) -> bool:
    """Tell whether nothing is limited but the number of all sites."""
    return all(limits_all_sites(limit) for limit in instance.limits_in_force)


def limits_all_sites(limit: Limit) -> bool:
    """Tell whether a limit is one on the number of all sites."""
    narrowed = (limit.function, limit.goods, limit.area, limit.mode, limit.hours)
    return limit.kind is LimitKind.SITES_AT_MOST and all(part is None for part in narrowed)


def plain_links(instance: Instance) -> bool:
    """Tell whether every link leads from the origin to a site or from a site to a destination."""
    origin = instance.demand[0].origin
    sites = {site.place for site in instance.sites}
    ends = {d.destination for d in instance.demand}
    if sites & ends or origin in sites | ends:
        return False
    seen = set()
    for link in instance.links:
        inward = link.from_place == origin and link.to_place in sites
        outward = link.from_place in sites and link.to_place in ends
        if not (inward or outward) or not open_to_all(link):
            return False
        seen.add((link.from_place, link.to_place))
    return len(seen) == len(instance.links)


def open_to_all(link: Link) -> bool:
    """Tell whether a link goes one way, for any amount, and asks for nothing else."""
    return (
        not link.both_ways
        and link.access is Access.OPEN
        and link.capacity_t_per_year is None
        and link.charging_site is None
    )


def pools_of(instance: Instance) -> Mapping[Function, Floats] | None:
    """Return whole kilograms a year of each site by function; None if two of them have limits.

    A site that does not do something has 0 kilograms of it. Plans are of whole kilograms, so that
    a part of one is no room.
    """
    number = {site.id: here for here, site in enumerate(instance.sites)}
    does = {(row.site, row.function) for row in instance.handling}
    functions = {product.chain[0] for product in used_products(instance)}
    found = {function: np.zeros(len(number)) for function in sorted(functions)}
    for row in instance.capacities:
        if row.function in functions and (row.site, row.function) in does:
            tonnes = row.capacity_t_per_year
            kg = np.inf if tonnes is None else float(floor(exact(tonnes) * KG_PER_T))
            found[row.function][number[row.site]] = kg
    limited = [kg for kg in found.values() if np.any(np.isfinite(kg) & (kg > 0))]
    return found if len(limited) <= 1 else None


def star_of(instance: Instance, pools: Mapping[Function, Floats]) -> Star:
    """Return the numbers of an instance that is a star."""
    settings = instance.settings
    (stage,) = settings.stages
    weight = float(
        present_value_weight(
            exact(settings.discount_rate), stage.year, stage.years, settings.base_year
        )
    )
    demand = instance.demand
    kg = np.array([demand_kg(d) for d in demand], dtype=float)
    money = kg / KG_PER_T / CNY_PER_MCNY * weight
    unserved = np.array([instance.product[d.product].unserved_cost_cny_per_t for d in demand])
    limited = {f for f, room in pools.items() if np.any(np.isfinite(room) & (room > 0))}
    weighs = np.array([instance.product[d.product].chain[0] in limited for d in demand])
    room = [pools[f] for f in limited]
    most = [int(limit.value) for limit in instance.limits_in_force]
    return Star(
        fixed=fixed_costs(instance) * weight,
        capacity_kg=room[0] if room else np.full(len(instance.sites), np.inf),
        weight_kg=np.where(weighs, kg, 0.0),
        cost=costs_per_t(instance, pools) * money,
        unserved=unserved * money,
        single=demand[0].single_source,
        most=min(most) if most else None,
    )


def fixed_costs(instance: Instance) -> Floats:
    """Return what each site costs a year once it is open, in million CNY."""
    numbers = site_numbers(instance)
    found = np.zeros(len(instance.sites))
    found[numbers.module_site] = numbers.module_annuity + numbers.module_running
    return found


def costs_per_t(instance: Instance, pools: Mapping[Function, Floats]) -> Floats:
    """Return sites x shipments, CNY a tonne, infinite where a site cannot serve a shipment."""
    place = {site.place: here for here, site in enumerate(instance.sites)}
    end = {name: here for here, name in enumerate(sorted({d.destination for d in instance.demand}))}
    inward = np.full(len(place), np.inf)
    outward = np.full((len(place), len(end)), np.inf)
    for link in instance.links:
        if link.from_place in place:
            outward[place[link.from_place], end[link.to_place]] = link.cost_cny_per_t
        else:
            inward[place[link.to_place]] = link.cost_cny_per_t
    shipped = [end[d.destination] for d in instance.demand]
    factor = np.array([instance.product[d.product].cost_factor for d in instance.demand])
    moved: Floats = (inward[:, None] + outward[:, shipped]) * factor
    return moved + handling(instance, pools)


def handling(instance: Instance, pools: Mapping[Function, Floats]) -> Floats:
    """Return sites x shipments, CNY a tonne of handling, infinite where a site has no room."""
    number = {site.id: here for here, site in enumerate(instance.sites)}
    by_function = {f: np.full(len(number), np.inf) for f in pools}
    for row in instance.handling:
        if row.function in by_function and pools[row.function][number[row.site]] > 0:
            by_function[row.function][number[row.site]] = row.cost_cny_per_t
    function: list[Function] = [goods(instance, d).chain[0] for d in instance.demand]
    return np.stack([by_function[f] for f in function], axis=1)


def goods(instance: Instance, shipment: Demand) -> Product:
    """Return the product of a shipment."""
    return instance.product[shipment.product]
