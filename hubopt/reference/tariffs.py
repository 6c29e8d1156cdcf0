"""Prices, speeds and emissions of the modes, from the mode parameters and the assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.vocabulary import Mode

if TYPE_CHECKING:
    from hubopt.reference.facts import Facts

INDEX_1520 = {"out": "westbound", "back": "eastbound"}
"""Name of the price index of the 1520 mm section, by direction."""

RAILWAYS = {
    "broad": "1520 mm network, partly diesel",
    "europe": "European railways, mostly electric",
    "asean": "railways of Laos and Vietnam",
    "america": "US railways, diesel",
}
COMBUSTION = {
    Mode.ROAD_DIESEL: ("road", "road_diesel", "GHG WTW", "GLEC-type default, 20 t load"),
    Mode.SEA: ("sea", "sea", "GHG large container ship", "DEFRA 2025, above 8000 TEU"),
    Mode.BARGE: ("barge", "barge", "GHG", "European barges, rounded"),
    Mode.AIR: ("air", "air_freighter", "GHG WTW long-haul", "GLEC 3.2, freighters"),
}
"""Group of assumptions, row of the mode parameters, and source, of modes that burn fuel."""


@dataclass(frozen=True)
class Tariffs:
    """What moving a tonne or running a departure costs, how long it takes and what it emits."""

    facts: Facts

    @cached_property
    def cny_per_usd(self) -> float:
        """Rate of exchange of 2024."""
        return self.facts.parameter("general", "FX", 3)

    @cached_property
    def road_cny_per_tkm(self) -> float:
        """Full truck load by diesel."""
        return self.facts.parameter("road_ftl_diesel", "line-haul price")

    @cached_property
    def road_kmh(self) -> float:
        """Door-to-door speed of trucks."""
        return self.facts.parameter("road", "average speed door-door")

    @cached_property
    def battery_ratio(self) -> float:
        """Cost of a battery truck against a diesel one."""
        return self.facts.parameter("road_bev", "cost vs diesel")

    @cached_property
    def grid_kg_per_kwh(self) -> float:
        """Grid factor: the mean of Central China, of the first number in the table."""
        return self.facts.parameter("general", "grid factor")

    @cached_property
    def rail_bulk_cny_per_tkm(self) -> float:
        """National average tariff for goods by rail."""
        return self.facts.parameter("rail_domestic", "bulk/average tariff")

    def feu_by_rail(self, km: float) -> float:
        """Return the tariff of a 40 ft container over `km` of Chinese railway, CNY."""
        name = "40 ft tariff: fixed + per km"
        fixed = self.facts.parameter("rail_container", name)
        return fixed + self.facts.parameter("rail_container", name, 1) * km

    def feu_by_block_train(self, km: float) -> float:
        """Return the same aboard block trains to ports and borders, which run below the tariff."""
        return self.feu_by_rail(km) * self.facts.assumed("rail", "block_discount")

    def feu_over_1520(self, km: float, way: str) -> float:
        """Return the price of a 40 ft container over `km` of 1520 mm railway, CNY."""
        name = f"1520-gauge section {INDEX_1520[way]} (ERAI)"
        usd = self.facts.parameter("cre", name)
        return usd * self.cny_per_usd * km / self.facts.broad_gauge_km

    def usd_per_feu_at_sea(self, port: str, way: str) -> float:
        """Return the ocean rate of a 40 ft container to (`out`) or from (`back`) a port abroad."""
        level = 1.0 if self.facts.year is None else self.facts.parameter("sea_level", way)
        return level * self.usual_usd_per_feu(port, way)

    def usual_usd_per_feu(self, port: str, way: str) -> float:
        """Return the same before the level of rates in a base year."""
        assumed = self.facts.assumed.optional("sea_rate", f"{port}:{way}")
        if assumed is not None:
            return assumed
        if port == "NLRTM":
            lane = "Shanghai-Rotterdam spot" if way == "out" else "Rotterdam-Shanghai backhaul"
            return self.facts.parameter("sea_fcl", lane)
        if port == "USLAX":
            return self.facts.parameter("sea_fcl", "Shanghai-Los Angeles")
        return self.facts.parameter("sea_fcl", "Asia short-sea (Korea/Japan/ASEAN)")

    def at_sea_cny_per_t(self, port: str, way: str) -> float:
        """Return the ocean rate per tonne."""
        return self.usd_per_feu_at_sea(port, way) * self.cny_per_usd / self.t_per_feu

    @cached_property
    def t_per_teu(self) -> float:
        """Observed load of a 20 ft unit."""
        return self.facts.parameter("cre", "observed load per TEU")

    @cached_property
    def t_per_feu(self) -> float:
        """Load of a 40 ft container, two units."""
        return 2 * self.t_per_teu

    def flight_cny(self, km: float) -> float:
        """Return the cost of one freighter flight over `km` flown."""
        return self.facts.assumed("air", "cny_per_km") * km

    @cached_property
    def flight_payload_t(self) -> float:
        """What a B747-400F or 777F may be planned to carry one way: payload x load factor."""
        full = self.facts.parameter("air_freighter", "payload B747-400F / 777F")
        return full * self.facts.assumed("air", "planning_load")

    @cached_property
    def train_payload_t(self) -> float:
        """Observed load of an international train."""
        return self.facts.parameter("cre", "observed load")

    @cached_property
    def train_feu(self) -> float:
        """Containers of 40 ft on an international train."""
        return self.facts.parameter("cre", "train size")

    def rail_emissions(self, section: str) -> tuple[float, float, str]:
        """Return the same for a railway: china, broad (1520 mm), europe, asean or america."""
        if section == "china":
            wtw = self.facts.parameter("rail_electric_cn", "GHG")
            return wtw, 0.0, "electric, national average with tare"
        wtw = self.facts.assumed("rail_emission", f"{section}:wtw")
        ttw = self.facts.assumed("rail_emission", f"{section}:ttw")
        return wtw, ttw, f"{RAILWAYS[section]}, general knowledge, data/assumptions.csv"

    def emissions(self, mode: Mode) -> tuple[float, float, str]:
        """Return well-to-wheel and tank-to-wheel g CO2e per tkm, and their source."""
        ask, assumed = self.facts.parameter, self.facts.assumed
        if mode is Mode.ROAD_BATTERY:
            kwh = assumed("road", "battery_kwh_per_km") / assumed("road", "battery_load")
            return kwh * self.grid_kg_per_kwh * 1000, 0.0, "kWh per km x grid factor"
        if mode is Mode.RAIL:
            return self.rail_emissions("china")
        group, row, name, source = COMBUSTION[mode]
        wtw = ask(row, name)
        return wtw, wtw * assumed(group, "ttw_share"), source
