"""The rows of an instance as frozen records: one class per table, one field per column.

Units are in the field names; `None` for a capacity or a time limit means "no limit". A record by
itself is unchecked: what it may hold is decided by the `Instance` that it is put into.
"""

from __future__ import annotations

from dataclasses import dataclass

from hubopt.vocabulary import (
    Access,
    Cargo,
    Datum,
    Function,
    HubType,
    LimitKind,
    Mode,
    PlaceKind,
    SiteStatus,
    Temperature,
)


@dataclass(frozen=True, slots=True)
class Stage:
    """A planning stage: its first year and the number of years that it stands for."""

    year: int
    years: int


@dataclass(frozen=True, slots=True)
class Settings:
    """`instance.toml`: what the whole instance shares."""

    name: str
    title_en: str
    title_zh: str
    base_year: int
    stages: tuple[Stage, ...]
    discount_rate: float
    carbon_price_cny_per_t: float
    grid_kg_co2e_per_kwh: float
    home_country: str
    routes_per_shipment: int = 10
    gap: float = 0.001
    time_s: float = 600.0
    policies: frozenset[str] = frozenset()
    returns_to_origin_district: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the network; coordinates in degrees, in the stated datum."""

    id: str
    name_en: str
    name_zh: str
    kind: PlaceKind
    country: str
    lat: float
    lon: float
    datum: Datum
    region: str
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """A facility that stands or may be built at a place."""

    id: str
    name_en: str
    name_zh: str
    place: str
    status: SiteStatus
    earliest_stage: int
    district: str | None = None
    hub_type: HubType | None = None


@dataclass(frozen=True, slots=True)
class Handling:
    """What one function costs at a site, per tonne handled and per parcel.

    Freight that crosses the border stays `cleared_time_h`, `None` as long as any other; an open
    site handles at least `least_t_per_year`.
    """

    site: str
    function: Function
    cost_cny_per_t: float
    time_h: float
    energy_kwh_per_t: float
    least_t_per_year: float | None = None
    cleared_time_h: float | None = None
    cost_cny_per_parcel: float = 0.0


@dataclass(frozen=True, slots=True)
class Module:
    """A size tier of a site: `built` stand at the start, at most `most` may stand in all."""

    site: str
    module: str
    build_cost_cny: float
    fixed_cost_cny_per_year: float
    life_years: int
    built: int
    most: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much one module adds to one function of its site."""

    site: str
    module: str
    function: Function
    capacity_t_per_year: float | None


@dataclass(frozen=True, slots=True)
class Link:
    """A directed or two-way connection by one mode.

    Trucks that charge at `charging_site` need it open and take of its capacity.
    """

    from_place: str
    to_place: str
    mode: Mode
    both_ways: bool
    access: Access
    distance_km: float
    distance_source: str
    cost_cny_per_t: float
    time_h: float
    capacity_t_per_year: float | None
    wtw_g_per_tkm: float
    ttw_g_per_tkm: float
    emission_source: str
    kwh_per_tkm: float = 0.0
    charging_site: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """A train, flight or sailing that runs whole, so many times a week, along `path`.

    Capacity of each leg of the path: payload x departures a week x weeks a year. It takes only
    goods loaded as in `cargo`.
    """

    id: str
    name_en: str
    name_zh: str
    mode: Mode
    path: tuple[str, ...]
    vehicle_class: str
    payload_t_per_departure: float
    cost_cny_per_departure: float
    empty_cost_cny_per_departure: float
    wait_h: float
    least_per_week: int
    most_per_week: int
    weeks_per_year: int
    earliest_stage: int
    cargo: frozenset[Cargo] = frozenset(Cargo)


@dataclass(frozen=True, slots=True)
class Transfer:
    """A change of mode at a place, in one direction or both; `site` must be open if named."""

    place: str
    from_mode: Mode
    to_mode: Mode
    both_ways: bool
    cost_cny_per_t: float
    time_h: float
    capacity_t_per_year: float | None
    wtw_kg_per_t: float
    ttw_kg_per_t: float
    site: str | None


@dataclass(frozen=True, slots=True)
class Customs:
    """Clearance at `place` of freight that leaves or enters the country from there by `mode`."""

    place: str
    mode: Mode
    cost_cny_per_t: float
    time_h: float


@dataclass(frozen=True, slots=True)
class Product:
    """A class of goods: `chain` is the ordered handling it must pass, `modes` what may carry it.

    A tonne takes `space_factor` tonnes of a departure's payload: more than 1 for goods that fill
    space before weight. Every capacity is used `peak_factor` times the yearly average.
    """

    id: str
    name_en: str
    name_zh: str
    value_cny_per_t: float
    time_cost_share_per_day: float
    temperature: Temperature
    duty_share: float
    chain: tuple[Function, ...]
    modes: frozenset[Mode]
    cost_factor: float
    emission_factor: float
    unserved_cost_cny_per_t: float
    cargo: Cargo = Cargo.CONTAINER
    space_factor: float = 1.0
    group: str | None = None
    spoilage_share_per_day: float = 0.0
    finance_share: float = 0.0
    parcels_per_t: float = 0.0
    peak_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Demand:
    """A shipment: tonnes a year of one product from origin to destination in one stage."""

    id: str
    origin: str
    destination: str
    product: str
    stage: int
    demand_t_per_year: float
    latest_h: float | None
    promised_h: float | None = None
    single_source: bool = False
    district: str | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit on the plan in one stage; what is `None` does not narrow it.

    One that names a policy holds only where the settings switch the policy on.
    """

    kind: LimitKind
    stage: int
    function: Function | None
    value: float
    goods: str | None = None
    area: str | None = None
    mode: Mode | None = None
    hours: float | None = None
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """What the vehicles of a mode need and cost: range, payload over that priced, premium."""

    mode: Mode
    range_km: float | None
    payload_share: float
    insurance_share_per_1000km: float
