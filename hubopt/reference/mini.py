"""`zhengzhou-mini`: nine places, every feature once, small enough to follow by hand.

Distances and prices come from `data/`; sizes of sites and shipments are round figures chosen for
the tutorial, not facts.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyproj import Geod

from hubopt.instance.tables import Instance, Place, Settings, Stage
from hubopt.instance.write import write
from hubopt.reference.assumptions import read_assumptions
from hubopt.reference.mini_limits import POLICIES_ON, limits, vehicles
from hubopt.reference.mini_rows import demand, links, products, services, transfers
from hubopt.reference.mini_sites import capacities, customs, handling, modules, sites
from hubopt.vocabulary import Datum, Mode, PlaceKind

if TYPE_CHECKING:
    from pathlib import Path

PLACES = (
    "ZHENGZHOU", "LUOYANG", "SHOP_ZZ", "PUT", "CGO", "ZKP_F", "CNLYG", "HAMBURG_R", "REG_EU_NW",
)  # fmt: skip
GREEN = frozenset({"ZHENGZHOU", "LUOYANG", "SHOP_ZZ"})
"""Places of the green delivery zone."""
ROAD_PAIRS = (
    ("ZHENGZHOU", "LUOYANG"),
    ("ZHENGZHOU", "PUT"),
    ("ZHENGZHOU", "CGO"),
    ("ZHENGZHOU", "ZKP_F"),
    ("LUOYANG", "PUT"),
    ("LUOYANG", "CGO"),
)
RAIL_TO_EUROPE = (("PUT", "ALASHANKOU"), ("ALASHANKOU", "DOSTYK"), ("DOSTYK", "BREST"),
                  ("BREST", "MALASZEWICZE"), ("MALASZEWICZE", "HAMBURG_R"))  # fmt: skip


FLOWN_OVER_GREAT_CIRCLE = 1.08
"""Flown distance against the great circle: an assumption of `data/links.csv`."""
DRIVEN_OVER_GREAT_CIRCLE = 1.2
"""Road distance against the great circle in Europe and inside Zhengzhou: an assumption."""


@dataclass(frozen=True)
class Facts:
    """What the mini instance takes from `data/`: kilometres by pair, central figures by name."""

    road_km: dict[tuple[str, str], float]
    rail_km: dict[tuple[str, str], float]
    sea_km: float
    air_km: float
    inland_km: float
    barge_km: float
    figure: dict[tuple[str, str], float]
    battery_payload: float
    battery_kwh_per_tkm: float
    insurance: dict[str, float]

    @property
    def europe_km(self) -> float:
        """Kilometres by rail from Putian to Hamburg."""
        return round(sum(self.rail_km[pair] for pair in RAIL_TO_EUROPE), 1)


def build_mini(data_dir: Path, out_dir: Path) -> None:
    """Write the instance into `out_dir/zhengzhou-mini`, the same bytes for the same data."""
    folder = out_dir / "zhengzhou-mini"
    write(mini(data_dir), folder)
    geometry = folder / "geometry"
    geometry.mkdir(exist_ok=True)
    (geometry / "osm_lines.geojson").write_bytes(road_and_rail_lines(data_dir).encode())
    (geometry / "sea_lines.geojson").write_bytes(sea_lines(data_dir).encode())


def mini(data_dir: Path) -> Instance:
    """Return the instance."""
    facts = read_facts(data_dir)
    return Instance(
        settings=Settings(
            name="zhengzhou-mini",
            title_en="Zhengzhou in nine places",
            title_zh="郑州九点小例",
            base_year=2025,
            stages=(Stage(2025, 5), Stage(2030, 5)),
            discount_rate=0.08,
            carbon_price_cny_per_t=95.96,
            grid_kg_co2e_per_kwh=0.5395,
            home_country="CN",
            routes_per_shipment=60,
            gap=0.0,
            time_s=60.0,
            policies=POLICIES_ON,
            returns_to_origin_district=True,
        ),
        places=places(data_dir),
        sites=sites(),
        handling=handling(),
        modules=modules(),
        capacities=capacities(),
        links=links(facts),
        services=services(facts),
        transfers=transfers(),
        customs=customs(),
        products=products(),
        demand=demand(),
        limits=limits(),
        vehicles=vehicles(facts),
    )


def table(file: Path) -> list[dict[str, str]]:
    """Return a file of `data/` as rows."""
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def places(data_dir: Path) -> tuple[Place, ...]:
    """Return the places."""
    rows = {row["id"]: row for row in table(data_dir / "places.csv")}
    found = []
    for ident in sorted(PLACES):
        row = rows[ident]
        found.append(
            Place(
                ident,
                row["name_en"],
                row["name_zh"],
                PlaceKind(row["kind"]),
                row["country"],
                float(row["lat"]),
                float(row["lon"]),
                Datum.WGS84,
                "Europe" if row["country"] != "CN" else "China",
                "green" if ident in GREEN else None,
            )
        )
    return tuple(found)


def read_facts(data_dir: Path) -> Facts:
    """Return distances and prices from the files of `data/`."""
    road = lengths(data_dir / "osm" / "road_legs.csv", "length_km_suggested")
    rail = lengths(data_dir / "osm" / "rail_legs.csv", "length_km_suggested")
    sea = {
        (row["from_id"], row["to_id"]): float(row["length_km"])
        for row in table(data_dir / "sea_routes.csv")
        if row["variant"] == "suez"
    }
    known = {(r["from_id"], r["to_id"], r["mode"]): r for r in table(data_dir / "links.csv")}
    at = {
        row["id"]: (float(row["lon"]), float(row["lat"])) for row in table(data_dir / "places.csv")
    }
    figure = {}
    for row in table(data_dir / "mode_parameters.csv"):
        try:
            figure[row["mode"], row["parameter"]] = float(row["central"].partition(";")[0])
        except ValueError:
            continue
    assumed = read_assumptions(data_dir / "assumptions.csv")
    in_town = round(great_circle_km(at["ZHENGZHOU"], at["SHOP_ZZ"]) * DRIVEN_OVER_GREAT_CIRCLE, 1)
    return Facts(
        road_km={pair: road[pair] for pair in ROAD_PAIRS} | {("ZHENGZHOU", "SHOP_ZZ"): in_town},
        rail_km={pair: rail[pair] for pair in (*RAIL_TO_EUROPE, ("PUT", "CNLYG"))},
        sea_km=sea["CNLYG", "DEHAM"],
        air_km=round(great_circle_km(at["CGO"], at["HAMBURG_R"]) * FLOWN_OVER_GREAT_CIRCLE),
        inland_km=round(
            great_circle_km(at["HAMBURG_R"], at["REG_EU_NW"]) * DRIVEN_OVER_GREAT_CIRCLE
        ),
        barge_km=float(known["ZKP_F", "CNLYG", "barge"]["distance_km"]),
        figure=figure,
        battery_payload=assumed("road", "battery_payload"),
        battery_kwh_per_tkm=assumed("road", "battery_kwh_per_km") / assumed("road", "battery_load"),
        insurance={mode: assumed("insurance", mode) for mode in Mode},
    )


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the geodesic distance between two (lon, lat) on WGS84."""
    return float(Geod(ellps="WGS84").inv(*a, *b)[2]) / 1000


def lengths(file: Path, column: str) -> dict[tuple[str, str], float]:
    """Return kilometres by pair of places, in both directions."""
    found = {}
    for row in table(file):
        found[row["from_id"], row["to_id"]] = float(row[column])
        found[row["to_id"], row["from_id"]] = float(row[column])
    return found


def road_and_rail_lines(data_dir: Path) -> str:
    """Return the lines of roads and railways that are drawn, as GeoJSON."""
    road = drawn(data_dir / "osm" / "road_legs.geojson")
    rail = drawn(data_dir / "osm" / "rail_legs.geojson")
    features = [feature(a, b, "road_diesel", road[a, b]) for a, b in ROAD_PAIRS if (a, b) in road]
    features.append(feature("PUT", "CNLYG", "rail", rail["PUT", "CNLYG"]))
    way = [point for pair in RAIL_TO_EUROPE for point in rail[pair]]
    features.append(feature("PUT", "HAMBURG_R", "rail", way))
    return collection(features)


def sea_lines(data_dir: Path) -> str:
    """Return the sea lane, as GeoJSON."""
    text = (data_dir / "sea_routes.geojson").read_text(encoding="utf-8")
    for found in json.loads(text)["features"]:
        keys = found["properties"]
        if (keys["from_id"], keys["to_id"], keys["variant"]) == ("CNLYG", "DEHAM", "suez"):
            lane = feature("CNLYG", "HAMBURG_R", "sea", found["geometry"]["coordinates"])
            return collection([lane])
    missing = "CNLYG DEHAM suez"
    raise LookupError(missing)


def drawn(file: Path) -> dict[tuple[str, str], list[list[float]]]:
    """Return the points of every line by pair of places, in both directions."""
    found: dict[tuple[str, str], list[list[float]]] = {}
    for row in json.loads(file.read_text(encoding="utf-8"))["features"]:
        pair = (row["properties"]["from_id"], row["properties"]["to_id"])
        found[pair] = row["geometry"]["coordinates"]
        found[pair[::-1]] = row["geometry"]["coordinates"][::-1]
    return found


def feature(a: str, b: str, mode: str, points: list[list[float]]) -> dict[str, object]:
    """Return a line of a link as a GeoJSON feature."""
    keys = {"from_place": a, "to_place": b, "mode": mode}
    line = {"type": "LineString", "coordinates": points}
    return {"type": "Feature", "properties": keys, "geometry": line}


def collection(features: list[dict[str, object]]) -> str:
    """Return features as GeoJSON, one a line."""
    body = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
