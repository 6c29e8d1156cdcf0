"""Everything that a report shows as one record of lists: shared rows once, then scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.plan.plan import ALL_ROUTES_BASIS
from hubopt.publish.palette import MODE_COLOURS, OUTCOME_COLOURS
from hubopt.publish.report import freight, stands
from hubopt.publish.report.basis import basis, rests_on, sources
from hubopt.publish.report.book import Book
from hubopt.publish.report.words import WORDS
from hubopt.publish.site_facts import Facts
from hubopt.publish.words import MODES, OUTCOMES, TERMS
from hubopt.text import Text, printable
from hubopt.units import KG_PER_T, exact, present_value_weight
from hubopt.vocabulary import CostTerm, Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.publish.report.shared import Json
    from hubopt.publish.report.side import Side
    from hubopt.text import Language


def record(sides: Sequence[Side], language: Language) -> dict[str, Json]:
    """Return what a page shows of results of one instance, the base first."""
    book = Book()
    scenarios: list[Json] = [scenario(book, side) for side in sides]
    base = sides[0]
    settings = base.instance.settings
    rate = exact(settings.discount_rate)
    return {
        "language": language.value,
        "name": printable(settings.name),
        "title": title(base),
        "stages": [
            [s.year, s.years,
             float(present_value_weight(rate, s.year, s.years, settings.base_year))]
            for s in settings.stages
        ],
        "modes": [[m.value, *both(MODES[m]), MODE_COLOURS[m]] for m in Mode],
        "terms": [[term.value, *both(TERMS[term])] for term in CostTerm],
        "outcomes": [[o.value, *both(OUTCOMES[o]), OUTCOME_COLOURS[o]] for o in SiteOutcome],
        **book.record(base.borders),
        "scenarios": scenarios,
        "basis": basis(base),
        "words": {key: both(text) for key, text in WORDS.items()},
    }  # fmt: skip


def title(side: Side) -> list[Json]:
    """Return the titles of the instance, its name where it has none."""
    settings = side.instance.settings
    en = settings.title_en or settings.title_zh or settings.name
    return [printable(en), printable(settings.title_zh or en)]


def both(text: Text) -> list[Json]:
    """Return a sentence in both languages."""
    return [printable(text.en), printable(text.zh)]


def scenario(book: Book, side: Side) -> dict[str, Json]:
    """Return what a page shows of one result."""
    plan, facts = side.plan, Facts(side.figures)
    return {
        "name": printable(plan.scenario),
        "title": both(side.title),
        "note": both(side.note),
        "status": plan.status.value,
        "cost": plan.objective_fen / 100,
        "bound": None if plan.bound_fen is None else plan.bound_fen / 100,
        "gap": plan.gap,
        "everyRoute": plan.gap_basis == ALL_ROUTES_BASIS,
        "factors": freight.factors(book, side),
        "stages": [stage(book, side, facts, year) for year in side.figures.stages],
        "reasons": stands.reasons(book, side, facts),
        "sources": sources(side),
        **rests_on(side),
        "rules": [both(text) for text in side.rules],
        "checks": [[c.name, c.count, c.broken] for c in side.verification.checks],
        "verdict": both(side.verification.note),
    }


def stage(book: Book, side: Side, facts: Facts, year: int) -> dict[str, Json]:
    """Return what a page shows of one stage of a result."""
    plan = side.plan
    terms = plan.terms_fen.get(year, {})
    return {
        "terms": [terms.get(term, 0) / 100 for term in CostTerm],
        "wtw": plan.co2e_wtw_kg.get(year, 0) / KG_PER_T,
        "ttw": plan.co2e_ttw_kg.get(year, 0) / KG_PER_T,
        "flows": freight.flows(book, side, year),
        "modes": freight.modes(book, side, year),
        "served": freight.served(book, side, year),
        "services": freight.timetable(book, side, year),
        "unserved": freight.unserved(book, side, year),
        "emissions": freight.emissions(side, year),
        "uses": freight.uses(book, side, year),
        "sites": stands.sites(book, side, facts, year),
    }
