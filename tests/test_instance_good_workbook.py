# ruff: noqa: E501 (a case is one line, read across)
"""Workbooks and files of lines that look odd but are right: read without a finding or a note."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hubopt.cli.entry import run
from hubopt.instance.digest import content_hash
from hubopt.instance.read import read
from hubopt.publish.shapes import read_geometry
from tests import test_instance_good
from tests.bad_folders import PLACES, book, checked, folder, geojson, geometry, layer, line
from tests.instance_folder import tiny_folder
from tests.tiny import tiny
from tests.workbook import put, recast, tiny_book

if TYPE_CHECKING:
    from openpyxl import Workbook

    from tests.bad_folders import Make

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
INLINE = re.compile(r't="inlineStr"><is>(.*?)</is>', re.DOTALL)
CONTENT_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/>'
)
RELATION = b'<Relationship Id="rId99" Type="%s/sharedStrings" Target="sharedStrings.xml"/>' % OFFICE
A_TO_B = [PLACES["A"], PLACES["B"]]
TITLES = {"places": "地点", "demand": " Demand ", "limits": "限制", "instance": "设置"}


def retitled(made: Workbook) -> None:
    """Give sheets Chinese titles, and titles in other letters."""
    for name, title in TITLES.items():
        made[name].title = title


def bare(made: Workbook) -> None:
    """Leave out tables that may be left out where they have no rows, and add sheets of notes."""
    del made["vehicles"]
    made.create_sheet("说明")["A1"] = "=1+1"
    made.create_sheet("Chart data", 0)["B2"] = "#REF!"


def moved_columns(made: Workbook) -> None:
    """Move the last column of a sheet to the front."""
    sheet = made["customs"]
    width = sheet.max_column
    sheet.insert_cols(1)
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, 1).value = sheet.cell(row, width + 1).value
        sheet.cell(row, width + 1).value = None


def as_text(made: Workbook) -> None:
    """Store every number of a sheet as text, as an import from elsewhere does."""
    for row in made["demand"].iter_rows(min_row=2):
        for one in row:
            one.value = None if one.value is None else str(one.value)


def gap_rows(made: Workbook) -> None:
    """Leave empty rows between rows, and blanks far below and to the right."""
    made["demand"].insert_rows(4, 3)
    made["demand"]["A400"] = "  "
    made["links"]["AZ3"] = " "


def formatted(made: Workbook) -> None:
    """Freeze, filter, hide and colour, which changes no value."""
    sheet = made["places"]
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = "A1:H8"
    sheet.row_dimensions[3].hidden = True
    sheet["B2"].hyperlink = "https://example.org"
    sheet["F2"].number_format = "0.00"


BOOKS: dict[str, Make] = {
    "as written": book(),
    "titles in Chinese and other letters": book(retitled),
    "sheets of notes, tables left out": book(bare),
    "columns in another order": book(moved_columns),
    "numbers stored as text": book(as_text),
    "empty rows, blanks far away": book(gap_rows),
    "formats of all kinds": book(formatted),
    "whole numbers as decimals": book(put("demand", "F2", 8000.0), put("demand", "E2", 2025.0)),
    "spaces around": book(put("demand", "C2", " B "), put("demand", "F2", "\u3000８０００")),
    "settings without a heading": book(lambda made: made["instance"].delete_rows(1)),
    "settings with remarks": book(put("instance", "C7", "每年")),
    "settings as text": book(put("instance", "B6", "2025"), put("instance", "B7", " .08 ")),
    "keys with spaces": book(put("instance", "A9", " grid_kg_co2e_per_kwh ")),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOKS)
def test_the_same_instance_in_any_workbook(name: str, tmp_path: Path) -> None:
    """Titles, order, formats, blanks and ways to store numbers change nothing, nor the hash."""
    found = read(BOOKS[name](tmp_path))
    assert found == tiny()
    assert content_hash(found) == content_hash(tiny())


def test_a_workbook_with_its_settings_beside(tmp_path: Path) -> None:
    """A workbook without a sheet of settings takes instance.toml beside; with both it says so."""
    tiny_folder(tmp_path)
    alone = tiny_book(tmp_path / "alone.xlsx", lambda made: made.remove(made["instance"]))
    assert read(alone) == tiny()
    both = read(tiny_book(tmp_path / "both.xlsm"))
    assert [note.en for note in both.notes] == [
        "instance.toml beside the workbook is not read: the workbook has a sheet of settings"
    ]


@pytest.mark.parametrize(
    ("cell", "wanted"), [(True, True), ("true", True), ("yes", True), (False, False), ("No", False)]
)
def test_a_switch_of_the_settings_is_read(cell: object, wanted: bool, tmp_path: Path) -> None:  # noqa: FBT001  (a parameter of the test)
    """Excel makes TRUE of a typed true, and tables write yes: either switches a setting on."""

    def switched(made: Workbook) -> None:
        made["instance"].append(["returns_to_origin_district", cell])

    found = read(tiny_book(tmp_path / "tiny.xlsx", switched))
    assert found.settings.returns_to_origin_district is wanted


def test_stored_values_of_formulas_are_read(tmp_path: Path) -> None:
    """A formula counts with the value that Excel stored beside it."""
    path = tiny_book(tmp_path / "b.xlsx", put("demand", "F2", "=4000*2"))
    recast(
        path,
        r"sheet\d+\.xml",
        lambda data: data.replace(b"<f>4000*2</f><v></v>", b"<f>4000*2</f><v>8000</v>").replace(
            b"<f>4000*2</f><v />", b"<f>4000*2</f><v>8000</v>"
        ),
    )
    assert read(path) == tiny()


def test_texts_kept_apart_are_read(tmp_path: Path) -> None:
    """Excel keeps all texts in a part of their own; they are read like those that stand in cells."""
    path = tiny_book(tmp_path / "b.xlsx")
    texts: list[str] = []

    def moved(data: bytes) -> bytes:
        def shared(found: re.Match[str]) -> str:
            texts.append(found[1])
            return f't="s"><v>{len(texts) - 1}</v>'

        return INLINE.sub(shared, data.decode()).encode()

    recast(path, r"sheet\d+\.xml", moved)
    assert len(texts) > 100
    recast(
        path, r"Content_Types", lambda data: data.replace(b"</Types>", CONTENT_TYPE + b"</Types>")
    )
    recast(path, r"workbook\.xml\.rels", lambda data: data.replace(b"</R", RELATION + b"</R"))
    with zipfile.ZipFile(path, "a") as made:
        items = "".join(f"<si>{text}</si>" for text in texts)
        made.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{items}</sst>')
    assert read(path) == tiny()


def test_stages_that_excel_made_dates_are_years(tmp_path: Path) -> None:
    """A stage formatted as a date is its year, and a text may be a date."""
    path = tiny_book(
        tmp_path / "b.xlsx",
        put("demand", "E2", dt.datetime(2025, 1, 1)),  # noqa: DTZ001  (as Excel has it)
        put("places", "C2", dt.date(2025, 3, 1)),
    )
    found = read(path)
    assert found.demand[0].stage == 2025
    assert found.place["A"].name_zh == "2025-03-01"
    assert [note.en for note in found.notes] == ["sheet demand: 1 dates read as their years"]
    assert found.notes[0].zh == "工作表 demand：1 个日期按年份读取"


DRAWN = ("A", "B", "road", A_TO_B)
LINES: dict[str, Make] = {
    "geojson": folder(geojson(line("A", "B"))),
    "geojson with a mark and a name of its system": folder(geojson(line("A", "B"), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}), lambda path: (path / "geometry" / "lines.geojson").write_bytes(b"\xef\xbb\xbf" + (path / "geometry" / "lines.geojson").read_bytes())),
    "heights": folder(geojson(line("A", "B", (*PLACES["A"], 110.0), (*PLACES["B"], 154.0)))),  # type: ignore[arg-type]
    "geopackage, only layer": folder(layer(DRAWN, title="道路")),
    "geopackage beside other layers": folder(layer(DRAWN, title="nodes"), layer(DRAWN)),
    "shapefile": folder(layer(DRAWN, name="roads.shp")),
    "notes beside": folder(geojson(line("A", "B")), geometry("LICENSE.txt", b"\xff"), geometry("readme.md", b"x")),
    "link inside the instance": folder(geojson(line("A", "B")), lambda path: (path / "geometry" / "lines.geojson").rename(path / "drawn"), lambda path: (path / "geometry" / "lines.geojson").symlink_to("../drawn")),
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_lines_in_any_format_are_read(name: str, tmp_path: Path) -> None:
    """The road from A to B is the same from GeoJSON, GeoPackage and shapefile, without a note."""
    found = read_geometry(LINES[name](tmp_path), tiny())
    (course,) = found.shapes.values()
    assert [pytest.approx(point) for point in course] == A_TO_B
    assert found.notes == ()


def test_other_systems_are_moved_to_wgs84(tmp_path: Path) -> None:
    """Lines in the Chinese grid of zone 38 come back to a few centimetres, and this is noted."""
    path = folder(layer(DRAWN, crs="EPSG:4547"))(tmp_path)
    found = read_geometry(path, tiny())
    (course,) = found.shapes.values()
    for point, right in zip(course, A_TO_B, strict=True):
        assert point == pytest.approx(right, abs=1e-6)
    assert [note.en for note in found.notes] == [
        "geometry/net.gpkg: reprojected from EPSG:4547 to WGS84"
    ]
    assert sorted(file.name for file in (path / "geometry").iterdir()) == ["net.gpkg"]


def test_places_far_from_their_lines_for_another_reason(tmp_path: Path) -> None:
    """Lines that stop kilometres off, each on another side, are no sign of a shifted map."""
    ends = {"A": (113.63, 34.68), "B": (112.41, 34.65), "T": (113.78, 34.74)}
    lines = [line("A", "B", ends["A"], ends["B"]), line("B", "T", ends["B"], ends["T"])]
    assert read_geometry(folder(geojson(*lines))(tmp_path), tiny()).notes == ()


def test_there_are_more_than_thirty_good_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the tables elsewhere far more than thirty odd ones pass, here once through `check`."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    same, other = test_instance_good.SAME, test_instance_good.OTHER
    assert len(same) + len(other) + len(BOOKS) + len(LINES) >= 80
    for name, make in {**BOOKS, **LINES}.items():
        place = tmp_path / name.replace(" ", "-")
        place.mkdir()
        code, said = checked(make(place), lang="en", out=capsys.readouterr)
        assert (code, said["valid"]) == (0, True), (name, said)
        shutil.rmtree(place)


def test_every_command_takes_a_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Solve, verify, map, describe and export find the workbook, also by way of the result."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    path, out = tiny_book(tmp_path / "hub.xlsx"), tmp_path / "out"
    geojson(line("A", "B"))(tmp_path)
    assert run(["solve", str(path), "--out", str(out), "--quiet"]) == 0, capsys.readouterr().err
    result = str(out / "tiny" / "base")
    manifest = (Path(result) / "manifest.json").read_text(encoding="utf-8")
    assert '"hub.xlsx":' in manifest
    assert '"geometry/lines.geojson":' in manifest
    assert run(["verify", result]) == 0, capsys.readouterr()
    assert run(["map", result]) == 0, capsys.readouterr()
    assert run(["describe", str(path)]) == 0
    assert run(["export", str(path), str(tmp_path / "m.lp")]) == 0
    assert (tmp_path / "m.lp").stat().st_size > 1000


def test_a_folder_with_only_a_workbook_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever gives the folder is told to give the workbook in it; an old format is told too."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    tiny_book(tmp_path / "hub.xlsx")
    code, said = checked(tmp_path, lang="en", out=capsys.readouterr)
    assert code == 2
    assert said["findings"][0]["nearest"] == "hub.xlsx"
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0")
    code, said = checked(tmp_path / "old.xls", lang="en", out=capsys.readouterr)
    assert (code, said["findings"][0]["remedy"]) == (2, "save it as .xlsx")


def test_ids_keep_their_text(tmp_path: Path) -> None:
    """Ids stored as text keep their zeros and letters; a number becomes its digits."""
    path = tiny_book(
        tmp_path / "b.xlsx",
        put("demand", "A2", "000123"),
        put("demand", "A3", "1E5"),
        put("demand", "A4", 17),
    )
    assert {"000123", "1E5", "17"} <= set(read(path).shipment)
