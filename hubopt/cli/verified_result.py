"""A written result with its instance, verified: what commands begin with that show its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.cli.work import loaded
from hubopt.errors import ViolationError
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.marginal import Marginal
    from hubopt.plan.report import Verification
    from hubopt.publish.figures import Figures


@dataclass(frozen=True)
class VerifiedResult:
    """The figures of a plan that holds, its verification, and where its instance lies."""

    figures: Figures
    verification: Verification
    instance_folder: Path


def verified_result(folder: Path, home: Path | None, encoding: str | None) -> VerifiedResult:
    """Return a result; raise `ViolationError` if its plan does not hold.

    `home` is where the instance lies if not where it was.
    """
    from hubopt.plan.verify import verify  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.figures import Figures  # noqa: PLC0415
    from hubopt.publish.results import load_result  # noqa: PLC0415

    plan, where = load_result(folder, home)
    instance: Instance = loaded(where, encoding, plan.scenario)
    verification = verify(instance, plan)
    refuse_broken(folder, verification)
    return VerifiedResult(Figures(instance, plan, marginals_of(folder)), verification, where)


def refuse_broken(folder: Path, verification: Verification) -> None:
    """Raise `ViolationError` for a plan that does not hold, naming its folder and what it fails."""
    from hubopt.publish.refusals import shown  # noqa: PLC0415  (loads on use)

    if verification.passed:
        return
    broken, named = [c.name for c in verification.checks if not c.passed], shown(folder)
    raise ViolationError(
        Text(
            f"{named}: the plan does not hold ({', '.join(broken)}) and is not used; see: hubopt"
            f" verify {named}",
            f"{named}：方案未通过核验（{'、'.join(broken)}），不予采用；详见 hubopt verify {named}",
        )
    )


def marginals_of(folder: Path) -> tuple[Marginal, ...]:
    """Return the marginal values of a result; none if it has none, or they were edited."""
    from hubopt.publish.edits import unchanged  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.manifest import read_manifest  # noqa: PLC0415
    from hubopt.publish.marginals import NAME, read_marginals  # noqa: PLC0415

    record = read_manifest(folder)
    if record is None or not unchanged(folder, f"tables/{NAME}.csv", record):
        return ()
    return read_marginals(folder)
