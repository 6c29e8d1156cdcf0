"""Multimodal siting with one stop, in three files: `X_arcs.csv`, `X_shipments.csv`, `X_sites.csv`.

Nodes and sites count from 0. An arc costs by class of goods, and has a capacity unless the cell is
blank; its mode and its hours decide nothing. A site has three sizes, of which it opens at most one.

Sizes are shares of all demand, cut to so many digits that six of them may fall short of it by a
part in 10^11, and published plans use such sites to the full. So a size with nine digits or more
counts as the largest number that would be written so.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.cell_numbers import PLAIN
from hubopt.instance.public.case import PublicCase
from hubopt.instance.public.csv_rows import csv_rows
from hubopt.instance.public.location import OUT_OF_SCALE, TOO_LITTLE_ROOM
from hubopt.instance.public.location_case import stem_of
from hubopt.instance.public.one_stop import OneStop, StopArc, StopShipment, StopSite
from hubopt.instance.public.one_stop_instance import one_stop_instance
from hubopt.instance.public.tokens import of_file
from hubopt.text import Text
from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubopt.instance.public.csv_rows import CsvRow

CLASSES, SIZES = 3, 3
MANY_DIGITS = 9
ENDING = "_arcs"
COSTS = tuple(f"cost_class{kind}" for kind in range(CLASSES))
OF_SIZES = tuple((f"capacity_size{k}", f"fixed_size{k}") for k in range(SIZES))

ARCS = ("tail", "head", "mode", *COSTS, "time_h", "capacity")
SHIPMENTS = ("origin", "destination", "product_class", "quantity", "needs_bonded")
SITES = ("site", "node", "bonded", "handling_cost", *(name for pair in OF_SIZES for name in pair))


def read(file: Path) -> Iterator[PublicCase]:
    """Yield the case of a file of arcs; raise `InputError` at the first thing that is wrong."""
    name = stem_of(file)
    name = name[: -len(ENDING)] if name.lower().endswith(ENDING) else name
    arcs = tuple(arc for row in csv_rows(file, ARCS) if (arc := arc_of(row)) is not None)
    known = frozenset(end for arc in arcs for end in (arc.tail, arc.head))
    sites = tuple(
        site_of(row, number, known)
        for number, row in enumerate(csv_rows(beside(file, "_sites"), SITES))
    )
    sent = [shipment_of(row, known) for row in csv_rows(beside(file, "_shipments"), SHIPMENTS)]
    problem = OneStop(
        name,
        Text(f"multimodal siting with one stop, {name}", f"单次停靠的多式联运选址 {name}"),
        max(known, default=-1) + 1,
        arcs,
        tuple(one for one in sent if one.units),
        sites,
    )
    yield case_of(file, problem)


def case_of(file: Path, problem: OneStop) -> PublicCase:
    """Return the case of a problem; raise `InputError` if no instance can hold it."""
    if not problem.shipments:
        raise InputError([of_file(file, Text("has nothing to send", "没有可运送的货物"))])
    if problem.lacks_room(bonded=False) or problem.lacks_room(bonded=True):
        raise InputError([of_file(beside(file, "_sites"), TOO_LITTLE_ROOM)])
    scales = problem.scales()
    if scales is None:
        raise InputError([of_file(file, OUT_OF_SCALE)])
    return PublicCase(
        "multimodal", problem.name, file, scales.mcny_per_unit,
        partial(one_stop_instance, problem, scales), one_stop=(problem, scales),
    )  # fmt: skip


def beside(file: Path, ending: str) -> Path:
    """Return the file of the same case that ends otherwise, plain rather than gzipped."""
    plain = file.name.removesuffix(".gz")
    start = plain.lower().rfind(ENDING)
    name = plain[:start] + ending + plain[start + len(ENDING) :]
    for path in (file.with_name(name), file.with_name(name + ".gz")):
        if path.exists():
            return path
    why = Text(
        f"there is no {name} beside it (plain or .gz), which belongs to the same case",
        f"旁边缺少属于同一算例的 {name}（或 .gz）",
    )
    raise InputError([of_file(file, why)])


def arc_of(row: CsvRow) -> StopArc | None:
    """Return the arc of a row, `None` if nothing may pass it."""
    tail, head = row.whole("tail"), row.whole("head")
    if tail == head:
        row.refuse("head", Text("is where the arc begins", "与弧的起点相同"))
    cost = tuple(row.number(column, least=0) for column in COSTS)
    capacity = row.number_or_blank("capacity", least=0)
    return None if capacity == 0 else StopArc(tail, head, cost, capacity)


def node_in(row: CsvRow, column: str, known: frozenset[int]) -> int:
    """Return a node that arcs lead to or from."""
    node = row.whole(column)
    if node not in known:
        row.refuse(
            column,
            Text("is no node of any arc with a capacity; here should stand one",
                 "不是任何可用弧的节点；此处应为这样的节点"),
        )  # fmt: skip
    return node


def shipment_of(row: CsvRow, known: frozenset[int]) -> StopShipment:
    """Return the shipment of a row."""
    origin, end = node_in(row, "origin", known), node_in(row, "destination", known)
    if origin == end:
        row.refuse("destination", Text("is where the shipment begins", "与起点相同"))
    return StopShipment(
        origin,
        end,
        row.whole("product_class", most=CLASSES - 1),
        row.number("quantity", least=0),
        bool(row.whole("needs_bonded", most=1)),
    )


def site_of(row: CsvRow, number: int, known: frozenset[int]) -> StopSite:
    """Return the site of a row, which counts on from the row before."""
    if row.whole("site") != number:
        row.refuse("site", Text(f"here should stand {number}", f"此处应为 {number}"))
    node = node_in(row, "node", known)
    bonded = bool(row.whole("bonded", most=1))
    handling = row.number("handling_cost", least=0)
    sizes = [(top_of(row, most), row.number(cost, least=0)) for most, cost in OF_SIZES]
    some = tuple(size for size in sizes if size[0])
    if not some:
        row.refuse(OF_SIZES[-1][0], Text("no size has a capacity above 0", "各规模的能力均为 0"))
    return StopSite(node, bonded, handling, some)


def top_of(row: CsvRow, column: str) -> float:
    """Return the largest number that a cell of many digits may stand for; a short one as it is."""
    value = row.number(column, least=0)
    written = Decimal(row.cells[column].translate(PLAIN)).as_tuple()
    if len(written.digits) < MANY_DIGITS or not isinstance(written.exponent, int):
        return value
    return float(exact(value) + Fraction(10) ** written.exponent / 2)
