"""Small hub medians, as numbers and as instances, and their optima by trying everything."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from hubopt.engine.hubs.hubs import Hubs
from hubopt.instance.public.hub_median import HubMedian, hub_scales, multiple_allocation
from hubopt.instance.public.hub_single import single_allocation
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance


def random_hubs(seed: int, *, single: bool, cities: int = 5) -> Hubs:
    """Return random numbers: all pairs of cities, some hubs with a cost, some rows best left."""
    rng = np.random.default_rng(seed)
    ends = np.array(list(itertools.combinations(range(cities), 2)))
    hubs = cities - int(rng.integers(0, 2))
    cost = rng.integers(1, 100, (len(ends), hubs, hubs)) / 7.0
    behind = rng.integers(40, 200, len(ends)) / 7.0
    fixed = rng.integers(0, 60, hubs) / 7.0 if seed % 2 else np.zeros(hubs)
    return Hubs(
        fixed, np.minimum(cost, behind[:, None, None]), float(behind.sum()),
        int(rng.integers(1, hubs + 1)),
        ends if single else None, rng.permutation(cities)[:hubs] if single else None,
    )  # fmt: skip


def best_of(hubs: Hubs) -> float:
    """Return the least cost, by trying all sets of hubs and all allocations."""
    return min([hubs.behind, *(cost for _, cost in by_set(hubs))])


def by_set(hubs: Hubs) -> list[tuple[tuple[int, ...], float]]:
    """Return what each set of hubs costs, by trying all allocations."""
    return [
        (chosen, float(hubs.fixed[list(chosen)].sum()) + flows(hubs, chosen))
        for size in range(1, hubs.most + 1)
        for chosen in itertools.combinations(range(hubs.sites), size)
    ]


def flows(hubs: Hubs, chosen: tuple[int, ...]) -> float:
    """Return the least that all rows cost over some hubs."""
    if hubs.ends is None or hubs.own is None:
        return sum(float(row[np.ix_(chosen, chosen)].min()) for row in hubs.cost)
    own = {int(hubs.own[hub]): hub for hub in chosen}
    choices = [[own[city]] if city in own else chosen for city in range(int(hubs.ends.max()) + 1)]
    return min(
        sum(float(row[at[i], at[j]]) for row, (i, j) in zip(hubs.cost, hubs.ends, strict=True))
        for at in itertools.product(*choices)
    )


def hub_instance(seed: int, *, single: bool, cities: int = 4, p: int = 2) -> Instance:
    """Return a hub median as an instance: distances as they come, two ways not alike."""
    rng = random.Random(seed)

    def table(most: int) -> tuple[tuple[float, ...], ...]:
        return tuple(
            tuple(0.0 if i == j else float(rng.randint(1, most)) for j in range(cities))
            for i in range(cities)
        )

    hubs = HubMedian("HUBS", Text("hubs", "枢纽"), table(9), table(40), p, Fraction(1, 2))
    scales = hub_scales(hubs)
    assert scales is not None
    return (single_allocation if single else multiple_allocation)(hubs, scales)


def varied(instance: Instance, seed: int) -> Instance:
    """Return a hub median with handling that costs and takes time, cheap goods, costs of sites.

    Some have less time than three moves take, and some no link for a way that there was.
    """
    rng = random.Random(seed)
    hubs = {row.site for row in instance.capacities if row.function == "charging"}
    paid = hubs or {site.id for site in instance.sites}
    price = instance.products[0].unserved_cost_cny_per_t
    gone = rng.sample(range(len(instance.links)), rng.choice([0, 1, 2]))
    slack = rng.choice([-1.0, 0.0, 0.5, 1.0])
    modules = tuple(
        replace(m, fixed_cost_cny_per_year=rng.choice([0.0, 1e6, 5e6]) if m.site in paid else 0.0)
        for m in instance.modules
    )
    return replace(
        instance,
        modules=modules,
        links=tuple(link for here, link in enumerate(instance.links) if here not in gone),
        handling=tuple(
            replace(row, cost_cny_per_t=rng.choice([0.0, price / 50]), time_h=0.25)
            for row in instance.handling
        ),
        products=(replace(instance.products[0], unserved_cost_cny_per_t=price / 3,
                          cost_factor=rng.choice([1.0, 1.5])),),
        demand=tuple(replace(d, latest_h=3.5 + slack) for d in instance.demand),
    )  # fmt: skip
