"""One more scenario of a multimodal case, warm: hubopt from its base, Pyomo with a new model.

The base is solved by hubopt first and is not timed. In the scenario each shipment weighs up to a
tenth more or less, and one of the sites that the base opens stays closed; the round is the seed.
hubopt starts from what its base learnt, and its time ends with the verified plan, whose bound is
over all ways. Pyomo's model holds the ways that the base ended with and, so that it has sites to
choose from, that by each site at the base's prices: with those by the four cheapest sites alone its
plan on S cost 1.5 % more. Its bound is over these ways alone, and its plan may still cost more.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.backends.columns import Listed, Way, build
from benchmarks.spec import Found

if TYPE_CHECKING:
    from benchmarks.spec import Task
    from hubopt.engine.one_stop.columns import Columns
    from hubopt.engine.one_stop.learnt import Learnt
    from hubopt.engine.one_stop.numbers import Floats, Numbers
    from hubopt.engine.one_stop.paths import PathFinder
    from hubopt.instance.public.one_stop import OneStop
    from hubopt.instance.public.scales import Scales

LEAST, MOST, DIGITS = 0.9, 1.1, 6


def run(task: Task) -> Found:
    """Solve the base, then time the scenario by hubopt or by Pyomo, on one core."""
    from benchmarks.families import load_all  # noqa: PLC0415  (loads on use)
    from hubopt.instance.public.families import cases_of  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415
    from hubopt.solve.one_stop import answer_one_stop  # noqa: PLC0415

    load_all()
    (case,) = (
        one for one in cases_of(task.case.family, Path(task.case.file))
        if one.name == task.case.title
    )  # fmt: skip
    if case.one_stop is None:
        return Found("failed", note="not a case of siting with one stop")
    problem, scales = case.one_stop
    on_one_core()
    base = answer_one_stop(
        case.instance, problem, scales, Question(gap=task.gap, time_s=task.limit_s)
    )
    if base.learnt is None:
        return Found("failed", note="the base has no plan")
    changed = scenario(problem, base.learnt, task.repeat)
    solve = by_hubopt if task.method == "hubopt" else by_pyomo
    return solve(task, changed, scales, base.learnt)


def on_one_core() -> None:
    """Keep this process, all its threads and its children on one core, where the system can."""
    threads = Path("/proc/self/task")
    if hasattr(os, "sched_setaffinity") and threads.is_dir():
        core = {min(os.sched_getaffinity(0))}
        for thread in threads.iterdir():
            os.sched_setaffinity(int(thread.name), core)


def scenario(problem: OneStop, base: Learnt, seed: int) -> OneStop:
    """Return a problem with other demand and without one of the sites that its plan opens."""
    rng = random.Random(seed)  # noqa: S311  (no secrets here)
    sent = tuple(
        replace(one, units=round(one.units * rng.uniform(LEAST, MOST), DIGITS))
        for one in problem.shipments
    )
    size = base.size if base.size is not None else np.zeros(len(problem.sites))
    closed = rng.choice(np.flatnonzero(size >= 0).tolist())
    sites = tuple(
        replace(one, sizes=()) if number == closed else one
        for number, one in enumerate(problem.sites)
    )
    return replace(problem, shipments=sent, sites=sites)


def by_hubopt(task: Task, problem: OneStop, scales: Scales, base: Learnt) -> Found:
    """Time hubopt from the tables of the scenario to its verified plan."""
    from benchmarks.child import Clock  # noqa: PLC0415  (loads on use)
    from hubopt.instance.pause import no_garbage_search  # noqa: PLC0415
    from hubopt.instance.public.one_stop_instance import one_stop_instance  # noqa: PLC0415
    from hubopt.solve.answer import Question  # noqa: PLC0415
    from hubopt.solve.one_stop import answer_one_stop  # noqa: PLC0415
    from hubopt.units import mcny  # noqa: PLC0415

    clock = Clock()
    with no_garbage_search():
        instance = one_stop_instance(problem, scales)
        question = Question(gap=task.gap, time_s=task.limit_s)
        found = answer_one_stop(instance, problem, scales, question, warm=base)
    plan, unit = found.plan, scales.mcny_per_unit
    result = clock.stop(Found(plan.status.value, value=mcny(plan.objective_fen) / unit))
    result.bound = None if plan.bound_fen is None else mcny(plan.bound_fen) / unit
    if plan.unserved:
        result.status, result.note = "failed", "some goods are left behind"
    result.phases = {name: (seconds, 0.0) for name, seconds in found.seconds.items()}
    return result


def by_pyomo(task: Task, problem: OneStop, scales: Scales, base: Learnt) -> Found:
    """Time Pyomo from plain numbers to the end of the solve; a limit counts as the limit."""
    from benchmarks.backends import pyomo_highs  # noqa: PLC0415  (each loads on use)
    from benchmarks.child import Clock, warm_up  # noqa: PLC0415
    from hubopt.engine.one_stop.numbers import numbers_of  # noqa: PLC0415

    warm_up(task)
    case = listed(numbers_of(problem, scales), base)
    clock = Clock()
    found = clock.stop(pyomo_highs.solve(build(case), task.limit_s, task.gap))
    found.note = f"{len(case.ways)} ways; its bound is over these alone"
    if found.status == "limit" and found.seconds is not None:
        found.note += f"; the limit was reached ({found.seconds:.0f} s with the model) and counts"
        found.seconds = min(found.seconds, task.limit_s)
    return found


def listed(numbers: Numbers, base: Learnt) -> Listed:
    """Return a scenario over the base's ways and that by each site, as plain numbers."""
    from hubopt.engine.one_stop.paths import PathFinder  # noqa: PLC0415  (loads on use)
    from hubopt.engine.one_stop.routing import Router  # noqa: PLC0415
    from hubopt.engine.one_stop.volume import first_prices  # noqa: PLC0415

    finder = PathFinder(numbers)
    otherwise, _ = first_prices(numbers, finder)
    more = by_each_site(numbers, finder, base.prices_in(numbers, otherwise).arc)
    ways = base.ways_in(numbers).joined(more)
    ways = ways.taken(numbers.room.max(axis=1)[ways.site] > 0)
    use = ways.use
    return Listed(
        [
            Way(s, i, cost, tuple(use.indices[use.indptr[w] : use.indptr[w + 1]].tolist()))
            for w, (s, i, cost) in enumerate(
                zip(ways.shipment.tolist(), ways.site.tolist(), ways.cost.tolist(), strict=True)
            )
        ],
        numbers.units.tolist(),
        [
            [(room, fixed) for room, fixed in zip(*pair, strict=True) if room > 0]
            for pair in zip(numbers.room.tolist(), numbers.fixed.tolist(), strict=True)
        ],
        numbers.shared_room.tolist(),
        Router(numbers, finder).unserved_price.tolist(),
    )


def by_each_site(numbers: Numbers, finder: PathFinder, prices: Floats) -> Columns:
    """Return the cheapest way of each shipment by each site at prices of arcs."""
    from hubopt.engine.one_stop.columns import columns_of  # noqa: PLC0415  (loads on use)

    trees = finder.trees(prices)
    site, shipment = np.nonzero(np.isfinite(finder.by_site(trees)))
    return columns_of(numbers, trees, shipment, site)
