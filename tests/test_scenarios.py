"""What each entry of a scenario does to an instance, and that nothing else changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from hubopt.errors import InputError
from hubopt.instance.digest import content_hash
from hubopt.instance.read import read
from hubopt.instance.scenario import all_overlaid, apply, overlaid, read_scenarios, scenario_names
from hubopt.instance.schema import TABLES
from hubopt.vocabulary import Mode, SiteStatus
from tests.instance_folder import snapshot, tiny_folder
from tests.overlays import NAME, scenario, under
from tests.tiny import tiny
from tests.workbook import tiny_book

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance


def moved(instance: Instance, table: str, column: str) -> dict[str, Any]:
    """Return the cells of a column that differ from the tiny instance, by key; no other may."""
    keys = [TABLES[table].columns[here].name for here in TABLES[table].keys]
    base = tiny()
    found = {}
    for name in TABLES:
        before, after = getattr(base, name), getattr(instance, name)
        if name != table:
            assert before == after, name
            continue
        for one, other in zip(before, after, strict=True):
            if one != other:
                assert replace(one, **{column: getattr(other, column)}) == other
                key = "-".join(str(getattr(one, part)) for part in keys)
                found[key] = getattr(other, column)
    return found


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ('mode = "air"', {"P-Q-air"}),
        ('mode = ["air", "rail"]', {"P-Q-air", "T-E-rail"}),
        ("distance_km = { at_least = 8700, at_most = 9000 }", {"P-Q-air"}),
        ("distance_km = { at_least = 8700 }", {"P-Q-air", "T-E-rail"}),
        ('mode = { not = ["road_diesel", "road_battery"] }', {"P-Q-air", "T-E-rail"}),
        ('from_place = { country = "DE" }', {"E-R-road_diesel", "Q-R-road_diesel"}),
        ('from_place = { country = "CN" }, to_place = { kind = "airport" }, mode = "road_diesel"',
         {"A-P-road_diesel"}),
        ("both_ways = true, capacity_t_per_year = 60000", {"A-T-road_diesel"}),
        ('capacity_t_per_year = { not = "" }', {"A-T-road_diesel"}),
    ],
)  # fmt: skip
def test_conditions_choose_rows(where: str, rows: set[str], tmp_path: Path) -> None:
    """Values, lists, ranges, `not`, blanks and conditions on a place choose what they say."""
    text = f'[[multiply]]\ntable = "links"\nwhere = {{ {where} }}\nby = {{ cost_cny_per_t = 2 }}\n'
    assert set(moved(under(tmp_path, text), "links", "cost_cny_per_t")) == rows


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ('path = "T"', {"RAIL_BACK", "RAIL_OUT"}),
        ('path = "T>E"', {"RAIL_OUT"}),
        ('path = { country = "DE" }', {"AIR_BACK", "AIR_OUT", "RAIL_BACK", "RAIL_OUT"}),
        ('path = { id = ["Q"] }, id = "AIR_OUT"', {"AIR_OUT"}),
    ],
)
def test_a_path_is_meant_by_a_stop_or_a_leg(where: str, rows: set[str], tmp_path: Path) -> None:
    """A condition on a path holds where it passes the stop, or runs the leg in that direction."""
    text = f'[[add]]\ntable = "services"\nwhere = {{ {where} }}\nby = {{ wait_h = 120 }}\n'
    assert moved(under(tmp_path, text), "services", "wait_h") == dict.fromkeys(rows, 132.0)


def test_sets_of_words_are_meant_by_a_part(tmp_path: Path) -> None:
    """Products that may fly are those whose modes hold air, whatever else they hold."""
    text = '[[set]]\ntable = "products"\nwhere = { modes = "air" }\nto = { cargo = "reefer" }\n'
    assert set(moved(under(tmp_path, text), "products", "cargo")) == {"MACH", "PHONE", "WINE"}


def test_multiply_is_exact_and_keeps_whole_numbers_whole(tmp_path: Path) -> None:
    """8,000 t by 1.15 is 9,200 and nothing beside it; half of seven departures are four, even."""
    growth = '[[multiply]]\ntable = "demand"\nwhere = { product = "FMCG" }\nby = { demand_t_per_year = 1.15 }\n'  # noqa: E501
    assert moved(under(tmp_path, growth), "demand", "demand_t_per_year") == {
        "FMCG_A_B_2025": 9_200.0,
        "FMCG_A_B_2030": 13_800.0,
        "FMCG_B_A_2025": 13_800.0,
        "FMCG_B_A_2030": 20_700.0,
    }
    fewer = '[[multiply]]\ntable = "services"\nwhere = { id = "RAIL_OUT" }\nby = { most_per_week = 0.5 }\n'  # noqa: E501
    assert moved(under(tmp_path / "b", fewer), "services", "most_per_week") == {"RAIL_OUT": 4}


def test_a_blank_is_no_limit_and_stays_one(tmp_path: Path) -> None:
    """Capacities are halved where there are any; no limit times a half is no limit."""
    text = '[[multiply]]\ntable = "links"\nby = { capacity_t_per_year = 0.5 }\n'
    assert moved(under(tmp_path, text), "links", "capacity_t_per_year") == {
        "A-T-road_diesel": 30_000.0
    }


def test_set_writes_cells_as_in_a_file(tmp_path: Path) -> None:
    """A number, a blank for no limit, a word: each is read as the cell that it becomes."""
    narrow = (
        '[[set]]\ntable = "links"\nwhere = { mode = "air" }\nto = { capacity_t_per_year = 5000 }\n'
    )
    assert moved(under(tmp_path, narrow), "links", "capacity_t_per_year") == {"P-Q-air": 5000.0}
    wide = (
        '[[set]]\ntable = "links"\nwhere = { to_place = "T" }\nto = { capacity_t_per_year = "" }\n'
    )
    assert moved(under(tmp_path / "b", wide), "links", "capacity_t_per_year") == {
        "A-T-road_diesel": None
    }


def test_rows_are_added_with_defaults(tmp_path: Path) -> None:
    """A limit and the policy that wakes it come with the scenario; cells left out are blank."""
    text = """
policies_on = ["hierarchy"]
[[add]]
table = "limits"
[[add.rows]]
kind = "mode_share_at_least"
stage = 2030
mode = "air"
goods = "MACH"
value = 0.5
policy = "hierarchy"
"""
    made = under(tmp_path, text)
    (row,) = set(made.limits) - set(tiny().limits)
    assert (row.mode, row.goods, row.value, row.area) == (Mode.AIR, "MACH", 0.5, None)
    assert row in made.limits_in_force
    assert made.settings.policies == {"hierarchy"}


def test_policies_are_switched_off(tmp_path: Path) -> None:
    """A scenario switches off what the instance has on, and leaves the rest on."""
    rows = '[[add]]\ntable = "limits"\nrows = [{ kind = "budget", stage = 2030, value = 1e9, policy = "thrift" }]\n'  # noqa: E501
    on = under(tmp_path, f'policies_on = ["thrift"]\n{rows}')
    folder = scenario(tmp_path / "tiny", 'policies_off = ["thrift"]\n')
    assert overlaid(folder, NAME, on).settings.policies == frozenset()


def test_demand_grows_from_the_base_year(tmp_path: Path) -> None:
    """Two per cent a year from 2025 leave 2025 as it is and make 1.02^5 of 2030."""
    text = '[[grow]]\nwhere = { product = "WINE" }\nper_year = 0.02\n'
    grown = moved(under(tmp_path, text), "demand", "demand_t_per_year")
    assert grown == {"WINE_R_A_2030": pytest.approx(15_000 * 1.02**5, rel=1e-12)}
    early = text + "from_year = 2020\n"
    grown = moved(under(tmp_path / "b", early), "demand", "demand_t_per_year")
    assert grown["WINE_R_A_2025"] == pytest.approx(10_000 * 1.02**5, rel=1e-12)


def test_sites_are_closed_opened_and_required(tmp_path: Path) -> None:
    """Closing takes what stands; opening lets build again; requiring asks for a candidate."""
    closed = under(tmp_path, '[[close]]\ntable = "sites"\nwhere = { id = "DC_A" }\n')
    assert closed.site["DC_A"].status is SiteStatus.CLOSED
    assert {m.built for m in closed.modules if m.site == "DC_A"} == {0}
    folder = scenario(tmp_path / "tiny", '[[open]]\nwhere = { id = "DC_A" }\n')
    assert overlaid(folder, NAME, closed).site["DC_A"].status is SiteStatus.CANDIDATE
    asked = under(tmp_path / "b", '[[require]]\nwhere = { place = ["A", "B"] }\n')
    status = {site.id: site.status for site in asked.sites}
    assert status["DC_B"] is SiteStatus.REQUIRED
    assert status["DC_A"] is SiteStatus.EXISTING  # stands already


@pytest.mark.parametrize(
    ("entry", "table", "column", "cells"),
    [
        ('table = "services"\nwhere = { path = "T" }\ncapacity = 0.35', "services",
         "most_per_week", {"RAIL_BACK": 2, "RAIL_OUT": 2}),
        ('table = "links"\nwhere = { to_place = "T", from_place = "A" }\ncapacity = 0.35', "links",
         "capacity_t_per_year", {"A-T-road_diesel": 21_000.0}),
        ('table = "links"\nwhere = { from_place = "B" }\ncapacity = 0', "links",
         "capacity_t_per_year", {"B-T-road_diesel": 0.0}),
        ('table = "transfers"\nwhere = { place = "P" }\ncapacity = 0.1', "transfers",
         "capacity_t_per_year", {"P-road_diesel-air": 3_000.0}),
        ('table = "sites"\nwhere = { id = "TERM_T" }\ncapacity = 0.5', "capacities",
         "capacity_t_per_year", {"TERM_T-yard-transfer": 20_000.0}),
    ],
)  # fmt: skip
def test_an_outage_leaves_a_share(
    entry: str, table: str, column: str, cells: dict[str, float], tmp_path: Path
) -> None:
    """Links, terminals and sites keep a share of their tonnes, services whole departures a week."""
    assert moved(under(tmp_path, f"[[outage]]\n{entry}\n"), table, column) == cells


def test_settings_change_alone(tmp_path: Path) -> None:
    """A carbon price of 500 changes that and nothing else."""
    made = under(tmp_path, "[settings]\ncarbon_price_cny_per_t = 500\n")
    assert made == replace(tiny(), settings=replace(tiny().settings, carbon_price_cny_per_t=500.0))


def test_entries_inherit_in_order_and_each_once(tmp_path: Path) -> None:
    """What two scenarios share is done once, before what each adds, whatever the order of verbs."""
    folder = scenario(tmp_path / "tiny", 'extends = ["left", "right"]\n', "both")
    double = '[[multiply]]\ntable = "links"\nwhere = { mode = "air" }\nby = { time_h = 2 }\n'
    scenario(folder, double, "root")
    later = '[[add]]\ntable = "links"\nwhere = { mode = "air" }\nby = { time_h = 10 }\n'
    scenario(folder, 'extends = "root"\n' + later, "left")
    scenario(folder, 'extends = "root"\n' + double, "right")
    made = all_overlaid(folder, None, tiny())
    hours = {
        name: link.time_h for name, one in made.items() for link in one.links if link.mode == "air"
    }
    assert hours == {"base": 11.5, "root": 23.0, "left": 33.0, "right": 46.0, "both": 66.0}
    assert read_scenarios(folder)["both"].files == tuple(
        f"scenarios/{name}.toml" for name in ("root", "left", "right", "both")
    )


def test_order_within_a_file_is_that_of_verbs(tmp_path: Path) -> None:
    """Numbers are multiplied before anything is added to them, wherever the entries stand."""
    entries = [
        '[[add]]\ntable = "links"\nwhere = { mode = "air" }\nby = { time_h = 10 }\n',
        '[[multiply]]\ntable = "links"\nwhere = { mode = "air" }\nby = { time_h = 2 }\n',
    ]
    one = under(tmp_path, "".join(entries))
    assert one == under(tmp_path, "".join(reversed(entries)))
    assert moved(one, "links", "time_h") == {"P-Q-air": 33.0}


def test_reading_and_applying_change_no_file(tmp_path: Path) -> None:
    """An overlay is made in memory: the folder stays as it is, and base is the instance itself."""
    text = '[[multiply]]\ntable = "demand"\nby = { demand_t_per_year = 1.1 }\n'
    folder = scenario(tmp_path / "tiny", text)
    before, base = snapshot(folder), read(folder)
    made = apply(base, read_scenarios(folder)[NAME])
    assert snapshot(folder) == before
    assert made != base == overlaid(folder, "base")
    assert content_hash(made) == content_hash(overlaid(folder, NAME)) != content_hash(base)


def test_titles_and_sources_are_kept(tmp_path: Path) -> None:
    """What a file says of itself and of its numbers can be shown; one title stands for both."""
    text = 'title_en = "Two\\nlines"\n[[grow]]\nper_year = 0\nsource = "a paper"\nyear = 2021\nconfidence = "low"\n'  # noqa: E501
    found = read_scenarios(scenario(tmp_path / "tiny", text))[NAME]
    assert (found.title.en, found.title.zh) == ("Two lines", "Two lines")
    (told,) = [source for source in found.sources if source.source]
    assert (told.entry, told.source, told.year, told.confidence) == (
        "grow[1]", "a paper", 2021, "low"
    )  # fmt: skip


def test_scenarios_of_a_workbook_stand_beside_it(tmp_path: Path) -> None:
    """A workbook has its scenarios in the folder `scenarios` beside it."""
    book = tiny_book(tmp_path / "plan.xlsx")
    scenario(tmp_path, "[settings]\ncarbon_price_cny_per_t = 500\n")
    assert scenario_names(book) == [NAME]
    assert overlaid(book, NAME).settings.carbon_price_cny_per_t == 500.0


def test_an_instance_without_scenarios_has_base_alone(tmp_path: Path) -> None:
    """Without the folder there is nothing to read; asking for more says what to add."""
    folder = tiny_folder(tmp_path / "tiny")
    assert set(all_overlaid(folder, None)) == {"base"}
    with pytest.raises(InputError, match=r"add scenarios/NAME\.toml"):
        overlaid(folder, "flood")
