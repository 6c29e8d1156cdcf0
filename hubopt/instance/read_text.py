"""The text of a file: UTF-8 with or without BOM, another encoding only if the user names it."""

from __future__ import annotations

import codecs
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.nearest import nearest_of
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 2 * 1024**3
HEAD = 65_536
"""Bytes by which a file is judged before all of it is read."""

GB18030_NAMES = frozenset({"gb18030", "gbk", "cp936", "gb2312", "936", "ms936"})
UTF8_NAMES = frozenset({"utf-8", "utf8", "utf-8-sig", "utf_8", "u8"})
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
FIRST_WIDE = "\u0800"
"""UTF-8 writes characters from here on in three bytes or more."""

IN_A_WORD = re.compile(r"[A-Za-z][^\W\d_a-zA-Z]|[^\W\d_a-zA-Z][A-Za-z]")
MANY_NULS = 0.3
EXPORT_AGAIN = Text('save it as "CSV UTF-8"', "请另存为“CSV UTF-8”")


def export(name: str) -> Text:
    """Return how to save a file in the right encoding."""
    if name.endswith(".csv"):
        return EXPORT_AGAIN
    return Text("save it as UTF-8 with a text editor", "请用文本编辑器另存为 UTF-8")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and a note if it is not in the encoding that was named."""

    text: str
    note: Text | None = None


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


def read_bytes(
    path: Path, *, folder: Path | None = None, most: int = LARGEST_FILE
) -> bytes | Finding:
    """Return the content of a regular file inside its folder, or why it cannot be read.

    A link may lead to any file in `folder`, by default the one in which the link stands.
    """
    try:
        wrong = (
            not_inside(path, folder or path.parent)
            or not_regular(path)
            or too_large(path, most)
            or odd_head(path)
        )
        if wrong is not None:
            return wrong
        before = path.stat()
        content = path.read_bytes()
        after = path.stat()
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before 3.13
        why = getattr(error, "strerror", None) or str(error)
        return Finding(
            path.name,
            Text(f"cannot be read ({why})", f"无法读取（{why}）"),
            Text(
                "check its permissions and close other programs", "请检查权限，并关闭占用它的程序"
            ),
            code=Code.UNREADABLE,
        )
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
        return Finding(
            path.name,
            Text("changed while it was being read", "读取过程中文件被修改"),
            Text("run again", "请重新运行"),
            code=Code.CHANGED,
        )
    return content


def not_inside(path: Path, folder: Path) -> Finding | None:
    """Return a finding if a link leads out of a folder."""
    real = path.resolve()
    if not path.is_symlink() or real.is_relative_to(folder.resolve()):
        return None
    return Finding(
        path.name,
        Text(
            f"is a link to {real}, outside the instance folder",
            f"是指向算例文件夹以外的链接：{real}",
        ),
        Text("copy the file into the folder", "请把文件复制到该文件夹内"),
        code=Code.LINK_OUT,
    )


def not_regular(path: Path) -> Finding | None:
    """Return a finding unless a path is a file: a folder cannot be read, a pipe may never end."""
    if stat.S_ISREG(path.stat().st_mode):
        return None
    kind = ("a folder", "文件夹") if path.is_dir() else ("no regular file", "特殊文件")
    return Finding(
        path.name,
        Text(f"is {kind[0]}", f"是{kind[1]}"),
        Text("put a file of this name in its place", "请换成同名的普通文件"),
        code=Code.SPECIAL_FILE,
    )


def too_large(path: Path, most: int) -> Finding | None:
    """Return a finding for a file larger than any instance needs."""
    size = path.stat().st_size
    if size <= most:
        return None
    words, limit = size_words(size), size_words(most)
    return Finding(
        path.name,
        Text(f"{words}, above the limit of {limit}", f"{words}，超过 {limit} 的上限"),
        Text("split the instance", "请拆分算例"),
        code=Code.HUGE_FILE,
    )


def size_words(size: int) -> str:
    """Return a number of bytes in GB or MB."""
    return f"{size / 1024**3:.3g} GB" if size >= 1024**3 else f"{size / 1e6:.3g} MB"


def odd_head(path: Path) -> Finding | None:
    """Return a finding for a large file whose beginning shows that all of it is not worth reading.

    NUL bytes alone are space that was never written to, and a table has line ends.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if len(head) < HEAD:
        return None
    again = Text("the file is damaged: export it again", "文件已损坏，请重新导出")
    if not head.strip(b"\0"):
        reason = Text("contains NUL bytes and nothing else at its start", "开头全是空字节（NUL）")
        return Finding(path.name, reason, again, row=1, code=Code.NUL_BYTE)
    if path.suffix.lower() == ".csv" and b"\n" not in head and b"\r" not in head:
        reason = Text(f"no line ends within {HEAD:,} bytes", f"前 {HEAD:,} 字节内没有换行")
        return Finding(path.name, reason, again, row=1, code=Code.HUGE_CELL)
    return None


def decoded(name: str, content: bytes, encoding: str | None) -> Decoded | Finding:
    """Return the text of a file called `name`, or why it cannot be decoded.

    What is UTF-8 beyond doubt is read so even if `encoding` says otherwise, and noted.
    """
    if content.startswith(codecs.BOM_UTF8):
        return utf8(name, content[len(codecs.BOM_UTF8) :])
    wrong = no_text(name, content)
    if wrong is not None:
        return wrong
    if encoding is None or content.isascii():
        return utf8(name, content)
    if is_surely_utf8(content):
        note = Text(
            f"{name}: read as UTF-8, which it is, and not as {encoding}",
            f"{name}：该文件是 UTF-8，按 UTF-8 而非 {encoding} 读取",
        )
        return Decoded(content.decode(), note)
    try:
        return Decoded(content.decode(encoding))
    except UnicodeDecodeError as error:
        return Finding(
            name,
            Text(f"is not {encoding} either", f"也不是 {encoding}"),
            export(name),
            row=row_of(content, error.start),
            code=Code.NOT_UTF8,
        )


def no_text(name: str, content: bytes) -> Finding | None:
    """Return a finding for bytes that are a workbook, or text of two bytes a character."""
    if content.startswith(WORKBOOK_MARKS):
        reason, code = Text("is a workbook or archive", "是工作簿或压缩文件"), Code.WORKBOOK
    elif content.startswith(UTF16_MARKS) or content.count(b"\0") > MANY_NULS * len(content):
        reason, code = Text("is a UTF-16 file", "是 UTF-16 文件"), Code.UTF16
    else:
        return None
    return Finding(name, reason, export(name), code=code)


def is_surely_utf8(content: bytes) -> bool:
    """Tell whether bytes are UTF-8 beyond doubt, as when only some tables were saved in GB18030.

    Two bytes may be one Western letter in UTF-8 or one Chinese character in GB18030; such a letter
    stands in a word, beside plain letters, or there are others of three bytes.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    if any(sign >= FIRST_WIDE for sign in text) or IN_A_WORD.search(text) is not None:
        return True
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return True
    return False


def utf8(name: str, content: bytes) -> Decoded | Finding:
    """Return the text of UTF-8 bytes, or the row where they stop being UTF-8 and what they are."""
    try:
        return Decoded(content.decode())
    except UnicodeDecodeError as error:
        chinese = chinese_count(content)
        reads, reads_zh = "", ""
        remedy = export(name)
        if chinese:
            reads = f"; reads cleanly as GB18030 ({chinese} Chinese characters)"
            reads_zh = f"；按 GB18030 可正常读取（{chinese} 个汉字）"
        if chinese and not name.endswith(".toml"):  # the option is for tables
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
