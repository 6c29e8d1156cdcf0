"""A CSV text as header and rows with their row numbers: shape only, no meaning."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.few import counted
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.instance.schema import Table

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
"""A line with its end, whichever system wrote it."""

MOST_ROWS = 3_000_000
DEEPEST_HEADER = 20
SURE_NAMES = 2
"""A row with so many names of columns is the header."""

Rows = list[tuple[int, list[str]]]
OTHER_SEPARATORS = {";": ("semicolons", "分号"), "\t": ("tabs", "制表符"), "，": ("，", "全角逗号")}


@dataclass(frozen=True)
class RawTable:
    """The header and the non-empty rows of a file, each with its row number in an editor."""

    header: list[str]
    header_row: int
    rows: Rows


def read_table(table: Table, text: str) -> tuple[RawTable, list[Finding]]:
    """Return the cells of a CSV text, all rows as long as the header, and what is wrong."""
    return shaped(table, *split(table, text))


def shaped(table: Table, records: Rows, findings: list[Finding]) -> tuple[RawTable, list[Finding]]:
    """Return records as a header and rows as long as it, and what is wrong with their shape."""
    if not records:
        return RawTable([], 1, []), findings or [no_header(table)]
    first = header_at(table, records)
    if first:
        findings.append(lines_above(table, records[0], records[first][0]))
        records = records[first:]
    header_row, header = records[0]
    header = [name.strip() for name in header]
    wrong = other_separator(table, header_row, header)
    if wrong is not None:
        return RawTable([], header_row, []), [wrong]
    repeated = [row for row, fields in records[1:] if [f.strip() for f in fields] == header]
    findings += [again(table, row) for row in repeated]
    records = [record for record in records if record[0] not in repeated]
    width = used_width(header, records)
    rows, unequal = evened(table, len(header), records[1:])
    cut = [(row, fields[:width]) for row, fields in rows]
    return RawTable(header[:width], header_row, cut), [*unequal, *findings]


def header_at(table: Table, records: Rows) -> int:
    """Return which record is the header: the first, unless one close below it clearly is."""
    for here, (_, fields) in enumerate(records[:DEEPEST_HEADER]):
        if len({cell.strip() for cell in fields} & set(table.column)) >= SURE_NAMES:
            return here
    return 0


def lines_above(table: Table, above: tuple[int, list[str]], row: int) -> Finding:
    """Return the finding for lines above the header."""
    return Finding(
        table.file,
        Text(f"is no header; that stands in row {row}", f"不是表头；表头在第 {row} 行"),
        Text("delete the lines above the header", "请删除表头之前的行"),
        row=above[0],
        value=shown(",".join(above[1])),
        code=Code.LINES_ABOVE_HEADER,
    )


def again(table: Table, row: int) -> Finding:
    """Return the finding for a header among the rows, as when files were joined."""
    return Finding(
        table.file,
        Text("is the header once more", "再次出现表头"),
        Text("delete the row", "请删除该行"),
        row=row,
        code=Code.LINES_ABOVE_HEADER,
    )


def split(table: Table, text: str) -> tuple[Rows, list[Finding]]:
    """Return the non-empty records of a CSV text with their first rows."""
    records: Rows = []
    reader = csv.reader((line[0] for line in LINE.finditer(text)), strict=True)
    while True:
        start = reader.line_num + 1
        try:
            fields = next(reader)
        except StopIteration:
            return records, []
        except csv.Error as error:
            return records, [bad_csv(table, start, str(error))]
        if any(cell and not cell.isspace() for cell in fields):
            records.append((start, fields))
        if len(records) > MOST_ROWS:
            return records[:1], [too_many_rows(table)]


def too_many_rows(table: Table) -> Finding:
    """Return the finding for a table longer than any plan could be made of."""
    return Finding(
        table.file,
        Text(f"has more than {MOST_ROWS:,} rows", f"超过 {MOST_ROWS:,} 行"),
        Text("split the instance, or add small shipments up", "请拆分算例，或合并小批量需求"),
        row=MOST_ROWS + 1,
        code=Code.HUGE_FILE,
    )


def bad_csv(table: Table, row: int, error: str) -> Finding:
    """Return the finding for a record that is not CSV."""
    if "field larger" in error:
        return Finding(
            table.file,
            Text(f"a cell of more than {csv.field_size_limit()} characters", "单元格过大"),
            Text("was a quote not closed? close it", "是否有引号未闭合？请闭合"),
            row=row,
            code=Code.HUGE_CELL,
        )
    return Finding(
        table.file,
        Text(
            "a quote is not closed, or stands inside a quoted cell", "引号未闭合，或引号内又有引号"
        ),
        Text(
            'close it; inside a quoted cell write "" for a quote',
            '请闭合；引号内的引号请写成 ""',
        ),
        row=row,
        code=Code.OPEN_QUOTE,
    )


def no_header(table: Table) -> Finding:
    """Return the finding for a file without any cell."""
    names = ",".join(column.name for column in table.columns)
    return Finding(
        table.file,
        Text("is empty", "是空文件"),
        Text(f"write the header: {names}", f"请写表头：{names}"),
        code=Code.NO_ROWS,
    )


def other_separator(table: Table, row: int, header: list[str]) -> Finding | None:
    """Return a finding if the header looks separated by something other than commas."""
    for sign, (en, zh) in OTHER_SEPARATORS.items():
        if len(header) == 1 and len(table.columns) > 1 and sign in header[0]:
            return Finding(
                table.file,
                Text(f"cells are separated by {en}", f"单元格以{zh}分隔"),
                Text("save it as CSV with commas", "请保存为以半角逗号分隔的 CSV"),
                row=row,
                code=Code.OTHER_SEPARATOR,
            )
    return None


def used_width(header: list[str], records: Rows) -> int:
    """Return the number of columns, without nameless empty ones at the end as Excel leaves them."""
    named = max((here + 1 for here, name in enumerate(header) if name), default=len(header))
    if all(not cell.strip() for _, fields in records for cell in fields[named : len(header)]):
        return named
    return len(header)


def evened(table: Table, width: int, records: Rows) -> tuple[Rows, list[Finding]]:
    """Return the rows that are as wide as the header.

    Not even an empty cell too many is let pass: in `8,000,` for `8000,` it hides a shifted row.
    """
    kept = [(row, fields) for row, fields in records if len(fields) == width]
    if not kept and len(records) > 1 and all(len(fields) > width for _, fields in records):
        return [], [all_long(table, width, records)]
    short = [(row, len(fields)) for row, fields in records if len(fields) < width]
    long = [(row, len(fields)) for row, fields in records if len(fields) > width]
    found = [
        replace(unequal(table, row, fields, width), times=times)
        for wrong in (short, long)
        for (row, fields), times in zip(wrong, counted(len(wrong)), strict=False)
    ]
    return kept, sorted(found, key=lambda finding: finding.row or 0)


def all_long(table: Table, width: int, rows: Rows) -> Finding:
    """Return the finding for a table all of whose rows are longer than its header."""
    row, fields = rows[0]
    return Finding(
        table.file,
        Text(
            f"all rows have more fields than the header ({len(fields)} and {width})",
            f"所有行的字段都比表头多（{len(fields)} 与 {width}）",
        ),
        Text("add the missing name to the header", "请在表头补上缺少的列名"),
        row=row,
        code=Code.ALL_ROWS_LONG,
    )


def unequal(table: Table, row: int, fields: int, width: int) -> Finding:
    """Return the finding for a row longer or shorter than the header."""
    reason = Text(f"{fields} fields, header has {width}", f"有 {fields} 个字段，表头有 {width} 个")
    if fields < width:
        remedy = Text("add the missing fields, or delete the row", "请补上缺少的字段，或删除该行")
        return Finding(table.file, reason, remedy, row=row, code=Code.SHORT_ROW)
    remedy = Text("put quotes around a cell that contains a comma", "含逗号的单元格请加引号")
    return Finding(table.file, reason, remedy, row=row, code=Code.LONG_ROW)
