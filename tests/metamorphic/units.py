"""Relations that measure the same network in other units, found in the data dictionary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from hubopt.instance.schema import SETTINGS, TABLES
from hubopt.vocabulary import LimitKind
from tests.metamorphic.relation import Twin

if TYPE_CHECKING:
    from random import Random

    from hubopt.instance.rows import Limit
    from hubopt.instance.schema import Column
    from hubopt.instance.tables import Instance
    from tests.metamorphic.relation import Relation
    from tests.optimum import Optimum

Dimension = Mapping[str, int]

DIMENSIONS: Mapping[str, Dimension] = {
    "": {},
    "share": {},
    "year": {},
    "week": {},
    "per week": {},
    "s": {},
    "degree": {},
    "CNY": {"money": 1},
    "CNY/year": {"money": 1},
    "CNY/t": {"money": 1, "mass": -1},
    "CNY/t CO2e": {"money": 1, "co2e": -1},
    "CNY/parcel": {"money": 1, "parcel": -1},
    "1/t": {"parcel": 1, "mass": -1},
    "t": {"mass": 1},
    "t/year": {"mass": 1},
    "h": {"time": 1},
    "share per day": {"time": -1},
    "km": {"length": 1},
    "g CO2e/tkm": {"co2e": 1, "mass": -1, "length": -1},
    "kg CO2e/t": {"co2e": 1, "mass": -1},
    "kg CO2e/kWh": {"co2e": 1, "energy": -1},
    "kWh/t": {"energy": 1, "mass": -1},
    "kWh/tkm": {"energy": 1, "mass": -1, "length": -1},
}
"""What each unit of the data dictionary is made of; years, weeks and places on earth stay."""

BY_NAME: Mapping[str, Dimension] = {"insurance_share_per_1000km": {"length": -1}}
"""Columns whose unit does not say what their name does."""

OF_LIMITS: Mapping[LimitKind, Dimension] = {
    LimitKind.BUDGET: {"money": 1},
    LimitKind.EMISSIONS_AT_MOST: {"co2e": 1},
}
"""What the value of a limit is made of; those that are left out are numbers and shares."""


def dimension(column: Column) -> Dimension:
    """Return what a column is made of."""
    return BY_NAME.get(column.name, DIMENSIONS[column.unit])


Factor = Callable[[Dimension], float]


def scaled(instance: Instance, factor: Factor) -> dict[str, Any]:
    """Return settings and tables with every number times the factor of what it is made of."""
    found: dict[str, Any] = {
        name: tuple(scaled_row(row, table.columns, factor) for row in getattr(instance, name))
        for name, table in TABLES.items()
    }
    found["limits"] = tuple(scaled_limit(row, factor) for row in found["limits"])
    known = {field.name for field in fields(instance.settings)}
    columns = [column for column in SETTINGS.columns if column.name in known]
    found["settings"] = scaled_row(instance.settings, columns, factor)
    return found


def scaled_row(row: Any, columns: Sequence[Column], factor: Factor) -> Any:  # noqa: ANN401
    """Return one record with its numbers scaled."""
    return replace(row, **{c.name: times(getattr(row, c.name), c, factor) for c in columns})


def times(value: object, column: Column, factor: Factor) -> object:
    """Return a value times the factor of its column; what has no dimension stays as it is."""
    made_of = dimension(column)
    return value * factor(made_of) if made_of and value is not None else value


def scaled_limit(limit: Limit, factor: Factor) -> Limit:
    """Return a limit with its value scaled by what its kind is made of."""
    return replace(limit, value=limit.value * factor(OF_LIMITS.get(limit.kind, {})))


def in_units(factors: Mapping[str, float]) -> Factor:
    """Return the factor of a dimension when its parts are measured in other units."""

    def factor(made_of: Dimension) -> float:
        found = 1.0
        for part, power in made_of.items():
            found *= factors.get(part, 1.0) ** power
        return found

    return factor


def measured(base: Optimum, part: str, factor: float) -> Twin:
    """Return the twin whose numbers are those of another unit of one part."""
    made = replace(base.instance, **scaled(base.instance, in_units({part: factor})))
    return Twin(made, factor=factor if part == "money" else 1.0)


def money_in_another_currency(base: Optimum, rng: Random) -> Twin:
    """Write all money in coins worth less: the same plans cost that many times as many coins."""
    return measured(base, "money", rng.choice([2.0, 0.5, 3.0]))


def weights_in_half_tonnes(base: Optimum, _: Random) -> Twin:
    """Weigh in half tonnes, whose price is half a tonne's: nothing but the numbers changes."""
    return measured(base, "mass", 2.0)


def times_in_shorter_hours(base: Optimum, _: Random) -> Twin:
    """Measure time in shorter hours and shares per shorter day: all products stay as they are."""
    return measured(base, "time", 1.25)


def lengths_in_shorter_kilometres(base: Optimum, _: Random) -> Twin:
    """Measure length in shorter kilometres: emissions per tonne are distance x factor as before."""
    return measured(base, "length", 1.25)


def emissions_in_another_gas(base: Optimum, rng: Random) -> Twin:
    """Count emissions in other grams, priced and capped accordingly: carbon costs the same."""
    return measured(base, "co2e", rng.choice([2.0, 0.5]))


def energy_in_half_kilowatt_hours(base: Optimum, _: Random) -> Twin:
    """Count electricity in half kilowatt-hours, each emitting half: emissions stay the same."""
    return measured(base, "energy", 2.0)


def parcels_cut_in_two(base: Optimum, _: Random) -> Twin | None:
    """Cut every parcel in two, each handled at half the price: a tonne costs the same."""
    parcels = any(row.parcels_per_t for row in base.instance.products)
    paid = any(row.cost_cny_per_parcel for row in base.instance.handling)
    return measured(base, "parcel", 2.0) if parcels and paid else None


def all_twice_as_large(base: Optimum, _: Random) -> Twin:
    """Double goods, capacities and all that is paid whole: every plan doubles, with its cost."""

    def factor(made_of: Dimension) -> float:
        return 2.0 if made_of in ({"mass": 1}, {"money": 1}) else 1.0

    tables = scaled(base.instance, factor)
    tables["limits"] = tuple(
        replace(limit, value=2.0 * limit.value) if limit.kind in OF_LIMITS else limit
        for limit in base.instance.limits
    )
    return Twin(replace(base.instance, **tables), factor=2.0)


RELATIONS: tuple[Relation, ...] = (
    money_in_another_currency,
    weights_in_half_tonnes,
    times_in_shorter_hours,
    lengths_in_shorter_kilometres,
    emissions_in_another_gas,
    energy_in_half_kilowatt_hours,
    parcels_cut_in_two,
    all_twice_as_large,
)
