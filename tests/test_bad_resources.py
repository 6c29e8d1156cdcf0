"""No bad file costs over 20 s or 1 GB; a million shipments are checked within 60 s and 2 GB."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.bad_folders import folder, rebuilt
from tests.instance_folder import D, tiny_folder
from tests.workbook import tiny_book

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bad_folders import Make

pytestmark = [
    pytest.mark.campaign,
    pytest.mark.skipif(sys.platform == "win32", reason="peaks of memory are read the POSIX way"),
]

ROOT = Path(__file__).parent.parent
MB = 1024**2

PEAK = """
import json, os, resource, sys, tempfile, time
from pathlib import Path
os.environ["HUBOPT_LANG"] = "en"
from hubopt.cli.entry import run
def told(**took):
    try:  # the peak of this program alone, not of the one that started it
        lines = Path("/proc/self/status").read_text().splitlines()
        peak = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) * 1024
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stderr.write(json.dumps({**took, "peak": peak}))
"""
CHECK = """
code = run(["check", sys.argv[1]])
used = resource.getrusage(resource.RUSAGE_SELF)
told(code=code, cpu=used.ru_utime + used.ru_stime)
"""
"""A command in a process of its own, and what it took."""

ALL_KINDS = """
from tests.bad_kinds import KINDS
slowest, number = ("", 0.0), 0
for code, kinds in KINDS.items():
    for kind in kinds:
        if kind.code == "OPTION":
            continue
        with tempfile.TemporaryDirectory() as place:
            path = kind.make(Path(place))
            began = time.monotonic()
            run(["check", str(path)])
            slowest = max(slowest, (code, time.monotonic() - began), key=lambda pair: pair[1])
            number += 1
told(number=number, slowest=slowest)
"""


def measured(script: str, *words: object) -> dict[str, Any]:
    """Return what a script says on standard error that it took."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK + script, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
        timeout=250,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stderr.splitlines()[-1]))


def test_no_kind_of_bad_input_is_slow_or_large() -> None:
    """Every kind of bad input is answered within 20 s, all in one process below 1 GB."""
    took = measured(ALL_KINDS)
    assert took["number"] >= 100
    name, seconds = took["slowest"]
    assert seconds < 20, name
    assert took["peak"] < 1024 * MB, took


def nothing(size: int) -> Callable[[Path], None]:
    """Return the edit that makes a table of NUL bytes that use no disk."""

    def edit(path: Path) -> None:
        (path / D).write_bytes(b"")
        os.truncate(path / D, size)

    return edit


def rows(number: int, cells: bytes) -> Callable[[bytes], bytes]:
    """Return the change that puts many rows into a sheet."""
    body = b"".join(b'<row r="%d">%s</row>' % (here, cells) for here in range(900, 900 + number))
    return lambda data: data.replace(b"</sheetData>", body + b"</sheetData>")


def padded(data: bytes) -> bytes:
    """Return a sheet with 60 MB of blanks in it."""
    return data.replace(b"</worksheet>", b" " * 60_000_000 + b"</worksheet>")


def gigabyte(path: Path) -> Path:
    """Make a workbook that unpacks to a gigabyte of zeros."""
    with (
        zipfile.ZipFile(path / "plan.xlsx", "w", zipfile.ZIP_DEFLATED) as made,
        made.open("xl/workbook.xml", "w") as part,
    ):
        for _ in range(1000):
            part.write(b"0" * 1_000_000)
    return path / "plan.xlsx"


def many_texts(path: Path) -> Path:
    """Make a workbook whose table of texts has millions of entries, most of them not used."""
    with zipfile.ZipFile(tiny_book(path / "plan.xlsx"), "a", zipfile.ZIP_STORED) as made:
        made.writestr("xl/sharedStrings.xml", TEXT_START + TEXT * 6_000_000)
    return path / "plan.xlsx"


def filled(name: str, start: bytes, piece: bytes, times: int) -> Make:
    """Return what makes an instance in which one file is a start and many pieces."""

    def edit(path: Path) -> None:
        (path / name).parent.mkdir(exist_ok=True)
        (path / name).write_bytes(start + piece * times)

    return folder(edit)


BILLION = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + here, b"&%c;" % (97 + here) * 10) for here in range(9)
) + b"]><worksheet>&j;</worksheet>"  # fmt: skip
TWO_BYTES = BILLION.decode().encode("utf-16")
TEXT_START, TEXT = b"<sst>", b"<si><t>ab</t></si>"
FAR = b'<row r="99999999999"/></sheetData>'

HEAD_OF_D = b"id,origin,destination,product,stage,demand_t_per_year,latest_h\n"
MONSTERS: dict[str, Make] = {
    "60 MB of blanks": rebuilt("sheet3.xml", padded),
    "a gigabyte of zeros": gigabyte,
    "entities in entities": rebuilt("sheet3.xml", lambda _: BILLION),
    "entities in two bytes a letter": rebuilt("sheet3.xml", lambda _: TWO_BYTES),
    "six million texts": many_texts,
    "a cell at the far end of each row": rebuilt("sheet3.xml", rows(5_000, b'<c r="XFD1"/>')),
    "a row beyond the last": rebuilt("sheet3.xml", lambda data: data.replace(b"</sheetData>", FAR)),
    "a million empty rows": rebuilt("sheet3.xml", rows(1_000_000, b"")),
    "two thirds of a workbook": rebuilt("sheet3.xml", lambda data: data[: len(data) * 2 // 3]),
    "nearly 2 GB of nothing": folder(nothing(2040 * MB)),
    "10 GB of nothing": folder(nothing(10 * 1024 * MB)),
    "300 MB on one line": filled(D, b"", b"x", 300_000_000),
    "a quote that swallows 60 MB": filled(D, b'id,origin\n"', b"a,b\n", 15_000_000),
    "a line of 30 million commas": filled(D, b"id,origin\n", b",", 30_000_000),
    "20,000 columns": filled(D, b"c", b",c", 20_000),
    "60 MB of short rows": filled(D, b"id,origin,destination\n", b"x\n", 10_000_000),
    "half a million rows of words": filled(D, HEAD_OF_D, b"x,A,B,FMCG,soon,many,never\n", 500_000),
    "200 MB of lines on the map": filled("geometry/a.geojson", b'{"features":[', b" ", 200_000_001),
    "deep brackets": filled("geometry/a.geojson", b'{"features":', b"[", 20_000_000),
}  # fmt: skip


@pytest.mark.parametrize("name", MONSTERS)
def test_no_monster_costs_time_or_memory(name: str, tmp_path: Path) -> None:
    """Bombs, endless lines and empty gigabytes are refused within 20 s and 1 GB, each alone."""
    took = measured(CHECK, MONSTERS[name](tmp_path))
    assert took["code"] == 2
    assert took["cpu"] < 20, took
    assert took["peak"] < 1024 * MB, took


def test_a_million_shipments_are_checked_in_a_minute(tmp_path: Path) -> None:
    """A million rows of demand are read and checked within 60 s of one core and 2 GB."""
    path = tiny_folder(tmp_path / "big")
    with (path / D).open("w", encoding="utf-8", newline="") as file:
        file.write("id,origin,destination,product,stage,demand_t_per_year,latest_h\n")
        file.writelines(
            f"shipment_{n},{'AB'[n % 2]},{'BA'[n % 2]},FMCG,{2025 + 5 * (n % 2)},"
            f"{(n % 97 + 1) / 1000},{'' if n % 3 else 48}\n"
            for n in range(1_000_000)
        )
    took = measured(CHECK, path)
    assert took["code"] == 0
    assert took["cpu"] < 60, took
    assert took["peak"] < 2048 * MB, took
