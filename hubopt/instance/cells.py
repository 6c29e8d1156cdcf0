"""One cell at a time: from the text in a file to a value, or why not; and back to text."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hubopt.instance.codes import Code
from hubopt.instance.nearest import nearest_of
from hubopt.instance.schema import (
    LARGEST,
    PATH_SIGN,
    SET_SIGN,
    SETS,
    SMALLEST,
    WORDS,
    Column,
    Kind,
)
from hubopt.text import Text
from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

Value = Any
"""What a cell holds once read; the kind of its column says which type."""

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([,，'’ \u00a0\u202f][0-9]{3})+(\.[0-9]*)?")
NOT_FINITE = frozenset({"nan", "inf", "infinity", "-inf", "-infinity", "+inf", "+infinity", "∞"})
PLAIN = str.maketrans("０１２３４５６７８９．＋－−", "0123456789.+--")
"""Full-width digits and the Unicode minus, as input methods and Word write them."""

LONGEST_NUMBER = 40
LONGEST_CELL = 4000
LONGEST_ID = 100
LOST = "\ufffd"
MEANT = dict.fromkeys(("y", "true", "1", "1.0", "是", "有"), "yes") | dict.fromkeys(
    ("n", "false", "0", "0.0", "否", "无"), "no"
)
NO_LIMIT = Text('leave the cell blank for "no limit"', "不限请留空")
WRONG_UNITS = {
    "km": Text("metres", "米"),
    "h": Text("minutes", "分钟"),
    "t/year": Text("kilograms", "千克"),
    "t": Text("kilograms", "千克"),
    "share": Text("percent", "百分数"),
    "share per day": Text("percent", "百分数"),
    "kg CO2e/kWh": Text("grams", "克"),
    "kg CO2e/t": Text("grams", "克"),
    "kWh/t": Text("watt-hours", "瓦时"),
    "CNY/t": Text("CNY per vehicle or container", "每车或每箱的价格"),
}
"""The unit that was probably written when a number is too large for its own."""


@dataclass(eq=False)
class CellError(Exception):
    """Why a cell cannot be read, and what to do."""

    code: Code
    reason: Text
    remedy: Text
    nearest: str | None = None


def parser_of(column: Column) -> Callable[[str], Value]:
    """Return the function that reads a stripped cell of a column or raises `CellError`."""
    if column.kind in {Kind.NUMBER, Kind.WHOLE, Kind.STAGE}:
        return lambda cell: number(column, cell)
    if column.kind in {Kind.ID, Kind.COUNTRY}:
        return lambda cell: ident(column, cell)
    if column.kind is Kind.TEXT:
        return plain_text
    if column.kind is Kind.YES_NO:
        return yes_no
    if column.kind is Kind.PATH:
        return lambda cell: tuple(ident(column, part.strip()) for part in cell.split(PATH_SIGN))
    return lambda cell: words(column, cell)


def empty(column: Column) -> CellError:
    """Return why a cell of this column may not be empty."""
    if column.kind in {Kind.NUMBER, Kind.WHOLE, Kind.STAGE}:
        remedy = Text("write 0 for none, or delete the row", "没有请写 0，或删除该行")
        if column.hard is not None and 0 not in column.hard:
            remedy = Text("fill it in, or delete the row", "请填写，或删除该行")
        return CellError(Code.EMPTY_CELL, Text("empty", "为空"), remedy)
    code = Code.EMPTY_ID if column.kind is Kind.ID else Code.EMPTY_CELL
    return CellError(
        code, Text("empty", "为空"), Text("fill it in, or delete the row", "请填写，或删除该行")
    )


def plain_text(cell: str) -> str:
    """Return a text without control characters, of a sensible length."""
    if not cell.isprintable():
        refuse_hidden(cell)
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
    control = next((sign for sign in cell if unicodedata.category(sign) == "Cc"), None)
    if control is not None:
        name = f"U+{ord(control):04X}"
        raise CellError(
            Code.CONTROL_CHARACTER,
            Text(f"contains the control character {name}", f"含控制字符 {name}"),
            Text("delete it", "请删除"),
        )


def ident(column: Column, cell: str) -> str:
    """Return an id: text that no one can mistake for another."""
    plain_text(cell)
    if not cell:
        raise empty(column)
    hidden = next((s for s in cell if unicodedata.category(s) in {"Cf", "Zl", "Zp", "Co"}), None)
    if hidden is not None or not unicodedata.is_normalized("NFC", cell):
        name = "a decomposed accent" if hidden is None else f"the invisible U+{ord(hidden):04X}"
        zh = "分解的重音符号" if hidden is None else f"不可见字符 U+{ord(hidden):04X}"
        raise CellError(
            Code.INVISIBLE_CHARACTER,
            Text(f"contains {name}", f"含{zh}"),
            Text("type the id anew", "请重新输入该编号"),
        )
    if PATH_SIGN in cell or SET_SIGN in cell or len(cell) > LONGEST_ID:
        raise CellError(
            Code.BAD_ID,
            Text(
                f"is no id: ids have at most {LONGEST_ID} characters and neither > nor |",
                f"不是有效编号：至多 {LONGEST_ID} 个字符，且不含 > 和 |",
            ),
            Text("rename it everywhere", "请在各表中统一改名"),
        )
    return cell


def yes_no(cell: str) -> bool:
    """Return whether a cell says yes."""
    if cell not in {"yes", "no"}:
        raise CellError(
            Code.UNKNOWN_WORD,
            Text("is neither yes nor no", "既不是 yes 也不是 no"),
            Text("write yes or no", "请写 yes 或 no"),
            MEANT.get(cell.lower()),
        )
    return cell == "yes"


def words(column: Column, cell: str) -> Value:
    """Return the fixed word, the chain of functions or the set of words that a cell holds."""
    kind = WORDS[column.kind]
    if column.kind is Kind.CHAIN:
        chain = tuple(word(kind, part) for part in cell.split(PATH_SIGN))
        if Function.TRANSFER in chain:
            raise CellError(
                Code.TRANSFER_NOT_HANDLING,
                Text(
                    "transfer is a change of mode, not a handling of goods",
                    "transfer 是转换运输方式，不是货物处理功能",
                ),
                Text("leave it out of the chain", "请从 chain 中删去"),
            )
        return chain
    if column.kind in SETS:
        return frozenset(word(kind, part) for part in cell.split(SET_SIGN))
    return word(kind, cell)


def word(kind: type[StrEnum], cell: str) -> StrEnum:
    """Return the member of `kind` that a text names."""
    text = plain_text(cell.strip())
    try:
        return kind(text)
    except ValueError:
        known = [member.value for member in kind]
        listed = ", ".join(known)
        raise CellError(
            Code.UNKNOWN_WORD,
            Text("is not one of the words known here", "不是可用的词"),
            Text(f"write one of: {listed}", f"请写以下之一：{listed}"),
            nearest_of(text, known),
        ) from None


def number(column: Column, cell: str) -> float | int:
    """Return a finite number of the column's kind within its limits."""
    text = cell.translate(PLAIN)
    if not NUMBER.fullmatch(text):
        raise not_a_number(column, text)
    if len(text) > LONGEST_NUMBER:
        raise CellError(
            Code.TOO_MANY_DIGITS,
            Text(f"a number of {len(text)} characters", f"一个数有 {len(text)} 个字符"),
            Text("write at most 15 significant digits", "至多写 15 位有效数字"),
        )
    value = float(text) + 0.0
    bounded(column, value)
    if column.kind is Kind.NUMBER:
        return value
    if value != int(value):
        near = f"{math.floor(value)} or {math.ceil(value)}"
        raise CellError(
            Code.NOT_WHOLE,
            Text("is not a whole number", "不是整数"),
            Text(f"write {near}", f"请写 {near.replace('or', '或')}"),
        )
    return int(value)


def not_a_number(column: Column, text: str) -> CellError:
    """Return why a text is no number, as precisely as it shows."""
    blank = NO_LIMIT if column.blank else Text("write a number", "请写一个数")
    if text.lower() in NOT_FINITE:
        return CellError(Code.NOT_FINITE, Text("is not a finite number", "不是有限的数"), blank)
    if THOUSANDS.fullmatch(text):
        plain = re.sub(r"[,，'’ \u00a0\u202f]", "", text)
        return CellError(
            Code.COMMA_IN_NUMBER,
            Text("has thousands separators", "含千位分隔符"),
            Text(f"write {plain}", f"请写 {plain}"),
        )
    if text.endswith(("%", "％")) and NUMBER.fullmatch(text[:-1].strip()):
        share = number_text(float(Decimal(text[:-1].strip()) / 100))
        return CellError(
            Code.PERCENT,
            Text("is written in percent", "是百分数写法"),
            Text(f"write {share}", f"请写 {share}"),
        )
    unit = f" ({column.unit})" if column.unit else ""
    return CellError(
        Code.NOT_A_NUMBER,
        Text("is not a number", "不是数字"),
        Text(
            f"write the number alone; the unit is the column's{unit}",
            f"只写数字，单位由列名规定{unit}",
        ),
    )


def bounded(column: Column, value: float) -> None:
    """Raise unless a number lies within what its column makes possible and plausible."""
    if column.hard is not None and value not in column.hard:
        raise out_of_range(column, value)
    if value != 0 and abs(value) < SMALLEST:
        raise CellError(
            Code.NUMBER_TOO_SMALL,
            Text(f"is below {SMALLEST:g}", f"小于 {SMALLEST:g}"),
            Text("check the unit, or write 0", "请检查单位，或写 0"),
        )
    if column.likely is not None and value != 0 and value not in column.likely:
        raise implausible(column, value)


def out_of_range(column: Column, value: float) -> CellError:
    """Return why a number is impossible for its column."""
    if column.hard is None or abs(value) > LARGEST:
        return CellError(
            Code.NUMBER_TOO_LARGE,
            Text(f"exceeds {LARGEST:g}", f"超过 {LARGEST:g}"),
            NO_LIMIT if column.blank else Text("check the unit", "请检查单位"),
        )
    allowed = column.hard.words
    remedy = Text(f"write a number {allowed.en}", f"请写{allowed.zh}的数")
    if value < 0 <= column.hard.least:
        return CellError(Code.NEGATIVE, Text("is negative", "为负数"), remedy)
    if column.unit.startswith("share"):
        share = number_text(value / 100)
        remedy = Text(f"if percent is meant, write {share}", f"若指百分数，请写 {share}")
    return CellError(Code.OUT_OF_RANGE, Text(f"must be {allowed.en}", f"必须{allowed.zh}"), remedy)


def implausible(column: Column, value: float) -> CellError:
    """Return why a number does not look like one in the unit of its column."""
    if column.likely is None:
        raise AssertionError(column.name)
    small = value < column.likely.least
    guess = WRONG_UNITS.get(column.unit)
    if column.unit == "g CO2e/tkm":
        guess = Text("kilograms", "千克") if small else None
    en = f", perhaps {guess.en}" if guess else ""
    zh = f"，可能写成了{guess.zh}" if guess else ""
    size = ("small", "小") if small else ("large", "大")
    unit = column.unit or "1"
    return CellError(
        Code.IMPLAUSIBLE,
        Text(
            f"is too {size[0]} for the unit {unit}{en}",
            f"对单位 {unit} 来说过{size[1]}{zh}",
        ),
        Text(f"write it in {unit}", f"请以 {unit} 为单位填写"),
    )


def number_text(value: float) -> str:
    """Return the shortest decimal that reads back as `value`, without an exponent."""
    if value != value or value in {math.inf, -math.inf}:  # noqa: PLR0124  (nan)
        return repr(value)
    text = format(Decimal(repr(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def cell_text(column: Column, value: Value) -> str:
    """Return a value as it stands in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return number_text(value)
    if column.kind in SETS:
        return SET_SIGN.join(word for word in WORDS[column.kind] if word in value)
    if column.kind in {Kind.PATH, Kind.CHAIN}:
        return PATH_SIGN.join(value)
    return str(value)
