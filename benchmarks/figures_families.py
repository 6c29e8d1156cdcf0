"""What the table says of public families: how many are proved, and what HiGHS takes beside them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchmarks.figures import Measured
from benchmarks.results import of
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.figures import Measure, Results
    from benchmarks.results import Row

MOST_OF_HIGHS = 1 / 3
"""All seconds of hubopt over all of HiGHS."""


def proved(families: Sequence[str], most_mean_s: float | None = None) -> Measure:
    """Return the measure of public families: how many cases are proved, and in what time.

    Rows of `families` hold the family in `phase`, and the status `optimal` only where the value
    equals the published one. Where HiGHS ran too, each family is to take a third of its time.
    """

    def measure(found: Results) -> Measured:
        rows = [row for row in found.of("families") if row.phase in families]
        ours = of(rows, method="hubopt")
        if not ours:
            return Measured()
        ended = sum(row.status == "optimal" for row in ours)
        mean = sum(capped_s(row) for row in ours) / len(ours)
        good = ended == len(ours) and (most_mean_s is None or mean <= most_mean_s)
        en = f"{ended} of {len(ours)} proved, {mean:.1f} s on average"
        zh = f"{len(ours)} 个中证明 {ended} 个，平均 {mean:.1f} 秒"
        for family in families:
            parts = beside_highs(of(rows, phase=family))
            if parts is not None:
                words, enough = parts
                en, zh = f"{en}; {family} {words.en}", f"{zh}；{family} {words.zh}"
                good = good and enough
        return Measured(Text(en, zh), good)

    return measure


def beside_highs(rows: Sequence[Row]) -> tuple[Text, bool] | None:
    """Return all seconds of a family over those of HiGHS, a limit counted as the limit."""
    theirs = of(rows, method="arrays")
    if not theirs:
        return None
    ours = of(rows, method="hubopt")
    here, there = (sum(capped_s(row) for row in some) for some in (ours, theirs))
    proved = [sum(row.status == "optimal" for row in some) for some in (ours, theirs)]
    share = here / there if there else math.inf
    return Text(
        f"{proved[0]} of {len(ours)} in {here:.0f} s, HiGHS {proved[1]} in {there:.0f} s"
        f" ({share:.2f} x)",
        f"{len(ours)} 个中 {proved[0]} 个，{here:.0f} 秒；HiGHS {proved[1]} 个，{there:.0f} 秒"
        f"（{share:.2f} 倍）",
    ), share <= MOST_OF_HIGHS


def capped_s(row: Row) -> float:
    """Return the seconds of a run, of one that did not end in time its limit."""
    seconds = row.limit_s if row.seconds is None else row.seconds
    return min(seconds or 0.0, row.limit_s or math.inf)
