"""Run by a real QGIS: open files and say of each layer whether it is valid and what it holds.

python3 qgis_open.py FILE... prints, as JSON, for each file its layers with their number of rows,
their coordinate system and the sum of the field that ends in t_per_year.
"""

from __future__ import annotations

import json
import sys

from qgis.core import QgsApplication, QgsProviderRegistry, QgsVectorLayer


def told(source: str) -> dict[str, object]:
    """Return what QGIS finds in one layer."""
    layer = QgsVectorLayer(source, "x", "ogr")
    fields = [f.name() for f in layer.fields() if f.name() in {"flow_t_per_year", "flow_t_y"}]
    tonnes = sum(float(row[fields[0]]) for row in layer.getFeatures()) if fields else None
    empty = sum(not row.hasGeometry() for row in layer.getFeatures())
    return {
        "valid": layer.isValid(),
        "rows": layer.featureCount(),
        "empty": empty,
        "crs": layer.crs().authid(),
        "tonnes": tonnes,
    }


def main(files: list[str]) -> dict[str, dict[str, object]]:
    """Return what each file holds, by layer."""
    ogr = QgsProviderRegistry.instance().providerMetadata("ogr")
    found = {}
    for file in files:
        path = f"/vsizip/{file}" if file.endswith(".zip") else file
        found[file] = {
            one.name(): told(one.uri()) for one in ogr.querySublayers(path) if one.name()
        }
    return found


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    print(json.dumps(main(sys.argv[1:])))  # noqa: T201
    application.exitQgis()
