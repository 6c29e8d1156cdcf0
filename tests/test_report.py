"""report.html as bytes: sums of the plan, safe data, a policy that lets nothing out, same bytes."""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import math
import re
import tarfile
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from shapely.geometry import MultiLineString

from hubopt.plan.verify import CHECKS
from hubopt.publish.assets import ASSETS, VERSION, asset, sha256
from hubopt.publish.assets.__main__ import unpacked
from hubopt.publish.caption import credit as data_credit
from hubopt.publish.report import is_ours, report
from hubopt.publish.report.check_words import CHECKS as CHECK_WORDS
from hubopt.publish.report.data import record
from hubopt.publish.report.ground import course, ground, height, unwrapped
from hubopt.publish.report.page import SCRIPTS, part
from hubopt.publish.report.side import under_rules
from hubopt.publish.report.words import WORDS
from hubopt.text import Language, Text
from hubopt.units import KG_PER_T
from hubopt.vocabulary import CostTerm
from tests.reports import HOSTILE, SCENARIOS, Page, by_hand, hostile_side, mini, mini_page
from tests.tiny import tiny

FOLDER = Path(__file__).parent.parent / "hubopt" / "publish" / "report"


def test_files_of_others_are_the_known_ones() -> None:
    """Each file that is kept has the hash that is written beside it, and the notice names it."""
    notice = (FOLDER.parent / "assets" / "NOTICE").read_text(encoding="utf-8")
    for one in ASSETS:
        assert sha256(asset(one)) == one.sha256, one.name
        assert one.name in notice
    assert VERSION in notice
    assert b"Apache License" in asset(ASSETS[1])
    assert f'version="{VERSION}"'.encode() in asset(ASSETS[0])


def package(path: Path, files: dict[str, bytes]) -> Path:
    """Write a package as the registry has it."""
    with tarfile.open(path, "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return path


def test_only_known_files_are_taken_from_a_package(tmp_path: Path) -> None:
    """What comes out of a package is what is kept; another file, or none, ends the program."""
    files = {one.inside: asset(one) for one in ASSETS}
    whole = unpacked(package(tmp_path / "good.tgz", files), ASSETS)
    assert whole == {one.name: asset(one) for one in ASSETS}
    other = files | {ASSETS[0].inside: b"another"}
    with pytest.raises(SystemExit, match=re.escape("dist/echarts.min.js")):
        unpacked(package(tmp_path / "other.tgz", other), ASSETS)
    with pytest.raises(SystemExit):
        unpacked(package(tmp_path / "less.tgz", {}), ASSETS)


def test_nothing_on_the_page_asks_for_anything() -> None:
    """No element loads a file, none has a script or style of its own in a property."""
    for content in (mini_page(), report([hostile_side()], Language.ZH)):
        for tag, properties in Page(content).tags:
            assert tag not in {"link", "img", "iframe", "object", "embed", "base", "svg"}, tag
            for name, value in properties.items():
                assert not name.startswith("on"), (tag, name)
                assert name not in {"src", "style", "srcdoc", "action"}, (tag, name)
                assert name != "href" or str(value).startswith("#"), (tag, value)


def test_the_policy_knows_what_runs_and_nothing_else() -> None:
    """The policy refuses every load, and names the hashes of both scripts and of the style."""
    page = Page(mini_page())
    policy = next(p["content"] for tag, p in page.tags if tag == "meta" and "http-equiv" in p)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "unsafe" not in policy
    assert "http" not in policy

    def hashes(texts: list[str]) -> set[str]:
        digests = [hashlib.sha256(text.encode()).digest() for text in texts]
        return {f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests}

    assert set(rules["script-src"].split()) == hashes(page.scripts[1:])
    assert len(page.scripts) == 3
    assert set(rules["style-src"].split()) == hashes(
        [text for tag, text in page.texts if tag == "style" and text.strip()]
    )


def test_names_cannot_leave_the_data() -> None:
    """Whatever names hold, the page has its three scripts, and the data reads back as they are."""
    content = report([hostile_side()], Language.EN)
    page = Page(content)
    assert len(page.scripts) == 3
    data = page.data
    names = {name for row in data["places"] for name in row[1:3]}
    assert HOSTILE[0] in names
    assert HOSTILE[2] in names
    raw = re.search(rb'id="data">(.*?)</script>', content, re.DOTALL)
    assert raw is not None
    for sign in (b"<", b">", b"&", "\u2028".encode(), "\u202e".encode(), b"\x1b"):
        assert sign not in raw[1], sign
    titles = data["scenarios"][0]["title"]
    assert titles == [
        "line\\u2028line \\u202eright\\x00\\x1b[31m </script> constructor",
        HOSTILE[1],
    ]


def test_same_results_same_bytes() -> None:
    """Pages made twice are the same, byte for byte, and hold neither paths nor dates."""
    again = report([mini(name) for name in SCENARIOS], Language.EN)
    assert again == mini_page()
    assert str(FOLDER.parent.parent).encode() not in again


def test_a_scenario_costs_little_room() -> None:
    """Shared rows stand once: a second copy of a scenario adds its own lists alone."""
    one, two = (len(report([mini("base")] * n, Language.EN)) for n in (1, 2))
    assert two - one < 25_000
    assert one < 1_450_000


def decoded(
    data: dict[str, object], scenario: int, stage: int
) -> list[tuple[list[float], int, float]]:
    """Return the flows of a stage as links, products and tonnes."""
    scenarios: list[dict[str, list[dict[str, list[float]]]]] = data["scenarios"]  # type: ignore[assignment]
    links: list[list[float]] = data["links"]  # type: ignore[assignment]
    flat = scenarios[scenario]["stages"][stage]["flows"]
    found, link = [], 0
    for at in range(0, len(flat), 3):
        link += int(flat[at])
        found.append((links[link], int(flat[at + 1]), flat[at + 2]))
    return found


@pytest.mark.parametrize("number", range(len(SCENARIOS)))
def test_flows_are_those_of_the_plan(number: int) -> None:
    """Tonnes by mode and direction, line haul and emissions of legs add up to the plan's."""
    one, data = mini(SCENARIOS[number]), Page(mini_page()).data
    for here, year in enumerate(one.figures.stages):
        legs = {leg: kg for leg, kg in one.figures.legs.items() if leg.stage == year}
        wanted: defaultdict[str, float] = defaultdict(float)
        for leg, kg in legs.items():
            wanted[leg.mode.value] += kg / KG_PER_T
        told: defaultdict[str, float] = defaultdict(float)
        factor = {row[0]: row[1:] for row in data["scenarios"][number]["factors"]}
        haul = wtw = ttw = 0.0
        for link, product, tonnes in decoded(data, number, here):
            told[data["modes"][data["pairs"][int(link[0])][2]][0]] += tonnes
            haul += tonnes * link[3] * factor[product][0]
            wtw += tonnes * link[2] * link[4] * factor[product][1] / 1e3
            ttw += tonnes * link[2] * link[5] * factor[product][1] / 1e3
        assert told == pytest.approx(wanted, rel=1e-3)
        assert haul * 100 == pytest.approx(one.plan.terms_fen[year][CostTerm.LINE_HAUL], rel=1e-3)
        ledger = [row for key, row in one.figures.emissions.items()
                  if key.stage == year and key.kind != "hub"]  # fmt: skip
        assert wtw == pytest.approx(sum(row.wtw_kg for row in ledger), rel=1e-3)
        assert ttw == pytest.approx(sum(row.ttw_kg for row in ledger), rel=1e-3)


@pytest.mark.parametrize("number", range(len(SCENARIOS)))
def test_totals_are_those_of_the_plan(number: int) -> None:
    """Terms, cost to serve, the ledger, what stays behind and departures add up to the plan's."""
    one, data = mini(SCENARIOS[number]), Page(mini_page()).data
    told = data["scenarios"][number]
    assert told["cost"] * 100 == pytest.approx(one.plan.objective_fen, abs=0.5)
    assert [row[:2] for row in told["checks"]] == [
        [check.name, check.count] for check in one.verification.checks
    ]
    for stage, year in zip(told["stages"], one.figures.stages, strict=True):
        terms = one.plan.terms_fen[year]
        assert [cny * 100 for cny in stage["terms"]] == pytest.approx([terms[t] for t in CostTerm])
        served = [sum(row[5 + n] for row in stage["served"]) for n in range(len(CostTerm))]
        assert served == pytest.approx(stage["terms"], abs=len(stage["served"]))
        wtw = sum(row[3] for row in stage["emissions"]) * KG_PER_T
        assert wtw == pytest.approx(one.plan.co2e_wtw_kg[year], rel=1e-3)
        left = sum(u.kg_per_year for u in one.plan.unserved
                   if one.instance.shipment[u.shipment].stage == year)  # fmt: skip
        assert sum(row[3] for row in stage["unserved"]) * KG_PER_T == pytest.approx(left, abs=500)
        runs = sum(s.departures_per_week for s in one.plan.services if s.stage == year)
        assert sum(row[1] for row in stage["services"]) == runs
        assert len(stage["sites"]) == len([s for s in one.plan.sites if s.stage == year])
        shares = [row[-2] / row[-1] for row in stage["uses"]]
        assert shares == pytest.approx(sorted(shares, reverse=True), abs=1e-3)


def test_sites_say_why() -> None:
    """Every site of the mini has its reasons in both languages, and each stands once."""
    data = Page(mini_page()).data
    assert len({tuple(pair) for pair in data["sentences"]}) == len(data["sentences"])
    for scenario in data["scenarios"]:
        assert {row[0] for row in scenario["reasons"]} == {
            row[0] for row in scenario["stages"][0]["sites"]
        }
    first = data["sentences"][data["scenarios"][0]["reasons"][0][1]]
    assert first[0].isascii()
    assert not first[1].isascii()


def test_scenarios_bring_their_sources() -> None:
    """A scenario is called by its title and says where its numbers come from."""
    base, halt, _ = Page(mini_page()).data["scenarios"]
    assert (base["title"], base["sources"]) == (["Base", "基准"], [])
    assert halt["title"][1] == "中欧班列口岸停装"
    assert any("BORDER20" in row[1] for row in halt["sources"])
    assert {row[3] for row in halt["sources"]} <= {"", "low", "medium", "high"}


def test_own_rules_are_told() -> None:
    """A plan under rules of the planner's own says that the seal does not cover them."""
    one = replace(by_hand(tiny()), rules=(under_rules("mine.py"),))
    told = record([one], Language.EN)["scenarios"]
    assert isinstance(told, list)
    assert isinstance(told[0], dict)
    assert "mine.py" in str(told[0]["rules"])


def test_a_plan_without_anything_is_a_page() -> None:
    """Without freight, sites, services and a bound the page is there, with land but no Henan."""
    data = Page(report([by_hand(tiny(), empty=True)], Language.EN)).data
    assert data["scenarios"][0]["gap"] is None
    assert data["scenarios"][0]["stages"][0]["flows"] == []
    assert len(data["ground"]["land"]) > 100
    assert data["ground"]["home"] == []
    assert len(Page(mini_page()).data["ground"]["home"]) >= 18


def test_borders_of_a_reviewed_map_are_drawn_and_credited() -> None:
    """Borders that an instance brings along stand in the place of Henan, with their number."""
    line = MultiLineString([[(113.0, 34.0), (114.0, 35.0)], [(110.0, 33.0), (110.5, 33.5)]])
    credit = Text("map review number GS(2026)1", "审图号：GS（2026）1号")
    one = replace(mini("base"), borders=(line,), border_credit=credit)
    data = Page(report([one], Language.ZH)).data
    assert len(data["ground"]["borders"]) == 2
    assert data["ground"]["home"] == []
    first = points(data["ground"]["borders"][0])
    assert first[0] == pytest.approx((113.0, height(34.0)), abs=0.001)
    whole = data_credit(credit)
    assert data["basis"]["credits"][0] == [whole.en, whole.zh]
    assert whole.zh.startswith(credit.zh)
    assert "ECharts" not in whole.en + whole.zh  # whose outlines are not drawn then
    assert mini_page().count("审图号：GS".encode()) == 0


def points(flat: list[float]) -> list[tuple[float, float]]:
    """Return a flat list of steps as points in degrees."""
    x = y = 0.0
    found = []
    for at in range(0, len(flat), 2):
        x, y = x + flat[at], y + flat[at + 1]
        found.append((x / 1000, y / 1000))
    return found


@pytest.mark.parametrize(
    ("parts", "pieces", "ends"),
    [
        ((((113.6, 34.7), (112.4, 34.6)),), 1, ((113.6, 34.7), (112.4, 34.6))),
        ((((121.5, 31.2), (180.0, 45.0)), ((-180.0, 45.0), (-118.2, 33.7))), 1,
         ((121.5, 31.2), (241.8, 33.7))),
        ((((-118.2, 33.7), (-180.0, 45.0)), ((180.0, 45.0), (121.5, 31.2))), 1,
         ((241.8, 33.7), (121.5, 31.2))),
        ((((-74.0, 40.7), (8.5, 50.0)),), 2, ((286.0, 40.7), (8.5, 50.0))),
        ((((8.5, 50.0), (-74.0, 40.7)),), 2, ((8.5, 50.0), (286.0, 40.7))),
        ((((5.0, 5.0), (5.0, 5.0)),), 1, ((5.0, 5.0), (5.0, 5.0))),
    ],
)  # fmt: skip
def test_courses_stay_on_the_map(
    parts: tuple[tuple[tuple[float, float], ...], ...],
    pieces: int,
    ends: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    """Ways over the Pacific are whole, those over the Atlantic end at both edges, none jumps."""
    found = [points(flat) for flat in course(parts)]
    assert len(found) == pieces
    flat = [point for piece in found for point in piece]
    for (lon, lat), point in zip(ends, (flat[0], flat[-1]), strict=True):
        assert point == pytest.approx((lon, height(lat)), abs=0.01)
    for piece in found:
        assert all(-30.001 <= x <= 330.001 for x, _ in piece)
        assert all(abs(a[0] - b[0]) < 180 for a, b in itertools.pairwise(piece))


def test_land_has_no_streaks() -> None:
    """No ring of the land spans the map: the world is cut at 30 W, not through Siberia."""
    land = ground([])["land"]
    assert isinstance(land, list)
    widest = 0.0
    for polygon in land:
        for ring in polygon:  # type: ignore[union-attr]
            xs = [x / 100 * 1000 for x, _ in points([v / 1.0 for v in ring])]  # type: ignore[union-attr]
            assert max(abs(a - b) for a, b in itertools.pairwise(xs)) < 60
            widest = max(widest, max(xs) - min(xs))
    assert 100 < widest < 225
    assert unwrapped(-31.0) == pytest.approx(329.0)
    assert height(0.0) == pytest.approx(0.0, abs=1e-12)
    assert math.isfinite(height(90.0))


def test_every_word_is_there_in_both_languages() -> None:
    """Each text that the page asks for is known in both languages, and each check has words."""
    asked = set(re.findall(r'data-(?:t|label)="(\w+)"', part("page.html")))
    for name in SCRIPTS:
        asked |= set(re.findall(r'(?<![\w.])t\("(\w+)"(?! \+)', part(name)))
    assert len(asked) > 80
    assert sorted(asked - WORDS.keys()) == []
    assert set(CHECK_WORDS) == set(CHECKS)
    for key, text in WORDS.items():
        assert text.en, key
        assert text.zh, key
        assert len(re.findall(r"\{\d\}", text.en)) == len(re.findall(r"\{\d\}", text.zh)), key
    assert {f"view_{view}" for view in ("sites", "china", "all")} <= WORDS.keys()


def test_every_part_is_run_and_makes_text_only() -> None:
    """All scripts of the folder are in the page, and none makes markup, code or requests."""
    assert {path.name for path in FOLDER.glob("*.js")} == set(SCRIPTS)
    banned = r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|fetch\(|XMLHttp"
    for name in SCRIPTS:
        assert re.findall(banned, part(name)) == [], name
        assert part(name).count("\n") < 300, name


def test_pages_are_told_from_other_files(tmp_path: Path) -> None:
    """A page of ours is known by its head; a file of somebody else, and none, is not."""
    file = tmp_path / "page.html"
    assert not is_ours(file)
    file.write_text("<html><title>mine</title></html>", encoding="utf-8")
    assert not is_ours(file)
    file.write_bytes(mini_page())
    assert is_ours(file)
