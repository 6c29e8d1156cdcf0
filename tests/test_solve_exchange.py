"""A kilogram that rounding leaves over goes aboard by moving one of another shipment away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from types import SimpleNamespace

from hubopt.solve.exchange import Exchange

KEY = ("link", 0)


@dataclass
class Ship:
    """A loading of three columns: shipment 0 on a full link, shipment 1 on it and beside it."""

    room: int = 0
    beside: bool = True
    kg: dict[int, int] = field(default_factory=lambda: defaultdict(int, {1: 5}))
    problem: SimpleNamespace = field(
        default_factory=lambda: SimpleNamespace(column_shipment=[0, 1, 1])
    )

    def uses(self, column: int) -> dict[tuple[str, int], Fraction]:
        """Columns 0 and 1 use the link."""
        return {KEY: Fraction(1)} if column < 2 or not self.beside else {}

    def stage(self, _column: int) -> int:
        """All in one stage."""
        return 2025

    def room_of(self, _key: object, _stage: int) -> Fraction:
        """Return the room of the link."""
        return Fraction(self.room)

    def load(self, column: int, kg: int) -> int:
        """Put kilograms on a column if there is room."""
        if self.uses(column):
            if self.room < kg:
                return 0
            self.room -= kg
        self.kg[column] += kg
        return kg

    def unload(self, column: int) -> None:
        """Take a kilogram off a column."""
        self.kg[column] -= 1
        self.room += bool(self.uses(column))


def test_a_kilogram_moves_to_another_route() -> None:
    """Shipment 1 gives up a kilogram on the link, which shipment 0 takes; the link stays full."""
    ship = Ship()
    assert Exchange(ship, {0: [0], 1: [1, 2]}).place(0)
    assert dict(ship.kg) == {0: 1, 1: 4, 2: 1}
    assert ship.room == 0


def test_without_another_route_nothing_moves() -> None:
    """Where the other column uses the link too, all stays as it was."""
    ship = Ship(beside=False)
    assert not Exchange(ship, {0: [0], 1: [1, 2]}).place(0)
    assert {c: kg for c, kg in ship.kg.items() if kg} == {1: 5}
