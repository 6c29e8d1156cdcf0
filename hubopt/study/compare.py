"""Results side by side, the first is the base: every figure of each, and what differs.

A solve proves its cost to within its gap and nothing more. So a difference in cost smaller than the
gaps of both results together is marked: it may be noise of the two searches.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.study.compare_facts import ALL_STAGES, MEANS, TOGETHER, Facts, Key, Topic
from hubopt.study.compare_inputs import input_changes
from hubopt.study.compare_reasons import rerouted
from hubopt.study.movement import site_changes
from hubopt.text import Text
from hubopt.units import FEN_PER_CNY, exact, present_value_weight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hubopt.study.compare_inputs import InputChange
    from hubopt.study.compare_why import Rerouted
    from hubopt.study.movement import SiteChange

LEAST_RESULTS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One figure of every result, `None` where a result has none."""

    key: Key
    values: tuple[float | None, ...]

    def change(self, number: int) -> float | None:
        """Return what result `number` says less what the base says; `None` if either says none."""
        base, value = self.values[0], self.values[number]
        return None if base is None or value is None else value - base

    @property
    def same(self) -> bool:
        """Whether all results say the same."""
        return len(set(self.values)) == 1


@dataclass(frozen=True)
class Comparison:
    """Results of one instance, the base first, with every figure of each in a fixed order."""

    results: tuple[Facts, ...]
    lines: tuple[Line, ...]

    @property
    def base(self) -> Facts:
        """The result that all others are compared with."""
        return self.results[0]

    @cached_property
    def line(self) -> Mapping[Key, Line]:
        """Lines by key."""
        return {line.key: line for line in self.lines}

    @cached_property
    def weights(self) -> Mapping[int, float]:
        """The present value of one CNY a year in each stage; 1 for what is present value."""
        settings = self.base.instance.settings
        rate = exact(settings.discount_rate)
        worth = {
            s.year: present_value_weight(rate, s.year, s.years, settings.base_year)
            for s in settings.stages
        }
        return {ALL_STAGES: 1.0, **{year: float(weight) for year, weight in worth.items()}}

    def about(self, topic: Topic) -> Iterator[Line]:
        """Yield the lines of a topic."""
        return (line for line in self.lines if line.key.topic is topic)

    def gaps_cny(self, number: int) -> float | None:
        """Return the gaps of the base and of a result together, CNY; `None` if one has no bound."""
        gaps = [self.base.outcome.gap_fen, self.results[number].outcome.gap_fen]
        known = [gap for gap in gaps if gap is not None]
        return None if len(known) < len(gaps) else sum(known) / FEN_PER_CNY

    def within_gaps(self, line: Line, number: int) -> bool:
        """Tell whether a difference in cost is smaller than the gaps together; of others, False.

        A year's cost counts at its present value, as the gaps do.
        """
        change = line.change(number)
        if line.key.topic is not Topic.COST or not change:
            return False
        gaps = self.gaps_cny(number)
        return gaps is None or abs(change) * self.weights[line.key.stage] < gaps

    def cost(self, stage: int = ALL_STAGES) -> Line:
        """Return the line of all cost terms together: a year of a stage, or present value."""
        return self.line[Key(Topic.COST, stage, TOGETHER)]

    @cached_property
    def inputs(self) -> tuple[tuple[InputChange, ...], ...]:
        """What differs in the input of each result; nothing for the base."""
        results = range(1, len(self.results))
        return ((), *(input_changes(self.base, self.results[n], n) for n in results))

    @cached_property
    def routes(self) -> tuple[tuple[Rerouted, ...], ...]:
        """The freight of each result that goes another way than in the base; none of the base."""
        return ((), *(rerouted(self, number) for number in range(1, len(self.results))))

    def site_changes(self, number: int) -> tuple[SiteChange, ...]:
        """Return the sites whose modules differ from those of the base, by site and stage."""
        return tuple(site_changes(self.base.outcome, self.results[number].outcome))


def compare(results: Sequence[Facts]) -> Comparison:
    """Return results side by side, the first is the base.

    Raises `InputError` for fewer than two results, and for results of different instances, stages
    or money.
    """
    refuse_too_few(len(results))
    findings = [finding for other in results[1:] for finding in unlike(results[0], other)]
    if findings:
        raise InputError(findings)
    keys = {key for result in results for key in result.numbers}
    return Comparison(
        tuple(results), tuple(line(results, key) for key in sorted(keys, key=lambda k: k.order))
    )


def line(results: Sequence[Facts], key: Key) -> Line:
    """Return what every result says of a key."""
    nothing = None if key.topic in MEANS else 0.0
    return Line(key, tuple(result.numbers.get(key, nothing) for result in results))


def refuse_too_few(number: int) -> None:
    """Raise `InputError` unless there are two results or more."""
    if number >= LEAST_RESULTS:
        return
    reason = Text("needs two results or more, the base first", "至少需要两个结果，基准在前")
    remedy = Text(
        "write hubopt compare BASE OTHER, each a folder that hubopt solve wrote",
        "请写 hubopt compare 基准 对比，均为 hubopt solve 写出的文件夹",
    )
    finding = Finding(
        "command line", reason, remedy, column="RESULT", value=str(number), code="CMP01"
    )
    raise InputError([finding])


def unlike(base: Facts, other: Facts) -> Iterator[Finding]:
    """Yield why a result cannot be compared with the base: instance, stages and money differ."""
    one, two = base.instance.settings, other.instance.settings
    for column, mine, theirs, reason in (
        ("instance", one.name, two.name, OTHER_INSTANCE),
        ("stages", spans(base), spans(other), OTHER_STAGES),
        ("base_year", str(one.base_year), str(two.base_year), OTHER_MONEY),
        ("discount_rate", str(one.discount_rate), str(two.discount_rate), OTHER_MONEY),
    ):
        if mine != theirs:
            yield Finding(
                other.label,
                Text(f"{reason.en} ({base.label}: {mine})", f"{reason.zh}（{base.label}：{mine}）"),
                SOLVE_ALIKE,
                column=column,
                value=theirs,
                code="CMP02",
            )


OTHER_INSTANCE = Text(
    "is another instance than that of the base, so that a difference would mean nothing",
    "与基准不是同一算例，差值没有意义",
)
OTHER_STAGES = Text(
    "these are other stages than those of the base, so that no year stands beside its like",
    "与基准的阶段不同，年份无法对应",
)
OTHER_MONEY = Text(
    "the money of this result is worth something else than that of the base: present values are"
    " taken to this year at this rate",
    "与基准的货币口径不同：现值按此年份与折现率计算",
)
SOLVE_ALIKE = Text(
    "compare results of one instance with the same stages, base year and discount rate",
    "请比较同一算例、相同阶段、基准年与折现率的结果",
)


def spans(result: Facts) -> str:
    """Return the stages of a result as text: first year and number of years of each."""
    return ", ".join(f"{s.year}+{s.years}" for s in result.instance.settings.stages)
