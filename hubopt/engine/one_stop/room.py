"""Whether sites have room for what must pass them, whatever the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Bools, Floats, Ints, Numbers


def room_needs(numbers: Numbers) -> list[tuple[Bools, float]]:
    """Return which sites together need how much room: all of them, and the bonded ones."""
    every = np.ones(len(numbers.node), dtype=bool)
    pairs = [(every, float(numbers.units.sum()))]
    bonded = float(numbers.units[numbers.bonded].sum())
    return [*pairs, (numbers.site_bonded, bonded)] if bonded > 0 else pairs


def has_room(numbers: Numbers, room_kg: Ints) -> bool:
    """Tell whether room by site (I) holds all that must pass, counted in whole kilograms."""
    bonded = int(numbers.units_kg[numbers.bonded].sum())
    return (
        int(room_kg.sum()) >= int(numbers.units_kg.sum())
        and int(room_kg[numbers.site_bonded].sum()) >= bonded
    )


def open_room(numbers: Numbers, size: Ints) -> Floats:
    """Return the room of each site in a design (I, -1: closed)."""
    return np.where(size >= 0, numbers.room[np.arange(len(size)), np.maximum(size, 0)], 0.0)


def holds_kilograms(numbers: Numbers, size: Ints) -> bool:
    """Tell whether a design has room for all that must pass in whole kilograms.

    Sizes that are made as shares of all demand may fall short of it by a few kilograms together.
    """
    room_kg = numbers.room_kg[np.arange(len(size)), np.maximum(size, 0)]
    return has_room(numbers, np.where(size >= 0, room_kg, 0))
