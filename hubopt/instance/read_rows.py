"""From cells to records: columns matched by name, every cell read by the kind of its column."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.cell_errors import CellError, empty
from hubopt.instance.cells import parser_of
from hubopt.instance.codes import Code
from hubopt.instance.draft import Sheet, shown
from hubopt.instance.few import Few
from hubopt.instance.mojibake import meant
from hubopt.instance.nearest import nearest_of
from hubopt.instance.schema import NUMERIC, RECORDS, Column, Kind
from hubopt.text import Text
from hubopt.vocabulary import Cargo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hubopt.instance.read_table import RawTable
    from hubopt.instance.schema import Row, Table

NOTHING: dict[Kind, Any] = {
    Kind.TEXT: "",
    Kind.CHAIN: (),
    Kind.CARGOES: frozenset(Cargo),
    Kind.IDS: frozenset(),
}
"""What an empty cell holds where it may be empty; `None` for all other kinds."""

MOST_NUMBERS = 1000
"""Numbers of a column that are remembered: some stand in every row, most in one."""

MOST_WRONG = 1000
"""Cells of a column that cannot be read and are remembered."""

MISSING_MARKS = frozenset({"na", "n/a", "nan", "null", "nil", "none", "-", "--", "?", "无", "空"})


@dataclass(frozen=True)
class Reader:
    """Reads one column: where it stands and what turns its cells into values."""

    column: Column
    position: int | None
    parse: Callable[[str], Any]

    def value(self, fields: list[str]) -> Any:  # noqa: ANN401  (as many types as kinds)
        """Return the value of this column in a row, or raise `CellError`."""
        if self.position is None:
            return self.nothing
        cell = fields[self.position].strip()
        return self.parse(cell) if cell else self.nothing

    @cached_property
    def nothing(self) -> Any:  # noqa: ANN401
        """The value of an empty cell; raises `CellError` where none may be empty."""
        if not self.column.blank:
            raise empty(self.column)
        if self.column.default:
            return self.parse(self.column.default)
        return NOTHING.get(self.column.kind)

    def cell(self, fields: list[str]) -> str:
        """Return the text of this column in a row, empty where the column was left out."""
        return "" if self.position is None else fields[self.position].strip()


def read_rows(table: Table, raw: RawTable) -> tuple[Sheet, list[Finding]]:
    """Return the records of a table and everything wrong with its header and cells."""
    findings = header_findings(table, raw)
    readers = [
        Reader(column, position_in(raw, column), remembering(column))
        for column in table.columns
        if column.name in raw.header or column.optional
    ]
    whole = len(readers) == len(table.columns)
    record: Callable[..., Row] = RECORDS[table.name]
    rows: list[tuple[int, Row]] = []
    broken: list[tuple[int, dict[str, Any]]] = []
    few = Few()
    for line, fields in raw.rows:
        values, faults = read_row(fields, readers)
        if whole and not faults:
            rows.append((line, record(*values.values())))
            continue
        broken.append((line, values))
        for reader, error in faults:
            if few.wants(error.code, reader.column.name):
                few.keep(cell_finding(table, line, reader, fields, error))
    notes = (*odd_numbers(table, raw, readers), *ids_like_blanks(table, raw))
    known = whole or ("id" in raw.header)
    return Sheet(table, tuple(rows), tuple(broken), known, notes), [*findings, *few.findings()]


def read_row(
    fields: list[str], readers: list[Reader]
) -> tuple[dict[str, Any], list[tuple[Reader, CellError]]]:
    """Return what could be read of a row by column, and why the rest could not."""
    values: dict[str, Any] = {}
    faults = []
    for reader in readers:
        try:
            values[reader.column.name] = reader.value(fields)
        except CellError as error:
            faults.append((reader, swapped(reader.column, fields, readers) or error))
    return values, faults


def position_in(raw: RawTable, column: Column) -> int | None:
    """Return where a column stands, `None` if it was left out."""
    return raw.header.index(column.name) if column.name in raw.header else None


def remembering(column: Column) -> Callable[[str], Any]:
    """Return the parser of a column; ids and words, which repeat, are read once each.

    So are the first numbers, and cells that cannot be read: 0 or a wrong one often stands in every
    row.
    """
    parse = parser_of(column)
    repeats, numeric = column.kind not in {Kind.NUMBER, Kind.TEXT}, column.kind is Kind.NUMBER
    known: dict[str, Any] = {}
    wrong: dict[str, CellError] = {}

    def read(cell: str) -> Any:  # noqa: ANN401  (as many types as kinds)
        if cell in known:
            return known[cell]
        if cell in wrong:
            raise wrong[cell].with_traceback(None)
        try:
            value = parse(cell)
        except CellError as error:
            if len(wrong) < MOST_WRONG:
                wrong[cell] = error
            raise
        if repeats or (numeric and len(known) < MOST_NUMBERS):
            known[cell] = value
        return value

    return read


def cell_finding(
    table: Table, line: int, reader: Reader, fields: list[str], error: CellError
) -> Finding:
    """Return the finding about a cell that could not be read."""
    cell = reader.cell(fields)
    return Finding(
        table.file,
        error.reason,
        error.remedy,
        row=line,
        column=reader.column.name,
        value=shown(cell) if cell else None,
        nearest=error.nearest,
        code=error.code,
    )


def swapped(column: Column, fields: list[str], readers: list[Reader]) -> CellError | None:
    """Return the fault of a latitude above 90 degrees that looks like a longitude."""
    if column.name != "lat":
        return None
    cells = {reader.column.name: reader.cell(fields) for reader in readers}
    try:
        lat, lon = float(cells["lat"]), float(cells["lon"])
    except (KeyError, ValueError):
        return None
    if not (90 < abs(lat) <= 180 and abs(lon) <= 90):  # noqa: PLR2004  (degrees of a globe)
        return None
    return CellError(
        Code.SWAPPED_COORDINATES,
        Text("is no latitude; lat and lon look swapped", "不是纬度；经纬度可能填反"),
        Text("swap the two columns", "请对调两列"),
    )


def odd_numbers(table: Table, raw: RawTable, readers: list[Reader]) -> Iterator[Text]:
    """Yield a note on numbers read in full-width digits or from among special spaces."""
    positions = [
        reader.position
        for reader in readers
        if reader.column.kind in NUMERIC and reader.position is not None
    ]
    odd = [
        fields[here] for _, fields in raw.rows for here in positions if not fields[here].isascii()
    ]
    wide = sum(not cell.strip().isascii() for cell in odd)
    if wide:
        yield Text(
            f"{table.file}: {wide} full-width numbers read",
            f"{table.file}：读取了 {wide} 个全角数字",
        )
    if len(odd) > wide:
        spaced = len(odd) - wide
        yield Text(
            f"{table.file}: {spaced} numbers read without the special spaces around them",
            f"{table.file}：{spaced} 个数字去掉特殊空格后读取",
        )


def ids_like_blanks(table: Table, raw: RawTable) -> Iterator[Text]:
    """Yield a note on ids that look like marks for a missing value; they are kept as text."""
    if "id" not in raw.header:
        return
    here = raw.header.index("id")
    found = [(row, fields[here].strip()) for row, fields in raw.rows]
    marks = [(row, ident) for row, ident in found if ident.lower() in MISSING_MARKS]
    if marks:
        row, ident = marks[0]
        more = f" (+ {len(marks) - 1})" if len(marks) > 1 else ""
        yield Text(
            f'{table.file} row {row} id: "{ident}"{more} is kept as text, though it looks like'
            " a mark for a missing value",
            f'{table.file} 第 {row} 行 id："{ident}"{more} 按文本保留，但看起来像缺失值标记',
        )


def header_findings(table: Table, raw: RawTable) -> list[Finding]:
    """Return what is wrong with the names of the columns."""
    if not raw.header:
        return []
    known = [column.name for column in table.columns]
    needed = [column.name for column in table.columns if not column.optional]
    missing = [name for name in needed if name not in raw.header]
    extra = [name for name in dict.fromkeys(raw.header) if name not in known]
    if len(missing) == len(known):
        return [no_column(table, raw, known)]
    findings = [twice(table, raw, name) for name in doubles(raw.header) if name]
    for name in missing:
        near = nearest_of(name, extra)
        if near is not None:
            extra.remove(near)
        findings.append(column_missing(table, raw, name, near))
    findings += [column_unknown(table, raw, name, known) for name in extra]
    return findings


def doubles(names: list[str]) -> list[str]:
    """Return the names that occur more than once."""
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]


def no_column(table: Table, raw: RawTable, known: list[str]) -> Finding:
    """Return the finding for a first row that is no header of this table."""
    header = ",".join(known)
    return Finding(
        table.file,
        Text("none of the columns of this table", "没有本表的任何列名"),
        Text(f"write the header: {header}", f"请写表头：{header}"),
        row=raw.header_row,
        value=shown(",".join(raw.header)),
        code=Code.MISSING_COLUMN,
    )


def twice(table: Table, raw: RawTable, name: str) -> Finding:
    """Return the finding for a column that stands in the header twice."""
    return Finding(
        table.file,
        Text("the column is there more than once", "该列重复出现"),
        Text("remove one", "请删去多余的一列"),
        row=raw.header_row,
        column=name,
        value=name,
        code=Code.DUPLICATE_COLUMN,
    )


def column_missing(table: Table, raw: RawTable, name: str, near: str | None) -> Finding:
    """Return the finding for a column that is not there, perhaps under another name."""
    found, found_zh = (f'; found "{near}"', f"；发现“{near}”") if near else ("", "")
    remedy = (
        Text(f"rename it to {name}", f"请改名为 {name}")
        if near
        else Text(f"add the column {name}", f"请加上 {name} 列")
    )
    return Finding(
        table.file,
        Text(f"the column is missing{found}", f"缺少该列{found_zh}"),
        remedy,
        row=raw.header_row,
        column=name,
        nearest=near,
        code=Code.MISSING_COLUMN,
    )


def column_unknown(table: Table, raw: RawTable, name: str, known: list[str]) -> Finding:
    """Return the finding for a column that this table does not have."""
    right = meant(name)
    if right is not None:
        return Finding(
            table.file,
            Text(
                f'the column is unknown; looks like "{right}" read in the wrong encoding',
                f"未知的列；像是“{right}”以错误的编码读取的结果",
            ),
            Text('export it again as "CSV UTF-8"', "请重新导出为“CSV UTF-8”"),
            row=raw.header_row,
            column=name,
            value=shown(name),
            code=Code.MOJIBAKE,
        )
    return Finding(
        table.file,
        Text("the column is unknown", "未知的列"),
        Text("delete it; hubopt dictionary lists the columns", "请删除；各列见数据字典"),
        row=raw.header_row,
        column=name or None,
        value=shown(name),
        nearest=nearest_of(name, known),
        code=Code.UNKNOWN_COLUMN,
    )
