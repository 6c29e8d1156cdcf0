"""Ways to spoil what a plan says of itself: costs, emissions, bound and names."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.vocabulary import CostTerm, Status

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan

    Spoiled = tuple[Plan, str] | None
    Spoiler = Callable[[Instance, Plan, random.Random], Spoiled]


def doubled_term(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Double one cost."""
    terms = {year: dict(by_term) for year, by_term in plan.terms_fen.items()}
    full = [(y, t) for y, by_term in terms.items() for t, amount in by_term.items() if amount]
    year, term = rng.choice(full)
    terms[year][term] *= 2
    return replace(plan, terms_fen=terms), f"cost_{term}"


def one_fen(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Add one fen to one cost."""
    terms = {year: dict(by_term) for year, by_term in plan.terms_fen.items()}
    year, term = rng.choice(sorted(terms)), rng.choice(list(CostTerm))
    terms[year][term] += 1
    return replace(plan, terms_fen=terms), f"cost_{term}"


def term_lost(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Leave out one cost."""
    year, term = rng.choice(sorted(plan.terms_fen)), rng.choice(list(CostTerm))
    terms = {key: fen for key, fen in plan.terms_fen[year].items() if key is not term}
    return replace(plan, terms_fen={**plan.terms_fen, year: terms}), f"cost_{term}"


def terms_exchanged(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Exchange two costs of one stage."""
    year = min(plan.terms_fen)
    terms = dict(plan.terms_fen[year])
    a, b = CostTerm.LINE_HAUL, CostTerm.CARBON
    terms[a], terms[b] = terms[b], terms[a]
    if terms == plan.terms_fen[year]:
        return None
    return replace(plan, terms_fen={**plan.terms_fen, year: terms}), "cost_carbon"


def stages_exchanged(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Exchange the costs of two stages."""
    years = sorted(plan.terms_fen)[:2]
    first, second = (plan.terms_fen[year] for year in (years[0], years[-1]))
    other = [term for term in CostTerm if first[term] != second[term]]
    if not other:
        return None
    terms = {**plan.terms_fen, years[0]: second, years[-1]: first}
    return replace(plan, terms_fen=terms), f"cost_{other[0]}"


def stage_lost(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Leave out the costs of one stage."""
    year = min(plan.terms_fen)
    terms = {key: by_term for key, by_term in plan.terms_fen.items() if key != year}
    return replace(plan, terms_fen=terms), "plan_matches_instance"


def stage_invented(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Add CO2e of a stage that is not planned."""
    return replace(plan, co2e_wtw_kg={**plan.co2e_wtw_kg, 2099: 0}), "plan_matches_instance"


def objective(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Change the objective."""
    return replace(
        plan, objective_fen=plan.objective_fen + rng.choice([-1, 1, 10**6])
    ), "cost_objective"


def all_costs_doubled(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Double the objective and all that belongs to it, but not the terms."""
    bound_fen = None if plan.bound_fen is None else 2 * plan.bound_fen
    return replace(
        plan, objective_fen=2 * plan.objective_fen, bound_fen=bound_fen
    ), "cost_objective"


def carbon(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Lose a kilogram of CO2e."""
    year = rng.choice(sorted(plan.co2e_wtw_kg))
    return replace(plan, co2e_wtw_kg={**plan.co2e_wtw_kg, year: plan.co2e_wtw_kg[year] - 1}), "co2e"


def tank_emissions(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Emit nothing from tank to wheel."""
    year = rng.choice(sorted(plan.co2e_ttw_kg))
    if not plan.co2e_ttw_kg[year]:
        return None
    return replace(plan, co2e_ttw_kg={**plan.co2e_ttw_kg, year: 0}), "co2e"


def bound(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Claim a bound above the objective."""
    return replace(plan, bound_fen=plan.objective_fen + 1), "gap_and_bound"


def negative_bound(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Claim a bound below nothing."""
    return replace(plan, status=Status.FEASIBLE, bound_fen=-1), "gap_and_bound"


def gap(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Claim another gap."""
    return replace(plan, gap=(plan.gap or 0.0) + 0.01), "gap_and_bound"


def no_bound(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Call optimal what has no bound."""
    return replace(plan, status=Status.OPTIMAL, bound_fen=None, gap=None), "gap_and_bound"


def bound_of_nothing(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Call optimal what is proved to cost at least nothing."""
    return replace(plan, status=Status.OPTIMAL, bound_fen=0, gap=1.0), "gap_and_bound"


def proud_words(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Say more of the gap than a solve can."""
    return replace(plan, gap_basis="proved global optimum"), "gap_and_bound"


def wrong_status(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Write a plan under the status of a failure."""
    status = rng.choice([Status.INFEASIBLE, Status.UNVERIFIED, Status.NO_PLAN, Status.FAILED])
    return replace(plan, status=status), "plan_matches_instance"


def other_instance(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Claim another instance's hash."""
    return replace(plan, instance_hash="0" * 64), "plan_matches_instance"


def other_name(_: Instance, plan: Plan, __: random.Random) -> Spoiled:
    """Claim to be for another instance."""
    return replace(plan, instance="elsewhere"), "plan_matches_instance"


def scenario_path(_: Instance, plan: Plan, rng: random.Random) -> Spoiled:
    """Name a scenario that is a path."""
    return replace(plan, scenario=rng.choice(["../../etc", "a\0b", ""])), "plan_matches_instance"


SPOILERS: tuple[Spoiler, ...] = (
    doubled_term,
    one_fen,
    term_lost,
    terms_exchanged,
    stages_exchanged,
    stage_lost,
    stage_invented,
    objective,
    all_costs_doubled,
    carbon,
    tank_emissions,
    bound,
    negative_bound,
    gap,
    no_bound,
    bound_of_nothing,
    proud_words,
    wrong_status,
    other_instance,
    other_name,
    scenario_path,
)
