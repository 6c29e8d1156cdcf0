"""Numbers in cells: read, kept within what makes sense, and written in their shortest form."""

from __future__ import annotations

import datetime as dt
import math
import re
from decimal import Decimal
from functools import lru_cache

from hubopt.instance.cell_errors import (
    SHEET_ERRORS,
    CellError,
    refuse_hidden,
    refuse_invisible,
    spreadsheet_error,
)
from hubopt.instance.codes import Code
from hubopt.instance.schema import LARGEST, SMALLEST, Column, Kind
from hubopt.text import Text

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")
THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}([,，'’ \u00a0\u202f][0-9]{3})+(\.[0-9]*)?")
NOT_FINITE = frozenset({"nan", "inf", "infinity", "-inf", "-infinity", "+inf", "+infinity", "∞"})
PLAIN = str.maketrans("０１２３４５６７８９．＋－−", "0123456789.+--")
"""Full-width digits and the Unicode minus, as input methods and Word write them."""

DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
SERIAL_DATES = range(18_264, 109_575)
"""Days since 1899-12-30 from 1950 to 2199, as Excel stores dates."""

LONGEST_NUMBER = 40
MOST_DIGITS = 15
MOST_TEXTS = 4096
"""Numbers whose texts are remembered: zeros and ones fill whole columns."""

DECIMAL_COMMA = re.compile(
    r"([+-]?[0-9]{1,3}(?:[. \u00a0\u202f][0-9]{3})*|[+-]?[0-9]+)[,，]([0-9]+)"
)
LIMITED = frozenset({"t/year", "h"})
"""Units of columns in which a blank means no limit, where it may be blank."""

CHECK_UNIT = Text("check the unit", "请检查单位")
NO_LIMIT = Text('leave the cell blank for "no limit"', "不限请留空")
WRONG_UNITS = {
    "km": Text("metres", "米"),
    "h": Text("minutes", "分钟"),
    "t/year": Text("kilograms", "千克"),
    "t": Text("kilograms", "千克"),
    "share": Text("percent", "百分数"),
    "share per day": Text("percent", "百分数"),
    "kg CO2e/kWh": Text("grams", "克"),
    "kg CO2e/t": Text("grams", "克"),
    "kWh/t": Text("watt-hours", "瓦时"),
    "CNY/t": Text("CNY per vehicle or container", "每车或每箱的价格"),
}
"""The unit that was probably written when a number is too large for its own."""


def number(column: Column, cell: str) -> float | int:
    """Return a finite number of the column's kind within its limits."""
    text = cell.translate(PLAIN)
    if not NUMBER.fullmatch(text):
        raise not_a_number(column, text)
    if len(text) > LONGEST_NUMBER:
        raise CellError(
            Code.TOO_MANY_DIGITS,
            Text(f"a number of {len(text)} characters", f"一个数有 {len(text)} 个字符"),
            Text("write at most 15 significant digits", "至多写 15 位有效数字"),
        )
    value = float(text) + 0.0
    bounded(column, value)
    if len(text) > MOST_DIGITS:
        refuse_rounding(text, value)
    if column.kind is Kind.NUMBER:
        return value
    if value != int(value):
        near = f"{math.floor(value)} or {math.ceil(value)}"
        raise CellError(
            Code.NOT_WHOLE,
            Text("is not a whole number", "不是整数"),
            Text(f"write {near}", f"请写 {near.replace('or', '或')}"),
        )
    return int(value)


def refuse_rounding(text: str, value: float) -> None:
    """Raise unless a number of many digits is kept exactly as it was written."""
    digits = len(re.sub(r"[eE].*|[^0-9]", "", text).strip("0"))
    if digits <= MOST_DIGITS or Decimal(text) == Decimal(repr(value)):
        return
    kept = number_text(value)
    raise CellError(
        Code.TOO_MANY_DIGITS,
        Text(
            f"has {digits} significant digits and would become {kept}",
            f"有 {digits} 位有效数字，会变成 {kept}",
        ),
        Text(f"write at most {MOST_DIGITS} digits", f"至多写 {MOST_DIGITS} 位有效数字"),
    )


def if_unlimited(column: Column) -> Text:
    """Return what to write for no limit, or else for a number."""
    if column.blank and column.unit in LIMITED:
        return NO_LIMIT
    return Text("write a number", "请写一个数")


def not_a_number(column: Column, text: str) -> CellError:
    """Return why a text is no number, as precisely as it shows."""
    if not text.isprintable():
        refuse_hidden(text)
    if text.lower() in NOT_FINITE:
        reason = Text("is not a finite number", "不是有限的数")
        return CellError(Code.NOT_FINITE, reason, if_unlimited(column))
    otherwise = written_otherwise(text)
    if otherwise is not None:
        return otherwise
    refuse_invisible(text, remedy=Text("type the number anew", "请重新输入该数"))
    if column.kind is Kind.STAGE and (dated := DATE.fullmatch(text)) is not None:
        return a_date(*(int(part) for part in dated.groups()))
    if text.upper() in SHEET_ERRORS:
        return spreadsheet_error()
    unit = f" ({column.unit})" if column.unit else ""
    reason = Text("is not a number", "不是数字")
    remedy = Text(
        f"write the number alone; the unit is the column's{unit}",
        f"只写数字，单位由列名规定{unit}",
    )
    if column.unit == "degree":
        remedy = Text(
            "write decimal degrees such as 34.75, south and west negative",
            "请写十进制度数，如 34.75，南纬和西经为负",
        )
    return CellError(Code.NOT_A_NUMBER, reason, remedy)


def a_date(year: int, month: int, day: int) -> CellError:
    """Return why a date cannot stand for a stage, and whether there is such a day at all."""
    try:
        dt.date(year, month, day)
    except ValueError:
        return CellError(
            Code.NO_SUCH_DATE,
            Text("there is no such day", "没有这一天"),
            Text(f"write the first year of a stage, such as {year}", f"请写阶段的首年，如 {year}"),
        )
    return CellError(
        Code.DATE_CELL,
        Text("is a date, not the year of a stage", "是日期，不是阶段的年份"),
        Text(f"write {year}", f"请写 {year}"),
    )


def written_otherwise(text: str) -> CellError | None:
    """Return how to write a number that has separators, a decimal comma or a percent sign."""
    decimal = DECIMAL_COMMA.fullmatch(text)
    if THOUSANDS.fullmatch(text):
        code, reason = Code.COMMA_IN_NUMBER, Text("has thousands separators", "含千位分隔符")
        plain = re.sub(r"[,，'’ \u00a0\u202f]", "", text)
    elif decimal:
        code, reason = Code.COMMA_IN_NUMBER, Text("has a decimal comma", "用逗号作小数点")
        plain = f"{re.sub('[^0-9+-]', '', decimal[1])}.{decimal[2]}"
    elif text.endswith(("%", "％")) and NUMBER.fullmatch(text[:-1].strip()):
        code, reason = Code.PERCENT, Text("is written in percent", "是百分数写法")
        plain = number_text(float(Decimal(text[:-1].strip()) / 100))
    else:
        return None
    return CellError(code, reason, Text(f"write {plain}", f"请写 {plain}"))


def bounded(column: Column, value: float) -> None:
    """Raise unless a number lies within what its column makes possible and plausible."""
    if column.hard is not None and value not in column.hard:
        raise out_of_range(column, value)
    if value != 0 and abs(value) < SMALLEST:
        raise CellError(
            Code.NUMBER_TOO_SMALL,
            Text(f"is below {SMALLEST:g}", f"小于 {SMALLEST:g}"),
            Text("check the unit, or write 0", "请检查单位，或写 0"),
        )
    if column.likely is not None and value != 0 and value not in column.likely:
        raise implausible(column, value)


def out_of_range(column: Column, value: float) -> CellError:
    """Return why a number is impossible for its column."""
    if column.hard is None or abs(value) > LARGEST:
        return CellError(
            Code.NUMBER_TOO_LARGE,
            Text(f"exceeds {LARGEST:g}", f"超过 {LARGEST:g}"),
            NO_LIMIT if column.blank and column.unit in LIMITED else CHECK_UNIT,
        )
    if column.kind is Kind.STAGE and value in SERIAL_DATES:
        year = (dt.date(1899, 12, 30) + dt.timedelta(days=value)).year
        return CellError(
            Code.DATE_CELL,
            Text(f"is a date of {year} as Excel counts days", f"是 Excel 的日期序号（{year} 年）"),
            Text(f"write {year}", f"请写 {year}"),
        )
    allowed = column.hard.words
    space = "" if allowed.zh.endswith("间") else " "
    remedy = Text(f"write a number {allowed.en}", f"请写{allowed.zh}{space}的数")
    if value < 0 <= column.hard.least:
        return CellError(Code.NEGATIVE, Text("is negative", "为负数"), remedy)
    if column.unit.startswith("share"):
        share = number_text(value / 100)
        remedy = Text(f"if percent is meant, write {share}", f"若指百分数，请写 {share}")
    return CellError(Code.OUT_OF_RANGE, Text(f"must be {allowed.en}", f"必须{allowed.zh}"), remedy)


def implausible(column: Column, value: float) -> CellError:
    """Return why a number does not look like one in the unit of its column."""
    if column.likely is None:
        raise AssertionError(column.name)
    small = value < column.likely.least
    guess = WRONG_UNITS.get(column.unit)
    if column.unit == "g CO2e/tkm":
        guess = Text("kilograms", "千克") if small else None
    en = f", perhaps {guess.en}" if guess else ""
    zh = f"，可能写成了{guess.zh}" if guess else ""
    size = ("small", "小") if small else ("large", "大")
    if not column.unit:
        return CellError(
            Code.IMPLAUSIBLE,
            Text(f"is too {size[0]} for a factor", f"作为系数过{size[1]}"),
            Text("1 changes nothing; check the number", "1 表示不调整，请检查该数"),
        )
    unit = column.unit
    return CellError(
        Code.IMPLAUSIBLE,
        Text(
            f"is too {size[0]} for the unit {unit}{en}",
            f"对单位 {unit} 来说过{size[1]}{zh}",
        ),
        Text(f"write it in {unit}", f"请以 {unit} 为单位填写"),
    )


@lru_cache(maxsize=MOST_TEXTS, typed=True)
def number_text(value: float) -> str:
    """Return the shortest decimal that reads back as `value`, without an exponent."""
    if value != value or value in {math.inf, -math.inf}:  # noqa: PLR0124  (nan)
        return repr(value)
    text = format(Decimal(repr(value)), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
