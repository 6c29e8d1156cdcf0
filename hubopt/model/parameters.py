"""The given numbers in the formulas of the model: what each is, made of what, in which unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMETERS: Mapping[str, tuple[Text, str, str]] = {
    "demand": (
        Text("Freight of a shipment, in whole kilograms.", "货运需求量（取整到千克）。"),
        "demand[s] = demand_t_per_year / 1000",
        "kt/year",
    ),
    "weight": (
        Text(
            "Worth in the base year of 1 CNY in each year of a stage.",
            "阶段内每年 1 元折算到基准年的价值。",
        ),
        "weight[t] = sum_{k=0}^{years[t]-1} (1 + discount_rate)^-(year[t] - base_year + k)",
        "years",
    ),
    "built": (
        Text(
            "Modules that stand at the start, and may stand at most.",
            "期初已有与最多可有的模块数。",
        ),
        "built[m], most[m] = built, most of modules.csv",
        "modules",
    ),
    "build_cost": (
        Text(
            "What one module costs to build, and to keep for a year.",
            "一个模块的投资与年固定费用。",
        ),
        "build_cost[m] = build_cost_cny / 10^6;  fixed_cost[m] = fixed_cost_cny_per_year / 10^6",
        "million CNY, million CNY/year",
    ),
    "annuity": (
        Text("Yearly charge that pays for one module over its life.", "模块投资的年金。"),
        "annuity[m] = build_cost[m] rate / (1 - (1 + rate)^-life_years[m])",
        "million CNY/year",
    ),
    "capacity": (
        Text("What one module adds to a function; no limit if blank.", "一个模块增加的能力。"),
        "capacity[p,m] = capacity_t_per_year / 1000",
        "kt/year",
    ),
    "possible": (
        Text("All freight that could come to a function in a stage.", "某阶段可能到达的全部货量。"),
        "possible[p,t] = sum_{s in t} max_{c of s} uses[c,p] demand[s]",
        "kt/year",
    ),
    "largest": (
        Text("What a function could handle with all modules.", "全部模块下的最大能力。"),
        "largest[p] = sum_m capacity[p,m] most[m]",
        "kt/year",
    ),
    "peak": (
        Text(
            "Flow of a shipment's product at the busiest time over the yearly average.",
            "货物所属产品高峰期流量与年平均之比。",
        ),
        "peak[s] = peak_factor of the product >= 1",
        "1",
    ),
    "uses": (
        Text(
            "How often a route takes a link, transfer, function or leg, at the peak of its goods.",
            "路径使用的次数，按其货物的高峰系数放大。",
        ),
        "uses[c,.] in {0, 1, 2, ...} peak[s of c]",
        "1",
    ),
    "space": (
        Text("Payload that a tonne on a route takes aboard a service.", "每吨货物占用的载重。"),
        "space[c] = space_factor of the product",
        "t/t",
    ),
    "payload": (
        Text("What one departure a week carries in a year.", "每周一班全年的载重。"),
        "payload[v] = payload_t_per_departure weeks_per_year / 1000",
        "kt/year per departure/week",
    ),
    "departure_cost": (
        Text("What one departure a week costs in a year.", "每周一班全年的费用。"),
        (
            "departure_cost[v] = cost_cny_per_departure weeks_per_year / 10^6;"
            "  empty_cost[v] = empty_cost_cny_per_departure weeks_per_year / 10^6"
        ),
        "million CNY/year per departure/week",
    ),
    "least": (
        Text(
            "Fewest and most departures of a service; least freight of a function while its site"
            " is open.",
            "班线的最少与最多班次；设施开放时某功能的最低作业量。",
        ),
        (
            "least[v], most[v] = least_per_week, most_per_week;"
            "  least[p] = least_t_per_year / 1000 of handling.csv"
        ),
        "departures/week, kt/year",
    ),
    "handled": (
        Text(
            "How often a route is handled by a function, the peak left out.",
            "路径经某功能作业的次数，不计高峰系数。",
        ),
        "handled[c,p] in {0, 1, 2, ...}",
        "1",
    ),
    "wtw": (
        Text(
            "Well-to-wheel CO2e of a tonne on a route: links by distance, factor of the goods and"
            " payload of the vehicle, electricity by the grid, transfers and handling.",
            "路径每吨全生命周期 CO2e：线路按里程、货物系数与车辆载重，用电按电网因子，"
            "另计换装与作业。",
        ),
        (
            "wtw[c] = (sum_{l of c} (wtw_g_per_tkm[l] / 1000 + kwh_per_tkm[l] grid) km[l]"
            " emission_factor / payload_share[l]"
            "  + sum_{k of c} wtw_kg_per_t[k] + sum_{p of c} energy_kwh_per_t[p] grid) / 1000"
        ),
        "t/t",
    ),
    "value": (
        Text(
            "What a limit asks for: sites, money, a share, tonnes of CO2e, hours by road.",
            "限制的取值：设施数、资金、比例、CO2e 吨数、公路时间。",
        ),
        (
            "number[i], level[i], share[i], most[g] = value;  budget[i] = value / 10^6;"
            "  cap[i] = value / 1000;  hours[i] = hours of limits.csv;"
            "  most[g] = 1 where single_source is yes"
        ),
        "as the limit",
    ),
    "balance": (
        Text(
            "1 where a service leaves with vehicles of a class, -1 where it arrives.",
            "班线在端点发出为 1，到达为 -1。",
        ),
        "balance[j,v] in {-1, 0, 1}",
        "1",
    ),
    "route_cost": (
        Text(
            "What a tonne costs by term: on its route, or left behind; each 1 CNY/t is 10^-3"
            " million CNY/kt. `value` and factors are the product's; time_h[c] is all time on the"
            " way.",
            "每吨的各项费用：经路径运送，或未运送；1 元/吨即 10^-3 百万元/千吨。"
            "value 与系数属于产品，time_h[c] 为全程时间。",
        ),
        (
            "line_haul[c] = cost_factor sum_{l of c} cost_cny_per_t[l] / payload_share[l];"
            "  handling[c] = sum_{p of c} (cost_cny_per_t[p] + parcels_per_t"
            " cost_cny_per_parcel[p]);"
            "  transfer[c] = sum_{k of c} cost_cny_per_t[k];"
            "  customs_duty[c] = sum of cost_cny_per_t over the clearances of c"
            " + value duty_share if s comes from abroad;"
            "  capital_in_transit[c] = value time_cost_share_per_day time_h[c] / 24;"
            "  spoilage[c] = value spoilage_share_per_day time_h[c] / 24;"
            "  insurance_finance[c] = value sum_{l of c} insurance_share_per_1000km[l] km[l] / 1000"
            " + value finance_share if s crosses the border;"
            "  carbon[c] = carbon_price_cny_per_t wtw[c];"
            "  unserved_cost[s] = unserved_cost_cny_per_t"
        ),
        "million CNY/kt",
    ),
}
"""Every number in a formula that is given rather than decided, by the first name used for it."""
