"""One layer as GeoParquet 1.1, which geopandas, DuckDB and newer QGIS read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.publish.formats.content import Written
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.publish.formats.content import Content


def geoparquet(content: Content) -> Written:
    """Return one layer as the bytes of a GeoParquet file; raise `InputError` without pyarrow."""
    try:
        import pyarrow as pa  # noqa: F401, PLC0415  (geopandas asks for it)
    except ImportError as error:
        raise InputError([not_installed("pyarrow", "GeoParquet")]) from error
    file = io.BytesIO()
    content.sheets[0].frame.to_parquet(
        file, index=False, compression="zstd", schema_version="1.1.0"
    )
    return Written(file.getvalue())


def not_installed(library: str, what: str) -> Finding:
    """Return the finding for a format whose library is not there."""
    return Finding(
        what,
        Text(f"needs {library}, which is not installed", f"需要 {library}，尚未安装"),
        Text("run: pip install 'hubopt[gis]'", "请运行 pip install 'hubopt[gis]'"),
        code="CFG03",
    )
