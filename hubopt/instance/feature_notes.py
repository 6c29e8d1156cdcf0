"""What is worth knowing of batteries, returns and cooled goods before a solve; none is an error."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.text import Text
from hubopt.vocabulary import Access, Cargo, Function, SiteStatus, Temperature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.instance.tables import Demand, Instance


def feature_notes(instance: Instance) -> Iterator[Text]:
    """Yield the notes in a fixed order."""
    yield from clearance_that_takes_longer(instance)
    yield from links_beyond_range(instance)
    yield from returns_without_site(instance)
    yield from goods_without_cooling(instance)


def clearance_that_takes_longer(instance: Instance) -> Iterator[Text]:
    """Yield a note for each site at which a licence costs time instead of saving it."""
    for row in instance.handling:
        cleared, usual = row.cleared_time_h, row.time_h
        if cleared is not None and cleared > usual:
            what = f"{row.site} ({row.function.value})"
            yield Text(
                f"handling at {what}: cleared_time_h of {cleared:g} h is above time_h of {usual:g}"
                " h; a licensed site is quicker, so the two may be swapped",
                f"{what} 的 cleared_time_h（{cleared:g} 小时）大于 time_h（{usual:g} 小时）；"
                "具备资质的设施应更快，两者可能写反了",
            )


def links_beyond_range(instance: Instance) -> Iterator[Text]:
    """Yield a note for each mode none of whose open links is within the range of its vehicles."""
    for vehicle in instance.vehicles:
        km = [
            link.distance_km
            for link in instance.links
            if link.mode is vehicle.mode and link.access is Access.OPEN
        ]
        if km and vehicle.range_km is not None and 2 * min(km) > vehicle.range_km:
            mode, most, least = vehicle.mode.value, f"{vehicle.range_km:g}", f"{min(km):g}"
            yield Text(
                f"no {mode} link can be used: the shortest is {least} km, and out and back is"
                f" beyond the range of {most} km in vehicles.csv",
                f"{mode} 线路均无法使用：最短的为 {least} km，往返超过 vehicles.csv 中的续驶里程"
                f" {most} km",
            )


def returns_without_site(instance: Instance) -> Iterator[Text]:
    """Yield a note for each district whose returns no site there may handle, stage by stage."""
    if not instance.settings.returns_to_origin_district:
        return
    lost: dict[tuple[int, str], list[Demand]] = defaultdict(list)
    for shipment in instance.demand:
        chain = instance.product[shipment.product].chain
        if shipment.district is not None and Function.RETURNS in chain:
            lost[shipment.stage, shipment.district].append(shipment)
    for (year, district), shipments in sorted(lost.items()):
        if district not in districts_of_returns(instance, year):
            yield Text(
                f"{year}: {len(shipments)} shipments must be returned to the district {district},"
                f" but no site there handles returns; they stay unserved (add such a site, or"
                " write false for returns_to_origin_district)",
                f"{year} 年：{len(shipments)} 批退货须退回关区 {district}，但该关区没有退货设施；"
                "这些货物将无法满足（请增设该设施，或将 returns_to_origin_district 设为 false）",
            )


def districts_of_returns(instance: Instance, year: int) -> set[str | None]:
    """Return the districts with a site that may handle returns in a stage."""
    size = {(module.site, module.module): module for module in instance.modules}
    found = set()
    for row in instance.capacities:
        site, module = instance.site[row.site], size[row.site, row.module]
        stands = module.built > 0 or (module.most > 0 and year >= site.earliest_stage)
        able = row.function is Function.RETURNS and row.capacity_t_per_year != 0
        if able and stands and site.status is not SiteStatus.CLOSED:
            found.add(site.district)
    return found


def goods_without_cooling(instance: Instance) -> Iterator[Text]:
    """Yield a note for each chilled or frozen product that services take without cooling."""
    shipped = {demand.product for demand in instance.demand}
    for product in instance.products:
        warm = product.temperature is Temperature.AMBIENT or product.cargo is Cargo.REEFER
        if warm or product.id not in shipped:
            continue
        taken = sorted(
            service.id
            for service in instance.services
            if service.mode in product.modes and product.cargo in service.cargo
        )
        if taken:
            cold, cargo, count = product.temperature.value, product.cargo.value, len(taken)
            yield Text(
                f"product {product.id} is {cold}, but travels as {cargo} on {count} services"
                f" ({taken[0]}); write reefer as its cargo, and name it in the cargo of the"
                " services that cool",
                f"产品 {product.id} 为 {cold}，但以 {cargo} 装载于 {count} 条班线（{taken[0]}）；"
                "请将其 cargo 写为 reefer，并在提供冷藏的班线的 cargo 中写明",
            )
