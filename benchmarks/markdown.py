"""Tables of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> Iterator[str]:
    """Yield a table; all columns but the first `texts` stand to the right."""
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * texts + "---:|" * (len(heads) - texts)
    for row in rows:
        yield "| " + " | ".join(row) + " |"
