"""Make sea_routes.csv and .geojson, and air_legs.csv, from places.csv: the same bytes each time.

    python data/make_routes.py

Sea lengths come from the shipping-lane network of the `searoute` package, with the North-west
Passage closed at all times; the Cape variant closes Suez as well (and Panama, so that the detour
does not run through it). Air legs are great circles.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import searoute
from pyproj import Geod

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
CHINA = ("CNSHA", "CNNGB", "CNTAO", "CNTXG", "CNLYG", "CNRZH", "CNNSA", "CNYTN")
OVERSEAS = (
    "NLRTM", "DEHAM", "PLGDN", "BEANR", "GRPIR", "USLAX", "USNYC", "USSAV", "KRPUS", "JPTYO",
    "SGSIN", "VNCMT", "VNHPH", "THLCH", "MYPKG", "AEJEA", "INNSA", "BRSSZ", "NGLOS", "KEMBA",
    "AUSYD",
)  # fmt: skip
COASTAL = (("CNSHA", "CNNSA"), ("CNLYG", "CNNSA"))
THROUGH_SUEZ = ("NLRTM", "DEHAM", "PLGDN", "BEANR", "GRPIR")
CHINA_AIR = ("CGO", "PVG", "CAN", "PEK", "XIY", "WUH", "EHU", "TFU", "CKG", "SZX", "HKG", "TAO")
OVERSEAS_AIR = (
    "LUX", "LGG", "BUD", "FRA", "AMS", "LEJ", "SVO", "ORD", "JFK", "ATL", "LAX", "ANC", "NRT",
    "ICN", "BKK", "KUL", "MNL", "SIN", "DXB", "ADD", "GRU", "DEL", "ALA", "TAS", "SYD",
)  # fmt: skip
VARIANTS = {"suez": ["northwest"], "cape": ["northwest", "suez", "panama"]}
DECIMALS = 4


def main() -> None:
    """Write the three files next to this one."""
    with (HERE / "places.csv").open(encoding="utf-8", newline="") as file:
        at = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    write_sea(at)
    write_air(at)


def sea_pairs() -> Iterator[tuple[str, str, str]]:
    """Yield the ports and the variant of every route."""
    for start in CHINA:
        for end in OVERSEAS:
            for variant in ("suez", "cape") if end in THROUGH_SUEZ else ("suez",):
                yield start, end, variant
    for start, end in COASTAL:
        yield start, end, "suez"


def write_sea(at: dict[str, tuple[float, float]]) -> None:
    """Write the sea routes with their lines."""
    rows, features = [], []
    for start, end, variant in sea_pairs():
        found = searoute.searoute(
            at[start], at[end], append_orig_dest=True, restrictions=VARIANTS[variant]
        )
        length_km = f"{found['properties']['length']:.0f}"
        rows.append((start, end, variant, length_km, "searoute shipping lanes", "medium"))
        line = [
            [round(x, DECIMALS), round(y, DECIMALS)] for x, y in found["geometry"]["coordinates"]
        ]
        features.append(
            {
                "type": "Feature",
                "properties": {"from_id": start, "to_id": end, "variant": variant},
                "geometry": {"type": "LineString", "coordinates": line},
            }
        )
    head = ("from_id", "to_id", "variant", "length_km", "source", "confidence")
    write_csv("sea_routes.csv", head, rows)
    body = ",\n".join(json.dumps(f, ensure_ascii=False, separators=(",", ":")) for f in features)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    (HERE / "sea_routes.geojson").write_bytes(text.encode())


def write_air(at: dict[str, tuple[float, float]]) -> None:
    """Write the great-circle distances between airports."""
    geod = Geod(ellps="WGS84")
    rows = [
        (a, b, f"{geod.inv(*at[a], *at[b])[2] / 1000:.0f}", "great circle, WGS84", "high")
        for a in CHINA_AIR
        for b in OVERSEAS_AIR
    ]
    head = ("from_id", "to_id", "great_circle_km", "source", "confidence")
    write_csv("air_legs.csv", head, rows)


def write_csv(name: str, head: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """Write a table with plain line ends."""
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
