"""Why a cell cannot be read, and texts without anything hidden in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.codes import Code
from hubopt.instance.mojibake import meant
from hubopt.instance.schema import NUMERIC, WORDS, Kind
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.instance.schema import Column

LONGEST_CELL = 4000
FOLDED = re.compile(r"\s*[\r\n\t]\s*")
SWALLOWED_COMMAS = 4
"""The shortest table with names has six columns: a row swallowed by a quote brings more commas."""

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of writing, so that a text reads other than it is."""

HIDDEN = frozenset({"Cf", "Zl", "Zp", "Co"})
LOST = "\ufffd"
SHEET_ERRORS = frozenset({
    "#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
})  # fmt: skip
"""What a spreadsheet puts into a cell whose formula has failed."""

WORTH_ZERO = frozenset({"CNY", "CNY/t", "CNY/year", "t/year", "per week", "kWh/t", "share", "h"})
"""Units of which none is a sensible amount, so that an empty cell may be meant as 0."""


@dataclass(eq=False)
class CellError(Exception):
    """Why a cell cannot be read, and what to do."""

    code: Code
    reason: Text
    remedy: Text
    nearest: str | None = None


def empty(column: Column) -> CellError:
    """Return why a cell of this column may not be empty."""
    code = Code.EMPTY_ID if column.kind is Kind.ID else Code.EMPTY_CELL
    remedy = Text("fill it in, or delete the row", "请填写，或删除该行")
    if column.name.endswith("_factor"):
        remedy = Text("write 1 for no change", "不调整请写 1")
    elif column.kind in WORDS:
        listed = ", ".join(word.value for word in WORDS[column.kind])
        remedy = Text(f"write one of: {listed}", f"请写以下之一：{listed}")
    elif may_be_none(column):
        remedy = Text("write 0 for none, or delete the row", "没有请写 0，或删除该行")
    return CellError(code, Text("empty", "为空"), remedy)


def may_be_none(column: Column) -> bool:
    """Tell whether an empty cell may well be meant as 0."""
    if column.kind not in NUMERIC or column.hard is None or 0 not in column.hard:
        return False
    return column.kind is Kind.WHOLE or column.unit in WORTH_ZERO


def free_text(cell: str) -> str:
    """Return a name or note on one line: breaks and tabs inside a quoted cell are folded.

    Many commas beside a line break mean that a quote was not closed and has swallowed rows.
    """
    if not cell.isprintable() and cell.count(",") < SWALLOWED_COMMAS:
        cell = FOLDED.sub(" ", cell)
    return plain_text(cell)


def plain_text(cell: str) -> str:
    """Return a text in the right encoding, without control characters, of a sensible length."""
    right = None if cell.isascii() else meant(cell)
    if right is not None:
        raise CellError(
            Code.MOJIBAKE,
            Text(
                f'looks like "{right}" read in the wrong encoding',
                f"像是“{right}”以错误的编码读取的结果",
            ),
            Text('export it again as "CSV UTF-8"', "请重新导出为“CSV UTF-8”"),
        )
    if not cell.isprintable():
        refuse_hidden(cell)
    if cell.startswith("#") and cell.upper() in SHEET_ERRORS:
        raise spreadsheet_error()
    if LOST in cell:
        raise CellError(
            Code.LOST_CHARACTERS,
            Text("contains U+FFFD: characters were already lost", "含 U+FFFD：字符已经丢失"),
            Text("restore it from the source file", "请从源文件恢复"),
        )
    if len(cell) > LONGEST_CELL:
        raise CellError(
            Code.HUGE_CELL,
            Text(f"{len(cell)} characters in one cell", f"一个单元格有 {len(cell)} 个字符"),
            Text(
                f"keep it below {LONGEST_CELL}; was a quote not closed?",
                f"请少于 {LONGEST_CELL} 个字符；是否有引号未闭合？",
            ),
        )
    return cell


def spreadsheet_error() -> CellError:
    """Return why the mark of a failed formula is no value."""
    return CellError(
        Code.SPREADSHEET_ERROR,
        Text("is an error of the spreadsheet", "是表格软件的错误值"),
        Text("repair the formula and save it again", "请修复公式后重新保存"),
    )


def refuse_hidden(cell: str) -> None:
    """Raise for NUL, line breaks (an open quote swallows rows) and other control characters."""
    if "\0" in cell:
        raise CellError(
            Code.NUL_BYTE,
            Text("contains a NUL byte", "含空字节（NUL）"),
            Text("the file is damaged: export it again", "文件已损坏，请重新导出"),
        )
    if "\n" in cell or "\r" in cell:
        raise CellError(
            Code.OPEN_QUOTE,
            Text("a line break inside the cell", "单元格内有换行"),
            Text("close the quote, or delete the line break", "请闭合引号，或删除换行"),
        )
    control = next((s for s in cell if unicodedata.category(s) == "Cc" or s in TURNING), None)
    if control is not None:
        name = f"U+{ord(control):04X}"
        raise CellError(
            Code.CONTROL_CHARACTER,
            Text(f"contains the control character {name}", f"含控制字符 {name}"),
            Text("delete it", "请删除"),
        )


def refuse_invisible(cell: str, *, remedy: Text) -> None:
    """Raise for characters that cannot be seen, or seen apart from others."""
    hidden = next((s for s in cell if unicodedata.category(s) in HIDDEN or odd_space(s)), None)
    if hidden is None and unicodedata.is_normalized("NFC", cell):
        return
    name, zh = "a decomposed accent", "分解的重音符号"
    if hidden is not None:
        kind = ("space", "空格") if odd_space(hidden) else ("invisible", "不可见字符")
        name, zh = f"the {kind[0]} U+{ord(hidden):04X}", f"{kind[1]} U+{ord(hidden):04X}"
    raise CellError(Code.INVISIBLE_CHARACTER, Text(f"contains {name}", f"含{zh}"), remedy)


def odd_space(sign: str) -> bool:
    """Tell whether a sign is a space other than the plain one."""
    return sign != " " and unicodedata.category(sign) == "Zs"
