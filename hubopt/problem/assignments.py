"""Single sourcing as numbers: which sites may handle a group of shipments, and how many of them.

A shipment that asks for it is a group of its own for each function of its chain; a limit makes one
group of all shipments of its goods to one destination.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix

from hubopt.problem.problem import Assignments
from hubopt.vocabulary import LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.instance.tables import Instance, Limit
    from hubopt.problem.problem import Floats, Ints, SiteNumbers
    from hubopt.vocabulary import Function

    Use = tuple[str | int, ...]


@dataclass(frozen=True)
class Group:
    """Shipments, by number, whose handling for a function is done at so many sites at most."""

    label: str
    stage: int
    function: Function
    shipments: tuple[int, ...]
    most: int


def groups(instance: Instance, stages: tuple[int, ...]) -> Iterator[Group]:
    """Yield every group of shipments that few sites may handle."""
    for here, shipment in enumerate(instance.demand):
        if shipment.single_source:
            for function in dict.fromkeys(instance.product[shipment.product].chain):
                label = f"{shipment.id}.{function}"
                yield Group(label, stages.index(shipment.stage), function, (here,), 1)
    for number, limit in enumerate(instance.limits, start=1):
        if limit.kind is LimitKind.SINGLE_SOURCE and limit in instance.limits_in_force:
            for (place, function), members in bound_for(instance, limit).items():
                label = f"{number}.{place}.{function}"
                stage = stages.index(limit.stage)
                yield Group(label, stage, function, tuple(members), int(limit.value))


def bound_for(instance: Instance, limit: Limit) -> Mapping[tuple[str, Function], list[int]]:
    """Return the shipments that a limit counts by destination and function of their chain."""
    goods, places = instance.counted_goods(limit), instance.counted_places(limit)
    found: dict[tuple[str, Function], list[int]] = defaultdict(list)
    for here, shipment in enumerate(instance.demand):
        known = shipment.product in goods and shipment.destination in places
        if known and shipment.stage == limit.stage:
            for function in dict.fromkeys(instance.product[shipment.product].chain):
                if limit.function in {None, function}:
                    found[shipment.destination, function].append(here)
    return found


def assignments(
    instance: Instance,
    sites: SiteNumbers,
    uses: Sequence[Mapping[Use, int]],
    owner: Ints,
    demand_kt: Floats,
) -> Assignments:
    """Return groups, candidate sites and the flows that need them, from the routes' uses."""
    found = list(groups(instance, tuple(stage.year for stage in instance.settings.stages)))
    through = columns_through(uses, owner)
    site_number = {site: here for here, site in enumerate(sites.site_ids)}
    candidates: dict[tuple[int, int], int] = {}
    rows: list[tuple[int, int, list[int]]] = []
    for here, group in enumerate(found):
        for shipment in group.shipments:
            for site, columns in sorted(through.get((shipment, group.function.value), {}).items()):
                chosen = candidates.setdefault((here, site_number[site]), len(candidates))
                rows.append((chosen, shipment, columns))
    starts = np.cumsum([0, *(len(columns) for *_, columns in rows)])
    filled = [column for *_, columns in rows for column in columns]
    shape = (len(rows), len(uses))
    shipments = np.array([shipment for _, shipment, _ in rows], dtype=np.int64)
    return Assignments(
        groups=tuple(group.label for group in found),
        stage=np.array([group.stage for group in found], dtype=np.int64),
        most=np.array([group.most for group in found], dtype=np.int64),
        group=np.array([group for group, _ in candidates], dtype=np.int64),
        site=np.array([site for _, site in candidates], dtype=np.int64),
        links=csr_matrix((np.ones(len(filled)), filled, starts), shape=shape),
        candidate=np.array([chosen for chosen, *_ in rows], dtype=np.int64),
        shipment=shipments,
        limit_kt=demand_kt[shipments],
    )


def columns_through(
    uses: Sequence[Mapping[Use, int]], owner: Ints
) -> Mapping[tuple[int, str], Mapping[str, list[int]]]:
    """Return by (shipment, function) and site the columns that are handled there."""
    found: dict[tuple[int, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for column, used in enumerate(uses):
        for key in used:
            if key[0] == "pool":
                found[int(owner[column]), str(key[2])][str(key[1])].append(column)
    return found
