"""The index sets of the formulas, by the letter that stands for a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

INDEX_SETS: Mapping[str, tuple[Text, str]] = {
    "t": (
        Text("Stage: a year from which on a decision holds.", "阶段：决策自该年起生效。"),
        "instance.toml [[stages]]",
    ),
    "s": (
        Text(
            "Shipment: goods from one place to another, in one stage.",
            "货运需求：某阶段的一批货物。",
        ),
        "demand.csv",
    ),
    "c": (
        Text(
            "Route of one shipment: moves, rides, changes of mode and handlings in order: those"
            " listed or found by pricing.",
            "路径：一批货物依次的行驶、搭乘、换装与作业；即列出的或经定价找到的。",
        ),
        "links.csv, services.csv, transfers.csv, handling.csv",
    ),
    "x": (Text("Site.", "设施。"), "sites.csv"),
    "m": (Text("Module: one size of one site.", "模块：某设施的一种规模。"), "modules.csv"),
    "p": (
        Text("One function of one site.", "某设施的一项功能。"),
        "capacities.csv, handling.csv",
    ),
    "l": (Text("Link.", "线路。"), "links.csv"),
    "k": (Text("Change of mode at a place.", "某地点的换装。"), "transfers.csv"),
    "v": (
        Text("Service; its legs lead from stop to stop.", "班线，其区段连接相邻停靠点。"),
        "services.csv",
    ),
    "j": (
        Text(
            "Terminal of a class of vehicles; city that must be covered.",
            "某类运载工具的端点；须覆盖的城市。",
        ),
        "services.csv; places.csv",
    ),
    "g": (
        Text(
            "Group of shipments that few sites may handle: one shipment or all to one destination,"
            " for one function.",
            "限定来源的一组货物：单批货物或同一目的地的货物，对应一项功能。",
        ),
        "demand.csv single_source; limits.csv single_source",
    ),
    "w": (
        Text(
            "State of the world: a scenario with a probability, where a design must serve several.",
            "状态：带概率的情景，设施方案须兼顾各状态。",
        ),
        "scenarios/*.toml, hedge.toml",
    ),
    "i": (
        Text(
            "Limit in force: without a policy, or of one that is switched on.",
            "生效的限制：未注明政策，或其政策已启用。",
        ),
        "limits.csv, instance.toml policies",
    ),
}
"""What each letter stands for, and the table that its members are from."""
