"""Make hubopt/publish/basemap/web_map_shift.geojson: where Chinese web maps shift coordinates.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python data/make_shift_area.py package/countries-10m.json

The outlines are those of Natural Earth 4.1.0 at 1:10 million (public domain). At sea the area goes
on for some 30 km, since ports and islands lie beyond a generalised coast; on land it ends where a
neighbour begins. It tells a computation which rule to use, is never drawn, and implies no boundary.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import shapely

HERE = Path(__file__).parent
FILE = HERE.parent / "hubopt" / "publish" / "basemap" / "web_map_shift.geojson"
SHA256 = "3bc6f1d367a9bcec479841bae0e76092f512838411d0cef124e92eec4db45f79"
"""Hash of countries-10m.json in world-atlas 2.0.2."""

BOTH = ("156", "344", "446")
"""Where both GCJ-02 and BD-09 are shifted: the mainland, Hong Kong and Macau, by ISO 3166-1."""

BD09_ALONE = ("158",)
"""Where BD-09 is shifted and GCJ-02 is not: Taiwan."""

AT_SEA_DEG, STRAIT_DEG = 0.3, 0.02
TOLERANCE_DEG, DECIMALS = 0.003, 3


def main(source: Path) -> None:
    """Write the area of each datum, the same bytes for the same source."""
    if hashlib.sha256(source.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{source}: is not countries-10m.json of world-atlas 2.0.2")
    countries = gpd.read_file(source, layer="countries")
    countries.geometry = countries.geometry.make_valid()
    both, alone = (countries[countries.id.isin(ids)].union_all() for ids in (BOTH, BD09_ALONE))
    rest = countries[~countries.id.isin([*BOTH, *BD09_ALONE])]
    others = rest[rest.intersects(shapely.union(both, alone).buffer(2 * AT_SEA_DEG))].union_all()
    area = both.buffer(AT_SEA_DEG).difference(others).union(both)
    area = area.difference(alone.buffer(STRAIT_DEG).difference(both))
    island = alone.buffer(AT_SEA_DEG).difference(others).difference(area)
    features = [feature("gcj02|bd09", area), feature("bd09", island)]
    body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in features)
    text = f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'
    FILE.write_bytes(text.encode())


def feature(shifts: str, area: Any) -> dict[str, object]:  # noqa: ANN401  (shapely is untyped)
    """Return an area, generalised, with the datums that are shifted in it."""
    plain = shapely.set_precision(area.simplify(TOLERANCE_DEG), 10.0**-DECIMALS)
    shape = shapely.transform(plain, lambda points: points.round(DECIMALS))
    geometry = json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": {"shifts": shifts}, "geometry": geometry}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
