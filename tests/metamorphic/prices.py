"""Relations that raise, lower or fold into each other prices, hours and emissions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hubopt.instance.schema import TABLES
from hubopt.vocabulary import CostTerm, LimitKind
from tests.metamorphic.limits import ROOM
from tests.metamorphic.relation import Sense, Twin, if_allowed
from tests.metamorphic.units import dimension

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from hubopt.instance.schema import Column
    from hubopt.instance.tables import Instance
    from tests.metamorphic.limits import ROOM
    from tests.optimum import Optimum
from tests.metamorphic.relation import Relation

PROMISES = frozenset({"latest_h", "promised_h", "hours"})
"""Hours that are a promise, not a delay."""

Cell = tuple[str, int, str]
"""A table, the number of a row and a column."""


def cells(instance: Instance, wanted: Callable[[Column], bool]) -> Iterator[Cell]:
    """Yield the cells above zero of the columns that are wanted."""
    for name, table in TABLES.items():
        for column in filter(wanted, table.columns):
            for here, row in enumerate(getattr(instance, name)):
                if getattr(row, column.name):
                    yield name, here, column.name


def multiplied(instance: Instance, cell: Cell, factor: float) -> dict[str, Any]:
    """Return the table of a cell with that cell times a factor."""
    name, here, column = cell
    rows = list(getattr(instance, name))
    rows[here] = replace(rows[here], **{column: getattr(rows[here], column) * factor})
    return {name: tuple(rows)}


def is_price(column: Column) -> bool:
    """Tell whether a column holds money."""
    return dimension(column).get("money", 0) > 0


def is_delay(column: Column) -> bool:
    """Tell whether a column holds hours that something takes."""
    return column.unit == "h" and column.name not in PROMISES


def is_emission(column: Column) -> bool:
    """Tell whether a column holds emissions from well to wheel, or electricity."""
    return bool({"co2e", "energy"} & set(dimension(column))) and not column.name.startswith("ttw")


def one_cell(
    base: Optimum, rng: Random, wanted: Callable[[Column], bool], factor: float, sense: Sense
) -> Twin | None:
    """Return the twin with one of the wanted cells times a factor."""
    cell = rng.choice(list(cells(base.instance, wanted)))
    made = if_allowed(base.instance, **multiplied(base.instance, cell, factor))
    return None if made is None else Twin(made, sense)


def a_price_raised(base: Optimum, rng: Random) -> Twin | None:
    """Raise one price: no plan becomes cheaper."""
    return one_cell(base, rng, is_price, 1.5, Sense.AT_LEAST)


def a_price_lowered(base: Optimum, rng: Random) -> Twin | None:
    """Lower one price: no plan becomes dearer."""
    return one_cell(base, rng, is_price, 0.5, Sense.AT_MOST)


def all_prices_up_to_a_tenth_higher(base: Optimum, rng: Random) -> Twin:
    """Raise each price by up to a tenth, and budgets by all of it: so do plans, by that at most."""
    tables = {name: list(getattr(base.instance, name)) for name in TABLES}
    for name, here, column in cells(base.instance, is_price):
        dearer = getattr(tables[name][here], column) * rng.randint(100, 110) / 100
        tables[name][here] = replace(tables[name][here], **{column: dearer})
    tables["limits"] = [
        replace(row, value=1.1 * row.value) if row.kind is LimitKind.BUDGET else row
        for row in base.instance.limits
    ]
    return Twin(replace(base.instance, **tables), Sense.AT_MOST, factor=1.1)


def unserved_dearer(base: Optimum, _: Random) -> Twin:
    """Raise the price of leaving goods behind: no plan becomes cheaper."""
    products = tuple(
        replace(row, unserved_cost_cny_per_t=3 * row.unserved_cost_cny_per_t)
        for row in base.instance.products
    )
    return Twin(replace(base.instance, products=products), Sense.AT_LEAST)


def something_slower(base: Optimum, rng: Random) -> Twin | None:
    """Let one thing take longer: no route becomes faster, and time costs money."""
    return one_cell(base, rng, is_delay, 1.2, Sense.AT_LEAST)


def something_faster(base: Optimum, rng: Random) -> Twin | None:
    """Let one thing take less time: no route becomes slower."""
    return one_cell(base, rng, is_delay, 0.8, Sense.AT_MOST)


def something_dirtier(base: Optimum, rng: Random) -> Twin | None:
    """Let one thing emit more: no plan emits less, and emissions have a price."""
    return one_cell(base, rng, is_emission, 3.0, Sense.AT_LEAST)


def at_carbon_price(base: Optimum, price: float) -> Instance:
    """Return the instance with another price of carbon."""
    settings = replace(base.instance.settings, carbon_price_cny_per_t=price)
    return replace(base.instance, settings=settings)


def carbon_for_free(base: Optimum, _: Random) -> Twin | None:
    """Ask no price for carbon: the best plan saves what it paid for it."""
    if not base.instance.settings.carbon_price_cny_per_t or not base.feasible:
        return None
    saved = base.paid_mcny(CostTerm.CARBON)
    return Twin(at_carbon_price(base, 0.0), Sense.AT_MOST, plus_mcny=-saved)


def carbon_dearer(base: Optimum, _: Random) -> Twin | None:
    """Ask ten times the price for carbon: the best plan pays nine times as much more."""
    price = base.instance.settings.carbon_price_cny_per_t
    if not price or not base.feasible:
        return None
    more = 9 * base.paid_mcny(CostTerm.CARBON)
    return Twin(at_carbon_price(base, 10 * price), Sense.AT_MOST, plus_mcny=more)


def cost_factor_in_the_links(base: Optimum, _: Random) -> Twin:
    """Halve what links cost and double all products' factors on it: the product is the same."""
    links = tuple(replace(r, cost_cny_per_t=r.cost_cny_per_t / 2) for r in base.instance.links)
    products = tuple(replace(r, cost_factor=2 * r.cost_factor) for r in base.instance.products)
    return Twin(replace(base.instance, links=links, products=products))


def emission_factor_in_the_links(base: Optimum, _: Random) -> Twin:
    """Halve what links emit and double all products' factors on it: the product is the same."""
    halved = [
        column.name
        for column in TABLES["links"].columns
        if {"co2e", "energy"} & set(dimension(column))
    ]
    links = tuple(
        replace(row, **{name: getattr(row, name) / 2 for name in halved})
        for row in base.instance.links
    )
    products = tuple(
        replace(row, emission_factor=2 * row.emission_factor) for row in base.instance.products
    )
    return Twin(replace(base.instance, links=links, products=products))


def bulkier_goods_in_larger_vehicles(base: Optimum, _: Random) -> Twin:
    """Let goods take twice the space and departures have twice as much: as many are needed."""
    products = tuple(replace(r, space_factor=2 * r.space_factor) for r in base.instance.products)
    services = tuple(
        replace(r, payload_t_per_departure=2 * r.payload_t_per_departure)
        for r in base.instance.services
    )
    return Twin(replace(base.instance, products=products, services=services))


def higher_peaks_with_more_room(base: Optimum, _: Random) -> Twin:
    """Let all goods peak twice as high, and all room be twice as large: as much fits as before."""
    tables = {
        name: tuple(
            row
            if getattr(row, column) is None
            else replace(row, **{column: 2 * getattr(row, column)})
            for row in getattr(base.instance, name)
        )
        for name, column in ROOM
    }
    products = tuple(replace(r, peak_factor=2 * r.peak_factor) for r in base.instance.products)
    return Twin(replace(base.instance, products=products, **tables))


def longer_lives_of_dearer_modules(base: Optimum, _: Random) -> Twin | None:
    """Without interest let modules cost twice as much and last twice as long: a year is as dear."""
    if base.instance.settings.discount_rate:
        return None
    modules = tuple(
        replace(r, build_cost_cny=2 * r.build_cost_cny, life_years=2 * r.life_years)
        for r in base.instance.modules
    )
    limits = tuple(
        replace(r, value=2 * r.value) if r.kind is LimitKind.BUDGET else r
        for r in base.instance.limits
    )
    return Twin(replace(base.instance, modules=modules, limits=limits))


RELATIONS: tuple[Relation, ...] = (
    a_price_raised,
    a_price_lowered,
    all_prices_up_to_a_tenth_higher,
    unserved_dearer,
    something_slower,
    something_faster,
    something_dirtier,
    carbon_for_free,
    carbon_dearer,
    cost_factor_in_the_links,
    emission_factor_in_the_links,
    bulkier_goods_in_larger_vehicles,
    higher_peaks_with_more_room,
    longer_lives_of_dearer_modules,
)
