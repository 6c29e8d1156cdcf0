"""What is refused before anything reaches HiGHS, by the name of the row or column.

HiGHS drops rows with a coefficient of 1e15 or infinity, drops coefficients up to 1e-9, calls a
NaN cost optimal, and has declared models with 1e12 infeasible: none of these may get through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.errors import SolverError
from hubopt.solver.name_list import NameList
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from hubopt.solver.form import Floats, StandardForm

LARGEST = 1e12
SMALLEST_COEFFICIENT = 1e-9
LARGEST_RANGE = 1e9

Refusal = tuple[str, str, str]


def guard(form: StandardForm, start: Floats | None = None) -> None:
    """Raise `SolverError` that names every kind of fault in a form, or return."""
    faults = list(shape_faults(form))
    if not faults:
        faults = [
            *cost_faults(form),
            *bound_faults("column", form.column_lower, form.column_upper, form.column_names),
            *bound_faults("row", form.row_lower, form.row_upper, form.row_names),
            *matrix_faults(form),
            *start_faults(form, start),
        ]
    if faults:
        en = "; ".join(f"{where}: {en}" for where, en, _ in faults)
        zh = "；".join(f"{where}：{zh}" for where, _, zh in faults)
        raise SolverError(
            Text(f"the model was not sent to the solver: {en}", f"模型未交给求解器：{zh}")
        )


def shape_faults(form: StandardForm) -> Iterable[Refusal]:
    """Yield arrays that do not fit together and names that cannot be told apart."""
    columns, rows = len(form.cost), len(form.row_lower)
    if not columns:
        yield "model", "it has no columns", "没有任何变量"
        return
    lengths = {
        "column_lower": (len(form.column_lower), columns),
        "column_upper": (len(form.column_upper), columns),
        "integer": (len(form.integer), columns),
        "starts": (len(form.starts), columns + 1),
        "column_names": (len(form.column_names), columns),
        "row_upper": (len(form.row_upper), rows),
        "row_names": (len(form.row_names), rows),
        "values": (len(form.values), len(form.indices)),
    }
    for name, (found, wanted) in lengths.items():
        if found != wanted:
            yield name, f"length {found} instead of {wanted}", f"长度为 {found}，应为 {wanted}"
    yield from name_faults("column", form.column_names)
    yield from name_faults("row", form.row_names)


def name_faults(kind: str, names: Sequence[str]) -> Iterable[Refusal]:
    """Yield the first name that repeats and the first that is not plain ASCII without spaces."""
    if isinstance(names, NameList) and names.told_apart:
        return
    if len(set(names)) < len(names):
        seen: set[str] = set()
        twice = next(name for name in names if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        yield f"{kind} {twice}", "the name stands twice", "名称重复"
    odd = next(
        (n for n in names if not n or not n.isascii() or not n.isprintable() or " " in n), None
    )
    if odd is not None:
        yield f"{kind} {odd!a}", "the name is not plain ASCII", "名称不是纯 ASCII 字符"


def cost_faults(form: StandardForm) -> Iterable[Refusal]:
    """Yield the first cost that is no number or too large."""
    bad = ~(np.abs(form.cost) < LARGEST)
    yield from first("column", form.column_names, bad, form.cost, "cost", "成本")
    if not abs(form.offset) < LARGEST:
        yield (
            "objective",
            f"offset {form.offset!r} is not below 1e12",
            f"常数 {form.offset!r} 不小于 1e12",
        )


def bound_faults(
    kind: str, lower: Floats, upper: Floats, names: Sequence[str]
) -> Iterable[Refusal]:
    """Yield the first bound that is NaN, too large or on the wrong side, and the first crossing."""
    for word, zh, bound, none in (
        ("lower bound", "下界", lower, -np.inf),
        ("upper bound", "上界", upper, np.inf),
    ):
        yield from first(
            kind, names, ~((np.abs(bound) < LARGEST) | (bound == none)), bound, word, zh
        )
    crossed = lower > upper
    if crossed.any():
        here = int(crossed.argmax())
        low, high = float(lower[here]), float(upper[here])
        yield (
            f"{kind} {names[here]}",
            f"lower bound {low!r} is above upper bound {high!r}",
            f"下界 {low!r} 大于上界 {high!r}",
        )


def matrix_faults(form: StandardForm) -> Iterable[Refusal]:
    """Yield coefficients that HiGHS would drop or choke on, and a range that is too wide."""
    rows, columns = len(form.row_lower), len(form.cost)
    counts = np.diff(form.starts)
    if form.starts[0] != 0 or (counts < 0).any() or form.starts[-1] != len(form.indices):
        yield "starts", "not an ascending list of column starts", "列起点不是递增序列"
        return
    if len(form.indices) and (form.indices.min() < 0 or form.indices.max() >= rows):
        yield "indices", "a row number outside the model", "行号超出模型范围"
        return
    owner = np.repeat(np.arange(columns), counts)
    pairs = np.sort(owner * max(rows, 1) + form.indices)
    if (pairs[1:] == pairs[:-1]).any():
        twice = int(pairs[:-1][pairs[1:] == pairs[:-1]][0])
        where = f"row {form.row_names[twice % rows]}, column {form.column_names[twice // rows]}"
        yield where, "the coefficient stands twice", "系数重复"
    size = np.abs(form.values)
    bad = ~((size < LARGEST) & (size > SMALLEST_COEFFICIENT))
    if bad.any():
        here = int(bad.argmax())
        where = f"row {form.row_names[form.indices[here]]}, column {form.column_names[owner[here]]}"
        value = float(form.values[here])
        yield (
            where,
            f"coefficient {value!r} is not between 1e-9 and 1e12 in size",
            f"系数 {value!r} 的绝对值不在 1e-9 与 1e12 之间",
        )
    elif len(size) and size.max() > LARGEST_RANGE * size.min():
        yield from range_fault(form, owner, size)


def range_fault(form: StandardForm, owner: NDArray[np.int64], size: Floats) -> Iterable[Refusal]:
    """Yield the largest and the smallest coefficient, which lie too far apart."""
    places = [
        f"{form.row_names[form.indices[here]]}/{form.column_names[owner[here]]}"
        for here in (int(size.argmax()), int(size.argmin()))
    ]
    yield (
        f"rows {places[0]} and {places[1]}",
        f"coefficients {size.max():g} and {size.min():g} differ by more than 1e9",
        f"系数 {size.max():g} 与 {size.min():g} 相差超过 1e9 倍",
    )


def start_faults(form: StandardForm, start: Floats | None) -> Iterable[Refusal]:
    """Yield a start of the wrong length or with NaN: HiGHS answers such a start with NaN."""
    if start is not None and (start.shape != form.cost.shape or not np.isfinite(start).all()):
        yield "start", "wrong length, or not a number somewhere", "长度不符或含有非数值"


def first(
    kind: str, names: Sequence[str], bad: NDArray[np.bool_], values: Floats, en: str, zh: str
) -> Iterable[Refusal]:
    """Yield the first of the bad values by name."""
    if bad.any():
        here = int(bad.argmax())
        value = float(values[here])
        yield (
            f"{kind} {names[here]}",
            f"{en} {value!r} is not a number below 1e12 (leave a limit blank for none)",
            f"{zh} {value!r} 不是小于 1e12 的数（不限请留空）",
        )
