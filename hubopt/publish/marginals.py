"""The table of marginal values: written with a result, and read back when it is drawn anew."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from hubopt.plan.marginal import Marginal, MarginalKind
from hubopt.publish.spread import Sheet, unsafe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hubopt.instance.tables import Link

NAME = "marginal_values"

BASIS = "LP with sites, modules and departures fixed; not part of the verification"

COLUMNS = ("stage", "kind", "where", "what", "mode", "service", "marginal_cny_per_t", "basis")


def marginal_values(marginals: Iterable[Marginal]) -> Sheet:
    """Return what one more tonne of each limit would save."""
    rows = sorted(
        (m.stage, m.kind.value, m.where, m.what, m.mode, m.service, float(m.cny_per_t), BASIS)
        for m in marginals
    )
    return Sheet(NAME, COLUMNS, tuple(rows))


def read_marginals(folder: Path) -> tuple[Marginal, ...]:
    """Return the marginal values of a written result, none if it has no such table."""
    file = folder / "tables" / f"{NAME}.csv"
    if not file.is_file():
        return ()
    with file.open(encoding="utf-8-sig", newline="") as text:
        return tuple(marginal(row) for row in csv.DictReader(text))


def marginal(row: Mapping[str, str]) -> Marginal:
    """Return one row of the table."""
    where, what, mode, service = (unsafe(row[n]) for n in ("where", "what", "mode", "service"))
    value = float(row["marginal_cny_per_t"])
    kind = MarginalKind(row["kind"])
    return Marginal(kind, int(row["stage"]), where, what, mode, service, value)


def of_links(marginals: Iterable[Marginal]) -> dict[tuple[int, str, str, str], float]:
    """Return the marginal values of links by (stage, from, to, mode), as the links' rows have them.

    Duals of the two directions of a row come as one value.
    """
    return {
        (m.stage, m.where, m.what, m.mode): m.cny_per_t
        for m in marginals
        if m.kind is MarginalKind.LINK
    }


def of_link(
    values: Mapping[tuple[int, str, str, str], float], stage: int, link: Link
) -> float | None:
    """Return the marginal value of a link in a stage, `None` where none is known or no limit."""
    if link.capacity_t_per_year is None:
        return None
    return values.get((stage, link.from_place, link.to_place, link.mode.value))
