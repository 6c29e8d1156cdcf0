"""Names of rows and columns are made when they are read, and are those that were always made."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
import pytest

from hubopt.engine.array_form import array_form
from hubopt.engine.bound import route_bound
from hubopt.engine.design_form import design_form
from hubopt.engine.dive import relaxed
from hubopt.engine.layout import layout_of
from hubopt.engine.pricing import RoutePricer
from hubopt.engine.shared_prices import shared_prices, signed
from hubopt.errors import SolverError
from hubopt.model.build import build_design
from hubopt.model.decisions import positions
from hubopt.model.flow import most_use
from hubopt.model.names import Names
from hubopt.model.standard import standard_form
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.solver.form import SolveOptions, SolverStatus
from hubopt.solver.frames import Frame, read_frame, write_frame
from hubopt.solver.guard import guard
from hubopt.solver.name_list import Family, NameList, carried, in_families, in_turn, taken
from hubopt.solver.run import run
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.random_networks import random_network
from tests.small_problems import impossible, pair, tiny_problem
from tests.solver_at_hand import solver_at_hand

if TYPE_CHECKING:
    from hubopt.problem.problem import Problem

OPTIONS = SolveOptions(gap=1e-9, time_s=60.0)


@cache
def problems() -> list[Problem]:
    """Return problems by hand and at random, with every rule among them."""
    with solver_at_hand():
        drawn = [random_instance(seed) for seed in range(6)]
        drawn += [limited_instance(5000 + seed) for seed in range(8)]
    return [
        pair(), tiny_problem(), impossible(),
        *(build_problem(instance, list_routes(instance)) for instance in drawn),
    ]  # fmt: skip


def numbered(*numbers: int, name: str = "row", labels: tuple[str, ...] = ("a", "b", "c")) -> Family:
    """Return members of a family that is counted by one thing."""
    return Family(name, np.array(numbers), lambda some: ((labels, some),))


class MakesNamesError(Exception):
    """All names were made."""


def test_solving_and_pricing_make_no_names() -> None:
    """From the problem to the bound over all routes only names of worst rows are made, one each."""
    instance = random_network(1)
    few = build_problem(instance, list_routes(instance, per_shipment=1))
    every = mock.PropertyMock(side_effect=MakesNamesError)
    with solver_at_hand(), mock.patch.object(NameList, "all", every):
        form = relaxed(array_form(few))
        guard(form)
        answer = run(form, OPTIONS)
        assert answer.status is SolverStatus.OPTIMAL
        layout_of(few, form)
        bound = route_bound(RoutePricer(instance, few), few, form, answer.row_duals)
        assert np.isfinite(bound.value)
        with pytest.raises(MakesNamesError):
            list(form.row_names)


def test_one_name_makes_no_other() -> None:
    """The name of one column is the one that stands there, and the others are not made for it."""
    form = array_form(tiny_problem())
    names = form.column_names
    one = names[len(names) - 1]
    assert isinstance(names, NameList)
    assert "all" not in vars(names)
    assert one == tuple(names)[-1] == names[-1]
    assert len(names) == len(tuple(names)) == len(form.cost)
    with pytest.raises(IndexError):
        names[len(names)]


def test_designs_are_those_of_pyomo_in_its_order() -> None:
    """Whole decisions as arrays are what Pyomo makes of them, number by number, in its order."""
    for problem in problems():
        one, made = standard_form(build_design(problem)), design_form(problem, Names(problem))
        assert tuple(NameList(made.column_names())) == one.column_names
        assert tuple(NameList(made.row_names())) == one.row_names
        assert np.array_equal(made.cost, one.cost)
        assert np.array_equal(made.upper, one.column_upper)
        assert made.offset == one.offset
        for side in ("lower", "upper"):
            found = np.concatenate([getattr(block, side) for block in made.rows])
            assert np.array_equal(found, getattr(one, f"row_{side}")), side
        dense = np.zeros(one.matrix().shape)
        dense[made.entries.rows, made.entries.columns] = made.entries.values
        assert np.array_equal(dense, one.matrix().toarray())


def test_positions_by_number_are_those_by_name() -> None:
    """Columns are found by number where a search for their names finds them."""
    for problem in problems():
        form = array_form(problem)
        by_name = replace(form, column_names=tuple(form.column_names))
        here, there = positions(problem, form), positions(problem, by_name)
        assert set(here) == set(there)
        assert all(np.array_equal(here[family], there[family]) for family in here)


def test_another_problem_is_found_by_name() -> None:
    """A form of other routes is not read by number: names say which columns there are."""
    problem = tiny_problem()
    form = array_form(problem)
    other = replace(problem, shipment_ids=tuple(f"other{n}" for n in problem.shipment_ids))
    with pytest.raises(SolverError, match="no decision is named flow"):
        positions(other, form)


def test_prices_by_number_are_those_by_name() -> None:
    """The price of a thing is the multiplier of the row that is named after it."""
    instance = limited_instance(5001)
    problem = build_problem(instance, list_routes(instance))
    form = array_form(problem)
    duals = signed(form, np.random.default_rng(3).normal(size=len(form.row_names)))
    price = dict(zip(form.row_names, (-duals).tolist(), strict=True))
    found, names = shared_prices(instance, problem, form, duals), Names(problem)
    for p, pool in enumerate(names.pools):
        for t, year in enumerate(problem.stages):
            row = f"site_capacity({','.join(pool)},{year})"
            assert found.pool[p, t] == price.get(row, 0.0)
    for n, leg in enumerate(names.legs):
        for t, year in enumerate(problem.stages):
            assert found.leg[n, t] == price.get(f"service_capacity({leg},{year})", 0.0)
    openings = problem.openings
    for s, p in zip(openings.shipment.tolist(), openings.pool.tolist(), strict=True):
        row = f"site_open_for_flow({names.shipments[s]},{','.join(names.pools[p])})"
        assert (price.get(row, 0.0) != 0) == bool(found.own.get(s, {}).get(p, 0.0))


def test_parts_of_a_list_are_parts_of_its_names() -> None:
    """Taking, joining and asking for families does to a list what it does to plain names."""
    names = in_turn(array_form(pair()).row_names, ["lacks(a)", "short(1)"])
    every = tuple(names)
    dice = np.random.default_rng(2)
    for _ in range(20):
        here = dice.permutation(len(every))[: dice.integers(0, len(every) + 1)]
        assert tuple(taken(names, here)) == taken(every, here) == tuple(every[n] for n in here)
    for wanted in ({"demand_met"}, {"least_use", "lacks"}, set[str]()):
        assert np.array_equal(in_families(names, wanted), in_families(every, wanted))


def test_values_are_carried_by_what_rows_stand_for() -> None:
    """Values go from one form's rows to another's as they would by name; what is new has none."""
    before, after = array_form(pair()).row_names, array_form(tiny_problem()).row_names
    dice = np.random.default_rng(4)
    for one, other in ((before, taken(before, dice.permutation(len(before))[:7])),
                       (taken(after, dice.permutation(len(after))[:5]), after)):  # fmt: skip
        values = dice.normal(size=len(one))
        by_number = carried(values, one, other)
        assert np.array_equal(by_number, carried(values, tuple(one), tuple(other)))
    assert carried(np.zeros(0), (), after).tolist() == [0.0] * len(after)


@pytest.mark.parametrize(
    "parts",
    [
        (numbered(0, 1, 0),),
        (numbered(0), numbered(1, 0)),
        (numbered(0, 1, labels=("a", "a")),),
        (numbered(0, 1, labels=("a b", "a")),),
        (numbered(0, 1, labels=("a", "行")),),
        (numbered(0, name="no row"),),
        (numbered(0, 1), ("row(a)", "other")),
        (("row(a)", "row(a)"),),
    ],
)
def test_names_that_are_wrong_are_refused(parts: tuple[Family | tuple[str, ...], ...]) -> None:
    """The guard refuses names that stand twice or are not plain ASCII, made on demand or not."""
    names = NameList(parts)
    assert not names.told_apart
    form = relaxed(array_form(pair()))
    rest = np.arange(len(names), len(form.row_names))
    with pytest.raises(SolverError, match="the name"):
        guard(replace(form, row_names=in_turn(names, [f"r{n}" for n in rest])))


def test_names_that_are_right_are_taken() -> None:
    """All names of forms that are made of arrays are told apart without being made."""
    for problem in problems():
        form = array_form(problem)
        for names in (form.row_names, form.column_names):
            assert isinstance(names, NameList)
            assert names.told_apart
            assert len(set(names)) == len(names)


def test_freight_that_could_come_counts_each_shipment_once() -> None:
    """Whatever the order of routes in a row, the most that could use it is the same."""
    problem = tiny_problem()
    for use in (problem.pool_use, problem.link_use, problem.leg_use, -problem.pool_use):
        plain = [
            sum(
                problem.demand_kt[s] * max(0.0, row[problem.column_shipment == s].max())
                for s in range(len(problem.demand_kt))
            )
            for row in use.toarray()
        ]
        for order in (slice(None), slice(None, None, -1)):
            other = use.copy()
            for start, end in zip(use.indptr[:-1], use.indptr[1:], strict=True):
                other.indices[start:end] = use.indices[start:end][order]
                other.data[start:end] = use.data[start:end][order]
            assert most_use(problem, other) == pytest.approx(plain, rel=1e-12)


def test_frames_carry_places_as_they_are() -> None:
    """Row numbers go through a pipe as 32-bit numbers beside floats, each as it was."""
    pipe = BytesIO()
    sent = {"starts": np.arange(3, dtype=np.int32), "values": np.array([0.5, -1e300])}
    write_frame(pipe, Frame("task", {}, sent))
    pipe.seek(0)
    frame = read_frame(pipe)
    assert frame is not None
    assert {name: found.dtype for name, found in frame.arrays.items()} == {
        "starts": np.dtype("<i4"), "values": np.dtype("<f8"),
    }  # fmt: skip
    assert all(np.array_equal(frame.arrays[name], array) for name, array in sent.items())


def test_nothing_taken_is_no_name() -> None:
    """A list of which nothing is asked for is empty, whatever it holds."""
    form = array_form(pair())
    assert list(taken(form.row_names, np.zeros(0, dtype=np.int64))) == []
    assert list(taken((), np.zeros(0, dtype=np.int64))) == []
