"""What one more tonne of a limit is worth at the margin: the multipliers of a plan's last LP."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MarginalKind(StrEnum):
    """The kind of limit that a marginal value belongs to."""

    DEMAND = "demand"
    SITE_FUNCTION = "site_function"
    LINK = "link"
    TRANSFER = "transfer"
    SERVICE_LEG = "service_leg"


@dataclass(frozen=True, slots=True)
class Marginal:
    """CNY a year per tonne a year of one limit in one stage.

    `where`, `what`, `mode` and `service` name the limit, blank where nothing is to be said: a site
    and its function; the two ends and the mode of a link, as its row has them; a place and
    `from_mode>to_mode`; the two ends of a leg and its service; a shipment.
    """

    kind: MarginalKind
    stage: int
    where: str
    what: str = ""
    mode: str = ""
    service: str = ""
    cny_per_t: float = 0.0
