"""Names of rows and columns that are made when somebody reads them: most solves never do.

A quarter of a million names take longer to write than the model that bears them takes to build and
to hand over. So a form knows families and which members of them stand where.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, overload

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from numpy.typing import NDArray

    from hubopt.solver.form import Floats, Places

    Bools = NDArray[np.bool_]

Axis = tuple[Sequence[str], "Places"]
"""The labels of what members are counted by, and which of them each member has."""
Axes = Callable[["Places"], tuple[Axis, ...]]
"""Gives the axes of members by their numbers."""


def plain(names: Iterable[str]) -> bool:
    """Return whether all names are printable ASCII without spaces, and none is empty."""
    return all(name and name.isascii() and name.isprintable() and " " not in name for name in names)


@dataclass(frozen=True, eq=False)
class Family:
    """Members of a family in the order in which they stand, by number: `flow(s,k)`, `open(x,t)`.

    A number says the same in every form of one problem, of rows and whole decisions but choices of
    sources in every form of one instance; `axes` tells what it stands for.
    """

    name: str
    numbers: Places
    axes: Axes

    def __len__(self) -> int:
        """Return how many members stand here."""
        return len(self.numbers)

    def named(self, here: slice) -> list[str]:
        """Return the names of some of the members."""
        parts = [
            [labels[n] for n in index.tolist()] for labels, index in self.axes(self.numbers[here])
        ]
        if len(parts) == 1:
            return [f"{self.name}({label})" for label in parts[0]]
        return [f"{self.name}({','.join(index)})" for index in zip(*parts, strict=True)]

    @cached_property
    def told_apart(self) -> bool:
        """Whether no two members have the same name, and all names are plain ASCII.

        Names differ if the labels of each axis do, none of which has a comma more than another.
        """
        axes = self.axes(self.numbers)
        code = np.zeros(len(self), dtype=np.int64)
        for labels, index in axes:
            alike = len(set(labels)) < len(labels) or len({n.count(",") for n in labels}) > 1
            if alike or not plain(labels) or not inside(index, len(labels)):
                return False
            code = code * len(labels) + index
        return plain((self.name,)) and "(" not in self.name and differ(code)


def inside(index: Places, count: int) -> bool:
    """Return whether all numbers are from 0 to below a count."""
    return not len(index) or (int(index.min()) >= 0 and int(index.max()) < count)


def differ(numbers: Places) -> bool:
    """Return whether no number stands twice."""
    return bool((np.diff(numbers) > 0).all()) or len(np.unique(numbers)) == len(numbers)


Part = Family | tuple[str, ...]
"""Names to be made, or names that are there."""


class NameList(Sequence[str]):
    """Names in the order of rows or columns, in parts; none is made before it is asked for."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = tuple(part for part in parts if len(part))
        self.ends = np.cumsum([len(part) for part in self.parts]).tolist()

    def __len__(self) -> int:
        """Return the number of names."""
        return self.ends[-1] if self.ends else 0

    @overload
    def __getitem__(self, here: int) -> str: ...
    @overload
    def __getitem__(self, here: slice) -> tuple[str, ...]: ...
    def __getitem__(self, here: int | slice) -> str | tuple[str, ...]:
        """Return one name, of which no other is made, or several."""
        if isinstance(here, slice):
            return self.all[here]
        at = range(len(self))[here]
        number = bisect_right(self.ends, at)
        part = self.parts[number]
        at -= self.ends[number] - len(part)
        return part[at] if isinstance(part, tuple) else part.named(slice(at, at + 1))[0]

    def __iter__(self) -> Iterator[str]:
        """Go through all names."""
        return iter(self.all)

    @cached_property
    def all(self) -> tuple[str, ...]:
        """All names."""
        everything = slice(None)
        return tuple(
            chain.from_iterable(
                part if isinstance(part, tuple) else part.named(everything) for part in self.parts
            )
        )

    @property
    def placed(self) -> Iterator[tuple[Part, slice]]:
        """Each part with where it stands."""
        for part, end in zip(self.parts, self.ends, strict=True):
            yield part, slice(end - len(part), end)

    def of(self, family: str) -> Iterator[tuple[Family, slice]]:
        """Yield the parts of a family with where they stand."""
        for part, here in self.placed:
            if isinstance(part, Family) and part.name == family:
                yield part, here

    @property
    def given(self) -> dict[str, int]:
        """Where the names stand that are in no family."""
        return {
            name: here.start + at
            for part, here in self.placed if isinstance(part, tuple)
            for at, name in enumerate(part)
        }  # fmt: skip

    @cached_property
    def told_apart(self) -> bool:
        """Whether all names surely differ and are plain ASCII, without making them."""
        together: dict[str, list[Family]] = defaultdict(list)
        for part in self.parts:
            if isinstance(part, Family):
                together[part.name].append(part)
        given = [name for part in self.parts if isinstance(part, tuple) for name in part]
        apart = not {family_of(name) for name in given} & set(together)
        return (
            apart
            and all(known.axes == parts[0].axes for parts in together.values() for known in parts)
            and all(whole(parts).told_apart for parts in together.values())
            and len(set(given)) == len(given)
            and plain(given)
        )


def whole(parts: Sequence[Family]) -> Family:
    """Return parts of one family as one."""
    if len(parts) == 1:
        return parts[0]
    return replace(parts[0], numbers=np.concatenate([part.numbers for part in parts]))


def family_of(name: str) -> str:
    """Return the family of a name: the rule of a row, the kind of a column."""
    return name.partition("(")[0]


def in_families(names: Sequence[str], families: Collection[str]) -> Bools:
    """Return which names belong to any of the families."""
    if not isinstance(names, NameList):
        return np.array([family_of(name) in families for name in names], dtype=bool)
    found = np.zeros(len(names), dtype=bool)
    for part, here in names.placed:
        if isinstance(part, Family):
            found[here] = part.name in families
        else:
            found[here] = in_families(part, families)
    return found


def ranks(names: Sequence[str], rank: Mapping[str, int]) -> Places:
    """Return the rank of the family of each name."""
    if not isinstance(names, NameList):
        return np.array([rank[family_of(name)] for name in names], dtype=np.int64)
    found = np.zeros(len(names), dtype=np.int64)
    for part, here in names.placed:
        found[here] = rank[part.name] if isinstance(part, Family) else ranks(part, rank)
    return found


def taken(names: Sequence[str], here: Places) -> Sequence[str]:
    """Return the names of some rows or columns, in the order asked for."""
    if not isinstance(names, NameList):
        return tuple(names[n] for n in here.tolist())
    if not len(here):
        return NameList(())
    number = np.searchsorted(names.ends, here, side="right")
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    parts: list[Part] = []
    for start, some in zip(starts.tolist(), np.split(here, starts[1:]), strict=True):
        part = names.parts[number[start]]
        at = some - (names.ends[number[start]] - len(part))
        parts.append(
            replace(part, numbers=part.numbers[at])
            if isinstance(part, Family)
            else tuple(part[n] for n in at.tolist())
        )
    return NameList(parts)


def in_turn(*several: Sequence[str]) -> NameList:
    """Return names one after the other."""
    return NameList(
        chain.from_iterable(
            names.parts if isinstance(names, NameList) else (tuple(names),) for names in several
        )
    )


def carried(values: Floats, before: Sequence[str], after: Sequence[str]) -> Floats:
    """Return for each name after its value before, 0 for one that was not there."""
    if before is after:
        return values
    if not isinstance(before, NameList) or not isinstance(after, NameList):
        known = dict(zip(before, values.tolist(), strict=True))
        return np.array([known.get(name, 0.0) for name in after])
    found, given = np.zeros(len(after)), before.given
    for part, here in after.placed:
        if isinstance(part, Family):
            for known_part, there in before.of(part.name):
                found[here] += aligned(values[there], known_part.numbers, part.numbers)
        else:
            found[here] = [values[given[name]] if name in given else 0.0 for name in part]
    return found


def aligned(values: Floats, numbers: Places, wanted: Places) -> Floats:
    """Return the values of wanted members out of those of `numbers`, 0 for what is not there."""
    if not len(numbers) or np.array_equal(numbers, wanted):
        return values if len(numbers) else np.zeros(len(wanted))
    order = np.argsort(numbers, kind="stable")
    place = order[np.minimum(np.searchsorted(numbers, wanted, sorter=order), len(numbers) - 1)]
    return np.where(numbers[place] == wanted, values[place], 0.0)
