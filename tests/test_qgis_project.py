"""A real QGIS opens the projects stored in plan.gpkg and prints a page of each language."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import image as mpl_image

from hubopt.publish.content import content
from hubopt.publish.field_words import ALIASES
from hubopt.publish.palette import HENAN, MODE_COLOURS, OUTCOME_COLOURS
from hubopt.publish.words import MODES, OUTCOMES
from hubopt.text import Language, Text
from hubopt.vocabulary import Mode, SiteOutcome
from tests.publishing import edition, package
from tests.test_qgis import near, python_with_qgis
from tests.tiny import tiny

pytestmark = pytest.mark.qgis

OPEN = Path(__file__).with_name("qgis_project.py")

HOSTILE = '<b>[% 1 + 1 %]</b> & "it\'s"'
"""A name that would be markup, and an expression of QGIS, wherever it was not written as text."""

NUMBER = "GS(2024)0650号"
REVIEWED = Text(f"Boundaries: review number {NUMBER}.", f"境界：审图号 {NUMBER}。")


@pytest.fixture(scope="module", params=list(Language))
def seen(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Language, dict[str, Any], Path]:
    """Open the project of a package that was moved; return language, what was found, and folder."""
    python = python_with_qgis()
    if python is None:
        reason = "no Python with QGIS (python3-qgis, or name one in HUBOPT_QGIS_PYTHON)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    folder = tmp_path_factory.mktemp("project")
    base = tiny()
    settings = dataclasses.replace(base.settings, title_en=HOSTILE, title_zh=HOSTILE)
    places = tuple(
        dataclasses.replace(place, name_en=HOSTILE, name_zh=HOSTILE) if place.id == "T" else place
        for place in base.places
    )
    products = tuple(
        dataclasses.replace(row, name_en=HOSTILE, name_zh=HOSTILE) for row in base.products
    )
    instance = dataclasses.replace(base, settings=settings, places=places, products=products)
    made = edition(language=request.param, instance=instance)
    (folder / "moved here").mkdir()
    file = package(folder / "plan.gpkg", made, REVIEWED).rename(folder / "moved here" / "plan.gpkg")
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen",
             "LC_ALL": "C.UTF-8", "XDG_RUNTIME_DIR": str(folder)}  # fmt: skip
    command = [str(python), str(OPEN), str(file), f"plan-{request.param.value}", str(folder)]
    done = subprocess.run(
        command, capture_output=True, env=clean, check=False, timeout=200, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    found["same content"] = content(file) == content(package(folder / "again.gpkg", made, REVIEWED))
    return request.param, found, folder


Seen = tuple[Language, dict[str, Any], Path]


def test_the_project_opens_without_a_word(seen: Seen) -> None:
    """All layers are valid where the file was moved to, and QGIS has nothing to complain of."""
    _, found, folder = seen
    assert found["opened"]
    assert (found["invalid"], found["said"]) == ([], [])
    assert found["sources"] == [str(folder / "moved here" / "plan.gpkg")]
    assert found["crs"] == "EPSG:3857"
    assert found["features"]["hubopt_flows_2025"] > 3
    assert found["features"]["hubopt_run_information"] > 10


def test_opening_a_project_is_no_edit(seen: Seen) -> None:
    """Rows of the file are the same after its project was opened and printed."""
    assert seen[1]["same content"]


def test_one_stage_is_shown_at_a_time(seen: Seen) -> None:
    """Stages are groups of which the last is ticked; each has themes light, dark and more."""
    language, found, _ = seen
    stage = "阶段" if language is Language.ZH else "stage"
    assert {f"{stage} 2025", f"{stage} 2030"} <= set(found["groups"])
    assert {one for one in found["ticked"] if one.endswith("2025")} == set()
    assert {"hubopt_flows_2030", "hubopt_sites_2030", "hubopt_basemap_sea"} <= set(found["ticked"])
    assert "hubopt_flows_by_product_2030" not in found["ticked"]
    assert len(found["themes"]) == 2 * 5
    dark = "2025 年（深色）" if language is Language.ZH else "Stage 2025, dark"
    assert "hubopt_flows_2025" in found["themes"][dark]
    assert "hubopt_flows_2030" not in found["themes"][dark]
    assert found["bookmarks"] == (
        ["设施", "河南", "中国", "世界"]
        if language is Language.ZH
        else ["Sites", "Henan", "China", "World"]
    )


def test_layers_have_both_looks_and_names_of_fields(seen: Seen) -> None:
    """Each layer comes light and dark, and no field is shown under its raw name."""
    language, found, _ = seen
    for ident, styles in found["styles"].items():
        if ident != "hubopt_run_information":
            assert set(styles) == {"light", "dark"}, ident
    for ident, aliases in found["aliases"].items():
        assert all(aliases), ident
    assert ALIASES["flow_t_per_year"].in_language(language) in found["aliases"]["hubopt_flows_2030"]


def test_tips_show_names_as_text(seen: Seen) -> None:
    """A name with markup and an expression stands in a tip letter by letter, words for codes."""
    language, found, _ = seen
    assert {ident.rpartition("_")[0] for ident in found["tips"]} >= {
        "hubopt_flows", "hubopt_sites", "hubopt_places", "hubopt_services", "hubopt_routes",
    }  # fmt: skip
    told = "".join(found["tips"].values())
    assert '&lt;b&gt;[% 1 + 1 %]&lt;/b&gt; &amp; "it\'s"' in told
    assert "<b>[%" not in told
    assert "road_diesel" not in found["tips"]["hubopt_flows_2025"]
    assert MODES[Mode.ROAD_DIESEL].in_language(language) in told


def test_a_page_is_printed(seen: Seen) -> None:
    """An A3 sheet comes out as PDF and picture, with title, seal, credits and review number."""
    language, found, folder = seen
    page = found["page"]
    assert (page["png"], page["pdf"], page["size"]) == (0, 0, [420.0, 297.0])
    assert (folder / "page.pdf").read_bytes().startswith(b"%PDF")
    texts = "\n".join(page["texts"])
    said = (
        ("情景 base", "阶段 2030", "已核验", NUMBER, "OpenStreetMap", "差距 0.07%")
        if language is Language.ZH
        else ("scenario base", "stage 2030", "verified", NUMBER, "OpenStreetMap", "0.07%")
    )
    assert [one for one in said if one not in texts] == []
    assert HOSTILE.replace("[%", "[\u200b%") in texts
    assert len(found["layouts"]) == 2
    assert page["crs"].count("EPSG:4547") == 1


def test_the_legend_speaks_the_language(seen: Seen) -> None:
    """The printed legend has modes, outcomes and widths in words of the language."""
    language, found, _ = seen
    legend = found["page"]["legend"]
    for text in (MODES[Mode.RAIL], MODES[Mode.ROAD_DIESEL], OUTCOMES[SiteOutcome.OPENED]):
        assert text.in_language(language) in legend
    product = HOSTILE.replace("[%", "[\u200b%")
    assert any(one.startswith(f"{product} (") for one in found["labels"])
    assert any(
        "万吨/年" in one if language is Language.ZH else "kt a year" in one for one in legend
    )


def test_the_picture_of_the_page_has_the_colours(seen: Seen) -> None:
    """Freight, sites and Henan are drawn on the sheet."""
    _, _, folder = seen
    pixels = (mpl_image.imread(folder / "page.png")[..., :3] * 255).round().astype(int)
    codes = np.unique(pixels @ [65536, 256, 1])
    colours = {(c >> 16, c >> 8 & 255, c & 255) for c in codes.tolist()}
    wanted = [MODE_COLOURS[Mode.ROAD_DIESEL], MODE_COLOURS[Mode.RAIL], HENAN]
    wanted += [OUTCOME_COLOURS[SiteOutcome.OPENED], OUTCOME_COLOURS[SiteOutcome.KEPT]]
    assert [colour for colour in wanted if not near(colours, colour)] == []
