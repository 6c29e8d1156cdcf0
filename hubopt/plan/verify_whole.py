"""Whether a plan is one for this instance: every stage, site, service and shipment known, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.digest import content_hash
from hubopt.instance.folder_name import safe_name
from hubopt.plan import sentences
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan, SitePlan
    from hubopt.plan.report import Book

NAME = "plan_matches_instance"
WRITTEN = {Status.OPTIMAL, Status.FEASIBLE, Status.INTERRUPTED}
"""Statuses that a written plan may have."""


def check_whole(book: Book, instance: Instance, plan: Plan) -> Plan:
    """Note what does not belong and return the plan without it, safe to look up."""
    years = [stage.year for stage in instance.settings.stages]
    check_head(book, instance, plan, years)
    once(book, ((s.site, s.stage) for s in plan.sites), pairs(instance.site, years))
    once(book, ((s.service, s.stage) for s in plan.services), pairs(instance.service, years))
    not_twice(book, ((f.shipment, f.steps) for f in plan.flows))
    not_twice(book, ((u.shipment,) for u in plan.unserved))
    names = modules(instance)
    return replace(
        plan,
        sites=tuple(s for s in plan.sites if known_site(book, names, years, s)),
        services=tuple(
            s
            for s in plan.services
            if s.service in instance.service
            and s.stage in years
            and whole(book, (s.service, s.stage), s.departures_per_week, s.empty_per_week)
        ),
        flows=tuple(
            f
            for f in plan.flows
            if known_shipment(book, instance, f.shipment)
            and whole(book, (f.shipment, f.steps), f.kg_per_year)
        ),
        unserved=tuple(
            u
            for u in plan.unserved
            if known_shipment(book, instance, u.shipment) and whole(book, u.shipment, u.kg_per_year)
        ),
    )


def check_head(book: Book, instance: Instance, plan: Plan, years: list[int]) -> None:
    """Check whose plan it is, its status and its stages."""
    name, own = instance.settings.name, content_hash(instance)
    book.same(NAME, "instance", sentences.OTHER_INSTANCE, said=plan.instance, found=name)
    book.same(NAME, "instance_hash", sentences.INSTANCE_CHANGED, said=plan.instance_hash, found=own)
    named = safe_name(plan.scenario)
    book.note(NAME, "scenario", sentences.NO_NAME, holds=named, said=plan.scenario)
    written = plan.status in WRITTEN
    book.note(NAME, "status", sentences.NO_PLAN_STATUS, holds=written, said=plan.status)
    for where, by_stage in (
        ("terms_fen", plan.terms_fen),
        ("co2e_wtw_kg", plan.co2e_wtw_kg),
        ("co2e_ttw_kg", plan.co2e_ttw_kg),
    ):
        book.same(NAME, where, sentences.OTHER_STAGES, said=sorted(by_stage), found=years)


def pairs(ids: Iterable[str], years: Iterable[int]) -> set[Hashable]:
    """Return every (id, stage)."""
    return {(ident, year) for ident in ids for year in years}


def once(book: Book, said: Iterable[Hashable], needed: set[Hashable]) -> None:
    """Note what is missing, unknown or named twice."""
    counts = Counter(said)
    for key in sorted(needed - counts.keys(), key=str):
        book.note(NAME, key, sentences.LEFT_OUT, holds=False)
    for key, count in counts.items():
        if book.note(NAME, key, sentences.UNKNOWN, holds=key in needed):
            book.note(NAME, key, sentences.REPEATED, holds=count == 1, said=count)


def not_twice(book: Book, said: Iterable[Hashable]) -> None:
    """Note what is named twice."""
    for key, count in Counter(said).items():
        book.note(NAME, key, sentences.REPEATED, holds=count == 1, said=count)


def modules(instance: Instance) -> dict[str, set[str]]:
    """Return the names of the modules of every site."""
    names: dict[str, set[str]] = {site: set() for site in instance.site}
    for row in instance.modules:
        names[row.site].add(row.module)
    return names


def known_site(book: Book, names: Mapping[str, set[str]], years: list[int], plan: SitePlan) -> bool:
    """Return whether a site's entry names its own modules, each with a whole number of them."""
    if plan.site not in names or plan.stage not in years:
        return False
    where = (plan.site, plan.stage)
    same = book.same(
        NAME, where, sentences.OTHER_MODULES, said=set(plan.modules), found=names[plan.site]
    )
    return same and whole(book, where, *plan.modules.values())


def known_shipment(book: Book, instance: Instance, shipment: str) -> bool:
    """Return whether a shipment is in the instance."""
    return book.note(NAME, shipment, sentences.UNKNOWN, holds=shipment in instance.shipment)


def whole(book: Book, where: object, *numbers: int) -> bool:
    """Return whether all numbers are whole and not below zero."""
    good = all(type(number) is int and number >= 0 for number in numbers)
    return book.note(NAME, where, sentences.NOT_WHOLE, holds=good, said=numbers)
