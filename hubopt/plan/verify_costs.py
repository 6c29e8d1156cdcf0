"""Every figure of a plan: cost terms to the fen, objective, CO2e to the kilogram, bound and gap.

The bound itself cannot be recomputed without a solver; only what is made of it is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.plan import sentences
from hubopt.plan.figures import figures, gap_between, whole
from hubopt.plan.plan import ALL_ROUTES_BASIS, GAP_BASIS, OPTIMAL_GAP
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
            book.same(
                f"cost_{term}", year, sentences.FIGURE_FEN, said=said.get(term), found=terms[term]
            )
        for where, kg, right in (
            ("co2e_wtw_kg", plan.co2e_wtw_kg, found.wtw_kg),
            ("co2e_ttw_kg", plan.co2e_ttw_kg, found.ttw_kg),
        ):
            book.same(
                "co2e",
                (where, year),
                sentences.FIGURE_KG,
                said=kg.get(year),
                found=whole(right[year]),
            )
    book.same(
        "cost_objective",
        "objective_fen",
        sentences.FIGURE_FEN,
        said=plan.objective_fen,
        found=found.objective_fen(),
    )
    check_bound(book, plan)


def check_bound(book: Book, plan: Plan) -> None:
    """Check that the bound lies below the objective, what the gap is, and what it allows to say."""
    name, bound, objective = "gap_and_bound", plan.bound_fen, plan.objective_fen
    below = bound is None or 0 <= bound <= objective
    book.note(name, "bound_fen", sentences.BOUND, holds=below, said=bound, found=objective)
    if below:
        gap = gap_between(objective, bound)
        book.same(name, "gap", sentences.GAP, said=plan.gap, found=gap)
        proved = plan.status is not Status.OPTIMAL or (gap is not None and gap <= OPTIMAL_GAP)
        book.note(name, "status", sentences.NOT_PROVED, holds=proved, said=gap, found=OPTIMAL_GAP)
    known = plan.gap_basis in {GAP_BASIS, ALL_ROUTES_BASIS}
    found = plan.gap_basis if known else GAP_BASIS
    book.same(name, "gap_basis", sentences.BASIS, said=plan.gap_basis, found=found)
