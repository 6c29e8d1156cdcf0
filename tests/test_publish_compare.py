"""compare.gpkg holds what changes between results, on the map, and a real QGIS draws it."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubopt.publish.compare_layers import compare_layers, package
from hubopt.publish.compare_styles import LESS_COLOUR, MARKERS, MORE_COLOUR
from hubopt.study.compare import Comparison, compare
from hubopt.study.compare_facts import facts_of
from hubopt.study.movement import Change
from hubopt.text import Language
from tests.test_qgis import AROUND_ZHENGZHOU, RENDER, python_with_qgis
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.publish.layer import Layer, Value

SHOWN = ("changed_sites", "changed_flows", "basemap_henan", "basemap_land")
MOVED_T = 3_000.0


def moved() -> Comparison:
    """Return the tiny plan beside one with 3,000 t of goods left, and other sites in 2030.

    B's centre opens, the terminal is dropped, and A's centre is without its large module.
    """
    plan = tiny_plan()
    here = {
        ("DC_B", 2030): {"small": 1},
        ("TERM_T", 2030): {"yard": 0},
        ("DC_A", 2030): {"large": 0, "small": 1},
    }
    sites = tuple(
        replace(row, modules=here.get((row.site, row.stage), row.modules)) for row in plan.sites
    )
    flows = tuple(
        replace(flow, kg_per_year=flow.kg_per_year - int(MOVED_T * 1000))
        if flow.shipment == "FMCG_A_B_2030"
        else flow
        for flow in plan.flows
    )
    other = replace(plan, sites=sites, flows=flows, scenario="other")
    return compare([facts_of("base", tiny(), plan), facts_of("other", tiny(), other)])


def layers_of(found: Comparison) -> dict[str, Layer]:
    """Return the layers of a comparison by name."""
    return {layer.name: layer for layer in compare_layers(found, [None] * len(found.results))}


def records(layer: Layer) -> list[dict[str, Value]]:
    """Return the rows of a layer by field."""
    return [dict(zip(layer.fields, row, strict=True)) for row in layer.rows]


def test_changed_flows_are_the_differences() -> None:
    """3,000 t less from A to B by road in 2030 is the one row, drawn from A to B."""
    layer = layers_of(moved())["changed_flows"]
    (row,) = records(layer)
    assert (row["result"], row["scenario"], row["stage"]) == (2, "other", 2030)
    assert (row["from_place"], row["to_place"], row["mode"]) == ("A", "B", "road_diesel")
    assert row["base_t_per_year"] == 12_000.0
    assert row["flow_t_per_year"] == 9_000.0
    assert row["change_t_per_year"] == -MOVED_T
    ends = [point.coords[:] for part in layer.geometry[0].geoms for point in part.boundary.geoms]
    assert ends == [[(113.6, 34.7)], [(112.4, 34.6)]]


def test_changed_sites_say_what_stands_instead() -> None:
    """Each site with other modules is there once for its stage, with both sides and its place."""
    layer = layers_of(moved())["changed_sites"]
    found = {row["site"]: row for row in records(layer)}
    assert {site: row["change"] for site, row in found.items()} == {
        "DC_A": Change.SMALLER, "DC_B": Change.OPENED, "TERM_T": Change.DROPPED,
    }  # fmt: skip
    assert (found["DC_A"]["base_modules"], found["DC_A"]["modules"]) == (
        "1 large + 1 small", "1 small",
    )  # fmt: skip
    handled = found["DC_A"]["base_handled_t_per_year"], found["DC_A"]["handled_t_per_year"]
    assert handled == (31_350.0, 28_350.0)
    assert {row["stage"] for row in found.values()} == {2030}
    assert next(tuple(point.coords) for point in layer.geometry) == ((113.6, 34.7),)


def test_the_same_result_changes_nothing_on_the_map() -> None:
    """A result beside itself leaves both layers empty; the file is written all the same."""
    facts = moved().results[0]
    found = compare([facts, facts])
    layers = layers_of(found)
    assert layers["changed_flows"].rows == layers["changed_sites"].rows == ()
    once, again = (package(found, [None, None], Language.EN) for _ in range(2))
    assert once == again


@pytest.mark.qgis
@pytest.mark.parametrize(
    ("language", "more", "name"),
    [(Language.EN, "more freight", "DC B"), (Language.ZH, "货运量增加", "洛阳中心")],
)
def test_qgis_draws_the_changes(language: Language, more: str, name: str, tmp_path: Path) -> None:
    """Both layers open by rules, the last stage ticked, in their colours and the language."""
    python = python_with_qgis()
    if python is None:
        reason = "no Python with QGIS (python3-qgis, or name one in HUBOPT_QGIS_PYTHON)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    file = tmp_path / "compare.gpkg"
    file.write_bytes(package(moved(), [None, None], language))
    clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen",
             "LC_ALL": "C.UTF-8"}  # fmt: skip
    picture = str(tmp_path / "map.png")
    done = subprocess.run(
        [python, str(RENDER), str(file), picture, *AROUND_ZHENGZHOU, *SHOWN],
        capture_output=True, env=clean, check=False, timeout=200, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    for layer in found["layers"].values():
        assert (layer["valid"], layer["crs"]) == (True, "EPSG:4326")
    flows, sites = found["layers"]["changed_flows"], found["layers"]["changed_sites"]
    assert (flows["features"], sites["features"]) == (1, 3)
    assert [label.split()[-1] for label in flows["shown"]] == ["2030"]
    assert more in flows["rules"]
    assert set(flows["colours"]) == {MORE_COLOUR, LESS_COLOUR}
    assert set(sites["colours"]) == {colour for _, _, colour in MARKERS.values()}
    assert name in found["labels"]
