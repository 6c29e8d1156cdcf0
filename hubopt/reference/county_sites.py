"""Sites that may be built in county seats, beside those of the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.reference.counties import COUNTY_CITY, seats
from hubopt.reference.sites import Plot, rows_of
from hubopt.reference.sizes import cold_tiers, dry_tiers, returns_tiers
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.reference.baseline import SiteRows
    from hubopt.reference.counties import County
    from hubopt.reference.facts import Facts
    from hubopt.reference.sizes import Size

SIZES = 2
"""A county seat gets the small and the medium size of a warehouse, no large park."""


def county_site_rows(facts: Facts) -> SiteRows:
    """Return the rows of the four site tables for the county seats."""
    return rows_of(facts, plots(facts))


def plots(facts: Facts) -> Iterator[Plot]:
    """Yield the candidates: far from their city's seat, where a centre of their own may pay."""
    for unit in seats(facts, facts.assumed("county", "dc_least_km")):
        sizes = dry_tiers(facts, unit.id)[:SIZES]
        yield candidate(facts, unit, "DC", ("distribution centre", "县域集散分拨中心"), sizes)
    for unit in seats(facts, facts.assumed("county", "cold_least_km")):
        sizes = cold_tiers(facts, unit.id)[:SIZES]
        yield candidate(facts, unit, "COLD", ("cold-chain centre", "县域冷链物流中心"), sizes)
    for unit in seats(facts, facts.assumed("county", "returns_least_km")):
        if unit.type == COUNTY_CITY:
            names = ("returns centre", "退货中心仓")
            yield candidate(facts, unit, "RET", names, returns_tiers(facts)[:1])


def candidate(
    facts: Facts, unit: County, kind: str, names: tuple[str, str], sizes: tuple[Size, ...]
) -> Plot:
    """Return a site that may be built in the seat of a unit."""
    row = facts.places[unit.id]
    return Plot(
        f"{kind}_{unit.id}",
        f"{row['name_en']} {names[0]}",
        f"{row['name_zh']}{names[1]}",
        unit.id,
        SiteStatus.CANDIDATE,
        sizes,
    )
