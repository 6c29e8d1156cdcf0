"""An instance from a folder: everything wrong is found first and raised once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.check import finished
from hubopt.instance.codes import Code
from hubopt.instance.draft import Draft, Sheet
from hubopt.instance.nearest import nearest_of
from hubopt.instance.read_rows import read_rows
from hubopt.instance.read_settings import read_settings
from hubopt.instance.read_table import read_table
from hubopt.instance.read_text import decoded, encoding_named, read_bytes, unknown_encoding
from hubopt.instance.schema import FILE_ORDER, SETTINGS, TABLES, Table
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.tables import Instance, Settings


def read(folder: Path, *, encoding: str | None = None) -> Instance:
    """Return the checked instance in `folder`; tables are UTF-8 unless `encoding` is gb18030.

    Raises `InputError` with all findings, in the order of files and rows.
    """
    try:
        codec = encoding_named(encoding)
    except ValueError:
        raise InputError([unknown_encoding(str(encoding))]) from None
    wrong = not_a_folder(folder)
    if wrong is not None:
        raise InputError([wrong])
    names = sorted(path.name for path in folder.iterdir())
    findings = strangers(names)
    settings, faults = settings_in(folder, names, codec)
    findings += faults
    sheets = {}
    for table in TABLES.values():
        sheets[table.name], faults = sheet_in(folder, names, table, codec)
        findings += faults
    return finished(Draft(settings, sheets), findings)


def not_a_folder(folder: Path) -> Finding | None:
    """Return a finding unless `folder` is a folder that can be listed."""
    try:
        if folder.is_dir():
            next(folder.iterdir(), None)
            return None
        there = folder.exists()
        beside = [p.name for p in folder.absolute().parent.iterdir() if p.is_dir()]
        why = "is a file, not a folder" if there else "there is no such folder"
        why_zh = "是文件，不是文件夹" if there else "文件夹不存在"
        nearest = None if there else nearest_of(folder.name, beside)
    except OSError as error:
        why, why_zh, nearest = f"cannot be opened ({error.strerror})", "无法打开", None
    return Finding(
        str(folder),
        Text(why, why_zh),
        Text("give the folder that holds instance.toml", "请给出 instance.toml 所在的文件夹"),
        nearest=nearest,
        code=Code.NO_FOLDER,
    )


def strangers(names: list[str]) -> list[Finding]:
    """Return a finding for each file whose name is almost that of a table that is not there."""
    absent = [t.file for t in TABLES.values() if not t.needs_rows and t.file not in names]
    findings = []
    for name in names:
        if name in FILE_ORDER or not name.lower().endswith((".csv", ".toml")):
            continue
        near = nearest_of(name, absent) if absent else None
        if near is not None:
            findings.append(
                Finding(
                    name,
                    Text("no table has this file name", "没有这个文件名的表"),
                    Text(f"rename it to {near}, or move it away", f"请改名为 {near}，或移走"),
                    nearest=near,
                    code=Code.UNKNOWN_FILE,
                )
            )
    return findings


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


def settings_in(
    folder: Path, names: list[str], codec: str | None
) -> tuple[Settings | None, list[Finding]]:
    """Return the settings in a folder, `None` if anything is wrong with them."""
    if SETTINGS.file not in names:
        return None, [missing_file(SETTINGS.file, names)]
    text = text_of(folder / SETTINGS.file, codec)
    return (None, [text]) if isinstance(text, Finding) else read_settings(text)


def sheet_in(
    folder: Path, names: list[str], table: Table, codec: str | None
) -> tuple[Sheet, list[Finding]]:
    """Return one table in a folder and what is wrong with it by itself."""
    if table.file not in names:
        if table.needs_rows:
            return Sheet(table, whole=False), [missing_file(table.file, names)]
        return Sheet(table), []
    text = text_of(folder / table.file, codec)
    if isinstance(text, Finding):
        return Sheet(table, whole=False), [text]
    return sheet_from(table, text)


def text_of(path: Path, codec: str | None) -> str | Finding:
    """Return the text of a file, or why there is none."""
    content = read_bytes(path)
    return content if isinstance(content, Finding) else decoded(path.name, content, codec)


def sheet_from(table: Table, text: str) -> tuple[Sheet, list[Finding]]:
    """Return the table that a CSV text holds and what is wrong with it by itself."""
    raw, shape = read_table(table, text)
    sheet, findings = read_rows(table, raw)
    if shape:
        sheet = replace(sheet, whole=False)
    return sheet, [*shape, *findings]
