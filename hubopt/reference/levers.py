"""Which assumptions of a base year can be varied, and which cells of its tables they stand in.

Structure only: how far each may be moved stands in `data/assumptions.csv` and in the mode table.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Chosen:
    """An assumption (group, key) with its names, the lines that it bears on, and its cells.

    The cells hold `plus` + the assumption times something, so that 1 makes a share a ratio.
    """

    group: str
    key: str
    name_en: str
    name_zh: str
    lines: str
    table: str
    column: str
    where: str
    plus: float = 0.0


AIRPORT = "airport_total airport_international"
TRAINS = (
    "cre_trains cre_trains_out cre_trains_back cre_teu cre_teu_out cre_teu_back cre_kt"
    " cre_back_over_out"
)
PORT_TRAINS = "sea_rail_teu qingdao_trains rizhao_trains"
RIVER = "zhoukou_mt luohe_mt"
RIVALS = "from_place=PVG|CAN|PEK|XIY|EHU|CKG|TAO"
DOMESTIC = "mode=air;from_place=CGO;to_place=CAN|CKG|PEK|PVG|TAO"
OCEAN = "mode=sea;from_place=CNTAO|CNTXG|CNSHA|CNNGB|CNNSA|CNLYG|CNRZH"
TONNES, COST = "demand_t_per_year", "cost_cny_per_t"
DEPARTURE, PAYLOAD = "cost_cny_per_departure", "payload_t_per_departure"
CAPACITY = "capacity_t_per_year"
TRADED = "id=MACH_X|LABOR_X|ALU_X|AGRI_X|AUTO_X|CRE_MIX_X|CRE_MIX_M"

LEVERS = (
    Chosen(
        "pool", "air:rivals",
        "air freight of the hinterland that rivals carried", "竞争机场承运的腹地空运货量",
        f"{AIRPORT} airport_domestic",
        "demand", TONNES, "product=AIR_MIX_X|AIR_MIX_M", 1.0,
    ),
    Chosen(
        "air_rival_kt", "PVG",
        "space at other airports", "其他机场的可用舱位",
        AIRPORT,
        "links", CAPACITY, f"mode=air;{RIVALS}",
    ),
    Chosen(
        "air", "rival_handling_ratio",
        "handling at other airports against Zhengzhou", "其他机场相对郑州的地面处理费",
        AIRPORT,
        "transfers", COST, RIVALS.removeprefix("from_"),
    ),
    Chosen(
        "air_domestic_kt", "CAN",
        "space on domestic flights of Zhengzhou", "郑州国内航线舱位",
        f"{AIRPORT} airport_domestic",
        "links", CAPACITY, DOMESTIC,
    ),
    Chosen(
        "air", "domestic_price",
        "price of domestic flights", "国内航线运价",
        f"{AIRPORT} airport_domestic",
        "links", COST, DOMESTIC,
    ),
    Chosen(
        "demand", "express_air_share",
        "parcels promised for the next day", "次日达快件占比",
        "airport_domestic airport_total",
        "demand", TONNES, "product=DOM_EXPRESS;latest_h=25.0",
    ),
    Chosen(
        "air", "planning_load",
        "tonnes that a plane may be planned to", "货机计划装载量",
        "t_per_landing",
        "services", PAYLOAD, "vehicle_class=freighter",
    ),
    Chosen(
        "pool", "rail:rivals",
        "rail freight of the hinterland that rivals carried", "竞争班列承运的腹地货量",
        TRAINS,
        "demand", TONNES, "product=CRE_MIX_X|CRE_MIX_M", 1.0,
    ),
    Chosen(
        "cre_level", "out",
        "price of international trains", "国际班列运价",
        f"{TRAINS} asean_trains",
        "services", DEPARTURE, "vehicle_class=international_train",
    ),
    Chosen(
        "sea_level", "out",
        "ocean rates from China", "出口海运运价",
        f"{TRAINS} asean_trains {PORT_TRAINS}",
        "links", COST, OCEAN,
    ),
    Chosen(
        "pool", "headroom",
        "train paths to the EU", "赴欧盟班列运行线",
        TRAINS,
        "links", CAPACITY, "mode=rail;from_place=ALASHANKOU|DOSTYK",
    ),
    Chosen(
        "rail", "block_discount",
        "price of port trains against the tariff", "港口班列相对运价表的折扣",
        PORT_TRAINS,
        "services", DEPARTURE, "vehicle_class=container_train",
    ),
    Chosen(
        "rail", "sea_rail_payload",
        "tonnes on a port train", "港口班列载重",
        "sea_rail_teu qingdao_trains",
        "services", PAYLOAD, "vehicle_class=container_train",
    ),
    Chosen(
        "road_ftl_diesel", "line-haul price",
        "price of lorries", "公路运价",
        f"{PORT_TRAINS} {RIVER} airport_domestic zhoukou_teu",
        "links", COST, "mode=road_diesel",
    ),
    Chosen(
        "barge", "line-haul",
        "price of barges", "内河运价",
        f"{RIVER} zhoukou_teu",
        "links", COST, "mode=barge",
    ),
    Chosen(
        "pool", "river:GRAIN_D",
        "grain and feed on the river", "水运粮食与饲料",
        RIVER,
        "demand", TONNES, "product=GRAIN_D",
    ),
    Chosen(
        "national_growth", "river",
        "growth of goods on the river", "水运货量增速",
        RIVER,
        "demand", TONNES, "product=GRAIN_D|COAL_D|BUILD_D",
    ),
    Chosen(
        "general", "time value",
        "what a day costs goods", "货物时间价值",
        f"{TRAINS} zhoukou_teu sea_rail_teu asean_trains",
        "products", "time_cost_share_per_day", TRADED,
    ),
)  # fmt: skip
"""All that is varied, each alone."""
