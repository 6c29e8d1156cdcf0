"""What can be wrong in a scenario file, each with what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.cell_errors import CellError
from hubopt.instance.codes import Code
from hubopt.instance.nearest import nearest_of
from hubopt.instance.schema import LARGEST
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hubopt.instance.overlay import Verb

CHANGEABLE = (
    "carbon_price_cny_per_t", "discount_rate", "grid_kg_co2e_per_kwh", "routes_per_shipment",
    "returns_to_origin_district",
)  # fmt: skip
"""Settings that a scenario may change: not what the instance is, only what holds in it."""

CONFIDENCE = ("high", "medium", "low")
"""How sure the number of an entry is."""


def unknown_key(key: str, keys: Iterable[str]) -> CellError:
    """Return why a key is not read."""
    near = nearest_of(key, keys)
    listed = ", ".join(keys)
    return CellError(
        Code.UNKNOWN_KEY,
        Text("the key is unknown", "未知的键"),
        Text(f"rename or delete it; known are {listed}", f"请改名或删除；可用的键：{listed}"),
        near,
    )


def not_changeable(key: str) -> CellError:
    """Return why a setting is not changed by scenarios."""
    listed = ", ".join(CHANGEABLE)
    return CellError(
        Code.NOT_CHANGEABLE,
        Text("is no setting that a scenario may change", "不是情景可更改的设置"),
        Text(
            f"write one of {listed}; policies are switched by policies_on and policies_off above"
            " all tables",
            f"请写以下之一：{listed}；政策请在文件开头用 policies_on、policies_off 启用或停用",
        ),
        nearest_of(key, CHANGEABLE),
    )


def no_entries(verb: Verb) -> CellError:
    """Return why what stands under a verb are no entries."""
    return CellError(
        Code.BAD_ENTRY,
        Text("is no list of entries", "不是条目列表"),
        Text(f"write [[{verb.value}]] above each", f"请在每个条目上方写 [[{verb.value}]]"),
    )


def missing(key: str) -> CellError:
    """Return that an entry lacks a key."""
    example = {
        "table": 'table = "links"',
        "where": 'where = { id = "..." }',
        "to": "to = { column = value }",
        "by": "by = { column = 1.5 }",
        "capacity": "capacity = 0.35",
        "per_year": "per_year = 0.03",
    }[key]
    return CellError(
        Code.MISSING_KEY,
        Text(f"the entry lacks {key}", f"该条目缺少 {key}"),
        Text(f"add {example}", f"请加上 {example}"),
    )


def no_table(verb: Verb, name: str, allowed: tuple[str, ...]) -> CellError:
    """Return why a table cannot be changed by a verb."""
    listed = ", ".join(allowed)
    return CellError(
        Code.BAD_ENTRY,
        Text(f"is no table that {verb.value} changes", f"不是 {verb.value} 可更改的表"),
        Text(f"write one of: {listed}", f"请写以下之一：{listed}"),
        nearest_of(name, allowed),
    )


def no_number_column(verb: Verb) -> CellError:
    """Return why a column cannot be multiplied or added to."""
    return CellError(
        Code.BAD_ENTRY,
        Text(f"is no column that {verb.value} can change", f"不是 {verb.value} 可更改的列"),
        Text("use [[set]] for what is no amount", "非数量的列请用 [[set]]"),
    )


def no_confidence(value: str) -> CellError:
    """Return why a word does not say how sure a number is."""
    return CellError(
        Code.UNKNOWN_WORD,
        Text("does not say how sure the number is", "不是可用的可信度"),
        Text("write high, medium or low", "请写 high、medium 或 low"),
        nearest_of(value, CONFIDENCE),
    )


def no_value(value: str, cells: Iterable[str]) -> CellError:
    """Return that no row has a value that a condition asks for."""
    return CellError(
        Code.NOTHING_MEANT,
        Text("stands in no row of that column", "该列没有这个值"),
        Text("correct it, or delete the condition", "请更正，或删除该条件"),
        nearest_of(value, [cell for cell in cells if cell]),
    )


def not_on(name: str, on: Iterable[str]) -> CellError:
    """Return that a policy cannot be switched off, since it is not on."""
    return CellError(
        Code.BAD_ENTRY,
        Text("is no policy that is switched on", "不是已启用的政策"),
        Text("correct the name, or delete it", "请更正名称，或删除"),
        nearest_of(name, on),
    )


NO_SUCH_ROW = CellError(
    Code.NOTHING_MEANT,
    Text("no row meets all conditions", "没有行满足全部条件"),
    Text("loosen or correct the conditions", "请放宽或更正条件"),
)
NOTHING_TO_OPEN = CellError(
    Code.NOTHING_MEANT,
    Text("none of the sites that are meant is closed", "所指设施均未关闭"),
    Text("delete the entry, or name a closed site", "请删除该条目，或指定已关闭的设施"),
)
WITHOUT_LIMIT = CellError(
    Code.NO_LIMIT_TO_CUT,
    Text("the cell is blank: there is no number to change", "单元格为空：没有可更改的数"),
    Text(
        "give it a number first with [[set]]; what runs by timetable has its limit in services",
        "请先用 [[set]] 填数；按班次运行的线路，其能力在 services 表中",
    ),
)
TOO_LARGE = CellError(
    Code.NUMBER_TOO_LARGE,
    Text(f"makes a number larger than {LARGEST:g}", f"使数值超过 {LARGEST:g}"),
    Text("write a smaller one; entries after each other multiply", "请改小；先后各条目会连乘"),
)
NO_TABLE_OF_KEYS = CellError(
    Code.BAD_ENTRY,
    Text("is no table of keys", "不是一组键"),
    Text("write [settings] and the keys below it", "请写 [settings]，各键写在其下"),
)
NO_LIST_OF_NAMES = CellError(
    Code.BAD_ENTRY,
    Text("is no list of names", "不是名称列表"),
    Text('write ["name"]', '请写 ["名称"]'),
)
NO_TEXT_OR_YEAR = CellError(
    Code.BAD_ENTRY,
    Text("is no text, or no year", "不是文本或年份"),
    Text('write a "text", for the year a number such as 2021', '请写 "文本"，年份请写数，如 2021'),
)
NAMES_THE_ROW = CellError(
    Code.BAD_ENTRY,
    Text("names the row and cannot change", "用于标识该行，不能更改"),
    Text("add a new row with [[add]] rows, and close this one", "请用 [[add]] rows 添加新行"),
)
ROWS_ALONE = CellError(
    Code.BAD_ENTRY,
    Text("stand beside where or by", "不能与 where、by 并用"),
    Text("write two entries", "请写成两个条目"),
)
NO_ROWS = CellError(
    Code.BAD_ENTRY,
    Text("is no list of rows", "不是若干行的列表"),
    Text('write [{ id = "...", ... }]', '请写 [{ id = "...", ... }]'),
)
CHANGES_NOTHING = CellError(
    Code.BAD_ENTRY,
    Text("the scenario changes nothing", "该情景没有任何更改"),
    Text(
        "add an entry such as [[multiply]], or extends", "请添加条目（如 [[multiply]]）或 extends"
    ),
)
