"""Checks of whole columns against the unit that they are said to be in, and of emissions."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from hubopt.errors import Finding
from hubopt.instance.codes import Code
from hubopt.instance.draft import Spot, fault
from hubopt.instance.rows import Capacity, Demand, Link, Module, Product, Service, Transfer
from hubopt.instance.schema import TABLE_OF
from hubopt.text import Text
from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.draft import Draft
    from hubopt.instance.schema import Row
    from hubopt.vocabulary import Function

LEAST_CNY_PER_T = {"build_cost_cny": 1.0, "fixed_cost_cny_per_year": 0.05}
"""Median per tonne of yearly capacity below which no warehouse is built or kept: the shipped
instances have 380 and 18, so that the same figures in 10,000 CNY have 0.04 and 0.002."""

LEAST_VALUE_CNY_PER_T = 5.0
"""Sand and gravel are worth ten times as much."""

LEAST_CNY_PER_TKM = 2e-4
"""The largest bulk ships cost ten times as much."""

LARGEST_PAYLOAD_T = {
    Mode.ROAD_DIESEL: 500,
    Mode.ROAD_BATTERY: 500,
    Mode.RAIL: 50_000,
    Mode.AIR: 300,
    Mode.SEA: 500_000,
    Mode.BARGE: 100_000,
}
"""More than the heaviest truck, train, aircraft, ship and push tow in service carry."""

MOST_TIMES_CAPACITY = 100
"""Demand may be above all capacity, but not by this much; in kilograms it is 1000 times itself."""

LARGEST_MEDIAN_T = 5e7
"""A typical shipment above this is more than the largest port moves of one product to one place."""


def building_costs_something(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each cost of modules that looks written in 10,000 CNY."""
    capacity: dict[tuple[str, str], float] = defaultdict(float)
    for _, row in draft.rows(Capacity):
        capacity[row.site, row.module] += row.capacity_t_per_year or 0.0
    for column, least in LEAST_CNY_PER_T.items():
        each = [
            getattr(module, column) / capacity[module.site, module.module]
            for _, module in draft.rows(Module)
            if getattr(module, column) and capacity[module.site, module.module]
        ]
        if each and median(each) < least:
            yield probably_ten_thousands(
                Module,
                column,
                f"the median is {median(each):.2g} CNY per tonne of yearly capacity",
                f"按年能力折算，中位数仅为每吨 {median(each):.2g} 元",
            )


def probably_ten_thousands(record: type[Row], column: str, en: str, zh: str) -> Finding:
    """Return the finding for a column of money that looks written in 10,000 CNY."""
    return Finding(
        TABLE_OF[record].file,
        Text(f"{en}, too little; probably in 10,000 CNY", f"{zh}，过低；可能以万元为单位"),
        Text("write CNY: multiply by 10,000", "请以元为单位：乘以 10,000"),
        column=column,
        code=Code.PROBABLY_TEN_THOUSANDS,
    )


def goods_are_worth_something(draft: Draft) -> Iterator[Finding]:
    """Yield a finding if the values of products look written in 10,000 CNY."""
    values = [row.value_cny_per_t for _, row in draft.rows(Product) if row.value_cny_per_t]
    if values and median(values) < LEAST_VALUE_CNY_PER_T:
        yield probably_ten_thousands(
            Product,
            "value_cny_per_t",
            f"the median is {median(values):.2g} CNY per tonne",
            f"中位数仅为每吨 {median(values):.2g} 元",
        )


def departures_cost_something(draft: Draft) -> Iterator[Finding]:
    """Yield a finding if departures look priced in 10,000 CNY."""
    km = {
        (a, b, link.mode): link.distance_km
        for _, link in draft.rows(Link)
        for a, b in ((link.from_place, link.to_place), (link.to_place, link.from_place))
    }
    each = []
    for _, service in draft.rows(Service):
        length = sum(km.get((a, b, service.mode), 0.0) for a, b in pairwise(service.path))
        if length and service.cost_cny_per_departure:
            work = length * service.payload_t_per_departure
            each.append(service.cost_cny_per_departure / work)
    if each and median(each) < LEAST_CNY_PER_TKM:
        yield probably_ten_thousands(
            Service,
            "cost_cny_per_departure",
            f"the median is {median(each):.2g} CNY per tonne-kilometre of payload",
            f"按载重折算，中位数仅为每吨公里 {median(each):.2g} 元",
        )


def payloads_are_in_tonnes(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each payload above what any vehicle of its mode can carry."""
    for row, service in draft.rows(Service):
        most = LARGEST_PAYLOAD_T[service.mode]
        if service.payload_t_per_departure > most:
            yield fault(
                Spot(
                    Service, row, "payload_t_per_departure", f"{service.payload_t_per_departure:g}"
                ),
                Code.PROBABLY_KG,
                Text(
                    f"t is more than any {service.mode.value} departure carries ({most:,.0f} t);"
                    " probably kilograms",
                    f"吨超过 {service.mode.value} 单班可能的载重（{most:,.0f} 吨）；可能写成了千克",
                ),
                Text("write tonnes", "请以吨为单位填写"),
            )


def demand_is_in_tonnes(draft: Draft) -> Iterator[Finding]:
    """Yield a finding if all demand looks written in kilograms."""
    tonnes = [row.demand_t_per_year for _, row in draft.rows(Demand) if row.demand_t_per_year]
    if not tonnes:
        return
    if median(tonnes) > LARGEST_MEDIAN_T:
        yield probably_kg(
            f"the median shipment is {median(tonnes):,.0f} t/year",
            f"单批运量的中位数为 {median(tonnes):,.0f} 吨/年",
        )
    elif draft.sure(Capacity, Module, Product, Demand):
        capacity = handled_at_most(draft)
        for (stage, function), needed in sorted(handled(draft).items()):
            most = capacity.get(function, 0.0)
            if most and needed > MOST_TIMES_CAPACITY * most:
                times = f"{needed / most:,.0f}"
                yield probably_kg(
                    f"{stage}: {needed:,.0f} t/year need {function.value},"
                    f" {times}x what all sites can do (or their capacity is in 10,000 t)",
                    f"{stage} 年：{needed:,.0f} 吨/年需要 {function.value}，"
                    f"为全部设施能力的 {times} 倍（或能力以万吨为单位）",
                )
                return


def handled(draft: Draft) -> dict[tuple[int, Function], float]:
    """Return the tonnes that need each function, by stage."""
    chain = {product.id: product.chain for _, product in draft.rows(Product)}
    found: dict[tuple[int, Function], float] = defaultdict(float)
    for _, row in draft.rows(Demand):
        for function in chain[row.product]:
            found[row.stage, function] += row.demand_t_per_year
    return found


def handled_at_most(draft: Draft) -> dict[Function, float]:
    """Return what all sites can do of each function that has a limit."""
    most = {(module.site, module.module): module.most for _, module in draft.rows(Module)}
    found: dict[Function, float] = defaultdict(float)
    for _, row in draft.rows(Capacity):
        each = row.capacity_t_per_year
        found[row.function] += (
            float("inf") if each is None else each * most.get((row.site, row.module), 0)
        )
    return found


def probably_kg(en: str, zh: str) -> Finding:
    """Return the finding for demand that looks written in kilograms."""
    return Finding(
        TABLE_OF[Demand].file,
        Text(f"{en}; probably kilograms", f"{zh}；可能写成了千克"),
        Text(
            "write tonnes: divide by 1000; or correct capacities.csv",
            "请以吨为单位：除以 1000；或更正 capacities.csv",
        ),
        column="demand_t_per_year",
        code=Code.PROBABLY_KG,
    )


def emissions_are_above_zero(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each link that is said to emit nothing, by no electricity either."""
    for row, link in draft.rows(Link):
        if not link.wtw_g_per_tkm and not link.kwh_per_tkm:
            battery = link.mode is Mode.ROAD_BATTERY
            yield fault(
                Spot(Link, row, "wtw_g_per_tkm", "0"),
                Code.NO_EMISSIONS,
                Text(
                    f"{link.mode.value} is never free of emissions from well to wheel",
                    f"{link.mode.value} 的全生命周期排放不会为零",
                ),
                Text(
                    "write those of making its electricity, or kwh_per_tkm; only ttw_g_per_tkm is 0"
                    if battery
                    else "write those of burning and making its fuel or electricity",
                    "请写其用电的发电排放，或填写 kwh_per_tkm；只有 ttw_g_per_tkm 为 0"
                    if battery
                    else "请写燃料（或用电）燃烧与生产的排放",
                ),
            )


def tank_is_part_of_well(draft: Draft) -> Iterator[Finding]:
    """Yield a finding for each row with more emissions from the tank than from the well."""
    for row, link in draft.rows(Link):
        if link.ttw_g_per_tkm > link.wtw_g_per_tkm:
            yield above_wtw(
                Spot(Link, row, "ttw_g_per_tkm", f"{link.ttw_g_per_tkm:g}"), link.wtw_g_per_tkm
            )
    for row, transfer in draft.rows(Transfer):
        if transfer.ttw_kg_per_t > transfer.wtw_kg_per_t:
            yield above_wtw(
                Spot(Transfer, row, "ttw_kg_per_t", f"{transfer.ttw_kg_per_t:g}"),
                transfer.wtw_kg_per_t,
            )


def above_wtw(spot: Spot, wtw: float) -> Finding:
    """Return the finding for a tank-to-wheel figure above its well-to-wheel figure."""
    return fault(
        spot,
        Code.TTW_ABOVE_WTW,
        Text(
            f"is above well-to-wheel ({wtw:g}), of which it is a part",
            f"大于全生命周期排放（{wtw:g}），而它只是其中一部分",
        ),
        Text("swap or correct the two", "请对调或更正"),
    )
