"""Layers as tables of PostGIS: a script for psql, and the same statements for a server.

All tables of a result stand in one schema, named after instance and scenario. Everything is one
transaction: layers of an older export of the same result are replaced, or all stays.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hubopt.errors import Finding, InputError
from hubopt.publish.credits import credited
from hubopt.publish.formats.content import Written
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.publish.formats.content import Content, Framed

LONGEST_NAME = 63
"""Bytes of a name in PostgreSQL."""

TYPES = {str: "text", int: "bigint", float: "double precision"}
ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": " "})
"""How `COPY` writes signs of its own; a database holds no NUL."""


@dataclass(frozen=True)
class Copy:
    """Rows to be copied into a table: the command, and a line of text for each row."""

    command: str
    lines: tuple[str, ...]


Statement = str | Copy

QUIETLY = ("SET client_encoding = 'UTF8'", "SET client_min_messages = warning")
"""How a script or session begins."""


def script(content: Content) -> Written:
    """Return layers as a script that psql runs."""
    lines = [f"-- hubopt: {line_of(content.title)}; run with psql -v ON_ERROR_STOP=1 -f"]
    for statement in (*QUIETLY, "BEGIN", *statements(content), "COMMIT"):
        if isinstance(statement, Copy):
            lines += [f"{statement.command};", *statement.lines, "\\."]
        else:
            lines.append(f"{statement};")
    return Written(("\n".join(lines) + "\n").encode())


def line_of(text: str) -> str:
    """Return a text on one line, so that a comment ends where it should."""
    return " ".join(text.split())


def statements(content: Content) -> Iterator[Statement]:
    """Yield what makes and fills the tables, in order."""
    schema, srid = schema_of(content), srid_of(content.crs)
    yield "CREATE EXTENSION IF NOT EXISTS postgis"
    yield only_of(schema, content)
    for sheet in content.sheets:
        yield from table(sheet, f'"{schema}"."{sheet.layer.name}"', srid)


def table(sheet: Framed, name: str, srid: int) -> Iterator[Statement]:
    """Yield what makes and fills one table, with an index over its geometry."""
    layer = sheet.layer
    fields = [f'"{field}" {TYPES[kind]}' for field, kind in layer.fields.items()]
    columns = [*fields, f"geom geometry({layer.shape.value}, {srid})"]
    yield f"DROP TABLE IF EXISTS {name}"
    yield f"CREATE TABLE {name} (fid bigserial PRIMARY KEY, {', '.join(columns)})"
    yield f"COMMENT ON TABLE {name} IS {literal(credited(layer.name, layer.description))}"
    listed = ", ".join(f'"{field}"' for field in (*layer.fields, "geom"))
    yield Copy(f"COPY {name} ({listed}) FROM stdin", tuple(rows(sheet, srid)))
    yield f"CREATE INDEX ON {name} USING gist (geom)"


def rows(sheet: Framed, srid: int) -> Iterator[str]:
    """Yield each row as `COPY` reads it: tabs between the cells, geometry as EWKB."""
    import shapely  # noqa: PLC0415  (loads on use)

    shapes = shapely.set_srid(sheet.frame.geometry.to_numpy(), srid)
    drawn = shapely.to_wkb(shapes, hex=True, include_srid=True)
    for cells, shape in zip(sheet.layer.rows, drawn, strict=True):
        yield "\t".join([*map(cell, cells), "\\N" if shape is None else shape])


def cell(value: object) -> str:
    """Return one cell as `COPY` reads it."""
    if value is None:
        return "\\N"
    return value.translate(ESCAPES) if isinstance(value, str) else repr(value)


def schema_of(content: Content) -> str:
    """Return the schema of a result: its names in plain letters, a hash where they have none."""
    said = f"{content.instance}_{content.scenario}"
    plain = re.sub(r"[^a-z0-9]+", "_", said.lower()).strip("_")
    if plain[:1].isalpha() and len(plain) <= LONGEST_NAME and said.isascii():
        return plain
    return f"hubopt_{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def only_of(schema: str, content: Content) -> str:
    """Return the statement that fails where a schema of this name holds anything else."""
    said = literal(f"hubopt: {line_of(f'{content.instance} / {content.scenario}')}")
    other = f"nspname = '{schema}' AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM {said}"
    return (
        f"DO $hubopt$ BEGIN IF EXISTS (SELECT FROM pg_namespace WHERE {other})"
        f" THEN RAISE EXCEPTION 'the schema {schema} holds something else'; END IF; END $hubopt$;\n"
        f'CREATE SCHEMA IF NOT EXISTS "{schema}";\n'
        f'COMMENT ON SCHEMA "{schema}" IS {said}'
    )


def literal(text: str) -> str:
    """Return a text as SQL writes it."""
    return "'" + text.replace("'", "''").replace("\0", " ") + "'"


def srid_of(crs: Any) -> int:  # noqa: ANN401  (pyproj's own class)
    """Return the EPSG code of a coordinate system; raise `InputError` if it has none."""
    code = crs.to_epsg()
    if code is None:
        raise InputError(
            [
                Finding(
                    "command line",
                    Text(
                        "has no EPSG code, by which PostGIS knows coordinate systems",
                        "没有 EPSG 代码，PostGIS 按该代码识别坐标系",
                    ),
                    Text("write an EPSG code, such as EPSG:4490", "请写 EPSG 代码，如 EPSG:4490"),
                    column="--crs",
                    value=str(crs.name),
                    code="CFG03",
                )
            ]
        )
    return int(code)
