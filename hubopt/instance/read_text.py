"""The text of a file: UTF-8 with or without BOM, another encoding only if the user names it."""

from __future__ import annotations

import codecs
import stat
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.nearest import nearest_of
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 2 * 1024**3
GB18030_NAMES = frozenset({"gb18030", "gbk", "cp936", "gb2312", "936", "ms936"})
UTF8_NAMES = frozenset({"utf-8", "utf8", "utf-8-sig", "utf_8", "u8"})
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
FIRST_WIDE = "\u0800"
"""UTF-8 writes characters from here on in three bytes or more."""

MANY_NULS = 0.3
EXPORT_AGAIN = Text('save it as "CSV UTF-8"', "请另存为“CSV UTF-8”")


def encoding_named(name: str | None) -> str | None:
    """Return the Python name of an encoding option, `None` for UTF-8; raise `ValueError`."""
    if name is None or name.lower() in UTF8_NAMES:
        return None
    if name.lower() in GB18030_NAMES:
        return "gb18030"
    raise ValueError(name)


def unknown_encoding(name: str) -> Finding:
    """Return the finding about an encoding that is not read here."""
    return Finding(
        "command line",
        Text("is not an encoding that tables may have", "不是可用的表格编码"),
        Text("write utf-8 or gb18030", "请写 utf-8 或 gb18030"),
        column="--encoding",
        value=name,
        nearest=nearest_of(name.lower(), ["utf-8", "gb18030", "gbk"]),
        code=Code.UNKNOWN_ENCODING,
    )


def read_bytes(path: Path) -> bytes | Finding:
    """Return the content of a regular file, or why it cannot be read."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            kind = ("a folder", "文件夹") if path.is_dir() else ("no regular file", "特殊文件")
            return Finding(
                path.name,
                Text(f"is {kind[0]}", f"是{kind[1]}"),
                Text("put a file of this name in its place", "请换成同名的普通文件"),
                code=Code.SPECIAL_FILE,
            )
        if state.st_size > LARGEST_FILE:
            size = f"{state.st_size / 1024**3:.1f} GB"
            return Finding(
                path.name,
                Text(f"{size}, above the limit of 2 GB", f"{size}，超过 2 GB 的上限"),
                Text("split the instance", "请拆分算例"),
                code=Code.HUGE_FILE,
            )
        return path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        return Finding(
            path.name,
            Text(f"cannot be read ({why})", f"无法读取（{why}）"),
            Text(
                "check its permissions and close other programs", "请检查权限，并关闭占用它的程序"
            ),
            code=Code.UNREADABLE,
        )


def decoded(name: str, content: bytes, encoding: str | None) -> str | Finding:
    """Return the text of a file called `name`, or why it cannot be decoded."""
    if content.startswith(codecs.BOM_UTF8):
        return utf8(name, content[len(codecs.BOM_UTF8) :])
    nuls = content.count(b"\0")
    if content.startswith(UTF16_MARKS) or nuls > MANY_NULS * len(content):
        return Finding(
            name, Text("is a UTF-16 file", "是 UTF-16 文件"), EXPORT_AGAIN, code=Code.UTF16
        )
    if encoding is None or is_surely_utf8(content):
        return utf8(name, content)
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        return Finding(
            name,
            Text(f"is not {encoding} either", f"也不是 {encoding}"),
            EXPORT_AGAIN,
            row=row_of(content, error.start),
            code=Code.NOT_UTF8,
        )


def is_surely_utf8(content: bytes) -> bool:
    """Tell whether bytes are UTF-8 beyond doubt, as when only some tables were saved in GB18030."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return all(sign >= FIRST_WIDE for sign in text if not sign.isascii())


def utf8(name: str, content: bytes) -> str | Finding:
    """Return the text of UTF-8 bytes, or the row where they stop being UTF-8 and what they are."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        chinese = chinese_count(content)
        reads, reads_zh = "", ""
        remedy = EXPORT_AGAIN
        if chinese:
            reads = f"; reads cleanly as GB18030 ({chinese} Chinese characters)"
            reads_zh = f"；按 GB18030 可正常读取（{chinese} 个汉字）"
            remedy = Text(
                'save it as "CSV UTF-8", or add the option --encoding gb18030',
                "请另存为“CSV UTF-8”，或加上选项 --encoding gb18030",
            )
        return Finding(
            name,
            Text(f"is not UTF-8{reads}", f"不是 UTF-8{reads_zh}"),
            remedy,
            row=row_of(content, error.start),
            code=Code.NOT_UTF8,
        )


def chinese_count(content: bytes) -> int:
    """Return how many Chinese characters bytes hold as GB18030, 0 if they are not that."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return 0
    return sum("\u4e00" <= sign <= "\u9fff" for sign in text)


def row_of(content: bytes, position: int) -> int:
    """Return the row, from 1, in which a byte stands."""
    return content.count(b"\n", 0, position) + 1
