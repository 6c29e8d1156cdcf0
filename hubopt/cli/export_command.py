"""The command line of `hubopt export`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (cyclopts reads the types)
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import exporting
from hubopt.cli.options import AsJson, Encoding, Lang
from hubopt.cli.say import say

HELP = say(
    "Write an instance or a result in another format, which the end of the file name says.",
    "把算例或结果写成其他格式，由文件后缀决定。",
)


def export(
    source: Annotated[
        Path, Parameter(help=say("folder of an instance or of a result", "算例或结果文件夹"))
    ],
    file: Annotated[
        str,
        Parameter(
            help=say(
                "file to write; .lp or .mps: the model of an instance; .xlsx: an instance or a"
                " result as one workbook; a folder: an instance as tables; .geojson, .parquet,"
                " .fgb, .kml, .gpkg, .shp.zip or .sql: layers of a result; postgresql://... : the"
                " same into a PostGIS server",
                "输出文件；.lp 或 .mps：算例的模型；.xlsx：算例或结果的工作簿；文件夹：算例的表格；"
                ".geojson、.parquet、.fgb、.kml、.gpkg、.shp.zip 或 .sql：结果的图层；"
                "postgresql://...：写入 PostGIS 服务器",
            )
        ),
    ],
    *,
    layer: Annotated[
        list[str] | None,
        Parameter(
            negative=(),
            help=say(
                "layer of the result, several times for several; without it flows where the format"
                " holds one layer, else all but the basemap",
                "结果的图层，可多次给出；不写时，单图层格式为 flows，其他格式为底图以外的全部图层",
            ),
        ),
    ] = None,
    crs: Annotated[
        str | None,
        Parameter(
            help=say(
                "coordinate system of the layers, such as EPSG:4490; WGS84 if not stated",
                "图层坐标系，如 EPSG:4490；不写则为 WGS84",
            )
        ),
    ] = None,
    instance: Annotated[
        Path | None,
        Parameter(
            help=say(
                "folder of the instance, if it has moved since", "算例文件夹（如已移动则需给出）"
            )
        ),
    ] = None,
    encoding: Encoding = None,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Export an instance or a result."""
    return exporting.export(
        exporting.ExportRequest(source, file, encoding, json, tuple(layer or ()), crs, instance)
    )
