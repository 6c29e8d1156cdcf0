"""Values of a scenario file read as the cells that they stand for, by the data dictionary."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hubopt.instance.cell_errors import CellError
from hubopt.instance.cells import parser_of
from hubopt.instance.codes import Code
from hubopt.instance.nearest import nearest_of
from hubopt.instance.overlay import Between, Condition, Named, OneOf, Where
from hubopt.instance.read_rows import Reader
from hubopt.instance.schema import (
    LARGEST,
    NUMERIC,
    PATH_SIGN,
    SET_SIGN,
    TABLES,
    Column,
    Kind,
    Range,
    Table,
)
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    Note = Callable[[str, object, CellError], None]
    """Takes a key, the value that stands there, and what is wrong with it."""

LEAST, MOST, NOT = "at_least", "at_most", "not"
RANGE = frozenset({LEAST, MOST})


def number_column(name: str, least: float, most: float = LARGEST) -> Column:
    """Return the column of which a factor or amount in a scenario is a cell."""
    hard = Range(least, most, open_below=False)
    words = Text("a number", "数")
    return Column(name, Kind.NUMBER, "", False, False, "", False, hard, None, None, words)  # noqa: FBT003  (columns of the dictionary)


def text_of(column: Column, value: object) -> str:
    """Return a value of TOML as the text of a cell; raises `CellError` for a table or date."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Decimal):
        return str(value)
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        sign = PATH_SIGN if column.kind in {Kind.PATH, Kind.CHAIN} else SET_SIGN
        return sign.join(text_of(column, part) for part in value)
    raise CellError(
        Code.BAD_ENTRY,
        Text("is no value that a cell can hold", "不是单元格可容纳的值"),
        Text('write a number, true, false or a "text"', '请写数、true、false 或 "文本"'),
    )


def cell_of(column: Column, value: object) -> Any:  # noqa: ANN401  (as many types as kinds)
    """Return what a cell of a column holds, an empty text as a blank; raises `CellError`."""
    return Reader(column, 0, parser_of(column)).value([text_of(column, value)])


def column_of(table: Table, name: str) -> Column:
    """Return a column of a table; raises `CellError` with the nearest name."""
    if name in table.column:
        return table.column[name]
    raise CellError(
        Code.UNKNOWN_COLUMN,
        Text(f"{table.file} has no such column", f"{table.file} 没有此列"),
        Text("rename it; hubopt dictionary lists the columns", "请改名；各列见 hubopt dictionary"),
        nearest_of(name, table.column),
    )


def conditions(table: Table, found: object, key: str, note: Note) -> Where:
    """Return the conditions that stand under a key, those that can be read; notes the others."""
    if not isinstance(found, dict):
        note(key, found, NO_CONDITIONS)
        return ()
    read: list[tuple[str, Condition]] = []
    for name, value in found.items():
        here = f"{key}.{name}"
        try:
            one = condition(table, name, value, here, note)
        except CellError as error:
            note(here, None if isinstance(value, dict) else value, error)
            continue
        if one is not None:
            read.append((here, one))
    return tuple(read)


def condition(table: Table, name: str, value: object, key: str, note: Note) -> Condition | None:
    """Return one condition, `None` if a part of it was noted; raises `CellError`."""
    column = column_of(table, name)
    if not isinstance(value, dict):
        return OneOf(column, any_of(column, value))
    if value and set(value) <= RANGE:
        return between(column, value)
    if set(value) == {NOT}:
        return OneOf(column, any_of(column, value[NOT]), excluded=True)
    if column.refers not in TABLES or set(value) & {*RANGE, NOT} or not value:
        raise NO_CONDITION
    where = conditions(TABLES[column.refers], value, key, note)
    return Named(column, column.refers, where) if len(where) == len(value) else None


def any_of(column: Column, value: object) -> tuple[Any, ...]:
    """Return the values of which a cell must be one; raises `CellError`."""
    values = value if isinstance(value, list) else [value]
    if not values:
        raise EMPTY_LIST
    texts = [text_of(column, one) for one in values]
    return tuple(parser_of(column)(text) if text else None for text in texts)


def between(column: Column, value: dict[str, Any]) -> Between:
    """Return the range in which a number must lie; raises `CellError`."""
    if column.kind not in NUMERIC:
        raise CellError(
            Code.BAD_ENTRY,
            Text("is no column of numbers, so that it has no range", "不是数值列，不能写范围"),
            Text("write a value or a list of values", "请写一个值或若干值的列表"),
        )
    ends = {name: parser_of(column)(text_of(column, end)) for name, end in value.items()}
    least, most = ends.get(LEAST), ends.get(MOST)
    if least is not None and most is not None and least > most:
        raise CellError(
            Code.BAD_ENTRY,
            Text(f"{LEAST} is above {MOST}", f"{LEAST} 大于 {MOST}"),
            Text("swap them", "请对调"),
        )
    return Between(column, least, most)


NO_CONDITIONS = CellError(
    Code.BAD_ENTRY,
    Text("is no set of conditions", "不是一组条件"),
    Text('write { column = "value" }', '请写 { 列名 = "值" }'),
)
NO_CONDITION = CellError(
    Code.BAD_ENTRY,
    Text("is no condition that is known", "不是可用的条件"),
    Text(
        'write a value, a list of values, {at_least = 1, at_most = 2}, {not = "value"}, or, where'
        ' the column names a row of another table, conditions on that: {country = "CN"}',
        '请写一个值、若干值的列表、{at_least = 1, at_most = 2}、{not = "值"}，'
        '或（该列引用另一张表时）对那张表的条件：{country = "CN"}',
    ),
)
EMPTY_LIST = CellError(
    Code.BAD_ENTRY,
    Text("is an empty list and means no row", "是空列表，不含任何行"),
    Text("write one value or more", "请至少写一个值"),
)
