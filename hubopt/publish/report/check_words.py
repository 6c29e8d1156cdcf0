"""The checks of the verifier in words, as the seal of a report lists them."""

from __future__ import annotations

from hubopt.publish.words import TERMS
from hubopt.text import Text

CHECKS = {
    "plan_matches_instance": Text("the plan is of this instance", "方案属于本算例"),
    "demand_met": Text("carried and left add up to demand", "已运与未满足之和等于需求"),
    "route_is_connected": Text("routes are connected", "路径首尾相连"),
    "route_handling_chain": Text("routes pass the handling chain", "路径完成作业链"),
    "route_modes": Text("goods use modes that they may", "货物只用允许的方式"),
    "service_cargo": Text("services carry their kind of cargo", "班线承运相应货类"),
    "vehicle_range": Text("battery trucks stay within range", "电动货车不超续航"),
    "origin_district": Text("returns go back to their district", "退货回原关区"),
    "customs_clearance": Text("customs are cleared", "完成通关"),
    "delivery_time": Text("the latest delivery is kept", "不晚于最迟到达"),
    "site_open_for_flow": Text("freight passes open sites only", "货物只经已开放设施"),
    "site_capacity": Text("capacity of sites", "设施能力"),
    "link_capacity": Text("capacity of ways", "线路能力"),
    "transfer_capacity": Text("capacity of changes of mode", "换装能力"),
    "service_capacity": Text("capacity of services", "班线运力"),
    "departure_limits": Text("limits of departures", "班次上下限"),
    "vehicle_balance": Text("vehicles balance", "车辆往返平衡"),
    "modules_stay": Text("what is built stays", "建成后保留"),
    "modules_need_open_site": Text("modules stand at open sites", "模块设在已开放设施"),
    "open_site_has_module": Text("open sites have a module", "已开放设施有模块"),
    "site_outcome": Text("outcomes of sites", "设施结果"),
    "required_sites": Text("required sites stand", "必建设施已建"),
    "closed_sites": Text("closed sites stay closed", "关闭设施保持关闭"),
    "sites_at_most": Text("most sites", "设施数上限"),
    "sites_at_least": Text("fewest sites", "设施数下限"),
    "coverage": Text("coverage", "覆盖"),
    "budget": Text("budget", "预算"),
    "least_use": Text("least use of open sites", "设施最低使用量"),
    "single_source": Text("single source", "单一来源"),
    "service_level": Text("service level", "服务水平"),
    "emissions_at_most": Text("cap on emissions", "排放上限"),
    "mode_share_at_least": Text("least share of a mode", "方式份额下限"),
    "mode_share_at_most": Text("most share of a mode", "方式份额上限"),
    "delivery_share_at_least": Text("least share of a kind of delivery", "配送份额下限"),
    **{
        f"cost_{term.value}": Text(f"cost: {text.en}", f"成本：{text.zh}")
        for term, text in TERMS.items()
    },
    "cost_objective": Text("cost: all together", "成本：合计"),
    "co2e": Text("emissions", "排放"),
    "gap_and_bound": Text("gap and bound agree", "差距与下界一致"),
}
"""Each check by its name."""
