"""The multimodal test family: each shipment passes one open site, over arcs that are shared.

Three files a case, `X_arcs.csv`, `X_shipments.csv` and `X_sites.csv`, plain or gzipped. Read here
apart from hubopt's own importer, so that the two ways share nothing but the files.
"""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.spec import Found

if TYPE_CHECKING:
    from benchmarks.spec import Spec, Task

CLASSES, SIZES = range(3), range(3)


@dataclass(frozen=True)
class Arc:
    """An arc; `cost` per unit by class of goods, `capacity` of all flow or `None`."""

    tail: int
    head: int
    cost: tuple[float, ...]
    capacity: float | None


@dataclass(frozen=True)
class Shipment:
    """Units of a class from one node to another; `bonded` ones pass a bonded site."""

    origin: int
    destination: int
    kind: int
    units: float
    bonded: bool


@dataclass(frozen=True)
class Site:
    """A site at a node; `sizes` are (capacity, fixed cost), of which at most one opens."""

    node: int
    bonded: bool
    handling: float
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Multimodal:
    """A case of the family."""

    arcs: tuple[Arc, ...]
    shipments: tuple[Shipment, ...]
    sites: tuple[Site, ...]


def read(spec: Spec) -> Multimodal:
    """Return the case whose file of arcs a spec names."""
    arcs = Path(spec.file)
    shipments, sites = (
        arcs.with_name(arcs.name.replace("_arcs", f"_{word}")) for word in ("shipments", "sites")
    )
    return Multimodal(
        tuple(
            Arc(int(r["tail"]), int(r["head"]), tuple(float(r[f"cost_class{k}"]) for k in CLASSES),
                float(r["capacity"]) if r["capacity"] else None)
            for r in rows_of(arcs)
        ),
        tuple(
            Shipment(int(r["origin"]), int(r["destination"]), int(r["product_class"]),
                     float(r["quantity"]), r["needs_bonded"] == "1")
            for r in rows_of(shipments)
        ),
        tuple(
            Site(int(r["node"]), r["bonded"] == "1", float(r["handling_cost"]),
                 tuple((float(r[f"capacity_size{k}"]), float(r[f"fixed_size{k}"])) for k in SIZES))
            for r in rows_of(sites)
        ),
    )  # fmt: skip


def rows_of(file: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    data = file.read_bytes()
    text = (gzip.decompress(data) if file.name.endswith(".gz") else data).decode("utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def run(task: Task) -> Found:
    """Solve a case by hubopt or by Pyomo."""
    from hubopt.instance.public.families import FAMILIES  # noqa: PLC0415  (loads on use)

    if task.method != "hubopt":
        return by_pyomo(task)
    if "multimodal" not in FAMILIES:
        return Found("failed", note="this version of hubopt does not read the family")
    from benchmarks.families import run as by_hubopt  # noqa: PLC0415  (loads on use)

    return by_hubopt(task)


def by_pyomo(task: Task) -> Found:
    """Solve a case by arc flows in Pyomo, timed from plain numbers."""
    from benchmarks.backends import arc_flow, pyomo_highs  # noqa: PLC0415  (each loads on use)
    from benchmarks.child import Clock, warm_up  # noqa: PLC0415
    from benchmarks.methods import METHODS  # noqa: PLC0415

    warm_up(task)
    case = read(task.case)
    clock = Clock()
    model = arc_flow.build(case, strong=METHODS[task.method].strong)
    return clock.stop(pyomo_highs.solve(model, task.limit_s, task.gap))
