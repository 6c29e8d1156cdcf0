"""Whether sites have room for what must pass them, whatever the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from hubopt.engine.one_stop.numbers import Bools, Floats, Ints, Numbers

DUST = 1e-12
"""Rounding of a sum, relative."""


def room_needs(numbers: Numbers) -> list[tuple[Bools, float]]:
    """Return which sites together need how much room: all of them, and the bonded ones."""
    every = np.ones(len(numbers.node), dtype=bool)
    pairs = [(every, float(numbers.units.sum()))]
    bonded = float(numbers.units[numbers.bonded].sum())
    return [*pairs, (numbers.site_bonded, bonded)] if bonded > 0 else pairs


def has_room(numbers: Numbers, room: Floats) -> bool:
    """Tell whether room by site (I) could hold all that must pass."""
    pairs = room_needs(numbers)
    return all(float(room[sites].sum()) >= need * (1 - DUST) for sites, need in pairs)


def open_room(numbers: Numbers, size: Ints) -> Floats:
    """Return the room of each site in a design (I, -1: closed)."""
    return np.where(size >= 0, numbers.room[np.arange(len(size)), np.maximum(size, 0)], 0.0)


def holds_kilograms(numbers: Numbers, size: Ints) -> bool:
    """Tell whether a design has room for all that must pass in whole kilograms.

    Sizes that are made as shares of all demand may fall short of it by a few kilograms together.
    """
    room = open_room(numbers, size)
    return all(
        float(room[sites].sum()) >= need + numbers.kg * float((size[sites] >= 0).sum())
        for sites, need in room_needs(numbers)
    )
