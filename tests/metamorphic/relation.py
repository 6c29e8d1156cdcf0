"""What a relation is: a changed instance, and how its optimum must stand to that of the first."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, TypeVar

from hubopt.errors import InputError
from hubopt.instance.tables import Instance
from tests.optimum import Optimum

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.vocabulary import LimitKind

Row = TypeVar("Row")

SHARE, MCNY = 1e-6, 1e-6
"""How far two optima may lie apart by rounding: a millionth, or one CNY."""


class Sense(StrEnum):
    """How the optimum of the changed instance stands to the other."""

    EQUAL = "equal"
    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True)
class Twin:
    """The changed instance; its optimum is `sense` factor x that of the first + plus_mcny."""

    instance: Instance
    sense: Sense = Sense.EQUAL
    factor: float = 1.0
    plus_mcny: float = 0.0

    @property
    def wanted(self) -> str:
        """What the optimum must be, in words."""
        return f"{self.sense} {self.factor:g} x first + {self.plus_mcny:g}"

    def holds(self, first_mcny: float, mcny: float, *, slack_mcny: float = MCNY) -> bool:
        """Tell whether two optima, infinite where nothing is allowed, stand as they must."""
        wanted = self.factor * first_mcny + self.plus_mcny
        slack = slack_mcny + SHARE * abs(wanted) if math.isfinite(wanted) else 0.0
        if self.sense is Sense.EQUAL:
            return mcny == wanted or abs(mcny - wanted) <= slack
        return mcny <= wanted + slack if self.sense is Sense.AT_MOST else mcny >= wanted - slack


Relation = Callable[[Optimum, Random], Twin | None]
"""Changes the instance of an optimum, or returns None where there is nothing to change."""


def if_allowed(instance: Instance, **tables: object) -> Instance | None:
    """Return the changed instance, or None where it is refused before any solve."""
    with suppress(InputError):
        return replace(instance, **tables)
    return None


def limited(instance: Instance, *kinds: LimitKind) -> bool:
    """Tell whether the instance has a limit of one of these kinds."""
    return any(limit.kind in kinds for limit in instance.limits)


def one_of(rng: Random, rows: Iterable[Row]) -> Row | None:
    """Return a random one of some rows, None if there is none."""
    listed = list(rows)
    return rng.choice(listed) if listed else None


def instead(rows: tuple[Row, ...], victim: Row, *others: Row) -> tuple[Row, ...]:
    """Return rows with others in the place of one."""
    return tuple(new for row in rows for new in (others if row is victim else (row,)))
