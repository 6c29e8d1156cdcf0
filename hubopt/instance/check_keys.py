"""Checks that every row has its own key and every name that is used exists."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault, shown
from hubopt.instance.few import MOST_OF_A_KIND, Few
from hubopt.instance.nearest import LOOKALIKES, nearest_of
from hubopt.instance.rows import Capacity, Module, Place
from hubopt.instance.schema import ALL, RECORDS, SETTINGS_FILE
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.draft import Draft, Sheet
    from hubopt.instance.schema import Column

CHINA_NAMES = frozenset({"CN", "CHN", "CHINA", "PRC", "中国"})


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
    """Yield the findings on rows whose key another row above has already."""
    for sheet in draft.sheets.values():
        first: dict[tuple[Any, ...], int] = {}
        columns = [sheet.table.columns[here].name for here in sheet.table.keys]
        few = Few()
        for row, key in sorted(keys_of(sheet, columns), key=itemgetter(0)):
            before = first.setdefault(key, row)
            if before != row and few.wants(Code.DUPLICATE_KEY, columns[0]):
                spot = Spot(RECORDS[sheet.table.name], row, columns[0], ", ".join(words_of(key)))
                few.keep(repeated(spot, before))
        yield from few.findings()


def repeated(spot: Spot, before: int) -> Finding:
    """Return the finding on a key that an earlier row has."""
    return fault(
        spot,
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


def folded(name: str) -> str:
    """Return a name without what the eye passes over: case, width, alphabet, spaces in a row."""
    plain = unicodedata.normalize("NFKC", name).translate(LOOKALIKES)
    return " ".join(plain.casefold().split())


def ids_differ_by_more_than_case(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each id that looks like another but is not it: by case or letters."""
    for name, record in RECORDS.items():
        sheet = draft.sheets[name]
        if "id" not in sheet.table.column:
            continue
        first: dict[str, tuple[int, str]] = {}
        for row, ident in sorted(sheet.values("id")):
            before, other = first.setdefault(folded(ident), (row, ident))
            if other != ident:
                yield twin(Spot(record, row, "id", ident), before, other)


def twin(spot: Spot, before: int, other: str) -> Finding:
    """Return the finding for a name that differs from another in a way that is easily missed."""
    if str(spot.value).casefold() == other.casefold():
        reason = Text(f"differs only by case from row {before}", f"与第 {before} 行只差大小写")
    else:
        reason = Text(
            f"differs only by letters or spaces that look alike from row {before}",
            f"与第 {before} 行只差外形相近的字符或空格",
        )
    remedy = Text("make it one spelling, or rename one", "请统一写法，或改名")
    return fault(spot, Code.CASE_TWINS, reason, remedy, other)


def countries_have_one_spelling(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each place whose country is another spelling of one above it, or of home.

    Freight between two spellings of a country would cross a border.
    """
    first: dict[str, tuple[int, str]] = {}
    places = sorted(draft.sheet(Place).values("country"), key=lambda pair: pair[0])
    if draft.settings is not None:
        home = draft.settings.home_country
        row = next((row for row, country in places if country == home), None)
        if row is not None:
            first[one_name(home)] = (row, home)
    for row, country in places:
        before, other = first.setdefault(one_name(country), (row, country))
        if other != country:
            spot = Spot(Place, row, "country", country)
            if folded(other) == folded(country):
                yield twin(spot, before, other)
            else:
                yield fault(
                    spot,
                    Code.CASE_TWINS,
                    Text(f"is {other} by another name", f"与 {other} 是同一国家"),
                    Text(f"write {other}", f"请写 {other}"),
                    other,
                )


def one_name(country: str) -> str:
    """Return the name under which the spellings of a country are one."""
    name = folded(country)
    return "china" if name.upper() in CHINA_NAMES else name


def references_exist(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each place, site, product or stage that is not in its table.

    The nearest name, which takes time to find, is given for those that will be listed.
    """
    for (name, title), missing in draft.dangling.items():
        column = draft.sheets[name].table.column[title]
        known = sorted(map(str, draft.known(column) or ()))
        nearest: dict[str, str | None] = {}
        for count, (row, value) in enumerate(sorted(missing, key=lambda pair: pair[0])):
            text = str(value)
            if count < MOST_OF_A_KIND and text not in nearest:
                nearest[text] = nearest_of(text, known)
            yield unknown(Spot(RECORDS[name], row, title, text), column, nearest.get(text))


def unknown(spot: Spot, column: Column, nearest: str | None) -> Finding:
    """Return the finding for a name that is not in its table."""
    if column.refers == "stages" or column.refers is None:
        file, remedy = SETTINGS_FILE, Text("write the first year of a stage", "请写某阶段的首年")
    else:
        file, remedy = ALL[column.refers].file, Text("correct the id", "请更正编号")
    reason = Text(f"is not in {file}", f"不在 {file} 中")
    if nearest is not None and str(spot.value).translate(LOOKALIKES) == nearest:
        reason = Text(
            f"is not in {file}: letters of another alphabet",
            f"不在 {file} 中：含外形相近的异种字母",
        )
    return fault(spot, Code.UNKNOWN_REFERENCE, reason, remedy, nearest)


def modules_exist(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each capacity of a module that its site does not have."""
    if not draft.sure(Module):
        return
    here: dict[str, list[str]] = defaultdict(list)
    for _, standing in draft.rows(Module):
        here[standing.site].append(standing.module)
    sites = draft.ids("sites") or set()
    count = 0
    for row, (site, module) in keys_of(draft.sheet(Capacity), ["site", "module"]):
        if site not in sites or module in here[site]:
            continue
        count += 1
        listed = ", ".join(sorted(here[site])) or "-"
        yield fault(
            Spot(Capacity, row, "module", module),
            Code.UNKNOWN_REFERENCE,
            Text(f"is no module of {site} in modules.csv", f"不是 modules.csv 中 {site} 的模块"),
            Text(f"write one of: {listed}", f"请写以下之一：{listed}"),
            nearest_of(module, here[site]) if count <= MOST_OF_A_KIND else None,
        )


def home_country_has_places(draft: Draft) -> Iterator[Finding]:
    """Yield a finding if no place lies in the home country."""
    sheet = draft.sheet(Place)
    countries = {country for _, country in sheet.values("country")}
    unread = any("country" not in cells for _, cells in sheet.broken)
    if draft.settings is None or not countries or unread:
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
