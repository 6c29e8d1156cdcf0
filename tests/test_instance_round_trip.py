# ruff: noqa: E501 (a case is one line, read across)
"""What is written reads back the same, whatever it holds; in memory the same rules hold."""

from __future__ import annotations

import math
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubopt.errors import Finding, InputError
from hubopt.instance import tables
from hubopt.instance.cell_errors import TURNING
from hubopt.instance.digest import content_hash
from hubopt.instance.draft import Draft
from hubopt.instance.mojibake import meant
from hubopt.instance.read import read
from hubopt.instance.tables import Demand, Instance
from hubopt.instance.write import canonical_files, write
from hubopt.text import Text
from hubopt.vocabulary import Mode
from tests.instance_folder import snapshot
from tests.tiny import place, tiny


def looks_right(text: str) -> bool:
    """Tell whether no one would take a text for one in the wrong encoding."""
    return meant(text) is None


TEXTS = (
    st.text(
        st.characters(
            exclude_categories=("Cc", "Cs", "Cn"),
            exclude_characters="\ufffd\u2028\u2029" + "".join(TURNING),
        ),
        max_size=20,
    )
    .map(str.strip)
    .filter(looks_right)
)
NAMES = st.text(st.characters(categories=("L", "Nd"), max_codepoint=0xFFFF), min_size=1, max_size=8)
IDS = NAMES.map(lambda name: f"x{ord(name[0])}")
AMOUNTS = st.one_of(
    st.just(0.0),
    st.floats(1e-6, 1e6),
    st.integers(0, 10**6).map(float),
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
        replace(p, value_cny_per_t=draw(st.floats(10, 1e7)), name_en=draw(TEXTS))
        for p in base.products
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
    """read(write(x)) is x, and writing that again gives the same bytes."""
    with tempfile.TemporaryDirectory() as name:
        write(instance, Path(name))
        found = read(Path(name))
        assert found == instance
        assert snapshot(Path(name)) == canonical_files(found)
    assert content_hash(found) == content_hash(instance)


def test_the_tiny_instance_is_canonical(tmp_path: Path) -> None:
    """The tiny instance is valid as it stands and comes back from files equal in every row."""
    write(tiny(), tmp_path)
    assert read(tmp_path) == tiny()


def test_the_hash_sees_content_and_not_order() -> None:
    """Rows in another order hash the same; a changed gram does not."""
    base = tiny()
    turned = replace(base, demand=base.demand[::-1], links=base.links[::-1])
    heavier = replace(base.demand[0], demand_t_per_year=8000.001)
    assert content_hash(turned) == content_hash(base)
    assert content_hash(replace(base, demand=(heavier, *base.demand[1:]))) != content_hash(base)
    assert len(content_hash(base)) == 64


def wrong(**tables: object) -> list[tuple[str, int | None, str | None, str]]:
    """Return where and what is wrong with the tiny instance with some tables replaced."""
    with pytest.raises(InputError) as caught:
        replace(tiny(), **tables)  # type: ignore[arg-type]
    return [(f.file, f.row, f.column, f.code) for f in caught.value.findings]


def test_no_instance_is_made_against_the_rules() -> None:
    """A changed instance is checked like a read one, with the rows that it would be written in."""
    base = tiny()
    endless = replace(base.demand[0], demand_t_per_year=math.nan)
    nowhere = replace(base.demand[3], destination="BB")
    assert wrong(demand=(endless, *base.demand[1:3], nowhere, *base.demand[4:])) == [
        ("demand.csv", 2, "demand_t_per_year", "NUM07"),
        ("demand.csv", 5, "destination", "KEY06"),
    ]
    less = replace(base.demand[0], demand_t_per_year=-5.0)
    assert wrong(demand=(less,)) == [("demand.csv", 2, "demand_t_per_year", "NUM10")]
    assert wrong(demand=()) == [("demand.csv", None, None, "TAB07")]
    assert wrong(settings=replace(base.settings, discount_rate=-1.0)) == [
        ("instance.toml", 6, "discount_rate", "NUM10")
    ]


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"settings": None}, ("instance.toml", None, None, "TAB24")),
        ({"demand": None}, ("demand.csv", None, None, "TAB24")),
        ({"links": (3,)}, ("links.csv", None, None, "TAB24")),
        ({"demand": (replace(tiny().demand[0], stage="soon"),)}, ("demand.csv", 2, "stage", "NUM04")),
        ({"demand": (replace(tiny().demand[0], demand_t_per_year=True),)}, ("demand.csv", 2, "demand_t_per_year", "NUM04")),
        ({"products": (replace(tiny().products[0], modes=frozenset({"plane"})),)}, ("products.csv", 2, "modes", "NUM19")),
        ({"products": (replace(tiny().products[0], modes=5),)}, ("products.csv", 2, "modes", "NUM19")),
        ({"demand": (replace(tiny().demand[0], id=None),)}, ("demand.csv", 2, "id", "KEY05")),
    ],
)  # fmt: skip
def test_objects_of_the_wrong_type_are_findings(
    tables: dict[str, object], where: tuple[str, int | None, str | None, str]
) -> None:
    """Whatever is put into an instance, what is wrong comes back as findings and nothing else."""
    assert where in wrong(**tables)


def test_values_come_out_as_reading_gives_them() -> None:
    """Whole numbers and plain words become decimals and modes, and rows stand in order."""
    base = tiny()
    first, *others = base.links
    plain = replace(first, mode="road_diesel", access="open", distance_km=130, cost_cny_per_t=50)
    made = replace(base, links=(*others, plain))
    assert made == base
    assert made.links[0].mode is Mode.ROAD_DIESEL
    assert isinstance(made.links[0].distance_km, float)


def test_reading_checks_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading checks what it has read, and making the instance does not do it again."""
    write(tiny(), tmp_path)
    calls: list[object] = []
    real = tables.settled

    def counted(draft: Draft, findings: list[Finding]) -> dict[str, object]:
        calls.append(draft)
        return real(draft, findings)

    monkeypatch.setattr(tables, "settled", counted)
    read(tmp_path)
    assert len(calls) == 1


def test_products_without_trucks_start_in_any_mode() -> None:
    """A truckless product reaches its end in any of its modes, and only in those."""
    base = tiny()
    rail = replace(base.product["MACH"], id="RAIL", modes=frozenset({base.services[2].mode}))
    there = Demand("there", "T", "E", "RAIL", 2025, 1.0, None)
    found = replace(base, products=(*base.products, rail), demand=(there,))
    assert found.demand == (there,)
    further = replace(there, destination="R")
    assert wrong(products=(*base.products, rail), demand=(further,)) == [
        ("demand.csv", 2, "destination", "NET02")
    ]


def test_shipments_at_home_do_not_leave_it() -> None:
    """A domestic shipment whose only way crosses the border has no way."""
    base = tiny()
    far = place("Z", base.place["A"].kind, "CN", 45.0, 85.0)
    road = replace(base.links[0], from_place="R", to_place="Z", distance_km=6000.0, time_h=100.0)
    shipment = Demand("far", "A", "Z", "MACH", 2025, 1.0, None)
    with pytest.raises(InputError, match="without crossing the border"):
        replace(base, places=(*base.places, far), links=(*base.links, road), demand=(shipment,))


def test_an_instance_keeps_its_notes() -> None:
    """Notes of reading are not content: equal instances may have been read differently."""
    base = tiny()
    noted = replace(base, notes=(Text("read from afar", "远程读取"),))
    assert noted == base
    assert replace(noted, demand=base.demand).notes == noted.notes


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("郑州".encode("gbk").decode("latin-1"), "郑州"),
        ("郑州 ZZ".encode("gbk").decode("cp1252"), "郑州 ZZ"),
        ("Łódź".encode().decode("cp1252", "ignore"), None),
        ("São Paulo", None),
        ("Åå Öö Üü", None),
        ("ñandú", None),
        ("郑州", None),
        ("联通", None),
        ("€ 5", None),
    ],
)
def test_texts_in_the_wrong_encoding_are_told_from_others(text: str, right: str | None) -> None:
    """Chinese read as Western letters is recognised; accented words and Chinese are left alone."""
    assert meant(text) == right
