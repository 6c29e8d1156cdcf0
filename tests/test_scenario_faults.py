"""Everything that can be wrong in scenarios is named at once: file, entry, value and remedy."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from hubopt.cli.entry import run
from hubopt.errors import Finding, InputError
from hubopt.instance.scenario import all_overlaid, overlaid
from hubopt.text import Language
from tests.instance_folder import tiny_folder
from tests.overlays import NAME, scenario
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

LINKS = '[[multiply]]\ntable = "links"\n'
TIMES = "by = { time_h = 2 }\n"


@dataclass(frozen=True)
class Wrong:
    """A scenario, and the one finding that it must get."""

    text: str
    code: str
    row: int | None
    column: str | None
    en: str
    nearest: str | None = None
    value: str | None = None


WRONG = {
    "no TOML": Wrong("a = = 1\n", "CFG04", 1, None, "is not TOML"),
    "typographic quotes": Wrong("extends = “base”\n", "CFG04", 1, None, "type quotes"),
    "nothing": Wrong('title_en = "x"\n', "SCN04", None, None, "changes nothing"),
    "unknown key": Wrong(f"titel = 1\n{LINKS}{TIMES}", "CFG01", 1, "titel", "the key is unknown",
                         value="titel"),
    "path under a key": Wrong(f'geometry = "../x"\n{LINKS}{TIMES}', "SEC01", 1, "geometry",
                              "leads out of the instance folder", value="../x"),
    "title is a number": Wrong(f"title_en = 3\n{LINKS}{TIMES}", "SCN04", 1, "title_en",
                               "is not a text", value="3"),
    "unknown key of an entry": Wrong(f"{LINKS}{TIMES}wher = 1\n", "CFG01", 4, "multiply[1].wher",
                                     "known are table, where, by", "where"),
    "no list": Wrong("[multiply]\nx = 1\n", "SCN04", 1, "multiply", "[[multiply]]"),
    "no table": Wrong("[[multiply]]\nby = { time_h = 2 }\n", "CFG02", 1, "multiply[1]",
                      "the entry lacks table"),
    "unknown table": Wrong(f'[[multiply]]\ntable = "link"\n{TIMES}', "SCN04", 2,
                           "multiply[1].table", "is no table that multiply changes", "links",
                           "link"),
    "table that cannot close": Wrong('[[close]]\ntable = "demand"\nwhere = { product = "FMCG" }\n',
                                     "SCN04", 2, "close[1].table", "links, services"),
    "no factor": Wrong(LINKS, "CFG02", 1, "multiply[1]", "the entry lacks by"),
    "unknown column": Wrong(f"{LINKS}by = {{ time = 2 }}\n", "TAB14", 3, "multiply[1].by.time",
                            "links.csv has no such column", "time_h"),
    "column of words": Wrong(f"{LINKS}by = {{ access = 2 }}\n", "SCN04", 3,
                             "multiply[1].by.access", "use [[set]]"),
    "key column": Wrong('[[set]]\ntable = "links"\nto = { mode = "air" }\n', "SCN04", 3,
                        "set[1].to.mode", "names the row"),
    "negative factor": Wrong(f"{LINKS}by = {{ time_h = -2 }}\n", "NUM10", 3,
                             "multiply[1].by.time_h", "is negative", value="-2"),
    "factor as text": Wrong(f'{LINKS}by = {{ time_h = "twice" }}\n', "NUM04", 3,
                            "multiply[1].by.time_h", "is not a number"),
    "no number": Wrong(f"{LINKS}by = {{ time_h = nan }}\n", "NUM07", 3, "multiply[1].by.time_h",
                       "NaN"),
    "share above one": Wrong('[[outage]]\ntable = "services"\nwhere = { id = "RAIL_OUT" }\n'
                             "capacity = 1.2\n", "NUM14", 4, "outage[1].capacity",
                             "between 0 and 1"),
    "wrong word": Wrong('[[set]]\ntable = "sites"\nwhere = { id = "DC_B" }\n'
                        'to = { status = "shut" }\n', "NUM19", 4, "set[1].to.status",
                        "not one of the words"),
    "unknown column in a condition": Wrong(f'{LINKS}where = {{ mod = "air" }}\n{TIMES}', "TAB14",
                                           3, "multiply[1].where.mod", "no such column", "mode"),
    "wrong word in a condition": Wrong(f'{LINKS}where = {{ mode = "plane" }}\n{TIMES}', "NUM19", 3,
                                       "multiply[1].where.mode", "write one of"),
    "unknown id in a condition": Wrong(f'{LINKS}where = {{ to_place = ["T", "TT"] }}\n{TIMES}',
                                       "SCN03", 1, "multiply[1].where.to_place",
                                       "stands in no row of that column", "T", "TT"),
    "unknown country of a place": Wrong(f'{LINKS}where = {{ to_place = {{ country = "CH" }} }}\n'
                                        f"{TIMES}", "SCN03", 1,
                                        "multiply[1].where.to_place.country", "stands in no row"),
    "unknown column of a place": Wrong(f'{LINKS}where = {{ to_place = {{ land = "CN" }} }}\n'
                                       f"{TIMES}", "TAB14", 3, "multiply[1].where.to_place.land",
                                       "places.csv has no such column"),
    "no row": Wrong(f'{LINKS}where = {{ mode = "air", to_place = "T" }}\n{TIMES}', "SCN03", 1,
                    "multiply[1].where", "no row meets all conditions"),
    "range of words": Wrong(f"{LINKS}where = {{ mode = {{ at_least = 1 }} }}\n{TIMES}", "SCN04", 3,
                            "multiply[1].where.mode", "is no column of numbers"),
    "range upside down": Wrong(f"{LINKS}where = {{ time_h = {{ at_least = 2, at_most = 1 }} }}\n"
                               f"{TIMES}", "SCN04", 3, "multiply[1].where.time_h", "swap them"),
    "unknown comparison": Wrong(f"{LINKS}where = {{ time_h = {{ above = 2 }} }}\n{TIMES}", "SCN04",
                                3, "multiply[1].where.time_h", "at_least = 1"),
    "empty list": Wrong(f"{LINKS}where = {{ mode = [] }}\n{TIMES}", "SCN04", 3,
                        "multiply[1].where.mode", "means no row"),
    "conditions as text": Wrong(f'{LINKS}where = "mode = air"\n{TIMES}', "SCN04", 3,
                                "multiply[1].where", "is no set of conditions"),
    "close without conditions": Wrong('[[close]]\ntable = "sites"\n', "CFG02", 1, "close[1]",
                                      "the entry lacks where"),
    "nothing closed": Wrong('[[open]]\nwhere = { id = "DC_B" }\n', "SCN03", 1, "open[1].where",
                            "is closed"),
    "no limit to cut": Wrong('[[outage]]\ntable = "links"\nwhere = { mode = "rail" }\n'
                             "capacity = 0.3\n", "SCN06", 1, "outage[1].capacity",
                             "the cell is blank"),
    "no limit to multiply": Wrong(f'{LINKS}where = {{ mode = "rail" }}\n'
                                  "by = { capacity_t_per_year = 0.3 }\n", "SCN06", 1,
                                  "multiply[1].by.capacity_t_per_year", "[[set]]"),
    "row without a cell": Wrong('[[add]]\ntable = "customs"\nrows = [{ place = "T", mode = "air",'
                                " cost_cny_per_t = 1 }]\n", "NUM06", 3, "add[1].rows[1].time_h",
                                "empty"),
    "row of another table": Wrong('[[add]]\ntable = "customs"\nrows = [{ place = "T", mode = "air",'
                                  " cost_cny_per_t = 1, time_h = 1, value = 2 }]\n", "TAB14", 3,
                                  "add[1].rows[1].value", "customs.csv has no such column"),
    "rows and factors": Wrong('[[add]]\ntable = "customs"\nrows = []\nby = { time_h = 1 }\n',
                              "SCN04", 3, "add[1].rows", "write two entries"),
    "rows that are none": Wrong('[[add]]\ntable = "customs"\nrows = []\n', "SCN04", 3,
                                "add[1].rows", "is no list of rows"),
    "a key that is there": Wrong('[[add]]\ntable = "customs"\nrows = [{ place = "T", mode = "rail",'
                                 " cost_cny_per_t = 1, time_h = 1 }]\n", "KEY01", 1, "add[1]",
                                 "makes the instance wrong: customs.csv T rail"),
    "growth below -100 %": Wrong("[[grow]]\nper_year = -1.5\n", "NUM14", 2, "grow[1].per_year",
                                 "between -1 and 10"),
    "a setting that stays": Wrong("[settings]\nbase_year = 2030\n", "SCN05", 2,
                                  "settings.base_year", "may change"),
    "policies as a setting": Wrong('[settings]\npolicies = "a"\n', "SCN05", 2,
                                   "settings.policies", "policies_on"),
    "a setting out of range": Wrong("[settings]\ndiscount_rate = 8\n", "NUM14", 2,
                                    "settings.discount_rate", "between 0 and 1"),
    "unknown policy": Wrong('policies_on = ["green"]\n', "KEY06", 1, "policies_on", "policy"),
    "policy that is not on": Wrong('policies_off = ["green"]\n', "SCN04", 1, "policies_off",
                                   "is no policy that is switched on"),
    "policies as text": Wrong('policies_on = "green"\n', "SCN04", 1, "policies_on",
                              "is no list of names"),
    "unknown confidence": Wrong("[[grow]]\nper_year = 0.1\nconfidence = 'hihg'\n", "NUM19", 3,
                                "grow[1].confidence", "high, medium or low", "high"),
    "source as number": Wrong("[[grow]]\nper_year = 0.1\nsource = 3\n", "SCN04", 3,
                              "grow[1].source", "is no text, or no year"),
    "unknown extends": Wrong(f'extends = "flod"\n{LINKS}{TIMES}', "SCN01", 1, "extends",
                             "is no scenario of this instance", "flood", "flod"),
    "extends as number": Wrong(f"extends = 3\n{LINKS}{TIMES}", "SCN04", 1, "extends",
                               "names no scenario"),
    "extends itself": Wrong(f'extends = "{NAME}"\n{LINKS}{TIMES}', "SCN02", 1, "extends",
                            "in a circle: flood > flood"),
    "below what makes sense": Wrong('[[add]]\ntable = "links"\nwhere = { mode = "air" }\n'
                                    "by = { time_h = -12 }\n", "NUM10", 1, "add[1]",
                                    "makes the instance wrong: links.csv P Q air time_h", None,
                                    "-0.5"),
    "larger than any number": Wrong(f"{LINKS}by = {{ time_h = 1e12 }}\n", "NUM08", 1,
                                    "multiply[1].by.time_h", "larger than 1e+12"),
    "growth without end": Wrong("[[grow]]\nper_year = 10\nfrom_year = 1950\n", "NUM08", 1,
                                "grow[1].per_year", "larger than 1e+12"),
    "hexadecimal without end": Wrong(f"title_en = 0x{'f' * 5000}\n", "CFG04", 2, None,
                                     "too many digits"),
    "no site left": Wrong(f'{LINKS}{TIMES}[[outage]]\ntable = "sites"\n'
                          'where = { place = ["A", "B"] }\ncapacity = 0\n', "SIT09", 4, "outage[1]",
                          "makes the instance wrong: products.csv FMCG chain: no site offers"),
}  # fmt: skip
"""Every kind of fault, each alone in a scenario of the tiny instance."""


def findings_of(folder: Path) -> tuple[Finding, ...]:
    """Return what is wrong with all scenarios of a folder with the tiny instance."""
    with pytest.raises(InputError) as caught:
        all_overlaid(folder, None, tiny())
    return caught.value.findings


@pytest.mark.parametrize("name", WRONG)
def test_each_fault_is_named(name: str, tmp_path: Path) -> None:
    """One fault gives one finding: file, row, entry and column, value, why, and what to do."""
    wrong = WRONG[name]
    found, *more = findings_of(scenario(tmp_path / "tiny", wrong.text))
    assert {other.code for other in more} <= {"SIT09"}  # one for each product, of that kind alone
    said = (found.file, found.code, found.row, found.column)
    assert said == (f"scenarios/{NAME}.toml", wrong.code, wrong.row, wrong.column), found
    assert wrong.en in found.in_language(Language.EN)
    assert found.remedy.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in found.reason.zh + found.remedy.zh)
    assert wrong.nearest in {None, found.nearest}
    assert wrong.value in {None, found.value}


def test_numbers_that_overflow_are_refused(tmp_path: Path) -> None:
    """Whole departures multiplied beyond what a float holds, and back to nothing, give findings."""
    times = '[[multiply]]\ntable = "services"\nby = { most_per_week = %s }\n'
    folder = scenario(tmp_path / "tiny", times % "1e12" * 40 + times % "0")
    assert {found.code for found in findings_of(folder)} == {"NUM08"}


def test_all_faults_of_all_scenarios_come_at_once(tmp_path: Path) -> None:
    """Two files with two faults each give four findings; who extends a broken one adds none."""
    folder = scenario(tmp_path / "tiny", f"{LINKS}by = {{ time = 2, access = 1 }}\n", "a")
    scenario(folder, f'x = 1\n{LINKS}where = {{ mode = "plane" }}\n{TIMES}', "b")
    scenario(folder, 'extends = ["a", "b"]\n', "c")
    found = findings_of(folder)
    assert [(one.file, one.column) for one in found] == [
        ("scenarios/a.toml", "multiply[1].by.time"),
        ("scenarios/a.toml", "multiply[1].by.access"),
        ("scenarios/b.toml", "x"),
        ("scenarios/b.toml", "multiply[1].where.mode"),
    ]


def test_a_fault_that_is_inherited_is_said_once(tmp_path: Path) -> None:
    """What cannot be done in a scenario is said of its file, not again of each that extends it."""
    folder = scenario(tmp_path / "tiny", f'{LINKS}where = {{ to_place = "TT" }}\n{TIMES}', "a")
    scenario(folder, 'extends = "a"\n', "b")
    (found,) = findings_of(folder)
    assert found.file == "scenarios/a.toml"


def test_a_circle_is_named_with_its_way(tmp_path: Path) -> None:
    """Three scenarios that extend each other are each told the way round, also if one is broken."""
    folder = scenario(tmp_path / "tiny", 'extends = "b"\n', "a")
    scenario(folder, f'extends = "c"\n{LINKS}by = {{ time = 1 }}\n', "b")
    scenario(folder, 'extends = "a"\n', "c")
    said = " ".join(one.in_language(Language.EN) for one in findings_of(folder))
    for way in ("a > b > c > a", "b > c > a > b", "c > a > b > c"):
        assert way in said
    assert "links.csv has no such column" in said


def test_only_what_is_asked_for_is_read(tmp_path: Path) -> None:
    """A scenario can be solved while another file, which it does not extend, is still broken."""
    folder = scenario(tmp_path / "tiny", f"{LINKS}{TIMES}", "good")
    scenario(folder, "= broken", "bad")
    assert overlaid(folder, "good", tiny()) != tiny()
    with pytest.raises(InputError):
        all_overlaid(folder, None, tiny())


def test_base_does_not_mind_its_scenarios(tmp_path: Path) -> None:
    """The instance itself is read whatever lies in the folder of scenarios."""
    folder = scenario(tmp_path / "tiny", "= broken", "two words")
    assert overlaid(folder, "base") == tiny()


@pytest.mark.parametrize("name", ["a.TOML", "a.toml.txt", "a.yaml", "a.json"])
def test_files_that_look_like_scenarios_are_named(name: str, tmp_path: Path) -> None:
    """Of all scenarios none is passed over in silence; a README may lie beside them."""
    folder = scenario(tmp_path / "tiny", f"{LINKS}{TIMES}", "good")
    (folder / "scenarios" / "README.md").write_text("words", encoding="utf-8")
    (folder / "scenarios" / name).write_text("x", encoding="utf-8")
    (found,) = findings_of(folder)
    assert (found.file, found.code) == (f"scenarios/{name}", "CFG07")
    assert overlaid(folder, "good", tiny()) != tiny()


@pytest.mark.parametrize("name", ["base", "ALL", "two words", "-x", "a.", "con"])
def test_names_that_no_folder_may_have(name: str, tmp_path: Path) -> None:
    """Results go into a folder of the scenario's name: odd and taken names are refused."""
    if os.name == "nt" and name in {"a.", "con"}:
        pytest.skip("Windows itself refuses the name")
    (found,) = findings_of(scenario(tmp_path / "tiny", f"{LINKS}{TIMES}", name))
    assert (found.code, found.value) == ("CFG03", name)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no two such files")
def test_names_that_differ_by_case_alone(tmp_path: Path) -> None:
    """Two such scenarios would share a folder of results on Windows."""
    folder = scenario(tmp_path / "tiny", f"{LINKS}{TIMES}", "Flood")
    (found,) = findings_of(scenario(folder, f"{LINKS}{TIMES}", "flood"))
    assert found.code == "KEY07"
    assert "Flood" in found.reason.en


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_links_out_of_the_instance_are_not_followed(what: str, tmp_path: Path) -> None:
    """Neither a file nor the folder of scenarios may be a link to somewhere else."""
    folder, other = tiny_folder(tmp_path / "tiny"), tmp_path / "other"
    other.mkdir()
    (other / "flood.toml").write_text(f"{LINKS}{TIMES}", encoding="utf-8")
    if what == "folder":
        (folder / "scenarios").symlink_to(other)
    else:
        (folder / "scenarios").mkdir()
        (folder / "scenarios" / "flood.toml").symlink_to(other / "flood.toml")
    (found,) = findings_of(folder)
    assert found.code == "SEC03"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfea\x00=\x001\x00", "ENC03"),
        ('title_zh = "洪水"\n'.encode("gb18030"), "ENC01"),
        (b"PK\x03\x04zip", "TAB25"),
        (b"#" * (4 * 1024**2 + 1), "SEC15"),
        (b"a = " + b"[" * 100_000, "CFG04"),
        (b"a = " + b"9" * 10_000, "CFG04"),
    ],
    ids=["UTF-16", "GB18030", "archive", "huge", "deep", "endless number"],
)
def test_files_that_are_no_scenario(content: bytes, code: str, tmp_path: Path) -> None:
    """What is no small TOML text in UTF-8 is refused with the file's name, whatever it is."""
    folder = scenario(tmp_path / "tiny", "")
    (folder / "scenarios" / "flood.toml").write_bytes(content)
    (found,) = findings_of(folder)
    assert (found.file, found.code) == ("scenarios/flood.toml", code)


def test_titles_cannot_move_the_cursor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Signs that a terminal would obey are shown as their numbers, and endless titles cut."""
    folder = scenario(tmp_path / "tiny", f'title_en = "\\u001b[31m{"x" * 900}"\n{LINKS}{TIMES}')
    code, said, _ = command("check", folder, "--scenario", "all", capsys=capsys)
    assert code == 0
    assert "\x1b" not in said
    assert "\\x1b[31m" in said
    assert said.count("x") < 510


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    """`scenarios` as a file is said to be none, not passed over."""
    folder = tiny_folder(tmp_path / "tiny")
    (folder / "scenarios").write_text("", encoding="utf-8")
    (found,) = findings_of(folder)
    assert (found.file, found.code) == ("scenarios", "SEC13")


def command(*words: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, Any]:
    """Run a command in this process; return its code, what it said and its JSON."""
    capsys.readouterr()
    code = run([str(word) for word in words])
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return code, out + err, json.loads(out) if "--json" in words else None


def test_check_lists_the_faults_of_all_scenarios(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check --scenario all` ends with 2 and a line for each fault; one name asks for less."""
    folder = scenario(tmp_path / "tiny", f"{LINKS}by = {{ time = 2 }}\n", "a")
    scenario(folder, f"{LINKS}by = {{ time_h = -2 }}\n", "b")
    scenario(folder, f"{LINKS}{TIMES}", "c")
    code, said, _ = command("check", folder, "--scenario", "all", capsys=capsys)
    assert code == 2
    assert "scenarios/a.toml row 3 multiply[1].by.time" in said
    assert "scenarios/b.toml row 3 multiply[1].by.time_h" in said
    code, _, found = command("check", folder, "--scenario", "c", "--json", capsys=capsys)
    assert code == 0
    assert [(x["scenario"], x["entries"]) for x in found["scenarios"]] == [("c", 1)]
    code, said, _ = command("check", folder, "--scenario", "d", "--lang", "zh", capsys=capsys)
    assert code == 2
    assert "算例没有此情景；现有 base, a, b, c" in said


def test_nothing_is_solved_while_a_scenario_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All scenarios asked for are checked before the first solve: no result is written."""
    folder = scenario(tmp_path / "tiny", f"{LINKS}{TIMES}", "a")
    scenario(folder, f"{LINKS}by = {{ time_h = -2 }}\n", "b")
    code, said, _ = command(
        "solve", folder, "--scenario", "a", "--scenario", "b", "-o", tmp_path / "out", capsys=capsys
    )
    assert code == 2
    assert "scenarios/b.toml" in said
    assert not (tmp_path / "out").exists()
