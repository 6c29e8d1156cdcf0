"""How a link is written: one helper for all modes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hubopt.instance.tables import Link
from hubopt.vocabulary import Access

if TYPE_CHECKING:
    from hubopt.reference.facts import Leg
    from hubopt.reference.tariffs import Tariffs
    from hubopt.vocabulary import Mode


class Travel(NamedTuple):
    """What a link costs, CNY per tonne, and how many hours it takes."""

    cost: float
    hours: float


def written(
    tariffs: Tariffs,
    ends: tuple[str, str],
    mode: Mode,
    leg: Leg,
    travel: Travel,
    *,
    both_ways: bool = True,
    access: Access = Access.OPEN,
    capacity: float | None = None,
    emissions: tuple[float, float, str] | None = None,
) -> Link:
    """Return a link with rounded numbers and the emissions of its mode, if no others are given."""
    wtw, ttw, from_where = emissions or tariffs.emissions(mode)
    return Link(
        from_place=ends[0],
        to_place=ends[1],
        mode=mode,
        both_ways=both_ways,
        access=access,
        distance_km=round(leg.km, 1),
        distance_source=leg.source,
        cost_cny_per_t=round(travel.cost, 2),
        time_h=round(travel.hours, 2),
        capacity_t_per_year=capacity,
        wtw_g_per_tkm=round(wtw, 2),
        ttw_g_per_tkm=round(ttw, 2),
        emission_source=from_where,
    )
