"""Every figure of a plan: cost terms to the fen, objective, CO2e to the kilogram, bound and gap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.plan.figures import figures, gap_between, whole
from hubopt.vocabulary import CostTerm, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Flow, Plan
    from hubopt.plan.pricing import Pricer
    from hubopt.plan.report import Book


def check_costs(
    book: Book, instance: Instance, pricer: Pricer, plan: Plan, sound: Sequence[Flow]
) -> None:
    """Check all figures against those of the decisions; routes that are no routes cost nothing."""
    found = figures(instance, pricer, plan.sites, plan.services, sound, plan.unserved)
    for year, terms in found.terms_fen().items():
        said = plan.terms_fen.get(year, {})
        for term in CostTerm:
            book.same(f"cost_{term}", f"{year}", said.get(term), terms[term])
        wtw, ttw = whole(found.wtw_kg[year]), whole(found.ttw_kg[year])
        book.same("co2e", f"{year} well-to-wheel kg", plan.co2e_wtw_kg.get(year), wtw)
        book.same("co2e", f"{year} tank-to-wheel kg", plan.co2e_ttw_kg.get(year), ttw)
    book.same("cost_objective", "objective_fen", plan.objective_fen, found.objective_fen())
    check_bound(book, plan)


def check_bound(book: Book, plan: Plan) -> None:
    """Check that the bound lies below the objective and that the gap is what they make it."""
    name = "gap_and_bound"
    book.same(name, "gap", plan.gap, gap_between(plan.objective_fen, plan.bound_fen))
    if plan.bound_fen is not None:
        below = 0 <= plan.bound_fen <= plan.objective_fen
        found = f"between 0 and {plan.objective_fen}"
        book.note(name, "bound_fen", holds=below, said=plan.bound_fen, found=found)
    proved = plan.status is not Status.OPTIMAL or plan.bound_fen is not None
    book.note(name, "status", holds=proved, said=plan.status, found="without a bound")
    worded = bool(plan.gap_basis.strip())
    book.note(name, "gap_basis", holds=worded, said=plan.gap_basis, found="what the bound covers")
