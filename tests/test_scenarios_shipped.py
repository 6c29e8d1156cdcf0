"""The scenarios that are shipped: all hold together, say their sources, and move the plan."""

from __future__ import annotations

import json
import shutil
from functools import cache
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.instance.overlay_apply import Overlay
from hubopt.instance.read import read
from hubopt.instance.scenario import all_overlaid, overlaid, read_scenarios
from hubopt.instance.tables import Instance
from hubopt.network.steps import Ride
from hubopt.plan.plan import Plan
from hubopt.solve.answer import answer
from hubopt.vocabulary import Mode

INSTANCES = Path(__file__).parent.parent / "instances"
MINI = INSTANCES / "zhengzhou-mini"
COMMON = {
    "border_halt", "border_halt_and_red_sea", "carbon_price", "corridor_led", "domestic_led",
    "flood_2021", "green_delivery", "mode_hierarchy", "ocean_peak", "red_sea",
}  # fmt: skip
MORE = {"demand_2035", "russia_transit_loss", "shanghai_lockdown"}
LAST = 2030


@cache
def mini(name: str) -> Instance:
    """Return the mini instance in a scenario."""
    return overlaid(MINI, name)


@cache
def planned(name: str) -> Plan:
    """Return the best plan of the mini instance in a scenario; it was verified."""
    return answer(mini(name)).plan


def carried(name: str, stage: int, mode: Mode, leg: tuple[str, str] | None = None) -> int:
    """Return the kilograms a year that go by a mode, or over one of its legs."""
    instance = mini(name)
    return sum(
        flow.kg_per_year
        for flow in planned(name).flows
        if instance.shipment[flow.shipment].stage == stage
        and any(
            isinstance(step, Ride)
            and instance.service[step.service].mode is mode
            and leg in {None, (step.from_place, step.to_place)}
            for step in flow.steps
        )
    )


def departures(name: str, stage: int, service: str) -> int:
    """Return the loaded departures a week of a service."""
    return sum(
        row.departures_per_week
        for row in planned(name).services
        if (row.stage, row.service) == (stage, service)
    )


@pytest.mark.parametrize(
    ("folder", "names"), [("zhengzhou-mini", COMMON), ("zhengzhou", COMMON | MORE)]
)
def test_every_entry_finds_its_rows(folder: str, names: set[str]) -> None:
    """The scenarios that are promised are there, and each condition in them chooses rows."""
    instance, found = read(INSTANCES / folder), read_scenarios(INSTANCES / folder)
    assert set(found) >= names
    for scenario in found.values():
        overlay = Overlay(instance)
        overlay.do(scenario.operations)
        assert overlay.findings == []
        assert (overlay.settings, overlay.tables()) != (
            instance.settings,
            Overlay(instance).tables(),
        )


@pytest.mark.parametrize(
    "folder", ["zhengzhou-mini", pytest.param("zhengzhou", marks=pytest.mark.slow)]
)
def test_all_scenarios_hold(folder: str) -> None:
    """Each shipped scenario makes another instance that passes all checks, under the same name."""
    made = all_overlaid(INSTANCES / folder, None)
    base = made["base"]
    assert all(one != base for name, one in made.items() if name != "base")
    assert {one.settings.name for one in made.values()} == {folder}


@pytest.mark.parametrize("folder", ["zhengzhou-mini", "zhengzhou"])
def test_every_number_of_a_scenario_has_a_source(folder: str) -> None:
    """Titles are in both languages; each entry says its source and how sure it is."""
    for scenario in read_scenarios(INSTANCES / folder).values():
        assert scenario.title.en != scenario.title.zh
        for told in scenario.sources:
            if told.entry != "settings" or "carbon" in scenario.id:
                assert told.source, (scenario.id, told.entry)
                assert told.confidence, (scenario.id, told.entry)
            if told.source == "assumption":
                assert told.confidence == "low", (scenario.id, told.entry)


def test_a_border_halt_moves_freight_to_sea() -> None:
    """With a fifth of the trains left, freight leaves the border, and ships carry more of it."""
    leg = ("PUT", "HAMBURG_R")
    assert 0 < carried("border_halt", LAST, Mode.RAIL, leg) < carried("base", LAST, Mode.RAIL, leg)
    assert carried("border_halt", LAST, Mode.SEA) > carried("base", LAST, Mode.SEA)
    assert departures("border_halt", LAST, "CRE_OUT") < departures("base", LAST, "CRE_OUT")
    assert planned("border_halt").objective_fen > planned("base").objective_fen


def test_the_readme_says_what_the_halt_does() -> None:
    """The README's figures of the border halt are those of the plan."""
    leg = ("PUT", "HAMBURG_R")
    left = carried("base", LAST, Mode.RAIL, leg) - carried("border_halt", LAST, Mode.RAIL, leg)
    ships = carried("border_halt", LAST, Mode.SEA) - carried("base", LAST, Mode.SEA)
    behind = sum(row.kg_per_year for row in planned("border_halt").unserved)
    said = f"{left / 1e6:.0f} kt leave the border, {ships / 1e6:.0f} kt of it for ships, and"
    text = " ".join((INSTANCES.parent / "README.md").read_text(encoding="utf-8").split())
    assert f"{said} {behind / 1e6:.1f} kt stay behind" in text


def test_dual_circulation_pulls_the_plan_two_ways() -> None:
    """双循环: led by corridors, trains and ships leave more often; led by the home market, less.

    What the distribution centres handle moves the other way.
    """
    led, home = "corridor_led", "domestic_led"
    for service in ("CRE_OUT", "SEA_OUT"):
        assert departures(led, LAST, service) > departures(home, LAST, service)
    assert carried(led, LAST, Mode.AIR) > carried("base", LAST, Mode.AIR)
    assert carried(home, LAST, Mode.AIR) < carried("base", LAST, Mode.AIR)
    fmcg = {name: handled(name, "FMCG") for name in (led, "base", home)}
    assert fmcg[led] < fmcg["base"] < fmcg[home]


def handled(name: str, product: str) -> int:
    """Return the kilograms a year of a product that are served in the last stage."""
    shipments = mini(name).shipment
    return sum(
        flow.kg_per_year
        for flow in planned(name).flows
        if (shipments[flow.shipment].product, shipments[flow.shipment].stage) == (product, LAST)
    )


def test_a_flood_stops_the_yard() -> None:
    """While Putian is flooded no train passes it, and some freight stays behind."""
    leg = [carried("flood_2021", stage, Mode.RAIL) for stage in (2025, LAST)]
    assert leg == [0, 0]
    assert planned("flood_2021").unserved


def test_prices_move_freight_off_what_is_dear() -> None:
    """At four times the ocean rate ships carry less; at 500 CNY a tonne less CO2e is emitted."""
    assert carried("ocean_peak", 2025, Mode.SEA) < carried("base", 2025, Mode.SEA)
    emitted = {name: sum(planned(name).co2e_wtw_kg.values()) for name in ("base", "carbon_price")}
    assert emitted["carbon_price"] < emitted["base"]


def test_the_hierarchy_of_modes_has_a_price() -> None:
    """航空引领、铁路支撑: enforced shares cost more than the free choice, on the same demand."""
    assert planned("mode_hierarchy").objective_fen > planned("base").objective_fen
    awake = {row.policy for row in mini("mode_hierarchy").limits_in_force}
    assert "hierarchy" in awake - {row.policy for row in mini("base").limits_in_force}


NEVER = """
policies_on = ["never"]
[[add]]
table = "limits"
rows = [{ kind = "emissions_at_most", stage = 2025, value = 0, policy = "never" }]
"""


def test_results_find_their_scenarios_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of two scenarios the one that no plan can meet is told and left, and the other solved.

    Its result is verified, drawn and stressed against the scenario, until that file changes.
    """
    folder = Path(shutil.copytree(MINI, tmp_path / "mini"))
    (folder / "scenarios" / "never.toml").write_text(NEVER, encoding="utf-8")
    words = ["--scenario", "never", "--scenario", "carbon_price", "--lang", "en"]
    assert run(["solve", str(folder), *words, "-o", str(tmp_path / "out")]) == 1
    out, err = capsys.readouterr()
    (row,) = [line for line in out.splitlines() if line.startswith("carbon_price")]
    assert "Carbon at a shadow price of 500 CNY a tonne" in row
    assert "optimal" in row
    assert "never: no plan can meet these rules" in err
    results = tmp_path / "out" / "zhengzhou-mini"
    assert {path.name for path in results.iterdir() if path.is_dir()} == {"carbon_price"}
    result = results / "carbon_price"
    record = json.loads((result / "manifest.json").read_text(encoding="utf-8"))
    assert record["scenario"] == "carbon_price"
    assert "scenarios/carbon_price.toml" in record["inputs"]
    assert run(["verify", str(result)]) == 0
    assert run(["map", str(result), "--lang", "zh"]) == 0
    assert run(["stress", str(result), "--only", "service:AIR_OUT", "--quiet"]) == 0
    file = folder / "scenarios" / "carbon_price.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("= 500", "= 600"), encoding="utf-8")
    assert run(["verify", str(result)]) == 1
    file.unlink()
    capsys.readouterr()
    assert run(["verify", str(result), "--lang", "en"]) == 2
    assert '"carbon_price" is no scenario of this instance' in capsys.readouterr().err
