"""Large shops (大型商超) are supplied by truck from a distribution centre, and bound their size."""

from __future__ import annotations

from dataclasses import replace

from hubopt.instance.tables import Demand, Instance
from hubopt.network.steps import Handle, Move
from hubopt.vocabulary import Function, Mode, PlaceKind
from tests import tiny
from tests.test_feature_effects import GOODS, YEAR, sites_of, small, solved

DIESEL = Mode.ROAD_DIESEL
SHOP = "SHOP"


def with_shop(tonnes: float) -> Instance:
    """Return daily goods from A to a shop an hour behind B, to be had by road alone."""
    base = small(GOODS)
    return replace(
        base,
        places=(*base.places, tiny.place(SHOP, PlaceKind.RETAIL, "CN", 34.65, 113.0)),
        links=(*base.links, tiny.link("B", SHOP, DIESEL, 70.0, 20.0, 1.0)),
        demand=(*base.demand, Demand("TO_SHOP", "A", SHOP, "FMCG", YEAR, tonnes, None)),
    )


def test_a_shop_is_supplied_by_truck_from_a_centre() -> None:
    """Goods for a shop pass a distribution centre on the way and come by lorry in the end."""
    plan = solved(with_shop(3_000.0))
    (flow,) = (f for f in plan.flows if f.shipment == "TO_SHOP")
    assert flow.kg_per_year == 3_000_000
    assert [s.function for s in flow.steps if isinstance(s, Handle)] == [Function.CONSOLIDATION]
    last = [s for s in flow.steps if isinstance(s, Move)][-1]
    assert (last.to_place, last.mode) == (SHOP, DIESEL)


def test_what_a_shop_sells_opens_a_second_centre() -> None:
    """8,000 t fit the hall that stands; 20,000 t more for a shop open the centre at B."""
    assert sites_of(solved(with_shop(1.0))) == {"DC_A"}
    plan = solved(with_shop(20_000.0))
    assert sites_of(plan) == {"DC_A", "DC_B"}
    assert not any(row.kg_per_year for row in plan.unserved)
