"""Arrays from numpy and scipy, handed straight to HiGHS by highspy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.arrays import for_highs, matrices_of
from benchmarks.spec import Found

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.arrays import Matrices
    from benchmarks.cases import Case


def build(case: Case, *, strong: bool) -> Matrices:
    """Return the arrays."""
    return matrices_of(case, strong=strong)


def hand_over(model: Matrices) -> tuple[Any, Callable[[], int]]:
    """Return HiGHS with the model, and how to count its nonzeros."""
    return passed(for_highs(model))


def passed(arguments: tuple[Any, ...]) -> tuple[Any, Callable[[], int]]:
    """Return HiGHS with a model that was made ready, and how to count its nonzeros."""
    import highspy  # noqa: PLC0415  (loads on use)

    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    highs.setOptionValue("output_flag", False)  # noqa: FBT003
    if highs.passModel(*arguments) != highspy.HighsStatus.kOk:
        message = "HiGHS did not take the model"
        raise RuntimeError(message)
    return highs, highs.getNumNz


def solve(model: Matrices, limit_s: float, gap: float) -> Found:
    """Solve and return value and bound."""
    highs, count = hand_over(model)
    highs.setOptionValue("time_limit", limit_s)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.run()
    return found_of(highs, count())


def found_of(highs: Any, nonzeros: int | None = None) -> Found:  # noqa: ANN401  (no types)
    """Return what HiGHS ended with: values only where it says that they are valid."""
    info = highs.getInfo()
    status = str(highs.getModelStatus().name)
    feasible = info.primal_solution_status == 2  # noqa: PLR2004  (kSolutionStatusFeasible)
    return Found(
        "optimal" if status == "kOptimal" else "limit" if status == "kTimeLimit" else status,
        nonzeros=nonzeros,
        value=info.objective_function_value if feasible else None,
        bound=info.mip_dual_bound if info.valid else None,
    )
