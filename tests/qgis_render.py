"""Run by a real QGIS: open a GeoPackage with its own default styles and render it to a picture.

python3 qgis_render.py PLAN.gpkg PICTURE.png WEST SOUTH EAST NORTH prints what was found as JSON.
Layers that are named behind that, topmost first, are opened instead of those of plan.gpkg.
"""

from __future__ import annotations

import json
import sys

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsMapRendererParallelJob,
    QgsMapSettings,
    QgsProject,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

ORDER = (
    "sites", "places", "transfers", "unserved", "services", "flows", "flows_by_product", "routes",
    "catchments", "basemap_province_lines", "basemap_henan", "basemap_land", "basemap_sea",
)  # fmt: skip
HIDDEN = {"services", "unserved", "catchments", "places"}  # of "routes" no stage is ticked


def leaves(rule: object) -> list[object]:
    """Return the rules at the ends of a tree of rules."""
    below = list(rule.children())
    return [leaf for one in below for leaf in leaves(one)] if below else [rule]


def told(layer: QgsVectorLayer) -> dict[str, object]:
    """Return what QGIS made of a layer without being told anything."""
    rules = leaves(layer.renderer().rootRule())
    return {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "features": layer.featureCount(),
        "renderer": layer.renderer().type(),
        "stages": [r.label() for r in layer.renderer().rootRule().children()],
        "shown": [r.label() for r in layer.renderer().rootRule().children() if r.active()],
        "rules": [rule.label() for rule in rules],
        "colours": [rule.symbol().color().name() for rule in rules if rule.symbol()],
        "labels": layer.labeling().settings().fieldName if layer.labelsEnabled() else None,
        "fields": [field.name() for field in layer.fields()],
    }


def main(
    package: str, picture: str, extent: list[float], names: tuple[str, ...]
) -> dict[str, object]:
    """Open every layer, render those shown at first, and return what was found."""
    project, found, drawn = QgsProject.instance(), {}, []
    for name in names:
        layer = QgsVectorLayer(f"{package}|layername={name}", name, "ogr")
        project.addMapLayer(layer)
        found[name] = told(layer)
        if name not in HIDDEN:
            drawn.append(layer)
    settings = QgsMapSettings()
    settings.setLayers(drawn)
    settings.setDestinationCrs(drawn[0].crs())
    settings.setExtent(QgsRectangle(*extent))
    settings.setOutputSize(QSize(1400, 1000))
    settings.setOutputDpi(110)
    settings.setBackgroundColor(QColor("#dfe9f0"))
    scopes = QgsExpressionContextUtils
    context = QgsExpressionContext(scopes.globalProjectLayerScopes(drawn[0]))
    context.appendScope(scopes.mapSettingsScope(settings))  # as the window of QGIS does
    settings.setExpressionContext(context)
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    placed = job.takeLabelingResults().labelsWithinRect(settings.extent())
    job.renderedImage().save(picture, "PNG")
    texts = sorted({label.labelText for label in placed if not label.isUnplaced})
    project.removeAllMapLayers()
    return {"qgis": Qgis.QGIS_VERSION, "layers": found, "labels": texts}


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    extent = [float(x) for x in sys.argv[3:7]]
    print(json.dumps(main(*sys.argv[1:3], extent, tuple(sys.argv[7:]) or ORDER)))  # noqa: T201
    application.exitQgis()
