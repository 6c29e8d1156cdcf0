"""The files of multimodal siting with one stop: read right, refused where they are wrong."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from hubopt.errors import InputError
from hubopt.instance.public.case import PublicCase
from hubopt.instance.public.families import cases_of
from hubopt.instance.public.multimodal import case_of
from hubopt.instance.tables import Instance
from hubopt.model.build import build
from hubopt.model.decisions import decisions
from hubopt.model.standard import standard_form
from hubopt.network.all_routes import all_routes
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.text import Language
from hubopt.units import exact, mcny
from tests.one_stop_cases import Size, least_cost, random_case, write_case
from tests.optimum import solved

SMALL = Size(nodes=4, extra=2, shipments=3, sites=2)


def the_case(folder: Path) -> PublicCase:
    """Return the only case of a folder."""
    (case,) = cases_of("multimodal", folder)
    return case


def over_all_routes(instance: Instance) -> tuple[float, float]:
    """Return the optimum over every route in million CNY, and the kt that stay behind in it."""
    every = [route for d in instance.demand for route in all_routes(instance, d.id)]
    problem = build_problem(instance, list_routes(instance).with_routes(tuple(every)))
    form = standard_form(build(problem))
    found = solved(form)
    assert found is not None
    return found[0], float(decisions(problem, form, found[1]).unserved_kt.sum())


@pytest.mark.parametrize("seed", range(12))
def test_the_instance_has_the_optimum_of_the_formulation_by_arcs(seed: int, tmp_path: Path) -> None:
    """Over all routes of the ordinary instance the best plan costs what the arcs say."""
    problem = random_case(seed, SMALL)
    write_case(problem, tmp_path)
    case, best = the_case(tmp_path), least_cost(problem)
    mcny_least, unserved_kt = over_all_routes(case.instance)
    if best is None:
        assert unserved_kt > 0
        return
    assert unserved_kt == pytest.approx(0, abs=1e-6)
    assert case.value(mcny_least) == pytest.approx(best, rel=1e-7)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Files and gzipped files give the problem that they were written from."""
    problem = random_case(3)
    write_case(problem, tmp_path)
    plain = the_case(tmp_path)
    assert plain.one_stop is not None
    read = plain.one_stop[0]
    assert (read.arcs, read.shipments, read.sites) == (
        problem.arcs, problem.shipments, problem.sites,
    )  # fmt: skip
    for path in list(tmp_path.iterdir()):
        packed = gzip.compress(path.read_bytes(), mtime=0)
        path.with_name(path.name + ".gz").write_bytes(packed)
        path.unlink()
    packed_case = the_case(tmp_path).one_stop
    assert packed_case is not None
    assert packed_case[0] == read


def test_bonded_goods_and_sizes_bind() -> None:
    """In some of the random problems each of the special rules changes the optimum."""
    from dataclasses import replace  # noqa: PLC0415

    bonded = several = shared = 0
    for seed in range(12):
        problem = random_case(seed)
        best = least_cost(problem)
        if best is None:
            continue
        free = replace(
            problem, shipments=tuple(replace(s, bonded=False) for s in problem.shipments)
        )
        bonded += (least_cost(free) or 0) < best - 1e-6
        wide = replace(problem, arcs=tuple(replace(a, capacity=None) for a in problem.arcs))
        shared += (least_cost(wide) or 0) < best - 1e-6
        one = replace(problem, sites=tuple(replace(s, sizes=s.sizes[-1:]) for s in problem.sites))
        several += (least_cost(one) or 0) > best + 1e-6
    assert min(bonded, several, shared) >= 3


ARCS = "tail,head,mode,cost_class0,cost_class1,cost_class2,time_h,capacity"
SHIPMENTS = "origin,destination,product_class,quantity,needs_bonded"
SITES = (
    "site,node,bonded,handling_cost,capacity_size0,fixed_size0,capacity_size1,fixed_size1,"
    "capacity_size2,fixed_size2"
)
GOOD = {
    "R_arcs.csv": f"{ARCS}\n0,1,road,1,2,3,1,\n1,0,rail,1,2,3,1,5\n",
    "R_shipments.csv": f"{SHIPMENTS}\n0,1,0,2.5,0\n1,0,2,1,1\n",
    "R_sites.csv": f"{SITES}\n0,0,1,4,5,10,10,16,20,26\n1,1,0,4,5,10,10,16,20,26\n",
}
BROKEN = [
    ("arcs", f"{ARCS}\n0,1,road,1,2,3,1,\n1,0,rail,1,x,3,1,5\n", 3, "cost_class1", "is not a num"),
    ("arcs", f"{ARCS}\n0,1,road,1,2,3,1,\n1,0,rail,1,2,3,1\n", 3, None, "should stand 8"),
    ("arcs", f"{ARCS}\n0,0,road,1,2,3,1,\n", 2, "head", "is where the arc begins"),
    ("arcs", f"{ARCS}\n0,1.5,road,1,2,3,1,\n", 2, "head", "is not a whole number"),
    ("arcs", f"{ARCS}\n0,1,road,1,2,3,1,-1\n", 2, "capacity", "is below 0"),
    ("arcs", f"{ARCS}\n0,1,road,-1,2,3,1,\n", 2, "cost_class0", "is below 0"),
    ("arcs", "tail,head,mode,cost,time_h,capacity\n0,1,r,1,1,\n", 1, None, "should stand the head"),
    ("arcs", f"{ARCS}\n", None, None, "has no rows"),
    ("arcs", f"{ARCS}\n0,1,road,1,2,1e13,1,\n", 2, "cost_class2", "exceeds"),
    ("shipments", f"{SHIPMENTS}\n0,7,0,1,0\n", 2, "destination", "is no node of any arc"),
    ("shipments", f"{SHIPMENTS}\n0,1,3,1,0\n", 2, "product_class", "is above 2"),
    ("shipments", f"{SHIPMENTS}\n0,1,0,1,2\n", 2, "needs_bonded", "is above 1"),
    ("shipments", f"{SHIPMENTS}\n\n0,0,0,1,0\n", 3, "destination", "is where the shipment begins"),
    ("shipments", f"{SHIPMENTS}\n0,1,0,,0\n", 2, "quantity", "is not a number"),
    ("sites", f"{SITES}\n1,0,1,4,5,10,10,16,20,26\n", 2, "site", "here should stand 0"),
    ("sites", f"{SITES}\n0,9,1,4,5,10,10,16,20,26\n", 2, "node", "is no node of any arc"),
    ("sites", f"{SITES}\n0,0,1,4,0,10,0,16,0,26\n", 2, "capacity_size2", "no size has a capacity"),
    ("sites", f"{SITES}\n0,0,1,4,1,10,1,16,1,26\n", None, None, "no plan serves everybody"),
    ("sites", f"{SITES}\n0,0,0,4,5,10,10,16,20,26\n", None, None, "no plan serves everybody"),
]


def write_good(folder: Path) -> None:
    """Write the three good files."""
    for name, text in GOOD.items():
        (folder / name).write_text(text, encoding="ascii")


def test_the_files_that_are_broken_below_are_good(tmp_path: Path) -> None:
    """What the broken files differ from is read without a word."""
    write_good(tmp_path)
    assert len(the_case(tmp_path).instance.demand) == 2


@pytest.mark.parametrize(("which", "text", "row", "column", "said"), BROKEN)
def test_a_broken_file_is_refused(
    which: str, text: str, row: int | None, column: str | None, said: str, tmp_path: Path
) -> None:
    """The finding names file, line and column, says what was expected, and speaks Chinese too."""
    write_good(tmp_path)
    (tmp_path / f"R_{which}.csv").write_text(text, encoding="ascii")
    with pytest.raises(InputError) as caught:
        the_case(tmp_path)
    (finding,) = caught.value.findings
    assert (finding.file, finding.row, finding.column) == (f"R_{which}.csv", row, column)
    assert said in finding.in_language(Language.EN)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in finding.reason.zh)


@pytest.mark.parametrize("which", ["R_shipments.csv", "R_sites.csv"])
def test_a_missing_file_is_named(which: str, tmp_path: Path) -> None:
    """A case needs all three of its files."""
    write_good(tmp_path)
    (tmp_path / which).unlink()
    with pytest.raises(InputError, match=f"there is no {which} beside it"):
        the_case(tmp_path)


def test_quantities_are_those_of_whole_kilograms(tmp_path: Path) -> None:
    """A quantity with more digits than kilograms hold is rounded, by less than a part in 10^7."""
    write_good(tmp_path)
    (tmp_path / "R_shipments.csv").write_text(
        f"{SHIPMENTS}\n0,1,0,2.123456789123,0\n", encoding="ascii"
    )
    case = the_case(tmp_path)
    assert case.one_stop is not None
    (shipment,) = case.instance.demand
    sent = shipment.demand_t_per_year / case.one_stop[1].t_per_unit
    assert sent == pytest.approx(2.123456789123, rel=1e-7)
    assert (exact(shipment.demand_t_per_year) * 1000).denominator == 1
    assert case.value(mcny(10**8)) == pytest.approx(10**6 / case.one_stop[1].cny_per_unit)


def test_a_size_of_many_digits_counts_as_the_largest_that_is_written_so(tmp_path: Path) -> None:
    """Half of the last digit is added to a size of ten digits, nothing to a short one."""
    write_good(tmp_path)
    sites = f"{SITES}\n0,0,1,4,5.123456781,10,10,16,20.5,26\n1,1,0,4,5,10,10,16,20,26\n"
    (tmp_path / "R_sites.csv").write_text(sites, encoding="ascii")
    case = the_case(tmp_path)
    assert case.one_stop is not None
    assert [most for most, _ in case.one_stop[0].sites[0].sizes] == [5.1234567815, 10.0, 20.5]


def test_a_case_can_be_made_without_files() -> None:
    """A problem in memory is a case as well."""
    assert case_of(Path("R_arcs.csv"), random_case(1)).name == "R1"


@pytest.mark.skipif("HUBOPT_BENCHMARKS" not in os.environ, reason="the public files are not here")
def test_the_public_files_are_read() -> None:
    """All five cases are read; the smallest becomes an ordinary instance."""
    cases = cases_of("multimodal", Path(os.environ["HUBOPT_BENCHMARKS"]) / "multimodal")
    sizes = {c.name: len(c.one_stop[0].shipments) for c in cases if c.one_stop is not None}
    assert sizes == {"XS": 60, "XM": 150, "S": 500, "M": 5000, "L": 50000}
    small = next(case for case in cases if case.name == "XS")
    assert len(small.instance.demand) == 60
