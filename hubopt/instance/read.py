"""An instance from a folder or a workbook: everything wrong is found first and raised once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.codes import Code
from hubopt.instance.draft import Draft, Sheet
from hubopt.instance.home import is_workbook
from hubopt.instance.nearest import nearest_of
from hubopt.instance.no_instance import not_a_folder
from hubopt.instance.pause import no_garbage_search
from hubopt.instance.read_rows import read_rows
from hubopt.instance.read_settings import read_settings
from hubopt.instance.read_table import read_table
from hubopt.instance.read_text import (
    Decoded,
    decoded,
    encoding_named,
    read_bytes,
    unknown_encoding,
)
from hubopt.instance.schema import FILE_ORDER, SETTINGS, TABLES, Table
from hubopt.instance.tables import Instance
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.rows import Settings


OTHER_KINDS = frozenset({
    "xlsx", "xls", "ods", "txt", "tsv", "json", "parquet", "feather", "pkl", "pickle", "npy",
})  # fmt: skip
"""Endings of files in which tables are kept elsewhere, but not read here; none is ever opened."""

OTHER_SETTINGS = frozenset({"yaml", "yml", "json", "ini", "cfg"})
"""Endings of files in which settings are kept elsewhere; none of them is ever opened."""


def read(folder: Path, *, encoding: str | None = None) -> Instance:
    """Return the checked instance in `folder`; tables are UTF-8 unless `encoding` is gb18030.

    `folder` may also be a workbook (.xlsx) with a sheet for each table. Raises `InputError` with
    all findings, in the order of files and rows.
    """
    try:
        codec = encoding_named(encoding)
    except ValueError:
        raise InputError([unknown_encoding(str(encoding))]) from None
    wrong = not_a_folder(folder)
    if wrong is not None:
        raise InputError([wrong])
    with no_garbage_search():
        if not is_workbook(folder):
            return read_folder(folder, codec)
        from hubopt.instance.read_workbook import read_workbook  # noqa: PLC0415  (loads on use)

        return read_workbook(folder, lambda home: settings_in(home, [SETTINGS.file], codec))


def read_folder(folder: Path, codec: str | None) -> Instance:
    """Return the checked instance in a folder of tables."""
    names = sorted(path.name for path in folder.iterdir())
    findings = strangers(names)
    misnamed = {finding.nearest for finding in findings}
    settings, faults, notes = settings_in(folder, names, codec)
    findings += faults
    sheets = {}
    for table in TABLES.values():
        sheet, faults = sheet_in(folder, names, table, codec)
        findings += faults
        notes += sheet.notes
        sheets[table.name] = replace(sheet, whole=False) if table.file in misnamed else sheet
    return Instance.from_draft(Draft(settings, sheets), findings, notes)


def strangers(names: list[str]) -> list[Finding]:
    """Return a finding for each file that is almost a table that is not there: by name or kind."""
    absent = [t.file for t in TABLES.values() if t.file not in names]
    missed = {t.file for t in TABLES.values() if t.needs_rows}  # said as missing, with this name
    findings = []
    for name in names:
        if name in FILE_ORDER or not absent:
            continue
        stem, _, kind = name.lower().rpartition(".")
        near = None
        if kind in {"csv", "toml"}:
            near = nearest_of(name, absent)
        elif kind in OTHER_KINDS and f"{stem}.csv" in absent:
            near = f"{stem}.csv"
        if near is not None and near not in missed:
            findings.append(stranger(name, near, rename=kind in {"csv", "toml"}))
    return findings


def stranger(name: str, near: str, *, rename: bool) -> Finding:
    """Return the finding for a file that is not read but looks like one that should be."""
    remedy = Text(f"rename it to {near}, or move it away", f"请改名为 {near}，或移走")
    if not rename:
        remedy = Text(
            f'save it as {near} ("CSV UTF-8"), or move it away',
            f"请另存为 {near}（“CSV UTF-8”），或移走",
        )
    return Finding(
        name,
        Text("no table has this file name", "没有这个文件名的表"),
        remedy,
        nearest=near,
        code=Code.UNKNOWN_FILE,
    )


def missing_file(file: str, names: list[str]) -> Finding:
    """Return the finding for a file that an instance cannot do without."""
    others = [name for name in names if name not in FILE_ORDER]
    return Finding(
        file,
        Text("the file is missing", "缺少该文件"),
        Text("add it; hubopt new writes a template", "请补上；hubopt new 可生成模板"),
        nearest=nearest_of(file, others),
        code=Code.MISSING_FILE,
    )


def other_settings(name: str) -> Finding:
    """Return the finding for settings in a language that is not read here."""
    return Finding(
        name,
        Text(
            "settings are read from instance.toml alone; YAML and JSON are never opened",
            "设置只从 instance.toml 读取；不会打开 YAML 或 JSON",
        ),
        Text(
            "write them as TOML into instance.toml; hubopt new writes a template",
            "请改写为 TOML 存入 instance.toml；hubopt new 可生成模板",
        ),
        nearest=SETTINGS.file,
        code=Code.OTHER_SETTINGS,
    )


def settings_in(
    folder: Path, names: list[str], codec: str | None
) -> tuple[Settings | None, list[Finding], list[Text]]:
    """Return the settings in a folder, `None` if anything is wrong with them, and notes."""
    if SETTINGS.file not in names:
        others = [name for name in names if name.lower().rpartition(".")[2] in OTHER_SETTINGS]
        return (
            None,
            [other_settings(others[0]) if others else missing_file(SETTINGS.file, names)],
            [],
        )
    text = text_of(folder / SETTINGS.file, codec)
    if isinstance(text, Finding):
        return None, [text], []
    return *read_settings(text.text), notes_of(text)


def sheet_in(
    folder: Path, names: list[str], table: Table, codec: str | None
) -> tuple[Sheet, list[Finding]]:
    """Return one table in a folder and what is wrong with it by itself."""
    if table.file not in names:
        if table.needs_rows:
            return Sheet(table, whole=False), [missing_file(table.file, names)]
        return Sheet(table, absent=True), []
    text = text_of(folder / table.file, codec)
    if isinstance(text, Finding):
        return Sheet(table, whole=False), [text]
    sheet, findings = sheet_from(table, text.text)
    return replace(sheet, notes=(*notes_of(text), *sheet.notes)), findings


def text_of(path: Path, codec: str | None) -> Decoded | Finding:
    """Return the text of a file, or why there is none."""
    content = read_bytes(path)
    return content if isinstance(content, Finding) else decoded(path.name, content, codec)


def notes_of(text: Decoded) -> list[Text]:
    """Return what is to be noted about how a file was read."""
    return [] if text.note is None else [text.note]


def sheet_from(table: Table, text: str) -> tuple[Sheet, list[Finding]]:
    """Return the table that a CSV text holds and what is wrong with it by itself."""
    raw, shape = read_table(table, text)
    sheet, findings = read_rows(table, raw)
    if any(finding.code != Code.LINES_ABOVE_HEADER for finding in shape):
        sheet = replace(sheet, whole=False)
    return sheet, [*shape, *findings]
