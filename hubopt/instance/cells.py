"""One cell at a time: from the text in a file to a value, or why not; and back to text."""

from __future__ import annotations

import numbers
import re
from typing import TYPE_CHECKING, Any

from hubopt.instance.cell_errors import (
    CellError,
    empty,
    free_text,
    plain_text,
    refuse_invisible,
)
from hubopt.instance.cell_numbers import number, number_text
from hubopt.instance.codes import Code
from hubopt.instance.nearest import nearest_of
from hubopt.instance.schema import NUMERIC, PATH_SIGN, SET_SIGN, SETS, WORDS, Column, Kind
from hubopt.text import Text
from hubopt.vocabulary import Function

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import StrEnum

Value = Any
"""What a cell holds once read; the kind of its column says which type."""

LONGEST_ID = 100
WHY_NOT_HANDLING = {
    Function.TRANSFER: Text(
        "transfer is a change of mode, not a handling of goods",
        "transfer 是转换运输方式，不是货物处理功能",
    ),
    Function.CHARGING: Text(
        "charging is what trucks need, not a handling of goods",
        "charging 供车辆充换电，不是货物处理功能",
    ),
}
MEANT = dict.fromkeys(("y", "true", "1", "1.0", "是", "有"), "yes") | dict.fromkeys(
    ("n", "false", "0", "0.0", "否", "无"), "no"
)
OTHER_SIGNS = re.compile(r"\s*(?:[>＞|｜→,，、;；/+]|->|=>)+\s*")
"""What people join words by, right or wrong."""

OWN_SIGN = re.compile(r"\s*([>|])\s*")

OTHER_STOPS = re.compile(r"\s*[＞|｜→]+\s*")
"""What cannot stand in an id but is written between stops."""

LONE_STOPS = re.compile(r"\s*[＞|｜→,，、;；]+\s*")
"""The same where there is no > at all: a path has two stops, so that these must join them."""


def parser_of(column: Column) -> Callable[[str], Value]:
    """Return the function that reads a stripped cell of a column or raises `CellError`."""
    if column.kind in NUMERIC:
        return lambda cell: number(column, cell)
    own: dict[Kind, Callable[[str], Value]] = {
        Kind.ID: lambda cell: ident(column, cell),
        Kind.COUNTRY: lambda cell: ident(column, cell),
        Kind.IDS: lambda cell: frozenset(ident(column, part) for part in parts(cell, SET_SIGN)),
        Kind.PATH: lambda cell: path(column, cell),
        Kind.TEXT: free_text,
        Kind.YES_NO: yes_no,
    }
    return own.get(column.kind, lambda cell: words(column, cell))


def ident(column: Column, cell: str) -> str:
    """Return an id: text that no one can mistake for another."""
    plain_text(cell)
    if not cell:
        raise empty(column)
    if not cell.isascii():
        refuse_invisible(cell, remedy=Text("type the id anew", "请重新输入该编号"))
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


def path(column: Column, cell: str) -> tuple[str, ...]:
    """Return the stops of a path."""
    signs = OTHER_STOPS if PATH_SIGN in cell else LONE_STOPS
    if signs.search(cell):
        raise other_joiner(PATH_SIGN, signs.sub(PATH_SIGN, cell))
    return tuple(ident(column, part) for part in parts(cell, PATH_SIGN))


def parts(cell: str, sign: str) -> list[str]:
    """Return the entries of a cell that are joined by a sign."""
    found = [part.strip() for part in cell.split(sign)]
    if not all(found):
        raise CellError(
            Code.OTHER_JOINER,
            Text("has an empty entry", "有空的条目"),
            Text(f"delete the {sign} too many", f"请删去多余的 {sign}"),
        )
    return found


def other_joiner(sign: str, right: str) -> CellError:
    """Return why a cell whose entries are joined by another sign cannot be read."""
    return CellError(
        Code.OTHER_JOINER,
        Text(f"its entries are not joined by {sign}", f"各项未用 {sign} 连接"),
        Text(f"write {right}", f"请写 {right}"),
    )


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
    sign = PATH_SIGN if column.kind is Kind.CHAIN else SET_SIGN
    if column.kind is Kind.CHAIN or column.kind in SETS:
        right = OTHER_SIGNS.sub(sign, cell)
        if right != OWN_SIGN.sub(r"\1", cell) and right.strip(sign) == right:
            raise other_joiner(sign, right)
    if column.kind is Kind.CHAIN:
        chain = tuple(word(kind, part) for part in parts(cell, sign))
        for strange in [f for f in WHY_NOT_HANDLING if f in chain]:
            raise CellError(
                Code.TRANSFER_NOT_HANDLING,
                WHY_NOT_HANDLING[strange],
                Text("leave it out of the chain", "请从 chain 中删去"),
            )
        return chain
    if column.kind in SETS:
        return frozenset(word(kind, part) for part in parts(cell, sign))
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


def cell_text(column: Column, value: Value) -> str:
    """Return a value as it stands in a file."""
    if value is None or isinstance(value, str):
        return str(value or "")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float) or isinstance(value, numbers.Real):  # noqa: SIM101  (slow)
        return number_text(value if isinstance(value, int) else float(value))
    if column.kind in SETS or column.kind is Kind.IDS:
        known = [word for word in WORDS.get(column.kind, ()) if word in value]
        return SET_SIGN.join([*known, *sorted(map(str, set(value) - set(known)))])
    if column.kind in {Kind.PATH, Kind.CHAIN}:
        return PATH_SIGN.join(map(str, value))
    return str(value)
