"""`reconcile/published.csv` of an instance: the figures that its plans are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.home import home
from hubopt.study.comparison import Comparison, Figure, Independent, Measure, Scope
from hubopt.study.read_tables import FOLDER, Row, Sheet
from hubopt.text import Text
from hubopt.vocabulary import Function, Mode

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance

FILE = "published.csv"
COLUMNS = (
    "line", "name_en", "name_zh", "value", "unit", "figure", "source", "confidence",
    "independent", "measure", "mode", "places", "services", "scope", "of", "basis", "note_en",
    "note_zh",
)  # fmt: skip

OF_REGIONS = frozenset(
    {
        Measure.TRADE_VALUE,
        Measure.TRADE_SHARE_VALUE,
        Measure.TRADE_SHARE_TONNES,
        Measure.HANDLED_SHARE_VALUE,
    }
)
"""Measures whose places are regions."""

OF_TWO = 2
MODES = [mode.value for mode in Mode]
TWO_LINES = Text("must name the line above and the line below", "须写出作分子与分母的两行")
NAME_LINES = Text(
    "write two ids of lines of this table, apart by a space", "请写出本表中两个行号，以空格分隔"
)
TWICE = Text("stands twice", "重复出现")
RENAME = Text("give each line an id of its own", "请为每行取不同的编号")
NO_MODE = Text(
    "is no mode, or pair of modes as rail>sea", "不是运输方式，也不是 rail>sea 这样的两种方式"
)
NO_FUNCTION = Text("is no function of a site", "不是设施功能")


def read_comparisons(folder: Path, instance: Instance) -> tuple[Comparison, ...]:
    """Return what a plan of an instance is compared with.

    Raises `InputError` with everything that is wrong in the table, or with what to add if there is
    none.
    """
    file = home(folder) / FOLDER / FILE
    if not file.is_file():
        raise InputError([nothing_to_compare(folder)])
    sheet = Sheet(file, COLUMNS)
    found = [comparison(row, instance) for row in sheet.rows()]
    lines = [c.line for c in found]
    for here, one in enumerate(found):
        if one.line in lines[:here]:
            sheet.findings.append(
                sheet.finding(TWICE, RENAME, row=here + 2, column="line", value=one.line)
            )
        if one.measure is Measure.QUOTIENT and not two_lines(one, found):
            said = " ".join(one.of)
            sheet.findings.append(
                sheet.finding(TWO_LINES, NAME_LINES, row=here + 2, column="of", value=said)
            )
    sheet.refuse()
    return tuple(found)


def two_lines(asked: Comparison, found: list[Comparison]) -> bool:
    """Tell whether a quotient is of two lines that are counted themselves."""
    counted = {c.line for c in found if c.measure is not Measure.QUOTIENT}
    return len(asked.of) == OF_TWO and counted.issuperset(asked.of)


def comparison(row: Row, instance: Instance) -> Comparison:
    """Return one row as a comparison; what is wrong in it is noted."""
    measure = row.word("measure", Measure)
    regions = {place.region for place in instance.places}
    places = regions if measure in OF_REGIONS else set(instance.place)
    check_mode(row, measure)
    return Comparison(
        line=row.text("line"),
        name=row.both("name"),
        value=row.number_or_none("value"),
        unit=row.text("unit"),
        measure=measure,
        mode=row.text("mode"),
        places=row.ids("places", places),
        services=row.ids("services", set(instance.service)),
        scope=row.word("scope", Scope),
        of=row.words("of"),
        basis=row.number_or_none("basis"),
        independent=row.word("independent", Independent),
        figure=row.word("figure", Figure),
        source=row.text("source"),
        confidence=row.text("confidence"),
        note=row.both("note"),
    )


def check_mode(row: Row, measure: Measure) -> None:
    """Note a mode that is none, or for handled trade a function that is none."""
    written = row.text("mode")
    if measure is Measure.HANDLED_SHARE_VALUE:
        if written not in {f.value for f in Function}:
            row.wrong("mode", written, NO_FUNCTION, Text("write one", "请填写设施功能"))
    elif any(word not in MODES for word in written.split(">") if word):
        row.wrong("mode", written, NO_MODE, Text("write one", "请填写运输方式"))


def nothing_to_compare(folder: Path) -> Finding:
    """Return the finding for an instance without published figures, with what to add."""
    columns = ",".join(COLUMNS)
    return Finding(
        str(home(folder) / FOLDER / FILE),
        Text(
            "this instance has no published figures to compare a plan with",
            "该算例没有可供对比的公开数据",
        ),
        Text(
            "add that file, one row for each figure, with the columns " + columns + "; an example"
            " is instances/zhengzhou-baseline-2021/reconcile/published.csv",
            "请添加该文件，每个数字一行，列为 " + columns + "；示例见"
            " instances/zhengzhou-baseline-2021/reconcile/published.csv",
        ),
        code="REC02",
    )
