"""A planner's own rules from a file of Python: read, stated in Pyomo, checked at the plan.

The file defines `rules(model, instance)`, which adds constraints to the Pyomo model of sites,
modules and departures. It is a program, and runs as one.
"""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding, InfeasibleError, InputError, ViolationError
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from hubopt.instance.tables import Instance
    from hubopt.model.own_rules import OwnModel
    from hubopt.plan.plan import Plan
    from hubopt.problem.own_rules import OwnRows

Statement = Callable[[Any, "Instance"], object]
"""Adds constraints to a Pyomo model of the design; the instance says what stands where."""

FUNCTION = "rules"
CODE = "RUL01"
HOW = Text(
    "the file must define `def rules(model, instance):`, which adds Pyomo constraints to the model;"
    " see docs/own-rules.md",
    "文件须定义 `def rules(model, instance):`，在其中向模型添加 Pyomo 约束；见 docs/own-rules.md",
)
MEND = Text("mend the file; see docs/own-rules.md", "请修改该文件；见 docs/own-rules.md")


@dataclass(frozen=True)
class OwnRules:
    """What states a planner's rules, and the file that they come from with its SHA-256 if any."""

    state: Statement
    file: str = ""
    sha256: str = ""
    source: str = ""

    @property
    def said(self) -> str:
        """The file, or else the function, without a path."""
        return self.file or getattr(self.state, "__name__", FUNCTION)

    def record(self) -> dict[str, str]:
        """Return what a manifest says of them."""
        return {"file": self.said, "sha256": self.sha256}

    def notes(self) -> tuple[str, str]:
        """Return what a plan says of them, in English and Chinese."""
        of = f" (SHA-256 {self.sha256})" if self.sha256 else ""
        zh = f"（SHA-256 {self.sha256}）" if self.sha256 else ""
        en = f"own rules of {self.said}{of} hold; hubopt verify does not see them"
        return en, f"求解时采用了规划者的自定规则 {self.said}{zh}；hubopt verify 不核验这些规则"

    def row_of(self, rule: str) -> int | None:
        """Return the row of the file in which a rule is set, None where that is not plain to see.

        `rule` is a label such as `near.DC.2025`, of the component `near`.
        """
        name = rule.partition(".")[0]
        for node in ast.walk(ast.parse(self.source)):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
                if node.attr == name:
                    return node.lineno
            elif isinstance(node, ast.FunctionDef) and node.name == name:
                return node.lineno
        return None


def read_rules(path: Path) -> OwnRules:
    """Return the rules that a file defines; running it is part of reading.

    Raises `InputError` with the row of the file for all that is wrong with it.
    """
    try:
        content = path.read_bytes()
        source = content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = Text(f"cannot be read ({error})", f"无法读取（{error}）")
        raise wrong(path.name, reason, HOW) from error
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    try:
        exec(compile(source, str(path), "exec"), module.__dict__)  # noqa: S102  (the planner's own)
    except (Exception, SystemExit) as error:
        raise failed(path.name, str(path), error) from error
    state = getattr(module, FUNCTION, None)
    if not callable(state):
        reason = Text(f"has no function `{FUNCTION}`", f"没有函数 `{FUNCTION}`")
        raise wrong(path.name, reason, HOW)
    return OwnRules(state, path.name, hashlib.sha256(content).hexdigest(), source)


def own_model(instance: Instance, rules: OwnRules) -> OwnModel:
    """Return the design of an instance in Pyomo with the rules stated.

    Raises `InputError` for what goes wrong in them, and for what is no rule on the design.
    """
    from hubopt.model import own_rules  # noqa: PLC0415  (Pyomo loads on use)
    from hubopt.network.route import RouteList  # noqa: PLC0415
    from hubopt.problem.build import build_problem  # noqa: PLC0415

    code = getattr(rules.state, "__code__", None)
    origin = "" if code is None else str(code.co_filename)

    def state(model: Any) -> None:  # noqa: ANN401  (Pyomo has no types)
        try:
            rules.state(model, instance)
        except (Exception, SystemExit) as error:
            raise failed(rules.said, origin, error) from error

    try:
        return own_rules.own_model(build_problem(instance, RouteList((), (), (), 0)), state)
    except own_rules.NotARuleError as error:
        remedy = Text(
            "only add linear constraints on open, modules, departures and empties, under new"
            " names; see docs/own-rules.md",
            "只能添加关于 open、modules、departures、empties 的线性约束，并使用新名称；"
            "见 docs/own-rules.md",
        )
        raise wrong(rules.said, error.reason, remedy) from error


@dataclass(frozen=True)
class InForce:
    """The rules that a solve is under, stated in Pyomo; both are None where there are none."""

    rules: OwnRules | None = None
    model: OwnModel | None = None

    @property
    def rows(self) -> OwnRows | None:
        """The rules as rows."""
        return None if self.model is None else self.model.rows

    @contextmanager
    def telling_rows(self) -> Iterator[None]:
        """Add to an error that no plan is possible where in the file the rules it names are set."""
        try:
            yield
        except InfeasibleError as error:
            if self.rules is None or self.model is None:
                raise
            raise with_rows(error, self.model, self.rules) from error

    def kept_by(self, plan: Plan) -> Plan:
        """Return a plan that says under which rules it was made.

        Raises `ViolationError` if it breaks any of them, evaluated by Pyomo at the plan.
        """
        from hubopt.solve.start import decisions_of  # noqa: PLC0415  (numpy loads on use)

        if self.rules is None or self.model is None:
            return plan
        broken = self.model.broken(decisions_of(self.model.problem, plan))
        if broken:
            raise ViolationError(breaks(self.rules, broken))
        return replace(plan, notes=(*plan.notes, *self.rules.notes()))

    def warnings(self) -> tuple[Text, ...]:
        """Return what to be warned of: rules that say nothing."""
        if self.rules is None or self.rows is None or self.rows.names:
            return ()
        said = self.rules.said
        return (Text(f"{said} added no rule to the model", f"{said} 未向模型添加任何规则"),)


def in_force(instance: Instance, rules: OwnRules | None) -> InForce:
    """Return the rules that a solve of an instance is under, stated in its model."""
    return InForce() if rules is None else InForce(rules, own_model(instance, rules))


def breaks(rules: OwnRules, broken: Sequence[tuple[str, float]]) -> Text:
    """Return the words for a plan that breaks rules."""
    named = ", ".join(f"{name} ({amount:g})" for name, amount in broken)
    return Text(
        f"the plan breaks rules of {rules.said} by so much: {named}; it was not written. This is a"
        " fault of hubopt: please report it with the instance and the rules",
        f"方案违反 {rules.said} 的规则（差额）：{named}；未写入。"
        "这是程序的问题，请连同算例与规则文件反馈",
    )


def with_rows(error: InfeasibleError, own: OwnModel, rules: OwnRules) -> InfeasibleError:
    """Return why there is no plan with the rows of the file in which the rules named are set."""
    named = [name for name in own.rows.names if f": {name} (own_rule)" in error.message.en]
    rows = {name: rules.row_of(name) for name in named}
    if not named:
        return error
    en = ", ".join(n if row is None else f"{n} in row {row}" for n, row in rows.items())
    zh = "、".join(n if row is None else f"第 {row} 行的 {n}" for n, row in rows.items())
    return InfeasibleError(
        Text(
            f"{error.message.en}. Own rules: {rules.said} ({en})",
            f"{error.message.zh}。自定规则：{rules.said}（{zh}）",
        )
    )


def failed(file: str, origin: str, error: BaseException) -> InputError:
    """Return the error for a file that failed as it ran, with the last of its rows that did."""
    row = row_in(error.__traceback__, origin)
    if isinstance(error, SyntaxError) and error.filename == origin:
        row = error.lineno
    why = escaped(f"{type(error).__name__}: {error}")
    return wrong(file, Text(f"failed ({why})", f"运行出错（{why}）"), MEND, row)


def row_in(trace: TracebackType | None, origin: str) -> int | None:
    """Return the last row of a file in a traceback, None if it has none."""
    row = None
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == origin:
            row = trace.tb_lineno
        trace = trace.tb_next
    return row


def wrong(file: str, reason: Text, remedy: Text, row: int | None = None) -> InputError:
    """Return the error for a file of rules."""
    return InputError([Finding(escaped(file), reason, remedy, row=row, code=CODE)])
