"""What goes into an exported file: layers as data frames, with title and language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas as gpd

    from hubopt.publish.layer import Layer
    from hubopt.text import Language, Text


@dataclass(frozen=True)
class Framed:
    """One layer with its rows in the coordinate system that was asked for."""

    layer: Layer
    frame: gpd.GeoDataFrame


@dataclass(frozen=True)
class Content:
    """Layers of one result, all in one coordinate system."""

    sheets: tuple[Framed, ...]
    crs: Any
    instance: str
    scenario: str
    stages: tuple[int, ...]
    title: str
    language: Language


@dataclass(frozen=True)
class Written:
    """The bytes of a file, and what its format could not hold."""

    data: bytes
    notes: tuple[Text, ...] = ()
