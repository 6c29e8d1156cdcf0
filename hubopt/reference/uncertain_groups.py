"""Which weak numbers of `data/` are varied together, under one name that a planner understands.

Members are patterns of `group/key` of `data/assumptions.csv` and of `mode/parameter` of
`data/mode_parameters.csv`. All members of a group go to their low, or to their high, at once, so
only numbers that push the same way stand together; shares of one whole cannot all rise, so of them
a part is named that does.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """A parameter of `uncertain.csv` before its rows are computed."""

    id: str
    name_en: str
    name_zh: str
    members: tuple[str, ...]


GROUPS = (
    Group("dry_building", "cost of building dry halls", "普通仓库造价", ("warehouse/construction dry high-bay",)),
    Group("cold_building", "cost of building cold stores", "冷库造价", ("warehouse/construction cold",)),
    Group("bonded_building", "cost of building bonded, automated and returns centres", "保税、自动化与退货中心造价", ("warehouse/bonded / cold cost premium", "site/automated_*", "site/second_line_cost", "site/returns_cny_per_t")),
    Group("land_price", "price of land", "物流用地价格", ("land/logistics land price",)),
    Group("land_use", "floor on a plot of land", "用地容积率", ("site/land_use",)),
    Group("scale", "building cost per m2 of larger halls", "大型仓库的单位造价", ("site/large_scale", "site/medium_scale", "site/half_terminal_cost")),
    Group("dry_density", "tonnes a year per m2 of dry hall", "普通仓库每平方米年吞吐量", ("warehouse/throughput density dry",)),
    Group("cold_density", "tonnes a year per m2 of cold store", "冷库每平方米年吞吐量", ("warehouse/cold storage density",)),
    Group("hall_size", "size of the halls on offer", "可建仓库的规模", ("site/dry_*_m2", "site/cold_*_m2", "site/bonded_tier_kt", "site/returns_tier_kt")),
    Group("running", "running cost of warehouses and terminals", "仓库与场站运营费率", ("site/running_share", "site/terminal_running_share")),
    Group("terminals", "capacity of rail terminals and river berths, today's and new", "铁路场站与内河泊位现有及新增能力", ("site/put_kt", "site/small_terminal_kt", "site/terminal_tier_kt", "site/vehicle_t", "site/river_*")),
    Group("parks_today", "capacity of today's parks, sheds and bonded zones", "现有园区、集货库与保税区能力", ("site/existing_share", "site/existing_consolidation_share", "site/cpost_kt", "site/consolidation_share", "site/bonded_kt:*")),
    Group("cold_today", "capacity of today's cold stores", "现有冷库能力", ("site/existing_cold_share", "site/luohe_cold_kt", "site/market_cold_share")),
    Group("budget", "budget, sites that customs licenses, room for modules", "建设预算、海关批准的设施数与可建模块数", ("limit/budget:*", "limit/bonded_sites", "limit/returns_s*", "most/*")),
    Group("handling_dry", "handling at distribution, bonded and returns centres", "分拨、保税与退货中心作业费", ("site/cost_consolidation", "site/cost_cross_dock", "site/cost_bonded", "site/cost_returns")),
    Group("handling_cold", "handling at cold stores", "冷库作业费", ("site/cost_cold",)),
    Group("old_parks", "handling at today's parks against new centres", "现有园区相对新建中心的作业费", ("site/old_park_ratio",)),
    Group("dwell", "hours and energy of handling; cost and time of clearance", "作业时间与能耗，通关费用与时间", ("site/hours_*", "site/kwh_*", "customs/*", "transfer/customs + inspection delay (inland clearance)")),
    Group("growth_domestic", "demand for groceries and fresh food", "快消品与生鲜需求", ("growth/domestic:*",)),
    Group("growth_express", "demand for parcels at home and e-commerce", "国内快递与跨境电商需求", ("growth/express:*", "growth/ecommerce:*")),
    Group("growth_trade", "demand of Henan's foreign trade", "河南外贸货运需求", ("growth/trade:*", "growth/auto:*")),
    Group("air_pool", "air freight that the hub can win", "可争取的航空货量", ("growth/air:*", "total_kt/AIR_*")),
    Group("rail_pool", "train freight that the hub can win", "可争取的班列货量", ("growth/rail:*", "total_kt/CRE_*")),
    Group("river_pool", "bulk on the river", "内河散货量", ("growth/bulk:*", "total_kt/BUILD_D", "total_kt/COAL_D", "total_kt/GRAIN_D")),
    Group("local_trade", "how local the trade in groceries and fresh food is", "快消品与生鲜贸易的本地化程度", ("demand/f*_from_henan", "demand/distance_decay", "demand/nearest_km")),
    Group("market_share", "fresh food bought at the wholesale market", "经批发市场采购的生鲜", ("demand/fresh_from_market",)),
    Group("parcels", "parcels between provinces, by air, abroad and returned", "跨省、航空、出口快件与退货比例", ("demand/express_*bound", "demand/express_air_share", "demand/airport_area_km", "demand/return_rate_export", "demand/cbec_parcel_share")),
    Group("partners", "trade with Europe and America against the rest", "对欧美贸易占比", ("partner/*:REG_EU*", "partner/*:REG_NA*")),
    Group("home_ends", "Zhengzhou's part in the province's goods", "郑州占全省货源的比重", ("home_end/*:ZHENGZHOU",)),
    Group("hinterland", "the coast's part in the freight of hinterland and river", "沿海占腹地与内河货源的比重", ("domestic_end/*:SHANGHAI", "domestic_end/*:SUZHOU", "domestic_end/*:GUANGZHOU", "hinterland_*/all:SHANGHAI", "hinterland_*/all:GUANGZHOU", "hinterland_*/all:QINGDAO", "hinterland_*/all:HANGZHOU", "hinterland_*/all:NANJING", "hinterland_*/all:SUZHOU", "hinterland_*/all:TIANJIN")),
    Group("promises", "delivery times promised", "承诺送达时间", ("latest_h/*", "promised/*")),
    Group("unserved", "price of freight that stays behind", "未满足需求的代价", ("product/*:unserved",)),
    Group("goods_factors", "how much dearer and bulkier goods travel", "各类货物的运费与占舱系数", ("product/*:cost_factor", "product/*:space_factor")),
    Group("values", "duty on goods, value and haste of the hinterland's", "货物关税率，腹地货物的货值与时间成本", ("product/*:duty", "extra_value/*", "extra_time_cost/*")),
    Group("emissions", "emission factors that nobody measured", "未经实测的排放因子", ("product/*:emission_factor", "rail_emission/*", "transfer/wtw_*", "transfer/ttw_share")),
    Group("flight_cost", "cost of a flight, and handling at airports", "航班成本与机场地面费", ("air/cny_per_km", "air/airport handling")),
    Group("rivals", "space and prices at rival gateways", "竞争口岸的舱位、能力与费用", ("air_rival_kt/*", "air_domestic_kt/*", "air/rival_handling_ratio", "air/domestic_price", "rail/rival_*")),
    Group("slots", "most flights, trains and sailings, and tonnes booked on one", "航班、班列与船期上限及订舱量", ("slots/*", "sea/sailing_payload")),
    Group("train_price", "price of international trains", "国际班列运价", ("rail/asean_cny_per_feu_km", "rail/eu_cny_per_feu_km", "rail/us_price_ratio", "rail/us_circuity", "rail/bulk_*", "rail/border_share")),
    Group("waits", "waits for departures, hours in terminals and ports", "候班时间与场站、港口停留时间", ("rail/wait_*", "air/wait", "air/terminal_h_domestic_rival", "sea/feeder_wait_h", "barge/liner_wait", "transfer/*_h", "transfer/*_h_abroad")),
    Group("empties", "cost of an empty run against a loaded one", "空驶相对重载的成本", ("rail/empty_share", "sea/empty_share", "barge/empty_share")),
    Group("speeds", "speed of trains in Europe and barges; battery trucks", "欧洲段铁路与驳船速度，电动货车速度与运力", ("rail/speed_eu", "road/battery_speed", "road/battery_capacity", "road/battery_payload", "barge/speed incl. locks")),
    Group("ends", "drives to the door, roads and handling abroad, river berths", "末端与国外公路、国外与内河泊位装卸费", ("road/door_*", "road/price_abroad", "transfer/cost_abroad_*", "transfer/river_cost", "transfer/river_sea_ratio")),
    Group("ocean", "ocean rates", "海运运价", ("sea_rate/*", "sea_fcl/*", "sea/domestic_price", "sea/sailing_ratio")),
    Group("barges", "price of barges, and length of rivers", "内河运价与航道里程", ("barge/line-haul", "barge/liner_ratio", "barge_km/*")),
    Group("peaks", "busiest month against the mean", "高峰月与月均之比", ("peak/*",)),
    Group("premiums", "insurance and trade finance", "货运保险与贸易融资费率", ("insurance/*", "finance/share")),
    Group("chargers", "cost of charging stations", "充换电站造价", ("charging/station_cny",)),
    Group("parcel_cost", "handling of a parcel", "包裹单件作业费", ("transfer/DC handling e-com parcel",)),
    Group("parcel_weight", "weight of a parcel", "每件包裹重量", ("parcel/kg",)),
    Group("charger_size", "lorries that a charging station serves, and how long it lasts", "充换电站能力与寿命", ("charging/station_kt", "charging/life")),
    Group("spoilage", "loss of substance in what a day costs fresh goods", "生鲜每日成本中的腐损部分", ("spoilage/*",)),
    Group("wishes", "targets of the policies that are off", "未启用政策的目标", ("wish/*",)),
    Group("shops", "part of daily goods sold in large shops", "大型商超占快消品比重", ("retail/*",)),
    Group("obligations", "promise of service, least use of bonded centres, cold stores asked for", "服务水平、保税设施最低使用量与冷库数量要求", ("limit/service_level", "limit/bonded_least_share", "limit/cold_sites_least", "limit/coverage_h")),
)  # fmt: skip
"""All that is varied, each alone."""
