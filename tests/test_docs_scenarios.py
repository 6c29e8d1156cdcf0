"""What docs/scenarios.md shows is what works."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from hubopt.instance.overlay_faults import CHANGEABLE
from hubopt.instance.overlay_read import ENTRIES, KEYS, POLICIES
from hubopt.instance.scenario import all_overlaid, scenario_names

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
MINI, REFERENCE = ROOT / "instances" / "zhengzhou-mini", ROOT / "instances" / "zhengzhou"


def test_the_file_that_is_shown_holds(tmp_path: Path) -> None:
    """The example can be copied into the scenarios of zhengzhou-mini and passes the checks."""
    folder = Path(shutil.copytree(MINI, tmp_path / "mini"))
    (example,) = re.findall(r"```toml\n(.*?)```", TEXT, flags=re.DOTALL)
    (folder / "scenarios" / "shown.toml").write_text(example, encoding="utf-8")
    made = all_overlaid(folder, ["base", "border_halt", "shown"])
    assert made["shown"].settings.policies == {"hierarchy"}
    assert made["shown"].services == made["border_halt"].services != made["base"].services


def test_every_entry_and_key_is_described() -> None:
    """The table of entries names each entry with its keys, and every setting that may change."""
    for verb in ENTRIES:
        for key in KEYS[verb]:
            assert re.search(rf"`\[\[{verb.value}\]\]` \|.*`{key}`", TEXT), (verb, key)
    for word in (*CHANGEABLE, *POLICIES):
        assert f"`{word}`" in TEXT


def test_every_conditions_of_the_table_is_read(tmp_path: Path) -> None:
    """Each condition that the table shows chooses rows of zhengzhou-mini."""
    table = TEXT.partition("| condition |")[2].partition("\n\n")[0]
    shown = re.findall(r"`(\w+) = (.+?)`[,| ]", table)
    assert len(shown) >= 8
    homes = {"mode": "services", "stage": "demand", "origin": "demand", "path": "services",
             "modes": "products"}  # fmt: skip
    folder = Path(shutil.copytree(MINI, tmp_path / "mini"))
    for nth, (column, value) in enumerate(shown):
        text = f'[[set]]\ntable = "{homes[column]}"\nwhere = {{ {column} = {value} }}\n'
        text += "to = { demand_t_per_year = 1 }\n" if homes[column] == "demand" else ""
        text += 'to = { name_en = "x" }\n' if homes[column] != "demand" else ""
        (folder / "scenarios" / f"c{nth}.toml").write_text(text, encoding="utf-8")
    names = [f"c{nth}" for nth in range(len(shown))]
    base = all_overlaid(folder, ["base"])["base"]
    assert all(one != base for one in all_overlaid(folder, names).values())


def test_every_shipped_scenario_is_listed() -> None:
    """The list of what is shipped names each scenario of both instances and says where it is."""
    rows = TEXT.partition("## What is shipped")[2].partition("\n\n|")[2].split("\n\n")[0]
    listed: dict[str, set[str]] = {"mini": set(), "reference": set()}
    for line in rows.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.findall(r"`(\w+)`", cells[0]):
            for where, cell in zip(listed, cells[1:3], strict=True):
                listed[where] |= {name} if cell == "yes" else set()
    assert listed["mini"] == set(scenario_names(MINI))
    assert listed["reference"] == set(scenario_names(REFERENCE))
