"""How the columns and tables of a result are called in Chinese; English readers see their names.

A column is called by what it holds and by its unit, both taken from its name: `handling_cny_per_t`
is 作业（元/吨）.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.words import FUNCTIONS, MODES, OUTCOMES, TERMS
from hubopt.text import Text
from hubopt.vocabulary import SiteStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS = {
    "_kg_co2e_per_year": "千克 CO2e/年",
    "_t_km_per_year": "吨公里/年",
    "_cny_per_year": "元/年",
    "_kg_per_year": "千克/年",
    "_t_per_year": "吨/年",
    "_cny_per_t": "元/吨",
    "_kg_per_t": "千克/吨",
    "_per_week": "每周",
    "_change_mcny": "百万元",
    "_percent": "%",
    "_mcny": "百万元",
    "_days": "天",
    "_cny": "元",
    "_km": "公里",
    "_t": "吨",
    "_h": "小时",
    "_s": "秒",
}
"""The unit at the end of a column's name, longer ones before those that end alike."""

STEMS = {
    "action": "动作",
    "days": "天数",
    "difference": "差额",
    "extra_cost": "增加成本",
    "figure": "指标",
    "first_state_alone": "只按首个情景",
    "hedged": "对冲方案",
    "high_factor": "高值系数",
    "hits": "影响",
    "id": "编号",
    "independent": "是否独立",
    "instance": "算例",
    "late": "迟到",
    "lever": "假设",
    "limits_broken": "未兑现的限制",
    "line": "行",
    "low_factor": "低值系数",
    "modelled": "方案值",
    "modelled_at_high": "高值时方案值",
    "modelled_at_low": "低值时方案值",
    "modes": "受影响方式",
    "modules_first_state_alone": "只按首个情景的模块",
    "modules_hedged": "对冲方案的模块",
    "note_en": "英文备注",
    "note_zh": "中文备注",
    "places": "受影响地点",
    "probability": "概率",
    "products": "受影响产品",
    "published": "公布值",
    "rank": "排名",
    "recovery": "恢复",
    "rerouted": "改道",
    "residual": "残差",
    "shipments": "受影响需求",
    "source": "来源",
    "spare_elsewhere": "他处余力",
    "state": "情景",
    "through": "经由量",
    "unserved_cost": "未满足成本",
    "used_share_at_peak": "高峰利用率（比例）",
    "average_time": "平均时间",
    "basis": "依据",
    "best": "最好方案",
    "bound": "下界",
    "broken": "不成立数",
    "build_cost": "建设投资",
    "built_in_stage": "本阶段新建",
    "capacity": "能力",
    "capacity_both_ways": "双向能力",
    "changed": "换装量",
    "check": "核验项",
    "co2e_ttw": "CO2e（使用阶段）",
    "co2e_wtw": "CO2e（全生命周期）",
    "confidence": "可信度",
    "cost": "成本",
    "demand": "需求",
    "departures_per_week": "每周班次",
    "destination": "终点",
    "destination_name_en": "终点英文名",
    "destination_name_zh": "终点中文名",
    "distance": "距离",
    "distance_source": "距离来源",
    "elapsed": "用时",
    "element": "环节",
    "empty_per_week": "每周空驶",
    "factor_source": "因子来源",
    "factor_unit": "因子单位",
    "fixed_cost": "固定费用",
    "flow": "流量",
    "freight": "货运量",
    "from_mode": "原运输方式",
    "from_name_en": "起点英文名",
    "from_name_zh": "起点中文名",
    "from_place": "起始地点",
    "function": "功能",
    "gap": "差距（比例）",
    "handled": "作业量",
    "heaviest_leg": "最重区段",
    "item": "项目",
    "kind": "种类",
    "latest_time": "时限",
    "looked_at": "检查数",
    "marginal": "边际值",
    "mode": "运输方式",
    "modules": "模块",
    "name_en": "英文名",
    "name_zh": "中文名",
    "note": "备注",
    "origin": "起点",
    "origin_name_en": "起点英文名",
    "origin_name_zh": "起点中文名",
    "outcome": "结果",
    "path": "线路",
    "phase": "步骤",
    "place": "地点",
    "present_value": "现值",
    "present_value_years": "现值系数（年）",
    "product": "产品",
    "product_emission_factor": "产品排放系数",
    "region": "区域",
    "route": "路径",
    "served": "已满足",
    "service": "班列航班",
    "share_within_latest_time": "时限内比例",
    "shipment": "运输需求",
    "site": "设施",
    "site_or_place": "设施或地点",
    "stage": "阶段",
    "status": "状态",
    "step": "序号",
    "term": "成本项",
    "time": "时间",
    "to_mode": "后续运输方式",
    "to_name_en": "到达地英文名",
    "to_name_zh": "到达地中文名",
    "to_place": "到达地点",
    "to_place_or_function": "到达地点或功能",
    "total": "合计",
    "ttw": "排放（使用阶段）",
    "ttw_factor": "排放因子（使用阶段）",
    "unit": "单位",
    "unserved_share": "未满足比例",
    "used": "已用",
    "utilisation": "利用率（比例）",
    "value": "值",
    "vehicle_class": "车型",
    "what": "内容",
    "where": "位置",
    "work": "周转量",
    "wtw": "排放（全生命周期）",
    "wtw_factor": "排放因子（全生命周期）",
    "years": "年数",
} | {term.value: words.zh for term, words in TERMS.items()}
"""What a column holds, by its name without the unit."""

SHEETS = {
    "about": Text("about", "说明"),
    "costs": Text("costs", "成本"),
    "sites": Text("sites", "设施"),
    "services": Text("services", "班列航班"),
    "flows": Text("flows", "流量"),
    "routes": Text("routes", "路径"),
    "transfers": Text("transfers", "换装"),
    "emissions": Text("emissions", "排放"),
    "unserved": Text("unserved", "未满足"),
    "utilisation": Text("utilisation", "利用率"),
    "cost_to_serve": Text("cost_to_serve", "服务成本"),
    "marginal_values": Text("marginal_values", "边际值"),
    "convergence": Text("convergence", "收敛过程"),
    "stress": Text("stress", "压力测试"),
    "reconcile": Text("reconcile", "与公布数对照"),
    "reconcile_explain": Text("reconcile_explain", "对照差异解释"),
    "hedge_costs": Text("hedge_costs", "对冲方案成本"),
    "hedge_sites": Text("hedge_sites", "对冲方案设施"),
    "verification": Text("verification", "核验"),
}
"""How each table is called, in the order of a workbook."""

SITE_STATUSES = {
    SiteStatus.EXISTING: Text("existing", "已有"),
    SiteStatus.CANDIDATE: Text("candidate", "候选"),
    SiteStatus.REQUIRED: Text("required", "必建"),
    SiteStatus.CLOSED: Text("closed", "关闭"),
}
"""How the planner's status of a site is called."""

ACTIONS = {
    "move": Text("move", "行驶"),
    "ride": Text("ride", "搭乘班列航班"),
    "change": Text("change", "换装"),
    "handle": Text("handle", "作业"),
}
"""How each step of a route is called."""

KINDS = {
    "site": Text("site", "设施"),
    "site_function": Text("site_function", "设施功能"),
    "link": Text("link", "线路"),
    "transfer": Text("transfer", "换装"),
    "service_leg": Text("service_leg", "班列航班区段"),
    "demand": Text("demand", "需求"),
    "leg": Text("leg", "运输"),
    "hub": Text("hub", "枢纽作业"),
    "electricity": Text("electricity", "用电"),
}
"""How the kinds of capacities and emissions are called."""

WORDS: Mapping[str, Mapping[str, Text]] = {
    column: {str(word): text for word, text in words.items()}
    for columns, words in (
        (("mode", "from_mode", "to_mode"), MODES | FUNCTIONS),
        (("action",), ACTIONS),
        (("kind",), KINDS),
        (("term",), TERMS),
        (("outcome",), OUTCOMES),
        (("function",), FUNCTIONS),
        (("status",), SITE_STATUSES),
    )
    for column in columns
}
"""Columns of fixed words, and how each word is called."""


def head(column: str) -> Text:
    """Return how a column is called: by its name, in Chinese by what it holds and its unit."""
    if column in STEMS:
        return Text(column, STEMS[column])
    for ending, unit in UNITS.items():
        stem = column.removesuffix(ending)
        if stem != column and stem in STEMS:
            return Text(column, f"{STEMS[stem]}（{unit}）")
    return Text(column, column)
