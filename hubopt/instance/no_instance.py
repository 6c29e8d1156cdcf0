"""Why a path holds no instance: nothing there, another kind of file, or an address elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.home import OTHER_WORKBOOKS, WORKBOOKS, is_workbook
from hubopt.instance.nearest import nearest_of
from hubopt.instance.schema import FILE_ORDER
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

GIVE_FOLDER = Text(
    "give the folder that holds instance.toml, or a workbook (.xlsx)",
    "请给出 instance.toml 所在的文件夹，或工作簿（.xlsx）",
)
ELSEWHERE = re.compile(r"^[/\\]?vsi[a-z0-9_]*[/\\]|^[A-Za-z][A-Za-z0-9+.-]+:[/\\]|^PG:|^\s*[{<]")
"""Addresses that libraries of maps open over the network or as data: never handed to them."""


def not_a_folder(folder: Path) -> Finding | None:
    """Return a finding unless `folder` is a folder that can be listed, or a workbook."""
    if ELSEWHERE.search(str(folder)) and not folder.exists():
        return elsewhere(folder)
    try:
        if is_workbook(folder) and folder.exists():
            return None
        if folder.is_dir():
            return workbook_inside(folder) or no_tables(folder)
        why, nearest = not_there(folder)
    except OSError as error:
        why, nearest = Text(f"cannot be opened ({error.strerror})", "无法打开"), None
    remedy = GIVE_FOLDER
    if folder.suffix.lower() in OTHER_WORKBOOKS and folder.is_file():
        why = Text("is a kind of workbook that is not read", "是不支持的工作簿格式")
        remedy = Text("save it as .xlsx", "请另存为 .xlsx")
    return Finding(str(folder), why, remedy, nearest=nearest, code=Code.NO_FOLDER)


def elsewhere(folder: Path) -> Finding:
    """Return the finding for an address that is no path on this machine."""
    return Finding(
        str(folder),
        Text("is an address, not a folder of this machine", "是网络地址，不是本机文件夹"),
        Text("download the instance first and give its folder", "请先下载算例，再给出其文件夹"),
        code=Code.REMOTE_PATH,
    )


def not_there(folder: Path) -> tuple[Text, str | None]:
    """Return why a path is no folder, and the nearest name beside it."""
    if folder.exists():
        return Text("is a file, not a folder", "是文件，不是文件夹"), None
    beside = [
        path.name
        for path in folder.absolute().parent.iterdir()
        if path.is_dir() or path.suffix.lower() in WORKBOOKS
    ]
    return Text("there is no such folder", "文件夹不存在"), nearest_of(folder.name, beside)


def no_tables(folder: Path) -> Finding | None:
    """Return a finding for a folder with no file of an instance in it: it is another one."""
    if any((folder / name).exists() for name in FILE_ORDER):
        return None
    return Finding(
        str(folder),
        Text("holds no file of an instance", "其中没有任何算例文件"),
        Text(
            f"{GIVE_FOLDER.en}; hubopt new FOLDER writes a template",
            f"{GIVE_FOLDER.zh}；hubopt new 文件夹 可生成模板",
        ),
        code=Code.NO_FOLDER,
    )


def workbook_inside(folder: Path) -> Finding | None:
    """Return a finding for a folder that has no tables but a workbook, which must be named."""
    names = sorted(path.name for path in folder.iterdir())
    books = [name for name in names if (folder / name).suffix.lower() in WORKBOOKS]
    if not books or set(names) & set(FILE_ORDER):
        return None
    return Finding(
        str(folder),
        Text(f"holds no tables, but the workbook {books[0]}", f"没有表格，但有工作簿 {books[0]}"),
        Text(
            f"give the workbook itself: {folder / books[0]}", f"请给出工作簿：{folder / books[0]}"
        ),
        nearest=books[0],
        code=Code.NO_FOLDER,
    )
