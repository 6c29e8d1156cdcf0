"""How large the cases are: in full, for a quiet machine, and `--quick`, for a look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.cases import benchmark_folder
from benchmarks.spec import Spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True)
class Sizes:
    """Cases, repetitions and limits of every section; `minutes` bound repetitions of each.

    The doublings of `growth` are of one thing at a time: (name, cities, shipments, sites).
    """

    handover: Spec
    solve: tuple[Spec, ...]
    solve_limit_s: float
    growth: tuple[tuple[str, int, int, int], ...]
    growth_limit_s: float
    small: tuple[Spec, ...]
    rounds: int
    minutes: Mapping[str, float]


GAP = 1e-6
"""The gap that everybody is asked for where optima are compared."""

GROWTH_GAP = 0.05
"""A gap that all numbers of shipments close; 1 % is less than what the LP's bound leaves open."""

SEED = 1


def location(sites: int, customers: int, seed: int = SEED) -> Spec:
    """Return a capacitated location case."""
    return Spec("location", {"sites": sites, "customers": customers, "seed": seed})


def gap(sites: int, seed: int = SEED) -> Spec:
    """Return a case with a large duality gap."""
    return Spec("uncapacitated", {"sites": sites, "seed": seed})


def network(nodes: int, commodities: int, seed: int = SEED) -> Spec:
    """Return a network design case."""
    return Spec("network", {"nodes": nodes, "commodities": commodities, "seed": seed})


def invented(cities: int, shipments: int, sites: int, seed: int = SEED) -> Spec:
    """Return an invented instance."""
    return Spec(
        "invented",
        {"cities": cities, "shipments": shipments, "sites": sites, "seed": seed},
    )


FULL = Sizes(
    handover=location(250, 1000),
    solve=(location(20, 60), location(40, 160), gap(60), network(10, 12), network(16, 36)),
    solve_limit_s=25.0,
    growth=(
        ("start", 30, 500, 18), ("shipments", 30, 1000, 18), ("shipments", 30, 2000, 18),
        ("shipments", 30, 4000, 18), ("shipments", 30, 8000, 18), ("sites", 30, 500, 36),
        ("sites", 30, 500, 72), ("cities", 60, 500, 18), ("cities", 120, 500, 18),
    ),
    growth_limit_s=60.0,
    small=(
        location(8, 20), location(15, 45), location(25, 90), network(8, 6), invented(6, 20, 8),
        invented(12, 80, 12), invented(25, 200, 18),
    ),
    rounds=3,
    minutes={"handover": 6.0, "solve": 9.0, "growth": 6.0, "small": 2.0,
             "multimodal": 10.0, "scenario": 12.0},
)  # fmt: skip
"""The sizes for a quiet machine: at most 25 minutes on two cores."""

QUICK = Sizes(
    handover=location(80, 300),
    solve=(location(8, 20), gap(12), network(7, 5)),
    solve_limit_s=10.0,
    growth=(
        ("start", 10, 40, 9), ("shipments", 10, 80, 9), ("sites", 10, 40, 18),
        ("cities", 20, 40, 9),
    ),
    growth_limit_s=15.0,
    small=(location(6, 15), network(6, 4), invented(5, 12, 6)),
    rounds=2,
    minutes={"handover": 2.0, "solve": 1.0, "growth": 1.0, "small": 2.0},
)  # fmt: skip
"""The sizes of `--quick`: a few minutes, to see that everything works."""

PUBLIC = (("orlib", "orlib_cap/cap71", "cap71"), ("orlib", "orlib_cap/cap131", "cap131"),
          ("dow", "mcfnd_c/c33", "c33"))  # fmt: skip


INSTANCES = (
    ("zhengzhou", 0.001, 120.0), ("zhengzhou-county", 0.005, 600.0),
    ("zhengzhou-county", 0.001, 1800.0),
)  # fmt: skip
"""Shipped instances with the gap that they are to close and the limit up to the plan."""

MULTIMODAL = (
    ("XS", 0.001, 120.0), ("XM", 0.001, 240.0), ("S", 0.001, 60.0), ("M", 0.001, 120.0),
    ("L", 0.005, 240.0), ("L", 0.001, 700.0),
)  # fmt: skip
"""Cases of the multimodal family with the gap that they are to close, and the limit."""

SCENARIO = (("S", 0.001, 180.0), ("M", 0.001, 300.0))
"""Cases of which one more scenario is solved, with the gap and the limit."""

WITH_PYOMO = frozenset({"XS", "XM"})
"""Those on which Pyomo is tried too: on S it finds no plan in 600 s."""


def multimodal_cases(
    wanted: Sequence[tuple[str, float, float]] = MULTIMODAL,
) -> Iterator[tuple[Spec, float, float]]:
    """Yield the wanted cases of the multimodal family that are there, with gap and limit."""
    folder = benchmark_folder()
    for name, gap_asked, limit_s in wanted if folder is not None else ():
        for suffix in ("", ".gz"):
            file = (folder or Path()) / "multimodal" / f"{name}_arcs.csv{suffix}"
            if file.exists():
                yield Spec("multimodal", {}, str(file.resolve()), name), gap_asked, limit_s
                break


FAMILY_LIMIT_S = 60.0
FOLDERS = {
    "cap": "orlib_cap", "holmberg": "holmberg", "pmed": "pmed", "cab-multiple": "cab",
    "cab-single": "cab", "dow": "mcfnd_c",
}  # fmt: skip
"""Where the files of each public family are in the folder that HUBOPT_BENCHMARKS names."""

BESIDE_HIGHS = frozenset(FOLDERS) - {"cap"}
"""Families that plain HiGHS solves in the same run; it leaves some of `cap` open for an hour."""


def family_cases() -> Iterator[Spec]:
    """Yield every public case that is there and has a published value, by family, file and name."""
    from hubopt.instance.public.families import FAMILIES, cases_of  # noqa: PLC0415  (loads on use)
    from hubopt.instance.public.published import published_beside  # noqa: PLC0415

    folder = benchmark_folder()
    for family, name in FOLDERS.items() if folder is not None else ():
        where = folder / name if folder is not None else None
        if where is None or not where.is_dir():
            continue
        table = published_beside(where)
        for case in cases_of(family, where):
            if (FAMILIES[family].published, case.name) in table:
                yield Spec(family, {}, str(case.file.resolve()), case.name)


def public_cases() -> Iterator[Spec]:
    """Yield a few small public cases, if HUBOPT_BENCHMARKS names a folder that has them."""
    folder = benchmark_folder()
    if folder is None:
        return
    for family, stem, name in PUBLIC:
        for suffix in ("", ".txt", ".dow", ".txt.gz", ".dow.gz", ".gz"):
            file = folder / (stem + suffix)
            if file.exists():
                yield Spec(family, {}, str(file.resolve()), name)
                break
