"""Single-source capacitated location in the format of Holmberg, Rönnqvist and Yuan (1999).

`facilities customers`, for each facility `capacity fixed-cost`, the demands of all customers, then
for each facility what serving all of each customer's demand costs. The files that are passed on
were copied in whole blocks: NUL bytes and scraps of other files follow the last number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.public.location import Location
from hubopt.instance.public.location_case import location_case, stem_of
from hubopt.instance.public.tokens import Tokens
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubopt.instance.public.case import PublicCase

NAME = "Lib_2_"
"""What stands before a file's name in the tables of published values."""


def read(file: Path) -> Iterator[PublicCase]:
    """Yield the case of a file; raise `InputError` at the first thing that is wrong in it."""
    tokens = Tokens(file, padded=True)
    facilities = tokens.whole(Text("the number of facilities", "设施数"), least=1)
    customers = tokens.whole(Text("the number of customers", "客户数"), least=1)
    capacity, fixed = [], []
    for i in range(1, facilities + 1):
        what = Text(f"the capacity of facility {i}", f"设施 {i} 的能力")
        capacity.append(tokens.number(what, least=0))
        what = Text(f"the fixed cost of facility {i}", f"设施 {i} 的固定费用")
        fixed.append(tokens.number(what, least=0))
    demand = tokens.numbers(customers, Text("the demand of a customer", "客户需求量"), least=0)
    rows = []
    for i in range(1, facilities + 1):
        what = Text(f"a cost of serving from facility {i}", f"由设施 {i} 服务的费用")
        rows.append(tokens.numbers(customers, what, least=0))
    tokens.end()
    name = NAME + stem_of(file)
    title = Text(f"single-source location, {stem_of(file)}", f"单源选址 {stem_of(file)}")
    yield location_case(
        "holmberg", file,
        Location(
            name, title, tuple(fixed), tuple(capacity), demand,
            tuple(zip(*rows, strict=True)), single_source=True,
        ),
    )  # fmt: skip
