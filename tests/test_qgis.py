"""A real QGIS opens plan.gpkg with its own styles and draws it, in both languages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import image as mpl_image

from hubopt.publish.content import content
from hubopt.publish.palette import HENAN, LIGHT, MODE_COLOURS, OUTCOME_COLOURS
from hubopt.text import Language
from hubopt.vocabulary import Mode, SiteOutcome
from tests.publishing import edition, package

pytestmark = pytest.mark.qgis

RENDER = Path(__file__).with_name("qgis_render.py")
AROUND_ZHENGZHOU = ("111.8", "34.0", "114.6", "35.4")


@cache
def python_with_qgis() -> str | None:
    """Return a Python that can import QGIS, `None` if the machine has none."""
    for name in (os.environ.get("HUBOPT_QGIS_PYTHON"), "/usr/bin/python3", shutil.which("python3")):
        if name and Path(name).exists():
            tried = subprocess.run(
                [name, "-c", "import qgis.core"], capture_output=True, check=False
            )
            if tried.returncode == 0:
                return name
    return None


@pytest.fixture(scope="module", params=list(Language))
def seen(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Language, dict[str, Any], set[tuple[int, ...]]]:
    """Render the tiny plan in QGIS; return language, what QGIS found, and the colours drawn."""
    python = python_with_qgis()
    if python is None:
        reason = "no Python with QGIS (python3-qgis, or name one in HUBOPT_QGIS_PYTHON)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    folder = tmp_path_factory.mktemp("qgis")
    image = folder / "map.png"
    package(folder / "plan.gpkg", edition(language=request.param))
    # its own profile, home and no display; nothing of this Python's libraries
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen",
             "LC_ALL": "C.UTF-8"}  # fmt: skip
    command = [str(python), str(RENDER), str(folder / "plan.gpkg"), str(image), *AROUND_ZHENGZHOU]
    done = subprocess.run(
        command, capture_output=True, env=clean, check=False, timeout=200, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    pixels = (mpl_image.imread(image)[..., :3] * 255).round().astype(int)
    colours = np.unique(pixels @ [65536, 256, 1])
    seen = {(c >> 16, c >> 8 & 255, c & 255) for c in colours.tolist()}
    found = json.loads(done.stdout) | {"package": str(folder / "plan.gpkg")}
    return request.param, found, seen


def near(colours: set[tuple[int, ...]], wanted: str) -> bool:
    """Return whether a colour was drawn, give or take what shines through from below."""
    rgb = np.array([int(wanted[here : here + 2], 16) for here in (1, 3, 5)])
    return bool((np.abs(np.array(sorted(colours)) - rgb).max(axis=1) <= 40).any())


def test_layers_open_with_their_default_styles(
    seen: tuple[Language, dict[str, Any], object],
) -> None:
    """Every layer is valid in WGS84 and comes up by rules, with only the last stage ticked."""
    _, found, _ = seen
    for name, layer in found["layers"].items():
        assert layer["valid"], name
        assert (layer["crs"], layer["renderer"]) == ("EPSG:4326", "RuleRenderer"), name
    flows = found["layers"]["flows"]
    assert len(flows["stages"]) == 2
    assert [label.split()[-1] for label in flows["shown"]] == ["2030"]
    assert flows["features"] > 10
    assert set(flows["colours"]) == {
        MODE_COLOURS[m] for m in (Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL, Mode.AIR)
    } | {LIGHT.faint}  # of the widths in the legend
    assert found["layers"]["flows_by_product"]["shown"] == []
    assert found["layers"]["flows_by_product"]["features"] >= flows["features"]
    assert set(found["layers"]["sites"]["colours"]) == set(OUTCOME_COLOURS.values())


def test_routes_wait_until_they_are_ticked(seen: tuple[Language, dict[str, Any], object]) -> None:
    """The layer of routes is there with a colour for each main mode, and hides nothing at first."""
    _, found, _ = seen
    routes = found["layers"]["routes"]
    assert (len(routes["stages"]), routes["shown"]) == (2, [])
    assert routes["features"] == 12
    assert set(routes["colours"]) == {
        MODE_COLOURS[m] for m in (Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL, Mode.AIR)
    }


def test_opening_a_package_is_no_edit(
    tmp_path: Path, seen: tuple[Language, dict[str, Any], object]
) -> None:
    """What QGIS does to the bytes of a file that it opens leaves its content as it was."""
    language, found, _ = seen
    file = package(tmp_path / "plan.gpkg", edition(language=language))
    assert content(Path(found["package"])) == content(file)


def test_labels_are_in_the_language(seen: tuple[Language, dict[str, Any], object]) -> None:
    """Places with sites that stand are named, with what opens there, in the plan's language."""
    language, found, _ = seen
    names = {"T\n+ 2025: 场站", "A"} if language is Language.ZH else {"T\n+ 2025: terminal", "A"}
    assert names <= set(found["labels"])
    assert "B" not in found["labels"]
    legend = "新建" if language is Language.ZH else "opened"
    assert legend in found["layers"]["sites"]["rules"]


def test_the_picture_has_the_colours(
    seen: tuple[Language, object, set[tuple[int, ...]]],
) -> None:
    """Freight by road and rail, the opened terminal and Henan are drawn in their colours."""
    _, _, colours = seen
    wanted = [MODE_COLOURS[Mode.ROAD_DIESEL], MODE_COLOURS[Mode.RAIL], HENAN]
    wanted += [OUTCOME_COLOURS[SiteOutcome.OPENED], OUTCOME_COLOURS[SiteOutcome.KEPT]]
    assert [colour for colour in wanted if not near(colours, colour)] == []
