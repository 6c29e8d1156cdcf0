"""What stands in one stage of a scenario: sites with outcome, size, use, cost, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.report.shared import mass, neat
from hubopt.publish.tables import counted
from hubopt.publish.why_words import plan_sentences
from hubopt.text import printable
from hubopt.units import KG_PER_T

if TYPE_CHECKING:
    from hubopt.publish.report.book import Book
    from hubopt.publish.report.shared import Json
    from hubopt.publish.report.side import Side
    from hubopt.publish.site_facts import Facts
    from hubopt.text import Text


def sites(book: Book, side: Side, facts: Facts, stage: int) -> list[Json]:
    """Return each site: number, outcome, modules, tonnes through, use, CNY a year, first stage.

    Then the tonnes by function, and the capacity of all functions together in t a year.
    """
    found: list[Json] = []
    for row in side.figures.site_plans:
        if row.stage != stage:
            continue
        one = facts.in_stage(row)
        handled: list[Json] = [[f.value, mass(t * KG_PER_T)] for f, t in one.handled_t.items()]
        found.append([
            book.site(side, row.site),
            row.outcome.value,
            printable(counted(row.modules)),
            mass(one.through_t * KG_PER_T),
            None if one.used is None else neat(one.used, 4),
            round(one.building_cny),
            round(one.running_cny),
            side.figures.opened_in.get(row.site),
            handled,
            capacity_t(facts, stage, row.site),
        ])  # fmt: skip
    return found


def capacity_t(facts: Facts, stage: int, site: str) -> int | None:
    """Return what a site can handle, t a year over its functions; `None` where one has no limit."""
    sizes = [facts.size_t[stage, site, function] for function in facts.able.get(site, ())]
    known = [size for size in sizes if size is not None]
    return round(sum(known)) if len(known) == len(sizes) else None


def reasons(book: Book, side: Side, facts: Facts) -> list[Json]:
    """Return why each site stands or does not: its number, then those of the sentences."""
    found: list[Json] = []
    for site in side.instance.sites:
        told = tuple(facts.of(site.id))
        if told:
            said = [sentence(book, text) for text in plan_sentences(side.instance, told)]
            found.append([book.site(side, site.id), *said])
    return found


def sentence(book: Book, text: Text) -> int:
    """Return the number of a sentence in both languages."""
    return book.sentences.number(text, lambda: [printable(text.en), printable(text.zh)])
