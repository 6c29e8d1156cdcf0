"""A result of the essentials is made whole later, in either language, with what was known kept."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import InputError, ViolationError
from hubopt.plan.marginal import Marginal, MarginalKind
from hubopt.plan.report import Check, Verification
from hubopt.publish.additions import add_tables
from hubopt.publish.edits import changed_files
from hubopt.publish.marginals import read_marginals
from hubopt.publish.results import load_result, redraw
from hubopt.publish.spread import Sheet
from hubopt.text import Language
from tests.publishing import contents, instance_folder, quick_maps, written
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from pathlib import Path

MARGINALS = (
    Marginal(MarginalKind.DEMAND, 2025, "MACH_A_R_2025", cny_per_t=812.5),
    Marginal(MarginalKind.LINK, 2025, "A", "T", "road_diesel", cny_per_t=3.25),
    Marginal(MarginalKind.SERVICE_LEG, 2030, "T", "E", service="RAIL_OUT", cny_per_t=41.07),
    Marginal(MarginalKind.SITE_FUNCTION, 2030, "=DC", "consolidation", cny_per_t=0.01),
)
ESSENTIALS = {"plan.json", "verification.json", "manifest.json"}


@pytest.fixture(autouse=True)
def plan_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the plan made by hand pass, whose costs are round numbers; the verifier has own tests."""
    holds = Verification((Check("demand_met", 12, 0),), ())
    monkeypatch.setattr("hubopt.plan.verify.verify", lambda *_: holds)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Return a table of a result."""
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_essentials_are_three_files(tmp_path: Path) -> None:
    """After a stop only the plan, its verification and the manifest are written, which says so."""
    folder = written(tmp_path, essentials=True)
    assert set(contents(folder)) == ESSENTIALS
    record = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert record["complete"] is False
    assert set(record["outputs"]) == ESSENTIALS - {"manifest.json"}
    assert load_result(folder)[0] == tiny_plan()


def test_essentials_load_no_heavy_library(tmp_path: Path) -> None:
    """What must be done within two seconds of Ctrl-C does not wait for maps to load."""
    code = (
        "import sys, pathlib; from tests.publishing import written\n"
        f"written(pathlib.Path({str(tmp_path)!r}), essentials=True)\n"
        "heavy = {'numpy', 'pandas', 'geopandas', 'pyogrio', 'matplotlib', 'shapely', 'pyproj'}\n"
        "print(heavy & set(sys.modules)); sys.exit(bool(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_redrawing_makes_the_same_result_as_writing(tmp_path: Path) -> None:
    """Essentials drawn anew are the same to the byte as a result written whole at once."""
    whole = contents(written(tmp_path / "one"))
    folder = written(tmp_path / "two", essentials=True)
    assert redraw(folder, tiny(), instance_folder(tmp_path / "two"), Language.EN) == folder
    assert contents(folder) == whole


def test_redrawing_in_chinese_keeps_what_the_run_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another language changes maps, not options, versions, timings and marginal values."""
    quick_maps(monkeypatch)
    folder = written(tmp_path, marginals=MARGINALS)
    before = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    table = (folder / "tables" / "marginal_values.csv").read_bytes()
    redraw(folder, tiny(), instance_folder(tmp_path), Language.ZH)
    after = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (before.pop("language"), after.pop("language")) == ("en", "zh")
    assert after == before
    assert (folder / "tables" / "marginal_values.csv").read_bytes() == table


def test_marginal_values_come_back_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table holds every value with the words on what it is, and is read back the same."""
    quick_maps(monkeypatch)
    folder = written(tmp_path, marginals=MARGINALS)
    assert sorted(read_marginals(folder), key=repr) == sorted(MARGINALS, key=repr)
    assert {row["basis"] for row in rows(folder, "marginal_values")} == {
        "LP with sites, modules and departures fixed; not part of the verification"
    }
    assert read_marginals(tmp_path) == ()


def test_limited_links_show_their_marginal_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both directions of a limited link carry its value in its stage, all other flows a blank."""
    quick_maps(monkeypatch)
    found = {
        (row["stage"], row["from_place"], row["to_place"], row["mode"]): row["marginal_cny_per_t"]
        for row in rows(written(tmp_path, marginals=MARGINALS), "flows")
    }
    assert found.pop(("2025", "A", "T", "road_diesel")) == "3.25"
    assert found.pop(("2025", "T", "A", "road_diesel")) == "3.25"
    assert set(found.values()) == {""}


def test_a_plan_that_fails_is_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A result whose plan does not hold any more is left as it is, with the check named."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    old = contents(folder)
    fails = Verification((Check("demand_met", 12, 1),), ())
    monkeypatch.setattr("hubopt.plan.verify.verify", lambda *_: fails)
    with pytest.raises(ViolationError, match="demand_met"):
        redraw(folder, tiny(), instance_folder(tmp_path), Language.EN)
    assert contents(folder) == old


def test_there_must_be_a_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a plan alone is no result that could be drawn anew."""
    quick_maps(monkeypatch)
    folder = written(tmp_path)
    (folder / "manifest.json").unlink()
    with pytest.raises(InputError, match=r"manifest\.json"):
        redraw(folder, tiny(), instance_folder(tmp_path), Language.EN)


def test_what_was_added_to_a_result_stays(tmp_path: Path) -> None:
    """A table that another command has put into a result is there after drawing it anew, twice."""
    folder = written(tmp_path)
    sheet = Sheet("stress", ("thing", "days"), (("TERM_T", 12),))
    add_tables(folder, [sheet])
    before = (folder / "tables" / "stress.csv").read_bytes()
    for language in (Language.ZH, Language.EN):
        redraw(folder, tiny(), instance_folder(tmp_path), language)
        assert (folder / "tables" / "stress.csv").read_bytes() == before
        assert changed_files(folder) == ()
