"""Everything that goes into one written result."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.marginal import Marginal
    from hubopt.plan.plan import Plan
    from hubopt.plan.report import Verification
    from hubopt.solve.course import Moment
    from hubopt.text import Language


@dataclass(frozen=True)
class Edition:
    """A verified plan with its instance, what is known of the run, and the language of its maps.

    With `essentials` only the plan, its verification, its prices, how the solve went, and the
    manifest are written. `added` are files that other commands have put into the result, which
    stay. `prices` are those of its bound, as JSON.
    """

    instance: Instance
    plan: Plan
    verification: Verification
    run: Mapping[str, object]
    instance_folder: Path
    language: Language
    marginals: tuple[Marginal, ...] = ()
    essentials: bool = False
    added: Mapping[str, bytes] = field(default_factory=dict)
    course: tuple[Moment, ...] = ()
    prices: bytes = b""
