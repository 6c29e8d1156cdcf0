"""`hedge.toml` of an instance: the states that one design must serve, and how likely each is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding, InputError
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.home import home
from hubopt.instance.nearest import nearest_of
from hubopt.instance.read_settings import parsed, row_of_key
from hubopt.instance.read_text import decoded, read_bytes
from hubopt.instance.scenario_files import BASE, scenario_names
from hubopt.text import Text
from hubopt.units import share_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILE = "hedge.toml"
LARGEST = 1024**2
"""Bytes of the file."""

KEYS = frozenset({"level", "weight", "states"})
STATE_KEYS = frozenset({"scenario", "probability", "source", "confidence", "note"})
CODE = Code.BAD_SETTING

LEVEL = Text("must be a share from 0 up to below 1, such as 0.9", "须为 0 至 1 以下的比例，如 0.9")
WEIGHT = Text("must be a share from 0 to 1", "须为 0 至 1 的比例")
PROBABILITY = Text("must be above 0 and at most 1", "须大于 0 且不超过 1")
NO_STATES = Text("there are no [[states]]", "缺少 [[states]]")
TOO_FEW = Text("a hedge needs two states or more", "对冲至少需要两个状态")
SEE_README = Text("see the section on hedging of the README", "请看 README 中关于对冲方案的一节")

NO_FILE = Finding(
    FILE,
    Text("the file is missing, and no states are given", "缺少该文件，且未给出状态"),
    Text(
        "write the states into it, or give each as --state NAME=PROBABILITY",
        "请在其中写明各状态，或用 --state 名称=概率 逐个给出",
    ),
    code=Code.MISSING_FILE,
)
"""What is said where nothing says which states there are."""


@dataclass(frozen=True, slots=True)
class HedgeFile:
    """States in order, (scenario, probability), the level of CVaR and its weight."""

    states: tuple[tuple[str, Fraction], ...]
    level: Fraction = Fraction(9, 10)
    weight: Fraction = Fraction(0)


def read_hedge(instance: Path) -> HedgeFile:
    """Return the hedge of an instance, a folder or a workbook; `InputError` with all findings."""
    folder = home(instance)
    if not (folder / FILE).exists():
        raise InputError([NO_FILE])
    content = read_bytes(folder / FILE, folder=folder, most=LARGEST)
    text = content if isinstance(content, Finding) else decoded(FILE, content, None)
    if isinstance(text, Finding):
        raise InputError([replace(text, file=FILE)])
    found = parsed(text.text)
    if isinstance(found, Finding):
        raise InputError([replace(found, file=FILE)])
    reading = Reading(text.text, scenario_names(instance))
    made = reading.hedge(found)
    if reading.findings:
        raise InputError(sorted(reading.findings, key=lambda finding: finding.row or 0))
    return made


def checked(hedge: HedgeFile, names: Sequence[str], *, file: str = "command line") -> list[Finding]:
    """Return what is wrong with states as a whole: unknown, twice, too few, not adding up to 1."""
    of_state = "--state" if file == "command line" else "states.scenario"
    findings = []
    known = [BASE, *names]
    scenarios = [scenario for scenario, _ in hedge.states]
    for scenario in dict.fromkeys(scenarios):
        if scenario not in known:
            reason = Text(
                f"is no scenario of this instance; it has {', '.join(known)}",
                f"算例没有此情景；现有 {', '.join(known)}",
            )
            findings.append(wrong(file, of_state, scenario, reason, nearest_of(scenario, known)))
        elif scenarios.count(scenario) > 1:
            reason = Text("stands twice among the states", "在状态中重复出现")
            findings.append(wrong(file, of_state, scenario, reason))
    if len(hedge.states) == 1:
        findings.append(wrong(file, of_state, scenarios[0], TOO_FEW))
    total = sum((share for _, share in hedge.states), Fraction(0))
    if hedge.states and total != 1:
        reason = Text(
            "is what the probabilities add up to; it must be 1", "为各概率之和；合计须为 1"
        )
        findings.append(
            wrong(file, of_state.replace("scenario", "probability"), f"{float(total):g}", reason)
        )
    return findings


def wrong(file: str, column: str, value: str, reason: Text, nearest: str | None = None) -> Finding:
    """Return a finding about a hedge."""
    return Finding(file, reason, SEE_README, column=column, value=value, nearest=nearest, code=CODE)


def unknown(of: str, of_zh: str, keys: frozenset[str]) -> Text:
    """Return what is said of a key that nothing of this kind has."""
    known = ", ".join(sorted(keys))
    return Text(f"is no key of {of}; known are {known}", f"不是{of_zh}的键；可用的键：{known}")


class Reading:
    """Takes the entries of the file one by one and keeps what is wrong with them."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self.text, self.names = text, names
        self.findings: list[Finding] = []

    def hedge(self, found: dict[str, Any]) -> HedgeFile:
        """Return the hedge, with anything in the place of what is wrong."""
        for key in sorted(set(found) - KEYS):
            self.note(key, found[key], unknown("a hedge", "hedge.toml ", KEYS), key)
        entries = found.get("states")
        if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            self.note("states", entries, NO_STATES)
            entries = []
        states = tuple(self.state(entry, nth) for nth, entry in enumerate(entries))
        level = self.share("level", found.get("level", Decimal("0.9")), LEVEL, below=True)
        weight = self.share("weight", found.get("weight", 0), WEIGHT)
        made = HedgeFile(states, level, weight)
        if not self.findings:
            self.findings += checked(made, self.names, file=FILE)
        return made

    def state(self, entry: dict[str, Any], nth: int) -> tuple[str, Fraction]:
        """Return the scenario and probability of one state."""
        for key in sorted(set(entry) - STATE_KEYS):
            reason = unknown("a state", "状态", STATE_KEYS)
            self.note(f"states.{key}", entry[key], reason, key, nth)
        scenario = entry.get("scenario")
        if not isinstance(scenario, str):
            reason = Text("must name a scenario", "须写情景名")
            self.note("states.scenario", scenario, reason, nth=nth)
            scenario = ""
        share = self.share("states.probability", entry.get("probability"), PROBABILITY, nth=nth)
        if share == 0:
            self.note("states.probability", entry.get("probability"), PROBABILITY, nth=nth)
        return scenario, share

    def share(
        self, key: str, value: object, reason: Text, *, below: bool = False, nth: int = 0
    ) -> Fraction:
        """Return a number from 0 to 1, 1 itself only unless it must lie below."""
        number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        share = share_of(str(value)) if number else None
        if share is not None and not (share == 1 and below):
            return share
        self.note(key, value, reason, nth=nth)
        return Fraction(1, 2)

    def note(
        self, key: str, value: object, reason: Text, odd: str | None = None, nth: int = 0
    ) -> None:
        """Keep a finding about an entry; `odd` is a key that is not known."""
        known = STATE_KEYS if key.startswith("states.") else KEYS
        nearest = None if odd is None else nearest_of(odd, sorted(known))
        made = wrong(FILE, key, "" if value is None else shown(str(value)), reason, nearest)
        row = row_of_key(self.text, key, nth)
        self.findings.append(replace(made, row=row, value=made.value or None))
