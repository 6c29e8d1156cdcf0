"""Checks that every row has its own key and every name that is used exists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault, shown
from hubopt.instance.nearest import nearest_of
from hubopt.instance.schema import ALL, RECORDS, SETTINGS_FILE, Kind
from hubopt.instance.tables import Capacity, Module, Place
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.draft import Draft, Sheet
    from hubopt.instance.schema import Column


def tables_have_rows(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each empty table that an instance cannot do without."""
    for sheet in draft.sheets.values():
        if sheet.table.needs_rows and sheet.whole and not sheet.rows and not sheet.broken:
            yield Finding(
                sheet.table.file,
                Text("no data rows", "没有数据行"),
                Text("add at least one row", "请至少填写一行"),
                code=Code.NO_ROWS,
            )


def keys_are_unique(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each row whose key another row above it has already."""
    for sheet in draft.sheets.values():
        first: dict[tuple[Any, ...], int] = {}
        columns = [sheet.table.columns[here].name for here in sheet.table.keys]
        for row, key in sorted(keys_of(sheet, columns), key=lambda pair: pair[0]):
            before = first.setdefault(key, row)
            if before != row:
                yield fault(
                    Spot(RECORDS[sheet.table.name], row, columns[0], ", ".join(words_of(key))),
                    Code.DUPLICATE_KEY,
                    Text(f"stands in row {before} already", f"已在第 {before} 行出现"),
                    Text("rename or delete one", "请改名或删除其一"),
                )


def keys_of(sheet: Sheet, columns: list[str]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield (row, key) of every row whose key could be read."""
    for row, record in sheet.rows:
        yield row, tuple(getattr(record, column) for column in columns)
    for row, cells in sheet.broken:
        if all(column in cells for column in columns):
            yield row, tuple(cells[column] for column in columns)


def words_of(key: tuple[Any, ...]) -> list[str]:
    """Return the parts of a key as text, empty ones left out."""
    return [str(part) for part in key if part is not None]


def ids_differ_by_more_than_case(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each id that another id repeats but for the case of its letters."""
    for name, record in RECORDS.items():
        sheet = draft.sheets[name]
        if "id" not in sheet.table.column:
            continue
        first: dict[str, tuple[int, str]] = {}
        for row, ident in sorted(sheet.values("id")):
            before, other = first.setdefault(ident.casefold(), (row, ident))
            if other != ident:
                yield fault(
                    Spot(record, row, "id", ident),
                    Code.CASE_TWINS,
                    Text(f"differs only by case from row {before}", f"与第 {before} 行只差大小写"),
                    Text("make it one spelling, or rename one", "请统一写法，或改名"),
                    other,
                )


def references_exist(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each place, site, product or stage that is not in its table."""
    for name, record in RECORDS.items():
        for column in draft.sheets[name].table.columns:
            known = known_names(draft, column)
            if known is None:
                continue
            nearest: dict[str, str | None] = {}
            for row, value in draft.sheets[name].values(column.name):
                for part in value if column.kind is Kind.PATH else (value,):
                    if part in known:
                        continue
                    text = str(part)
                    if text not in nearest:
                        nearest[text] = nearest_of(text, map(str, known))
                    yield unknown(Spot(record, row, column.name, text), column, nearest[text])


def known_names(draft: Draft, column: Column) -> set[Any] | None:
    """Return what a cell of a column may name, `None` if that is not bound or not known."""
    if column.refers is None:
        return None
    if column.refers == "stages":
        return None if draft.stages is None else set(draft.stages)
    return draft.ids(column.refers)


def unknown(spot: Spot, column: Column, nearest: str | None) -> Finding:
    """Return the finding for a name that is not in its table."""
    if column.refers == "stages" or column.refers is None:
        file, remedy = SETTINGS_FILE, Text("write the first year of a stage", "请写某阶段的首年")
    else:
        file, remedy = ALL[column.refers].file, Text("correct the id", "请更正编号")
    return fault(
        spot, Code.UNKNOWN_REFERENCE, Text(f"is not in {file}", f"不在 {file} 中"), remedy, nearest
    )


def modules_exist(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each capacity of a module that its site does not have."""
    modules = draft.sheet(Module)
    if not modules.whole:
        return
    known = {key for _, key in keys_of(modules, ["site", "module"])}
    unread = any("site" not in c or "module" not in c for _, c in modules.broken)
    if unread:
        return
    for row, (site, module) in keys_of(draft.sheet(Capacity), ["site", "module"]):
        if (site, module) not in known:
            here = sorted(name for owner, name in known if owner == site)
            listed = ", ".join(here) or "-"
            yield fault(
                Spot(Capacity, row, "module", module),
                Code.UNKNOWN_REFERENCE,
                Text(
                    f"is no module of {site} in modules.csv", f"不是 modules.csv 中 {site} 的模块"
                ),
                Text(f"write one of: {listed}", f"请写以下之一：{listed}"),
                nearest_of(module, here),
            )


def home_country_has_places(draft: Draft) -> Iterator[Finding]:
    """Yield a finding if no place lies in the home country."""
    countries = {country for _, country in draft.sheet(Place).values("country")}
    if draft.settings is None or not countries:
        return
    home = draft.settings.home_country
    if home not in countries:
        yield Finding(
            SETTINGS_FILE,
            Text("no place in places.csv is in this country", "places.csv 中没有该国的地点"),
            Text("spell it as in places.csv", "请与 places.csv 的写法一致"),
            column="home_country",
            value=shown(home),
            nearest=nearest_of(home, countries),
            code=Code.UNKNOWN_REFERENCE,
        )
