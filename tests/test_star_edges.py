"""Stars at their edges: sites without room or without limit, and capacities met to the kilogram."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hubopt.engine.star import single
from hubopt.engine.star import solve_star as solve_star_module
from hubopt.engine.star.choice import chosen
from hubopt.engine.star.closing import closing_form, exactness, holds
from hubopt.engine.star.pairs import pair_bounds
from hubopt.engine.star.solve_star import solve_star
from hubopt.engine.star.star import Star, undecided
from hubopt.solver.form import Progress, SolveOptions
from tests.solve_here import solved_here
from tests.solver_at_hand import solver_at_hand
from tests.star_cases import Kind, best_by_set, random_star

EXACT = SolveOptions(gap=0.0, time_s=20.0)


def with_room(star: Star, **kilograms: float) -> Star:
    """Return a star of which some sites have another capacity: `s0` is the first."""
    capacity = star.capacity_kg.copy()
    for site, kg in kilograms.items():
        capacity[int(site[1:])] = kg
    return replace(star, capacity_kg=capacity)


@pytest.mark.parametrize("single_source", [False, True])
@pytest.mark.parametrize("kg", [0.0, 1.0, np.inf])
def test_a_site_without_room_or_without_limit_is_a_site(kg: float, *, single_source: bool) -> None:
    """The optimum is that of trying everything, and the bound meets it, whatever else opens."""
    proved = 0
    for seed in range(12):
        kind = Kind(single=single_source, room=3.0, alike=seed % 2 == 0)
        star = with_room(random_star(seed, kind), s1=kg)
        best = min(best_by_set(star).values())
        with solver_at_hand():
            found = solve_star(star, EXACT)
        if np.isinf(best) or (single_source and star.least_penalty < best):
            continue
        assert found.plan is not None
        assert found.plan.cost == pytest.approx(best, rel=1e-9), seed
        assert found.bound == pytest.approx(best, rel=1e-9), seed
        proved += 1
    assert proved >= 8


def test_where_no_room_is_left_nothing_can_be_chosen() -> None:
    """Sites without room fill no need, alone or beside others that have too little."""
    star = with_room(random_star(0, Kind(single=True)), s0=0.0, s1=0.0, s2=0.0, s3=0.0)
    assert chosen(star, np.ones(4), undecided(star))[0] == np.inf
    assert chosen(with_room(star, s3=1.0), np.ones(4), undecided(star))[0] == np.inf


def test_one_site_without_limit_is_enough() -> None:
    """It opens as a whole, though it pays nothing: the bound counts what it costs."""
    star = with_room(random_star(0, Kind(single=True)), s0=0.0, s1=np.inf, s2=1.0, s3=2.0)
    least, opened = chosen(star, np.array([1.0, 40.0, 90.0, 90.0]), undecided(star))
    assert least == 40.0
    assert opened.tolist() == [0.0, 1.0, 0.0, 0.0]


def test_no_shipment_goes_where_it_does_not_fit() -> None:
    """Such pairs cost infinitely much, and a site without room serves what has no weight alone."""
    star = with_room(random_star(0, Kind(single=True, room=3.0)), s1=0.0)
    star = replace(star, weight_kg=np.where(np.arange(5) == 2, 0.0, star.weight_kg))
    least = pair_bounds(star, np.full(5, 50.0), undecided(star))
    assert np.isfinite(least[1]).tolist() == (star.weight_kg == 0).tolist()
    form = closing_form(star, undecided(star), np.isfinite(least), 1.0)
    assert np.all(np.isfinite(form.values))
    assert form.row_upper[star.shipments + 1] == 0.0


def tight(cheap: float = 1.0) -> Star:
    """Return four shipments for two sites of 100,000 tonnes; the cheapest pairs pass one by 1 kg.

    Shipments of 50,000 t and a kilogram more or less; the first two fit together with no kilogram
    left, the last two do not, but each pair of one heavy and one light does.
    """
    return Star(
        fixed=np.array([1.0, 1.0]),
        capacity_kg=np.full(2, 1e8),
        weight_kg=np.array([5e7 + 1, 5e7, 5e7 - 1, 5e7]),
        cost=np.array([[cheap, cheap, 60.0, 60.0], [60.0, 60.0, cheap, cheap]]),
        unserved=np.full(4, 1e15),
        single=True,
    )


def test_one_source_keeps_capacities_to_the_kilogram() -> None:
    """A plan that passes a capacity by one kilogram in 10^8 is none, however cheap."""
    star = tight()
    best = min(best_by_set(star).values())
    assert best > 100.0
    found = solve_star(star, EXACT)
    assert found.plan is not None
    assert np.all(found.plan.shares @ star.weight_kg <= star.capacity_kg[found.plan.open])
    assert found.plan.cost == pytest.approx(best)
    assert found.bound == pytest.approx(best)


def test_tolerances_are_tightened_where_kilograms_are_small() -> None:
    """Where a millionth of a capacity is less than a quarter of a grain nothing need be set."""
    assert exactness(random_star(0, Kind(single=True))) == {}
    assert 1e-10 <= exactness(tight())["mip_feasibility_tolerance"] <= 1e-9


def test_a_point_that_passes_a_capacity_is_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a solver that is looser than it was asked to be only the bound is taken."""
    star = tight()
    assert not holds(star, np.array([0, 1]), np.array([[1.0, 1, 0, 0], [0, 0, 1, 1]]))
    assert not holds(star, np.array([0, 1]), np.array([[1.0, 0, 1, 0], [0, 0, 1, 1]]))
    assert holds(star, np.array([0, 1]), np.array([[1.0, 0, 1, 0], [0, 1, 0, 1]]))
    assert not holds(
        replace(star, most=1), np.array([0, 1]), np.array([[1.0, 0, 1, 0], [0, 1, 0, 1]])
    )
    monkeypatch.setattr(single, "run", solved_here)
    found = solve_star(star, EXACT)
    best = min(best_by_set(star).values())
    assert found.bound <= best * (1 + 1e-9)
    if found.plan is not None:
        assert np.all(found.plan.shares @ star.weight_kg <= star.capacity_kg[found.plan.open])


def test_bounds_told_on_the_way_cover_plans_that_leave_goods_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Under single sourcing none is above what the least that is left behind costs."""
    monkeypatch.setattr(solve_star_module, "TELL_EVERY_S", -1.0)
    star = random_star(0, Kind(single=True, room=3.0))
    best = min(best_by_set(star).values())
    star = replace(star, unserved=star.unserved * 0.5 * best / star.least_penalty)
    told: list[Progress] = []
    with solver_at_hand():
        found = solve_star(star, EXACT, on_progress=told.append)
    bounds = [one.bound for one in told if one.bound is not None]
    assert len(bounds) > 0
    assert max(*bounds, found.bound) <= star.least_penalty < best
