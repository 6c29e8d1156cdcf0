"""`sensitivity/uncertain.csv` of the reference: what every weak number of `data/` does to it.

Run `python -m hubopt.reference.uncertain` after a change of `data/` (two minutes: the instance is
built twice for each parameter). An assumption may enter through sums, shares and roundings, so no
table of links from assumptions to cells could be kept right by hand. Instead the instance is built
with the members of a parameter at their low, and at their high, and the difference is written as
rows of factors: cells that move by the same factor make one row. The rows give back the instance
that was built, to the rounding of its tables; what factors cannot say stands in `differences`.
"""

from __future__ import annotations

import argparse
import csv
import io
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.reference.assumptions import SIGN
from hubopt.reference.build import reference
from hubopt.reference.differences import differences
from hubopt.reference.facts import Facts
from hubopt.reference.mini_uncertain import MINI
from hubopt.reference.uncertain_groups import GROUPS
from hubopt.study.uncertain import COLUMNS, FILE, FOLDER, LEVELS
from hubopt.study.whole_files import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.reference.differences import Part
    from hubopt.reference.facts import Row
    from hubopt.reference.uncertain_groups import Group

LIKE_NOBODY = ("unverified", "general knowledge", "assumed", "assumption")
"""What a source begins with that is none, but somebody's memory."""

Member = tuple[str, str]
"""Group and key of an assumption, or mode and name of a mode parameter."""


@dataclass(frozen=True)
class Weak:
    """The tables of `data/` from which parameters are drawn, read once."""

    data: Path

    def facts(self, members: frozenset[Member] = frozenset(), level: str = "central") -> Facts:
        """Return the facts with some numbers at a level and all others as they are."""
        facts = Facts(self.data)
        known = facts.assumed
        central = {
            key: getattr(row, level) if key in members else row.central
            for key, row in known.written.items()
        }
        facts.__dict__["assumed"] = replace(known, central=central, used=set())
        facts.__dict__["mode_rows"] = [
            at_level(row, level) if (row["mode"], row["parameter"]) in members else row
            for row in facts.mode_rows
        ]
        return facts

    def members(self, group: Group) -> frozenset[Member]:
        """Return the numbers that one of the group's patterns names."""
        facts = Facts(self.data)
        names = [key for key in facts.assumed.written if SIGN not in key[1]]
        names += [(row["mode"], row["parameter"]) for row in facts.mode_rows]
        return frozenset(
            name
            for name in names
            if any(fnmatchcase("/".join(name), pattern) for pattern in group.members)
        )


def at_level(row: Row, level: str) -> Row:
    """Return a mode parameter whose central value is that of a level, its high moved alike.

    Land is dearer in one city, which is written in the column of the high value.
    """
    if level == "central":
        return row
    moved = first(row[level]) / first(row["central"])
    return {**row, "central": row[level], "high": f"{first(row['high']) * moved}"}


def first(cell: str) -> float:
    """Return the first number of a cell such as `1.3 ; 2.5` or `30 (prefecture cities)`."""
    return float(cell.partition(";")[0].split()[0])


def confidence_and_source(weak: Weak, members: frozenset[Member]) -> tuple[str, str]:
    """Return how sure the members are and where they come from; the weakest decides."""
    facts = Facts(weak.data)
    found = [row.confidence for key, row in facts.assumed.written.items() if key in members]
    sources = set()
    for row in facts.mode_rows:
        if (row["mode"], row["parameter"]) in members:
            found.append("low" if "low" in row["confidence"] else row["confidence"])
            sources.add(row["source"])
    weakest = min(found, key=("low", "medium", "high").index)
    assumed = members & set(facts.assumed.written)
    nobody = assumed or any(source.lower().startswith(LIKE_NOBODY) for source in sources)
    return weakest, "none" if nobody or not sources else "; ".join(sorted(sources))


def parts(weak: Weak, base: Instance, group: Group) -> list[Part]:
    """Return the rows of one parameter."""
    members = weak.members(group)
    built = {level: reference(weak.facts(members, level)) for level in LEVELS}
    return differences(base, built["low"], built["high"])


def rows(weak: Weak, groups: tuple[Group, ...] = GROUPS) -> Iterator[Mapping[str, str]]:
    """Yield the rows of `uncertain.csv`."""
    base = reference(weak.facts())
    for group in groups:
        confidence, source = confidence_and_source(weak, weak.members(group))
        for part in parts(weak, base, group):
            cells = (
                group.id, group.name_en, group.name_zh, confidence, source, part.table,
                part.column, part.where, f"{part.low:.6g}", f"{part.high:.6g}",
            )  # fmt: skip
            yield dict(zip(COLUMNS, cells, strict=True))


def mini_rows(weak: Weak) -> Iterator[Mapping[str, str]]:
    """Yield the rows of the mini instance, whose ranges are those of single numbers."""
    for laid in MINI:
        member = (laid.group, laid.key)
        confidence, source = confidence_and_source(weak, frozenset({member}))
        low, high = factors(weak, member)
        for table, column, where in laid.cells:
            cells = (
                laid.id, laid.name_en, laid.name_zh, confidence, source, table, column, where,
                f"{low:.6g}", f"{high:.6g}",
            )  # fmt: skip
            yield dict(zip(COLUMNS, cells, strict=True))


def factors(weak: Weak, member: Member) -> tuple[float, float]:
    """Return the low and the high of one number over its central value."""
    facts = Facts(weak.data)
    written = facts.assumed.written.get(member)
    if written is not None:
        return written.low / written.central, written.high / written.central
    row = next(r for r in facts.mode_rows if (r["mode"], r["parameter"]) == member)
    central = first(row["central"])
    return first(row["low"]) / central, first(row["high"]) / central


def text_of(found: Iterator[Mapping[str, str]]) -> str:
    """Return rows as CSV."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    return out.getvalue()


def main() -> None:
    """Write what is uncertain about the shipped instances."""
    parser = argparse.ArgumentParser(prog="python -m hubopt.reference.uncertain")
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--out", type=Path, default=Path("instances"))
    asked = parser.parse_args()
    weak = Weak(asked.data)
    for name, found in (("zhengzhou-mini", mini_rows(weak)), ("zhengzhou", rows(weak))):
        write_whole(asked.out / name / FOLDER / FILE, text_of(found).encode())


if __name__ == "__main__":
    main()
