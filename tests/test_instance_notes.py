"""Demand above all capacity is no error: it is said up front, by exact sums."""

from __future__ import annotations

from dataclasses import replace

from hubopt.instance.capacity_notes import capacity_notes
from hubopt.instance.tables import Demand
from hubopt.text import Text
from hubopt.vocabulary import Access, Cargo, Mode, SiteStatus, Temperature
from tests.tiny import tiny


def notes_of(**changes: object) -> list[str]:
    """Return the English notes on the tiny instance with some of its tables replaced."""
    return [note.en for note in capacity_notes(replace(tiny(), **changes))]  # type: ignore[arg-type]


def test_nothing_is_said_where_everything_fits() -> None:
    """The tiny instance can serve all demand, so there is nothing to note."""
    assert notes_of() == []


def test_demand_above_all_handling_is_said_exactly() -> None:
    """Tonnes that must be handled are compared with all modules built, stage by stage."""
    more = Demand("more", "A", "B", "FMCG", 2025, 150_000.001, None)
    demand = (*tiny().demand, more)
    expected = (
        "2025: demand for consolidation 170,900.001 t/year is above the largest capacity of all"
        " sites 170,000 t/year; at least 900.001 t/year cannot be served"
    )
    assert notes_of(demand=demand) == [expected]
    note = capacity_notes(replace(tiny(), demand=demand))[0]
    assert "至少 900.001 吨/年无法满足" in note.zh


def test_closed_and_later_sites_do_not_count() -> None:
    """A closed site adds nothing, a later one only what stands already."""
    base = tiny()
    more = Demand("more", "A", "B", "FMCG", 2025, 120_000.0, None)
    closed = tuple(
        replace(site, status=SiteStatus.CLOSED) if site.id == "DC_B" else site
        for site in base.sites
    )
    assert "130,000 t/year" in notes_of(demand=(*base.demand, more), sites=closed)[0]
    later = tuple(replace(site, earliest_stage=2030) for site in base.sites)
    assert "15,000 t/year" in notes_of(sites=later)[0]


def test_an_unlimited_site_silences_the_note() -> None:
    """One module without a limit can handle everything."""
    base = tiny()
    more = Demand("more", "A", "B", "FMCG", 2025, 1e9, None)
    endless = replace(base.capacities[0], capacity_t_per_year=None)
    assert notes_of(demand=(*base.demand, more), capacities=(endless, *base.capacities[1:])) == []


def test_demand_above_all_departures_is_said() -> None:
    """Where only services cross the border, their most departures bound the demand abroad."""
    more = Demand("more", "A", "R", "MACH", 2030, 364_000.0, None)
    found = notes_of(demand=(*tiny().demand, more))
    # 7 a week x 52 weeks x (900 + 100) t
    assert found[0] == (
        "2030: demand out of the home country 405,850 t/year is above all crossings at most"
        " departures 364,000 t/year"
    )


def test_demand_above_the_links_of_a_place_is_said() -> None:
    """A place whose links all have limits can take no more than their sum."""
    base = tiny()
    narrow = tuple(
        replace(link, capacity_t_per_year=1_000.0)
        if "R" in {link.from_place, link.to_place}
        else link
        for link in base.links
    )
    assert notes_of(links=narrow)[0] == (
        "2025: demand from and to R 37,900 t/year is above all its links and services 2,000 t/year"
    )


def test_rows_that_no_plan_can_use_are_said() -> None:
    """A scheduled link without a service and a site without modules are slips more often."""
    base = tiny()
    idle = replace(
        base.links[0],
        mode=Mode.RAIL,
        access=Access.SCHEDULED,
        wtw_g_per_tkm=12.0,
        ttw_g_per_tkm=0.0,
    )
    bare = replace(base.sites[1], id="DC_C")
    handled = replace(base.handling[0], site="DC_C")
    found = notes_of(
        links=(*base.links, idle), sites=(*base.sites, bare), handling=(*base.handling, handled)
    )
    assert found == [
        "no service runs over the scheduled link A - B (rail)",
        "site DC_C has no modules and cannot open",
        "site DC_C has no capacity for consolidation",
    ]


def test_notes_of_reading_come_first() -> None:
    """What the reader noted is repeated before the sums."""
    assert notes_of(notes=(Text("read as it stood", "按原样读取"),)) == ["read as it stood"]


def test_bulky_goods_are_weighed_by_the_room_that_they_take() -> None:
    """A tonne of light goods may fill the payload of several, and bulk needs its own services."""
    base = tiny()
    light = tuple(replace(product, space_factor=10.0) for product in base.products)
    assert notes_of(products=light)[0] == (
        "2030: demand out of the home country 41,850 t/year (payload 418,500 t/year) is above all"
        " crossings at most departures 364,000 t/year"
    )
    dense = tuple(replace(product, space_factor=0.5) for product in base.products)
    more = Demand("more", "A", "R", "MACH", 2030, 364_000.0, None)
    assert notes_of(products=dense, demand=(*base.demand, more)) == []


def test_bulk_is_compared_with_what_takes_bulk() -> None:
    """Containers and bulk fit together but not apart: the loading that does not fit is named."""
    base = tiny()
    products = tuple(
        replace(product, cargo=Cargo.BULK) if product.id == "MACH" else product
        for product in base.products
    )
    services = tuple(
        replace(service, cargo=frozenset({Cargo.CONTAINER}))
        if service.mode is Mode.RAIL
        else service
        for service in base.services
    )
    more = Demand("more", "A", "R", "MACH", 2030, 1_000.0, None)
    assert notes_of(products=products, services=services, demand=(*base.demand, more))[0] == (
        "2030: demand out of the home country of bulk goods 41,500 t/year is above all crossings at"
        " most departures 36,400 t/year"
    )


def test_a_misspelt_class_is_said() -> None:
    """A train whose class never comes back cannot run, and the class that would do is named."""
    base = tiny()
    services = tuple(
        replace(service, vehicle_class="rail_sett") if service.id == "RAIL_OUT" else service
        for service in base.services
    )
    back, out = notes_of(services=services)
    assert back == (
        'service RAIL_BACK cannot run: no service of vehicle class "rail_set" leads back from T to'
        ' E; nearest "rail_sett"'
    )
    assert 'leads back from E to T; nearest "rail_set"' in out


def test_vehicles_may_come_back_empty() -> None:
    """A service that carries nothing still brings vehicles back: its partner is not said idle."""
    base = tiny()
    services = tuple(
        replace(service, most_per_week=0) if service.id == "RAIL_BACK" else service
        for service in base.services
    )
    assert not [note for note in notes_of(services=services) if "cannot run" in note]


def test_frozen_goods_without_a_cold_site_are_said() -> None:
    """A chilled or frozen product whose chain passes no cold site is worth a note."""
    first, *others = tiny().products
    frozen = replace(first, temperature=Temperature.FROZEN)
    assert notes_of(products=(frozen, *others)) == [
        "product FMCG is frozen, but its chain passes no cold site"
    ]


def test_goods_of_no_worth_and_tiny_demand_are_said() -> None:
    """Goods that cost nothing to leave behind, and demand of less than a tonne, look like slips."""
    base = tiny()
    free = replace(base.products[0], unserved_cost_cny_per_t=0.0)
    assert "costs nothing to leave behind" in notes_of(products=(free, *base.products[1:]))[0]
    few = tuple(replace(row, demand_t_per_year=row.demand_t_per_year / 1e5) for row in base.demand)
    assert notes_of(demand=few) == ["the median shipment is 0.11 t/year; is demand in 10,000 t?"]
