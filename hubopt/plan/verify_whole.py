"""Whether a plan is one for this instance: every stage, site, service and shipment known, once."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.digest import content_hash
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan, SitePlan
    from hubopt.plan.report import Book

NAME = "plan_matches_instance"
WRITTEN = {Status.OPTIMAL, Status.FEASIBLE, Status.INTERRUPTED}
"""Statuses that a written plan may have."""


def check_whole(book: Book, instance: Instance, plan: Plan) -> Plan:
    """Note what does not belong and return the plan without it, safe to look up."""
    book.same(NAME, "instance", plan.instance, instance.settings.name)
    book.same(NAME, "instance_hash", plan.instance_hash, content_hash(instance))
    book.note(
        NAME, "status", holds=plan.status in WRITTEN, said=plan.status, found="not one of a plan"
    )
    years = [stage.year for stage in instance.settings.stages]
    book.same(NAME, "terms_fen", sorted(plan.terms_fen), years)
    book.same(NAME, "co2e_wtw_kg", sorted(plan.co2e_wtw_kg), years)
    book.same(NAME, "co2e_ttw_kg", sorted(plan.co2e_ttw_kg), years)
    once(book, "sites", ((s.site, s.stage) for s in plan.sites), pairs(instance.site, years))
    once(
        book,
        "services",
        ((s.service, s.stage) for s in plan.services),
        pairs(instance.service, years),
    )
    some(book, "flows", ((f.shipment, f.steps) for f in plan.flows))
    some(book, "unserved", (u.shipment for u in plan.unserved))
    return replace(
        plan,
        sites=tuple(s for s in plan.sites if known_site(book, instance, years, s)),
        services=tuple(
            s
            for s in plan.services
            if s.service in instance.service
            and s.stage in years
            and not_negative(book, s.service, s.departures_per_week, s.empty_per_week)
        ),
        flows=tuple(
            f
            for f in plan.flows
            if known_shipment(book, instance, f.shipment)
            and not_negative(book, f.shipment, f.kg_per_year)
        ),
        unserved=tuple(
            u
            for u in plan.unserved
            if known_shipment(book, instance, u.shipment)
            and not_negative(book, u.shipment, u.kg_per_year)
        ),
    )


def pairs(ids: Iterable[str], years: Iterable[int]) -> set[Hashable]:
    """Return every (id, stage)."""
    return {(ident, year) for ident in ids for year in years}


def once(book: Book, where: str, said: Iterable[Hashable], needed: set[Hashable]) -> None:
    """Note what is missing, unknown or said twice."""
    counts = Counter(said)
    for key in sorted(needed - counts.keys(), key=str):
        book.note(NAME, f"{where} {key}", holds=False, said="nothing", found="needed")
    for key, count in counts.items():
        known = key in needed
        found = "said once" if known else "not in the instance"
        book.note(NAME, f"{where} {key}", holds=known and count == 1, said=count, found=found)


def some(book: Book, where: str, said: Iterable[Hashable]) -> None:
    """Note what is said twice."""
    for key, count in Counter(said).items():
        book.note(NAME, f"{where} {key}", holds=count == 1, said=count, found="to be said once")


def known_site(book: Book, instance: Instance, years: list[int], plan: SitePlan) -> bool:
    """Return whether a site's entry names its own modules, each with a whole number of them."""
    if plan.site not in instance.site or plan.stage not in years:
        return False
    names = {m.module for m in instance.modules if m.site == plan.site}
    same = book.same(NAME, f"modules of {plan.site} {plan.stage}", set(plan.modules), names)
    return same and not_negative(book, plan.site, *plan.modules.values())


def known_shipment(book: Book, instance: Instance, shipment: str) -> bool:
    """Return whether a shipment is in the instance."""
    known = shipment in instance.shipment
    return known or book.note(NAME, shipment, holds=False, said="a shipment", found="unknown")


def not_negative(book: Book, where: str, *numbers: int) -> bool:
    """Return whether all numbers are whole and not below zero."""
    good = all(type(number) is int and number >= 0 for number in numbers)
    return book.note(NAME, where, holds=good, said=numbers, found="to be whole, 0 or more")
