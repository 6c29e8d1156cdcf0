"""Paths that people write into settings: files are found by their names, none is ever opened so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubopt.instance.cell_errors import CellError
from hubopt.instance.codes import Code
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAVES = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)")
ABSOLUTE = re.compile(r"^(?:[/\\~]|[A-Za-z]:[/\\])")
REMOTE = re.compile(r"^[/\\]?vsi[a-z0-9_]*[/\\]|^[A-Za-z][A-Za-z0-9+.-]+://|^PG:")


def path_given(value: object) -> tuple[str, CellError] | None:
    """Return a path that stands below an unknown key, and why it is not followed."""
    for text in texts_in(value):
        kind = kind_of(text)
        if kind is not None:
            code = Code.REMOTE_PATH if kind is FETCHED else Code.PATH_IN_SETTINGS
            return text, CellError(code, kind, BY_NAME)
    return None


OUTSIDE = Text(
    "leads out of the instance folder and is not followed", "指向算例文件夹之外，不会打开"
)
ANYWHERE = Text("is an absolute path and is not followed", "是绝对路径，不会打开")
FETCHED = Text("is an address of another machine and is not opened", "是网络地址，不会打开")
BY_NAME = Text(
    "delete the key and put the file into the instance folder under its table's name",
    "请删除该键，并把文件以表名放入算例文件夹",
)


def kind_of(text: str) -> Text | None:
    """Return what is wrong with a path, `None` for what is none."""
    if REMOTE.search(text):
        return FETCHED
    if LEAVES.search(text):
        return OUTSIDE
    return ANYWHERE if ABSOLUTE.search(text) else None


def texts_in(value: object) -> Iterator[str]:
    """Yield every text in a value of TOML."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts_in(part)
