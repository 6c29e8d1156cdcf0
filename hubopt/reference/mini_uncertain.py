"""What is uncertain about `zhengzhou-mini`: ranges of `data/`, laid on its round figures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Laid:
    """A parameter of the mini instance: whose range it has, and the cells that it moves."""

    id: str
    name_en: str
    name_zh: str
    group: str
    key: str
    cells: tuple[tuple[str, str, str], ...]


DRY, BUILT = "site=DC_LY|DC_ZZ", "build_cost_cny"
HOLDS, TONNES, PAID = "capacity_t_per_year", "demand_t_per_year", "cost_cny_per_t"
DEPARTURE = "cost_cny_per_departure"

MINI = (
    Laid("dc_building", "cost of building distribution centres", "分拨中心造价", "warehouse", "construction dry high-bay", (("modules", BUILT, DRY),)),
    Laid("cold_building", "cost of building cold stores", "冷库造价", "warehouse", "construction cold", (("modules", BUILT, "site=COLD_ZZ"),)),
    Laid("bonded_building", "cost of building bonded stores", "保税仓造价", "warehouse", "bonded / cold cost premium", (("modules", BUILT, "site=BOND_ZZ"),)),
    Laid("returns_building", "cost of building returns centres", "退货中心造价", "site", "returns_cny_per_t", (("modules", BUILT, "site=RET_LY|RET_ZZ"),)),
    Laid("running", "running cost of warehouses", "仓库运营费率", "site", "running_share", (("modules", "fixed_cost_cny_per_year", f"{DRY}|BOND_ZZ|COLD_ZZ|RET_LY|RET_ZZ"),)),
    Laid("dry_density", "tonnes a year that a dry hall passes", "普通仓库年吞吐量", "warehouse", "throughput density dry", (("capacities", HOLDS, f"{DRY}|BOND_ZZ"),)),
    Laid("cold_density", "tonnes a year that a cold store passes", "冷库年吞吐量", "warehouse", "cold storage density", (("capacities", HOLDS, "site=COLD_ZZ"),)),
    Laid("returns_line", "parcels that a returns line passes", "退货线能力", "site", "returns_tier_kt", (("capacities", HOLDS, "site=RET_LY|RET_ZZ"),)),
    Laid("handling_dry", "handling at distribution centres", "分拨中心作业费", "site", "cost_consolidation", (("handling", PAID, "function=consolidation"),)),
    Laid("handling_cold", "handling at cold stores", "冷库作业费", "site", "cost_cold", (("handling", PAID, "function=cold"),)),
    Laid("handling_bonded", "handling at bonded stores", "保税仓作业费", "site", "cost_bonded", (("handling", PAID, "function=bonded"),)),
    Laid("handling_returns", "handling at returns centres", "退货中心作业费", "site", "cost_returns", (("handling", PAID, "function=returns"),)),
    Laid("parcels", "handling of a parcel", "包裹单件作业费", "transfer", "DC handling e-com parcel", (("handling", "cost_cny_per_parcel", "function=cross_dock"),)),
    Laid("growth_domestic", "demand for daily goods and fresh food", "快消品与生鲜需求", "growth", "domestic:2025", (("demand", TONNES, "product=DUMPLING|FMCG|FRUIT"),)),
    Laid("growth_ecommerce", "demand of e-commerce", "跨境电商需求", "growth", "ecommerce:2025", (("demand", TONNES, "product=CBEC"),)),
    Laid("growth_trade", "demand of foreign trade", "外贸货运需求", "growth", "trade:2025", (("demand", TONNES, "product=MACH|REFRACT"),)),
    Laid("growth_air", "demand for phones by air", "航空手机货量", "growth", "air:2025", (("demand", TONNES, "product=PHONE"),)),
    Laid("return_rate", "part of parcels that comes back", "退货率", "demand", "return_rate_export", (("demand", TONNES, "product=RETURN"),)),
    Laid("promises", "delivery time promised for phones", "手机承诺送达时间", "latest_h", "PHONE_X", (("demand", "latest_h", "product=PHONE"),)),
    Laid("flight_back", "price of a flight back from Europe", "欧洲回程航班价格", "air_freighter", "backhaul Europe-China", (("services", DEPARTURE, "id=AIR_BACK"),)),
    Laid("airport_handling", "handling at airports", "机场地面费", "air", "airport handling", (("transfers", PAID, "to_mode=air"), ("transfers", PAID, "from_mode=air"))),
    Laid("ocean", "price of a sailing to Europe", "赴欧航次价格", "sea_fcl", "Shanghai-Rotterdam spot", (("services", DEPARTURE, "id=SEA_OUT"),)),
    Laid("barges", "price of barges", "内河运价", "barge", "line-haul", (("links", PAID, "mode=barge"),)),
    Laid("empties", "cost of an empty run", "空驶成本", "rail", "empty_share", (("services", "empty_cost_cny_per_departure", ""),)),
    Laid("unserved", "price of freight that stays behind", "未满足需求的代价", "product", "AGRI_X:unserved", (("products", "unserved_cost_cny_per_t", ""),)),
    Laid("insurance", "premium of cargo insurance", "货运保险费率", "insurance", "road_diesel", (("vehicles", "insurance_share_per_1000km", ""),)),
    Laid("battery_payload", "payload of battery trucks", "电动货车载重", "road", "battery_payload", (("vehicles", "payload_share", "mode=road_battery"),)),
    Laid("budget", "budget for building", "建设预算", "limit", "budget:2025", (("limits", "value", "kind=budget"),)),
)  # fmt: skip
"""All that is varied, each alone; the figures themselves are the tutorial's, and nobody's."""
