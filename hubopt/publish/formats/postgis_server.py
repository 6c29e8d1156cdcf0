"""Layers put into a PostGIS server, in one transaction."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.publish.formats.geoparquet import not_installed
from hubopt.publish.formats.postgis import QUIETLY, Copy, schema_of, statements
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.publish.formats.content import Content

ADDRESSES = ("postgresql://", "postgres://")
"""How the address of a server begins."""

WAIT_S = 10
"""How long a server may take to answer at all."""


def send(content: Content, address: str) -> str:
    """Put layers into the server at an address; return their schema, or raise `InputError`."""
    try:
        import psycopg  # noqa: PLC0415  (loads on use)
    except ImportError as error:
        raise InputError([not_installed("psycopg", "PostGIS")]) from error
    todo = [*QUIETLY, *statements(content)]
    try:
        with psycopg.connect(address, connect_timeout=WAIT_S) as server, server.cursor() as cursor:
            for statement in todo:
                if isinstance(statement, Copy):
                    with cursor.copy(statement.command.encode()) as copy:
                        for line in statement.lines:
                            copy.write(f"{line}\n")
                else:
                    cursor.execute(statement.encode())
    except (psycopg.Error, UnicodeError) as error:
        raise InputError([not_sent(address, str(error))]) from error
    return schema_of(content)


def without_password(address: str) -> str:
    """Return an address that may be shown: what stands between user and host is left out."""
    plain = re.sub(r"(//[^:@/\s]*):[^?\s]*@", r"\1@", address)
    return re.sub(r"(?i)([?&]\w*password=)[^&\s]*", r"\1...", plain)


def not_sent(address: str, why: str) -> Finding:
    """Return why a server did not take the layers."""
    said = " ".join(without_password(why).split())[:300]
    return Finding(
        without_password(address),
        Text(f"the server did not take it ({said})", f"服务器未接受（{said}）"),
        Text(
            "check the address and the rights of the user; PostGIS must be installed; nothing was"
            " changed. A file that ends in .sql holds the same for psql",
            "请检查地址与用户权限，并确认已安装 PostGIS；未作任何改动。"
            "也可导出 .sql 文件，用 psql 执行",
        ),
        code="OUT04",
    )
