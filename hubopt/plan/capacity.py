"""How much each limited thing can take under a plan's decisions, in exact tonnes a year."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import ServicePlan, SitePlan
    from hubopt.plan.pricing import Key


class Capacities:
    """Capacities of pools, links, transfers and service legs in each stage; None means no limit."""

    def __init__(
        self,
        instance: Instance,
        sites: Mapping[tuple[str, int], SitePlan],
        services: Mapping[tuple[str, int], ServicePlan],
    ) -> None:
        self.instance, self.sites, self.services = instance, sites, services
        self.rows: dict[tuple[str, str], list[tuple[str, Fraction | None]]] = {}
        for row in instance.capacities:
            each = None if row.capacity_t_per_year is None else exact(row.capacity_t_per_year)
            self.rows.setdefault((row.site, row.function), []).append((row.module, each))

    def stands(self, site: str, stage: int) -> bool:
        """Tell whether any module of a site stands."""
        plan = self.sites.get((site, stage))
        return plan is not None and any(n > 0 for n in plan.modules.values())

    def of(self, key: Key, stage: int) -> Fraction | None:
        """Return tonnes a year of one limited thing in a stage."""
        kind = key[0]
        if kind == "pool":
            return self.pool(str(key[1]), str(key[2]), stage)
        if kind == "leg":
            return self.leg(str(key[1]), stage)
        rows = self.instance.links if kind == "link" else self.instance.transfers
        most = rows[int(key[1])].capacity_t_per_year
        return None if most is None else exact(most)

    def pool(self, site: str, function: str, stage: int) -> Fraction | None:
        """Return tonnes a year of one function of a site with the modules that stand."""
        plan = self.sites.get((site, stage))
        total = Fraction(0)
        for module, each in self.rows.get((site, function), []):
            number = 0 if plan is None else plan.modules.get(module, 0)
            if number > 0 and each is None:
                return None
            total += number * (each or 0)
        return total

    def leg(self, service: str, stage: int) -> Fraction:
        """Return tonnes a year of each leg of a service with its departures."""
        plan, row = self.services.get((service, stage)), self.instance.service[service]
        departures = 0 if plan is None else plan.departures_per_week
        return exact(row.payload_t_per_departure) * row.weeks_per_year * departures
