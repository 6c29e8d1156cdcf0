"""An instance from one workbook: a sheet for each table, the settings in a sheet or beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance import workbook_cells as cells
from hubopt.instance.codes import Code
from hubopt.instance.draft import Draft, Sheet, shown
from hubopt.instance.home import home
from hubopt.instance.nearest import nearest_of
from hubopt.instance.read_rows import read_rows
from hubopt.instance.read_settings import read_settings
from hubopt.instance.read_table import shaped
from hubopt.instance.read_text import read_bytes
from hubopt.instance.schema import ALL, SETTINGS, SETTINGS_FILE, TABLES, Table
from hubopt.instance.settings_sheet import as_toml, strays
from hubopt.instance.tables import Instance
from hubopt.instance.workbook_sheets import Page, pages_of
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hubopt.instance.rows import Settings

    Elsewhere = Callable[[Path], tuple[Settings | None, list[Finding], list[Text]]]

TITLES_ZH = {
    "instance": ("设置", "参数"),
    "places": ("地点", "节点"),
    "sites": ("设施",),
    "handling": ("作业",),
    "modules": ("模块",),
    "capacities": ("能力",),
    "links": ("线路",),
    "services": ("班列航班", "班次"),
    "transfers": ("换装", "中转"),
    "customs": ("清关", "海关"),
    "products": ("产品", "品类"),
    "demand": ("需求", "运输需求"),
    "limits": ("限制",),
    "vehicles": ("车辆",),
}
"""What planners call the sheet of a table in Chinese."""

TABLE_OF_TITLE = {name: name for name in ALL} | {
    title: name for name, titles in TITLES_ZH.items() for title in titles if name in ALL
}
ASIDE = frozenset({"dictionary", "数据字典", "字典"})
"""Sheets for people alone, known and never read."""

CSV_NAMES = re.compile(rf"\b({'|'.join(TABLES)})\.csv\b")


def read_workbook(path: Path, settings_beside: Elsewhere) -> Instance:
    """Return the checked instance in a workbook; `settings_beside` reads instance.toml of a folder.

    Raises `InputError` with all findings, each with its sheet and cell.
    """
    content = read_bytes(path)
    if isinstance(content, Finding):
        raise InputError([content])
    pages = pages_of(path.name, content, frozenset(TABLE_OF_TITLE))
    if isinstance(pages, Finding):
        raise InputError([pages])
    return Workbook(path, pages).instance(settings_beside)


class Workbook:
    """The sheets of one workbook as tables, and findings told by sheet and cell."""

    def __init__(self, path: Path, pages: list[Page]) -> None:
        """Take the sheets; of two for one table the first is read and the other reported."""
        self.path = path
        self.titles = [page.title for page in pages]
        self.page: dict[str, Page] = {}
        self.findings: list[Finding] = []
        self.notes: list[Text] = []
        self.heads: dict[str, list[str]] = {}
        self.setting_spots: list[tuple[int, int]] = []
        for page in pages:
            table = TABLE_OF_TITLE.get(page.title.strip().lower())
            if table in self.page:
                self.findings.append(self.twice(page, self.page[table]))
            elif table is not None:
                self.page[table] = page

    def instance(self, settings_beside: Elsewhere) -> Instance:
        """Return the instance, or raise `InputError` with everything wrong."""
        settings, notes = self.settings(settings_beside)
        sheets = {table.name: self.sheet(table) for table in TABLES.values()}
        self.findings += self.strangers()
        notes += [note for sheet in sheets.values() for note in sheet.notes] + self.notes
        told = [self.told(note) for note in notes]
        try:
            return Instance.from_draft(Draft(settings, sheets), self.findings, told)
        except InputError as error:
            raise InputError([self.located(found) for found in error.findings]) from None

    def settings(self, settings_beside: Elsewhere) -> tuple[Settings | None, list[Text]]:
        """Return the settings in the sheet `instance`, or in instance.toml beside the workbook."""
        beside = home(self.path) / SETTINGS_FILE
        page = self.page.get(SETTINGS.name)
        if page is None:
            if not beside.exists():
                self.findings.append(self.no_sheet(SETTINGS))
                return None, []
            settings, findings, notes = settings_beside(beside.parent)
            self.findings += findings
            return settings, notes
        lines = as_toml(page.rows)
        self.setting_spots = lines.spot
        settings, findings = read_settings("\n".join(lines.text))
        self.findings += findings
        self.findings += [cells.stray(row, here, page) for row, here in strays(page.rows)]
        self.findings += cells.faults(SETTINGS, page, ["key", "value"], 0)
        notes = [beside_is_not_read(beside.name)] if beside.exists() else []
        return settings, notes

    def sheet(self, table: Table) -> Sheet:
        """Return the table that a sheet holds."""
        page = self.page.get(table.name)
        if page is None:
            if not table.needs_rows:
                return Sheet(table, absent=True)
            self.findings.append(self.no_sheet(table))
            return Sheet(table, whole=False)
        raw, shape = shaped(table, page.rows, [])
        raw, notes = cells.with_years(table, page, raw)
        odd = cells.faults(table, page, raw.header, raw.header_row)
        known = {(found.row, found.column) for found in odd} | cells.covered(page, raw.header)
        sheet, findings = read_rows(table, raw)
        rest = [found for found in findings if (found.row, found.column) not in known]
        self.findings += [*shape, *odd, *rest]
        self.notes += notes
        self.heads[table.name] = raw.header
        whole = all(found.code == Code.LINES_ABOVE_HEADER for found in shape)
        return sheet if whole else replace(sheet, whole=False)

    def strangers(self) -> list[Finding]:
        """Return a finding for each sheet that is almost one that is not there."""
        absent = [t.name for t in TABLES.values() if not t.needs_rows and t.name not in self.page]
        found = []
        for title in self.titles:
            near = nearest_of(title, absent)
            known = title.strip().lower() in ASIDE | set(TABLE_OF_TITLE)
            if near is not None and not known:
                reason = Text("no table has this name", "没有这个名称的表")
                remedy = Text(
                    f'rename the sheet to "{near}", or delete it', f"请改名为“{near}”，或删除"
                )
                found.append(replace(self.about(title, reason, remedy), nearest=near))
        return found

    def twice(self, page: Page, first: Page) -> Finding:
        """Return the finding for a second sheet of one table."""
        reason = Text(
            f'is a second sheet for one table, beside "{first.title}"',
            f"与“{first.title}”是同一张表",
        )
        remedy = Text("put all rows into one of them", "请合并到一个工作表")
        return replace(self.about(page.title, reason, remedy), code=Code.SHEET_TWICE)

    def about(self, title: str, reason: Text, remedy: Text) -> Finding:
        """Return a finding about a whole sheet."""
        return Finding(self.path.name, reason, remedy, sheet=shown(title), code=Code.UNKNOWN_FILE)

    def no_sheet(self, table: Table) -> Finding:
        """Return the finding for a sheet that the workbook lacks."""
        has = ", ".join(shown(title) for title in self.titles)
        near = nearest_of(table.name, [t for t in self.titles if t not in TABLE_OF_TITLE])
        remedy = Text(
            f'rename the sheet that holds them to "{table.name}"',
            f"请把相应工作表改名为“{table.name}”",
        )
        if table is SETTINGS:
            remedy = Text(
                'add a sheet "instance" with a key and a value in each row, or put instance.toml'
                " beside the workbook",
                "请加上工作表“instance”（每行一个键和一个值），或把 instance.toml 放在工作簿旁",
            )
        return Finding(
            self.path.name,
            Text(f'no sheet "{table.name}"; has {has}', f"没有工作表“{table.name}”；只有 {has}"),
            remedy,
            nearest=near,
            code=Code.WRONG_SHEET,
        )

    @cached_property
    def title(self) -> Mapping[str, str]:
        """The title of the sheet of each table, its name where there is none."""
        return {name: self.page[name].title if name in self.page else name for name in ALL}

    def located(self, found: Finding) -> Finding:
        """Return a finding about a table as one about its sheet, with the cell."""
        name = found.file.removesuffix(".csv").removesuffix(".toml")
        found = replace(found, reason=self.told(found.reason), remedy=self.told(found.remedy))
        if name not in self.page:
            return replace(found, file=self.path.name) if name in TABLES else found
        row, cell = found.row, found.cell
        if name == SETTINGS.name and row is not None and cell is None:
            row, here = self.setting_spots[min(row, len(self.setting_spots)) - 1]
            cell = cells.address(row, 0 if found.code == Code.UNKNOWN_KEY else here)
        elif row is not None and cell is None:
            cell = self.cell_of(name, row, found)
        return replace(
            found, file=self.path.name, sheet=shown(self.title[name]), row=row, cell=cell
        )

    def cell_of(self, name: str, row: int, found: Finding) -> str:
        """Return the cell of a finding about a column, of one about a whole row its first."""
        head = self.heads.get(name, [])
        wanted = "" if found.code == Code.UNKNOWN_COLUMN and not found.column else found.column
        return cells.address(row, head.index(wanted) if wanted in head else 0)

    def told(self, text: Text) -> Text:
        """Return a sentence about files as one about sheets."""

        def sheet(zh: str) -> Callable[[re.Match[str]], str]:
            return lambda found: f"{zh}{self.title[found[1]]}"

        return Text(
            CSV_NAMES.sub(sheet("sheet "), text.en), CSV_NAMES.sub(sheet("工作表 "), text.zh)
        )


def beside_is_not_read(name: str) -> Text:
    """Return the note about settings that stand in a sheet and in a file as well."""
    return Text(
        f"{name} beside the workbook is not read: the workbook has a sheet of settings",
        f"未读取工作簿旁的 {name}：工作簿中已有设置表",
    )
