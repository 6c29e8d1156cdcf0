"""All checks together: from tables as read to an instance that cannot be wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding, InputError
from hubopt.instance import (
    check_features,
    check_geography,
    check_keys,
    check_limit_cells,
    check_limits,
    check_network,
    check_sites,
    check_units,
    check_uses,
)
from hubopt.instance.check_absent import without_absent
from hubopt.instance.check_reach import destinations_can_be_reached
from hubopt.instance.draft import Draft
from hubopt.instance.few import MOST_OF_A_KIND
from hubopt.instance.schema import ALL, FILE_ORDER, TABLES
from hubopt.instance.write import sort_key
from hubopt.text import Text, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator

COLUMN_ORDER = {
    (table.file, column.name): here
    for table in ALL.values()
    for here, column in enumerate(table.columns)
}

Check = Callable[[Draft], Iterable[Finding]]

ROW_CHECKS: tuple[Check, ...] = (
    check_keys.tables_have_rows,
    check_keys.keys_are_unique,
    check_keys.ids_differ_by_more_than_case,
    check_keys.references_exist,
    check_keys.modules_exist,
    check_keys.home_country_has_places,
    check_keys.countries_have_one_spelling,
    check_geography.coordinates_are_plausible,
    check_geography.links_fit_the_map,
    check_units.tank_is_part_of_well,
    check_units.emissions_are_above_zero,
    check_units.building_costs_something,
    check_units.departures_cost_something,
    check_units.goods_are_worth_something,
    check_units.payloads_are_in_tonnes,
    check_units.demand_is_in_tonnes,
    check_sites.modules_fit_their_site,
    check_sites.sites_have_modules,
    check_sites.functions_are_described,
    check_sites.transfers_fit_their_site,
    check_features.chargers_fit_their_links,
    check_features.hubs_keep_to_their_type,
    check_sites.chains_can_be_done,
    check_sites.required_sites_can_work,
    check_limit_cells.limits_say_enough,
    check_limit_cells.limits_have_fitting_values,
    check_limit_cells.limits_name_what_is_there,
    check_limit_cells.policies_have_limits,
    check_limits.budgets_pay_for_required_sites,
    check_limits.limits_leave_room_for_standing_sites,
    check_limits.enough_sites_may_open,
    check_limits.cities_can_be_covered,
    check_uses.least_uses_fit_capacities,
    check_uses.promises_fit_latest_times,
    check_network.links_lead_somewhere,
    check_network.transfers_join_modes,
    check_network.services_run,
    check_network.customs_stand_at_home,
    check_network.shipments_go_somewhere,
)
"""Checks that hold even where other rows are faulty."""

WHOLE_CHECKS: tuple[Check, ...] = (destinations_can_be_reached,)
"""Checks that only make sense once everything else is right."""


def settled(draft: Draft, findings: Iterable[Finding]) -> dict[str, Any]:
    """Return the fields of the instance that a draft holds, rows in canonical order.

    Raises `InputError` with everything wrong, `findings` of reading included.
    """
    draft, missing = without_absent(draft)
    found = [*findings, *missing, *(f for check in ROW_CHECKS for f in check(draft))]
    if not found:
        found = [f for check in WHOLE_CHECKS for f in check(draft)]
    if found or draft.settings is None:
        raise InputError(in_order(found))
    fields: dict[str, Any] = {"settings": draft.settings}
    for table in TABLES.values():
        records = [row for _, row in draft.sheets[table.name].rows]
        fields[table.name] = tuple(sorted(records, key=partial(sort_key, table)))
    return fields


def in_order(findings: list[Finding]) -> Iterator[Finding]:
    """Yield findings by file, row and column, at most so many of a kind, then their number."""
    listed = sorted(findings, key=place_of)
    count: Counter[tuple[str, str, str]] = Counter()
    for found in listed:
        count[kind_of(found)] += found.times
    seen: Counter[tuple[str, str, str]] = Counter()
    for found in listed:
        kind = kind_of(found)
        seen[kind] += 1
        if seen[kind] <= MOST_OF_A_KIND:
            yield printable(found)
        elif seen[kind] == MOST_OF_A_KIND + 1:
            yield and_more(found, count[kind] - MOST_OF_A_KIND)


def printable(found: Finding) -> Finding:
    """Return a finding whose every word may be printed, whatever stood in the file."""
    return replace(
        found,
        reason=Text(escaped(found.reason.en), escaped(found.reason.zh)),
        remedy=Text(escaped(found.remedy.en), escaped(found.remedy.zh)),
        column=None if found.column is None else escaped(found.column),
        value=None if found.value is None else escaped(found.value),
        nearest=None if found.nearest is None else escaped(found.nearest),
    )


def kind_of(found: Finding) -> tuple[str, str, str]:
    """Return what makes two findings of one kind."""
    return found.file, found.code, found.column or ""


def and_more(found: Finding, number: int) -> Finding:
    """Return the finding that stands for all further ones of its kind."""
    return Finding(
        found.file,
        Text(f"and {number} more of this kind", f"还有 {number} 处同类问题"),
        Text("mend those above, then check again", "请先修改以上各处，再重新检查"),
        column=found.column,
        code=found.code,
    )


def place_of(found: Finding) -> tuple[int, int, int]:
    """Return where a finding stands: file, row, column."""
    column = COLUMN_ORDER.get((found.file, found.column or ""), -1)
    return FILE_ORDER.get(found.file, -1), found.row or 0, column
