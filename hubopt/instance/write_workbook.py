"""An instance as one workbook: settings, a sheet for each table, and the data dictionary.

Its cells are those of the CSV files, numbers as numbers. Before anything is written the bytes are
read back and each cell compared, so that the workbook holds the same instance or is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding, InputError
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.read_settings import read_settings
from hubopt.instance.schema import ALL, NUMERIC, SETTINGS
from hubopt.instance.settings_sheet import as_toml, settings_rows
from hubopt.instance.workbook_bytes import NOT_IN_XML, Pen, saved
from hubopt.instance.workbook_cells import letters
from hubopt.instance.workbook_container import MOST_CELLS
from hubopt.instance.workbook_looks import LAST_ROW, Looks, choices, comment_on
from hubopt.instance.workbook_sheets import pages_of
from hubopt.instance.write import canonical_rows, settings_text, written_tables
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.instance.rows import Settings
    from hubopt.instance.schema import Column, Table
    from hubopt.instance.tables import Instance

DICTIONARY = "dictionary"
"""The sheet that explains all columns; nothing is read from it."""

Cell = str | float | None


@dataclass(frozen=True)
class Grid:
    """A table as it is written: the columns that say anything, and the cells as text."""

    table: Table
    columns: list[Column]
    lines: list[list[str]]


def workbook_of(instance: Instance, name: str = "workbook") -> bytes:
    """Return an instance as the bytes of a workbook, the same for the same instance.

    Raises `InputError` if a workbook cannot hold it whole; `name` is what findings call it.
    """
    grids = [
        Grid(table, *canonical_rows(table, getattr(instance, table.name)))
        for table in written_tables(instance)
    ]
    refuse_what_xml_lacks(instance, grids)
    refuse_too_many(name, grids)
    content = saved(book_of(settings_rows(instance.settings), grids))
    refuse_loss(name, content, instance.settings, grids)
    return content


def book_of(settings: Sequence[Sequence[Cell]], grids: Sequence[Grid]) -> Any:  # noqa: ANN401  (a library without types)
    """Return the workbook of openpyxl that holds settings and tables."""
    from openpyxl import Workbook  # noqa: PLC0415  (only workbooks need it)

    book = Workbook(write_only=True)
    add_settings(book.create_sheet(SETTINGS.name), settings)
    ids = {
        grid.table.name: letters(names.index("id"))
        for grid in grids
        if "id" in (names := [column.name for column in grid.columns])
    }
    for grid in grids:
        add_table(book.create_sheet(grid.table.name), grid, ids)
    add_dictionary(book.create_sheet(DICTIONARY))
    return book


def add_settings(sheet: Any, rows: Sequence[Sequence[Cell]]) -> None:  # noqa: ANN401
    """Write the settings: a key and its value in each row, stages in columns."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
    from openpyxl.comments import Comment  # noqa: PLC0415

    Looks(["key", "value"], filtered=False).begin(sheet, [row[:2] for row in rows])
    pen = Pen(sheet)
    for number, (key, *values) in enumerate(rows, start=2):
        column = SETTINGS.column[str(key)]
        name = WriteOnlyCell(sheet, key)
        name.comment = Comment(comment_on(column), "hubopt", height=120, width=360)
        pen.row([name, *values])
        for rule in choices(column, 1, number, number, {}):
            sheet.data_validations.append(rule)


def add_table(sheet: Any, grid: Grid, ids: Mapping[str, str]) -> None:  # noqa: ANN401
    """Write a table, with what the dictionary says of each column at its heading."""
    heads = [column.name for column in grid.columns]
    comments = {column.name: comment_on(column) for column in grid.columns}
    numeric = [column.kind in NUMERIC for column in grid.columns]
    texts = frozenset(here for here, number in enumerate(numeric) if not number)
    Looks(heads, comments, texts).begin(sheet, grid.lines)
    pen = Pen(sheet)
    for line in grid.lines:
        pen.row(as_typed(text, number) for text, number in zip(line, numeric, strict=True))
    for here, column in enumerate(grid.columns):
        for rule in choices(column, here, 2, LAST_ROW, ids):
            sheet.data_validations.append(rule)


def as_typed(text: str, number: bool) -> Cell:  # noqa: FBT001  (called for every cell)
    """Return a cell of a CSV file as Excel holds it."""
    if not number or not text:
        return text
    return float(text) if "." in text else int(text)


def add_dictionary(sheet: Any) -> None:  # noqa: ANN401
    """Write what every table and column means, in both languages, for people alone."""
    heads = ["sheet", "column", "type", "unit", "may be blank 可留空", "meaning", "含义"]
    rows = []
    for table in ALL.values():
        rows.append([table.name, "", "", "", "", table.sentence.en, table.sentence.zh])
        for column in table.columns:
            blank = "yes 是" if column.blank else ""
            rows.append([
                table.name, column.name, column.type_words, column.unit, blank,
                column.sentence.en, column.sentence.zh,
            ])  # fmt: skip
    Looks(heads).begin(sheet, rows)
    pen = Pen(sheet)
    for row in rows:
        pen.row(row)


def refuse_too_many(name: str, grids: Sequence[Grid]) -> None:
    """Raise `InputError` for more rows or cells than a workbook may have, before it is made."""
    rows = max((len(grid.lines) for grid in grids), default=0)
    cells = sum((len(grid.lines) + 1) * len(grid.columns) for grid in grids)
    if rows >= LAST_ROW or cells > MOST_CELLS:
        count = f"{cells:,}"
        why = Text(
            f"{count} cells; the limit is {MOST_CELLS:,}, and {LAST_ROW:,} rows a sheet",
            f"{count} 个单元格；上限为 {MOST_CELLS:,} 个，且每表 {LAST_ROW:,} 行",
        )
        raise InputError([no_room(name, why)])


def refuse_what_xml_lacks(instance: Instance, grids: Sequence[Grid]) -> None:
    """Raise `InputError` naming each text with a character that no workbook can hold."""
    wrong = [
        Finding(grid.table.file, *no_character(text), row=row, column=column.name,
                value=shown(text), code=Code.INVISIBLE_CHARACTER)
        for grid in grids
        for row, line in enumerate(grid.lines, start=2)
        for column, text in zip(grid.columns, line, strict=True)
        if not text.isascii() and NOT_IN_XML.search(text)
    ]  # fmt: skip
    settings = settings_text(instance.settings)
    if NOT_IN_XML.search(settings):
        wrong.insert(0, Finding(SETTINGS.file, *no_character(settings), code=Code.BAD_SETTING))
    if wrong:
        raise InputError(wrong)


def no_character(text: str) -> tuple[Text, Text]:
    """Return why a text does not fit into a workbook, and what to do."""
    found = NOT_IN_XML.search(text)
    number = "" if found is None else f" U+{ord(found[0]):04X}"
    return (
        Text(
            f"contains the character{number}, which no workbook can hold",
            f"含工作簿无法保存的字符{number}",
        ),
        Text("delete it, then export again", "请删除后重新导出"),
    )


def refuse_loss(name: str, content: bytes, settings: Settings, grids: Sequence[Grid]) -> None:
    """Raise `InputError` unless the bytes read back as the same settings and cells."""
    titles = frozenset([SETTINGS.name, *(grid.table.name for grid in grids)])
    pages = pages_of(name, content, titles)
    if isinstance(pages, Finding):
        raise InputError([no_room(name, pages.reason)])
    found = {page.title: page.rows for page in pages}
    lost = [
        grid.table.name
        for grid in grids
        if [texts for _, texts in found[grid.table.name]]
        != [[column.name for column in grid.columns], *grid.lines]
    ]
    if read_settings("\n".join(as_toml(found[SETTINGS.name]).text))[0] != settings:
        lost.insert(0, SETTINGS.name)
    if lost:
        listed = ", ".join(lost)
        why = Text(f"would read otherwise: {listed}", f"读回后会不同：{listed}")
        raise InputError([no_room(name, why)])


def no_room(name: str, why: Text) -> Finding:
    """Return the finding for an instance that a workbook cannot hold."""
    return Finding(
        name,
        Text(f"cannot hold this instance: {why.en}", f"无法保存该算例：{why.zh}"),
        Text("keep it as a folder of tables", "请以表格文件夹保存"),
        code=Code.WORKBOOK,
    )
