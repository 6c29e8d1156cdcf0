"""What the model does not say in rows, and the verifier checks: what a route is, and figures.

A route that breaks a rule is never listed, so that no constraint has to forbid it.
"""

from __future__ import annotations

from dataclasses import dataclass

from hubopt.model.sources import EMISSIONS, OWN, TAIL
from hubopt.plan.plan import OPTIMAL_GAP
from hubopt.text import Text


@dataclass(frozen=True, slots=True)
class PlanRule:
    """A rule of the verifier, named as its check."""

    name: str
    sentence: Text
    formula: str
    unit: str
    source: Text = OWN


ROUTE_RULES = (
    PlanRule(
        "route_is_connected",
        Text(
            "Every step begins where the last one ended and in the mode in hand; goods are picked"
            " up, brought to sites and delivered by truck if trucks may carry them; no place is"
            " passed twice by one mode between two handlings; a ride crosses the border at most"
            " once.",
            "每一步从上一步的终点、以在手的运输方式开始；货车可运的货物由货车提取、送往设施和交付；"
            "两次作业之间不以同一方式重复经过一地；一次搭乘至多过境一次。",
        ),
        "(place, mode) before step n+1 = (place, mode) after step n  for each step n of c;"
        "  place before the first = origin[s], after the last = destination[s]",
        "1",
    ),
    PlanRule(
        "route_handling_chain",
        Text(
            "The functions that handle the goods are those of the product's chain, in its order.",
            "货物依次经过的功能即产品作业链规定的功能。",
        ),
        "(function[n] for each handling n of c) = chain of the product of s",
        "1",
    ),
    PlanRule(
        "route_modes",
        Text("Only modes of the product carry it.", "只使用产品允许的运输方式。"),
        "mode[n] in modes of the product of s  for each step n of c",
        "1",
    ),
    PlanRule(
        "service_cargo",
        Text("A service carries only the loading that it takes.", "班线只承运其可装载的货物形态。"),
        "cargo of the product of s in cargo[v]  for each ride of c on service v",
        "1",
    ),
    PlanRule(
        "vehicle_range",
        Text(
            "A vehicle runs a link there and back on one charge.", "车辆一次充电须能往返一条线路。"
        ),
        "2 distance_km[l] <= range_km of the mode of l  for each link l that c drives outside"
        " services",
        "km",
    ),
    PlanRule(
        "origin_district",
        Text(
            "Returns are handled in the customs district that cleared them, if the instance says"
            " so.",
            "若算例要求，退货须回到原清关关区处理。",
        ),
        "district[x] = district[s]  for each site x that handles returns on c,"
        " if returns_to_origin_district and s names a district",
        "1",
    ),
    PlanRule(
        "customs_clearance",
        Text(
            "The home country's border is crossed only by shipments between countries, and only"
            " where and how customs clear.",
            "只有跨国货物可过境，且只能经由可清关的地点与方式。",
        ),
        "(place at home, mode) of step n in customs.csv  for each step n of c across the border of"
        " home_country",
        "1",
    ),
    PlanRule(
        "delivery_time",
        Text(
            "Goods arrive by their latest time: links, waiting for services, changes of mode,"
            " handling and clearance together.",
            "货物不晚于最迟时间送达：线路、候班、换装、作业与清关时间合计。",
        ),
        "sum_{n of c} time_h[n] <= latest_h[s]  for each shipment s with a latest time",
        "h",
    ),
)
"""What a route is."""

WHOLE_RULES = (
    PlanRule(
        "plan_matches_instance",
        Text(
            "The plan belongs to the instance, and names each of its parts once.",
            "方案属于该算例，且各组成部分恰好列出一次。",
        ),
        "hash of the tables in the plan = hash of the tables of the instance",
        "1",
    ),
    PlanRule(
        "site_outcome",
        Text(
            "A site is called opened, kept, not chosen or closed as its modules say.",
            "设施的结果（新开、保留、未选、关闭）与其模块一致。",
        ),
        "open[x,t] = 1 exactly where sum_m modules[m,t] >= 1",
        "sites",
    ),
    PlanRule(
        "cost_objective",
        Text(
            "The objective is the sum of all terms, to the fen.",
            "目标值等于各项费用之和，精确到分。",
        ),
        "objective = sum_term sum_t weight[t] cost[term,t]",
        "fen, present value",
    ),
    PlanRule(
        "co2e",
        Text("Emissions of each stage are those of its flows.", "各阶段排放量与其运量一致。"),
        "co2e[t] = sum_{c in t} wtw[c] flow[c];  the same from tank to wheel",
        "kg CO2e/year",
        EMISSIONS,
    ),
    PlanRule(
        "gap_and_bound",
        Text(
            "The bound, taken as the solve claims it, lies between 0 and the objective; the gap is"
            " what both give, and in a plan called optimal it is at most the one below.",
            "下界以求解过程所称为准，须在 0 与目标值之间；差距由两者得出，称为最优时不大于下值。",
        ),
        f"gap = (objective - bound) / objective;  gap <= {OPTIMAL_GAP:g} where optimal",
        "1",
    ),
)
"""What holds of a plan as a whole."""

HEDGE_RULES = (
    PlanRule(
        "hedge_objective",
        Text(
            "A hedge minimises expected cost and, by its weight, the mean cost of the dearest"
            " states; without states the objective is the cost.",
            "对冲方案最小化期望成本，并按权重计入最贵状态的平均成本；没有状态时目标即为成本。",
        ),
        "(1 - weight) expected + weight tail",
        "million CNY, present value",
        TAIL,
    ),
    PlanRule(
        "expected_cost",
        Text("Mean cost over the states by probability.", "各状态成本按概率的平均值。"),
        "expected = sum_w probability[w] cost[w]",
        "million CNY, present value",
        TAIL,
    ),
    PlanRule(
        "tail_cost",
        Text(
            "CVaR: the mean cost of the dearest 1 - level of all states. In the model it is the"
            " constraint `excess_over_threshold`.",
            "CVaR：最贵的 1 - level 部分状态的平均成本；模型中为约束 `excess_over_threshold`。",
        ),
        "tail = min threshold + sum_w probability[w] excess[w] / (1 - level);"
        "  excess[w] >= cost[w] - threshold,  excess[w] >= 0  for each state w",
        "million CNY, present value",
        TAIL,
    ),
    PlanRule(
        "same_sites",
        Text(
            "Sites and modules are the same in all states: they are built before it is known which"
            " one comes. Departures and flows follow the state. In the model the states share the"
            " variables `open` and `modules`.",
            "各状态的设施与模块相同：须在状态揭晓之前建成；班次与运量随状态而定。"
            "模型中各状态共用变量 `open` 与 `modules`。",
        ),
        "modules[m,t] of state w = modules[m,t] of the first  for each state w",
        "modules",
        TAIL,
    ),
    PlanRule(
        "states_are_planned",
        Text("Each state has a plan, and stands once.", "每个状态有且仅有一个方案。"),
        "one plan of scenario w  for each state w",
        "1",
    ),
    PlanRule(
        "state_plans_hold",
        Text(
            "The plan of each state keeps every rule above for the instance of that state.",
            "各状态的方案在其算例下遵守上述全部规则。",
        ),
        "all checks of the plan of w hold  for each state w",
        "1",
    ),
    PlanRule(
        "probabilities",
        Text(
            "Probabilities are above 0 and add up to 1; level and weight are shares.",
            "概率大于 0 且合计为 1；level 与 weight 为比例。",
        ),
        "sum_w probability[w] = 1;  0 <= level < 1;  0 <= weight <= 1",
        "share",
    ),
    PlanRule(
        "state_costs",
        Text("The cost of a state is that of its plan.", "状态的成本即其方案的成本。"),
        "cost[w] = sum of all cost terms of the plan of w",
        "million CNY, present value",
    ),
    PlanRule(
        "hedge_gap_and_bound",
        Text(
            "The bound of a hedge lies between 0 and its objective, and the gap follows from both.",
            "对冲方案的下界介于 0 与目标值之间，差距由二者得出。",
        ),
        "gap = (objective - bound) / objective",
        "share",
    ),
)
"""Rules of one design for several states, each a check of `verify_hedge`."""

SAME_CHECK = {"site_chosen_for_flow": "single_source"}
"""Constraints that link decisions which no plan holds, by the check that sees their effect."""


def check_of(name: str) -> str:
    """Return the check of the verifier that sees a constraint, rule or term broken."""
    return SAME_CHECK.get(name, name)
