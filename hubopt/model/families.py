"""Families of rows and columns by what they count by: their names are made when they are read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hubopt.solver.name_list import Family

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.model.names import Names
    from hubopt.problem.problem import Problem
    from hubopt.solver.form import Places
    from hubopt.solver.name_list import Axes, Axis

COLUMN_AXES: Mapping[str, tuple[str, ...]] = {
    "open": ("sites", "years"),
    "modules": ("of_modules", "years"),
    "departures": ("services", "years"),
    "empties": ("services", "years"),
    "unserved": ("shipments",),
    "assign": ("of_assignments",),
}
"""The labels, as attributes of `Names`, that the members of a family of columns are counted by."""

ROW_AXES: Mapping[str, tuple[str, ...]] = {
    "demand_met": ("shipments",),
    "site_capacity": ("of_pools", "years"),
    "site_open_for_flow": ("shipments", "of_pools"),
    "link_capacity": ("links", "years"),
    "transfer_capacity": ("transfers", "years"),
    "service_capacity": ("legs", "years"),
    "departure_limits": ("services", "years"),
    "vehicle_balance": ("terminals", "years"),
    "modules_stay": ("of_modules", "years"),
    "modules_need_open_site": ("of_modules", "years"),
    "open_site_has_module": ("sites", "years"),
    "required_sites": ("sites", "years"),
    "closed_sites": ("sites", "years"),
    "least_use": ("of_pools", "years"),
    "single_source": ("groups",),
    "site_chosen_for_flow": ("groups", "sites", "shipments"),
    "own_rule": ("own_rules",),
}
"""The same for rows; all others are limits, by their number and the stage."""

LIMIT_AXES = ("limits", "years")


@dataclass(frozen=True)
class Grid:
    """Members counted by several things, the last one fastest."""

    names: Names
    by: tuple[str, ...]

    def __call__(self, numbers: Places) -> tuple[Axis, ...]:
        """Return the labels of each axis, and for members by number which of them they have."""
        axes: list[Axis] = []
        for name in reversed(self.by[1:]):
            labels = getattr(self.names, name)
            numbers, index = np.divmod(numbers, len(labels))
            axes.append((labels, index))
        return ((getattr(self.names, self.by[0]), numbers), *reversed(axes))


@dataclass(frozen=True, eq=False)
class RouteAxes:
    """Flows, counted by shipment and by the number of the route within it."""

    names: Names

    def __call__(self, numbers: Places) -> tuple[Axis, ...]:
        """Return the labels of shipments and routes, and for columns by number which they have."""
        owner, within = self.names.problem.column_shipment, self.names.route_numbers
        count = int(within.max(initial=0))
        numerals = tuple(str(n) for n in range(1, count + 1))
        return (self.names.shipments, owner[numbers]), (numerals, within[numbers] - 1)


def column_axes(names: Names) -> Mapping[str, Axes]:
    """Return what each family of columns is counted by."""
    grids: dict[str, Axes] = {family: Grid(names, by) for family, by in COLUMN_AXES.items()}
    return {**grids, "flow": RouteAxes(names)}


def row_family(names: Names, rule: str, numbers: Places) -> Family:
    """Return rows of a rule by number, each of which stands for the same in all its problems."""
    return Family(rule, numbers, Grid(names, ROW_AXES.get(rule, LIMIT_AXES)))


def column_counts(problem: Problem) -> Mapping[str, int]:
    """Return how many members each family of columns has in a problem."""
    stages, sites, services = len(problem.stages), problem.sites, problem.services
    return {
        "open": len(sites.site_ids) * stages,
        "modules": len(sites.module_names) * stages,
        "departures": len(services.service_ids) * stages,
        "empties": len(services.service_ids) * stages,
        "flow": len(problem.column_shipment),
        "unserved": len(problem.shipment_ids),
        "assign": len(problem.assignments.group),
    }


def same_columns(one: Problem, other: Problem) -> bool:
    """Return whether two problems count their columns alike."""
    return one is other or all(
        mine is theirs or np.array_equal(mine, theirs)
        for mine, theirs in zip(counted(one), counted(other), strict=True)
    )


def counted(problem: Problem) -> tuple[Any, ...]:
    """Return what the columns of a problem are counted by."""
    sites, assigned = problem.sites, problem.assignments
    return (
        problem.stages, sites.site_ids, sites.module_names, sites.module_site,
        problem.services.service_ids, problem.shipment_ids, problem.column_shipment,
        assigned.groups, assigned.group, assigned.site,
    )  # fmt: skip
