"""The files of scenarios: found by name, read with limits, what they extend put before them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding
from hubopt.instance.cell_errors import CellError
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.folder_name import plain_name
from hubopt.instance.home import home
from hubopt.instance.nearest import nearest_of
from hubopt.instance.overlay import At
from hubopt.instance.overlay_read import TITLES, Entries
from hubopt.instance.read_settings import parsed, row_of_key
from hubopt.instance.read_text import decoded, not_inside, read_bytes
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from hubopt.instance.overlay import Operation

BASE, ALL = "base", "all"
TAKEN = (BASE, ALL, "hedge", "pareto", "sensitivity")
"""Words of the command line, and folders of other studies beside the results of scenarios."""

FOLDER, ENDING = "scenarios", ".toml"
STRAY = (".toml", ".toml.txt", ".yaml", ".yml", ".json", ".ini", ".csv", ".xlsx")
"""Endings of files that somebody may take for scenarios; none of them is opened."""

LARGEST = 4 * 1024**2
"""Bytes of a scenario; none is larger."""

LONGEST_TITLE = 500

MOST = 2_000
"""Scenarios of an instance; none has more."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the numbers of an entry come from, as its file says."""

    file: str
    entry: str
    source: str
    year: int | None
    confidence: str
    note: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """An overlay of an instance, with all that it inherits; `files` are those it was read from."""

    id: str
    title: Text
    note: Text
    files: tuple[str, ...]
    sources: tuple[Source, ...]
    operations: tuple[Operation, ...]

    @property
    def file(self) -> str:
        """Its own file, from the folder of the instance."""
        return file_of(self.id)


@dataclass(frozen=True, slots=True)
class Page:
    """One file by itself: what it extends, and the scenario without that, `None` if faulty."""

    extends: tuple[str, ...]
    scenario: Scenario | None
    extends_row: int | None = None


def file_of(name: str) -> str:
    """Return the file of a scenario, from the folder of the instance."""
    return f"{FOLDER}/{name}{ENDING}"


def scenario_names(instance: Path) -> list[str]:
    """Return the names of the scenarios of an instance, a folder or a workbook, `base` left out."""
    folder = home(instance) / FOLDER
    if not folder.is_dir():
        return []
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    return sorted(name.removesuffix(ENDING) for name in names if name.endswith(ENDING))


def found_in(
    instance: Path, names: Sequence[str] | None
) -> tuple[dict[str, Scenario], list[Finding]]:
    """Return the scenarios of an instance, all or those named, and what is wrong in their files."""
    asked = None if names is None else [name for name in names if name != BASE]
    if asked == []:
        return {}, []
    shelf = Shelf(instance)
    if asked is None:
        shelf.findings += strays(shelf.folder)
    found = {name: shelf.whole(name) for name in dict.fromkeys(asked or shelf.names)}
    return {name: one for name, one in found.items() if one is not None}, shelf.findings


class Shelf:
    """The scenarios of one instance: each file is read once, and its faults are kept."""

    def __init__(self, instance: Path) -> None:
        """List the files."""
        self.home = home(instance)
        self.folder = self.home / FOLDER
        self.findings: list[Finding] = []
        wrong = not_inside(self.folder, self.home) or misplaced(self.home)
        self.names = [] if wrong else scenario_names(instance)
        if wrong is not None:
            self.findings.append(wrong)
        if len(self.names) > MOST:
            self.findings.append(too_many(len(self.names)))
            self.names = self.names[:MOST]
        self.pages: dict[str, Page] = {}

    def whole(self, name: str) -> Scenario | None:
        """Return a scenario after all that it extends, `None` if anything of it is noted."""
        if name not in self.names:
            self.findings.append(no_scenario(name, self.names))
            return None
        order = self.order(name, ())
        if order is None:
            return None
        parts = [one for one in (self.page(other).scenario for other in order) if one is not None]
        if len(parts) < len(order):
            return None
        return replace(
            parts[-1],
            files=tuple(one.file for one in parts),
            sources=tuple(source for one in parts for source in one.sources),
            operations=tuple(operation for one in parts for operation in one.operations),
        )

    def order(self, name: str, above: tuple[str, ...]) -> list[str] | None:
        """Return what a scenario extends and itself, each once, `None` for faults, now noted."""
        found: list[str] = []
        for other in self.page(name).extends:
            if other in (*above, name):
                chain = [*above, name, other]
                self.note(name, other, circular(chain[chain.index(other) :]))
                return None
            part = self.order(other, (*above, name)) if other in self.names else None
            if other not in self.names:
                self.note(name, other, unknown_extends(other, self.names))
            if part is None:
                return None
            found += [one for one in part if one not in found]
        return [*found, name]

    def page(self, name: str) -> Page:
        """Return the file of a scenario by itself; what is wrong in it is noted once."""
        if name not in self.pages:
            self.pages[name], findings = page_of(self.home, name)
            self.findings += odd_name(name, self.names) + findings
        return self.pages[name]

    def note(self, name: str, other: str, error: CellError) -> None:
        """Note what is wrong with what a scenario extends, once."""
        found = At(file_of(name), "extends", self.page(name).extends_row).fault("", other, error)
        if found not in self.findings:
            self.findings.append(found)


def page_of(folder: Path, name: str) -> tuple[Page, list[Finding]]:
    """Return the file of a scenario by itself, and everything that is wrong in it."""
    file = file_of(name)
    content = read_bytes(folder / file, folder=folder, most=LARGEST)
    text = content if isinstance(content, Finding) else decoded(file, content, None)
    if isinstance(text, Finding):
        return Page((), None), [replace(text, file=file)]
    found = parsed(text.text)
    if isinstance(found, Finding):
        return Page((), None), [replace(found, file=file)]
    entries = Entries(file, text.text, found)
    operations = entries.operations()
    titles = {key: titled(entries, key, found) for key in TITLES}
    extends = extended(entries, found)
    row = row_of_key(text.text, "extends")
    if entries.findings:
        return Page(extends, None, row), sorted(entries.findings, key=lambda one: one.row or 0)
    title = Text(titles["title_en"] or name, titles["title_zh"] or titles["title_en"] or name)
    note = Text(titles["note_en"], titles["note_zh"] or titles["note_en"])
    sources = tuple(
        Source(file, entry, told.get("source", ""), told.get("year"), told.get("confidence", ""),
               told.get("note", ""))
        for entry, told in entries.sources
    )  # fmt: skip
    return Page(extends, Scenario(name, title, note, (file,), sources, operations), row), []


def titled(entries: Entries, key: str, found: dict[str, Any]) -> str:
    """Return a title or note on one line, an empty one if it is none, which is noted."""
    value = found.get(key, "")
    if isinstance(value, str):
        return shown(" ".join(value.split()), LONGEST_TITLE)
    entries.note(key, value, NO_TITLE)
    return ""


def extended(entries: Entries, found: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of what a file extends, `base` left out, which every one does."""
    value = found.get("extends", [])
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        entries.note("extends", value, NO_EXTENDS)
        return ()
    return tuple(name for name in dict.fromkeys(names) if name != BASE)


def misplaced(folder: Path) -> Finding | None:
    """Return a finding if a file stands where the folder of scenarios should."""
    place = folder / FOLDER
    if place.is_dir() or not place.exists():
        return None
    reason = Text("is no folder", "不是文件夹")
    remedy = Text("put scenarios into a folder of this name", "请把情景放入同名文件夹")
    return Finding(FOLDER, reason, remedy, code=Code.SPECIAL_FILE)


def strays(folder: Path) -> list[Finding]:
    """Return a finding for each file that looks like a scenario and is not read as one."""
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [
        Finding(
            f"{FOLDER}/{name}",
            Text(f"scenarios are read from NAME{ENDING} alone", f"情景只从 名称{ENDING} 读取"),
            Text(f"write it as TOML into a file ending in {ENDING}, or move it away",
                 f"请以 TOML 写入以 {ENDING} 结尾的文件，或移走"),
            code=Code.OTHER_SETTINGS,
        )
        for name in names
        if name.lower().endswith(STRAY) and not name.endswith(ENDING) and not name.startswith(".")
    ]  # fmt: skip


def too_many(number: int) -> Finding:
    """Return the finding for more scenarios than anybody reads."""
    reason = Text(f"holds {number:,} scenarios", f"含 {number:,} 个情景")
    remedy = Text(f"keep at most {MOST:,}", f"请保留至多 {MOST:,} 个")
    return Finding(FOLDER, reason, remedy, code=Code.HUGE_FILE)


def odd_name(name: str, names: list[str]) -> list[Finding]:
    """Return what keeps a name from being that of a folder of results beside others."""
    if not plain_name(name) or name.lower() in TAKEN:
        reason = Text("cannot be the name of a scenario", "不能用作情景名")
        remedy = Text(
            f"use letters, digits, - and _; {', '.join(TAKEN)} are taken",
            f"请用字母、汉字、数字、- 和 _；{'、'.join(TAKEN)} 另有用途",
        )
        return [Finding(file_of(name), reason, remedy, value=name, code=Code.BAD_SETTING)]
    twin = next((one for one in names if one < name and one.lower() == name.lower()), None)
    if twin is None:
        return []
    reason = Text(f"differs from {twin} by case alone", f"与 {twin} 仅大小写不同")
    remedy = Text("rename one of them", "请改名")
    return [Finding(file_of(name), reason, remedy, value=name, code=Code.CASE_TWINS)]


def no_scenario(name: str, names: list[str]) -> Finding:
    """Return the finding for a scenario that is asked for and not there."""
    listed = ", ".join([BASE, *names])
    return Finding(
        FOLDER,
        Text(f"is no scenario of this instance; it has {listed}", f"算例没有此情景；现有 {listed}"),
        Text(
            f"write one of these, or add {FOLDER}/NAME{ENDING}",
            f"请写以上之一，或添加 {FOLDER}/名称{ENDING}",
        ),
        value=shown(name),
        nearest=nearest_of(name, [BASE, *names]),
        code=Code.UNKNOWN_SCENARIO,
    )


def unknown_extends(name: str, names: list[str]) -> CellError:
    """Return that a scenario extends one that is not there."""
    listed = ", ".join([BASE, *names])
    return CellError(
        Code.UNKNOWN_SCENARIO,
        Text("is no scenario of this instance", "算例没有此情景"),
        Text(f"write one of {listed}", f"请写以下之一：{listed}"),
        nearest_of(name, [BASE, *names]),
    )


def circular(chain: list[str]) -> CellError:
    """Return that scenarios extend each other in a circle."""
    way = " > ".join(chain)
    return CellError(
        Code.CIRCULAR_EXTENDS,
        Text(f"extends in a circle: {way}", f"extends 形成循环：{way}"),
        Text("let one of them extend base, or nothing", "请让其中之一不再引用其他情景"),
    )


NO_TITLE = CellError(
    Code.BAD_ENTRY,
    Text("is not a text", "不是文本"),
    Text('write it in "quotes"', "请加半角引号"),
)
NO_EXTENDS = CellError(
    Code.BAD_ENTRY,
    Text("names no scenario", "不是情景名"),
    Text('write "name" or ["name", "name"]', '请写 "名称" 或 ["名称", "名称"]'),
)
