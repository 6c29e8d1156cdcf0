"""An LP without the rows that tie flows to sites finds those that bind, and the same value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine import generate as generate_module
from hubopt.engine import link_rows, search
from hubopt.engine.array_form import array_form
from hubopt.engine.dive import relaxed
from hubopt.engine.generate import generate
from hubopt.engine.known_point import known_point
from hubopt.engine.link_rows import LinkRows, links_of, only_rows
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.solve.answer import Question, answer
from hubopt.solver.form import SolveOptions
from hubopt.solver.name_list import in_families
from hubopt.solver.run import run
from hubopt.vocabulary import Engine, Status
from tests.random_instances import random_instance
from tests.random_networks import random_network
from tests.solver_at_hand import solver_at_hand
from tests.test_route_pricing import with_all_routes

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.solver.form import StandardForm

OPTIONS = SolveOptions(gap=1e-9, time_s=60.0)


@pytest.fixture(params=[0, 3000], ids=["interior", "simplex"])
def few(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take any number of these rows for many, solved by one way or the other."""
    monkeypatch.setattr(link_rows, "MANY_LINKS", 0)
    monkeypatch.setattr(link_rows, "MANY_KNOWN", request.param)


def cases() -> list[Instance]:
    """Return instances with sites to choose."""
    return [*map(random_instance, range(6)), *map(random_network, range(6))]


def lp_of(instance: Instance) -> StandardForm:
    """Return the LP of an instance over its listed routes."""
    return relaxed(array_form(build_problem(instance, list_routes(instance))))


@pytest.mark.usefixtures("few")
def test_rows_that_bind_are_found_and_the_value_is_that_with_all() -> None:
    """Learning until nothing is broken ends at the value of the LP with all rows."""
    without = 0
    for instance in cases():
        form, links = lp_of(instance), LinkRows()
        truth = run(form, OPTIONS)
        found = links.solve(form, OPTIONS, None)
        while links.learn(form, found.values):
            found = links.solve(form, OPTIONS, None)
        assert found.objective == pytest.approx(truth.objective, rel=1e-6)
        assert found.row_duals is None or len(found.row_duals) == len(form.row_lower)
        without += bool(links_of(form).sum() > links.known(form).sum())
    assert without > 3


def test_few_rows_are_all_there() -> None:
    """Where these rows are not many nothing is left out, and nothing is learnt."""
    form, links = lp_of(random_instance(1)), LinkRows()
    assert len(links.rows(form)) == len(form.row_lower)
    assert only_rows(form, links.rows(form)) is form
    assert links.learn(form, np.zeros(len(form.cost))) == 0
    assert not links.way(form)


@pytest.mark.usefixtures("few")
def test_bounds_over_all_routes_stay_bounds() -> None:
    """The bound without these rows is none above the LP over every route, and near it."""
    with solver_at_hand():
        for instance in cases():
            every = with_all_routes(instance)
            truth = run(relaxed(array_form(every)), OPTIONS)
            first = build_problem(instance, list_routes(instance, per_shipment=1))
            made = generate(instance, first, OPTIONS)
            if truth.objective is None or made.bound_over_all_mcny is None:
                continue
            assert made.bound_over_all_mcny <= truth.objective + 1e-7 * abs(truth.objective)
            assert made.bound_over_all_mcny == pytest.approx(truth.objective, rel=1e-3)


@pytest.mark.parametrize("seed", [1, 5])
def test_marks_go_with_their_rows_when_routes_are_added(seed: int) -> None:
    """A row that was broken is known in the form of a longer list too, by what it stands for."""
    instance = random_instance(seed)
    short, long = (
        relaxed(array_form(build_problem(instance, list_routes(instance, per_shipment=n))))
        for n in (1, 50)
    )
    links = LinkRows(short.row_names, links_of(short).astype(float))
    here, there, every = (
        {form.row_names[n] for n in np.flatnonzero(rows)}
        for form, rows in (
            (short, links.known(short)), (long, links.known(long)), (long, links_of(long)),
        )
    )  # fmt: skip
    assert here == there
    assert here
    assert here < every


@pytest.mark.usefixtures("few")
def test_a_search_begins_at_the_point_of_the_pricing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No LP of the whole is solved again after pricing, and the plan is proved as ever."""
    phases: list[str] = []
    true_solve = search.Search.solve

    def heard(self: search.Search, form: StandardForm, phase: str, **kw: object) -> object:
        phases.append(phase)
        return true_solve(self, form, phase, **kw)  # type: ignore[arg-type]

    monkeypatch.setattr(search.Search, "solve", heard)
    instance = random_network(3)
    question = Question(gap=0.0, time_s=20.0, routes_per_shipment=1)
    with solver_at_hand():
        found = answer(instance, question, all_routes=True, engine=Engine.DECOMPOSITION)
    assert found.verification.passed
    assert found.plan.status in {Status.OPTIMAL, Status.FEASIBLE}
    assert "LP relaxation" not in phases


@pytest.mark.parametrize("rounds", [1, 2])
def test_the_last_point_is_known_in_the_terms_of_a_longer_list(
    rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pricing that is cut short adds routes after its last LP; flows stay on their routes."""
    monkeypatch.setattr(generate_module, "MOST_ROUNDS", rounds)
    moved = 0
    with solver_at_hand():
        for instance in cases():
            first = build_problem(instance, list_routes(instance, per_shipment=1))
            made = generate(instance, first, OPTIONS)
            form, before = relaxed(array_form(made)), made.relaxation
            found = known_point(made, form)
            if before is None or found is None:
                continue
            demand = in_families(form.row_names, {"demand_met"})
            carried = (form.matrix() @ found[0])[demand]
            assert carried == pytest.approx(form.row_upper[demand], rel=1e-5, abs=1e-6)
            moved += len(made.column_steps) > len(before.problem.column_steps)
    assert moved
