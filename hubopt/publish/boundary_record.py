"""`boundaries/boundary.toml`: under which number a map was reviewed, and who published it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.nearest import nearest_of
from hubopt.instance.read_text import read_bytes
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FOLDER, NAME = "boundaries", "boundary.toml"
KEYS = ("approval_number", "publisher_en", "publisher_zh")
LONGEST = 80
"""Longer texts do not fit into the footer of a map."""

REMEDY = Text(
    'write approval_number = "GS(2024)0000号" as printed on the map, publisher_en and publisher_zh',
    '请按地图所印填写 approval_number = "GS(2024)0000号"、publisher_en 和 publisher_zh',
)


@dataclass(frozen=True, slots=True)
class Record:
    """The number of a reviewed map (审图号) and its publisher."""

    approval_number: str
    publisher: Text


def read_record(file: Path, folder: Path) -> tuple[Record | None, list[Finding]]:
    """Return what a file says of the boundaries of the instance in `folder`, or what is wrong."""
    name = f"{FOLDER}/{NAME}"
    content = read_bytes(file, folder=folder)
    if isinstance(content, Finding):
        return None, [Finding(name, content.reason, content.remedy, code=content.code)]
    try:
        found = tomllib.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        why = shown(" ".join(str(error).split()))
        reason = Text(f"is no TOML in UTF-8 ({why})", f"不是 UTF-8 编码的 TOML（{why}）")
        return None, [Finding(name, reason, REMEDY, code=Code.BROKEN_TOML)]
    wrong = list(faults(name, found))
    if wrong:
        return None, wrong
    words = {key: " ".join(str(found.get(key, "")).split()) for key in KEYS}
    en, zh = words["publisher_en"], words["publisher_zh"]
    return Record(words["approval_number"], Text(en or zh, zh or en)), []


def faults(name: str, found: dict[str, Any]) -> Iterator[Finding]:
    """Yield what is wrong with the keys of a record."""
    for key in sorted(found.keys() - set(KEYS)):
        reason = Text("is no key of this file", "不是该文件的键")
        near = nearest_of(key, KEYS)
        yield Finding(name, reason, REMEDY, column=shown(key), nearest=near, code=Code.UNKNOWN_KEY)
    for key in KEYS:
        value = found.get(key, "")
        if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
            reason = Text(
                f"is no text of at most {LONGEST} signs on one line",
                f"不是不超过 {LONGEST} 字的单行文本",
            )
            yield Finding(name, reason, REMEDY, column=key, value=shown(str(value)),
                          code=Code.BAD_SETTING)  # fmt: skip
    if not str(found.get("approval_number", "")).strip():
        reason = Text(
            "is missing: maps may not show these boundaries without it",
            "缺失：没有审图号不得在地图上显示这些边界",
        )
        yield Finding(name, reason, REMEDY, column="approval_number", code=Code.MISSING_KEY)
    if not any(str(found.get(key, "")).strip() for key in KEYS[1:]):
        reason = Text("is missing: say who published the map", "缺失：请说明地图的出版单位")
        yield Finding(name, reason, REMEDY, column="publisher_zh", code=Code.MISSING_KEY)
