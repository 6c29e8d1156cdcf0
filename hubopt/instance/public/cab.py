"""Hub median problems in the format of O'Kelly's 25 American cities (CAB).

After a preamble that ends in `:=` (which may be missing), a line `i j flow cost` for each pair of
cities, in any order; a semicolon may end it. The cases are those that are published: the first 10,
15 and 20 cities and all of them, 2 to 4 hubs, five discounts. The value of a case is its cost over
all of its flow.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from functools import partial
from math import fsum
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.public.case import PublicCase
from hubopt.instance.public.hub_median import HubMedian, hub_scales, multiple_allocation
from hubopt.instance.public.hub_single import single_allocation
from hubopt.instance.public.location import OUT_OF_SCALE
from hubopt.instance.public.tokens import Tokens, of_file
from hubopt.text import Text
from hubopt.units import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hubopt.instance.public.hub_median import HubScales, Matrix
    from hubopt.instance.tables import Instance

START, STOP = ":=", ";"
SIZES = (10, 15, 20)
"""The first so many cities are cases of their own."""

HUBS = (2, 3, 4)
DISCOUNTS = ("0.2", "0.4", "0.6", "0.8", "1.0")
MOST_CITIES = 1000

MULTIPLE = Text("hub median, multiple allocation", "多重分配枢纽中位")
SINGLE = Text("hub median, single allocation", "单一分配枢纽中位")


def read_multiple(file: Path) -> Iterator[PublicCase]:
    """Yield the cases of a file in which each shipment may use its own hubs."""
    return cases("cab-multiple", MULTIPLE, multiple_allocation, file)


def read_single(file: Path) -> Iterator[PublicCase]:
    """Yield the cases of a file in which each city is allocated to one hub."""
    return cases("cab-single", SINGLE, single_allocation, file)


def cases(
    family: str, title: Text, make: Callable[[HubMedian, HubScales], Instance], file: Path
) -> Iterator[PublicCase]:
    """Yield the cases of a file; raise `InputError` for a file that is wrong."""
    flow, distance = read_file(file)
    sizes = [*(size for size in SIZES if size < len(flow)), len(flow)]
    for n, p, discount in itertools.product(sizes, HUBS, DISCOUNTS):
        if p > n:
            continue
        name = f"n{n}_p{p}_a{discount}"
        hubs = HubMedian(
            name, Text(f"{title.en}, {name}", f"{title.zh} {name}"), leading(flow, n),
            leading(distance, n), p, Fraction(discount),
        )  # fmt: skip
        scales = hub_scales(hubs)
        if scales is None:
            raise InputError([of_file(file, OUT_OF_SCALE)])
        total = sum(map(exact, hubs.flows), Fraction(0))
        yield PublicCase(
            family, name, file, scales.mcny_per_unit(total), partial(make, hubs, scales)
        )


def leading(matrix: Matrix, n: int) -> Matrix:
    """Return the first rows and columns."""
    return tuple(row[:n] for row in matrix[:n])


def read_file(file: Path) -> tuple[Matrix, Matrix]:
    """Return flow and cost by origin and destination; raise `InputError` for a wrong file."""
    tokens = Tokens(file)
    without_frame(tokens)
    found = dict(pairs(tokens))
    n = max(itertools.chain.from_iterable(found), default=1)
    numbers = range(1, n + 1)
    for i, j in itertools.product(numbers, numbers):
        if (i, j) not in found:
            tokens.refuse(
                Text(f"there is no line for cities {i} and {j}", f"缺少城市 {i} 与 {j} 的一行")
            )
    flow, cost = (
        tuple(tuple(found[i, j][what] for j in numbers) for i in numbers) for what in (0, 1)
    )
    if not all(fsum(map(sum, leading(flow, n))) for n in {*SIZES, len(flow)}):
        tokens.refuse(Text("nothing is sent from city to city", "城市之间没有任何运量"))
    return flow, cost


def without_frame(tokens: Tokens) -> None:
    """Pass the preamble, and take the semicolon from the end."""
    if START in tokens.words:
        tokens.here = tokens.words.index(START) + 1
    if tokens.words and tokens.words[-1].endswith(STOP):
        last = tokens.words.pop().removesuffix(STOP)
        if last:
            tokens.words.append(last)
        else:
            tokens.lines.pop()


def pairs(tokens: Tokens) -> Iterator[tuple[tuple[int, int], tuple[float, float]]]:
    """Yield flow and cost of each pair of cities; raise `InputError` at the first wrong one."""
    known: dict[tuple[int, int], int] = {}
    while tokens.here < len(tokens.words):
        line = tokens.line
        origin = tokens.whole(Text("the number of a city", "城市编号"), least=1, most=MOST_CITIES)
        ends = (
            origin,
            tokens.whole(
                Text("the number of a second city", "第二个城市的编号"), least=1, most=MOST_CITIES
            ),
        )
        if ends in known:
            tokens.refuse(
                Text(
                    f"cities {ends[0]} and {ends[1]} stand in line {known[ends]} already",
                    f"城市 {ends[0]} 与 {ends[1]} 已见于第 {known[ends]} 行",
                ),
                line=line,
            )
        known[ends] = line
        yield ends, amounts(tokens, ends)


def amounts(tokens: Tokens, ends: tuple[int, int]) -> tuple[float, float]:
    """Return flow and cost of a pair of cities, both 0 of a city with itself."""
    most = 0 if ends[0] == ends[1] else None
    own = ("", "") if most is None else (" to itself, which is 0", "（本城至本城，为 0）")
    where = f"{ends[0]} {ends[1]}"
    flow = tokens.number(
        Text(f"the flow of cities {where}{own[0]}", f"城市 {where} 的运量{own[1]}"),
        least=0, most=most,
    )  # fmt: skip
    cost = tokens.number(
        Text(f"the cost of cities {where}{own[0]}", f"城市 {where} 的单位费用{own[1]}"),
        least=0, most=most,
    )  # fmt: skip
    return flow, cost
