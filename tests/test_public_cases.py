"""Public files as instances: on tiny ones the optimum is that of trying everything."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from hubopt.errors import InputError
from hubopt.instance.public.families import FAMILIES, cases_of
from hubopt.instance.public.published import published_beside
from hubopt.instance.read import read
from hubopt.instance.write import write
from hubopt.solve.answer import Question
from hubopt.study.bench import bench
from tests.optimum import optimum
from tests.public_files import (
    Tiny,
    best_free,
    best_median,
    best_single,
    best_split,
    cap_text,
    holmberg_text,
    pmed_text,
    tiny,
    with_one_weightless,
)

SEEDS = range(2)
CLOSE = 1e-7
BENCHMARKS = os.environ.get("HUBOPT_BENCHMARKS")
at_hand = pytest.mark.skipif(BENCHMARKS is None, reason="the public benchmarks are not here")


def value_of(family: str, file: Path, text: str) -> float:
    """Write a file, read its one case and return the optimum in the units of the file."""
    file.write_text(text, encoding="ascii")
    (case,) = cases_of(family, file.parent)
    found = optimum(case.instance)
    assert found.whole
    assert found.made is not None
    assert found.made.unserved_kt.sum() == pytest.approx(0.0, abs=1e-9)
    return case.value(found.mcny)


@pytest.mark.parametrize("seed", SEEDS)
def test_demand_may_be_split_in_capacitated_location(seed: int, tmp_path: Path) -> None:
    """The optimum is the cheapest set of facilities with its cheapest transport."""
    case = tiny(seed)
    value = value_of("cap", tmp_path / "cap1.txt", cap_text(case))
    assert value == pytest.approx(best_split(case), rel=CLOSE)


def test_capacity_binds_in_the_tests_above() -> None:
    """In at least one of the problems above capacities change the optimum."""
    cases = [tiny(seed) for seed in SEEDS]
    assert any(best_split(case) > best_free(case) + 0.01 for case in cases)


def test_capacity_forces_a_split(tmp_path: Path) -> None:
    """A customer larger than any facility is served by two, which a single source cannot."""
    case = Tiny((6, 6), (5, 5), (10,), ((20.0, 30.0),))
    value = value_of("cap", tmp_path / "cap1.txt", cap_text(case))
    assert value == pytest.approx(5 + 5 + 0.6 * 20 + 0.4 * 30)


@pytest.mark.parametrize("seed", SEEDS)
def test_capacities_do_not_count_in_uncapacitated_location(seed: int, tmp_path: Path) -> None:
    """The optimum is the cheapest set of facilities with the nearest of each customer."""
    case = tiny(seed)
    value = value_of("uncap", tmp_path / "cap1.txt", cap_text(case))
    assert value == pytest.approx(best_free(case), rel=CLOSE)


@pytest.mark.parametrize("seed", SEEDS)
def test_each_customer_has_one_source_in_the_format_of_holmberg(seed: int, tmp_path: Path) -> None:
    """The optimum is the cheapest assignment that fits."""
    case = tiny(seed)
    value = value_of("holmberg", tmp_path / "p1", holmberg_text(case))
    assert value == pytest.approx(best_single(case), rel=CLOSE)


@pytest.mark.parametrize("p", [1, 2, 3])
def test_p_facilities_open_in_p_median(p: int, tmp_path: Path) -> None:
    """The optimum is the cheapest choice of p facilities, at whatever fixed cost."""
    case = tiny(p)
    value = value_of("pmed", tmp_path / "pmed1.txt", pmed_text(case, p))
    assert value == pytest.approx(best_median(case, p), rel=CLOSE)


@pytest.mark.parametrize(("family", "name"), [("cap", "cap1.txt"), ("holmberg", "p1")])
def test_a_customer_without_demand_is_served_all_the_same(
    family: str, name: str, tmp_path: Path
) -> None:
    """It takes no capacity, but what serving it costs is paid."""
    case = with_one_weightless(tiny(4))
    text, best = {"cap": (cap_text, best_split), "holmberg": (holmberg_text, best_single)}[family]
    assert value_of(family, tmp_path / name, text(case)) == pytest.approx(best(case), rel=CLOSE)


def test_numbers_of_any_size_find_a_scale(tmp_path: Path) -> None:
    """Demand in thousandths and costs in billions give the same optimum, scaled."""
    case = tiny(1)
    small = Tiny(case.capacity, case.fixed, case.demand, case.cost)
    text = cap_text(small).splitlines()
    value = best_split(case)
    large = "\n".join(scaled(line, number) for number, line in enumerate(text))
    got = value_of("cap", tmp_path / "cap1.txt", large)
    assert got == pytest.approx(value * 1e7, rel=CLOSE)


def scaled(line: str, number: int) -> str:
    """Return a line with amounts in thousandths and costs in 10 million, of three facilities."""
    parts = [float(word) for word in line.split()]
    if number == 0:
        return line
    if len(parts) == 1:
        return f"{parts[0] / 1000:.3f}"
    if len(parts) == 2:
        return f"{parts[0] / 1000:.3f} {parts[1] * 1e7:.0f}"
    return " ".join(f"{cost * 1e7:.0f}" for cost in parts)


def test_numbers_that_no_scale_holds_are_refused(tmp_path: Path) -> None:
    """A demand of a millionth beside one of a trillion is no instance, and the file is named."""
    (tmp_path / "cap1.txt").write_text("1 2\n1e12 1\n1e-6 5\n1e11 1e-9\n", encoding="ascii")
    with pytest.raises(InputError, match=r"cap1\.txt: its numbers differ by so much"):
        cases_of("cap", tmp_path)


def test_a_gzipped_file_is_the_same_case(tmp_path: Path) -> None:
    """Plain and gzipped files give the same instance; of both the plain one is read."""
    text = cap_text(tiny(0))
    (tmp_path / "cap1.txt.gz").write_bytes(gzip.compress(text.encode()))
    (packed,) = cases_of("cap", tmp_path)
    (tmp_path / "cap1.txt").write_text(text, encoding="ascii")
    (plain,) = cases_of("cap", tmp_path)
    assert packed.instance == plain.instance
    assert (packed.file.name, plain.file.name) == ("cap1.txt.gz", "cap1.txt")


def test_the_word_capacity_gives_four_cases(tmp_path: Path) -> None:
    """In capa the word stands for 8,000, 10,000, 12,000 and 14,000, each a case of its own."""
    text = cap_text(tiny(0)).splitlines()
    text[1:4] = [f" capacity {line.split()[1]}" for line in text[1:4]]
    (tmp_path / "capa.txt").write_text("\n".join(text), encoding="ascii")
    cases = cases_of("cap", tmp_path)
    assert [case.name for case in cases] == ["capa@8000", "capa@10000", "capa@12000", "capa@14000"]
    tonnes = {row.capacity_t_per_year for row in cases[1].instance.capacities}
    assert tonnes == {10_000 * 1000.0}
    (free,) = cases_of("uncap", tmp_path)
    assert free.name == "capa"
    assert {row.capacity_t_per_year for row in free.instance.capacities} == {None}


def test_files_come_in_natural_order_and_others_are_left_alone(tmp_path: Path) -> None:
    """p9 comes before p10, and a list of optima beside them is no instance."""
    for name in ("p10", "p9", "p2"):
        (tmp_path / name).write_text(holmberg_text(tiny(1)), encoding="ascii")
    (tmp_path / "popt.txt").write_text("nothing", encoding="ascii")
    (tmp_path / "p3").mkdir()
    assert [case.name for case in cases_of("holmberg", tmp_path)] == [
        "Lib_2_p2", "Lib_2_p9", "Lib_2_p10",
    ]  # fmt: skip


def test_a_case_written_is_an_instance_that_reads_back(tmp_path: Path) -> None:
    """What `--write` writes is an ordinary folder with the same content."""
    (tmp_path / "p1").write_text(holmberg_text(tiny(2)), encoding="ascii")
    (case,) = cases_of("holmberg", tmp_path)
    write(case.instance, tmp_path / "out")
    assert read(tmp_path / "out") == case.instance


@at_hand
@pytest.mark.parametrize(
    ("family", "folder", "name"),
    [("cap", "orlib_cap", "cap41"), ("cap", "orlib_cap", "cap71"), ("holmberg", "holmberg", "p1")],
)
def test_published_optima_to_the_last_digit(family: str, folder: str, name: str) -> None:
    """The model of a public case has the optimum that was published, digit for digit."""
    place = Path(str(BENCHMARKS)) / folder
    file = next(path for path in place.iterdir() if path.name.partition(".")[0] == name)
    (case,) = cases_of(family, file)
    published = published_beside(place)[FAMILIES[family].published, case.name]
    value = case.value(optimum(case.instance).mcny)
    assert abs(value - float(published.value)) <= float(published.last_digit) / 2


@at_hand
@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "folder", "most"), [("cap", "orlib_cap", 12), ("holmberg", "holmberg", 4)]
)
def test_bench_proves_the_published_optima(family: str, folder: str, most: int) -> None:
    """The command's own way, verified plans included, proves the first cases of a family."""
    place = Path(str(BENCHMARKS)) / folder
    cases = cases_of(family, place)[:most]
    found = list(bench(cases, published_beside(place), Question(gap=0.0, time_s=120.0)))
    assert len(found) == most
    assert [one.case for one in found if one.proof.value != "optimal" or not one.same] == []
