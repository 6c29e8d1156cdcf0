"""What is said of chargers, types of hub, range, districts and cooled goods before a solve."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import InputError
from hubopt.instance.capacity_notes import capacity_notes
from hubopt.instance.tables import Capacity, Handling, Vehicle
from hubopt.vocabulary import (
    HUB_FUNCTIONS,
    Access,
    Cargo,
    Function,
    HubType,
    Mode,
    SiteStatus,
    Temperature,
)
from tests.tiny import tiny

if TYPE_CHECKING:
    from hubopt.instance.tables import Demand, Instance, Site

BATTERY = Mode.ROAD_BATTERY
CHARGERS = Capacity("DC_A", "small", Function.CHARGING, None)


def charged(site: str, mode: Mode = BATTERY, **values: object) -> dict[str, object]:
    """Return the tables of the tiny instance with chargers for one of the links from A to B."""
    base = tiny()
    links = tuple(
        replace(row, charging_site=site, **values)  # type: ignore[arg-type]
        if (row.from_place, row.to_place, row.mode) == ("A", "B", mode)
        else row
        for row in base.links
    )
    return {"links": links, "capacities": (*base.capacities, CHARGERS)}


def refused(**tables: object) -> list[tuple[str, int | None, str | None, str]]:
    """Return file, row, column and code of all that is wrong with a changed tiny instance."""
    with pytest.raises(InputError) as caught:
        replace(tiny(), **tables)  # type: ignore[arg-type]
    for found in caught.value.findings:
        assert found.remedy.en
        assert any("\u4e00" <= sign <= "\u9fff" for sign in found.reason.zh + found.remedy.zh)
    return [(f.file, f.row, f.column, f.code) for f in caught.value.findings]


def notes_of(**changes: object) -> list[str]:
    """Return the English notes on a changed tiny instance; each has Chinese words as well."""
    notes = capacity_notes(replace(tiny(), **changes))  # type: ignore[arg-type]
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in note.zh) for note in notes)
    return [note.en for note in notes]


def test_chargers_at_an_end_are_taken() -> None:
    """A battery link may charge at either end, at a site with a capacity for charging."""
    assert replace(tiny(), **charged("DC_A")).links[1].charging_site == "DC_A"  # type: ignore[arg-type]


def test_chargers_elsewhere_are_refused() -> None:
    """Chargers stand at one of the ends of their link."""
    tables = charged("TERM_T")
    tables["capacities"] = (*tiny().capacities, Capacity("TERM_T", "yard", Function.CHARGING, 1.0))
    assert refused(**tables) == [("links.csv", 3, "charging_site", "SIT05")]


def test_a_site_without_chargers_is_refused() -> None:
    """A site at which trucks charge needs a capacity for it."""
    assert refused(**charged("DC_B")) == [("links.csv", 3, "charging_site", "SIT11")]


def test_an_unknown_charging_site_is_refused() -> None:
    """Chargers belong to a site of sites.csv."""
    assert refused(**charged("DC_X")) == [("links.csv", 3, "charging_site", "KEY06")]


@pytest.mark.parametrize(
    ("mode", "values"), [(Mode.ROAD_DIESEL, {}), (BATTERY, {"access": Access.SCHEDULED})]
)
def test_only_open_battery_links_have_chargers(mode: Mode, values: dict[str, object]) -> None:
    """Chargers of diesel lorries, or of vehicles on a timetable, would never be used."""
    found = refused(**charged("DC_A", mode, **values))
    assert [code for *_, column, code in found if column == "charging_site"] == ["SIT12"]


def test_charging_is_no_handling() -> None:
    """Charging needs no row in handling.csv, and may not have one."""
    row = Handling("DC_A", Function.CHARGING, 1.0, 1.0, 1.0)
    assert refused(**charged("DC_A"), handling=(*tiny().handling, row)) == [
        ("handling.csv", 3, "function", "SIT08")
    ]


def of_type(hub: HubType, site: str = "TERM_T") -> tuple[Site, ...]:
    """Return the sites with one of a type."""
    return tuple(replace(s, hub_type=hub) if s.id == site else s for s in tiny().sites)


@pytest.mark.parametrize("hub", HubType)
def test_hubs_do_what_their_type_may(hub: HubType) -> None:
    """A terminal is refused at a commerce hub, and stands at any other type."""
    if Function.TRANSFER in HUB_FUNCTIONS[hub]:
        assert replace(tiny(), sites=of_type(hub)).site["TERM_T"].hub_type is hub
    else:
        assert refused(sites=of_type(hub)) == [("capacities.csv", 5, "function", "SIT13")]


def test_no_plant_takes_returns() -> None:
    """A production hub may consolidate, but not handle returns."""
    base = tiny()
    rows = (*base.capacities, Capacity("DC_A", "small", Function.RETURNS, 1.0))
    handling = (*base.handling, Handling("DC_A", Function.RETURNS, 1.0, 1.0, 1.0))
    sites = of_type(HubType.PRODUCTION, "DC_A")
    assert refused(sites=sites, capacities=rows, handling=handling) == [
        ("capacities.csv", 4, "function", "SIT13")
    ]


def test_electricity_counts_as_emissions() -> None:
    """A battery link may state its electricity instead of emissions, but not neither."""
    links = charged("DC_A", wtw_g_per_tkm=0.0, kwh_per_tkm=0.1)
    assert replace(tiny(), **links).links[1].kwh_per_tkm == 0.1  # type: ignore[arg-type]
    assert refused(**charged("DC_A", wtw_g_per_tkm=0.0)) == [
        ("links.csv", 3, "wtw_g_per_tkm", "UNI06")
    ]


def test_a_range_below_every_link_is_said() -> None:
    """Batteries for 200 km do no way of 130 km and back; 260 km are just enough."""
    short, enough = (Vehicle(BATTERY, km, 1.0, 0.0) for km in (200.0, 260.0))
    assert notes_of(vehicles=(short,)) == [
        (
            "no road_battery link can be used: the shortest is 130 km, and out and back is beyond"
            " the range of 200 km in vehicles.csv"
        )
    ]
    assert notes_of(vehicles=(enough,)) == []


def test_a_licence_that_costs_time_is_said() -> None:
    """Goods that cross the border stay shorter at a licensed site, or the columns are swapped."""
    first, *others = tiny().handling
    assert notes_of(handling=(replace(first, cleared_time_h=6.0), *others)) == []
    (note,) = notes_of(handling=(replace(first, cleared_time_h=7.0), *others))
    assert note.startswith("handling at DC_A (consolidation): cleared_time_h of 7 h is above")


def test_a_shipment_beyond_all_range_is_refused() -> None:
    """Where no vehicle gets to the destination on a charge, the finding says so."""
    with pytest.raises(InputError) as caught:
        replace(tiny(), vehicles=(Vehicle(Mode.ROAD_DIESEL, 30.0, 1.0, 0.0),))
    codes = {f.code for f in caught.value.findings}
    assert codes == {"NET02"}
    assert "beyond the range of road_diesel in vehicles.csv" in caught.value.findings[0].reason.en
    assert "续驶里程" in caught.value.findings[0].reason.zh


def returns(district: str | None, *, switch: bool) -> Instance:
    """Return the tiny instance whose daily goods are returns from a district; DC_A is in A."""
    base = tiny()
    chain = (Function.RETURNS,)

    def cleared(row: Demand) -> Demand:
        return replace(row, district=district) if row.product == "FMCG" else row

    return replace(
        base,
        settings=replace(base.settings, returns_to_origin_district=switch),
        sites=tuple(replace(s, district=s.place) for s in base.sites),
        products=tuple(replace(p, chain=chain) if p.id == "FMCG" else p for p in base.products),
        handling=(*base.handling, Handling("DC_A", Function.RETURNS, 30.0, 6.0, 5.0)),
        capacities=(*base.capacities, Capacity("DC_A", "small", Function.RETURNS, None)),
        demand=tuple(map(cleared, base.demand)),
    )


def test_returns_without_a_site_in_their_district_are_said() -> None:
    """Returns from B have no site of their own while the rule is on, in either stage."""
    notes = [note.en for note in capacity_notes(returns("B", switch=True))]
    assert [note[:75] for note in notes] == [
        "2025: 2 shipments must be returned to the district B, but no site there han",
        "2030: 2 shipments must be returned to the district B, but no site there han",
    ]
    assert not capacity_notes(returns("A", switch=True))
    assert not capacity_notes(returns("B", switch=False))
    assert not capacity_notes(returns(None, switch=True))


def test_a_closed_site_takes_no_returns() -> None:
    """The district of a site that is closed has none."""
    base = returns("A", switch=True)
    shut = tuple(replace(s, status=SiteStatus.CLOSED) if s.id == "DC_A" else s for s in base.sites)
    idle = tuple(replace(m, built=0) if m.site == "DC_A" else m for m in base.modules)
    notes = capacity_notes(replace(base, sites=shut, modules=idle))
    assert any("must be returned to the district A" in note.en for note in notes)


def test_cooled_goods_in_warm_boxes_are_said() -> None:
    """Chilled wine in containers goes on services that do not cool; as reefer cargo it is fine."""
    chain = (Function.COLD,)
    base = tiny()

    def wine(cargo: Cargo) -> dict[str, object]:
        products = tuple(
            replace(p, temperature=Temperature.CHILLED, cargo=cargo, chain=chain)
            if p.id == "WINE"
            else p
            for p in base.products
        )
        return {
            "products": products,
            "handling": (*base.handling, Handling("DC_A", Function.COLD, 9.0, 1.0, 5.0)),
            "capacities": (*base.capacities, Capacity("DC_A", "small", Function.COLD, None)),
        }

    assert notes_of(**wine(Cargo.CONTAINER)) == [
        (
            "product WINE is chilled, but travels as container on 4 services (AIR_BACK); write"
            " reefer as its cargo, and name it in the cargo of the services that cool"
        )
    ]
    assert notes_of(**wine(Cargo.REEFER)) == []


def test_demand_at_its_peak_is_compared_with_capacities() -> None:
    """Goods that come in a rush take more of the sites and trains than their yearly tonnes say."""
    rush = tuple(replace(p, peak_factor=10.0) for p in tiny().products)
    found = notes_of(products=rush)
    assert found[0] == (
        "2025: demand for consolidation 20,900 t/year (at the peak 209,000 t/year) is above the"
        " largest capacity of all sites 170,000 t/year; at least 3,900 t/year cannot be served"
    )
    assert "(at the peak payload 418,500 t/year) is above all crossings" in " ".join(found)
