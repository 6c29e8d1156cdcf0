"""The QGIS projects in plan.gpkg: the same bytes each time, whole in both languages."""

from __future__ import annotations

import dataclasses
import io
import itertools
import json
import sqlite3
import zipfile
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from hubopt.publish.compare_layers import FLOW_FIELDS, SITE_FIELDS
from hubopt.publish.field_words import ALIASES, BOUNDARIES, CODES
from hubopt.publish.figures import Figures
from hubopt.publish.forms import TIPS
from hubopt.publish.layers import layers
from hubopt.publish.palette import DARK, LIGHT
from hubopt.publish.project import Draft, home, segment_km
from hubopt.publish.project import project as written
from hubopt.publish.project_layout import Print
from hubopt.publish.project_words import projects, scenario_title
from hubopt.publish.run_information import run_information
from hubopt.publish.styles import MAKERS, drawing
from hubopt.text import Language, Text
from hubopt.vocabulary import Mode
from tests.publishing import edition, package
from tests.publishing import written as written_result
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.publish.edition import Edition
    from hubopt.publish.palette import Theme

FIGURES = Figures(tiny(), tiny_plan())
LAYERS = layers(FIGURES, None)


def made(one: Edition) -> dict[str, bytes]:
    """Return the projects of an edition."""
    figures = Figures(one.instance, one.plan)
    return projects(one, figures, (*layers(figures, None), run_information(one)))


def opened(packed: bytes) -> ET.Element:
    """Return a project as XML."""
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        (name,) = file.namelist()
        return ET.fromstring(file.read(name))  # noqa: S314  (our own)


@cache
def project(language: Language) -> ET.Element:
    """Return the tiny plan's project in a language."""
    return opened(made(edition())[f"plan-{language.value}"])


def test_projects_are_stored_as_qgis_stores_them(tmp_path: Path) -> None:
    """Both languages are in the file, as hexadecimal text, with that of the run first."""
    file = package(tmp_path / "plan.gpkg", edition(language=Language.ZH))
    with sqlite3.connect(file) as base:
        rows = base.execute("SELECT name, metadata, content FROM qgis_projects").fetchall()
    base.close()
    assert [name for name, _, _ in rows] == ["plan-zh", "plan-en"]
    for name, metadata, content in rows:
        assert json.loads(metadata)["last_modified_user"] == ""
        packed = bytes.fromhex(content)
        assert zipfile.ZipFile(io.BytesIO(packed)).namelist() == [f"{name}.qgs"]
        assert opened(packed).tag == "qgis"


def test_same_plan_same_projects() -> None:
    """No date, no random key: the same plan gives the same bytes."""
    assert made(edition()) == made(edition())


def test_every_source_is_relative_and_there() -> None:
    """Layers name plan.gpkg beside the project, and only tables that it holds."""
    tables = {layer.name for layer in LAYERS} | {"run_information"}
    found = set()
    for source in project(Language.EN).findall("projectlayers/maplayer/datasource"):
        file, table, *subset = str(source.text).split("|")
        assert file == "./plan.gpkg"
        found.add(table.removeprefix("layername="))
        assert all(part.startswith('subset="stage" = 20') for part in subset)
    assert found == tables


def test_the_tree_themes_and_layouts_name_the_same_layers() -> None:
    """Each id in the tree, the themes, the order and the printed legends is that of a layer."""
    top = project(Language.ZH)
    idents = {str(one.text) for one in top.findall("projectlayers/maplayer/id")}
    assert len(idents) == len(top.findall("projectlayers/maplayer"))
    for path in (
        ".//layer-tree-layer", "layerorder/layer", "visibility-presets/visibility-preset/layer",
    ):  # fmt: skip
        there = {one.get("id") for one in top.findall(path)}
        assert there
        assert there <= idents, path
    themes = {one.get("name") for one in top.findall("visibility-presets/visibility-preset")}
    maps = [one for one in top.findall("Layouts/Layout/LayoutItem") if one.get("followPreset")]
    assert len(maps) == 3 * len(FIGURES.stages)
    assert {one.get("followPresetName") for one in maps} <= themes


def test_the_two_languages_differ_in_words_alone() -> None:
    """English and Chinese have the same layers, rules and pages."""
    one, other = (project(language) for language in Language)
    counts = [[element.tag for element in top.iter()] for top in (one, other)]
    assert counts[0] == counts[1]
    assert one.findtext("title") == "Tiny"
    assert other.findtext("title") == "小例"


@pytest.mark.parametrize("name", ["a\0b", "\x1b[31m", "\ud800", "\ufffe", "]]>", "&lt;", "<!--"])
def test_no_name_breaks_the_xml(name: str) -> None:
    """Signs that XML cannot hold are put by a mark, all others come back as they are."""
    said = Print(name, dict.fromkeys(FIGURES.stages, name), name)
    draft = Draft(LAYERS, FIGURES.stages, Language.EN, said, {"hubopt_scenario": name})
    title = opened(written(draft)).findtext("title")
    assert title == name or "\ufffd" in str(title)


def test_a_plan_without_freight_has_its_projects() -> None:
    """With nothing to draw the projects still open, with all layers and pages."""
    empty = dataclasses.replace(tiny_plan(), flows=(), services=(), unserved=(), sites=())
    for packed in made(edition(empty)).values():
        top = opened(packed)
        assert len(top.findall("Layouts/Layout")) == len(FIGURES.stages)
        assert len(top.findall("projectlayers/maplayer")) == 2 * 9 + 4 + 1


def test_pages_elsewhere_are_printed_in_another_system() -> None:
    """Around Zhengzhou paper maps are in its own zone; far away in that of web maps."""
    crs, (west, south, east, north) = home((110.2, 31.25, 116.8, 36.5))
    assert crs.authid == "EPSG:4547"
    assert (west < 500_000 < east, 3_400_000 < south < north < 4_100_000) == (True, True)
    assert home((-5.0, 40.0, 5.0, 50.0))[0].authid == "EPSG:3857"


@pytest.mark.parametrize(
    ("width_m", "km"), [(620_000, 50), (99_000, 5), (12_000, 1), (100, 1), (3_999_000, 200)]
)
def test_scale_bars_are_round(width_m: float, km: int) -> None:
    """A segment of the scale bar is 1, 2 or 5 times a power of ten, some tenth of the map."""
    assert segment_km((0.0, 0.0, width_m, 1.0)) == km


def test_every_field_is_called_something() -> None:
    """Fields of all layers, tips and comparisons have names in both languages."""
    fields = {name for layer in LAYERS for name in layer.fields}
    fields |= set(FLOW_FIELDS) | set(SITE_FIELDS) | set(run_information(edition()).fields)
    assert fields | set(BOUNDARIES) == set(ALIASES)
    for text in ALIASES.values():
        assert text.en
        assert text.zh
    there = {layer.name: layer.fields for layer in LAYERS}
    for name, (heads, tips) in TIPS.items():
        assert {f"{head}_{end}" for head in heads for end in ("en", "zh")} <= set(there[name])
        assert set(tips) <= set(there[name])
    assert set(TIPS) == set(MAKERS) == {n for n in there if not n.startswith("basemap_")}


def test_codes_in_fields_have_words() -> None:
    """No value of a coded field is shown raw."""
    for layer in LAYERS:
        for field in set(CODES) & set(layer.fields):
            assert {str(v) for v in layer.column(field)} <= {c.value for c in CODES[field]}, field


SIGHT = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no green cones": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "no red cones": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "no blue cones": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
"""What is seen of linear red, green and blue: Machado, Oliveira and Fernandes 2009, table 1."""

TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))


def linear(colour: str) -> np.ndarray:
    """Return a colour such as #1f6fb4 as linear light."""
    part = np.array([int(colour[here : here + 2], 16) / 255 for here in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """Return linear light in CIE Lab."""
    ratio = np.array(TO_XYZ) @ np.clip(light, 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_modes_are_told_apart_by_everybody(theme: Theme, sight: str) -> None:
    """Any two modes differ by 20 or more in CIE Lab, however colours are seen."""
    seen = {mode: lab(np.array(SIGHT[sight]) @ linear(c)) for mode, c in theme.modes.items()}
    assert set(seen) == set(Mode)
    for one, other in itertools.combinations(seen, 2):
        assert np.linalg.norm(seen[one] - seen[other]) >= 20, (one, other)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_lines_and_words_stand_out_from_the_ground(theme: Theme) -> None:
    """Lines have a contrast of 3 to land and to Henan, words one of 7, as WCAG 2.2 asks (AAA)."""

    def contrast(one: str, other: str) -> float:
        low, high = sorted(float(linear(c) @ np.array(TO_XYZ[1])) for c in (one, other))
        return (high + 0.05) / (low + 0.05)

    for ground in (theme.land, theme.henan):
        assert min(contrast(colour, ground) for colour in theme.modes.values()) >= 3
        assert contrast(theme.text, ground) >= 7


def test_the_dark_style_differs_in_colours_alone() -> None:
    """Light and dark have the same rules; every layer has other colours."""
    for layer in LAYERS:
        for stages in ((), FIGURES.stages):
            light, dark = (drawing(layer, stages, Language.EN, theme) for theme in (LIGHT, DARK))
            names = [[(r.label, r.filter) for r in one.rules] for one in (light, dark)]
            assert names[0] == names[1]
            assert light != dark, layer.name


def test_the_run_is_told() -> None:
    """Instance, scenario, status, objective, bound, gap, proof, versions and credits are there."""
    table = run_information(edition(), Text("reviewed", "审图号"))
    told = dict(zip(table.column("key"), table.column("value"), strict=True))
    assert told["instance"] == "tiny"
    assert (told["scenario"], told["objective"], told["bound"]) == (
        "base", "987654321.00", "987000000.00",
    )  # fmt: skip
    assert float(str(told["gap"])) == 0.00066
    assert told["version_hubopt"] == "0.1.0"
    assert told["boundaries"] == "reviewed / 审图号"
    assert "all hold" in str(told["verification"])
    assert "OpenStreetMap" in str(told["credits"])
    assert all(table.column("what_en"))
    assert all(table.column("what_zh"))


def test_a_scenario_is_called_by_its_title(tmp_path: Path) -> None:
    """Pages give the title of a scenario's file in their language, its name where it has none."""
    one = edition(dataclasses.replace(tiny_plan(), scenario="halt"))
    assert scenario_title(one) == Text("halt", "halt")
    (tmp_path / "scenarios").mkdir()
    text = (
        'title_en = "The border is shut"\ntitle_zh = "口岸停摆"\n'
        '[settings]\ncarbon_price_cny_per_t = 500\nsource = "us"\nyear = 2024\n'
        'confidence = "medium"\n'
    )
    (tmp_path / "scenarios" / "halt.toml").write_text(text, encoding="utf-8")
    found = scenario_title(dataclasses.replace(one, instance_folder=tmp_path))
    assert found == Text("“The border is shut” (halt)", "“口岸停摆”（halt）")


def test_a_written_result_holds_the_projects(tmp_path: Path) -> None:
    """The commands that write results put projects and run information into plan.gpkg."""
    file = written_result(tmp_path, language=Language.ZH) / "plan.gpkg"
    with sqlite3.connect(file) as base:
        names = {name for (name,) in base.execute("SELECT name FROM qgis_projects")}
        (scenario,) = base.execute("SELECT value FROM run_information WHERE key = 'scenario'")
    base.close()
    assert names == {"plan-zh", "plan-en"}
    assert scenario == ("base",)
