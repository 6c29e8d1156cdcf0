"""The steps of a route as pure data: what a shipment does, in order, from origin to destination."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hubopt.vocabulary import Function, Mode


@dataclass(frozen=True, slots=True, order=True)
class Move:
    """Travel over one open link."""

    from_place: str
    to_place: str
    mode: Mode


@dataclass(frozen=True, slots=True, order=True)
class Ride:
    """Travel aboard a scheduled service between two stops of its path."""

    service: str
    from_place: str
    to_place: str


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """A change of mode at a place."""

    place: str
    from_mode: Mode
    to_mode: Mode


@dataclass(frozen=True, slots=True, order=True)
class Handle:
    """One function of the product's handling chain, done at a site."""

    site: str
    function: Function


Step = Move | Ride | Change | Handle
