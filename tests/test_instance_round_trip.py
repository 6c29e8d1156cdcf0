"""What is written reads back the same, whatever it holds; in memory the same rules hold."""

from __future__ import annotations

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubopt.errors import InputError
from hubopt.instance.check import checked
from hubopt.instance.digest import content_hash
from hubopt.instance.read import read
from hubopt.instance.tables import Demand, Instance, Product
from hubopt.instance.write import canonical_files, write
from tests.instance_folder import snapshot
from tests.tiny import place, tiny

TEXTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn"), exclude_characters="\ufffd\u2028\u2029"),
    max_size=20,
).map(str.strip)
NAMES = st.text(st.characters(categories=("L", "Nd"), max_codepoint=0xFFFF), min_size=1, max_size=8)
IDS = NAMES.map(lambda name: f"x{ord(name[0])}")
AMOUNTS = st.one_of(
    st.just(0.0),
    st.floats(1e-6, 1e6),
    st.integers(0, 10**9).map(float),
    st.decimals(0, 10**6, places=3).map(float),
).filter(lambda number: number == 0 or number >= 1e-6)


@st.composite
def instances(draw: st.DrawFn) -> Instance:
    """Draw tiny instances with other names, amounts, shipments and row orders."""
    base = tiny()
    places = tuple(
        replace(p, name_en=draw(TEXTS), name_zh=draw(TEXTS), region=draw(TEXTS))
        for p in base.places
    )
    products = tuple(
        replace(p, value_cny_per_t=draw(AMOUNTS), name_en=draw(TEXTS)) for p in base.products
    )
    demand = tuple(
        replace(base.demand[draw(st.integers(0, 11))], id=ident, demand_t_per_year=draw(AMOUNTS))
        for ident in draw(st.lists(IDS, min_size=1, max_size=6, unique_by=str.casefold))
    )
    links = tuple(
        replace(link, cost_cny_per_t=draw(st.floats(0.01, 1e5)), distance_source=draw(TEXTS))
        for link in draw(st.permutations(base.links))
    )
    title = draw(TEXTS)
    rates = draw(st.floats(1e-6, 0.4))
    shared = replace(base.settings, title_en=title, discount_rate=rates)
    return replace(
        base, settings=shared, places=places, products=products, demand=demand, links=links
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(instances())
def test_written_instances_read_back_the_same(instance: Instance) -> None:
    """read(write(x)) is x in canonical order, and writing that again gives the same bytes."""
    wanted = checked(instance)
    with tempfile.TemporaryDirectory() as name:
        write(instance, Path(name))
        found = read(Path(name))
        assert found == wanted
        assert snapshot(Path(name)) == canonical_files(found)
    assert content_hash(found) == content_hash(instance)


def test_the_tiny_instance_is_canonical(tmp_path: Path) -> None:
    """The tiny instance is valid as it stands and comes back from files equal in every row."""
    write(tiny(), tmp_path)
    assert read(tmp_path) == checked(tiny()) == tiny()


def test_the_hash_sees_content_and_not_order() -> None:
    """Rows in another order hash the same; a changed gram does not."""
    base = tiny()
    turned = replace(base, demand=base.demand[::-1], links=base.links[::-1])
    heavier = replace(base.demand[0], demand_t_per_year=8000.001)
    assert content_hash(turned) == content_hash(base)
    assert content_hash(replace(base, demand=(heavier, *base.demand[1:]))) != content_hash(base)
    assert len(content_hash(base)) == 64


def wrong(instance: Instance) -> list[tuple[str, int | None, str | None, str]]:
    """Return where and what `checked` finds wrong."""
    with pytest.raises(InputError) as caught:
        checked(instance)
    return [(f.file, f.row, f.column, f.code) for f in caught.value.findings]


def test_instances_in_memory_obey_the_same_rules() -> None:
    """A changed instance is checked like a read one, with the rows that it would be written in."""
    base = tiny()
    endless = replace(base.demand[0], demand_t_per_year=math.nan)
    nowhere = replace(base.demand[3], destination="BB")
    changed = replace(base, demand=(endless, *base.demand[1:3], nowhere, *base.demand[4:]))
    assert wrong(changed) == [
        ("demand.csv", 2, "demand_t_per_year", "NUM07"),
        ("demand.csv", 5, "destination", "KEY06"),
    ]
    assert wrong(replace(base, demand=())) == [("demand.csv", None, None, "TAB07")]
    assert wrong(replace(base, settings=replace(base.settings, discount_rate=-1.0))) == [
        ("instance.toml", 6, "discount_rate", "NUM10")
    ]


def test_products_without_trucks_start_in_any_mode() -> None:
    """A truckless product reaches its end in any of its modes, and only in those."""
    base = tiny()
    rail = Product(**{
        name: getattr(base.product["MACH"], name) for name in Product.__dataclass_fields__
    })  # fmt: skip
    rail = replace(rail, id="RAIL", modes=frozenset({base.services[2].mode}))
    there = Demand("there", "T", "E", "RAIL", 2025, 1.0, None)
    found = checked(replace(base, products=(*base.products, rail), demand=(there,)))
    assert found.demand == (there,)
    further = replace(there, destination="R")
    assert wrong(replace(base, products=(*base.products, rail), demand=(further,))) == [
        ("demand.csv", 2, "destination", "NET02")
    ]


def test_shipments_at_home_do_not_leave_it() -> None:
    """A domestic shipment whose only way crosses the border has no way."""
    base = tiny()
    far = place("Z", base.place["A"].kind, "CN", 45.0, 85.0)
    road = replace(base.links[0], from_place="R", to_place="Z", distance_km=6000.0, time_h=100.0)
    shipment = Demand("far", "A", "Z", "MACH", 2025, 1.0, None)
    changed = replace(
        base, places=(*base.places, far), links=(*base.links, road), demand=(shipment,)
    )
    with pytest.raises(InputError, match="without crossing the border"):
        checked(changed)


def test_a_large_instance_keeps_its_notes() -> None:
    """Notes of reading are not content: equal instances may have been read differently."""
    base = tiny()
    noted = replace(base, notes=("read from afar",))
    assert noted == base
    assert checked(noted).notes == ("read from afar",)
