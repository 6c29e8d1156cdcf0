"""hubopt: where freight centres should stand around Zhengzhou, and which way every product goes.

The names below are what a script needs; each loads its room when it is first used:

    instance = hubopt.read(Path("instances/zhengzhou-mini"))
    found = hubopt.answer(instance, hubopt.Question(gap=0.01))
    assert hubopt.verify(instance, found.plan).passed
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hubopt.errors import (
        Finding,
        HuboptError,
        InfeasibleError,
        InputError,
        NoPlanError,
        SolverError,
        ViolationError,
    )
    from hubopt.instance.read import read
    from hubopt.instance.scenario import overlaid
    from hubopt.instance.tables import Instance
    from hubopt.instance.write import write
    from hubopt.model.build import build
    from hubopt.network.routes import list_routes
    from hubopt.plan.plan import Plan
    from hubopt.plan.verify import Verification, verify
    from hubopt.problem.build import build_problem
    from hubopt.problem.problem import Problem
    from hubopt.publish.results import load_result, write_results
    from hubopt.publish.warm_files import read_warm
    from hubopt.solve.answer import Answer, Question, answer
    from hubopt.solve.own_rules import OwnRules, read_rules
    from hubopt.solve.warm import WarmStart

__version__ = "0.1.0"

HOMES = {
    "Answer": "solve.answer",
    "Finding": "errors",
    "HuboptError": "errors",
    "InfeasibleError": "errors",
    "InputError": "errors",
    "Instance": "instance.tables",
    "NoPlanError": "errors",
    "OwnRules": "solve.own_rules",
    "Plan": "plan.plan",
    "Problem": "problem.problem",
    "Question": "solve.answer",
    "SolverError": "errors",
    "Verification": "plan.verify",
    "ViolationError": "errors",
    "WarmStart": "solve.warm",
    "answer": "solve.answer",
    "build": "model.build",
    "build_problem": "problem.build",
    "list_routes": "network.routes",
    "load_result": "publish.results",
    "overlaid": "instance.scenario",
    "read": "instance.read",
    "read_rules": "solve.own_rules",
    "read_warm": "publish.warm_files",
    "verify": "plan.verify",
    "write": "instance.write",
    "write_results": "publish.results",
}
"""The room of each public name."""

__all__ = [
    "Answer",
    "Finding",
    "HuboptError",
    "InfeasibleError",
    "InputError",
    "Instance",
    "NoPlanError",
    "OwnRules",
    "Plan",
    "Problem",
    "Question",
    "SolverError",
    "Verification",
    "ViolationError",
    "WarmStart",
    "__version__",
    "answer",
    "build",
    "build_problem",
    "list_routes",
    "load_result",
    "overlaid",
    "read",
    "read_rules",
    "read_warm",
    "verify",
    "write",
    "write_results",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  (as many types as names)
    """Return a public name, loading its room."""
    if name not in HOMES:
        message = f"module 'hubopt' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"hubopt.{HOMES[name]}"), name)
