"""A plan made to fit a changed instance: hash, costs, emissions and bound computed anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.instance.digest import content_hash
from hubopt.plan.figures import figures, gap_between, whole
from hubopt.plan.pricing import Pricer, UnknownStepError
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Flow, Plan


def fitted(instance: Instance, plan: Plan) -> tuple[Instance, Plan]:
    """Return instance and plan with the hash and all figures that belong to them."""
    pricer = Pricer(instance)
    flows = [flow for flow in plan.flows if can_be_priced(pricer, flow)]
    found = figures(instance, pricer, plan.sites, plan.services, flows, plan.unserved)
    objective = found.objective_fen()
    return instance, replace(
        plan,
        instance_hash=content_hash(instance),
        status=Status.FEASIBLE,
        objective_fen=objective,
        bound_fen=0,
        gap=gap_between(objective, 0),
        terms_fen=found.terms_fen(),
        co2e_wtw_kg={year: whole(kg) for year, kg in found.wtw_kg.items()},
        co2e_ttw_kg={year: whole(kg) for year, kg in found.ttw_kg.items()},
    )


def can_be_priced(pricer: Pricer, flow: Flow) -> bool:
    """Tell whether the instance knows every step of a flow."""
    try:
        pricer.price(pricer.instance.shipment[flow.shipment], flow.steps)
    except UnknownStepError:
        return False
    return True


def changed(rows: Sequence, here: int, **values: object) -> tuple:
    """Return rows with one changed."""
    return (*rows[:here], replace(rows[here], **values), *rows[here + 1 :])


def exchanged(rows: Sequence, victim: object, *others: object) -> tuple:
    """Return rows with others in the place of one of them."""
    here = next(n for n, row in enumerate(rows) if row is victim)
    return (*rows[:here], *others, *rows[here + 1 :])


def used(plan: Plan, kind: type) -> Iterator[tuple[Flow, object]]:
    """Yield every step of a kind with its flow."""
    for flow in plan.flows:
        for step in flow.steps:
            if isinstance(step, kind):
                yield flow, step
