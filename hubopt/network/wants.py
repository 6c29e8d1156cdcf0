"""What limits on the whole plan ask of a way besides its price: modes, emissions, being carried.

Without such limits a way stands for another that is no cheaper, no quicker and takes as much. A
share of modes may ask for the dearer way by rail, a cap for the cleaner one, a service level for
freight that would better stay behind; then ways are told apart by these things too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.vocabulary import TRUCKS, LimitKind

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.vocabulary import Mode

SHARES = frozenset({LimitKind.MODE_SHARE_AT_LEAST, LimitKind.MODE_SHARE_AT_MOST})
ASK_FOR_FREIGHT = frozenset({*SHARES, LimitKind.SERVICE_LEVEL, LimitKind.DELIVERY_SHARE_AT_LEAST})
"""Limits that may make it right to carry what costs more than leaving it behind."""


@dataclass(frozen=True, slots=True)
class Wants:
    """Modes whose use counts, whether the truck that delivers and emissions count, and carriage."""

    modes: frozenset[Mode]
    delivery: bool
    emissions: bool
    carriage: bool

    @property
    def any_way(self) -> bool:
        """Whether a way may be wanted that is worse in price, time and limited things."""
        return bool(self.modes) or self.delivery or self.emissions


def wants_of(instance: Instance) -> Wants:
    """Return what the limits in force ask of ways."""
    kinds = {limit.kind for limit in instance.limits_in_force}
    shares = {limit.mode for limit in instance.limits_in_force if limit.kind in SHARES}
    least = any(row.least_t_per_year for row in instance.handling)
    return Wants(
        modes=frozenset(mode for mode in shares if mode is not None),
        delivery=LimitKind.DELIVERY_SHARE_AT_LEAST in kinds,
        emissions=LimitKind.EMISSIONS_AT_MOST in kinds,
        carriage=least or bool(kinds & ASK_FOR_FREIGHT),
    )


LAST_MODES = tuple(sorted(TRUCKS))
"""The modes that a delivery share tells apart."""
