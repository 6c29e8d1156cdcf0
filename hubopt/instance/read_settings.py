"""`instance.toml` as settings: every key known, of the right type and within its limits."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hubopt.errors import Finding
from hubopt.instance.cell_errors import CellError
from hubopt.instance.cells import parser_of
from hubopt.instance.codes import Code
from hubopt.instance.draft import shown
from hubopt.instance.folder_name import plain_name
from hubopt.instance.nearest import nearest_of
from hubopt.instance.rows import Settings, Stage
from hubopt.instance.schema import NUMERIC, SCHEMA_VERSION, SETTINGS, SETTINGS_FILE, Column, Kind
from hubopt.instance.settings_paths import path_given
from hubopt.text import Text

GROUPS = ("stages", "solver")
"""The keys of instance.toml that hold keys themselves."""

NO_GRID = CellError(
    Code.NO_EMISSIONS,
    Text("no grid runs without emissions", "没有零排放的电网"),
    Text(
        "write the grid's yearly average; China's is about 0.5 to 0.6",
        "请写电网的年平均排放因子；中国约为 0.5 至 0.6",
    ),
)
EXAMPLES = {"name": '"my-instance"', "base_year": "2025", "home_country": '"CN"', "year": "2025"}
"""What the value of a missing key may look like; a number by default."""

TOP = frozenset(column.name for column in SETTINGS.columns if "." not in column.name)
OF_SOLVER = frozenset(
    column.name.removeprefix("solver.")
    for column in SETTINGS.columns
    if column.name.startswith("solver.")
)
BELOW_A_GROUP = CellError(
    Code.UNKNOWN_KEY,
    Text("the key stands below [[stages]] or [solver]", "该键写在 [[stages]] 或 [solver] 之下"),
    Text("move it to the top of the file", "请移到文件开头"),
)
OUTSIDE_SOLVER = CellError(
    Code.UNKNOWN_KEY,
    Text("the key belongs below [solver]", "该键应写在 [solver] 之下"),
    Text("write a line [solver] above it, below all other keys", "请移到文件末尾的 [solver] 之下"),
)
TYPOGRAPHIC = frozenset("“”‘’＂＝")
HUGE = 10**100
LINE = re.compile(r"at line (\d+)")
AT_END = re.compile(r"\s*\(at (line \d+, column \d+|end of document)\)")


def read_settings(text: str) -> tuple[Settings | None, list[Finding]]:
    """Return the settings that a TOML text holds, or `None` and everything wrong with it."""
    found = parsed(text)
    if isinstance(found, Finding):
        return None, [found]
    if isinstance(found.get("schema"), int) and found["schema"] > SCHEMA_VERSION:
        return None, [newer(text, found["schema"])]
    return Reading(text, found).settings()


def parsed(text: str) -> dict[str, Any] | Finding:
    """Return what a TOML text holds, numbers as they are written, or why it is none."""
    try:
        found = tomllib.loads(text, parse_float=Decimal)
        if holds_huge(found):
            return broken(text, "a number of too many digits")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return broken(text, str(error))
    except ValueError:
        return broken(text, "a number of too many digits")
    return found


def holds_huge(value: object) -> bool:
    """Tell whether a number has more digits than Python writes out, as one in hexadecimal may."""
    if isinstance(value, dict):
        return any(map(holds_huge, value.values()))
    if isinstance(value, list):
        return any(map(holds_huge, value))
    return isinstance(value, int) and abs(value) >= HUGE


def broken(text: str, error: str) -> Finding:
    """Return the finding for a text that is not TOML."""
    line = LINE.search(error)
    row = int(line.group(1)) if line else text.count("\n") + 1
    twice = "overwrite" in error or "more than once" in error or "twice" in error
    reason = (
        Text("a key stands there twice", "有重复的键")
        if twice
        else Text(
            f"is not TOML: {AT_END.sub('', error)}", f"不是有效的 TOML：{AT_END.sub('', error)}"
        )
    )
    remedy = (
        Text("remove one", "请删去一个")
        if twice
        else Text('write KEY = VALUE, texts in "quotes"', "请写成 键 = 值，文本加半角引号")
    )
    lines = text.splitlines()
    if TYPOGRAPHIC & set(lines[row - 1] if row <= len(lines) else ""):
        remedy = Text(
            'type quotes and = anew: "CN", not “CN”', '请用半角引号和等号："CN"，而非“CN”'
        )
    return Finding(SETTINGS_FILE, reason, remedy, row=row, code=Code.BROKEN_TOML)


def newer(text: str, version: int) -> Finding:
    """Return the finding for a layout of files newer than this program."""
    return Finding(
        SETTINGS_FILE,
        Text(f"this hubopt reads up to {SCHEMA_VERSION}", f"本程序最高支持 {SCHEMA_VERSION}"),
        Text("upgrade hubopt", "请升级 hubopt"),
        row=row_of_key(text, "schema"),
        column="schema",
        value=str(version),
        code=Code.NEWER_SCHEMA,
    )


def row_of_key(text: str, name: str, nth: int = 0) -> int | None:
    """Return the row of a key such as `stages.year`, in the nth group of that name."""
    group, _, key = name.rpartition(".")
    inside, seen = "", -1
    for row, line in enumerate(text.splitlines(), start=1):
        bare = line.strip()
        if bare.startswith("["):
            inside = bare.split("#")[0].strip().strip("[]").strip()
            seen += inside == group
            whole = not group and (inside == key or inside.startswith(f"{key}."))
            if whole or (not key and inside == group and seen == nth):
                return row
        elif (
            inside == group
            and (not group or seen == nth)
            and re.match(rf"[\"']?{re.escape(key)}[\"']?\s*[=.]", bare)
        ):
            return row
    return None


class Reading:
    """Reads settings from parsed TOML and collects what is wrong."""

    def __init__(self, text: str, found: dict[str, Any]) -> None:
        """Take the text, for rows, and what it holds."""
        self.text = text
        self.found = found
        self.findings: list[Finding] = []
        groups = [found.get("solver"), *as_list(found.get("stages"))]
        self.strayed = {key for group in groups if isinstance(group, dict) for key in group} & TOP

    def settings(self) -> tuple[Settings | None, list[Finding]]:
        """Return the settings, `None` if anything is wrong."""
        self.unknown_keys(self.found, "")
        values = self.group(self.found, "")
        solver = self.solver()
        stages = self.stages()
        if values.get("grid_kg_co2e_per_kwh") == 0:
            self.add("grid_kg_co2e_per_kwh", 0, NO_GRID)
        if not self.findings:
            self.name(values["name"])
            self.order(stages)
        if self.findings:
            return None, sorted(self.findings, key=lambda found: found.row or 0)
        values.pop("schema")
        made = tuple(Stage(**stage) for stage in stages)
        return Settings(stages=made, **values, **solver), []

    def solver(self) -> dict[str, Any]:
        """Return the keys of `[solver]`."""
        found = self.found.get("solver", {})
        if not isinstance(found, dict):
            self.bad("solver", found, Text("is no table of keys", "不是一组键"))
            return {}
        self.unknown_keys(found, "solver.")
        return self.group(found, "solver.")

    def stages(self) -> list[dict[str, Any]]:
        """Return the keys of each `[[stages]]`."""
        found = self.found.get("stages")
        if found is None or found == []:
            self.missing(
                "stages",
                Text("write [[stages]] with year and years", "请写 [[stages]]，含 year 和 years"),
            )
            return []
        if not isinstance(found, list) or not all(isinstance(stage, dict) for stage in found):
            self.bad("stages", found, Text("is no list of [[stages]]", "不是 [[stages]] 列表"))
            return []
        stages = []
        for nth, stage in enumerate(found):
            self.unknown_keys(stage, "stages.", nth)
            stages.append(self.group(stage, "stages.", nth))
        return stages

    def group(self, found: dict[str, Any], prefix: str, nth: int = 0) -> dict[str, Any]:
        """Return the values of all keys with a prefix that could be read."""
        values = {}
        for column in SETTINGS.columns:
            group, _, key = column.name.rpartition(".")
            if group != prefix.rstrip("."):
                continue
            if key not in found:
                if not column.blank and key not in self.strayed:
                    self.missing(column.name, to_add(column, key), nth)
                elif column.kind is Kind.TEXT:
                    values[key] = ""
                continue
            try:
                values[key] = value_of(column, found[key])
            except CellError as error:
                self.add(column.name, found[key], error, nth)
        return values

    def unknown_keys(self, found: dict[str, Any], prefix: str, nth: int = 0) -> None:
        """Report keys that no version knows."""
        names = [column.name for column in SETTINGS.columns]
        known = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
        known = [name for name in known if "." not in name] + ([] if prefix else list(GROUPS))
        for key, value in found.items():
            if prefix and key in TOP:
                self.add(f"{prefix}{key}", key, BELOW_A_GROUP, nth)
            elif not prefix and key in OF_SOLVER:
                self.add(key, key, OUTSIDE_SOLVER)
            elif key not in known:
                error = CellError(
                    Code.UNKNOWN_KEY,
                    Text("the key is unknown", "未知的键"),
                    Text("rename or delete it", "请改名或删除"),
                    nearest_of(key, known),
                )
                self.add(f"{prefix}{key}", *(path_given(value) or (key, error)), nth)

    def name(self, name: str) -> None:
        """Report a name that cannot be the name of a folder everywhere."""
        if not plain_name(name):
            self.bad(
                "name",
                name,
                Text("cannot be the name of a folder", "不能用作文件夹名"),
                Text("use letters, digits, - and _", "请用字母、汉字、数字、- 和 _"),
            )

    def order(self, stages: list[dict[str, Any]]) -> None:
        """Report stages that do not follow one another."""
        for nth, (before, after) in enumerate(pairwise(stages), start=1):
            if after["year"] < before["year"] + before["years"]:
                error = CellError(
                    Code.STAGES,
                    Text(
                        f"begins before the stage of {before['year']} has ended",
                        f"早于 {before['year']} 阶段的结束",
                    ),
                    Text("put stages in order, without overlap", "请按时间顺序填写，且不重叠"),
                )
                self.add("stages.year", after["year"], error, nth)

    def missing(self, name: str, remedy: Text, nth: int = 0) -> None:
        """Report a key that must be there."""
        group = name.rpartition(".")[0]
        row = row_of_key(self.text, f"{group}.", nth) if group else None
        self.findings.append(
            Finding(
                SETTINGS_FILE,
                Text("the key is missing", "缺少该键"),
                remedy,
                row=row,
                column=name,
                code=Code.MISSING_KEY,
            )
        )

    def bad(self, name: str, value: object, reason: Text, remedy: Text | None = None) -> None:
        """Report a value of the wrong kind."""
        remedy = remedy or Text("see the data dictionary", "请看数据字典")
        shown_value = None if isinstance(value, list | dict) else value
        self.add(name, shown_value, CellError(Code.BAD_SETTING, reason, remedy))

    def add(self, name: str, value: object, error: CellError, nth: int = 0) -> None:
        """Report what is wrong with a key."""
        self.findings.append(
            Finding(
                SETTINGS_FILE,
                error.reason,
                error.remedy,
                row=row_of_key(self.text, name, nth),
                column=name,
                value=None if value is None else shown(str(value)),
                nearest=error.nearest,
                code=error.code,
            )
        )


def as_list(value: object) -> list[Any]:
    """Return a list as it is, anything else as an empty one."""
    return value if isinstance(value, list) else []


def value_of(column: Column, value: object) -> Any:  # noqa: ANN401  (text or number)
    """Return the value of a key, or raise `CellError`."""
    remedy = column.sentence
    if column.kind in NUMERIC:
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise CellError(
                Code.NOT_A_NUMBER,
                Text("is not a number", "不是数字"),
                Text("write a number without quotes", "请写不带引号的数"),
            )
        return parser_of(column)(str(value))
    if column.kind is Kind.YES_NO:
        if not isinstance(value, bool):
            raise CellError(
                Code.BAD_SETTING,
                Text("is neither true nor false", "既不是 true 也不是 false"),
                Text("write true or false without quotes", "请写不带引号的 true 或 false"),
            )
        return value
    if not isinstance(value, str):
        raise CellError(Code.BAD_SETTING, Text("is not a text", "不是文本"), remedy)
    return parser_of(column)(value.strip())


def to_add(column: Column, key: str) -> Text:
    """Return how a missing key is written and what it means."""
    line = f"{key} = {EXAMPLES.get(key, '...')}"
    return Text(
        f"add {line} ({column.sentence.en.rstrip('.')})",
        f"请加上 {line}（{column.sentence.zh.rstrip('。')}）",
    )
