"""How a sheet of an instance looks and what it offers: headings, widths, comments, choices."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hubopt.instance.schema import NUMERIC, SETS, WORDS, Kind
from hubopt.instance.workbook_cells import letters
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hubopt.instance.schema import Column

LAST_ROW = 1_048_576
LONGEST_LIST = 255
"""Characters of the words of a list that a cell may offer by itself."""

NARROWEST, WIDEST = 6, 40
JUDGED = 200
"""Rows by which the width of a column is judged."""

SHADE = "E7EEF4"
PICK = Text("Choose one of the words of the list.", "请从列表中选择。")
NOT_THERE = Text("No such id in the sheet {}.", "工作表 {} 中没有此编号。")
NUMBER = Text("A number {}.", "须{}。")


@dataclass
class Looks:
    """How one sheet looks: headings with comments, widths, a filter, columns that hold texts."""

    heads: Sequence[str]
    comments: Mapping[str, str] = field(default_factory=dict)
    texts: frozenset[int] = frozenset()
    filtered: bool = True

    def begin(self, sheet: Any, rows: Sequence[Sequence[object]]) -> None:  # noqa: ANN401  (a library without types)
        """Set what a sheet must know before its first row, and write the headings."""
        sheet.freeze_panes = "A2"
        for here, width in enumerate(widths([self.heads, *rows[:JUDGED]])):
            sheet.column_dimensions[letters(here)].width = width
            if here in self.texts:  # so that what is typed below the last row stays a text
                sheet.column_dimensions[letters(here)].number_format = "@"
        if self.filtered and rows:
            sheet.auto_filter.ref = f"A1:{letters(len(self.heads) - 1)}{len(rows) + 1}"
        sheet.append([heading(sheet, head, self.comments.get(head, "")) for head in self.heads])


def heading(sheet: Any, head: str, comment: str) -> Any:  # noqa: ANN401
    """Return a heading: bold on a shade, its comment shown when the pointer rests on it."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  (only workbooks need it)
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, head)
    cell.font = Font(name="Calibri", size=11, bold=True)
    cell.fill = PatternFill("solid", start_color=SHADE)
    if comment:
        cell.comment = Comment(comment, "hubopt", height=120, width=360)
    return cell


def widths(rows: Sequence[Sequence[object]]) -> list[int]:
    """Return the width of each column in characters, wide signs counted twice."""
    columns = zip(*(list(row) for row in rows), strict=True)
    longest = [max(wide(cell) for cell in column) for column in columns]
    return [min(max(width + 3, NARROWEST), WIDEST) for width in longest]


def wide(cell: object) -> int:
    """Return how many characters a cell is wide."""
    text = "" if cell is None else str(cell)
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def comment_on(column: Column) -> str:
    """Return what the dictionary says of a column, in both languages."""
    lines = [column.sentence.en, column.sentence.zh]
    if column.unit:
        lines.append(f"unit 单位: {column.unit}")
    if column.blank:
        default = f" = {column.default}" if column.default else ""
        lines.append(f"may be blank 可留空{default}")
    return "\n".join(lines)


def choices(
    column: Column, here: int, first: int, last: int, ids: Mapping[str, str]
) -> Iterable[Any]:
    """Yield the rule, if any, by which Excel helps to fill the cells of a column.

    `ids` tells the column of ids in the sheet of each table that has any.
    """
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    rule = rule_for(column, ids)
    if rule is not None:
        made = DataValidation(**rule, allow_blank=column.blank, errorTitle=column.name[:32])
        made.showErrorMessage = True
        made.add(f"{letters(here)}{first}:{letters(here)}{last}")
        yield made


def rule_for(column: Column, ids: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the rule for a column: a list of words or ids, the range of a number, or none."""
    if column.kind is Kind.YES_NO:
        return listed(["yes", "no"])
    if column.kind in WORDS and column.kind not in SETS and column.kind is not Kind.CHAIN:
        return listed([word.value for word in WORDS[column.kind]])
    if column.kind is Kind.ID and column.refers is not None and column.refers in ids:
        at = ids[column.refers]
        count = f"MAX(1,COUNTA({column.refers}!${at}:${at})-1)"
        said = both(NOT_THERE).replace("{}", column.refers)
        rows = f"OFFSET({column.refers}!${at}$2,0,0,{count},1)"
        return {"type": "list", "formula1": rows, "errorStyle": "warning", "error": said}
    if column.kind in NUMERIC and column.hard is not None:
        least, most = f"{column.hard.least:.15g}", f"{column.hard.most:.15g}"
        kind = "decimal" if column.kind is Kind.NUMBER else "whole"
        words = column.hard.words
        told = Text(NUMBER.en.format(words.en), NUMBER.zh.format(words.zh))
        return {"type": kind, "operator": "between", "formula1": least, "formula2": most,
                "error": both(told)}  # fmt: skip
    return None


def listed(words: Sequence[str]) -> dict[str, Any]:
    """Return the rule for a cell that holds one of a few words."""
    text = ",".join(words)
    if len(text) > LONGEST_LIST:
        raise ValueError(text)
    return {"type": "list", "formula1": f'"{text}"', "error": both(PICK)}


def both(text: Text) -> str:
    """Return a sentence in both languages, as a workbook is read by planners of either."""
    return f"{text.en}\n{text.zh}"
