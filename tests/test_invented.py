"""`hubopt generate`: the same seed gives the same bytes, and what it gives is a valid instance."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hubopt.cli.entry import run
from hubopt.errors import InputError
from hubopt.instance.invented.draws import Draws, Weighted
from hubopt.instance.invented.make import generate, invented
from hubopt.instance.invented.wanted import MOST_CITIES, Wanted
from hubopt.instance.read import read
from hubopt.instance.write import canonical_files
from hubopt.plan.verify import verify
from hubopt.solve.answer import Question, answer
from hubopt.text import Language
from hubopt.vocabulary import Mode, SiteStatus
from tests.instance_folder import snapshot

if TYPE_CHECKING:
    from pathlib import Path

SMALL = Wanted(seed=7, cities=9, shipments=60, sites=10)
SIZES = [
    Wanted(seed, cities=3 + seed * seed % 67, shipments=1 + 37 * seed % 409, sites=3 + seed % 7)
    for seed in range(20)
]


def digest(files: dict[str, bytes]) -> str:
    """Return one hash of files and their names."""
    parts = (name.encode() + b"\0" + files[name] + b"\0" for name in sorted(files))
    return hashlib.sha256(b"".join(parts)).hexdigest()


def test_the_bytes_of_a_seed_are_pinned() -> None:
    """Every platform and version of Python gives this; a change of the generator changes it."""
    assert digest(canonical_files(invented(SMALL))) == PINNED


def test_the_order_of_hashes_and_the_locale_change_nothing(tmp_path: Path) -> None:
    """Two processes with other hash seeds and locales write the same folder, README and all."""
    folders = []
    for number, locale in (("1", "C"), ("2", "C.UTF-8")):
        folder = tmp_path / number / "made"
        words = ["generate", str(folder), "--seed", "7", "--cities", "9", "--shipments", "60"]
        env = {**os.environ, "PYTHONHASHSEED": number, "LC_ALL": locale}
        command = [sys.executable, "-m", "hubopt", *words, "--sites", "10"]
        subprocess.run(command, check=True, env=env, capture_output=True, timeout=60)
        folders.append({path.name: path.read_bytes() for path in folder.iterdir()})
    assert folders[0] == folders[1]
    assert "README.md" in folders[0]


def test_other_seeds_give_other_demand() -> None:
    """The seed decides: neighbours differ in shipments, and in where cities stand."""
    one, two = (invented(Wanted(seed, 9, 60, 10)) for seed in (7, 8))
    assert one.demand != two.demand
    assert [p.lat for p in one.places] != [p.lat for p in two.places]


@pytest.mark.parametrize("wanted", SIZES, ids=lambda wanted: f"seed{wanted.seed}")
def test_what_is_generated_is_valid(wanted: Wanted, tmp_path: Path) -> None:
    """The folder reads without a finding as what was asked for, and says that it is invented."""
    made = generate(tmp_path / "made", wanted)
    found = read(tmp_path / "made")
    assert found == made
    cities = [place for place in found.places if place.kind == "city"]
    assert (len(cities), len(found.demand), len(found.sites)) == (
        wanted.cities, wanted.shipments, wanted.sites,
    )  # fmt: skip
    assert sum(site.status is SiteStatus.EXISTING for site in found.sites) == 3
    assert {link.mode for link in found.links} == {Mode.ROAD_DIESEL, Mode.RAIL, Mode.AIR, Mode.SEA}
    assert all(one.id.startswith("invented-") for one in found.demand)
    note = (tmp_path / "made" / "README.md").read_text(encoding="utf-8")
    assert f"--seed {wanted.seed} --cities {wanted.cities}" in note
    assert "Nothing here is data" in note
    assert "没有任何真实数据" in note
    assert "no data" in found.settings.title_en


def test_features_are_there() -> None:
    """A middling one has chains of two functions, capacities, departures and delivery limits."""
    found = invented(Wanted(seed=1, cities=20, shipments=200, sites=12))
    chains = {found.product[one.product].chain for one in found.demand}
    assert max(map(len, chains)) == 2
    assert () in chains
    assert any(one.latest_h is None for one in found.demand)
    assert sum(one.latest_h is not None for one in found.demand) > 50
    assert any(link.capacity_t_per_year is not None for link in found.links)
    assert any(one.capacity_t_per_year is not None for one in found.transfers)
    assert {one.mode for one in found.services} == {Mode.RAIL, Mode.AIR, Mode.SEA}
    assert all(one.capacity_t_per_year for one in found.capacities)


def test_more_shipments_leave_cities_and_sites_where_they_are() -> None:
    """Growth is growth of one thing: places and first shipments are those of the smaller one."""
    small, large = (invented(Wanted(3, 20, count, 12)) for count in (100, 200))
    assert small.places == large.places
    assert [site.place for site in small.sites] == [site.place for site in large.sites]
    assert small.demand == large.demand[:100]
    wider = invented(Wanted(3, 40, 100, 12))
    cities = {p.id: (p.lat, p.lon) for p in wider.places}
    assert all(cities[p.id] == (p.lat, p.lon) for p in small.places)


@pytest.mark.parametrize("seed", range(4))
def test_tiny_ones_are_solved_and_verified(seed: int) -> None:
    """A plan is found, it holds, and most of the freight travels."""
    instance = invented(Wanted(seed, cities=4, shipments=12, sites=6))
    found = answer(instance, Question(gap=0.001, time_s=60))
    assert verify(instance, found.plan).passed
    sent = sum(flow.kg_per_year for flow in found.plan.flows)
    assert sent > 0.5 * 1000 * sum(one.demand_t_per_year for one in instance.demand)


@pytest.mark.parametrize(
    ("sizes", "option", "said"),
    [
        ((-1, 9, 9, 9), "--seed", "below 0"), ((2**31, 9, 9, 9), "--seed", "above 2,147,483,647"),
        ((0, 2, 9, 9), "--cities", "below 3"), ((0, MOST_CITIES + 1, 9, 9), "--cities", "above"),
        ((0, 9, 0, 9), "--shipments", "below 1"), ((0, 9, 9, 2), "--sites", "below 3"),
        ((0, 9, 9, 28), "--sites", "one site of each of 3 kinds in every city"),
    ],
)  # fmt: skip
def test_sizes_that_cannot_be_made_are_refused(
    sizes: tuple[int, int, int, int], option: str, said: str
) -> None:
    """The option is named with what is wrong and what to write, in both languages."""
    with pytest.raises(InputError) as caught:
        Wanted(*sizes)
    (finding,) = caught.value.findings
    assert finding.column == option
    assert said in finding.reason.en
    assert "write" in finding.remedy.en
    assert "请写" in finding.in_language(Language.ZH)


def test_everything_wrong_is_said_at_once() -> None:
    """All options out of range are named together."""
    with pytest.raises(InputError) as caught:
        Wanted(-1, 1, 0, 0)
    assert [found.column for found in caught.value.findings] == [
        "--seed", "--cities", "--shipments", "--sites",
    ]  # fmt: skip


def test_the_command_writes_and_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It tells what it wrote; a used folder is refused and left as it is, a half number too."""
    monkeypatch.setenv("HUBOPT_LANG", "en")
    words = ["generate", str(tmp_path / "a"), "--cities", "5", "--shipments", "9", "--sites", "4"]
    assert run([*words, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["cities"], said["shipments"], said["invented"]) == (5, 9, True)
    assert run(["check", str(tmp_path / "a")]) == 0
    before = snapshot(tmp_path)
    assert run(words) == 2
    assert "is not empty" in capsys.readouterr().err
    assert snapshot(tmp_path) == before
    assert run(["generate", str(tmp_path / "b"), "--cities", "2.5"]) == 2
    assert run(["generate", str(tmp_path / "b"), "--sites", "99999", "--lang", "zh"]) == 2
    assert "请写不超过 150" in capsys.readouterr().err
    assert not (tmp_path / "b").exists()


def test_draws_stay_within_their_bounds() -> None:
    """Whole numbers reach both ends and no further, shuffling loses nothing, weights count."""
    draws = Draws(5, 1)
    assert {draws.whole(2, 4) for _ in range(200)} == {2, 3, 4}
    assert sorted(draws.shuffled(range(30))) == list(range(30))
    drawn = [Weighted([1, 0, 9]).draw(draws) for _ in range(300)]
    assert set(drawn) == {0, 2}
    assert drawn.count(2) > 5 * drawn.count(0)


PINNED = "a3dd09d1e0ed8e31feac238074f191b8393291c49e8c95c7962736ec9c914f38"
