"""What the reader of command lines refuses, said in Chinese too: it speaks English alone."""

from __future__ import annotations

import re
from enum import EnumMeta
from typing import TYPE_CHECKING, get_args

from cyclopts import exceptions

from hubopt.text import Text

if TYPE_CHECKING:
    from cyclopts import CycloptsError

MEANT = re.compile(r'Did you mean "?([^\s"?]+)"?\?')
"""The nearest name, in the words of the reader; where it has none, nothing is said of it."""


def refusal(error: CycloptsError) -> Text:
    """Return why a command line was refused, and where its options are told."""
    found = MEANT.search(str(error))
    nearest = "" if found is None else f"；最接近的是 {found[1]}"
    return Text(
        f"{error}\nTry: hubopt --help",
        f"命令行：{in_chinese(error)}{nearest}。\n请看：hubopt --help --lang zh",
    )


def in_chinese(error: CycloptsError) -> str:
    """Return the reason in Chinese, the reader's own words where it is of no known kind."""
    name = "" if error.argument is None else error.argument.name
    unused = error.unused_tokens or [""]
    match error:
        case exceptions.UnknownOptionError(token=token):
            said = f"没有选项 {token.keyword or token.value}"
        case exceptions.UnknownCommandError():
            said = f"没有命令 {unused[0]}"
        case exceptions.RepeatArgumentError(token=token):
            said = f"选项 {token.keyword} 重复出现"
        case exceptions.CoercionError(token=token) if token is not None:
            said = f'{token.keyword or name} 的值 "{token.value}" {wanted(error.target_type)}'
        case exceptions.MissingArgumentError(keyword=keyword):
            said = f"缺少 {keyword or name} 的值"
        case exceptions.UnusedCliTokensError():
            said = f"多余的内容 {' '.join(unused)}"
        case _:
            said = str(error).rstrip(".")
    return said


def wanted(kind: object) -> str:
    """Return in Chinese what a value should have been."""
    if isinstance(kind, EnumMeta):
        return f"不在可选值之内：{'、'.join(name.lower() for name in kind.__members__)}"
    kinds = {kind, *get_args(kind)}
    if float in kinds:
        return "不是数字（小数点用 .，如 0.01）"
    return "不是整数" if int in kinds else "类型不对"
