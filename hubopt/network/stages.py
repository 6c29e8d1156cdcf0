"""What can be used in a stage: sites that may stand by then and services that run by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.vocabulary import Function, SiteStatus

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance, Link, Transfer


@dataclass(frozen=True)
class Usable:
    """Sites by what they may do in a stage, and services that may run in it."""

    sites: tuple[tuple[Function, tuple[str, ...]], ...]
    services: frozenset[str]

    def able(self, function: Function) -> tuple[str, ...]:
        """Return the sites that may perform a function, in id order."""
        return dict(self.sites).get(function, ())

    def may_use(self, change: Transfer) -> bool:
        """Tell whether a change of mode could be used: its site, if any, can be open."""
        return change.site is None or change.site in self.able(Function.TRANSFER)

    def may_drive(self, link: Link) -> bool:
        """Tell whether a link could be driven: the site of its chargers, if any, can be open."""
        return link.charging_site is None or link.charging_site in self.able(Function.CHARGING)


def usable_in(instance: Instance, year: int) -> Usable:
    """Return what can be used in the stage of a year."""
    module = {(m.site, m.module): m for m in instance.modules}
    found: dict[Function, set[str]] = {}
    for row in instance.capacities:
        site, size = instance.site[row.site], module[row.site, row.module]
        stands = size.built > 0 or (size.most > 0 and year >= site.earliest_stage)
        if site.status is not SiteStatus.CLOSED and stands and row.capacity_t_per_year != 0:
            found.setdefault(row.function, set()).add(row.site)
    return Usable(
        tuple((function, tuple(sorted(sites))) for function, sites in sorted(found.items())),
        frozenset(s.id for s in instance.services if year >= s.earliest_stage and s.most_per_week),
    )
