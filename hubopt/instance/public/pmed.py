"""OR-Library's p-median problems (Beasley 1985) as a matrix of distances.

An optional line `FILE: name`, `facilities customers p`, then for each facility its number, its
opening cost (0) and its distance to each customer.
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

HEAD = "FILE:"


def read(file: Path) -> Iterator[PublicCase]:
    """Yield the case of a file; raise `InputError` at the first thing that is wrong in it."""
    tokens = Tokens(file)
    if tokens.follows(HEAD):
        tokens.word(Text("the name of the file", "文件名"))
    facilities = tokens.whole(Text("the number of facilities", "设施数"), least=1)
    customers = tokens.whole(Text("the number of customers", "客户数"), least=1)
    most = Text("p, the number of facilities to open", "p，即开设的设施数")
    p = tokens.whole(most, least=1, most=facilities)
    fixed, rows = [], []
    for i in range(1, facilities + 1):
        tokens.whole(Text(f"the number {i} of a facility", f"设施编号 {i}"), least=i, most=i)
        what = Text(f"the opening cost of facility {i}", f"设施 {i} 的开设费用")
        fixed.append(tokens.number(what, least=0))
        what = Text(f"a distance from facility {i}", f"设施 {i} 到客户的距离")
        rows.append(tokens.numbers(customers, what, least=0))
    tokens.end()
    name = stem_of(file).lower()
    title = Text(f"OR-Library p-median, {name}", f"OR-Library p-中位 {name}")
    yield location_case(
        "pmed", file,
        Location(
            name, title, tuple(fixed), (None,) * facilities, (1.0,) * customers,
            tuple(zip(*rows, strict=True)), most=p,
        ),
    )  # fmt: skip
