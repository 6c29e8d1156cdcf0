"""A public file of comma-separated columns, cell by cell; refusals say line, column and wish."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from hubopt.errors import Finding, InputError
from hubopt.instance.cell_numbers import NUMBER, PLAIN
from hubopt.instance.public.tokens import CODE, LONGEST_SHOWN, SEE_FORMAT, of_file, text_of
from hubopt.instance.schema import LARGEST
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class CsvRow:
    """The cells of one line by column; the first wrong one raises `InputError`."""

    file: Path
    line: int
    cells: dict[str, str]

    def number(self, column: str, *, least: float | None = None) -> float:
        """Return a cell as a finite number of at least `least`."""
        word = self.cells[column].translate(PLAIN)
        if not NUMBER.fullmatch(word):
            self.refuse(column, Text("is not a number", "不是数字"))
        value = float(word) + 0.0
        if abs(value) > LARGEST:
            self.refuse(column, Text(f"exceeds {LARGEST:g}", f"超过 {LARGEST:g}"))
        if least is not None and value < least:
            self.refuse(column, Text(f"is below {least:g}", f"小于 {least:g}"))
        return value

    def number_or_blank(self, column: str, *, least: float | None = None) -> float | None:
        """Return a cell as a number, `None` if it is blank."""
        return None if not self.cells[column] else self.number(column, least=least)

    def whole(self, column: str, most: int | None = None) -> int:
        """Return a cell as a whole number from 0 to `most`."""
        value = self.number(column, least=0)
        if value != int(value):
            self.refuse(column, Text("is not a whole number", "不是整数"))
        if most is not None and value > most:
            self.refuse(column, Text(f"is above {most}", f"大于 {most}"))
        return int(value)

    def refuse(self, column: str, why: Text) -> NoReturn:
        """Raise `InputError` about a cell."""
        word = self.cells[column]
        shown = word if len(word) <= LONGEST_SHOWN else word[:LONGEST_SHOWN] + "..."
        raise InputError([
            Finding(
                self.file.name, why, SEE_FORMAT, row=self.line, column=column,
                value=escaped(shown), code=CODE,
            )
        ])  # fmt: skip


def csv_rows(file: Path, columns: Sequence[str]) -> Iterator[CsvRow]:
    """Yield the rows of a plain or gzipped file that has exactly these columns, in this order."""
    lines = text_of(file).splitlines()
    head = ",".join(columns)
    if [cell.strip() for cell in lines[0].split(",")] != list(columns):
        why = Text(f"here should stand the header {head}", f"此处应为表头 {head}")
        raise InputError([
            Finding(
                file.name, why, SEE_FORMAT, row=1, value=escaped(lines[0][:LONGEST_SHOWN]),
                code=CODE,
            )
        ])  # fmt: skip
    if not any(line.strip() for line in lines[1:]):
        raise InputError([of_file(file, Text("has no rows", "没有数据行"))])
    for number, line in enumerate(lines[1:], start=2):
        if line.strip():
            yield CsvRow(file, number, cells_of(file, number, line, columns))


def cells_of(file: Path, number: int, line: str, columns: Sequence[str]) -> dict[str, str]:
    """Return the cells of a line by column; raise `InputError` for too many or too few."""
    parts = [cell.strip() for cell in line.split(",")]
    if len(parts) != len(columns):
        why = Text(
            f"has {len(parts)} cells, but here should stand {len(columns)}: {','.join(columns)}",
            f"有 {len(parts)} 个单元格，此处应为 {len(columns)} 个：{','.join(columns)}",
        )
        raise InputError([Finding(file.name, why, SEE_FORMAT, row=number, code=CODE)])
    return dict(zip(columns, parts, strict=True))
