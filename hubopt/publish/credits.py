"""Whose data each layer of the GeoPackage shows, as their licences ask to be said."""

from __future__ import annotations

LINES = (
    "Rail and road lines, where drawn: derived from OpenStreetMap, © OpenStreetMap contributors,"
    " ODbL 1.0. Sea lines, where drawn: searoute, Apache-2.0."
)
PLACES = "City coordinates from GeoNames, CC BY 4.0."
GROUND = "Prefectures of Henan: Apache ECharts, Apache-2.0; changed. For orientation."
CREDITS = {
    "basemap_sea": "The edge of the map; no data.",
    "basemap_land": "Natural Earth, public domain. For orientation; no boundary is implied.",
    "basemap_province_lines": "Natural Earth, public domain. For orientation.",
    "basemap_henan": (
        "Apache ECharts, © The Apache Software Foundation, Apache-2.0; changed. For orientation."
    ),
    "catchments": f"{GROUND} {PLACES}",
    "flows": LINES,
    "flows_by_product": LINES,
    "routes": LINES,
    "services": LINES,
    "places": PLACES,
    "run_information": "What is known of the run, in English and Chinese.",
    "sites": PLACES,
    "transfers": PLACES,
    "unserved": PLACES,
}
"""The credit of each layer of plan.gpkg, by name."""

OF_CHANGES = {"changed_flows": LINES, "changed_sites": PLACES}
"""The credit of the layers that compare.gpkg has besides the basemap."""

OF_BOUNDARIES = {"basemap_boundaries": "Supplied with the instance; land: Natural Earth."}
"""The credit of boundaries that an instance brings along; who published them comes before it."""

OF_EXPORTS = {"shipments": PLACES}
"""The credit of layers that exports have besides those of plan.gpkg."""


def credited(name: str, description: str) -> str:
    """Return a layer's description with its credit behind it."""
    return " ".join(
        part
        for part in (description, (CREDITS | OF_CHANGES | OF_EXPORTS | OF_BOUNDARIES)[name])
        if part
    )
