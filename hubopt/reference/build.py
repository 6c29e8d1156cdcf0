"""From facts and assumptions to instance folders, the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.tables import Instance, Limit, Settings, Stage
from hubopt.instance.write import write
from hubopt.reference.air import airways
from hubopt.reference.baseline import as_it_stood, name_of, settings_of
from hubopt.reference.demand import demand
from hubopt.reference.facts import Facts
from hubopt.reference.features import featured
from hubopt.reference.geometry import write_geometry
from hubopt.reference.places import places
from hubopt.reference.products import products
from hubopt.reference.published import write_reconciliation
from hubopt.reference.rails import rails
from hubopt.reference.roads import roads
from hubopt.reference.services import services
from hubopt.reference.sites import site_rows
from hubopt.reference.tariffs import Tariffs
from hubopt.reference.totals import STAGES
from hubopt.reference.transfers import clearance, transfers
from hubopt.reference.water import rivers, seas
from hubopt.reference.world import BASE_YEARS, stood
from hubopt.vocabulary import Function, LimitKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hubopt.instance.tables import Link

YEARS_PER_STAGE = 5


def build(data_dir: Path, out_dir: Path) -> None:
    """Write the shipped instances, made from the tables in `data_dir`, into `out_dir`."""
    from hubopt.reference.county import build_county  # noqa: PLC0415  (stands on the reference)
    from hubopt.reference.mini import build_mini  # noqa: PLC0415  (stands on its own)

    build_reference(data_dir, out_dir)
    build_county(data_dir, out_dir)
    for year in BASE_YEARS:
        build_baseline(data_dir, out_dir, year)
    build_mini(data_dir, out_dir)


def build_reference(data_dir: Path, out_dir: Path) -> None:
    """Write the instance `zhengzhou` with its geometry."""
    facts = Facts(data_dir)
    instance = reference(facts)
    folder = out_dir / "zhengzhou"
    write(instance, folder)
    write_geometry(facts, instance, folder / "geometry")


def build_baseline(data_dir: Path, out_dir: Path, year: int) -> None:
    """Write the instance of a base year with its geometry and what to reconcile it with."""
    facts = Facts(data_dir, year)
    instance = reference(facts)
    folder = out_dir / name_of(year)
    write(instance, folder)
    write_geometry(facts, instance, folder / "geometry")
    write_reconciliation(facts, instance, folder / "reconcile")


def reference(facts: Facts) -> Instance:
    """Return the reference instance, checked; raises `InputError` if facts do not fit.

    With facts of a base year it is the instance of that year.
    """
    tariffs, there = Tariffs(facts), stood(facts)
    rows = site_rows(facts)
    if facts.year is not None:
        rows = as_it_stood(facts, facts.year, rows)
    sites, handling, modules, capacities = rows
    names = {site.id for site in sites}
    links = tuple(k for k in all_links(facts, tariffs) if {k.from_place, k.to_place} <= there)
    served = {(place, k.mode) for k in links for place in (k.from_place, k.to_place)}
    changes = tuple(
        row
        for row in transfers(facts)
        if {(row.place, row.from_mode), (row.place, row.to_mode)} <= served
        and (row.site is None or row.site in names)
    )
    plain = Instance(
        settings=settings(facts, tariffs),
        places=tuple(place for place in places(facts) if place.id in there),
        sites=tuple(sites),
        handling=tuple(handling),
        modules=tuple(modules),
        capacities=tuple(capacities),
        links=links,
        services=tuple(services(facts, tariffs)),
        transfers=changes,
        customs=tuple(row for row in clearance(facts) if row.place in there),
        products=tuple(products(facts)),
        demand=tuple(demand(facts)),
        limits=tuple(limits(facts)),
    )
    return plain if facts.year is not None else featured(facts, plain)


def all_links(facts: Facts, tariffs: Tariffs) -> Iterator[Link]:
    """Yield the links of all modes."""
    yield from roads(facts, tariffs)
    yield from rails(facts, tariffs)
    yield from seas(facts, tariffs)
    yield from rivers(facts, tariffs)
    yield from airways(facts, tariffs)


def settings(facts: Facts, tariffs: Tariffs) -> Settings:
    """Return what the whole instance shares."""
    usual = usual_settings(facts, tariffs)
    return usual if facts.year is None else settings_of(facts, facts.year, usual)


def usual_settings(facts: Facts, tariffs: Tariffs) -> Settings:
    """Return the settings of the reference."""
    return Settings(
        name="zhengzhou",
        title_en="Zhengzhou global supply-chain hub, 2025 to 2039",
        title_zh="郑州全球供应链枢纽（2025—2039）",
        base_year=STAGES[0],
        stages=tuple(Stage(year, YEARS_PER_STAGE) for year in STAGES),
        discount_rate=facts.parameter("general", "discount rate"),
        carbon_price_cny_per_t=facts.parameter("general", "carbon price"),
        grid_kg_co2e_per_kwh=tariffs.grid_kg_per_kwh,
        home_country="CN",
        routes_per_shipment=int(facts.assumed("settings", "routes_per_shipment")),
        gap=facts.assumed("settings", "asked_gap"),
        time_s=600.0,
    )


def limits(facts: Facts) -> Iterator[Limit]:
    """Yield the budgets, and how many bonded and returns sites may be licensed."""
    for stage in STAGES if facts.year is None else ():
        budget = facts.assumed("limit", f"budget:{stage}")
        yield Limit(LimitKind.BUDGET, stage, None, budget)
        for function in (Function.BONDED, Function.RETURNS):
            most = facts.assumed("limit", f"{function}_sites")
            yield Limit(LimitKind.SITES_AT_MOST, stage, function, most)
