"""Results that were solved under rules of the planner's own: who solves anew must not drop them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.text import Text, escaped
from hubopt.vocabulary import OWN_RULES

if TYPE_CHECKING:
    from pathlib import Path


def own_rules_of(result: Path) -> str | None:
    """Return the name of the file of rules that a result was solved under, None for none."""
    from hubopt.publish.manifest import read_manifest  # noqa: PLC0415  (loads on use)

    record = (read_manifest(result) or {}).get(OWN_RULES)
    if record is None:
        return None
    return escaped(str(record.get("file") if isinstance(record, dict) else record))


def refused(result: Path, option: str) -> list[Finding]:
    """Return a finding if what is asked for would solve a result anew without its own rules."""
    file = own_rules_of(result)
    if file is None:
        return []
    reason = Text(
        f"was solved under own rules ({file}), and this would solve it anew without them",
        f"是在自定规则（{file}）下求解的，而此操作会不带这些规则重新求解",
    )
    remedy = Text(
        "state what you ask as a rule or a scenario, run hubopt solve --rules, and compare both"
        " results with hubopt compare",
        "请将要问的情形写成规则或情景，用 hubopt solve --rules 求解，再用 hubopt compare 对比",
    )
    return [Finding(escaped(str(result)), reason, remedy, column=option, code="RUL02")]


def unverified(result: Path) -> list[Text]:
    """Return that the verifier does not know the rules that a result was solved under."""
    file = own_rules_of(result)
    if file is None:
        return []
    return [
        Text(
            f"{escaped(str(result))} was solved under own rules ({file}), which hubopt solve has"
            " checked; they are no part of this command",
            f"{escaped(str(result))} 是在自定规则（{file}）下求解的，hubopt solve 已核对；"
            "本命令不涉及这些规则",
        )
    ]


def dropped(warm: Path | None, rules: Path | None) -> list[Text]:
    """Return that a start was solved under own rules where no rules are given now."""
    file = None if warm is None or rules is not None else own_rules_of(warm)
    if file is None:
        return []
    return [
        Text(
            f"the result given with --warm was solved under own rules ({file}); this plan is not:"
            " give them with --rules to keep them",
            f"--warm 所给结果是在自定规则（{file}）下求解的，本方案不受其约束；"
            "如需保留，请用 --rules 给出",
        )
    ]
