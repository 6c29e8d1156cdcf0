"""The colours of maps, light and dark: told apart by people who see colours differently.

For normal sight, without red, without green and without blue cones (Machado et al. 2009, full
severity) any two modes differ by 20 or more in CIE Lab; a test computes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.vocabulary import Mode, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Mapping

MODE_COLOURS = {
    Mode.ROAD_DIESEL: "#6b4e28",
    Mode.ROAD_BATTERY: "#437f05",
    Mode.RAIL: "#ea4864",
    Mode.AIR: "#6733ab",
    Mode.SEA: "#004672",
    Mode.BARGE: "#2d9aa9",
}
"""Colour of each mode, in QGIS and on the still map."""

OUTCOME_COLOURS = {
    SiteOutcome.OPENED: "#ff8c00",
    SiteOutcome.KEPT: "#1d2f4f",
    SiteOutcome.NOT_CHOSEN: "#9aa0a6",
    SiteOutcome.CLOSED: "#5f6368",
}
"""Colour of each outcome of a site."""

NEW = "#a85500"
"""Colour of words on what is opened: that of its symbol, dark enough to read."""

SEA, LAND, HENAN, LINE = "#dfe9f0", "#f6f4ee", "#fffbe6", "#a9a59b"
"""Colours of the basemap."""

TINTS = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#cc79a7")
"""Colours of catchments that touch (Okabe and Ito 2008)."""


@dataclass(frozen=True)
class Theme:
    """The colours of one look of a map."""

    name: str
    modes: Mapping[Mode, str]
    outcomes: Mapping[SiteOutcome, str]
    sea: str
    land: str
    henan: str
    line: str
    text: str
    faint: str
    halo: str
    edge: str
    arrow: str
    unserved: str


LIGHT = Theme(
    name="light",
    modes=MODE_COLOURS,
    outcomes=OUTCOME_COLOURS,
    sea=SEA,
    land=LAND,
    henan=HENAN,
    line=LINE,
    text="#282828",
    faint="#8c8c8c",
    halo="#ffffff",
    edge="#3c3c3c",
    arrow="#ffffff",
    unserved="#d4009f",
)
DARK = Theme(
    name="dark",
    modes={
        Mode.ROAD_DIESEL: "#cd9e6f",
        Mode.ROAD_BATTERY: "#a6f26a",
        Mode.RAIL: "#ee3a32",
        Mode.AIR: "#b194e8",
        Mode.SEA: "#5a7eff",
        Mode.BARGE: "#3fe5e9",
    },
    outcomes={
        SiteOutcome.OPENED: "#ffb000",
        SiteOutcome.KEPT: "#e8eef5",
        SiteOutcome.NOT_CHOSEN: "#7d8791",
        SiteOutcome.CLOSED: "#a3abb3",
    },
    sea="#0e151c",
    land="#1b242d",
    henan="#26323d",
    line="#55626e",
    text="#f2f5f7",
    faint="#9aa7b3",
    halo="#10171e",
    edge="#0e151c",
    arrow="#10171e",
    unserved="#ff5fd0",
)
