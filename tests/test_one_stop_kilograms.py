"""From flows in floats to whole kilograms: what rounding leaves is sent in the place of others."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hubopt.engine.one_stop.columns import columns_of
from hubopt.engine.one_stop.numbers import Numbers, numbers_of
from hubopt.engine.one_stop.paths import PathFinder
from hubopt.instance.public.multimodal import case_of
from hubopt.instance.public.one_stop import OneStop, StopArc, StopShipment, StopSite
from hubopt.solve.one_stop_plan import KgLoading
from hubopt.text import Text

ONES = (1.0, 1.0, 1.0)
ROOM = 10.0


def problem(*, other: bool, narrow: bool = False) -> OneStop:
    """Return two shipments of which one may use the first site alone, the other both.

    Without `other` the second site cannot be reached; with `narrow` its arc holds half.
    """
    pairs = [(0, 1), (1, 2), (3, 1)]
    reach = [StopArc(3, 4, ONES, ROOM / 2 if narrow else None), StopArc(4, 2, ONES, None)]
    return OneStop(
        "T", Text("kilograms", "千克"), 5,
        (*(StopArc(a, b, ONES, None) for a, b in pairs), *(reach if other else ())),
        tuple(StopShipment(a, 2, 0, ROOM, bonded=False) for a in (0, 3)),
        tuple(StopSite(node, bonded=True, handling=0.0, sizes=((ROOM, 1.0),)) for node in (1, 4)),
    )  # fmt: skip


def loaded(sent: OneStop) -> tuple[KgLoading, PathFinder, Numbers]:
    """Return the loading that fills the first site with the wrong shipment."""
    case = case_of(Path("R_arcs.csv"), sent)
    assert case.one_stop is not None
    _, scales = case.one_stop
    numbers = numbers_of(*case.one_stop)
    finder = PathFinder(numbers)
    trees = finder.trees(np.zeros(len(numbers.shared_room)))
    both = np.array([0, 1])
    wrong = int(np.flatnonzero(numbers.origin == 3)[0])
    ways = columns_of(numbers, trees, both, np.array([0, 0]))
    flow = np.where(both == wrong, ROOM, 0.0)
    routing: Any = SimpleNamespace(columns=ways, size=np.array([0, 0]), flow=flow)
    return KgLoading(scales, numbers, routing), finder, numbers


def test_what_is_left_goes_in_the_place_of_what_has_room_elsewhere() -> None:
    """The shipment that fills the site moves to the other one: nothing is left, nothing overrun."""
    loading, finder, _ = loaded(problem(other=True))
    assert loading.left.sum() > 0
    loading.look_further(finder)
    assert loading.left.sum() > 0  # no way of it has room
    loading.exchange(finder)
    assert loading.left.tolist() == [0, 0]
    assert (loading.site_room >= 0).all()
    assert (loading.arc_room >= 0).all()
    assert (loading.kg >= 0).all()


@pytest.mark.parametrize("sent", [problem(other=False), problem(other=True, narrow=True)])
def test_an_exchange_that_finds_no_room_changes_nothing(sent: OneStop) -> None:
    """What is left stays so where the other shipment cannot go elsewhere whole."""
    loading, finder, _ = loaded(sent)
    before = loading.left.copy(), loading.site_room.copy(), loading.kg.sum()
    loading.exchange(finder)
    assert loading.left.tolist() == before[0].tolist()
    assert loading.site_room.tolist() == before[1].tolist()
    assert loading.kg.sum() == before[2]
