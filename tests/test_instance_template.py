"""The template reads, explains itself, and never overwrites or leaves half of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hubopt.errors import InputError
from hubopt.instance import template, whole_folder
from hubopt.instance.capacity_notes import capacity_notes
from hubopt.instance.read import read
from hubopt.instance.scenario import overlaid
from hubopt.instance.schema import ALL
from hubopt.instance.template import new
from hubopt.instance.template_rows import example
from tests.instance_folder import snapshot

if TYPE_CHECKING:
    from pathlib import Path


def test_the_template_is_a_valid_instance(tmp_path: Path) -> None:
    """The template reads without findings or notes, in a folder that is made for it."""
    new(tmp_path / "deep" / "mine")
    found = read(tmp_path / "deep" / "mine")
    assert found == example("mine")
    assert capacity_notes(found) == ()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["mine"]


def test_the_readme_describes_every_column(tmp_path: Path) -> None:
    """The README explains filling in, and each column, in English and Chinese."""
    new(tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")
    assert "# How to fill in this folder" in text
    assert "# 如何填写本文件夹" in text
    for table in ALL.values():
        for column in table.columns:
            assert f"| {column.name} |" in text
            assert column.sentence.zh.replace("|", "\\|") in text


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_nothing_is_overwritten(kind: str, tmp_path: Path) -> None:
    """A folder with anything in it, or a file in its place, is refused and left as it is."""
    target = tmp_path / "mine"
    if kind == "folder":
        target.mkdir()
        (target / "precious.txt").write_text("x", encoding="utf-8")
    else:
        target.write_text("x", encoding="utf-8")
    before = snapshot(tmp_path)
    with pytest.raises(InputError) as caught:
        new(target)
    assert caught.value.findings[0].code == "TAB21"
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("there", [True, False])
def test_nothing_half_written_stays(
    there: bool,  # noqa: FBT001  (a parameter of the test)
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """If writing fails on the way, the folder is as it was and no temporary file is left."""
    target = tmp_path / "mine"
    if there:
        target.mkdir()
    moved = []
    original = whole_folder.shutil.move

    def fail(source: Path, end: Path) -> None:
        if len(moved) == 5:
            raise OSError(28, "No space left on device")
        moved.append(original(source, end))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(whole_folder.shutil, "move", fail)
    if not there:
        monkeypatch.setattr(template, "readme", full)
    with pytest.raises(InputError, match="No space left on device"):
        new(target)
    assert snapshot(tmp_path) == {}
    assert target.exists() is there


def test_the_example_of_a_scenario_holds(tmp_path: Path) -> None:
    """The scenario of the template is checked as any other and changes what it says."""
    new(tmp_path)
    made = overlaid(tmp_path, "more_demand")
    base = example(tmp_path.name)
    assert made.settings.carbon_price_cny_per_t == 200
    trains = [service for service in base.services if service.mode == "rail"]
    assert trains
    for before in trains:
        assert made.service[before.id].most_per_week == before.most_per_week // 2
    assert sum(d.demand_t_per_year for d in made.demand) > sum(
        d.demand_t_per_year for d in base.demand
    )
