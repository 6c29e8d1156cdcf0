"""The fixed words of hubopt: modes, functions, statuses and cost terms, spelled as in files."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Mode(StrEnum):
    """A way to move freight over a link."""

    ROAD_DIESEL = "road_diesel"
    ROAD_BATTERY = "road_battery"
    RAIL = "rail"
    AIR = "air"
    SEA = "sea"
    BARGE = "barge"


TRUCKS = frozenset({Mode.ROAD_DIESEL, Mode.ROAD_BATTERY})
"""Modes by which freight is picked up, delivered and brought to a site for handling."""


class PlaceKind(StrEnum):
    """What a place is."""

    CITY = "city"
    REGION = "region"
    AIRPORT = "airport"
    RAIL_TERMINAL = "rail_terminal"
    SEAPORT = "seaport"
    INLAND_PORT = "inland_port"
    BORDER = "border"
    BONDED_ZONE = "bonded_zone"
    MARKET = "market"
    RETAIL = "retail"
    COLD_PARK = "cold_park"


class Datum(StrEnum):
    """The geodetic datum in which a coordinate is written."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


class Function(StrEnum):
    """What a site can do to freight; `TRANSFER` is a terminal's change of mode.

    `CHARGING` is what battery trucks need of a site, not a handling of goods either.
    """

    CONSOLIDATION = "consolidation"
    CROSS_DOCK = "cross_dock"
    BONDED = "bonded"
    COLD = "cold"
    RETURNS = "returns"
    TRANSFER = "transfer"
    CHARGING = "charging"


NOT_HANDLING = frozenset({Function.TRANSFER, Function.CHARGING})
"""Functions that goods do not stop for: they have no handling row and stand in no chain."""


class HubType(StrEnum):
    """The national types of logistics hub, by what they are built around."""

    LAND_PORT = "land_port"
    AIRPORT = "airport"
    PRODUCTION = "production_service"
    COMMERCE = "commerce_service"


HUB_FUNCTIONS: Mapping[HubType, frozenset[Function]] = {
    HubType.LAND_PORT: frozenset(Function),
    HubType.AIRPORT: frozenset(Function),
    HubType.PRODUCTION: frozenset(Function) - {Function.RETURNS},
    HubType.COMMERCE: frozenset(Function) - {Function.TRANSFER},
}
"""What a hub of each type may do: an assumption, our reading of what each type is for.

The types are those of 国家物流枢纽布局和建设规划 (2018), which lists no functions to forbid.
"""


class SiteStatus(StrEnum):
    """What the planner says of a site before the solve."""

    EXISTING = "existing"
    CANDIDATE = "candidate"
    REQUIRED = "required"
    CLOSED = "closed"


class SiteOutcome(StrEnum):
    """What the plan says of a site in one stage."""

    OPENED = "opened"
    KEPT = "kept"
    NOT_CHOSEN = "not_chosen"
    CLOSED = "closed"


class Access(StrEnum):
    """Whether freight may use a link at any time or only aboard a scheduled service."""

    OPEN = "open"
    SCHEDULED = "scheduled"


class Temperature(StrEnum):
    """The temperature class of a product."""

    AMBIENT = "ambient"
    CHILLED = "chilled"
    FROZEN = "frozen"


class Cargo(StrEnum):
    """How goods are loaded: in containers, cooled ones, or loose in bulk wagons and holds."""

    CONTAINER = "container"
    BULK = "bulk"
    REEFER = "reefer"


class LimitKind(StrEnum):
    """A limit on the whole plan."""

    BUDGET = "budget"
    SITES_AT_MOST = "sites_at_most"
    SITES_AT_LEAST = "sites_at_least"
    COVERAGE = "coverage"
    SERVICE_LEVEL = "service_level"
    EMISSIONS_AT_MOST = "emissions_at_most"
    MODE_SHARE_AT_LEAST = "mode_share_at_least"
    MODE_SHARE_AT_MOST = "mode_share_at_most"
    DELIVERY_SHARE_AT_LEAST = "delivery_share_at_least"
    SINGLE_SOURCE = "single_source"


class CostTerm(StrEnum):
    """A named part of the objective."""

    BUILDING = "building"
    RUNNING = "running"
    DEPARTURES = "departures"
    LINE_HAUL = "line_haul"
    HANDLING = "handling"
    TRANSFER = "transfer"
    CUSTOMS_DUTY = "customs_duty"
    CAPITAL_IN_TRANSIT = "capital_in_transit"
    SPOILAGE = "spoilage"
    INSURANCE_FINANCE = "insurance_finance"
    REPOSITIONING = "repositioning"
    CARBON = "carbon"
    UNSERVED = "unserved"


FLOW_TERMS = (
    CostTerm.LINE_HAUL,
    CostTerm.HANDLING,
    CostTerm.TRANSFER,
    CostTerm.CUSTOMS_DUTY,
    CostTerm.CAPITAL_IN_TRANSIT,
    CostTerm.SPOILAGE,
    CostTerm.INSURANCE_FINANCE,
    CostTerm.CARBON,
)
"""Terms charged per tonne that flows, in the order of `Problem.column_terms`."""


class Engine(StrEnum):
    """What solves a problem; `AUTO` leaves the choice to size and shape."""

    AUTO = "auto"
    STAR = "star"
    HUBS = "hubs"
    NETWORK = "network"
    MONOLITHIC = "monolithic"
    DECOMPOSITION = "decomposition"


NEAR = "near"
"""The option of a manifest that holds the SHA-256 of the plan that a result stays near to."""

STAYED_NEAR = "stayed_near"
"""What a manifest calls whether there was time to stay near to that plan."""

OWN_RULES = "own_rules"
"""What a manifest calls the planner's own rules that were in force."""

ONE_STOP = "one_stop"
"""What solves problems of siting with one stop; nobody chooses it, their form does."""


DESIGNING = "choosing services"
"""The phase in which a network with fixed charges is solved."""


class Status(StrEnum):
    """How a solve ended; a limit with a plan and a limit without one never share a word."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNVERIFIED = "unverified"
    NO_PLAN = "no_plan"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    WRONG_INPUT = "wrong_input"
