# ruff: noqa: E501 (a case is one line, read across)
"""Bad limits on the whole plan: cells that a kind needs or does not use, and what cannot be met."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hubopt.errors import InputError
from hubopt.instance.tables import Instance, Limit
from hubopt.text import Language
from hubopt.vocabulary import Function, LimitKind, Mode
from tests.fitting import changed
from tests.tiny import tiny

YEAR = tiny().settings.stages[0].year
CENTRE = Function.CONSOLIDATION


def limit(kind: LimitKind, value: float, **cells: object) -> Limit:
    """Return a limit of the first stage."""
    function = cells.pop("function", None)
    return Limit(kind, YEAR, function, value, **cells)  # type: ignore[arg-type]


LIMITS = {
    "share without mode": (limit(LimitKind.MODE_SHARE_AT_LEAST, 0.5), "NUM06", "mode", "needs it", "需要此项"),
    "coverage without hours": (limit(LimitKind.COVERAGE, 1, function=CENTRE), "NUM06", "hours", "needs it", "需要此项"),
    "hours of a cap": (limit(LimitKind.EMISSIONS_AT_MOST, 9.0, hours=3.0), "CFG03", "hours", "does not use it", "不使用"),
    "mode of a level": (limit(LimitKind.SERVICE_LEVEL, 0.5, mode=Mode.AIR), "CFG03", "mode", "does not use it", "不使用"),
    "goods of a budget": (limit(LimitKind.BUDGET, 1e9, goods="FMCG"), "CFG03", "goods", "does not use it", "不使用"),
    "percent": (limit(LimitKind.SERVICE_LEVEL, 95.0), "NUM17", "value", "write 0.95 for 95 %", "请写 0.95"),
    "part of a site": (limit(LimitKind.SITES_AT_LEAST, 1.5), "NUM16", "value", "write 1 or 2", "请写 1 或 2"),
    "no source": (limit(LimitKind.SINGLE_SOURCE, 0.0), "NUM14", "value", "lets no site", "没有设施"),
    "delivery by air": (limit(LimitKind.DELIVERY_SHARE_AT_LEAST, 0.5, mode=Mode.AIR), "NUM19", "mode", "road_battery", "road_battery"),
    "unknown goods": (limit(LimitKind.SERVICE_LEVEL, 0.5, goods="FMCJ"), "KEY06", "goods", "no product and no group", "不是产品"),
    "unknown area": (limit(LimitKind.SITES_AT_MOST, 9, area="CM"), "KEY06", "area", "no region and no zone", "不是地点的区域"),
    "too many sites": (limit(LimitKind.SITES_AT_LEAST, 9, function=CENTRE), "SIT14", "value", "that may be open there", "可开放"),
    "out of reach": (limit(LimitKind.COVERAGE, 2, function=CENTRE, hours=0.001), "NET16", "hours", "the next is", "下一个需"),
}  # fmt: skip


def refused(instance: Instance, **tables: object) -> InputError:
    """Return the error that an instance with these tables gets."""
    with pytest.raises(InputError) as caught:
        replace(instance, **tables)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize("name", LIMITS)
def test_a_bad_limit_is_refused_where_it_stands(name: str) -> None:
    """Each bad limit is told by code, column, reason and remedy, in both languages."""
    row, code, column, english, chinese = LIMITS[name]
    first = refused(tiny(), limits=(row,)).findings[0]
    assert (first.file, first.code, first.column) == ("limits.csv", code, column)
    assert english in first.in_language(Language.EN)
    assert chinese in first.in_language(Language.ZH)
    assert first.remedy.en
    assert first.remedy.zh


def test_a_policy_without_limits_is_refused() -> None:
    """A policy that is switched on but that no limit names is told with the nearest one."""
    asleep = limit(LimitKind.SERVICE_LEVEL, 0.5, policy="hierarchy")
    settings = replace(tiny().settings, policies=frozenset({"hierachy"}))
    found = refused(tiny(), settings=settings, limits=(asleep,)).findings[0]
    assert (found.code, found.column, found.nearest) == ("KEY06", "policies", "hierarchy")


def test_a_limit_that_sleeps_is_not_checked_against_sites() -> None:
    """What could not be met is no fault while its policy is switched off."""
    hard = limit(LimitKind.SITES_AT_LEAST, 9, function=CENTRE, policy="dream")
    assert replace(tiny(), limits=(hard,)).limits_in_force == ()
    awake = replace(tiny().settings, policies=frozenset({"dream"}))
    assert refused(tiny(), limits=(hard,), settings=awake).findings[0].code == "SIT14"


def test_a_least_use_above_capacity_is_refused() -> None:
    """A site cannot be asked to handle more than all of its modules can."""
    rows = changed(tiny().handling, 0, least_t_per_year=1e11)
    found = refused(tiny(), handling=rows).findings
    assert ("NUM12", "least_t_per_year") in {(f.code, f.column) for f in found}


def test_a_promise_after_the_latest_time_is_refused() -> None:
    """Nobody promises to arrive later than is allowed at all."""
    here = next(n for n, row in enumerate(tiny().demand) if row.latest_h is not None)
    late = tiny().demand[here].latest_h or 0.0
    rows = changed(tiny().demand, here, promised_h=late + 1)
    found = refused(tiny(), demand=rows).findings[0]
    assert (found.code, found.column) == ("NUM20", "promised_h")
