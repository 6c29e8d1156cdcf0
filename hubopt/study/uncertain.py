"""The uncertain numbers of an instance, as a planner lists them: `sensitivity/uncertain.csv`.

A parameter has a name, a confidence, a source or none, and one row for every part of the tables
that it moves: table, column, which rows, and the factors at its low and at its high. Factors are
kept rather than values: a row then moves thousands of cells, stays right when a central value is
corrected, and says at a glance how uncertain a number is. What a parameter does to unlike cells
(land and building in one cost) takes several rows, one for each factor. The file stands in a folder
of its own, as `reconcile/` does, since it asks questions about an instance and is no part of it:
editing it makes no plan stale.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding, InputError
from hubopt.instance.home import home
from hubopt.instance.schema import SETTINGS, TABLES
from hubopt.study.levers import Lever, changed, lever
from hubopt.study.read_tables import Row, Sheet
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from hubopt.instance.tables import Instance

FOLDER, FILE = "sensitivity", "uncertain.csv"
COLUMNS = (
    "parameter", "name_en", "name_zh", "confidence", "source", "table", "column", "where", "low",
    "high",
)  # fmt: skip
LOW, HIGH = "low", "high"
LEVELS = (LOW, HIGH)
UNSOURCED = frozenset({"", "none", "-"})
"""What stands in the column `source` where nobody has one."""

OF_THE_WHOLE = frozenset({
    "discount_rate", "carbon_price_cny_per_t", "grid_kg_co2e_per_kwh",
})  # fmt: skip
"""Settings that may be varied, as table `instance`."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number, or numbers that belong together, at low and at high; 1 is the instance itself."""

    id: str
    name: Text
    confidence: str
    source: str
    levers: tuple[Lever, ...]

    @property
    def sourced(self) -> bool:
        """Whether anybody has published the number."""
        return self.source.strip().lower() not in UNSOURCED

    def at(self, instance: Instance, level: str) -> Instance:
        """Return the instance with the parameter at `low` or `high`; a new one, checked again."""
        tables: dict[str, Any] = {}
        for one in self.levers:
            factor = getattr(one, level)
            if one.table == SETTINGS.name:
                before = tables.get("settings", instance.settings)
                tables["settings"] = changed(before, one.column, factor)
                continue
            rows = tables.get(one.table, getattr(instance, one.table))
            tables[one.table] = tuple(
                changed(row, one.column, factor) if one.meant(row) else row for row in rows
            )
        return replace(instance, **tables)

    def definition(self) -> list[list[object]]:
        """Return what the parameter does, names and sources apart, as JSON can hold it."""
        return [
            [x.table, x.column, [[name, sorted(of)] for name, of in x.where], x.low, x.high]
            for x in self.levers
        ]


def read_uncertain(folder: Path, instance: Instance) -> tuple[Parameter, ...]:
    """Return the uncertain numbers of an instance in the order of the file.

    Raises `InputError` if there is no such file, or for everything that is wrong in it.
    """
    file = home(folder) / FOLDER / FILE
    if not file.is_file():
        raise InputError([no_file()])
    sheet = Sheet(file, COLUMNS, "SEN01")
    rows = [(row, one) for row in sheet.rows() for one in [part(row, instance)]]
    if not rows and not sheet.findings:
        sheet.findings.append(sheet.finding(EMPTY, ADD_ROWS))
    sheet.refuse()
    found: dict[str, Parameter] = {}
    for row, one in rows:
        known = found.get(row.text("parameter"))
        if known is not None and known.name != row.both("name"):
            row.wrong("name_en", row.text("name_en"), OTHER_NAME, SAME_NAME)
        if one is not None:
            found[row.text("parameter")] = joined(known, row, one)
    sheet.refuse()
    return tuple(found.values())


def joined(known: Parameter | None, row: Row, one: Lever) -> Parameter:
    """Return a parameter with one more row."""
    if known is not None:
        return replace(known, levers=(*known.levers, one))
    confidence, source = row.text("confidence"), row.text("source")
    return Parameter(row.text("parameter"), row.both("name"), confidence, source, (one,))


def part(row: Row, instance: Instance) -> Lever | None:
    """Return what one row moves, `None` if something is wrong in it, which is noted."""
    for column in ("parameter", "name_en", "name_zh", "low", "high"):
        if not row.text(column):
            row.wrong(column, "", BLANK, FILL_IN)
    of_the_whole = row.text("table") == SETTINGS.name
    made = setting(row) if of_the_whole else lever(row, instance)
    for level in LEVELS if made is not None else ():
        factor = getattr(made, level)
        if factor < 0:
            row.wrong(level, row.text(level), NEGATIVE, WRITE_FACTOR)
        elif made is not None:
            refuse_range(row, made, level, [instance.settings] if of_the_whole else
                         getattr(instance, made.table))  # fmt: skip
    return made


def setting(row: Row) -> Lever | None:
    """Return a row that moves a number of instance.toml."""
    column = row.text("column")
    if column not in OF_THE_WHOLE:
        row.wrong("column", column, NO_SETTING, one_of_the_whole())
        return None
    if row.text("where"):
        row.wrong("where", row.text("where"), NO_CONDITION, LEAVE_BLANK)
    low, high = row.number_or_none("low"), row.number_or_none("high")
    if low is None or high is None:
        return None
    return Lever("", row.both("name"), (), SETTINGS.name, column, (), low, high)


def refuse_range(row: Row, made: Lever, level: str, rows: Iterable[object]) -> None:
    """Note a factor that takes a number out of what its column may hold."""
    table = SETTINGS if made.table == SETTINGS.name else TABLES[made.table]
    hard = table.column[made.column].hard
    for other in rows:
        if hard is None or not made.meant(other):
            continue
        value = getattr(changed(other, made.column, getattr(made, level)), made.column)
        if value not in hard:
            reason = Text(
                f"makes a number {value:g}, which must be {hard.words.en}",
                f"使数值变为 {value:g}，应{hard.words.zh}",
            )
            row.wrong(level, row.text(level), reason, WRITE_FACTOR)
            return


def chosen(parameters: tuple[Parameter, ...], only: tuple[str, ...]) -> tuple[Parameter, ...]:
    """Return the parameters that are named, all if none is; raises `InputError` for strangers."""
    from hubopt.instance.nearest import nearest_of  # noqa: PLC0415  (rapidfuzz loads on use)

    known = [one.id for one in parameters]
    wrong = [
        Finding(
            "command line", STRANGER, USE_KNOWN, column="--only", value=name,
            nearest=nearest_of(name, known), code="SEN02",
        )
        for name in only
        if name not in known
    ]  # fmt: skip
    if wrong:
        raise InputError(wrong)
    return tuple(one for one in parameters if not only or one.id in only)


def no_file() -> Finding:
    """Return the finding for an instance that says nothing of what is uncertain."""
    heads = ",".join(COLUMNS)
    return Finding(
        f"{FOLDER}/{FILE}",
        Text("the instance does not say which of its numbers are uncertain",
             "算例未说明哪些数值不确定"),
        Text(f"write the file, with the columns {heads}; low and high are factors",
             f"请编写该文件，列为 {heads}；low、high 为系数"),
        code="SEN01",
    )  # fmt: skip


def one_of_the_whole() -> Text:
    """Return a remedy that names the settings that may be varied."""
    named = ", ".join(sorted(OF_THE_WHOLE))
    return Text(f"write one of {named}", f"请填写以下之一：{named}")


EMPTY = Text("holds no row", "没有任何行")
ADD_ROWS = Text("write a row for each number that is uncertain", "请为每个不确定的数值写一行")
BLANK = Text("must not be blank", "不能为空")
FILL_IN = Text("fill it in; 1 leaves a number as it is", "请填写；系数 1 表示不变")
NEGATIVE = Text("is below 0", "小于 0")
WRITE_FACTOR = Text("write a factor, such as 0.7 or 1.5", "请填写系数，如 0.7 或 1.5")
NO_SETTING = Text("is no setting that can be varied", "不是可变动的设置")
NO_CONDITION = Text("instance.toml has no rows to choose from", "instance.toml 没有可选的行")
LEAVE_BLANK = Text("leave it blank", "请留空")
OTHER_NAME = Text(
    "differs from the name in an earlier row of the parameter", "与该参数前面的名称不同"
)
SAME_NAME = Text("write the same names in all rows of a parameter", "同一参数各行的名称须一致")
STRANGER = Text(
    "is no parameter of sensitivity/uncertain.csv", "不是 sensitivity/uncertain.csv 的参数"
)
USE_KNOWN = Text("use an id of its column parameter", "请使用 parameter 列中的编号")
