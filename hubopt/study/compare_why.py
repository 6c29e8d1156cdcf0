"""The reasons for which freight goes another way than in the base, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubopt.instance.tables import Limit
    from hubopt.study.compare_inputs import InputChange
    from hubopt.study.compare_ways import Shift
    from hubopt.study.movement import Change


class Why(StrEnum):
    """The kinds of reasons, the most direct first."""

    CLOSED = "closed"
    CUT = "cut"
    DEARER = "dearer"
    SLOWER = "slower"
    EMITS = "emits_more"
    OTHERWISE = "changed"
    CARBON = "carbon_price"
    GOODS = "goods"
    EASED = "eased"
    LIMIT = "limit"
    FULL = "full"
    SITE = "site"
    DEPARTURES = "departures"
    DEMAND = "demand"
    INDIRECT = "indirect"


class Cause(StrEnum):
    """Where a reason lies: in the input, in what the plan makes of it, or nowhere to be seen."""

    INPUT = "input"
    PLAN = "plan"
    INDIRECT = "indirect"


CAUSES = {
    **dict.fromkeys(Why, Cause.INPUT),
    **dict.fromkeys((Why.FULL, Why.SITE, Why.DEPARTURES), Cause.PLAN),
    Why.INDIRECT: Cause.INDIRECT,
}
"""Where each kind of reason lies."""

ORDER = {why: here for here, why in enumerate(Why)}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: `what` names the thing, `was` and `now` are its figures in base and result.

    `change` is the changed input behind it; `limit` one that holds now, or no longer if `lifted`;
    `site` what the plan does with a site.
    """

    why: Why
    what: str = ""
    change: InputChange | None = None
    was: float | None = None
    now: float | None = None
    limit: Limit | None = None
    lifted: bool = False
    site: Change | None = None


@dataclass(frozen=True, slots=True)
class Rerouted:
    """Freight that goes another way, and why."""

    shift: Shift
    reasons: tuple[Reason, ...]

    @property
    def cause(self) -> Cause:
        """Where the most direct of the reasons lies."""
        return min((CAUSES[reason.why] for reason in self.reasons), key=list(Cause).index)
