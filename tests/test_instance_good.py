# ruff: noqa: E501 (a case is one line, read across)
"""Odd-looking but right input is read without complaint, and means what it says."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest

from hubopt.instance.digest import content_hash
from hubopt.instance.read import read
from tests.instance_folder import (
    again,
    cell,
    column,
    content,
    delete,
    every_line,
    recode,
    replace,
    rows_of,
    save,
    tiny_folder,
)
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from tests.instance_folder import Edit

P, S, M, C = "places.csv", "sites.csv", "modules.csv", "capacities.csv"
L, V, T, U = "links.csv", "services.csv", "transfers.csv", "customs.csv"
G, D, X, N = "products.csv", "demand.csv", "limits.csv", "instance.toml"


def bom(folder: Path) -> None:
    """Put a byte order mark before every file, as Excel does."""
    for path in folder.iterdir():
        path.write_bytes(codecs.BOM_UTF8 + path.read_bytes())


def crlf(folder: Path) -> None:
    """End every line as Windows does."""
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def backwards(folder: Path) -> None:
    """Turn rows and columns of every table around."""
    for path in folder.glob("*.csv"):
        head, *rows = rows_of(path)
        save(path, [row[::-1] for row in [head, *rows[::-1]]])


def linked(folder: Path) -> None:
    """Make a table a symbolic link to a file elsewhere in the folder."""
    (folder / "drafts").mkdir()
    (folder / P).rename(folder / "drafts" / "places-2.csv")
    (folder / P).symlink_to("drafts/places-2.csv")


def beside(folder: Path) -> None:
    """Make the folder itself a symbolic link."""
    folder.rename(folder.parent / "real")
    folder.symlink_to("real")


def quoted(line: str) -> str:
    """Return a line with every cell in quotes."""
    return ",".join(f'"{part}"' for part in line.split(","))


SAME: dict[str, Sequence[Edit]] = {
    "as written": (),
    "byte order marks": (bom,),
    "windows line ends": (crlf,),
    "rows and columns backwards": (backwards,),
    "every cell quoted": (every_line(D, quoted),),
    "blank lines at the end": (every_line(D, lambda line: line + ("\n\n  \n" if "2030" in line else "")),),
    "lines of commas": (every_line(L, lambda line: f"{line}\n,,,,,,,,,,,,"),),
    "empty columns at the end": (every_line(U, lambda line: f"{line},,"),),
    "no line end at the end": (lambda folder: (folder / D).write_bytes((folder / D).read_bytes().rstrip()),),
    "spaces around cells": (every_line(U, lambda line: line.replace(",", " , ")),),
    "ideographic and no-break spaces": (cell(D, 2, "demand_t_per_year", "\u30008000\u00a0"),),
    "full-width digits": (cell(D, 2, "demand_t_per_year", "８０００．０"),),
    "exponent": (cell(D, 2, "demand_t_per_year", "8E3"),),
    "trailing zeros": (cell(D, 2, "demand_t_per_year", "+08000.000"),),
    "whole number with a point": (cell(D, 2, "stage", "2025.0"),),
    "modes in any order": (cell(G, 3, "modes", "rail | air|road_battery|road_diesel"),),
    "chain with spaces": (cell(V, 2, "path", "Q > P"),),
    "gb18030 that was ascii": (recode(D, "gb18030"),),
    "symbolic link": (linked,),
    "folder is a link": (beside,),
    "both trucks' path spelt out": (cell(V, 2, "path", " Q> P "),),
    "seventeen digits that are kept": (cell(D, 2, "demand_t_per_year", "8000.0000000000000"),),
    "space in the header": (every_line(U, lambda line: line.replace("place,mode", " place , mode ")),),
    "name on two lines": (cell(P, 2, "name_en", "A\n"),),
    "only carriage returns": (lambda folder: (folder / D).write_bytes((folder / D).read_bytes().replace(b"\n", b"\r")),),
    "any cargo left blank": (column(V, "cargo", lambda _: ""),),
    "workbook of a table that is there": (content("demand.xlsx", b"PK"),),
    "other files beside": (content("notes.txt", b"\xff\xfe"), content("geometry.geojson", b"{}")),
    "comments in the settings": (replace(N, "schema = 1", "# 说明\nschema = 1 # layout"),),
    "settings as inline tables": (replace(N, "[solver]\ngap = 0.001\ntime_s = 600\n", ""), replace(N, "schema = 1", "solver = { gap = 0.001, time_s = 600.0 }\nschema = 1")),
    "defaults left out": (replace(N, "[solver]\ngap = 0.001\ntime_s = 600\n", ""), replace(N, "routes_per_shipment = 10\n", "")),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_the_same_instance_however_it_is_written(name: str, tmp_path: Path) -> None:
    """Encoding marks, order, quoting, spaces and number styles change nothing, nor the hash."""
    folder = tiny_folder(tmp_path / "tiny", *SAME[name])
    found = read(folder)
    assert found == tiny()
    assert content_hash(found) == content_hash(tiny())


OTHER: dict[str, tuple[Sequence[Edit], Callable[[Instance], bool]]] = {
    "id with zeros": ([cell(D, 2, "id", "000123")], lambda x: "000123" in x.shipment),
    "id like a number": ([cell(D, 2, "id", "1E5")], lambda x: "1E5" in x.shipment),
    "id NA": ([cell(D, 2, "id", "NA"), cell(D, 3, "id", "null")], lambda x: {"NA", "null"} <= set(x.shipment)),
    "id in chinese": ([cell(D, 2, "id", "郑州—洛阳 1")], lambda x: "郑州—洛阳 1" in x.shipment),
    "name with comma and quote": ([cell(P, 2, "name_en", 'A, "the" place')], lambda x: x.place["A"].name_en == 'A, "the" place'),
    "name like a formula": ([cell(P, 2, "name_en", "=HYPERLINK(1)")], lambda x: x.place["A"].name_en[0] == "="),
    "name like markup": ([cell(P, 2, "name_en", "<script>")], lambda x: x.place["A"].name_en == "<script>"),
    "no names": ([cell(P, 2, "name_en", ""), cell(P, 2, "name_zh", "")], lambda x: x.place["A"].name_zh == ""),
    "rare character": ([cell(P, 2, "name_zh", "𠮷野")], lambda x: x.place["A"].name_zh == "𠮷野"),
    "no demand": ([cell(D, 2, "demand_t_per_year", "0")], lambda x: x.demand[0].demand_t_per_year == 0),
    "minus zero": ([cell(D, 2, "demand_t_per_year", "-0")], lambda x: str(x.demand[0].demand_t_per_year) == "0.0"),
    "no capacity left": ([cell(L, 5, "capacity_t_per_year", "0")], lambda x: x.links[3].capacity_t_per_year == 0),
    "no optional tables": ([delete(X)], lambda x: x.limits == ()),
    "empty optional table": ([every_line(X, lambda line: line if "kind" in line else "")], lambda x: x.limits == ()),
    "same shipment twice": ([again(D, 2, id="again")], lambda x: len(x.demand) == 13),
    "gcj02 at home": ([cell(P, 2, "datum", "gcj02")], lambda x: x.place["A"].datum.value == "gcj02"),
    "closed site": ([cell(S, 3, "status", "closed")], lambda x: x.site["DC_B"].status.value == "closed"),
    "site without modules": ([again(S, 3, id="DC_C")], lambda x: len(x.sites) == 4),
    "both directions apart": ([cell(L, 2, "both_ways", "no"), again(L, 2, from_place="B", to_place="A")], lambda x: len(x.links) == 10),
    "slow border": ([cell(L, 10, "time_h", "2400")], lambda x: x.links[8].time_h == 2400),
    "one stage": ([replace(N, "\n[[stages]]\nyear = 2030\nyears = 5\n", ""), every_line(D, lambda line: "" if "2030" in line else line), every_line(X, lambda line: "" if "2030" in line else line)], lambda x: len(x.settings.stages) == 1),
    "name on several lines": ([cell(P, 2, "name_en", "A,\n  the\tplace\r\nitself")], lambda x: x.place["A"].name_en == "A, the place itself"),
    "accents": ([cell(P, 2, "name_en", "Zürich Übersee naïve Åå"), cell(P, 3, "name_en", "São Paulo – Łódź")], lambda x: x.place["A"].name_en.startswith("Zürich")),
    "rare chinese": ([cell(P, 2, "name_zh", "联通㐂濮阳漯河"), cell(P, 3, "region", "广西壮族自治区")], lambda x: x.place["A"].name_zh == "联通㐂濮阳漯河"),
    "sign of a toned letter": ([cell(P, 2, "name_en", "Zhèngzhōu (Xīnzhèng)")], lambda x: "Xīn" in x.place["A"].name_en),
    "emoji": ([cell(P, 2, "name_en", "港口🚢")], lambda x: x.place["A"].name_en == "港口🚢"),
    "id with comma": ([cell(D, 2, "id", "A, B、C;D/E-F")], lambda x: "A, B、C;D/E-F" in x.shipment),
    "freight starts by truck at a terminal": ([*(cell(L, 9, name, to) for name, to in (("from_place", "Q"), ("to_place", "E"))), cell(L, 9, "distance_km", "480"), cell(L, 9, "time_h", "9"), cell(L, 7, "distance_km", "480"), cell(D, 2, "origin", "T")], lambda x: x.demand[0].origin == "T"),
    "truck to rail at a city without roads": ([again(P, 8, id="X", lat="34.0", lon="115.0"), again(L, 10, from_place="X", to_place="T", access="open", distance_km="150", time_h="30"), again(T, 5, place="X", site=""), again(D, 6, id="x", origin="X")], lambda x: "x" in x.shipment),
    "border of twelve kilometres": ([cell(L, 5, "distance_km", "20"), again(L, 10, from_place="R", to_place="Q", access="open", distance_km="20", time_h="60")], lambda x: len(x.links) == 10),
    "export from pandas": ([cell(L, 2, "cost_cny_per_t", "0.30000000000000004"), cell(L, 3, "cost_cny_per_t", "33.333333333333336")], lambda x: x.links[0].cost_cny_per_t == 0.1 + 0.2),
    "number 1e-6": ([cell(L, 8, "cost_cny_per_t", "0.000001")], lambda x: x.links[6].cost_cny_per_t == 1e-6),
    "country called NA": ([column(P, "country", lambda name: name.replace("DE", "NA"))], lambda x: x.place["R"].country == "NA"),
    "limit met exactly": ([cell(S, 3, "status", "required"), cell(X, 2, "value", "2000000")], lambda x: x.limits[0].value == 2e6),
    "closed terminal": ([cell(S, 4, "status", "closed")], lambda x: x.site["TERM_T"].status.value == "closed"),
    "one mode spelt twice": ([cell(G, 3, "modes", "rail|air|rail|road_diesel")], lambda x: len(x.product["MACH"].modes) == 3),
    "no transfers needed": ([delete(T), column(D, "product", lambda _: "FMCG"), column(D, "origin", lambda _: "A"), column(D, "destination", lambda _: "B")], lambda x: x.transfers == ()),
    "budget beyond 1e9": ([cell(X, 2, "value", "500000000000")], lambda x: x.limits[0].value == 5e11),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER)
def test_unusual_content_is_kept_as_it_is(name: str, tmp_path: Path) -> None:
    """Ids that look like numbers or blanks, odd names and bare minima are no faults."""
    edits, holds = OTHER[name]
    assert holds(read(tiny_folder(tmp_path, *edits)))


def test_gb18030_is_read_when_it_is_named(tmp_path: Path) -> None:
    """With the encoding given, tables in GB18030, and those still in UTF-8, read alike."""
    edits = [cell(P, 3, "name_zh", "洛阳"), recode(P, "gb18030")]
    found = read(tiny_folder(tmp_path, *edits), encoding="gbk")
    assert found.place["B"].name_zh == "洛阳"
    assert found.site["DC_B"].name_zh == "洛阳中心"
    assert found.settings.title_zh == "小例"


def test_unusual_digits_leave_a_note(tmp_path: Path) -> None:
    """Full-width numbers and special spaces are read, and the planner is told how many."""
    edits = [
        cell(D, 2, "demand_t_per_year", "８０００"),
        cell(D, 3, "demand_t_per_year", "\u00a012000"),
        cell(D, 4, "demand_t_per_year", "12000\u3000"),
    ]
    found = read(tiny_folder(tmp_path, *edits))
    assert [note.en for note in found.notes] == [
        "demand.csv: 1 full-width numbers read",
        "demand.csv: 2 numbers read without the special spaces around them",
    ]
    assert found.notes[0].zh == "demand.csv：读取了 1 个全角数字"


def test_ids_like_blanks_leave_a_note(tmp_path: Path) -> None:
    """Ids such as NA are kept, and the planner is told the first and how many more."""
    found = read(tiny_folder(tmp_path, cell(D, 2, "id", "NA"), cell(D, 3, "id", "null")))
    assert {"NA", "null"} <= set(found.shipment)
    assert found.notes[0].en.startswith('demand.csv row 2 id: "NA" (+ 1) is kept as text')


def test_utf8_is_read_as_it_is_whatever_is_named(tmp_path: Path) -> None:
    """With gb18030 named, a table in UTF-8 is still read as UTF-8 and this is noted."""
    edits = [cell(P, 2, "name_en", "Zürich"), cell(P, 3, "name_en", "Köln")]
    found = read(tiny_folder(tmp_path, *edits), encoding="gb18030")
    assert found.place["A"].name_en == "Zürich"
    assert any(note.en.startswith("places.csv: read as UTF-8") for note in found.notes)


def test_short_gb18030_is_not_taken_for_utf8(tmp_path: Path) -> None:
    """Two bytes that are one letter in UTF-8 and one character in GB18030 are what was named."""
    folder = tiny_folder(tmp_path, cell(P, 2, "name_zh", "眉"), recode(P, "gb18030"))
    assert b"\xc3\xbc" in (folder / P).read_bytes()
    assert read(folder, encoding="gb18030").place["A"].name_zh == "眉"
