"""How a site could stand otherwise than in a plan: closed, opened later, or required."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.text import Text
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan, SitePlan


@dataclass(frozen=True, slots=True)
class Way:
    """How a site could stand otherwise: open from a stage on, or never (`since` is `None`)."""

    site: str
    since: int | None

    @property
    def label(self) -> Text:
        """Return the way in words."""
        if self.since is None:
            return Text(f"without {self.site}", f"不设 {self.site}")
        return Text(f"with {self.site} from {self.since} on", f"{self.since} 年起设 {self.site}")

    def posed(self, instance: Instance) -> Instance:
        """Return the instance with the site so; raises `InputError` if a check refuses it."""
        if self.since is None:
            rows = tuple(
                replace(m, built=0) if m.site == self.site else m for m in instance.modules
            )
            change: dict[str, object] = {"status": SiteStatus.CLOSED}
        else:
            rows = instance.modules
            change = {"status": SiteStatus.REQUIRED, "earliest_stage": self.since}
        sites = tuple(
            replace(s, **change) if s.id == self.site else s  # type: ignore[arg-type]
            for s in instance.sites
        )
        return replace(instance, sites=sites, modules=rows)

    def start(self, instance: Instance, plan: Plan) -> Plan:
        """Return a plan to search from: this one, with the least that the way changes about sites.

        So the difference is that of the site, and not of where two searches happened to end.
        """
        rows = [m for m in instance.modules if m.site == self.site and m.most]
        cheap = min(rows, key=lambda m: m.build_cost_cny + m.fixed_cost_cny_per_year, default=None)
        least = {} if cheap is None else {cheap.module: 1}

        def stands(row: SitePlan) -> Mapping[str, int]:
            if self.since is None or row.stage < self.since:
                return {}
            return row.modules if any(row.modules.values()) else least

        sites = (
            replace(row, modules=stands(row)) if row.site == self.site else row
            for row in plan.sites
        )
        return replace(plan, sites=tuple(sites))


def ways(instance: Instance, plan: Plan, site: str) -> tuple[Way, ...]:
    """Return how a site could stand otherwise than in a plan, the plainest first.

    What the plan builds may also wait; what stands already, or must, may only go.
    """
    row, since = instance.site[site], stands_since(plan, site)
    years = [stage.year for stage in instance.settings.stages]
    if since is None:
        return tuple(Way(site, year) for year in years if year >= row.earliest_stage)
    later = [year for year in years if year > since and row.status is SiteStatus.CANDIDATE]
    return (Way(site, None), *(Way(site, year) for year in later))


def stands_since(plan: Plan, site: str) -> int | None:
    """Return the first stage in which a site stands, `None` if it never does."""
    stages = (s.stage for s in plan.sites if s.site == site and any(s.modules.values()))
    return min(stages, default=None)
