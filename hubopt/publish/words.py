"""The fixed words of hubopt as planners read them on maps, in English and Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.text import Language, Text
from hubopt.vocabulary import CostTerm, Function, Mode, PlaceKind, SiteOutcome, SiteStatus, Status

if TYPE_CHECKING:
    from typing import Protocol

    class Named(Protocol):
        """A row with a name in both languages."""

        @property
        def name_en(self) -> str:
            """Return the English name."""

        @property
        def name_zh(self) -> str:
            """Return the Chinese name."""


MODES = {
    Mode.ROAD_DIESEL: Text("road, diesel", "公路（柴油）"),
    Mode.ROAD_BATTERY: Text("road, battery", "公路（电动）"),
    Mode.RAIL: Text("rail", "铁路"),
    Mode.AIR: Text("air", "航空"),
    Mode.SEA: Text("sea", "海运"),
    Mode.BARGE: Text("barge", "内河"),
}
"""How each mode is called in a legend."""

OUTCOMES = {
    SiteOutcome.OPENED: Text("opened", "新建"),
    SiteOutcome.KEPT: Text("kept", "保留"),
    SiteOutcome.NOT_CHOSEN: Text("not chosen", "未选"),
    SiteOutcome.CLOSED: Text("closed", "关闭"),
}
"""How each outcome of a site is called in a legend."""

SITE_STATUSES = {
    SiteStatus.EXISTING: Text("existing", "现有"),
    SiteStatus.CANDIDATE: Text("candidate", "候选"),
    SiteStatus.REQUIRED: Text("required", "必建"),
    SiteStatus.CLOSED: Text("closed", "关闭"),
}
"""How each status of a site before the plan is called."""

PLACE_KINDS = {
    PlaceKind.CITY: Text("city", "城市"),
    PlaceKind.REGION: Text("world region", "世界区域"),
    PlaceKind.AIRPORT: Text("airport", "机场"),
    PlaceKind.RAIL_TERMINAL: Text("rail terminal", "铁路场站"),
    PlaceKind.SEAPORT: Text("seaport", "海港"),
    PlaceKind.INLAND_PORT: Text("inland port", "内河港"),
    PlaceKind.BORDER: Text("border crossing", "口岸"),
    PlaceKind.BONDED_ZONE: Text("bonded zone", "保税区"),
    PlaceKind.MARKET: Text("market", "市场"),
    PlaceKind.RETAIL: Text("large shop", "大型商超"),
    PlaceKind.COLD_PARK: Text("cold-chain park", "冷链园区"),
}
"""How each kind of place is called."""

FUNCTIONS = {
    Function.CONSOLIDATION: Text("consolidation", "集配"),
    Function.CROSS_DOCK: Text("cross-dock", "越库"),
    Function.BONDED: Text("bonded", "保税"),
    Function.COLD: Text("cold chain", "冷链"),
    Function.RETURNS: Text("returns", "退货"),
    Function.TRANSFER: Text("terminal", "场站"),
    Function.CHARGING: Text("charging", "充换电"),
}
"""How each function of a site is called on a map."""

STATUSES = {
    Status.OPTIMAL: Text("optimal", "最优"),
    Status.FEASIBLE: Text("verified plan", "经核验的方案"),
    Status.INTERRUPTED: Text("best plan when stopped", "中断时最好方案"),
}
"""How a status with a plan is called on a map."""

TERMS = {
    CostTerm.BUILDING: Text("building", "建设"),
    CostTerm.RUNNING: Text("running sites", "设施运营"),
    CostTerm.DEPARTURES: Text("departures", "班列航班"),
    CostTerm.LINE_HAUL: Text("line haul", "干线运输"),
    CostTerm.HANDLING: Text("handling", "作业"),
    CostTerm.TRANSFER: Text("transfer", "换装"),
    CostTerm.CUSTOMS_DUTY: Text("customs and duty", "通关与关税"),
    CostTerm.CAPITAL_IN_TRANSIT: Text("capital in transit", "在途资金"),
    CostTerm.SPOILAGE: Text("spoilage", "在途腐损"),
    CostTerm.INSURANCE_FINANCE: Text("insurance and finance", "保险与融资"),
    CostTerm.REPOSITIONING: Text("repositioning", "空驶调运"),
    CostTerm.CARBON: Text("carbon", "碳成本"),
    CostTerm.UNSERVED: Text("unserved", "未满足"),
}
"""How each cost term is called on a map."""


def name_of(row: Named, language: Language) -> str:
    """Return the name of a row in `language`, or in the other one where that is blank."""
    first, second = row.name_en, row.name_zh
    if language is Language.ZH:
        first, second = second, first
    return first or second
