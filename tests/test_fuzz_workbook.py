"""Whatever bytes stand in a workbook or a file of lines, the end is an answer, never a crash."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubopt.errors import InputError
from hubopt.instance.read import read
from hubopt.instance.workbook_container import area, texts_of
from hubopt.publish.shapes import read_geometry
from hubopt.text import Language
from tests.bad_folders import PLACES, geojson, layer, line
from tests.tiny import tiny
from tests.workbook import tiny_book

if TYPE_CHECKING:
    from collections.abc import Callable

TINY = tiny()
PIECES = st.sampled_from((
    b"", b"<", b">", b"&amp;", b"&#0;", b"&x;", b"<!DOCTYPE a>", b"<!--", b"\0", b"\xff", b'"',
    b"9" * 30,
    b'r="A1"', b't="s"', b't="d"', b't="e"', b"<v>99999999</v>", b"<f>1</f>", b"<row/>", b"<c/>",
    b"</row>", b"NaN", b"1e999", b"-1", b'ref="A1:XFD99"', b"null", b"[]", b"{}", "中".encode(),
    "中".encode("gbk"), b"Infinity", b"EPSG:4547", b"\x00\x00\x27\x0a",
))  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return an untouched workbook, GeoPackage and GeoJSON."""
    root = tmp_path_factory.mktemp("originals")
    geojson(line("A", "B"), line("A", "T"))(root)
    layer(("A", "B", "road", [PLACES["A"], PLACES["B"]]))(root)
    kept = {path.name: path.read_bytes() for path in (root / "geometry").iterdir()}
    return {**kept, "plan.xlsx": tiny_book(root / "plan.xlsx").read_bytes()}


Spoiling = tuple[tuple[float, int, bytes], ...]
SPOILINGS = st.lists(
    st.tuples(st.floats(0, 1), st.sampled_from((0, 0, 1, 4, 40, 400)), PIECES),
    min_size=1,
    max_size=3,
).map(tuple)


def spoilt(data: bytes, spoiling: Spoiling) -> bytes:
    """Return bytes overwritten in some places."""
    for share, length, piece in spoiling:
        start = int(share * len(data))
        data = data[:start] + piece + data[start + length :]
    return data


def assert_answered(call: Callable[[], object]) -> None:
    """Assert that a call ends in a result, or in findings that may be printed."""
    try:
        call()
    except InputError as error:
        for found in error.findings:
            assert found.code
            for language in Language:
                assert found.in_language(language).isprintable()


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SPOILINGS, st.integers(0, 30))
def test_spoilt_parts_of_a_workbook(
    originals: dict[str, bytes], spoiling: Spoiling, number: int
) -> None:
    """One part of the zip is spoilt and zipped again: read, or refused with a finding."""
    with zipfile.ZipFile(io.BytesIO(originals["plan.xlsx"])) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    name = sorted(parts)[number % len(parts)]
    parts[name] = spoilt(parts[name], spoiling)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        with zipfile.ZipFile(path, "w") as new:
            for part, data in parts.items():
                new.writestr(part, data)
        assert_answered(lambda: read(path))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SPOILINGS)
def test_spoilt_bytes_of_a_workbook(originals: dict[str, bytes], spoiling: Spoiling) -> None:
    """The zip itself is spoilt: read, or refused with a finding."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        path.write_bytes(spoilt(originals["plan.xlsx"], spoiling))
        assert_answered(lambda: read(path))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(SPOILINGS, st.sampled_from(("lines.geojson", "net.gpkg")))
def test_spoilt_lines(originals: dict[str, bytes], spoiling: Spoiling, name: str) -> None:
    """A file of lines is spoilt: read, or refused with a finding."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "geometry").mkdir()
        (Path(folder) / "geometry" / name).write_bytes(spoilt(originals[name], spoiling))
        assert_answered(lambda: read_geometry(Path(folder), TINY))


def test_the_originals_are_right(originals: dict[str, bytes], tmp_path: Path) -> None:
    """The untouched files read, so that what is refused above is refused for what was spoilt."""
    (tmp_path / "plan.xlsx").write_bytes(originals["plan.xlsx"])
    assert read(tmp_path / "plan.xlsx") == TINY
    (tmp_path / "geometry").mkdir()
    (tmp_path / "geometry" / "net.gpkg").write_bytes(originals["net.gpkg"])
    assert len(read_geometry(tmp_path, TINY).shapes) == 1


@pytest.mark.parametrize("piece", [b"<c ", b"<row ", b"<c r='A1' t='str'", b"<c><f>", b"<c><f "])
def test_tags_that_never_end_are_scanned_once(piece: bytes) -> None:
    """Bytes of a spoilt sheet are looked at in one pass: twice as many would not take four times.

    Were it otherwise, these would take far longer than a test may.
    """
    assert list(texts_of(piece * 400_000)) == []
    assert area(piece * 400_000) >= 0
