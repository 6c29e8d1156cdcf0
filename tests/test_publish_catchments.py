"""Catchments tile the region, places balance, and freight by product adds up to all freight."""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict

import pytest
from shapely import union_all
from shapely.geometry import Point

from hubopt.publish.basemap import basemap
from hubopt.publish.catchment_cells import Cells, cells_of
from hubopt.publish.catchment_layer import catchments, leading, places_served, primary
from hubopt.publish.figures import Figures
from hubopt.publish.flow_layers import flows_by_product
from hubopt.publish.layers import layers
from hubopt.publish.lines import Lines
from hubopt.vocabulary import Function, PlaceKind
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

FIGURES = Figures(tiny(), tiny_plan())
LAYERS = {layer.name: layer for layer in layers(FIGURES, None)}


def rows(name: str) -> list[dict[str, object]]:
    """Return a layer as records."""
    layer = LAYERS[name]
    return [dict(zip(layer.fields, row, strict=True)) for row in layer.rows]


def test_a_centre_serves_the_places_of_its_region() -> None:
    """DC_A consolidates goods of A and B; where they go to in Europe is no catchment of it."""
    served = places_served(FIGURES)
    centre = (2025, "DC_A", Function.CONSOLIDATION)
    assert set(served) == {centre, (2030, "DC_A", Function.CONSOLIDATION)}
    assert dict(served[centre]) == {"A": 8_000_000 + 900_000, "B": 12_000_000}


def test_catchments_say_how_much_of_the_freight_is_inside() -> None:
    """Both grounds of the only centre hold all its freight; figures are those of sites."""
    handled = {(r["stage"], r["site"]): r["handled_t_per_year"] for r in rows("sites")}
    found = rows("catchments")
    assert {(row["stage"], row["ground"]) for row in found} == {
        (stage, ground) for stage in (2025, 2030) for ground in ("own", "leading")
    }
    for row in found:
        assert row["handled_t_per_year"] == handled[row["stage"], row["site"]]
        assert row["places"] == "A|B" or row["ground"] == "own"
        assert row["catchment_t_per_year"] == row["handled_t_per_year"]
        assert (row["places_in_catchment"], row["places_served"]) == (2, 2)


def test_the_ground_of_a_city_in_henan_is_its_prefecture() -> None:
    """Zhengzhou and Luoyang stand for their prefectures, less a few kilometres of their edges."""
    cells = Cells(tiny())
    outline = {p["name_zh"]: shape for p, shape in basemap("henan")}
    place = next(row for row in tiny().places if row.id == "A")
    home = next(s for s in outline.values() if s.intersects(Point(place.lon, place.lat)))
    cell = cells.of("A")
    assert cell is not None
    assert cell.intersection(home).area > 0.97 * home.area
    assert cell.area < 1.03 * home.area
    assert cells.city("T") in {"A", "B"}


def test_cells_share_the_ground_without_gaps_or_overlaps() -> None:
    """Several cities in one prefecture, and cities abroad, split their ground between them."""
    base = next(row for row in tiny().places if row.kind is PlaceKind.CITY)
    spots = {"a": (34.75, 113.6), "b": (34.5, 113.1), "c": (34.4, 113.7), "d": (52.5, 13.4),
             "e": (51.3, 12.4)}  # fmt: skip
    made = [
        dataclasses.replace(base, id=name, lat=lat, lon=lon) for name, (lat, lon) in spots.items()
    ]
    for some in (made[:3], made[3:]):
        cells = [cell for _, cell in cells_of(some).values()]
        assert sum(cell.area for cell in cells) == pytest.approx(union_all(cells).area, rel=1e-9)
        for row, cell in zip(some, cells, strict=True):
            assert cell.buffer(1e-9).contains(Point(row.lon, row.lat))


def test_places_at_one_point_share_their_cell() -> None:
    """Two cities with the same coordinates, and one alone, have a ground too."""
    base = next(row for row in tiny().places if row.kind is PlaceKind.CITY)
    twins = [dataclasses.replace(base, id=name) for name in ("a", "b")]
    (_, one), (_, other) = cells_of(twins).values()
    assert one.equals(other)
    assert not one.is_empty


def test_a_region_as_wide_as_a_continent_has_no_cells() -> None:
    """Regions beyond the reach of trucks are left out instead of being cut through oceans."""
    base = next(row for row in tiny().places if row.kind is PlaceKind.CITY)
    far = [dataclasses.replace(base, id=str(lon), lon=float(lon)) for lon in (-90, 0, 90)]
    assert cells_of(far) == {}


def test_leading_centres_win_by_cell_and_alone() -> None:
    """Each cell belongs to one centre of a function: that with most freight, by id if equal."""
    served = places_served(FIGURES)
    centre = next(iter(served))
    rival = (centre[0], "ZZ_RIVAL", centre[2])
    both = {centre: served[centre], rival: served[centre].copy()}
    both[rival]["A"] += 1
    found = leading(both, Cells(tiny()))
    assert (found[rival], found[centre]) == (["A"], ["B"])


def test_a_primary_catchment_is_as_small_as_it_can_be() -> None:
    """Places are taken by freight until four fifths are reached, and not one more."""
    served = places_served(FIGURES)
    centre = next(iter(served))
    kg = type(served[centre])({"x": 50, "y": 30, "z": 15, "w": 5})
    assert primary({centre: kg}) == {centre: ["x", "y"]}


def test_a_plan_without_handling_has_no_catchments() -> None:
    """With nothing handled the layer is there and empty."""
    figures = Figures(tiny(), dataclasses.replace(tiny_plan(), flows=()))
    assert catchments(figures).rows == ()


def test_every_place_balances() -> None:
    """What starts and arrives at a place departs or ends there, to the kilogram."""
    found = rows("places")
    assert {row["place"] for row in found} >= {"A", "B", "T", "R"}
    assert all(row["balance_t_per_year"] == 0 for row in found)
    at = {(row["stage"], row["place"]): row for row in found}
    here = at[2025, "A"]
    assert here["starts_t_per_year"] == 8000 + 20000 + 900
    assert here["ends_t_per_year"] == 12000 + 10000
    assert here["handled_t_per_year"] == 8000 + 12000 + 900
    assert at[2025, "T"]["changed_t_per_year"] == 20000 + 5000 + 10000
    assert at[2025, "B"]["unserved_t_per_year"] == 2000


def test_products_add_up_to_all_freight() -> None:
    """Tonnes, cost and CO2e of flows by product have the sums of flows, link by link."""
    sums: dict[str, defaultdict[tuple[object, ...], list[float]]] = {}
    for name in ("flows", "flows_by_product"):
        sums[name] = defaultdict(lambda: [0.0] * 4)
        for row in rows(name):
            key = tuple(row[k] for k in ("stage", "from_place", "to_place", "mode"))
            for number, field in enumerate(
                ("flow_t_per_year", "line_haul_cny_per_year", "co2e_wtw_kg_per_year",
                 "co2e_ttw_kg_per_year")
            ):  # fmt: skip
                sums[name][key][number] += float(str(row[field]))
    assert sums["flows"].keys() == sums["flows_by_product"].keys()
    for key, whole in sums["flows"].items():
        assert sums["flows_by_product"][key] == pytest.approx(whole, abs=0.02)


def test_the_city_with_most_links_is_named_first() -> None:
    """Links of terminals near a city count for it, so that the hub keeps its name on the world."""
    found = {row["place"]: row for row in rows("places") if row["stage"] == 2025}
    assert found["A"]["links_in_reach"] > found["A"]["links_here"]
    assert max(found, key=lambda one: found[one]["links_in_reach"]) == "A"


def test_lines_by_product_become_straight_where_room_is_short(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many products there are no row is left out: their lines get simpler, and say so."""
    monkeypatch.setattr("hubopt.publish.flow_layers.MOST_POINTS", 10)
    layer = flows_by_product(FIGURES, Lines(tiny(), None))
    whole = LAYERS["flows_by_product"]
    assert layer.rows == whole.rows
    assert layer.description.startswith("Straight")
    for line, before in zip(layer.geometry, whole.geometry, strict=True):
        assert all(len(part.coords) == 2 for part in line.geoms)
        assert line.geoms[0].coords[0] == before.geoms[0].coords[0]
        assert line.geoms[-1].coords[-1] == before.geoms[-1].coords[-1]


def test_cells_need_no_outlines_of_prefectures() -> None:
    """Beside a reviewed map land is shared by distance alone, again without gaps or overlaps."""
    free = catchments(FIGURES, by_prefecture=False)
    assert len(free.rows) == len(LAYERS["catchments"].rows)
    cities = [row for row in tiny().places if row.id in {"A", "B"}]
    one, other = (cell for _, cell in cells_of(cities, by_prefecture=False).values())
    assert one.intersection(other).area < 1e-9
    edge = one.boundary.intersection(other.boundary)
    assert edge.length > 0.5
    for x, y in (edge.interpolate(share, normalized=True).coords[0] for share in (0.2, 0.8)):
        wide = math.cos(math.radians((cities[0].lat + cities[1].lat) / 2))
        away = [math.hypot((x - c.lon) * wide, y - c.lat) for c in cities]
        assert away[0] == pytest.approx(away[1], rel=1e-6)
