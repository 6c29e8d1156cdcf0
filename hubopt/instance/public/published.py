"""The table of published values that lies beside a user's files: `best_known.csv`.

Columns family, instance, file, best_known, proved_optimal (1 or 0) and source; others are ignored.
It is looked for in the folder of the files and in the folder above. Without it nothing is compared.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.cell_numbers import NUMBER
from hubopt.instance.read_text import decoded, read_bytes
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CODE = "PUB02"
FILE = "best_known.csv"
COLUMNS = ("family", "instance", "file", "best_known", "proved_optimal", "source")
LARGEST = 4 * 1024**2
YES, NO = "1", "0"

MEND_TABLE = Text("mend the table, or take it away", "请更正该表，或将其移走")


@dataclass(frozen=True, slots=True)
class Published:
    """A published value as it was written, whether it is proved to be optimal, and by whom."""

    value: Decimal
    proved: bool
    source: str

    @property
    def last_digit(self) -> Decimal:
        """Return one unit of the last digit that is given, 1 for a whole number."""
        exponent = self.value.as_tuple().exponent
        return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)


def published_beside(folder: Path) -> Mapping[tuple[str, str], Published]:
    """Return the published values by family and instance, none if there is no table.

    Raises `InputError` for everything that is wrong in the table.
    """
    for place in (folder, folder.parent):
        if (place / FILE).exists():
            return read_published(place / FILE)
    return {}


def read_published(file: Path) -> Mapping[tuple[str, str], Published]:
    """Return the published values of a table by family and instance."""
    findings: list[Finding] = []
    found: dict[tuple[str, str], Published] = {}
    for line, cells in rows_of(file):
        wrong = wrong_cell(cells)
        key = cells["family"].strip(), cells["instance"].strip()
        if wrong is not None:
            column, why = wrong
            findings.append(of_table(file, why, line, column, cells[column]))
        elif key in found:
            why = Text("is in the table twice", "在表中重复出现")
            findings.append(of_table(file, why, line, "instance", key[1]))
        else:
            proved = cells["proved_optimal"].strip() == YES
            value = Decimal(cells["best_known"].strip())
            found[key] = Published(value, proved, cells["source"].strip())
    if findings:
        raise InputError(findings)
    return found


def rows_of(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row with its line as cells by column."""
    content = read_bytes(file, most=LARGEST)
    if isinstance(content, Finding):
        raise InputError([content])
    text = decoded(file.name, content, None)
    if isinstance(text, Finding):
        raise InputError([text])
    reader = csv.reader(text.text.splitlines(), strict=True)
    try:
        head = [cell.strip() for cell in next(reader, [])]
        missing = [column for column in COLUMNS if column not in head]
        if missing:
            why = Text("there is no such column", "缺少该列")
            raise InputError([of_table(file, why, 1, column) for column in missing])
        for cells in reader:
            if len(cells) not in {0, len(head)}:
                why = Text(
                    f"has {len(cells)} cells, not {len(head)}",
                    f"有 {len(cells)} 个单元格，应为 {len(head)} 个",
                )
                raise InputError([of_table(file, why, reader.line_num)])
            if cells:
                yield reader.line_num, dict(zip(head, cells, strict=True))
    except csv.Error as error:
        why = Text("a quote is not closed or out of place", "引号未闭合或位置不对")
        raise InputError([of_table(file, why, reader.line_num)]) from error


def wrong_cell(cells: dict[str, str]) -> tuple[str, Text] | None:
    """Return the first column of a row that is wrong, and why; `None` for a good row."""
    for column in ("family", "instance"):
        if not cells[column].strip():
            return column, Text("is empty", "为空")
    if not NUMBER.fullmatch(cells["best_known"].strip()):
        return "best_known", Text("is not a number", "不是数字")
    if cells["proved_optimal"].strip() not in {YES, NO}:
        return "proved_optimal", Text(f"is neither {YES} nor {NO}", f"既不是 {YES} 也不是 {NO}")
    return None


def of_table(
    file: Path, why: Text, line: int, column: str | None = None, value: str | None = None
) -> Finding:
    """Return a finding about a table of published values."""
    shown = None if value is None else escaped(value)
    return Finding(file.name, why, MEND_TABLE, row=line, column=column, value=shown, code=CODE)
