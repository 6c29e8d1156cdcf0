"""A real QGIS, with Debian's older GDAL, opens what is exported and finds the same freight."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from hubopt.publish.figures import Figures
from hubopt.publish.formats.export import Asked, exported, offered
from hubopt.text import Language
from tests.test_qgis import python_with_qgis
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

pytestmark = pytest.mark.qgis

OPEN = Path(__file__).with_name("qgis_open.py")
WANTED = {
    "flows.geojson": Asked(),
    "flows.fgb": Asked(crs="EPSG:4547"),
    "plan.kml": Asked(),
    "plan.gpkg": Asked(crs="EPSG:4490"),
    "plan.shp.zip": Asked(crs="EPSG:4490"),
}
"""What is exported, and in which system."""


def test_qgis_opens_every_export(tmp_path: Path) -> None:
    """Each layer is valid, has all its rows and tonnes, and lies in the system asked for."""
    python = python_with_qgis()
    if python is None:
        reason = "no Python with QGIS (python3-qgis, or name one in HUBOPT_QGIS_PYTHON)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    figures = Figures(tiny(), tiny_plan())
    for name, asked in WANTED.items():
        made = exported(figures, None, name, asked, Language.ZH)
        (tmp_path / name).write_bytes(made.data)
    clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen",
             "LC_ALL": "C.UTF-8"}  # fmt: skip
    done = subprocess.run(
        [python, str(OPEN), *(str(tmp_path / name) for name in WANTED)],
        capture_output=True, env=clean, check=False, timeout=200, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = {Path(file).name: layers for file, layers in json.loads(done.stdout).items()}
    layers = {layer.name: layer for layer in offered(figures, None)}
    tonnes = sum(float(value or 0) for value in layers["flows"].column("flow_t_per_year"))
    for name, asked in WANTED.items():
        seen = found[name]
        if name.startswith("plan"):
            want = {one for one in layers if not one.startswith("basemap_") and layers[one].rows}
            assert want <= {one.removesuffix(".shp") for one in seen}, name
        flows = seen["flows"]
        assert flows["valid"], name
        assert flows["rows"] == len(layers["flows"].rows), name
        assert flows["empty"] == 0, name
        assert flows["crs"] == (asked.crs or "EPSG:4326"), name
        assert flows["tonnes"] == pytest.approx(tonnes, rel=1e-9), name
