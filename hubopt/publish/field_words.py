"""What the fields of layers are called in forms and tips of QGIS, with units, and their codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.words import FUNCTIONS, MODES, OUTCOMES, PLACE_KINDS, SITE_STATUSES
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.vocabulary import Function, Mode, PlaceKind, SiteOutcome, SiteStatus

    Words = (
        Mapping[Mode, Text]
        | Mapping[SiteOutcome, Text]
        | Mapping[SiteStatus, Text]
        | Mapping[Function, Text]
        | Mapping[PlaceKind, Text]
    )

T_A_YEAR = Text("t a year", "吨/年")


def yearly(en: str, zh: str) -> Text:
    """Return a name with tonnes a year as its unit."""
    return Text(f"{en} ({T_A_YEAR.en})", f"{zh}（{T_A_YEAR.zh}）")


WHERE = {
    "id": Text("id", "编号"),
    "between": Text("between", "界于"),
    "scenario": Text("scenario", "情景"),
    "stage": Text("stage, first year", "阶段（起始年）"),
    "name_en": Text("name in English", "英文名称"),
    "name_zh": Text("name in Chinese", "中文名称"),
    "site": Text("site", "设施"),
    "place": Text("place", "地点"),
    "place_name_en": Text("place, in English", "地点英文名"),
    "place_name_zh": Text("place, in Chinese", "地点中文名"),
    "kind": Text("kind of place", "地点类型"),
    "country": Text("country", "国家"),
    "region": Text("region", "区域"),
    "from_place": Text("from", "起点"),
    "from_name_en": Text("from, in English", "起点英文名"),
    "from_name_zh": Text("from, in Chinese", "起点中文名"),
    "to_place": Text("to", "终点"),
    "to_name_en": Text("to, in English", "终点英文名"),
    "to_name_zh": Text("to, in Chinese", "终点中文名"),
    "origin": Text("origin", "货源地"),
    "origin_name_en": Text("origin, in English", "货源地英文名"),
    "origin_name_zh": Text("origin, in Chinese", "货源地中文名"),
    "destination": Text("destination", "目的地"),
    "destination_name_en": Text("destination, in English", "目的地英文名"),
    "destination_name_zh": Text("destination, in Chinese", "目的地中文名"),
    "path": Text("path of the service", "线路经停"),
}
"""Fields that say where, who and when."""

WHAT = {
    "status": Text("status before the plan", "规划前状态"),
    "outcome": Text("outcome", "规划结果"),
    "opened_in": Text("opened in", "启用阶段"),
    "modules": Text("modules that stand", "已建模块"),
    "functions": Text("functions", "功能"),
    "function": Text("function", "功能"),
    "sites_at_place": Text("sites at its place", "同地设施数"),
    "ground": Text("ground: leading or own", "范围：主导或自有"),
    "tint": Text("number of its colour", "配色序号"),
    "number_at_place": Text("number at its place", "同地序号"),
    "new_here_en": Text("new here, in English", "本地新增（英文）"),
    "new_here_zh": Text("new here, in Chinese", "本地新增（中文）"),
    "mode": Text("mode", "运输方式"),
    "main_mode": Text("main mode", "主要方式"),
    "modes": Text("modes in order", "依次方式"),
    "from_mode": Text("from mode", "换装前方式"),
    "to_mode": Text("to mode", "换装后方式"),
    "service": Text("service", "班次线路"),
    "services": Text("services", "班次线路"),
    "vehicle_class": Text("vehicle class", "运载工具类别"),
    "shipment": Text("shipment", "货流"),
    "route": Text("route number", "路径序号"),
    "product": Text("product", "货品"),
    "product_name_en": Text("product, in English", "货品英文名"),
    "product_name_zh": Text("product, in Chinese", "货品中文名"),
    "products": Text("products", "货品"),
    "sites": Text("sites on the way", "途经设施"),
    "places": Text("places of the catchment", "服务范围内地点"),
    "result": Text("number of the result", "结果序号"),
    "change": Text("change", "变化"),
    "base_modules": Text("modules in the base", "基准模块"),
}
"""Fields that say what."""

HOW_MUCH = {
    "flow_t_per_year": yearly("freight", "货运量"),
    "capacity_t_per_year": yearly("capacity", "能力"),
    "capacity_both_ways_t_per_year": yearly("capacity, both ways", "双向能力"),
    "heaviest_leg_t_per_year": yearly("freight on the fullest leg", "最满区段货运量"),
    "handled_t_per_year": yearly("handled", "处理量"),
    "in_region_t_per_year": yearly("of that for its region", "其中本区域"),
    "catchment_t_per_year": yearly("of that for its catchment", "其中服务范围内"),
    "changed_t_per_year": yearly("changed between modes", "换装量"),
    "unserved_t_per_year": yearly("unserved", "未满足"),
    "starts_t_per_year": yearly("starts here", "始发"),
    "arrives_t_per_year": yearly("arrives", "到达（含中转）"),
    "ends_t_per_year": yearly("ends here", "终到"),
    "departs_t_per_year": yearly("departs", "发出（含中转）"),
    "balance_t_per_year": yearly("starts + arrives - ends - departs", "始发+到达-终到-发出"),
    "throughput_t_per_year": yearly("throughput", "通过量"),
    "base_t_per_year": yearly("freight in the base", "基准货运量"),
    "change_t_per_year": yearly("change", "变化"),
    "base_handled_t_per_year": yearly("handled in the base", "基准处理量"),
    "utilisation": Text("share of capacity used at the peak", "高峰利用率"),
    "highest_utilisation": Text("highest share of capacity used", "最高利用率"),
    "share_of_handled": Text("share of all it handles", "占处理量比重"),
    "distance_km": Text("distance (km)", "里程（公里）"),
    "time_h": Text("time (h)", "时间（小时）"),
    "work_t_km_per_year": Text("work (t km a year)", "周转量（吨公里/年）"),
    "line_haul_cny_per_year": Text("line haul (CNY a year)", "干线运费（元/年）"),
    "transfer_cny_per_year": Text("transfer (CNY a year)", "换装费（元/年）"),
    "departures_cny_per_year": Text("departures (CNY a year)", "开行费（元/年）"),
    "repositioning_cny_per_year": Text("repositioning (CNY a year)", "空驶费（元/年）"),
    "unserved_cny_per_year": Text("priced at (CNY a year)", "未满足计价（元/年）"),
    "build_cost_cny": Text("built in this stage for (CNY)", "本阶段建设费（元）"),
    "fixed_cost_cny_per_year": Text("fixed cost (CNY a year)", "固定费用（元/年）"),
    "cost_cny_per_t": Text("cost (CNY a tonne)", "费用（元/吨）"),
    "co2e_wtw_kg_per_t": Text("CO2e, well to wheel (kg a tonne)", "全周期 CO2e（千克/吨）"),
    "co2e_ttw_kg_per_t": Text("CO2e, tank to wheel (kg a tonne)", "行驶阶段 CO2e（千克/吨）"),
    "co2e_wtw_kg_per_year": Text("CO2e, well to wheel (kg a year)", "全周期 CO2e（千克/年）"),
    "co2e_ttw_kg_per_year": Text("CO2e, tank to wheel (kg a year)", "行驶阶段 CO2e（千克/年）"),
    "marginal_cny_per_t": Text(
        "a tonne more of capacity would save (CNY)", "能力每增一吨可省（元）"
    ),
    "departures_per_week": Text("departures a week", "每周班次"),
    "empty_per_week": Text("empty runs a week", "每周空驶"),
    "places_in_catchment": Text("places in the catchment", "服务范围内地点数"),
    "places_served": Text("places served in all", "服务地点总数"),
    "sites_here": Text("sites that stand here", "本地设施数"),
    "links_here": Text("links with freight", "有货线路数"),
    "links_in_reach": Text("links with freight, terminals nearby too", "有货线路数（含周边场站）"),
}
"""Fields that say how much, with their unit."""

INFORMATION = {
    "key": Text("key", "键"),
    "what_en": Text("what", "项目（英文）"),
    "what_zh": Text("what, in Chinese", "项目"),
    "value": Text("value", "值"),
    "unit": Text("unit", "单位"),
}
"""Fields of the table of run information."""

BOUNDARIES = {
    "approval_number": Text("review number of the map", "审图号"),
    "publisher_en": Text("publisher", "出版单位（英文）"),
    "publisher_zh": Text("publisher, in Chinese", "出版单位"),
}
"""Fields of boundaries that a planner supplied."""

ALIASES: Mapping[str, Text] = {**WHERE, **WHAT, **HOW_MUCH, **INFORMATION, **BOUNDARIES}
"""What each field is called."""

CODES: Mapping[str, Words] = {
    "mode": MODES, "main_mode": MODES, "from_mode": MODES, "to_mode": MODES,
    "outcome": OUTCOMES, "status": SITE_STATUSES, "function": FUNCTIONS, "kind": PLACE_KINDS,
}  # fmt: skip
"""What the fixed words in fields mean."""
