"""Tonnes for a unit of demand and CNY for a unit of cost, so that nothing of a file is lost."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from hubopt.instance.cell_errors import CellError
from hubopt.instance.cell_numbers import bounded
from hubopt.instance.schema import TABLES
from hubopt.units import CNY_PER_MCNY, KG_PER_T, exact

if TYPE_CHECKING:
    from collections.abc import Sequence

TONNES = (1e3, 1e4, 1e5, 1e6, 1e7, 1e2, 1e1, 1e0, 1e-1, 1e-2, 1e-3, 1e-4)
"""Tonnes of a unit, in the order in which they are tried: the solver counts in kilotonnes."""

MONEY = (1e4, 1e5, 1e6, 1e7, 1e3, 1e2, 1e1, 1e0, 1e8, 1e9, 1e-1, 1e-2)
"""CNY of a unit, in the order in which they are tried: a fen is then a millionth of it or less."""

LARGEST_MEDIAN_T = 1e7
"""Well below what the check of instances takes for kilograms."""

LEAST_CNY_PER_T = 0.1
"""Fixed cost over capacity, well above what the check of instances takes for 10,000 CNY."""


@dataclass(frozen=True, slots=True)
class Scales:
    """Tonnes a year of one unit of demand, and CNY of one unit of cost."""

    t_per_unit: float
    cny_per_unit: float

    @property
    def mcny_per_unit(self) -> float:
        """Million CNY of one unit of cost."""
        return self.cny_per_unit / CNY_PER_MCNY

    @property
    def cny_per_t(self) -> float:
        """CNY per tonne of one unit of cost per unit of demand."""
        return self.cny_per_unit / self.t_per_unit


@dataclass(frozen=True, slots=True)
class Sizes:
    """The numbers of a file in its own units that decide on scales; prices per unit of demand."""

    demand: Sequence[float]
    capacity: Sequence[float | None]
    fixed: Sequence[float]
    prices: Sequence[float]
    unserved: float


def scales_of(sizes: Sizes) -> Scales | None:
    """Return the first scales at which all numbers are possible and plausible, None without any.

    Demand is in whole kilograms if any scale makes it so; otherwise each rounds to a kilogram.
    """
    tonnes = [t for t in TONNES if amounts_fit(sizes, t)]
    for t in [*(t for t in tonnes if whole_kg(sizes, t)), *tonnes]:
        for cny in MONEY:
            if money_fits(sizes, Scales(t, cny)):
                return Scales(t, cny)
    return None


def amounts_fit(sizes: Sizes, t: float) -> bool:
    """Tell whether demands and capacities in tonnes are possible and plausible."""
    some = [value for value in sizes.demand if value]
    if some and median(some) * t > LARGEST_MEDIAN_T:
        return False
    capacity = [value for value in sizes.capacity if value is not None]
    return all_fit("demand", "demand_t_per_year", sizes.demand, t) and all_fit(
        "capacities", "capacity_t_per_year", capacity, t
    )


def money_fits(sizes: Sizes, scales: Scales) -> bool:
    """Tell whether fixed costs and prices in CNY are possible and plausible."""
    each = [
        cost * scales.cny_per_t / most
        for cost, most in zip(sizes.fixed, sizes.capacity, strict=True)
        if cost and most
    ]
    if each and median(each) < LEAST_CNY_PER_T:
        return False
    return (
        all_fit("modules", "fixed_cost_cny_per_year", sizes.fixed, scales.cny_per_unit)
        and all_fit("links", "cost_cny_per_t", sizes.prices, scales.cny_per_t)
        and all_fit("products", "unserved_cost_cny_per_t", [sizes.unserved], scales.cny_per_t)
    )


def all_fit(table: str, column: str, values: Sequence[float], factor: float) -> bool:
    """Tell whether numbers times a factor may stand in a column; the ends speak for the rest."""
    some = [value for value in values if value]
    try:
        for value in (min(some), max(some)) if some else ():
            bounded(TABLES[table].column[column], value * factor)
    except CellError:
        return False
    return True


def whole_kg(sizes: Sizes, t: float) -> bool:
    """Tell whether all demands are whole kilograms."""
    return all((exact(value) * exact(t) * KG_PER_T).denominator == 1 for value in sizes.demand)
