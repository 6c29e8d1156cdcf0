"""Demand summed exactly: so many tonnes a year of a product between two places in a stage.

A million shipments are added as decimals, which is exact here and far faster than fractions.
"""

from __future__ import annotations

from decimal import Context, Decimal, Inexact, InvalidOperation
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Demand

EXACT = Context(prec=100, traps=[Inexact, InvalidOperation])
"""More digits than sums of the largest and smallest numbers of an instance can have."""


class Total(NamedTuple):
    """Tonnes a year of all shipments of a product between two places in a stage."""

    stage: int
    origin: str
    destination: str
    product: str
    tonnes: Fraction


def demand_totals(demand: Iterable[Demand]) -> Iterator[Total]:
    """Yield the totals of shipments, in the order in which each first occurs."""
    sums: dict[tuple[int, str, str, str], Decimal] = {}
    nothing, add = Decimal(0), EXACT.add
    for row in demand:
        key = row.stage, row.origin, row.destination, row.product
        sums[key] = add(sums.get(key, nothing), Decimal(repr(row.demand_t_per_year)))
    for key, tonnes in sums.items():
        yield Total(*key, Fraction(tonnes))
