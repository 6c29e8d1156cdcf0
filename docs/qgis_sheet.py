"""Run by a Python with QGIS: the first sheet of a project that is stored in a GeoPackage.

python3 qgis_sheet.py PLAN.gpkg PROJECT PICTURE.png
"""  # noqa: INP001

from __future__ import annotations

import sys

from qgis.core import QgsApplication, QgsLayoutExporter, QgsProject

DPI = 110


def main(package: str, name: str, picture: str) -> int:
    """Export the picture; return 0 if QGIS says that it is there."""
    project = QgsProject.instance()
    if not project.read(f"geopackage:{package}?projectName={name}"):
        print(f"no project {name} in {package}", file=sys.stderr)
        return 1
    exporter = QgsLayoutExporter(project.layoutManager().layouts()[0])
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = DPI
    return int(exporter.exportToImage(picture, settings))


if __name__ == "__main__":
    QgsApplication.setPrefixPath("/usr", True)  # noqa: FBT003
    application = QgsApplication([], False)  # noqa: FBT003
    application.initQgis()
    code = main(*sys.argv[1:4])
    QgsProject.instance().clear()
    application.exitQgis()
    sys.exit(code)
