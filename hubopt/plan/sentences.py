"""Every sentence that a verification can say of a plan, in two languages, with what to do next.

`{said}` stands for what the plan says, `{found}` for what the instance gives instead.
"""

from __future__ import annotations

from dataclasses import dataclass

from hubopt.text import Text

SOLVE_AGAIN = Text("solve again, or restore plan.json", "请重新求解，或恢复 plan.json")
ITS_INSTANCE = Text(
    "solve again, or name the plan's own instance with --instance",
    "请重新求解，或用 --instance 指明该方案所属的算例",
)
NOT_RECOMPUTED = Text(
    "bound: as claimed by the solve, not recomputed", "下界：以求解过程所称为准，未重新计算"
)
"""What no verification without a solver can know."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with places for two values, and its remedy."""

    en: str
    zh: str
    remedy: Text = SOLVE_AGAIN

    def filled(self, said: str, found: str) -> Text:
        """Return the sentence about two values."""
        values = {"said": said, "found": found}
        return Text(self.en.format(**values), self.zh.format(**values))


OTHER_INSTANCE = Sentence(
    "the plan is for the instance {said}, not for {found}",
    "方案属于算例 {said}，而不是 {found}",
    ITS_INSTANCE,
)
INSTANCE_CHANGED = Sentence(
    "the plan was made from other tables: their hash is {said}, that of the instance {found}",
    "方案依据的表格与算例不同：其哈希为 {said}，算例的哈希为 {found}",
    ITS_INSTANCE,
)
NO_NAME = Sentence("{said} cannot be the name of a scenario", "{said} 不能用作情景名")
NO_PLAN_STATUS = Sentence("no plan has the status {said}", "方案不会有状态 {said}")
OTHER_STAGES = Sentence(
    "the plan gives the stages {said}, but the instance has {found}",
    "方案给出的阶段为 {said}，算例的阶段为 {found}",
)
LEFT_OUT = Sentence("the plan leaves this out", "方案缺少此项")
UNKNOWN = Sentence("the instance has no such entry", "算例中没有此项")
REPEATED = Sentence(
    "the plan names this {said} times, but once is right", "方案将此项列出 {said} 次，应为一次"
)
OTHER_MODULES = Sentence(
    "the plan names the modules {said}, but the instance has {found}",
    "方案列出的模块为 {said}，算例中为 {found}",
)
NOT_WHOLE = Sentence("{said} should be whole numbers of at least 0", "{said} 应为不小于 0 的整数")

DEMAND = Sentence(
    "the plan covers {said} kg a year, but the demand is {found} kg",
    "方案涵盖每年 {said} 千克，需求为 {found} 千克",
)
NO_STEP = Sentence("the instance does not allow the step {said}", "算例中没有可行的步骤 {said}")
ELSEWHERE = Sentence(
    "the route goes on from {said}, but the goods are at {found}",
    "路径从 {said} 继续，而货物在 {found}",
)
SITE_ELSEWHERE = Sentence(
    "the goods are handled at the site {said}, which does not stand at {found}",
    "货物在设施 {said} 作业，但该设施不在 {found}",
)
NOT_HANDLED_THERE = Sentence(
    "{said} cannot be a part of any handling chain", "{said} 不能作为作业链的一环"
)
PICKED_UP = Sentence(
    "the goods are picked up at {said} by {found}, which only carries them on",
    "货物在 {said} 由 {found} 提取，但该方式只能承担中途运输",
)
HANDED_OVER = Sentence(
    "the goods are handed over at {said} by {found}, which only carries them on",
    "货物在 {said} 由 {found} 交付，但该方式只能承担中途运输",
)
OTHER_MODE = Sentence(
    "the route goes on by {said}, but the goods are in the hands of {found}",
    "路径以 {said} 继续，而货物仍在 {found} 上",
)
SERVICE_ONLY = Sentence("only scheduled services run over {said}", "{said} 只能由定期班次运行")
TWICE_THERE = Sentence(
    "the route comes twice to {said} by {found}", "路径以 {found} 两次经过 {said}"
)
ENDS_ELSEWHERE = Sentence(
    "the route ends at {said}, but the destination is {found}", "路径止于 {said}，目的地为 {found}"
)
OTHER_CHAIN = Sentence(
    "the handling is [{said}], but the product needs [{found}]",
    "作业为 [{said}]，产品要求 [{found}]",
)
MODE_FORBIDDEN = Sentence(
    "{said} may not carry the product {found}", "{said} 不允许运输产品 {found}"
)
CARGO_REFUSED = Sentence(
    "the service {said} does not take {found} goods", "班次 {said} 不承运 {found} 类货物"
)
OUT_OF_RANGE = Sentence(
    "the step {said} and the way back are further than the {found} km of a charge",
    "步骤 {said} 往返超过一次充电的续驶里程 {found} 公里",
)
OTHER_DISTRICT = Sentence(
    "the goods are handled at {said}, but must go back to the district {found}",
    "货物在 {said} 处理，但须退回原关区 {found}",
)
NOT_CLEARED = Sentence(
    "the goods cannot be cleared on the step {said}", "货物在步骤 {said} 无法通关"
)
TOO_LATE = Sentence(
    "the route takes {said} h, but at most {found} h are allowed",
    "路径耗时 {said} 小时，至多允许 {found} 小时",
)

NOT_OPEN = Sentence(
    "{said} kg a year pass through, but no module stands",
    "每年有 {said} 千克经过，但没有建成任何模块",
)
OVER_CAPACITY = Sentence(
    "{said} kg a year are used, but the capacity is {found} kg",
    "每年占用 {said} 千克，能力为 {found} 千克",
)
DEPARTURES = Sentence(
    "{said} departures a week are planned, but {found} are allowed",
    "每周安排 {said} 班，允许 {found} 班",
)
EMPTY_TOO_EARLY = Sentence(
    "{said} empty runs a week are planned, but the service starts in {found}",
    "每周安排 {said} 次空驶，但该班次自 {found} 年起开行",
)
UNBALANCED = Sentence(
    "{said} vehicles leave each week, but {found} arrive",
    "每周开出 {said} 辆（列、架），到达 {found}",
)

VANISHED = Sentence(
    "{said} modules stand, but {found} stood before", "现有模块 {said} 个，之前有 {found} 个"
)
TOO_MANY_MODULES = Sentence(
    "{said} modules stand, but {found} are allowed", "建成模块 {said} 个，允许 {found} 个"
)
BUILT_TOO_EARLY = Sentence(
    "{said} modules stand, but none may be added before {found}",
    "建成模块 {said} 个，但 {found} 年之前不得新建",
)
CALLED_SHUT = Sentence(
    "the plan calls the site {said}, but its modules stand", "方案称该设施为 {said}，但其模块已建成"
)
CALLED_OPEN = Sentence(
    "the plan calls the site {said}, but no module stands",
    "方案称该设施为 {said}，但没有建成任何模块",
)
OTHER_OUTCOME = Sentence(
    "the plan calls the site {said}, but it is {found}", "方案称该设施为 {said}，实际为 {found}"
)
REQUIRED = Sentence("the site is required, but no module stands", "该设施必建，但没有建成任何模块")
MUST_BE_CLOSED = Sentence(
    "{said} modules stand, but the site is closed", "建成模块 {said} 个，但该设施已关闭"
)
TOO_MANY_SITES = Sentence(
    "{said} sites are open, but {found} are allowed", "开放设施 {said} 处，允许 {found} 处"
)
OVER_BUDGET = Sentence(
    "{said} CNY are spent on building, but {found} CNY are allowed",
    "建设投资 {said} 元，允许 {found} 元",
)

TOO_FEW_SITES = Sentence(
    "{said} sites are open, but at least {found} must be",
    "开放设施 {said} 处，至少须有 {found} 处",
)
NOT_COVERED = Sentence(
    "{said} open sites are within reach, but at least {found} must be",
    "时限内可达的开放设施 {said} 处，至少须有 {found} 处",
)
LITTLE_USED = Sentence(
    "{said} kg a year are handled, but an open site must handle {found} kg",
    "每年作业 {said} 千克，开放的设施至少须作业 {found} 千克",
)
TOO_MANY_SOURCES = Sentence(
    "{said} sites handle these shipments, but at most {found} may",
    "有 {said} 处设施为该组货物作业，至多允许 {found} 处",
)
LATE_OR_LEFT = Sentence(
    "{said} kg a year are late or stay behind, but at most {found} kg may",
    "每年有 {said} 千克晚到或未运送，至多允许 {found} 千克",
)
OVER_CAP = Sentence(
    "{said} kg CO2e a year are emitted, but the cap is {found} kg",
    "每年排放 {said} 千克 CO2e，上限为 {found} 千克",
)
SHARE_TOO_SMALL = Sentence(
    "{said} kg a year go by the mode, but at least {found} kg must",
    "每年有 {said} 千克使用该方式，至少须有 {found} 千克",
)
SHARE_TOO_LARGE = Sentence(
    "{said} kg a year go by the mode, but at most {found} kg may",
    "每年有 {said} 千克使用该方式，至多允许 {found} 千克",
)

FIGURE_FEN = Sentence(
    "the plan says {said} fen, but the instance gives {found} fen",
    "方案为 {said} 分，按算例应为 {found} 分",
)
FIGURE_KG = Sentence(
    "the plan says {said} kg, but the instance gives {found} kg",
    "方案为 {said} 千克，按算例应为 {found} 千克",
)
GAP = Sentence(
    "the plan says {said}, but its objective and bound give {found}",
    "方案为 {said}，按其目标值与下界应为 {found}",
)
BOUND = Sentence(
    "a bound of {said} fen does not lie between 0 and the objective of {found} fen",
    "下界 {said} 分不在 0 与目标值 {found} 分之间",
)
NOT_PROVED = Sentence(
    "the plan is called optimal with a gap of {said}, but the gap may be at most {found}",
    "方案称为最优，差距为 {said}，但差距至多可为 {found}",
)
BASIS = Sentence(
    'the plan calls it "{said}", but all that can be said is "{found}"',
    "方案称其为“{said}”，而只能称为“{found}”",
)
