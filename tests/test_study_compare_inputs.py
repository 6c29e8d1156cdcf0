"""What was changed in the input: every cell and row of it, with the scenario entry behind it."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pytest

from hubopt.instance.overlay_trace import Origin, key_of, trace
from hubopt.instance.read import read
from hubopt.instance.rows import Settings
from hubopt.instance.scenario import overlaid, read_scenarios, scenario_names
from hubopt.instance.schema import TABLES
from hubopt.publish.compare_change_words import group_text, origin_text
from hubopt.study.compare import compare
from hubopt.study.compare_facts import Background, Facts, facts_of
from hubopt.study.compare_inputs import WHOLE_ROW, What, differences, grouped, input_changes
from hubopt.study.outcome import Outcome
from hubopt.vocabulary import Mode
from tests.comparing import MINI, POLICY, mini, solved
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.study.compare_inputs import InputChange


def facts(
    instance: Instance, plain: Instance | None = None, written: dict[Any, Any] | None = None
) -> Facts:
    """Return an instance, which a scenario may have made of a plain one, with some plan."""
    background = Background(plain or instance, written or {})
    return Facts("some", instance, tiny_plan(), Outcome("optimal"), {}, background)


TINY = tiny()


def changed(**tables: object) -> Instance:
    """Return the tiny instance with other tables."""
    return replace(TINY, **tables)  # type: ignore[arg-type]


def of(other: Instance) -> tuple[InputChange, ...]:
    """Return how an instance differs from the tiny one, no scenario being known."""
    return input_changes(facts(TINY), facts(other), 1)


def dearer(factor: float) -> Instance:
    """Return the tiny instance with dearer roads for diesel trucks."""
    return changed(
        links=tuple(
            replace(row, cost_cny_per_t=row.cost_cny_per_t * factor)
            if row.mode is Mode.ROAD_DIESEL
            else row
            for row in TINY.links
        )
    )


def rebuilt(base: Instance, changes: Iterable[InputChange]) -> dict[str, Any]:
    """Return settings and rows that a base has once the changes are done to it."""
    settings = {f.name: getattr(base.settings, f.name) for f in fields(Settings)}
    rows = {
        name: {key_of(table, row): row for row in getattr(base, name)}
        for name, table in TABLES.items()
    }
    for change in changes:
        if change.table == "instance":
            assert settings[change.column] == change.before
            settings[change.column] = change.after
        elif change.column == WHOLE_ROW:
            assert rows[change.table].get(change.key) == change.before
            rows[change.table].pop(change.key, None)
            if change.after is not None:
                rows[change.table][change.key] = change.after
        else:
            row = rows[change.table][change.key]
            assert getattr(row, change.column) == change.before
            rows[change.table][change.key] = replace(row, **{change.column: change.after})
    return {"settings": settings, **{name: set(found.values()) for name, found in rows.items()}}


@pytest.mark.parametrize("scenario", scenario_names(MINI))
def test_the_changes_are_all_there_is_between_two_instances(scenario: str) -> None:
    """Done to the base, the changes of each shipped scenario give its instance, and none is left.

    Each of them has an entry of the scenario, or of one that it extends, behind it.
    """
    plain = read(MINI)
    other = overlaid(MINI, scenario, plain)
    told = read_scenarios(MINI, [scenario])[scenario]
    sides = facts(plain), facts(other, plain, dict(trace(plain, told)))
    changes = input_changes(*sides, 1)
    assert changes
    found = rebuilt(plain, changes)
    assert found["settings"] == {f.name: getattr(other.settings, f.name) for f in fields(Settings)}
    assert all(found[name] == set(getattr(other, name)) for name in TABLES)
    assert all(change.origins and not change.edited for change in changes)
    assert {origin.file for change in changes for origin in change.origins} <= set(told.files)
    assert all(origin.row for change in changes for origin in change.origins)


def test_an_entry_brings_its_source_year_and_confidence() -> None:
    """What the Red Sea does to ships is known by file, entry and line, with where it is from."""
    found = compare([mini("base"), mini("red_sea")]).inputs[1]
    (dear,) = [c for c in found if c.row == "SEA_OUT"]
    (origin,) = dear.origins
    assert (dear.column, dear.factor) == ("cost_cny_per_departure", 2.5)
    assert (origin.file, origin.entry) == ("scenarios/red_sea.toml", "multiply[2]")
    assert (origin.year, origin.confidence) == (2024, "medium")
    assert origin.source.startswith("REDSEA: Shanghai-Europe spot")
    lines = (MINI / origin.file).read_text(encoding="utf-8").splitlines()
    assert lines[(origin.row or 0) - 1] == "[[multiply]]"


def test_two_entries_for_one_cell_are_both_named(tmp_path: Path) -> None:
    """A cell that one entry multiplies and another adds to is traced to both, in that order."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "twice.toml").write_text(
        '[[add]]\ntable = "services"\nwhere = { id = "AIR_OUT" }\nby = { wait_h = 1 }\n'
        '[[multiply]]\ntable = "services"\nwhere = { id = "AIR_OUT" }\nby = { wait_h = 2 }\n',
        encoding="utf-8",
    )
    told = read_scenarios(tmp_path, ["twice"])["twice"]
    found = trace(TINY, told)["services", ("AIR_OUT",), "wait_h"]
    assert [origin.entry for origin in found] == ["multiply[1]", "add[1]"]


def test_rows_added_and_removed_are_told_whole() -> None:
    """A service less and a product more are one change each, with all that stands in the row."""
    services = [row for row in TINY.services if row.id != "AIR_OUT"]
    more = replace(TINY.products[0], id="NEW")
    found = differences(TINY, changed(products=(*TINY.products, more)))
    assert [one[:4] for one in found] == [(What.ADDED, "products", ("NEW",), WHOLE_ROW)]
    (gone,) = input_changes(
        facts(TINY), replace(facts(TINY), instance=stub(services=tuple(services))), 1
    )
    assert (gone.what, gone.table, gone.row, gone.after) == (
        What.REMOVED, "services", "AIR_OUT", None,
    )  # fmt: skip
    assert "payload_t_per_departure=" in gone.text(gone.before)
    assert gone.text(gone.after) == ""
    assert gone.factor is gone.difference is None


def stub(**tables: object) -> Instance:
    """Return the tiny instance with tables that are not checked together with the others."""
    made = object.__new__(type(TINY))
    made.__dict__.update({**TINY.__dict__, **tables})
    return made


def test_an_instance_edited_between_two_solves_is_told_from_a_scenario() -> None:
    """A cell that differs before any scenario is edited; one that the scenario wrote is not."""
    origin = Origin("scenarios/dear.toml", "multiply[1]", 1)
    keys = [key_of(TABLES["links"], row) for row in TINY.links]
    written = {("links", key, "cost_cny_per_t"): (origin,) for key in keys}
    settled = input_changes(facts(TINY), facts(dearer(2.0), TINY, written), 1)
    assert {c.edited for c in settled} == {False}
    assert {c.origins for c in settled} == {(origin,)}
    by_hand = of(dearer(2.0))
    assert {c.edited for c in by_hand} == {True}
    assert {c.origins for c in by_hand} == {()}


def test_the_base_may_be_a_scenario_itself() -> None:
    """Against a scenario, its own entries are behind what the other does not have."""
    (policy,) = compare([mini("mode_hierarchy"), mini("base")]).inputs[1]
    assert (policy.table, policy.column) == ("instance", "policies")
    assert [origin.file for origin in policy.origins] == ["scenarios/mode_hierarchy.toml"]
    assert policy.text(policy.before) == "hierarchy|promises"


def test_the_same_input_has_no_changes() -> None:
    """A result beside itself differs in nothing; policies by name are a change of settings."""
    assert of(TINY) == ()
    sides = [facts_of("some", *solved(*policies)) for policies in ((), (POLICY,))]
    (found,) = compare(sides).inputs[1]
    assert (found.column, found.after, found.edited) == ("policies", frozenset({POLICY}), False)


@pytest.mark.parametrize(
    ("change", "en", "zh"),
    [
        (lambda n, _: n * 1.25, "3 rows x 1.25", "3 行 × 1.25"),
        (lambda n, _: n + 7, "3 rows +7", "3 行 +7"),
        (lambda *_: 12.5, "3 rows now 12.5", "3 行 改为 12.5"),
        (lambda n, here: n * (2 + here), "3 rows x 2 to 4", "3 行 × 2 至 4"),
    ],
)
def test_changes_of_a_column_are_told_together(
    change: Callable[[float, int], float], en: str, zh: str
) -> None:
    """Factor, amount or value that is the same for all is said once, with how many rows."""
    roads = [row for row in TINY.links if row.mode is Mode.ROAD_DIESEL][:3]
    assert len({row.cost_cny_per_t for row in roads}) == 3
    new = {
        id(row): replace(row, cost_cny_per_t=change(row.cost_cny_per_t, here))
        for here, row in enumerate(roads)
    }
    found = of(changed(links=tuple(new.get(id(row), row) for row in TINY.links)))
    (group,) = grouped(found)
    said = group_text(group)
    assert said.en.startswith(f"links cost_cny_per_t: {en} (")
    assert said.zh.startswith(f"links cost_cny_per_t：{zh}（")


def test_one_cell_is_told_with_both_values() -> None:
    """A blank limit, a large number and a setting are told as from what to what."""
    settings = replace(TINY.settings, carbon_price_cny_per_t=192.0)
    (group,) = grouped(of(changed(settings=settings)))
    assert group_text(group).en == "instance carbon_price_cny_per_t: 96 -> 192, x 2"
    service = next(row for row in TINY.services if row.id == "AIR_OUT")
    rest = tuple(row for row in TINY.services if row is not service)
    more = replace(service, cost_cny_per_departure=1_234_567.5)
    (group,) = grouped(of(changed(services=(*rest, more))))
    assert "-> 1,234,567.5" in group_text(group).en
    link = next(row for row in TINY.links if row.capacity_t_per_year is None)
    links = tuple(
        replace(row, capacity_t_per_year=9.0) if row is link else row for row in TINY.links
    )
    (group,) = grouped(of(changed(links=links)))
    assert "1 row blank -> 9 (" in group_text(group).en
    assert "1 行 空 → 9（" in group_text(group).zh


def test_entries_are_told_with_their_sources() -> None:
    """An entry without a source is told by itself."""
    known, bare = Origin("a.toml", "set[1]", 3, "a book"), Origin("b.toml", "policies_on", None)
    assert origin_text([known, bare]) == "a.toml set[1]: a book; b.toml policies_on"
