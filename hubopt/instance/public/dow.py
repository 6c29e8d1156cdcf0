"""Multicommodity capacitated fixed-charge network design in the format of Gendron and Crainic.

A title line, `nodes arcs commodities`, for each arc `tail head variable-cost capacity fixed-cost`
and two numbers that are not used, for each commodity `origin destination demand`. Nodes count from
1, arcs are directed.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.public.case import PublicCase
from hubopt.instance.public.fixed_charge import (
    Arc,
    Commodity,
    FixedCharge,
    fixed_charge_instance,
)
from hubopt.instance.public.location import OUT_OF_SCALE
from hubopt.instance.public.location_case import stem_of
from hubopt.instance.public.tokens import Tokens, of_file
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CRAINIC = re.compile(r"c(3[3-9]|[45][0-9]|6[0-4])")
FIRST, OF_A_SIZE = 33, 4
SIZES = (
    "20,230,40", "20,230,200", "20,300,40", "20,300,200",
    "30,520,100", "30,520,400", "30,700,100", "30,700,400",
)  # fmt: skip
KINDS = ("VL", "FL", "VT", "FT")
"""Variable or fixed costs weigh more; capacities are loose or tight."""


def read(file: Path) -> Iterator[PublicCase]:
    """Yield the case of a file; raise `InputError` at the first thing that is wrong in it."""
    tokens = Tokens(file)
    pass_title(tokens)
    nodes = tokens.whole(Text("the number of nodes", "节点数"), least=2)
    count = tokens.whole(Text("the number of arcs", "弧数"), least=1)
    sent = tokens.whole(Text("the number of commodities", "货流数"), least=1)
    arcs = [arc_of(tokens, number, nodes) for number in range(1, count + 1)]
    commodities = [commodity_of(tokens, number, nodes) for number in range(1, sent + 1)]
    tokens.end()
    design = FixedCharge(
        stem_of(file),
        Text(f"fixed-charge network design, {stem_of(file)}", f"固定费用网络设计 {stem_of(file)}"),
        nodes,
        tuple(arc for arc in arcs if arc.capacity),
        tuple(one for one in commodities if one.units),
    )
    if not design.arcs or not design.commodities:
        raise InputError([of_file(file, Text("has nothing to send", "没有可运送的货流"))])
    scales = design.scales()
    if scales is None:
        raise InputError([of_file(file, OUT_OF_SCALE)])
    yield PublicCase(
        "dow", published_name(stem_of(file)), file, scales.mcny_per_unit,
        partial(fixed_charge_instance, design, scales),
    )  # fmt: skip


def pass_title(tokens: Tokens) -> None:
    """Pass the first line unless it begins with a number."""
    if tokens.words and not tokens.words[0].isdigit():
        while tokens.here < len(tokens.lines) and tokens.line == tokens.lines[0]:
            tokens.here += 1


def published_name(stem: str) -> str:
    """Return the name in tables of published values: Crainic's C set is known by nominal sizes."""
    if not CRAINIC.fullmatch(stem.lower()):
        return stem
    block, kind = divmod(int(stem[1:]) - FIRST, OF_A_SIZE)
    return f"{stem.lower()}({SIZES[block]},{KINDS[kind]})"


def ends_of(tokens: Tokens, what: Text, nodes: int) -> tuple[int, int]:
    """Return the numbers of two different nodes."""
    start = tokens.whole(
        Text(f"the node where {what.en} begins", f"{what.zh}的起点"), least=1, most=nodes
    )
    end_of = Text(f"the node where {what.en} ends", f"{what.zh}的终点")
    end = tokens.whole(end_of, least=1, most=nodes)
    if start == end:
        tokens.refuse_last(end_of, Text("is where it begins", "与起点相同"))
    return start, end


def arc_of(tokens: Tokens, number: int, nodes: int) -> Arc:
    """Return the next arc."""
    ends = ends_of(tokens, Text(f"arc {number}", f"弧 {number} "), nodes)
    price = tokens.number(
        Text(f"the variable cost of arc {number}", f"弧 {number} 的单位费用"), least=0
    )
    capacity = tokens.number(Text(f"the capacity of arc {number}", f"弧 {number} 的能力"), least=0)
    fixed = tokens.number(
        Text(f"the fixed cost of arc {number}", f"弧 {number} 的固定费用"), least=0
    )
    for _ in range(2):
        tokens.number(Text(f"a number at the end of arc {number}", f"弧 {number} 末尾的数"))
    return Arc(*ends, price, capacity, fixed)


def commodity_of(tokens: Tokens, number: int, nodes: int) -> Commodity:
    """Return the next commodity."""
    ends = ends_of(tokens, Text(f"commodity {number}", f"货流 {number} "), nodes)
    what = Text(f"the demand of commodity {number}", f"货流 {number} 的需求量")
    return Commodity(*ends, tokens.number(what, least=0))
