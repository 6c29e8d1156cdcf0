"""OR-Library's files of capacitated location (Beasley 1988): cap41 to cap134 and capa to capc.

`facilities customers`, for each facility `capacity fixed-cost`, for each customer its demand and
what serving all of it costs from each facility. In capa to capc the word `capacity` stands for
capacities that are given elsewhere: four for each file.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from hubopt.instance.public.location import Location
from hubopt.instance.public.location_case import location_case, stem_of
from hubopt.instance.public.tokens import Tokens
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubopt.instance.public.case import PublicCase

WORD = "capacity"
CAPACITIES = {
    "capa": (8000, 10000, 12000, 14000),
    "capb": (5000, 6000, 7000, 8000),
    "capc": (5000, 5750, 6500, 7250),
}
"""What the word stands for (Beasley 1988)."""

TITLE = Text("OR-Library capacitated location", "OR-Library 有容量选址")
FREE_TITLE = Text("OR-Library uncapacitated location", "OR-Library 无容量选址")


@dataclass(frozen=True, slots=True)
class CapFile:
    """What a file holds; a capacity is `None` where the word stands for it."""

    capacity: tuple[float | None, ...]
    fixed: tuple[float, ...]
    demand: tuple[float, ...]
    cost: tuple[tuple[float, ...], ...]


def read_capacitated(file: Path) -> Iterator[PublicCase]:
    """Yield the cases of a file, several where the word `capacity` stands for several numbers."""
    found, name = read_file(file), stem_of(file).lower()
    whole = Location(
        name, titled(TITLE, name), found.fixed, found.capacity, found.demand, found.cost
    )
    if None not in found.capacity:
        yield location_case("cap", file, whole)
        return
    for units in CAPACITIES.get(name) or unknown_capacity(file):
        filled = tuple(float(units) if one is None else one for one in found.capacity)
        label = f"{name}@{units}"
        one = replace(whole, name=label, title=titled(TITLE, label), capacity=filled)
        yield location_case("cap", file, one)


def read_uncapacitated(file: Path) -> Iterator[PublicCase]:
    """Yield the case of a file without its capacities: each customer then is one unit of demand."""
    found, name = read_file(file), stem_of(file).lower()
    free: tuple[float | None, ...] = (None,) * len(found.fixed)
    units = (1.0,) * len(found.demand)
    yield location_case(
        "uncap", file,
        Location(name, titled(FREE_TITLE, name), found.fixed, free, units, found.cost),
    )  # fmt: skip


def read_file(file: Path) -> CapFile:
    """Return what a file holds; raise `InputError` at the first thing that is wrong."""
    tokens = Tokens(file)
    facilities = tokens.whole(Text("the number of facilities", "设施数"), least=1)
    customers = tokens.whole(Text("the number of customers", "客户数"), least=1)
    capacity, fixed = [], []
    for i in range(1, facilities + 1):
        capacity.append(capacity_of(tokens, i))
        what = Text(f"the fixed cost of facility {i}", f"设施 {i} 的固定费用")
        fixed.append(tokens.number(what, least=0))
    demand, cost = [], []
    for j in range(1, customers + 1):
        demand.append(
            tokens.number(Text(f"the demand of customer {j}", f"客户 {j} 的需求量"), least=0)
        )
        what = Text(f"a cost of serving customer {j}", f"服务客户 {j} 的费用")
        cost.append(tokens.numbers(facilities, what, least=0))
    tokens.end()
    return CapFile(tuple(capacity), tuple(fixed), tuple(demand), tuple(cost))


def capacity_of(tokens: Tokens, facility: int) -> float | None:
    """Return the capacity of a facility, `None` for the word."""
    if tokens.follows(WORD):
        return None
    what = Text(
        f"the capacity of facility {facility}, or the word {WORD}",
        f"设施 {facility} 的能力，或单词 {WORD}",
    )
    return tokens.number(what, least=0)


def unknown_capacity(file: Path) -> NoReturn:
    """Raise `InputError` for a file with the word `capacity` of which no numbers are known."""
    known = ", ".join(CAPACITIES)
    why = Text(
        f"the word {WORD} stands where numbers should; what it stands for is known of {known} only",
        f"应填数字处写着 {WORD}；只知道它在 {known} 中的含义",
    )
    Tokens(file).refuse(why)


def titled(title: Text, name: str) -> Text:
    """Return the title of a case."""
    return Text(f"{title.en}, {name}", f"{title.zh} {name}")
