"""What is wrong with cells of a workbook and no CSV file can show: formulas, dates, merging."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.read_table import RawTable
from hubopt.instance.schema import NUMERIC, Kind, Table
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.schema import Column
    from hubopt.instance.workbook_sheets import Page

MOST_MERGED = 20
"""Merged ranges listed; sheets with titles and forms may have hundreds."""


def letters(here: int) -> str:
    """Return a column as Excel names it, such as AB; columns count from 0."""
    name, number = "", here + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def address(row: int, here: int) -> str:
    """Return a cell as Excel names it, such as C5; columns count from 0."""
    return f"{letters(here)}{row}"


def faults(table: Table, page: Page, header: list[str], header_row: int) -> list[Finding]:
    """Return a finding for each merged range, formula without value, and date or percentage.

    The last two only where the column can hold none.
    """
    return [
        *merged(table, page),
        *bare(table, page, header),
        *no_dates(table, page, header, header_row),
        *no_percents(table, page, header, header_row),
    ]


def merged(table: Table, page: Page) -> Iterator[Finding]:
    """Yield a finding for each merged range."""
    for cells in page.merged[:MOST_MERGED]:
        first = cells.partition(":")[0]
        yield Finding(
            table.file,
            Text(
                "merged cells: only the first one holds the value", "合并的单元格：只有第一个有值"
            ),
            Text("unmerge them and fill every cell", "请取消合并并填写每个单元格"),
            row=int("".join(sign for sign in first if sign.isdigit()) or 1),
            cell=cells,
            code=Code.MERGED_CELLS,
        )


def covered(page: Page, header: list[str]) -> set[tuple[int | None, str | None]]:
    """Return the row and column of every cell that stands in a merged range."""
    from openpyxl.utils import range_boundaries  # noqa: PLC0415  (only workbooks need it)

    found: set[tuple[int | None, str | None]] = set()
    rows = {row for row, _ in page.rows}
    for cells in page.merged[:MOST_MERGED]:
        left, top, right, bottom = range_boundaries(cells)
        names = header[left - 1 : right]
        found |= {(row, name) for row in rows if top <= row <= bottom for name in names}
    return found


def bare(table: Table, page: Page, header: list[str]) -> Iterator[Finding]:
    """Yield a finding for each formula of which the file stores no value."""
    for row, here in sorted(page.bare):
        yield Finding(
            table.file,
            Text("a formula without a stored value", "公式没有保存计算结果"),
            Text(
                "open the workbook in Excel or WPS and save it", "请用 Excel 或 WPS 打开并保存一次"
            ),
            row=row,
            column=name_at(header, here),
            cell=address(row, here),
            code=Code.FORMULA_WITHOUT_VALUE,
        )


def name_at(header: list[str], here: int) -> str | None:
    """Return the name of a column, `None` outside the table."""
    return header[here] or None if here < len(header) else None


def no_dates(table: Table, page: Page, header: list[str], header_row: int) -> Iterator[Finding]:
    """Yield a finding for each date in a column that holds none, where Excel made one of a number.

    Free text may be a date, and years are read from dates.
    """
    for (row, here), moment in sorted(page.dates.items()):
        column = column_at(table, header, here)
        if row <= header_row or column is None or column.kind in {Kind.TEXT, Kind.STAGE}:
            continue
        yield Finding(
            table.file,
            Text(
                "is a date in Excel, which this column cannot hold",
                "在 Excel 中是日期，本列不能填日期",
            ),
            Text(
                "format the column as text, or as a number, and type the cell anew",
                "请把该列设为文本或数值格式，并重新输入",
            ),
            row=row,
            column=column.name,
            value=shown(moment.date().isoformat()),
            cell=address(row, here),
            code=Code.DATE_CELL,
        )


def no_percents(table: Table, page: Page, header: list[str], header_row: int) -> Iterator[Finding]:
    """Yield a finding for each number shown in percent in a column with another unit.

    Shares and factors may be shown so: 8 % is 0.08 for Excel and for hubopt.
    """
    for (row, here), text in sorted(page.percents.items()):
        column = column_at(table, header, here)
        if row <= header_row or column is None or column.kind not in NUMERIC:
            continue
        if column.unit.startswith("share") or (not column.unit and column.kind is Kind.NUMBER):
            continue
        unit = column.unit or "1"
        yield Finding(
            table.file,
            Text(
                f"is formatted as percent in Excel, and this column is in {unit}",
                f"在 Excel 中设为百分比格式，而本列单位是 {unit}",
            ),
            Text(
                "format the column as a number and type the cell anew",
                "请把该列设为数值格式，并重新输入",
            ),
            row=row,
            column=column.name,
            value=text,
            cell=address(row, here),
            code=Code.PERCENT,
        )


def column_at(table: Table, header: list[str], here: int) -> Column | None:
    """Return the column of a cell, `None` outside the table."""
    return table.column.get(header[here]) if here < len(header) else None


def with_years(table: Table, page: Page, raw: RawTable) -> tuple[RawTable, list[Text]]:
    """Return a table whose stages that are formatted as dates are their years, and a note on it."""
    years = {
        (row, here): str(moment.year)
        for (row, here), moment in page.dates.items()
        if row > raw.header_row
        and (column := column_at(table, raw.header, here)) is not None
        and column.kind is Kind.STAGE
    }
    if not years:
        return raw, []
    rows = [
        (row, [years.get((row, here), text) for here, text in enumerate(fields)])
        for row, fields in raw.rows
    ]
    note = Text(
        f"{table.file}: {len(years)} dates read as their years",
        f"{table.file}：{len(years)} 个日期按年份读取",
    )
    return RawTable(raw.header, raw.header_row, rows), [note]


def stray(row: int, here: int, page: Page) -> Finding:
    """Return the finding for a number beside a setting, where it might be meant."""
    text = next(fields[here] for number, fields in page.rows if number == row)
    return Finding(
        "instance.toml",
        Text("a second value; only column B is read", "多余的值；只读取 B 列"),
        Text("delete it, or write it as a remark in words", "请删除，或改写为文字说明"),
        row=row,
        value=shown(text),
        cell=address(row, here),
        code=Code.BAD_SETTING,
    )
