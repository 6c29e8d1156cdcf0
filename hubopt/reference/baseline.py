"""The instances of the base years: what stood then, no choice of sites, prices of then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.tables import Settings, Stage
from hubopt.reference.world import stood
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from hubopt.instance.tables import Capacity, Handling, Module, Site
    from hubopt.reference.facts import Facts

SiteRows = tuple[list["Site"], list["Handling"], list["Module"], list["Capacity"]]


def name_of(year: int) -> str:
    """Return the name of a base year's instance."""
    return f"zhengzhou-baseline-{year}"


def settings_of(facts: Facts, year: int, usual: Settings) -> Settings:
    """Return the settings of the reference for one base year alone."""
    return replace(
        usual,
        name=name_of(year),
        title_en=f"Zhengzhou as it stood in {year}",
        title_zh=f"郑州现状基准（{year} 年）",
        base_year=year,
        stages=(Stage(year, 1),),
        routes_per_shipment=int(facts.assumed("settings", "baseline_routes")),
    )


def as_it_stood(facts: Facts, year: int, rows: SiteRows) -> SiteRows:
    """Return the site tables without candidates, further sizes and later places."""
    sites, handling, modules, capacities = rows
    there = stood(facts)
    kept = [
        replace(site, earliest_stage=year)
        for site in sites
        if site.status is SiteStatus.EXISTING and site.place in there
    ]
    names = {site.id for site in kept}
    sizes = [replace(m, most=m.built) for m in modules if m.site in names and m.built]
    there_sizes = {(m.site, m.module) for m in sizes}
    return (
        kept,
        [row for row in handling if row.site in names],
        sizes,
        [row for row in capacities if (row.site, row.module) in there_sizes],
    )
