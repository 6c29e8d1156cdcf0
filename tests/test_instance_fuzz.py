"""Whatever bytes stand in the files, reading ends in an instance or in findings, never a crash."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubopt.errors import InputError
from hubopt.instance.read import read
from hubopt.instance.write import canonical_files
from hubopt.text import Language
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.errors import Finding

FILES = canonical_files(tiny())
PIECES = st.sampled_from((
    b"", b",", b'"', b"\n", b"\r", b"\0", b"\xff", b"\xef\xbb\xbf", b"nan", b"1e400", b"-1", b">",
    b"|", b"A", b"[", b"]", b"=", b"[[stages]]", b"{", b"9" * 50, "中".encode(), "中".encode("gbk"),
    b"0x10", b"1_000", b"true", b"1979-05-27", b"\\u0000", b"'", b"#", b";", "½²".encode(),
    "\u0661".encode(), "\u200b".encode(), b"infinity", b".", b"e",
))  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn) -> dict[str, bytes]:
    """Draw the tiny instance with a few places of a few files overwritten."""
    files = dict(FILES)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(FILES)))
        start = draw(st.integers(0, len(files[name])))
        length = draw(st.sampled_from((0, 0, 1, 2, 10, 200)))
        files[name] = files[name][:start] + draw(PIECES) + files[name][start + length :]
    return files


@settings(max_examples=150, deadline=None, derandomize=True)
@given(spoilt(), st.sampled_from((None, "gb18030")))
def test_spoilt_files_never_crash_the_reader(files: dict[str, bytes], encoding: str | None) -> None:
    """Every outcome is an instance or an `InputError` whose findings say something."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        for found in findings_of(Path(folder), encoding):
            lines = [found.in_language(language) for language in Language]
            assert all(line.isprintable() for line in lines), lines
            assert found.code


def findings_of(folder: Path, encoding: str | None) -> Sequence[Finding]:
    """Return what is wrong with an instance, nothing if it reads; no other error is caught."""
    try:
        read(folder, encoding=encoding)
    except InputError as error:
        return error.findings
    return ()


def test_the_pieces_spoil_something() -> None:
    """The untouched files read, so that what fails above fails for what was spoilt."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in FILES.items():
            (Path(folder) / name).write_bytes(data)
        assert read(Path(folder)) == tiny()
        (Path(folder) / "demand.csv").write_bytes(FILES["demand.csv"] + b"x")
        with pytest.raises(InputError):
            read(Path(folder))
