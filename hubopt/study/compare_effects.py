"""What a changed cell does to freight that goes through its row: dearer, slower, less room."""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

from hubopt.instance.schema import TABLES, Kind
from hubopt.study.compare_inputs import WHOLE_ROW, What
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from hubopt.study.compare_inputs import InputChange


class Effect(StrEnum):
    """What a change does to a way."""

    CLOSED = "closed"
    CUT = "cut"
    DEARER = "dearer"
    SLOWER = "slower"
    EMITS = "emits_more"
    OTHERWISE = "otherwise"
    EASED = "eased"


SIZES = frozenset(
    {"capacity_t_per_year", "most_per_week", "payload_t_per_departure", "weeks_per_year", "most",
     "built", "range_km", "payload_share"}
)  # fmt: skip
"""Columns of which a smaller number leaves less room; a blank is no limit."""

CLEARED = "cleared_time_h"
TIMES = frozenset({"time_h", "wait_h", CLEARED})
EMISSIONS = frozenset(
    {"wtw_g_per_tkm", "ttw_g_per_tkm", "kwh_per_tkm", "energy_kwh_per_t", "wtw_kg_per_t",
     "ttw_kg_per_t", "distance_km"}
)  # fmt: skip
COSTS = frozenset(
    {"cost_cny_per_t", "cost_cny_per_departure", "empty_cost_cny_per_departure",
     "cost_cny_per_parcel", "build_cost_cny", "fixed_cost_cny_per_year",
     "insurance_share_per_1000km"}
)  # fmt: skip

MORE_IS = {
    **dict.fromkeys(COSTS, Effect.DEARER),
    **dict.fromkeys(TIMES, Effect.SLOWER),
    **dict.fromkeys(EMISSIONS, Effect.EMITS),
}
"""What more of a column does."""

SAYS_NOTHING = frozenset(
    {"name_en", "name_zh", "distance_source", "emission_source", "least_per_week",
     "least_t_per_year", "life_years"}
)  # fmt: skip
"""Columns that keep no freight from a way."""

EFFECTS_ON_GOODS = frozenset(
    {"value_cny_per_t", "time_cost_share_per_day", "temperature", "duty_share", "chain", "modes",
     "cost_factor", "emission_factor", "unserved_cost_cny_per_t", "cargo", "space_factor",
     "spoilage_share_per_day", "finance_share", "parcels_per_t", "peak_factor", "latest_h",
     "promised_h", "single_source", "district"}
)  # fmt: skip
"""Columns of goods and of demand that decide which way is best."""


def effect(change: InputChange, *, worse: bool) -> Effect | None:
    """Return what a change does that speaks against the way before, or else for the way after.

    `worse` asks for the former; `None` if the change does neither.
    """
    against, what = judged(change)
    if against is None:
        return what if what is Effect.OTHERWISE else None
    if against is not worse:
        return None
    return what if worse else Effect.EASED


def judged_status(change: InputChange) -> tuple[bool | None, Effect | None]:
    """Return what another status of a site does: only what closes or opens it bears on a way."""
    if change.after is SiteStatus.CLOSED:
        return True, Effect.CLOSED
    if change.before is SiteStatus.CLOSED:
        return False, Effect.CLOSED
    return None, Effect.OTHERWISE


def judged(change: InputChange) -> tuple[bool | None, Effect | None]:
    """Return whether a change speaks against a way through its row, `None` for neither, and how."""
    if change.column == WHOLE_ROW:
        return change.what is What.REMOVED, Effect.CLOSED
    if change.column == "status":
        return judged_status(change)
    if change.column == CLEARED and None in {change.before, change.after}:
        return None, Effect.OTHERWISE  # a blank stands for the time of the row, not for none
    if change.column in SIZES:
        before, after = (math.inf if x is None else x for x in (change.before, change.after))
        return after < before, Effect.CUT if after else Effect.CLOSED
    if change.column in MORE_IS:
        return (change.after or 0.0) > (change.before or 0.0), MORE_IS[change.column]
    text = TABLES[change.table].column[change.column].kind is Kind.TEXT
    return None, None if text or change.column in SAYS_NOTHING else Effect.OTHERWISE
