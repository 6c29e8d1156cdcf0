"""The colours of maps: told apart by people who see colours differently, and on paper."""

from __future__ import annotations

from hubopt.vocabulary import Mode, SiteOutcome

MODE_COLOURS = {
    Mode.ROAD_DIESEL: "#8a5a2b",
    Mode.ROAD_BATTERY: "#3a9b3f",
    Mode.RAIL: "#c0272d",
    Mode.AIR: "#7a3fb0",
    Mode.SEA: "#1f6fb4",
    Mode.BARGE: "#16a0a8",
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
