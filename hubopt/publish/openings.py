"""What opens at each place and when, in the few words that fit beside its name on a map."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.publish.words import FUNCTIONS
from hubopt.text import Language, Text
from hubopt.vocabulary import SiteOutcome

if TYPE_CHECKING:
    from hubopt.publish.figures import Figures

COMMA = Text(", ", "、")


def openings(
    figures: Figures, stage: int, language: Language
) -> dict[str, tuple[tuple[int, str], ...]]:
    """Return by place, for each year up to a stage in which sites open, what they can do."""
    able: defaultdict[str, set[str]] = defaultdict(set)
    for function, names in figures.network.able.items():
        for name in names:
            able[name].add(FUNCTIONS[function].in_language(language))
    found: defaultdict[str, defaultdict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in figures.site_plans:
        if row.stage == stage and figures.so_far(row) is SiteOutcome.OPENED:
            place = figures.instance.site[row.site].place
            found[place][figures.opened_in[row.site]] |= able[row.site]
    comma = COMMA.in_language(language)
    return {
        place: tuple((year, comma.join(sorted(words))) for year, words in sorted(years.items()))
        for place, years in found.items()
    }
