"""The names of variables and rows: plain ASCII, unique, made from the planner's own ids."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.problem.problem import Ints, Problem

NOT_PLAIN = re.compile(r"[^A-Za-z0-9_]")


def plain(name: str) -> str:
    """Return a name in which everything but ASCII letters, digits and `_` is `_`."""
    return NOT_PLAIN.sub("_", name)


def labels(names: Iterable[str]) -> tuple[str, ...]:
    """Return names as unique plain ASCII: `_2`, `_3` ... follow where two would be alike."""
    taken: set[str] = set()
    made = []
    for name in names:
        label, number = plain(name), 1
        while label in taken:
            number += 1
            label = f"{plain(name)}_{number}"
        taken.add(label)
        made.append(label)
    return tuple(made)


class Names:
    """Labels of everything that a problem counts by, in the order of its arrays."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """Labels of sites."""
        return labels(self.problem.sites.site_ids)

    @cached_property
    def modules(self) -> tuple[tuple[str, str], ...]:
        """Labels of modules: site and size; sizes that look alike at one site are told apart."""
        numbers = self.problem.sites
        made: list[tuple[str, str]] = []
        taken: set[tuple[str, str]] = set()
        for site, name in zip(numbers.module_site.tolist(), numbers.module_names, strict=True):
            key, number = (self.sites[site], plain(name)), 1
            while key in taken:
                number += 1
                key = (self.sites[site], f"{plain(name)}_{number}")
            taken.add(key)
            made.append(key)
        return tuple(made)

    @cached_property
    def pools(self) -> tuple[tuple[str, str], ...]:
        """Labels of pools: site and function."""
        numbers = self.problem.sites
        return tuple(
            (self.sites[site], function)
            for site, (_, function) in zip(numbers.pool_site.tolist(), numbers.pools, strict=True)
        )

    @cached_property
    def services(self) -> tuple[str, ...]:
        """Labels of services."""
        return labels(self.problem.services.service_ids)

    @cached_property
    def shipments(self) -> tuple[str, ...]:
        """Labels of shipments."""
        return labels(self.problem.shipment_ids)

    @cached_property
    def route_numbers(self) -> Ints:
        """Number of each column's route within its shipment, from 1."""
        owner = self.problem.column_shipment
        order = np.argsort(owner, kind="stable")
        together = owner[order]
        starts = np.flatnonzero(np.diff(together, prepend=-1))
        number = np.empty(len(owner), dtype=np.int64)
        lengths = np.diff(starts, append=len(owner))
        number[order] = np.arange(len(owner)) - np.repeat(starts, lengths) + 1
        return number

    @cached_property
    def routes(self) -> tuple[tuple[str, int], ...]:
        """Labels of columns: shipment, and number of the route within it."""
        owner, number = self.problem.column_shipment.tolist(), self.route_numbers.tolist()
        return tuple(zip([self.shipments[s] for s in owner], number, strict=True))

    @cached_property
    def assignments(self) -> tuple[tuple[str, str], ...]:
        """Labels of candidates for single sourcing: group of shipments and site."""
        numbers = self.problem.assignments
        return tuple(
            (self.groups[g], self.sites[x])
            for g, x in zip(numbers.group.tolist(), numbers.site.tolist(), strict=True)
        )

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Labels of groups of shipments that few sites may handle."""
        return labels(self.problem.assignments.groups)

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Labels of links with a capacity."""
        return labels(self.problem.link_names)

    @cached_property
    def transfers(self) -> tuple[str, ...]:
        """Labels of transfers with a capacity."""
        return labels(self.problem.transfer_names)

    @cached_property
    def legs(self) -> tuple[str, ...]:
        """Labels of legs: service and leg."""
        services = self.problem.services
        of_leg = labels("_".join(leg) for leg in services.legs)
        pairs = zip(services.leg_service.tolist(), of_leg, strict=True)
        return tuple(f"{self.services[v]},{name}" for v, name in pairs)

    @cached_property
    def terminals(self) -> tuple[str, ...]:
        """Labels of the terminals of vehicle classes."""
        return labels(".".join(terminal) for terminal in self.problem.services.vehicle_terminals)

    @cached_property
    def years(self) -> tuple[str, ...]:
        """Labels of stages."""
        return tuple(map(str, self.problem.stages))

    @cached_property
    def limits(self) -> tuple[str, ...]:
        """Labels of limits by number, which no row counts from 0."""
        problem = self.problem
        kinds = (
            problem.budget_mcny, problem.sites_at_most, problem.sites_at_least, problem.coverage,
        )  # fmt: skip
        most = max(*map(len, kinds), int(problem.flow_limits.numbers.max(initial=0)))
        return tuple(map(str, range(most + 1)))

    @cached_property
    def own_rules(self) -> tuple[str, ...]:
        """Labels of the planner's own rules."""
        own = self.problem.own_rules
        return () if own is None else own.names

    @cached_property
    def of_modules(self) -> tuple[str, ...]:
        """Labels of modules in one piece."""
        return tuple(",".join(pair) for pair in self.modules)

    @cached_property
    def of_pools(self) -> tuple[str, ...]:
        """Labels of pools in one piece."""
        return tuple(",".join(pair) for pair in self.pools)

    @cached_property
    def of_assignments(self) -> tuple[str, ...]:
        """Labels of candidates for single sourcing in one piece."""
        return tuple(",".join(pair) for pair in self.assignments)

    def columns(self, state: str = "") -> dict[str, list[str]]:
        """Return the names of all variables in the standard form, by family.

        What is decided in one of several states has the name of the `state` before its own.
        """
        years = self.problem.stages
        return {
            "open": [f"open({x},{t})" for x in self.sites for t in years],
            "modules": [f"modules({x},{m},{t})" for x, m in self.modules for t in years],
            "departures": [f"{state}departures({v},{t})" for v in self.services for t in years],
            "empties": [f"{state}empties({v},{t})" for v in self.services for t in years],
            "flow": [f"{state}flow({s},{k})" for s, k in self.routes],
            "unserved": [f"{state}unserved({s})" for s in self.shipments],
            "assign": [f"{state}assign({g},{x})" for g, x in self.assignments],
        }
