"""Hub medians and network designs of public files are exact instances, and bad files are named."""

from __future__ import annotations

import itertools
import os
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.optimize import linprog

import hubopt
from hubopt.instance.codes import Code
from hubopt.instance.public.families import FAMILIES, cases_of
from hubopt.instance.public.fixed_charge import Arc, Commodity
from hubopt.instance.public.published import published_beside
from hubopt.plan.pricing import Pricer
from hubopt.units import exact, mcny
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hubopt.instance.public.case import PublicCase
    from hubopt.plan.plan import Plan

Pairs = dict[tuple[int, int], tuple[float, float]]

CITIES = range(1, 5)
FLOWS = (0, 3, 5, 2, 4, 0, 1, 6, 2.5, 7, 0, 1, 8, 3, 2, 0)
COSTS = (0, 9, 2, 30, 4, 0, 25, 5, 3, 11, 0, 8, 40, 6, 12, 0)
"""Not symmetric, and far from the triangle inequality: 2 -> 3 costs 25, 2 -> 1 -> 3 costs 6."""

FOUR: Pairs = dict(
    zip(itertools.product(CITIES, CITIES), zip(FLOWS, COSTS, strict=True), strict=True)
)


def cab_text(pairs: Pairs) -> str:
    """Return a bare file of cities."""
    return "".join(f"{i} {j} {flow:g} {cost:g}\n" for (i, j), (flow, cost) in pairs.items())


def case_in(folder: Path, family: str, name: str, text: str, case: str | None = None) -> PublicCase:
    """Return a case of a file that holds the text; its only case if none is named."""
    (folder / name).write_text(text, encoding="utf-8")
    found = {one.name: one for one in cases_of(family, folder)}
    return found[case] if case else next(iter(found.values()))


def solved(case: PublicCase) -> tuple[float, Plan]:
    """Return the value and the plan of a case, proved and verified."""
    plan = hubopt.answer(case.instance, hubopt.Question(gap=0.0)).plan
    assert plan.bound_fen is not None
    assert not plan.unserved
    assert case.value(mcny(plan.objective_fen - plan.bound_fen)) < 1e-6
    return case.value(mcny(plan.objective_fen)), plan


def total_flow(pairs: Pairs) -> float:
    """Return all flow."""
    return sum(flow for flow, _ in pairs.values())


def by_any_hubs(pairs: Pairs, n: int, p: int, discount: float) -> float:
    """Return the least cost per unit with multiple allocation, by trying all sets of hubs."""
    return min(
        sum(
            flow * min(path(pairs, i, k, m, j, discount) for k in hubs for m in hubs)
            for (i, j), (flow, _) in pairs.items()
        )
        for hubs in itertools.combinations(range(1, n + 1), p)
    ) / total_flow(pairs)


def by_one_hub(pairs: Pairs, n: int, p: int, discount: float) -> float:
    """Return the least cost per unit with single allocation, by trying all allocations.

    A hub's own city is allocated to it.
    """
    costs = []
    for at in itertools.product(range(1, n + 1), repeat=n):
        hubs = set(at)
        if len(hubs) <= p and all(at[k - 1] == k for k in hubs):
            costs.append(
                sum(
                    flow * path(pairs, i, at[i - 1], at[j - 1], j, discount)
                    for (i, j), (flow, _) in pairs.items()
                )
            )
    return min(costs) / total_flow(pairs)


def path(pairs: Pairs, i: int, k: int, m: int, j: int, discount: float) -> float:
    """Return what a unit costs from city to hub to hub to city."""
    return pairs[i, k][1] + discount * pairs[k, m][1] + pairs[m, j][1]


@pytest.mark.parametrize(("p", "discount"), [(2, "0.2"), (3, "1.0")])
def test_multiple_allocation_is_the_published_model(tmp_path: Path, p: int, discount: str) -> None:
    """The optimum is that of trying all hubs, distances without triangle inequality or not."""
    name = f"n4_p{p}_a{discount}"
    case = case_in(tmp_path, "cab-multiple", "cab4.txt", cab_text(FOUR), name)
    value, _ = solved(case)
    assert value == pytest.approx(by_any_hubs(FOUR, 4, p, float(discount)), rel=1e-9)


def test_single_allocation_is_the_published_model(tmp_path: Path) -> None:
    """The optimum is that of trying all allocations, and costs more than with many."""
    case = case_in(tmp_path, "cab-single", "cab4.txt", cab_text(FOUR), "n4_p3_a0.4")
    value, plan = solved(case)
    assert value == pytest.approx(by_one_hub(FOUR, 4, 3, 0.4), rel=1e-9)
    assert value > by_any_hubs(FOUR, 4, 3, 0.4) + 1
    assert sum(any(site.modules.values()) for site in plan.sites) == len(CITIES)


@pytest.mark.parametrize("family", ["cab-multiple", "cab-single"])
def test_routes_are_all_pairs_of_hubs_and_no_others(tmp_path: Path, family: str) -> None:
    """Each shipment has one route per first and last hub at the published price, none cut."""
    case = case_in(tmp_path, family, "cab4.txt", cab_text(FOUR), "n4_p2_a0.6")
    listed = hubopt.list_routes(case.instance)
    assert not listed.capped
    assert not listed.left_out
    pricer, found = Pricer(case.instance), Counter[tuple[str, Fraction]]()
    for route in listed.routes:
        price = pricer.price(case.instance.shipment[route.shipment], route.steps)
        found[route.shipment, sum(price.terms_cny_per_t.values(), Fraction(0))] += 1
    money = Fraction(case.instance.products[0].unserved_cost_cny_per_t) / (3 * max(COSTS) + 1)
    wanted = Counter(
        (f"S{i}_{j}", money * sum(map(exact, legs(i, k, m, j))))
        for (i, j), (flow, _) in FOUR.items()
        for k, m in itertools.product(CITIES, CITIES)
        if flow
    )
    assert found == wanted


def legs(i: int, k: int, m: int, j: int) -> tuple[float, float, float]:
    """Return the prices of the three legs at a discount of 0.6."""
    return FOUR[i, k][1], round(0.6 * FOUR[k, m][1], 6), FOUR[m, j][1]


def test_goods_may_go_on_in_other_trucks_past_a_site_but_not_without_a_road(tmp_path: Path) -> None:
    """Diesel trucks bring goods to a site, battery trucks take them on; without these, no way."""
    case = case_in(tmp_path, "cab-single", "cab4.txt", cab_text(FOUR), "n4_p2_a0.6")
    diesel = tuple(link for link in case.instance.links if link.mode is Mode.ROAD_DIESEL)
    with pytest.raises(hubopt.InputError) as caught:
        replace(case.instance, links=diesel)
    assert {found.code for found in caught.value.findings} >= {Code.UNREACHABLE}
    assert "no way C1 -> C2 for GOODS" in str(caught.value)


def test_no_pair_of_hubs_is_left_out_of_many(tmp_path: Path) -> None:
    """Of ten cities all hundred pairs are listed: as many ways are carried on as may be listed."""
    pairs = {
        (i, j): (float(i != j), float(abs(i - j) + (7 * i + 3 * j) % 5) if i != j else 0.0)
        for i, j in itertools.product(range(1, 11), repeat=2)
    }
    case = case_in(tmp_path, "cab-multiple", "cab10.txt", cab_text(pairs), "n10_p2_a0.8")
    few = replace(case.instance, demand=case.instance.demand[:3])
    listed = hubopt.list_routes(few)
    assert Counter(route.shipment for route in listed.routes) == dict.fromkeys(
        (one.id for one in few.demand), 100
    )
    assert not listed.left_out


def test_cities_are_read_with_a_preamble_in_any_order(tmp_path: Path) -> None:
    """What stands before `:=` and the last semicolon are no data; the first cities are cases."""
    pairs = {
        (i, j): (float(i != j), float(abs(i - j)))
        for i, j in itertools.product(range(12, 0, -1), repeat=2)
    }
    text = "# 12 cities, 1 2 3 #\nparam: W C :=\n" + cab_text(pairs).rstrip() + ";\n\n"
    (tmp_path / "CAB.txt").write_text(text, encoding="utf-8")
    found = cases_of("cab-multiple", tmp_path)
    sizes = Counter(case.name.split("_")[0] for case in found)
    assert sizes == {"n10": 15, "n12": 15}
    assert len(found[0].instance.demand) == 90


BAD_CITIES = {
    "empty": ("", None, "is empty"),
    "only a preamble": ("param: W C :=\n", None, "no line for cities 1 and 1"),
    "letters": ("1 1 0 0\n1 2 x 4\n", 2, "is not a number"),
    "a fraction of a city": ("1 1.5 0 0\n", 1, "is not a whole number"),
    "city 0": ("1 1 0 0\n1 0 2 3\n", 2, "is below 1"),
    "cut short": ("1 1 0 0\n1 2 3\n", 2, "the cost of cities 1 2 should follow"),
    "negative flow": ("1 2 -3 4\n", 1, "is below 0"),
    "twice": ("1 1 0 0\n1 2 3 4\n1 2 3 4\n", 3, "stand in line 2 already"),
    "a pair missing": ("1 1 0 0\n1 2 3 4\n2 2 0 0\n", 3, "no line for cities 2 and 1"),
    "flow within a city": ("1 1 5 0\n", 1, "the flow of cities 1 1 to itself, which is 0"),
    "cost within a city": ("1 1 0 5\n", 1, "the cost of cities 1 1 to itself, which is 0"),
    "nothing sent": ("1 1 0 0\n1 2 0 4\n2 1 0 4\n2 2 0 0\n", None, "nothing is sent"),
    "surplus": (cab_text(FOUR) + "17\n", 17, "second city should follow"),
}


@pytest.mark.parametrize("kind", BAD_CITIES)
@pytest.mark.parametrize("family", ["cab-multiple", "cab-single"])
def test_bad_files_of_cities_are_named(tmp_path: Path, family: str, kind: str) -> None:
    """Each kind of bad file is refused with file, line and what should stand there."""
    text, line, said = BAD_CITIES[kind]
    refused(tmp_path, family, "cab.txt", text, line, said)


def refused(folder: Path, family: str, name: str, text: str, line: int | None, said: str) -> None:
    """Assert that a file is refused with a line and a reason, in both languages."""
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(hubopt.InputError) as caught:
        cases_of(family, folder)
    (found,) = caught.value.findings
    assert found.file == name
    assert said in found.reason.en
    assert found.reason.zh
    assert found.reason.zh != found.reason.en
    if line is not None:
        assert found.row == line


ARCS = (
    Arc(1, 2, 2, 5, 10), Arc(1, 3, 1, 4, 25), Arc(3, 2, 1, 6, 4), Arc(2, 4, 3, 7, 8),
    Arc(3, 4, 6, 3, 2), Arc(1, 2, 1, 2, 5), Arc(2, 3, 1, 9, 3),
)  # fmt: skip
"""Both directions between 2 and 3, and two arcs from 1 to 2."""

SENT = (Commodity(1, 4, 4), Commodity(3, 2, 2), Commodity(2, 3, 1.5))


def dow_text(nodes: int, arcs: Sequence[Arc], sent: Sequence[Commodity]) -> str:
    """Return a file of a network design problem."""
    lines = ["MULTIGEN.DAT:", f"{nodes} {len(arcs)} {len(sent)}"]
    lines += [f"{a.tail} {a.head} {a.price:g} {a.capacity:g} {a.fixed:g} 1 9" for a in arcs]
    lines += [f"{one.origin} {one.destination} {one.units:g}" for one in sent]
    return "\n".join(lines) + "\n"


def cheapest_design(nodes: int, arcs: Sequence[Arc], sent: Sequence[Commodity]) -> float:
    """Return the least cost by trying all sets of arcs, each with an LP of flows on arcs."""
    costs = []
    for count in range(len(arcs) + 1):
        for chosen in itertools.combinations(arcs, count):
            cost = cheapest_flow(nodes, chosen, sent) if chosen else None
            if cost is not None:
                costs.append(cost + sum(arc.fixed for arc in chosen))
    return min(costs)


def cheapest_flow(nodes: int, arcs: Sequence[Arc], sent: Sequence[Commodity]) -> float | None:
    """Return what the cheapest flow of all commodities costs, `None` if there is none."""
    balance = np.zeros((nodes, len(arcs)))
    for here, arc in enumerate(arcs):
        balance[arc.tail - 1, here] += 1
        balance[arc.head - 1, here] -= 1
    supply = np.zeros((len(sent), nodes))
    for here, one in enumerate(sent):
        supply[here, one.origin - 1] += one.units
        supply[here, one.destination - 1] -= one.units
    found = linprog(
        np.tile([arc.price for arc in arcs], len(sent)),
        A_ub=np.tile(np.eye(len(arcs)), len(sent)),
        b_ub=[arc.capacity for arc in arcs],
        A_eq=np.kron(np.eye(len(sent)), balance),
        b_eq=supply.ravel(),
    )
    return float(found.fun) if found.success else None


@pytest.mark.parametrize("cheap", [1, 10])
def test_a_network_design_is_the_published_model(tmp_path: Path, cheap: int) -> None:
    """The optimum is that of trying all sets of arcs; trains only run back, once for each arc."""
    arcs = tuple(replace(arc, fixed=arc.fixed / cheap) for arc in ARCS)
    case = case_in(tmp_path, "dow", "tiny.dow", dow_text(4, arcs, SENT))
    listed = hubopt.list_routes(case.instance)
    assert not listed.capped
    assert not listed.left_out
    value, plan = solved(case)
    assert value == pytest.approx(cheapest_design(4, arcs, SENT), rel=1e-9)
    runs = {one.service: (one.departures_per_week, one.empty_per_week) for one in plan.services}
    for number in range(1, len(arcs) + 1):
        leaves, empty = runs.get(f"ARC{number}", (0, 0))
        assert empty == 0
        assert runs.get(f"BACK{number}", (0, 0)) == (0, leaves)


def test_unused_arcs_and_commodities_and_other_heads_are_read(tmp_path: Path) -> None:
    """Arcs without capacity, commodities without demand and a missing title change nothing."""
    arcs, sent = (*ARCS, Arc(4, 1, 1, 0, 1)), (*SENT, Commodity(4, 1, 0))
    text = dow_text(4, arcs, sent).partition("\n")[2]
    case = case_in(tmp_path, "dow", "tiny.dow", text)
    plain = case_in(tmp_path, "dow", "other.dow", dow_text(4, ARCS, SENT), "other")
    assert replace(case.instance, settings=plain.instance.settings) == plain.instance


GOOD = dow_text(4, ARCS, SENT)
BAD_DESIGNS = {
    "empty": ("", None, "is empty"),
    "only a title": ("MULTIGEN.DAT:\n", 1, "the number of nodes should follow"),
    "no nodes": ("T\n0 1 1\n", 2, "is below 2"),
    "no arcs": ("T\n4 0 1\n", 2, "is below 1"),
    "half an arc": ("T\n4 1.5 1\n", 2, "is not a whole number"),
    "node beyond": (GOOD.replace("\n1 3 1", "\n1 5 1"), 4, "is above 4"),
    "loop": (GOOD.replace("\n1 3 1", "\n1 1 1"), 4, "is where it begins"),
    "letters": (GOOD.replace("\n1 3 1 4", "\n1 3 1 four"), 4, "the capacity of arc 2"),
    "negative cost": (GOOD.replace("\n1 3 1 4 25", "\n1 3 1 4 -25"), 4, "the fixed cost of arc 2"),
    "commodity back home": (GOOD.replace("\n3 2 2\n", "\n3 3 2\n"), 11, "commodity 2 ends"),
    "cut short": (GOOD[: GOOD.rindex("1.5")], 12, "the demand of commodity 3 should follow"),
    "surplus": (GOOD + "1 2 3\n", 13, "3 entries too many"),
    "too few arcs said": (GOOD.replace("\n4 7 3", "\n4 6 3"), 9, "commodity 2 begins"),
    "nothing to send": (dow_text(4, ARCS, [Commodity(1, 2, 0)]), None, "has nothing to send"),
    "no scale": (dow_text(2, [Arc(1, 2, 1e-6, 1e12, 1e12)], [Commodity(1, 2, 1)]), None, "scale"),
}


@pytest.mark.parametrize("kind", BAD_DESIGNS)
def test_bad_network_designs_are_named(tmp_path: Path, kind: str) -> None:
    """Each kind of bad file is refused with file, line and what should stand there."""
    text, line, said = BAD_DESIGNS[kind]
    refused(tmp_path, "dow", "bad.dow", text, line, said)


@pytest.mark.parametrize(
    ("file", "name"),
    [("c33", "c33(20,230,40,VL)"), ("C48", "c48(20,300,200,FT)"), ("c64", "c64(30,700,400,FT)"),
     ("c65", "c65"), ("mine", "mine")],
)  # fmt: skip
def test_designs_are_called_as_in_tables(tmp_path: Path, file: str, name: str) -> None:
    """Files of the C set go by their nominal sizes, all others by their file."""
    assert case_in(tmp_path, "dow", f"{file}.dow", GOOD).name == name


BENCHMARKS = pytest.mark.skipif(
    "HUBOPT_BENCHMARKS" not in os.environ, reason="the public files are not here"
)


def published(family: str, folder: str) -> Callable[[str], tuple[PublicCase, float]]:
    """Return a look-up of a case and its published value by name."""
    place = Path(os.environ["HUBOPT_BENCHMARKS"]) / folder
    cases = {case.name: case for case in cases_of(family, place)}
    table = published_beside(place)
    return lambda name: (
        cases[name],
        float(table[FAMILIES[family].published, name].value),
    )


@BENCHMARKS
@pytest.mark.parametrize(
    "name",
    ["n10_p3_a0.6", *(
        pytest.param(name, marks=pytest.mark.slow)
        for name in ("n10_p2_a0.2", "n10_p4_a0.4", "n10_p4_a1.0", "n15_p3_a1.0")
    )],
)  # fmt: skip
def test_published_hub_medians_come_out(name: str) -> None:
    """The optimum with multiple allocation is the published one to its last digit."""
    case, value = published("cab-multiple", "cab")(name)
    assert round(solved(case)[0], 4) == value


@BENCHMARKS
@pytest.mark.slow
@pytest.mark.parametrize("name", ["c33(20,230,40,VL)", "c43(20,300,40,VT)"])
def test_designs_over_listed_routes_are_good_plans(name: str) -> None:
    """Over a hundred listed routes each a plan is within a thousandth of the optimum, not below.

    Not all routes can be listed, and the problem says so: its bound is none for the file.
    """
    case, value = published("dow", "mcfnd_c")(name)
    found = hubopt.answer(case.instance, hubopt.Question(gap=0.0, routes_per_shipment=100))
    assert len(found.problem.left_out) == len(case.instance.demand)
    assert not found.plan.unserved
    assert value - 1e-6 <= case.value(mcny(found.plan.objective_fen)) <= value * 1.001


@BENCHMARKS
def test_every_published_network_is_read() -> None:
    """All files are read, and each published value belongs to a case."""
    for family, folder, count in (
        ("cab-multiple", "cab", 60), ("cab-single", "cab", 15), ("dow", "mcfnd_c", 22)
    ):  # fmt: skip
        place = Path(os.environ["HUBOPT_BENCHMARKS"]) / folder
        named = {case.name for case in cases_of(family, place)}
        known = {name for key, name in published_beside(place) if key == FAMILIES[family].published}
        assert len(known & named) == len(known) == count
