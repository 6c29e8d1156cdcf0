"""The tables of a folder beside an instance's own: read strictly, refused kindly."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING, TypeVar

from hubopt.errors import Finding, InputError
from hubopt.instance.nearest import nearest_of
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from enum import StrEnum
    from pathlib import Path

FOLDER = "reconcile"
LARGEST = 4 * 1024**2
"""Bytes of a table of some ten thousand rows; none is larger."""

Word = TypeVar("Word", bound="StrEnum")


class Sheet:
    """The rows of one small table, and what was found wrong in them so far."""

    def __init__(self, file: Path, columns: tuple[str, ...], code: str = "REC01") -> None:
        self.file, self.columns, self.code = file, columns, code
        self.name = f"{file.parent.name}/{file.name}"
        self.findings: list[Finding] = []

    def rows(self) -> Iterator[Row]:
        """Yield the rows; a missing column or a row of another width is a finding."""
        try:
            with self.file.open(encoding="utf-8-sig", newline="") as text:
                if self.file.stat().st_size > LARGEST:
                    raise InputError([self.finding(TOO_LARGE, SHORTER)])
                lines = list(csv.reader(text))
        except (UnicodeDecodeError, csv.Error) as error:
            raise InputError([self.finding(NOT_TEXT, SAVE_AS_UTF8)]) from error
        head = lines[0] if lines else []
        for column in self.columns:
            if column not in head:
                self.findings.append(self.finding(NO_COLUMN, ADD_COLUMN, column=column))
        self.refuse()
        for number, cells in enumerate(lines[1:], start=2):
            if len(cells) == len(head):
                yield Row(self, number, dict(zip(head, cells, strict=True)))
            elif cells:
                self.findings.append(self.finding(WRONG_WIDTH, MEND_ROW, row=number))

    def finding(
        self,
        reason: Text,
        remedy: Text,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
        near: str | None = None,
    ) -> Finding:
        """Return a finding about this table."""
        return Finding(
            self.name, reason, remedy, row=row, column=column,
            value=None if value is None else escaped(value), nearest=near, code=self.code,
        )  # fmt: skip

    def refuse(self) -> None:
        """Raise `InputError` if anything was found."""
        if self.findings:
            raise InputError(self.findings)


class Row:
    """One row: cells by column, each read as what it should be."""

    def __init__(self, sheet: Sheet, number: int, cells: dict[str, str]) -> None:
        self.sheet, self.number, self.cells = sheet, number, cells

    def text(self, column: str) -> str:
        """Return a cell as text."""
        return self.cells.get(column, "").strip()

    def both(self, stem: str) -> Text:
        """Return a text that stands in both languages."""
        return Text(self.text(f"{stem}_en"), self.text(f"{stem}_zh"))

    def words(self, column: str) -> tuple[str, ...]:
        """Return the words of a cell, apart by spaces."""
        return tuple(self.text(column).split())

    def ids(self, column: str, known: Collection[str]) -> frozenset[str]:
        """Return the ids of a cell; one that the instance does not know is a finding."""
        found = self.words(column)
        for ident in found:
            if ident not in known:
                self.wrong(column, ident, UNKNOWN_ID, USE_KNOWN, near=nearest_of(ident, known))
        return frozenset(found)

    def number_or_none(self, column: str) -> float | None:
        """Return a finite number, or `None` for a blank cell or one that is a finding."""
        written = self.text(column)
        if not written:
            return None
        try:
            value = float(written)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.wrong(column, written, NO_NUMBER, WRITE_NUMBER)
            return None
        return value

    def word(self, column: str, kind: type[Word]) -> Word:
        """Return a fixed word; any other is a finding, and the first word stands in."""
        written, known = self.text(column), [word.value for word in kind]
        if written in known:
            return kind(written)
        self.wrong(column, written, UNKNOWN_WORD, one_of(known), near=nearest_of(written, known))
        return next(iter(kind))

    def wrong(
        self, column: str, value: str, reason: Text, remedy: Text, near: str | None = None
    ) -> None:
        """Note what is wrong in a cell."""
        found = self.sheet.finding(
            reason, remedy, row=self.number, column=column, value=value, near=near
        )
        self.sheet.findings.append(found)


def one_of(known: Collection[str]) -> Text:
    """Return a remedy that names the words that may stand."""
    named = ", ".join(known)
    return Text(f"write one of {named}", f"请填写以下之一：{named}")


TOO_LARGE = Text("is larger than such a table can be", "超出此类表格可能的大小")
SHORTER = Text("keep one row for each figure", "每个数字一行即可")
NOT_TEXT = Text("is not UTF-8 text with commas", "不是以逗号分隔的 UTF-8 文本")
SAVE_AS_UTF8 = Text("save it as CSV UTF-8", "请另存为 CSV UTF-8")
NO_COLUMN = Text("the column is missing", "缺少此列")
ADD_COLUMN = Text("add it; it may be blank", "请添加该列，可留空")
WRONG_WIDTH = Text("has more or fewer cells than the heading", "单元格数与表头不符")
MEND_ROW = Text("quote cells that hold commas", "含逗号的单元格请加引号")
UNKNOWN_ID = Text("is no id of the instance", "不是该算例中的编号")
USE_KNOWN = Text("use an id that its tables hold", "请使用算例表中已有的编号")
NO_NUMBER = Text("is no number", "不是数字")
WRITE_NUMBER = Text("write a plain number, or leave it blank", "请填写数字或留空")
UNKNOWN_WORD = Text("is not a word of this column", "不是此列允许的词")
