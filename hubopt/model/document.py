"""The model as one Markdown document: sets, decisions, rules, limits, and what planners asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hubopt.instance.check_limit_cells import KINDS, NARROWING
from hubopt.instance.schema import TABLES
from hubopt.model import mission
from hubopt.model.describe import describe
from hubopt.model.index_sets import INDEX_SETS
from hubopt.model.plan_rules import HEDGE_RULES, ROUTE_RULES, WHOLE_RULES, check_of
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubopt.model.describe import Description
    from hubopt.model.plan_rules import PlanRule
    from hubopt.problem.problem import Problem

TITLE = Text("The model of hubopt", "hubopt 的模型")
BY_COMMAND = Text(
    "Made by `hubopt describe --markdown` from the code that builds the model.",
    "由 `hubopt describe --markdown --lang zh` 从构建模型的代码生成。",
)
UNITS = Text(
    "Files and plans hold tonnes, hours, kilometres, CNY, kg CO2e and years; the model holds"
    " kilotonnes (kt) a year, million CNY and departures a week. A plan is settled to whole"
    " kilograms and fen, and the verifier recomputes it in exact arithmetic. `peak` factors stand"
    " in every use of a capacity: capacities hold at the busiest time.",
    "文件与方案使用吨、小时、公里、元、千克 CO2e 和年；模型使用千吨（kt）/年、百万元和每周班次。"
    "方案取整到千克与分，由核验程序以精确算术重新计算。占用能力时均乘高峰系数：能力须在最繁忙时成立。",
)
ROUTES = Text(
    "A route is a path through the network with what happens on it, in order: moves over open"
    " links, rides aboard services, changes of mode, handlings at sites. Only what keeps the rules"
    " below is a route and can be listed; each rule is a check of the verifier too.",
    "路径是网络中的一条通路及其上依次发生的事项：经开放线路行驶、搭乘班线、换装、在设施作业。"
    "符合下列规则的才是路径，才会列出；每条规则也是核验程序的一项检查。",
)
RULES = Text(
    "Each constraint is a function of its name in `hubopt/model/` and is checked by the verifier,"
    " which knows nothing of the model.",
    "每条约束在 `hubopt/model/` 中有同名函数，并由不依赖模型的核验程序检查。",
)
TERMS = Text(
    "The objective is the sum of these terms. The verifier recomputes each, to the fen.",
    "目标函数为下列各项之和，核验程序逐项重新计算，精确到分。",
)
HEDGES = Text("One design for several states", "兼顾多种状态的设施方案")
STATES = Text(
    "`hubopt hedge` plans for several states of the world at once: scenarios of the instance with a"
    " probability each. Everything above holds in each state `w`, with the variables of that state"
    " named `s1.flow`, `s2.flow`, ...; what is built is shared.",
    "`hubopt hedge` 同时为多种状态规划：每种状态是算例的一个情景，并有其概率。"
    "上述各条在每个状态 `w` 下均成立，该状态的变量记为 `s1.flow`、`s2.flow` 等；"
    "所建设施为各状态共用。",
)
LIMITS = Text(
    "A row of limits.csv is one limit in one stage. A kind needs some cells, may use others, and"
    " refuses the rest; what a blank cell would narrow is counted whole. A limit whose cell"
    " `policy` names a policy sleeps unless the instance's `policies` switch that policy on, so one"
    " instance solved with and without a policy gives its price.",
    "limits.csv 的一行是某阶段的一项限制。每种限制有必填、可填和不可填的单元格；留空即不缩小范围。"
    "`policy` 注明政策的限制，仅在算例的 `policies` 启用该政策时生效；"
    "同一算例在启用前后各求解一次，即得该政策的代价。",
)
LIMIT_NOTE = Text(
    "Least use and single sourcing of one shipment are no rows of limits.csv: they stand in"
    " `least_t_per_year` of handling.csv and `single_source` of demand.csv.",
    "最低作业量与单批货物的单一来源不在 limits.csv 中，"
    "而在 handling.csv 的 `least_t_per_year` 与 demand.csv 的 `single_source`。",
)
VALUES: Mapping[str, Text] = {
    "whole": Text("whole number of sites", "设施数（整数）"),
    "share": Text("share from 0 to 1", "0 至 1 的比例"),
    "amount": Text("amount", "数额"),
}
MISSION = Text(
    "What planners asked for, in their words. M is a must, S a should. `held`: the model has a"
    " place for it, and the test shows its effect; `partly` and `missing`: the remark says what is"
    " not there yet. A rule, term, route rule, limit or check is a section above; tables, columns"
    " and words stand in `hubopt dictionary`; a command is one of `hubopt`, a result one of the"
    " tables that a solve writes.",
    "规划者的要求，用其原话。M 为必须，S 为应当。`held`：模型中有对应之处，且测试显示其作用；"
    "`partly` 与 `missing`：备注说明尚缺什么。rule、term、route、limit、check 见上文各节；"
    "table、column、word 见 `hubopt dictionary`；command 为 `hubopt` 的命令；"
    "result 为求解所写的表格。",
)
ABOVE = {"rule": "", "term": "cost_", "route": "", "limit": "", "check": ""}
"""Kinds of places that are sections of the document, by what the headings put before the name."""


@dataclass(frozen=True)
class Document:
    """The model in one language; `examples` are rows of LP files by name of rule or term."""

    language: Language
    parts: Sequence[Description]
    made: Text = BY_COMMAND
    examples: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """Return the whole document."""
        chapters = (
            self.head(),
            self.sets(),
            self.named(Text("Decisions", "决策"), "variable"),
            self.named(Text("Given numbers", "给定的数"), "parameter"),
            self.plan_rules(Text("What a route is", "什么是路径"), ROUTES, ROUTE_RULES),
            self.rules(Text("Constraints", "约束"), RULES, "constraint"),
            self.rules(Text("Cost terms", "费用项"), TERMS, "cost_term"),
            self.plan_rules(Text("The plan as a whole", "方案整体"), None, WHOLE_RULES),
            self.plan_rules(
                Text("One design for several states", "兼顾多种状态的设施方案"), STATES, HEDGE_RULES
            ),
            self.limits(),
            self.mission(),
        )
        return "\n".join(line for chapter in chapters for line in chapter).rstrip() + "\n"

    def say(self, text: Text) -> str:
        """Return a text in the language of the document."""
        return text.in_language(self.language)

    def head(self) -> list[str]:
        """Return title, how the document is made, and units."""
        return [f"# {self.say(TITLE)}", "", self.say(self.made), "", self.say(UNITS), ""]

    def chapter(self, title: Text, words: Text | None = None) -> list[str]:
        """Return the heading of a chapter and what it says first."""
        opening = [] if words is None else [self.say(words), ""]
        return [f"## {self.say(title)}", "", *opening]

    def table(self, heads: Iterable[Text], rows: Iterable[Iterable[str]]) -> list[str]:
        """Return a table; a bar in a cell is escaped."""
        names = [self.say(head) for head in heads]
        lines = [names, ["---"] * len(names), *rows]
        return [f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines]

    def sets(self) -> list[str]:
        """Return the index sets."""
        heads = (
            Text("letter", "字母"),
            Text("stands for", "含义"),
            Text("members are from", "成员来自"),
        )
        rows = [
            (f"`{letter}`", self.say(sentence), made)
            for letter, (sentence, made) in INDEX_SETS.items()
        ]
        return [*self.chapter(Text("Sets", "集合")), *self.table(heads, rows), ""]

    def named(self, title: Text, kind: str) -> list[str]:
        """Return the decisions or the given numbers."""
        lines = self.chapter(title)
        for part in self.parts:
            if part.kind == kind:
                lines += self.part(part.name, part.sentence, part.formula, self.facts(part))
        return lines

    def rules(self, title: Text, words: Text, kind: str) -> list[str]:
        """Return the constraints or the cost terms, with an example where there is one."""
        lines = self.chapter(title, words)
        for part in self.parts:
            if part.kind == kind:
                facts = [*self.facts(part), (Text("check", "核验项"), f"`{check_of(part.name)}`")]
                lines += self.part(part.name, part.sentence, part.formula, facts)
                lines += self.example(part.name)
        return lines

    def plan_rules(self, title: Text, words: Text | None, rules: Iterable[PlanRule]) -> list[str]:
        """Return rules that the verifier alone states."""
        lines = self.chapter(title, words)
        for rule in rules:
            facts = [
                (UNIT, rule.unit),
                (SOURCE, self.say(rule.source)),
                (Text("check", "核验项"), f"`{rule.name}`"),
            ]
            lines += self.part(rule.name, rule.sentence, rule.formula, facts)
            lines += self.example(rule.name)
        return lines

    def facts(self, part: Description) -> list[tuple[Text, str]]:
        """Return unit, source and size of a part, as far as it has them."""
        found = [(UNIT, part.unit)]
        if part.source is not None:
            found.append((SOURCE, self.say(part.source)))
        if part.rows is not None:
            found.append((Text("size", "规模"), f"{part.rows:,}"))
        return found

    def part(
        self, name: str, sentence: Text, formula: str, facts: Iterable[tuple[Text, str]]
    ) -> list[str]:
        """Return one part: name, sentence, formula and facts."""
        told = [f"- {self.say(fact)}: {value}" for fact, value in facts]
        lines = fenced(formula.replace("  ", "\n  "))
        return [f"### `{name}`", "", self.say(sentence), "", *lines, "", *told, ""]

    def example(self, name: str) -> list[str]:
        """Return the example of a rule or term, nothing if there is none."""
        if name not in self.examples:
            return []
        return [
            self.say(Text("Of the pair of cities:", "两城算例中：")),
            "",
            *fenced(self.examples[name]),
            "",
        ]

    def limits(self) -> list[str]:
        """Return the kinds of limits and which cells each uses."""
        heads = (
            Text("kind and constraint", "类型与约束"),
            Text("value", "取值"),
            Text("needs", "必填"),
            Text("may use", "可填"),
        )
        rows = [
            (
                f"`{kind}`",
                self.say(VALUES[cells.value]),
                ", ".join(f"`{name}`" for name in NARROWING if name in cells.needed),
                ", ".join(f"`{name}`" for name in NARROWING if name in cells.used),
            )
            for kind, cells in KINDS.items()
        ]
        told = [
            f"- `{name}`: {self.say(TABLES['limits'].column[name].sentence)}"
            for name in ("value", *NARROWING, "policy")
        ]
        title = Text("Limits and policies", "限制与政策")
        opening = [*self.chapter(title, LIMITS), *self.table(heads, rows), "", *told, ""]
        return [*opening, self.say(LIMIT_NOTE), ""]

    def mission(self) -> list[str]:
        """Return the planners' phrases with their places and tests."""
        heads = (
            Text("phrase", "原话"),
            Text("", ""),
            Text("meaning", "英文"),
            Text("in the model", "模型中"),
            Text("test", "测试"),
            Text("state", "状态"),
        )
        rows = [
            (
                wish.chinese,
                wish.priority,
                wish.english,
                "<br>".join(pointed(place) for place in wish.places),
                "<br>".join(f"`{test}`" for test in wish.tests),
                f"{wish.held} {self.say(wish.note)}".strip(),
            )
            for wish in mission.load()
        ]
        title = Text("From the planners' words to the model", "从规划者的原话到模型")
        return [*self.chapter(title, MISSION), *self.table(heads, rows), ""]


UNIT = Text("unit", "单位")
SOURCE = Text("source", "来源")


def pointed(place: str) -> str:
    """Return a place as code, with a link if it is a section of the document."""
    kind, _, name = place.partition(" ")
    return f"[`{place}`](#{ABOVE[kind]}{name})" if kind in ABOVE else f"`{place}`"


def fenced(text: str) -> list[str]:
    """Return lines that Markdown leaves as they are."""
    return ["```text", *text.splitlines(), "```"]


def document(
    language: Language,
    problem: Problem | None = None,
    made: Text = BY_COMMAND,
    examples: Mapping[str, str] | None = None,
) -> str:
    """Return the model as Markdown, with sizes if a problem is given."""
    return Document(language, describe(problem), made, examples or {}).text()
