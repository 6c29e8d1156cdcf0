"""What a manifest says of a solve; by the same words a later one knows that it asks the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.vocabulary import NEAR, OWN_RULES, STAYED_NEAR

if TYPE_CHECKING:
    from hubopt.cli.solving import SolveRequest
    from hubopt.solve.answer import Answer
    from hubopt.solve.warm import WarmStart


def run_record(
    request: SolveRequest, result: Answer, seconds: float, near: WarmStart | None
) -> dict[str, object]:
    """Return what the manifest says about the run; timings stand apart.

    `near` is the earlier plan that it started from and was to stay near to.
    """
    return {
        "options": {
            "gap": request.gap,
            "time_s": request.time_s,
            "routes_per_shipment": result.problem.routes_per_shipment,
            **same_question(request),
            NEAR: None if near is None else near.digest,
            "memory_mb": request.memory_mb,
        },
        "size": {
            "shipments": len(result.problem.shipment_ids),
            "routes": len(result.problem.column_shipment),
            "shipments_with_more_routes_than_listed": len(result.problem.capped),
        },
        "engine": result.engine.value,
        STAYED_NEAR: result.near,
        **({} if result.rules is None else {OWN_RULES: result.rules.record()}),
        "timings": {**result.seconds, "until_written": round(seconds, 3)},
    }


def same_question(request: SolveRequest) -> dict[str, object]:
    """Return the options that must be the same for a result to answer what is asked.

    Gap and time are not among them: what is nearer to the best answers it too.
    """
    return {
        "routes": request.routes,
        "all_routes": request.every_route,
        "warm": request.warm is not None,
        "engine": request.engine.value,
        "seed": request.seed,
        "highs": list(request.highs),
    }
