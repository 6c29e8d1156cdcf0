"""Instances that are stars: the same optimum as by the model of the routes, and verified plans."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from hubopt.engine.star.recognise import star_case
from hubopt.errors import InfeasibleError, SolverError
from hubopt.instance.public.families import cases_of
from hubopt.instance.public.published import published_beside
from hubopt.instance.read import read
from hubopt.instance.tables import Handling, Instance, Limit, Link
from hubopt.instance.write import write
from hubopt.solve import as_star
from hubopt.solve.answer import Question, answer
from hubopt.study.bench import bench
from hubopt.units import mcny
from hubopt.vocabulary import Access, LimitKind, Mode, SiteStatus
from tests.optimum import optimum
from tests.public_files import Tiny, cap_text, holmberg_text, pmed_text, tiny, with_one_weightless

if TYPE_CHECKING:
    from collections.abc import Callable

BENCHMARKS = os.environ.get("HUBOPT_BENCHMARKS")
at_hand = pytest.mark.skipif(BENCHMARKS is None, reason="the public benchmarks are not here")
EXACT = Question(gap=0.0)


def case_of(folder: Path, family: str = "cap", case: Tiny | None = None, p: int = 2) -> Instance:
    """Return a tiny case of a family as an instance."""
    texts: dict[str, tuple[str, Callable[[Tiny], str]]] = {
        "cap": ("cap1.txt", cap_text),
        "uncap": ("cap1.txt", cap_text),
        "holmberg": ("p1", holmberg_text),
        "pmed": ("pmed1.txt", lambda some: pmed_text(some, p)),
    }
    name, text = texts[family]
    (folder / name).write_text(text(case or tiny(0)), encoding="ascii")
    (found,) = cases_of(family, folder)
    return found.instance


@pytest.mark.parametrize("family", ["cap", "uncap", "holmberg", "pmed"])
@pytest.mark.parametrize("seed", range(3))
def test_the_general_engine_finds_the_same_optimum(family: str, seed: int, tmp_path: Path) -> None:
    """Both ways prove the same cost; plans of the star are verified and leave nothing behind."""
    some = tiny(seed) if seed else with_one_weightless(tiny(seed))
    instance = case_of(tmp_path, family, some)
    short = answer(instance, EXACT)
    long = answer(instance, Question(gap=0.0, routes_per_shipment=3))
    assert (short.engine, long.engine) == ("star", "monolithic")
    assert short.plan.objective_fen == pytest.approx(long.plan.objective_fen, rel=1e-9)
    assert mcny(short.plan.objective_fen) == pytest.approx(optimum(instance).mcny, rel=1e-9)
    assert short.verification.passed
    assert not short.plan.unserved
    assert short.plan.bound_fen is not None
    assert short.plan.objective_fen - short.plan.bound_fen <= 1
    assert short.plan.notes[:2] == (as_star.STAR_NOTE.en, as_star.STAR_NOTE.zh)


def test_marginal_values_are_those_of_the_listed_routes(tmp_path: Path) -> None:
    """What a tonne of capacity is worth at the open sites does not depend on the way of solving."""
    instance = case_of(tmp_path, "cap", Tiny((6, 6), (5, 5), (10,), ((20.0, 30.0),)))
    short, long = (
        answer(instance, EXACT),
        answer(instance, Question(gap=0.0, routes_per_shipment=9)),
    )
    assert short.engine == "star"
    assert len(short.marginals) > 0
    assert short.marginals == long.marginals


def test_a_folder_that_was_written_is_solved_the_same_way(tmp_path: Path) -> None:
    """A star is known by its tables, wherever they come from."""
    instance = case_of(tmp_path, "cap")
    write(instance, tmp_path / "out")
    found = answer(read(tmp_path / "out"), EXACT)
    assert found.engine == "star"
    assert found.plan.objective_fen == answer(instance, EXACT).plan.objective_fen


def test_years_discount_and_handling_count(tmp_path: Path) -> None:
    """With several discounted years and handling that costs, both ways still agree."""
    plain = case_of(tmp_path, "cap", tiny(1))
    stage = replace(plain.settings.stages[0], years=7)
    instance = replace(
        plain,
        settings=replace(plain.settings, stages=(stage,), discount_rate=0.06),
        handling=tuple(
            Handling(row.site, row.function, 3.0 * number, 0.0, 0.0)
            for number, row in enumerate(plain.handling)
        ),
        modules=tuple(replace(m, build_cost_cny=4e6, life_years=20) for m in plain.modules),
        products=tuple(replace(p, cost_factor=1.5) for p in plain.products),
    )
    found = answer(instance, EXACT)
    assert found.engine == "star"
    assert mcny(found.plan.objective_fen) == pytest.approx(optimum(instance).mcny, rel=1e-9)


def test_goods_that_better_stay_behind_do(tmp_path: Path) -> None:
    """At a low price of leaving goods behind the plan leaves some, as that of the routes does."""
    plain = case_of(tmp_path, "cap", tiny(2))
    cheap = min(p.unserved_cost_cny_per_t for p in plain.products)
    for share in (1e-3, 1e-2, 1e-1):
        low = tuple(replace(p, unserved_cost_cny_per_t=cheap * share) for p in plain.products)
        instance = replace(plain, products=low)
        found = answer(instance, EXACT)
        assert found.engine == "star"
        assert mcny(found.plan.objective_fen) == pytest.approx(optimum(instance).mcny, rel=1e-9)


def test_one_source_where_leaving_behind_may_pay_goes_the_long_way(tmp_path: Path) -> None:
    """A bound over plans that serve everybody says nothing then."""
    plain = case_of(tmp_path, "holmberg", tiny(2))
    low = tuple(replace(p, unserved_cost_cny_per_t=1.0) for p in plain.products)
    assert answer(replace(plain, products=low), EXACT).engine == "monolithic"


def a_link(instance: Instance, **changes: object) -> Instance:
    """Return an instance whose last link is changed."""
    *rest, last = instance.links
    return replace(instance, links=(*rest, replace(last, **changes)))  # type: ignore[arg-type]


def more_links(instance: Instance, start: str, end: str) -> Instance:
    """Return an instance with one more link."""
    link: Link = replace(instance.links[0], from_place=start, to_place=end)
    return replace(instance, links=(*instance.links, link))


def goods(instance: Instance, **changes: object) -> Instance:
    """Return an instance whose products are changed."""
    made = tuple(replace(p, **changes) for p in instance.products)  # type: ignore[arg-type]
    return replace(instance, products=made)


def shipments(instance: Instance, **changes: object) -> Instance:
    """Return an instance whose first shipment is changed."""
    first, *rest = instance.demand
    return replace(instance, demand=(replace(first, **changes), *rest))  # type: ignore[arg-type]


def first_site(instance: Instance, status: SiteStatus) -> Instance:
    """Return an instance whose first site has a status."""
    first, *rest = instance.sites
    return replace(instance, sites=(replace(first, status=status), *rest))


NO_STARS: dict[str, Callable[[Instance], Instance]] = {
    "a link between customers": lambda i: more_links(i, "C1", "C2"),
    "a link past the sites": lambda i: more_links(i, "SUPPLY", "C1"),
    "a link between sites": lambda i: more_links(i, "F1", "F2"),
    "a link both ways": lambda i: a_link(i, both_ways=True),
    "a link with a capacity": lambda i: a_link(i, capacity_t_per_year=5e5),
    "a link for services": lambda i: a_link(i, access=Access.SCHEDULED),
    "two modes": lambda i: goods(
        a_link(i, mode=Mode.ROAD_BATTERY), modes=frozenset({Mode.ROAD_DIESEL, Mode.ROAD_BATTERY})
    ),
    "goods of value": lambda i: goods(i, value_cny_per_t=5.0),
    "a peak": lambda i: goods(i, peak_factor=1.5),
    "a time limit": lambda i: shipments(i, latest_h=5.0),
    "some of one source": lambda i: shipments(i, single_source=True),
    "a site required": lambda i: first_site(i, SiteStatus.REQUIRED),
    "a site closed": lambda i: first_site(i, SiteStatus.CLOSED),
    "two modules of a size": lambda i: replace(
        i, modules=tuple(replace(m, most=2) for m in i.modules)
    ),
    "a price of carbon": lambda i: replace(
        i, settings=replace(i.settings, carbon_price_cny_per_t=50.0)
    ),
    "a budget": lambda i: replace(i, limits=(Limit(LimitKind.BUDGET, 2025, None, 1e9),)),
    "least use": lambda i: replace(
        i, handling=tuple(replace(row, least_t_per_year=1.0) for row in i.handling)
    ),
}


@pytest.mark.parametrize("name", NO_STARS)
def test_what_makes_an_instance_no_star(name: str, tmp_path: Path) -> None:
    """One thing more than a star has, and the general engine solves it."""
    plain = case_of(tmp_path)
    assert star_case(plain) is not None
    assert star_case(NO_STARS[name](plain)) is None


def test_a_customer_too_large_for_one_source_has_no_plan(tmp_path: Path) -> None:
    """Where a star has no plan the general engine says why, or leaves the customer behind."""
    instance = case_of(tmp_path, "holmberg", Tiny((6, 6), (5, 5), (10,), ((20.0, 30.0),)))
    try:
        found = answer(instance, EXACT)
    except InfeasibleError:
        return
    assert found.engine == "monolithic"
    assert found.plan.unserved


def test_a_star_that_costs_other_than_its_problem_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong number in the star ends in a failure, not in a plan."""
    from hubopt.engine.star import recognise  # noqa: PLC0415  (patched)

    fixed = recognise.fixed_costs
    monkeypatch.setattr(recognise, "fixed_costs", lambda instance: fixed(instance) * 0.99)
    with pytest.raises(SolverError, match="special form"):
        answer(case_of(tmp_path), EXACT)


def test_routes_of_a_star_are_all_that_exist(tmp_path: Path) -> None:
    """Listing gives the same routes at the same costs as the arrays of the star."""
    instance = case_of(tmp_path, "cap", with_one_weightless(tiny(3)))
    case, listed = star_case(instance), optimum(instance).problem
    assert case is not None
    sites, customers = case.star.cost.shape
    costs = {
        (int(j), steps): cost * listed.demand_kt[j]
        for j, steps, cost in zip(
            listed.column_shipment, listed.column_steps, listed.column_cost, strict=True
        )
    }
    ours = {
        (j, case.steps(i, j)): case.star.cost[i, j] for i in range(sites) for j in range(customers)
    }
    assert costs.keys() == ours.keys()
    assert np.allclose([costs[key] for key in ours], list(ours.values()), rtol=1e-12)


SAMPLE = [
    ("cap", "orlib_cap", {"cap41", "cap44", "cap84", "cap134", "capa@8000", "capc@7250"}),
    ("holmberg", "holmberg", {f"Lib_2_p{n}" for n in (1, 20, 25, 45, 55, 63, 71)}),
    ("pmed", "pmed", {"pmed1", "pmed5", "pmed6", "pmed8"}),
]


@at_hand
@pytest.mark.slow
@pytest.mark.parametrize(("family", "folder", "names"), SAMPLE)
def test_published_optima_are_proved(family: str, folder: str, names: set[str]) -> None:
    """The command's own way proves published values to their last digit, by the star engine."""
    place = Path(str(BENCHMARKS)) / folder
    cases = [case for case in cases_of(family, place) if case.name in names]
    found = list(bench(cases, published_beside(place), Question(gap=0.0, time_s=120.0)))
    assert len(found) == len(names)
    assert [one.case for one in found if one.proof.value != "optimal" or not one.same] == []
    assert {one.engine for one in found} == {"star"}
