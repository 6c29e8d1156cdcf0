"""A text file of numbers and words, read one by one; each refusal says line, wish and find."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING, NoReturn

from hubopt.errors import Finding, InputError
from hubopt.instance.cell_numbers import NUMBER, PLAIN
from hubopt.instance.read_text import decoded, read_bytes
from hubopt.instance.schema import LARGEST
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CODE = "PUB01"
"""The code of everything that is wrong with a public file."""

GZIP_MARK = b"\x1f\x8b"
NUL = b"\0"
MOST_BYTES = 256 * 1024**2
"""Unpacked, the largest public file has less than a hundredth of this."""

LONGEST_SHOWN = 40
SEE_FORMAT = Text(
    "compare the file with the description of its format, or fetch it again",
    "请对照该格式的说明检查文件，或重新获取",
)


class Tokens:
    """The tokens of a file in order, with their lines; the first wrong one raises `InputError`."""

    def __init__(self, file: Path, *, padded: bool = False) -> None:
        """Read a file; `padded` says that whatever follows a NUL byte is not part of it."""
        self.file = file
        self.words: list[str] = []
        self.lines: list[int] = []
        for number, line in enumerate(text_of(file, padded=padded).splitlines(), start=1):
            parts = line.split()
            self.words += parts
            self.lines += [number] * len(parts)
        self.here = 0

    @property
    def line(self) -> int:
        """Return the line of the next token, the last line after the end."""
        if self.here < len(self.lines):
            return self.lines[self.here]
        return self.lines[-1] if self.lines else 1

    def word(self, what: Text) -> str:
        """Return the next token; raise if the file ends before it."""
        if self.here == len(self.words):
            self.refuse(
                Text(
                    f"the file ends here, but {what.en} should follow",
                    f"文件到此结束，其后应为{what.zh}",
                )
            )
        self.here += 1
        return self.words[self.here - 1]

    def follows(self, word: str) -> bool:
        """Tell whether the next token is this word, and pass it if so."""
        found = self.here < len(self.words) and self.words[self.here].lower() == word.lower()
        self.here += found
        return found

    def number(self, what: Text, *, least: float | None = None, most: float | None = None) -> float:
        """Return the next token as a finite number from `least` to `most`."""
        word = self.word(what).translate(PLAIN)
        if not NUMBER.fullmatch(word):
            self.refuse_last(what, Text("is not a number", "不是数字"))
        value = float(word) + 0.0
        if abs(value) > LARGEST:
            self.refuse_last(what, Text(f"exceeds {LARGEST:g}", f"超过 {LARGEST:g}"))
        if least is not None and value < least:
            self.refuse_last(what, Text(f"is below {least:g}", f"小于 {least:g}"))
        if most is not None and value > most:
            self.refuse_last(what, Text(f"is above {most:g}", f"大于 {most:g}"))
        return value

    def whole(self, what: Text, *, least: float | None = None, most: float | None = None) -> int:
        """Return the next token as a whole number from `least` to `most`."""
        value = self.number(what, least=least, most=most)
        if value != int(value):
            self.refuse_last(what, Text("is not a whole number", "不是整数"))
        return int(value)

    def numbers(self, count: int, what: Text, *, least: float | None = None) -> tuple[float, ...]:
        """Return so many numbers one after the other, fast if all of them are right."""
        words = self.words[self.here : self.here + count]
        values = all_numbers(words, -LARGEST if least is None else least)
        if len(words) < count or values is None:
            return tuple(self.number(what, least=least) for _ in range(count))
        self.here += count
        return values

    def end(self) -> None:
        """Raise if anything follows."""
        left = len(self.words) - self.here
        if left:
            self.here += 1
            self.refuse_last(
                Text("the end of the file", "文件结尾"),
                Text(f"is one of {left:,} entries too many", f"属于多余的 {left:,} 个数据之一"),
            )

    def refuse_last(self, what: Text, why: Text) -> NoReturn:
        """Raise `InputError` about the token that was read last, which should have been `what`."""
        word = self.words[self.here - 1]
        shown = word if len(word) <= LONGEST_SHOWN else word[:LONGEST_SHOWN] + "..."
        reason = Text(f"{why.en}; here should stand {what.en}", f"{why.zh}；此处应为{what.zh}")
        raise InputError([self.finding(reason, line=self.lines[self.here - 1], value=shown)])

    def refuse(self, why: Text, *, line: int | None = None) -> NoReturn:
        """Raise `InputError` about the file, at the present line if none is given."""
        raise InputError([self.finding(why, line=self.line if line is None else line)])

    def finding(self, reason: Text, *, line: int, value: str | None = None) -> Finding:
        """Return a finding about this file."""
        value = None if value is None else escaped(value)
        return Finding(self.file.name, reason, SEE_FORMAT, row=line, value=value, code=CODE)


def all_numbers(words: Sequence[str], least: float) -> tuple[float, ...] | None:
    """Return words as numbers within limits, `None` if any of them may be none."""
    try:
        values = tuple(map(float, words))
    except ValueError:
        return None
    fits = all(least <= value <= LARGEST for value in values)
    return values if fits and not any("_" in word for word in words) else None


def text_of(file: Path, *, padded: bool = False) -> str:
    """Return the text of a plain or gzipped file; raise `InputError` for what is neither."""
    content = read_bytes(file, most=MOST_BYTES)
    if isinstance(content, Finding):
        raise InputError([content])
    packed = content.startswith(GZIP_MARK)
    if packed or file.suffix.lower() == ".gz":
        content = unpacked(file, content, packed=packed)
    if padded:
        content = content.partition(NUL)[0]
    if not content.strip():
        raise InputError([of_file(file, Text("is empty", "为空"))])
    text = decoded(file.name, content, None)
    if isinstance(text, Finding):
        raise InputError([text])
    return text.text


def unpacked(file: Path, content: bytes, *, packed: bool) -> bytes:
    """Return the content of a gzipped file."""
    if not packed:
        why = Text("ends in .gz but is no gzip file", "以 .gz 结尾，但不是 gzip 文件")
        raise InputError([of_file(file, why)])
    try:
        with gzip.open(io.BytesIO(content)) as inner:
            found = inner.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        why = Text("is a damaged or truncated gzip file", "是损坏或不完整的 gzip 文件")
        raise InputError([of_file(file, why)]) from error
    if len(found) > MOST_BYTES:
        why = Text("unpacks to more than any such file holds", "解压后远超此类文件的大小")
        raise InputError([of_file(file, why)])
    return found


def of_file(file: Path, reason: Text) -> Finding:
    """Return a finding about a file as a whole."""
    return Finding(file.name, reason, Text("fetch it again", "请重新获取"), code=CODE)


def joined_findings(errors: Sequence[InputError]) -> InputError:
    """Return one error with the findings of several."""
    return InputError(finding for error in errors for finding in error.findings)
