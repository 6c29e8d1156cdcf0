"""Which site stands for which city at which hub, from the links of an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from hubopt.engine.hubs.plain import able_sites
from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.instance.tables import Instance, Link
    from hubopt.problem.problem import Ints
    from hubopt.vocabulary import Mode

Joined = dict[tuple[str, str], "Link"]
"""The link from one place to another."""


class Layout(NamedTuple):
    """Who belongs to whom: places of cities, hubs by site number, and the site of city and hub.

    `own` is the city of each hub, `site` cities x hubs, -1 where a city has no site for a hub.
    """

    cities: tuple[str, ...]
    hubs: tuple[int, ...]
    own: Ints
    site: Ints


def layout_of(instance: Instance, links: Joined) -> Layout | None:
    """Return which site stands for which city and hub, None if the links do not say so."""
    site_at = {site.place: here for here, site in enumerate(instance.sites)}
    charges = able_sites(instance, Function.CHARGING)
    if not charges:
        return None
    hubs = tuple(here for here, site in enumerate(instance.sites) if site.id in charges)
    cities = tuple(sorted({end for d in instance.demand for end in (d.origin, d.destination)}))
    if set(cities) & set(site_at):
        return None
    number = {place: here for here, place in enumerate(cities)}
    found = Finder(instance, site_at, number, {site: here for here, site in enumerate(hubs)})
    if not all(found.takes(a, b, link) for (a, b), link in links.items()):
        return None
    return found.layout(cities, hubs)


class Finder:
    """Goes through the links and keeps the city and the hub of each site."""

    def __init__(
        self,
        instance: Instance,
        site_at: Mapping[str, int],
        city: Mapping[str, int],
        hub: Mapping[int, int],
    ) -> None:
        self.instance, self.site_at, self.number, self.hub = instance, site_at, city, hub
        self.city_of: dict[int, int] = {}
        self.hub_of: dict[int, int] = dict(hub)
        self.modes: dict[bool, Mode] = {}

    def takes(self, a: str, b: str, link: Link) -> bool:
        """Take a link into account; return whether it fits the shape."""
        local = a in self.number or b in self.number
        if self.modes.setdefault(local, link.mode) is not link.mode:
            return False
        if self.modes.get(not local) is link.mode:
            return False
        if local:
            return link.charging_site is None and self.local(a, b)
        return a in self.site_at and b in self.site_at and self.between(a, b, link)

    def local(self, a: str, b: str) -> bool:
        """Take a link between a city and a site into account."""
        city, place = (a, b) if a in self.number else (b, a)
        if place not in self.site_at:
            return False
        here = self.number[city]
        return self.city_of.setdefault(self.site_at[place], here) == here

    def between(self, a: str, b: str, link: Link) -> bool:
        """Take a link between sites into account: one of them at least is a hub."""
        one, other = self.site_at[a], self.site_at[b]
        if one in self.hub and other in self.hub:
            return link.charging_site is None
        site, hub = (one, other) if other in self.hub else (other, one)
        if hub not in self.hub or link.charging_site != self.instance.sites[hub].id:
            return False
        return self.hub_of.setdefault(site, self.hub[hub]) == self.hub[hub]

    def layout(self, cities: tuple[str, ...], hubs: tuple[int, ...]) -> Layout | None:
        """Return the layout, None if a city has two sites for a hub, or two hubs of its own."""
        site = np.full((len(cities), len(hubs)), -1)
        for here, city in self.city_of.items():
            hub = self.hub_of.get(here)
            if hub is not None:
                if site[city, hub] >= 0:
                    return None
                site[city, hub] = here
        own = [self.city_of.get(here, -1) for here in hubs]
        if len(self.city_of) != len(self.instance.sites) or len(set(own)) < len(own) or -1 in own:
            return None
        return Layout(cities, hubs, np.array(own), site)
