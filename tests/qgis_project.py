"""Run by a real QGIS: open a project that is stored in a GeoPackage and export its first page.

python3 qgis_project.py PLAN.gpkg PROJECT FOLDER prints what was found as JSON, with what QGIS said.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qgis.core import (
    QgsApplication,
    QgsExpression,
    QgsExpressionContext,
    QgsExpressionContextUtils,
    QgsLayerTree,
    QgsLayerTreeModel,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsProject,
)

PICTURE_DPI = 60


def groups(node: object) -> dict[str, list[str]]:
    """Return the names below each group of the tree of layers."""
    found = {}
    for child in node.children():
        if QgsLayerTree.isGroup(child):
            found[child.name()] = [one.name() for one in child.children()]
            found.update(groups(child))
    return found


def entries(legend: QgsLayoutItemLegend) -> list[str]:
    """Return the words of a printed legend."""
    words = []
    for layer in legend.model().rootGroup().findLayers():
        words.append(layer.name())
        nodes = legend.model().layerLegendNodes(layer)
        words += [node.data(0) for node in nodes]
    return words


def tips(project: QgsProject) -> dict[str, str]:
    """Return the tips of all features of each layer that has tips."""
    found = {}
    for ident, layer in project.mapLayers().items():
        text = layer.mapTipTemplate()
        for feature in layer.getFeatures() if text else ():
            scopes = QgsExpressionContextUtils.globalProjectLayerScopes(layer)
            context = QgsExpressionContext(scopes)
            context.setFeature(feature)
            tip = QgsExpression.replaceExpressionText(text, context)
            found[ident] = found.get(ident, "") + tip
    return found


def labels(project: QgsProject) -> list[str]:
    """Return the words of the legend on the screen."""
    model = QgsLayerTreeModel(project.layerTreeRoot())
    layers = project.layerTreeRoot().findLayers()
    return [node.data(0) for layer in layers for node in model.layerLegendNodes(layer)]


def page(project: QgsProject, folder: Path) -> dict[str, object]:
    """Export the first layout as PDF and picture; return what it says."""
    layout = project.layoutManager().layouts()[0]
    exporter = QgsLayoutExporter(layout)
    picture = QgsLayoutExporter.ImageExportSettings()
    picture.dpi = PICTURE_DPI
    paper = QgsLayoutExporter.PdfExportSettings()
    paper.dpi = 100
    size = layout.pageCollection().page(0).pageSize()
    return {
        "name": layout.name(),
        "size": [size.width(), size.height()],
        "png": exporter.exportToImage(str(folder / "page.png"), picture),
        "pdf": exporter.exportToPdf(str(folder / "page.pdf"), paper),
        "texts": [i.currentText() for i in layout.items() if isinstance(i, QgsLayoutItemLabel)],
        "legend": [
            word for item in layout.items() if isinstance(item, QgsLayoutItemLegend)
            for word in entries(item)
        ],
        "themes": sorted(
            {i.followVisibilityPresetName() for i in layout.items()
             if isinstance(i, QgsLayoutItemMap)}
        ),
        "crs": [i.crs().authid() for i in layout.items() if isinstance(i, QgsLayoutItemMap)],
    }  # fmt: skip


def main(package: str, name: str, folder: Path) -> dict[str, object]:
    """Open the project and return what was found."""
    project, said = QgsProject.instance(), []
    log = QgsApplication.messageLog()
    log.messageReceived.connect(lambda text, tag, level: said.append([tag, int(level), text]))
    opened = project.read(f"geopackage:{package}?projectName={name}")
    layers = project.mapLayers()
    themes = project.mapThemeCollection()
    shown = {
        theme: [layer.id() for layer in themes.mapThemeVisibleLayers(theme)]
        for theme in themes.mapThemes()
    }
    ticked = [n.layerId() for n in project.layerTreeRoot().findLayers() if n.isVisible()]
    found = {
        "opened": opened,
        "title": project.title(),
        "crs": project.crs().authid(),
        "invalid": [ident for ident, layer in layers.items() if not layer.isValid()],
        "sources": sorted({layer.source().partition("|")[0] for layer in layers.values()}),
        "features": {ident: layer.featureCount() for ident, layer in layers.items()},
        "styles": {ident: layer.styleManager().styles() for ident, layer in layers.items()},
        "aliases": {i: [f.alias() for f in x.fields()][1:] for i, x in layers.items()},
        "groups": groups(project.layerTreeRoot()),
        "ticked": ticked,
        "themes": shown,
        "bookmarks": [mark.name() for mark in project.bookmarkManager().bookmarks()],
        "variables": project.customVariables(),
        "tips": tips(project),
        "labels": labels(project),
        "page": page(project, folder),
        "layouts": [layout.name() for layout in project.layoutManager().layouts()],
        "said": [line for line in said if line[1] > 0],
    }
    project.clear()
    return found


if __name__ == "__main__":
    application = QgsApplication([], False)
    application.initQgis()
    print(json.dumps(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))  # noqa: T201
    application.exitQgis()
