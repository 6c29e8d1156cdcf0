"""Demand above all capacity is no error: it is said up front, by exact sums."""

from __future__ import annotations

from dataclasses import replace

from hubopt.instance.capacity_notes import capacity_notes
from hubopt.instance.tables import Demand
from hubopt.vocabulary import Access, Mode, SiteStatus
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
    assert notes_of(notes=("read as it stood",)) == ["read as it stood"]
