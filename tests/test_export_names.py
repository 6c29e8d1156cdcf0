"""Odd names, texts and rows of layers do no harm in any format, and what is lost is told."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from defusedxml.ElementTree import fromstring
from shapely.geometry import LineString, MultiLineString

from hubopt.instance.tables import Instance
from hubopt.publish.credits import OF_EXPORTS
from hubopt.publish.figures import Figures
from hubopt.publish.formats.content import Content, Framed
from hubopt.publish.formats.export import FORMATS
from hubopt.publish.formats.kml_text import clean
from hubopt.publish.formats.postgis import schema_of, script
from hubopt.publish.formats.postgis_server import without_password
from hubopt.publish.formats.reference_system import crs_of
from hubopt.publish.formats.shapefile import trimmed
from hubopt.publish.formats.short_names import short_names
from hubopt.publish.geopackage import frame
from hubopt.publish.layer import Layer, Shape
from hubopt.text import Language
from tests.exports import (
    READERS,
    export,
    figures,
    layers,
)
from tests.tiny import tiny

SCRIPT = "<script>alert(1)</script>]]>&amp;"
FORMULA = '=HYPERLINK("http://x","y")'


def hostile() -> Figures:
    """Return the tiny plan with names that a viewer or spreadsheet might run."""
    names = {"A": (SCRIPT, FORMULA), "B": (FORMULA, "x'); DROP TABLE sites; --")}
    instance: Instance = tiny()
    places = tuple(
        replace(place, name_en=names[place.id][0], name_zh=names[place.id][1])
        if place.id in names
        else place
        for place in instance.places
    )
    return Figures(replace(instance, places=places), figures().plan)


@pytest.mark.parametrize("suffix", FORMATS)
def test_names_are_data(suffix: str, tmp_path: Path) -> None:
    """Markup, formulas and SQL come back letter by letter; in KML no tag can begin."""
    data = export(f"x{suffix}", "flows", of=hostile())
    table = READERS[suffix](data, "flows", tmp_path)
    want = clean(SCRIPT) if suffix == ".kml" else SCRIPT
    assert {want, FORMULA} <= set(table["from_name_en"])
    assert "x'); DROP TABLE sites; --" in set(table["from_name_zh"])


def test_kml_is_sound_xml_without_tags_in_names() -> None:
    """No text of a KML holds what opens a tag, and both ends name a line in the language."""
    of = hostile()
    titled = replace(of.instance.settings, title_en=SCRIPT)
    of = Figures(replace(of.instance, settings=titled), of.plan)
    root = fromstring(export("x.kml", of=of))
    texts = [text for node in root.iter() for text in (node.text, node.tail) if text]
    assert not [text for text in texts if "<" in text]
    names = [node.text for node in root.iter("{http://www.opengis.net/kml/2.2}name")]
    assert any("→" in (name or "") for name in names)


def odd_layer() -> Layer:
    """Return a layer with control characters, long texts, blanks and a row without geometry."""
    fields = {"name_en": str, "name_zh": str, "stage": int, "t": float}
    rows = (
        ("a\x00b\x1b[31m\tc\nd\\N", "中" * 200, 2025, 0.1 + 0.2),
        ("\\.", None, 2030, None),
        ("\r\n", "", -(2**40), 1e15 + 0.25),
    )
    line = MultiLineString(
        [LineString([(113, 34), (180, 36)]), LineString([(-180, 36), (-88, 42)])]
    )
    return Layer("odd", Shape.LINES, fields, rows, (line, None, line))


def content_with(layer: Layer, **changes: str) -> Content:
    """Return content of one layer."""
    named = {"instance": "tiny", "scenario": "base", "title": "Tiny\n\\! rm", **changes}
    return Content(
        (Framed(layer, frame(layer)),),
        crs_of("4326"),
        stages=(2025,),
        language=Language.EN,
        **named,
    )


@pytest.fixture
def credited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the odd layer a credit, as every layer has."""
    monkeypatch.setitem(OF_EXPORTS, "odd", "x")


@pytest.mark.usefixtures("credited")
@pytest.mark.parametrize("suffix", FORMATS)
def test_odd_values_survive_or_are_told(suffix: str, tmp_path: Path) -> None:
    """Numbers come back from rows with control characters; texts too long are told."""
    made = FORMATS[suffix].write(content_with(odd_layer()))
    table = READERS[suffix](made.data, "odd", tmp_path)
    numbers = pd.to_numeric(table["t"])
    assert numbers.sum() == pytest.approx(1e15 + 0.55, rel=1e-9)
    assert [int(stage) for stage in table["stage"]] == [2025, 2030, -(2**40)]
    assert table.geometry.notna().tolist() == [True, False, True]
    cut = suffix.endswith("shp.zip") or suffix == ".zip"
    assert len(made.notes) == int(cut)
    if suffix == ".kml":
        assert not any(ord(sign) < 32 and sign != "\n" for sign in made.data.decode())


@pytest.mark.usefixtures("credited")
@pytest.mark.parametrize("suffix", FORMATS)
def test_empty_layers_are_sound(suffix: str, tmp_path: Path) -> None:
    """A layer without rows gives a file that opens and has none."""
    layer = replace(odd_layer(), rows=(), geometry=())
    made = FORMATS[suffix].write(content_with(layer))
    assert len(READERS[suffix](made.data, "odd", tmp_path)) == 0


@pytest.mark.usefixtures("credited")
def test_a_script_cannot_be_left() -> None:
    """Rows and titles of a script for psql hold no line that psql would take for its own."""
    text = script(content_with(odd_layer(), instance="o'x", scenario="$$")).data.decode()
    lines = text.split("\n")
    assert [line for line in lines if line.startswith("\\.")] == ["\\."]
    assert lines[0].startswith("-- hubopt: Tiny \\! rm")
    assert "'hubopt: o''x / $$'" in text


def test_schemas_have_plain_names() -> None:
    """A schema is named after instance and scenario, or by a hash where these are not plain."""
    assert schema_of(content_with(odd_layer(), instance="zhengzhou-mini")) == "zhengzhou_mini_base"
    for name in ("郑州", "1st", "x" * 80, '"; --'):
        assert re.fullmatch(
            "[a-z][a-z0-9_]{0,62}", schema_of(content_with(odd_layer(), instance=name))
        )


def test_passwords_are_not_shown() -> None:
    """What is printed of a server's address holds no password."""
    for address in (
        "postgresql://u:s3cret@h/db", "postgres://h/db?user=u&password=s3cret",
        "postgresql://u:p@s3cret@h/db", "postgresql://u:p/s3cret@h/db",
        "postgresql://u@h/db?sslpassword=s3cret",
    ):  # fmt: skip
        assert "s3cret" not in without_password(address)
        assert "h/db" in without_password(address)


def test_short_names_are_unique() -> None:
    """Field names of every layer fit into ten characters and stay apart, whatever the case."""
    for layer in layers().values():
        short = short_names(layer.fields)
        assert len({name.lower() for name in short.values()}) == len(layer.fields)
        assert all(1 <= len(name) <= 10 for name in short.values())
    assert list(short_names(["per_year", "Per_year", "_"]).values()) == ["y", "Per_y", "2"]


def test_texts_are_cut_between_signs() -> None:
    """A long Chinese text is cut to at most 254 bytes and stays readable."""
    text = trimmed("中" * 200)
    assert text == "中" * 84
    assert trimmed(None) is None
