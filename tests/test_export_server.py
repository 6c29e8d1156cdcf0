"""A real PostGIS server takes layers of a result, from a script as from the command."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from hubopt.errors import InputError
from hubopt.plan.plan import Plan
from hubopt.publish.figures import Figures
from hubopt.publish.formats.content import Content
from hubopt.publish.formats.export import Asked, content_of
from hubopt.publish.formats.postgis import script
from hubopt.publish.formats.postgis_server import send
from hubopt.publish.formats.reference_system import crs_of
from hubopt.text import Language
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

pytestmark = pytest.mark.slow

USER = "postgres"


def programs() -> Path | None:
    """Return the folder of PostgreSQL's programs, `None` if PostGIS is not there."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        extensions = Path("/usr/share/postgresql") / folder.parent.name / "extension"
        if (extensions / "postgis.control").is_file():
            return folder
    return None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Start a server of our own without a port, and return its address."""
    found = programs()
    if found is None or os.name != "posix":
        reason = "no PostGIS server (postgresql-15-postgis-3)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    home = Path("/tmp") / f"hubopt-pg-{os.getpid()}"  # noqa: S108  (a socket's path must be short)
    home.mkdir()
    if os.getuid() == 0:
        shutil.chown(home, USER)
    who = {"user": USER} if os.getuid() == 0 else {}

    def call(program: str, *words: str) -> None:
        subprocess.run([found / program, *words], check=True, capture_output=True, cwd=home, **who)

    data = str(home / "data")
    call("initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--locale=C.UTF-8")
    options = f"-k {home} -c listen_addresses= -c fsync=off"
    call("pg_ctl", "-D", data, "-o", options, "-l", str(home / "log"), "-w", "start")
    try:
        yield f"postgresql://{USER}@/postgres?host={home}"
    finally:
        call("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(home, ignore_errors=True)


def ask(server: str, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query."""
    with psycopg.connect(server) as base:
        return base.execute(query.encode()).fetchall()


def content(plan: Plan, crs: str = "EPSG:4326") -> Content:
    """Return all layers of a plan in a coordinate system."""
    asked = Asked(crs=crs)
    made, _ = content_of(Figures(tiny(), plan), None, asked, crs_of(crs), Language.EN)
    return made


def test_a_server_takes_layers_and_replaces_them(server: str) -> None:
    """Rows, sums, systems and geometry arrive; a second export takes the place of the first."""
    plan = tiny_plan()
    for crs, srid in (("EPSG:4326", 4326), ("EPSG:4490", 4490), ("EPSG:4547", 4547)):
        made = content(plan, crs)
        assert send(made, server) == "tiny_base"
        (kg,) = ask(server, "SELECT sum(served_t_per_year) FROM tiny_base.shipments")[0]
        assert kg * 1000 == pytest.approx(sum(f.kg_per_year for f in plan.flows), rel=1e-9)
        found = ask(server, "SELECT DISTINCT st_srid(geom), st_isvalid(geom) FROM tiny_base.sites")
        assert found == [(srid, True)]
    counted = ask(server, "SELECT count(*) FROM tiny_base.flows")
    (flows,) = (sheet.layer for sheet in made.sheets if sheet.layer.name == "flows")
    assert counted == [(len(flows.rows),)]
    said = ask(server, "SELECT obj_description('tiny_base.flows'::regclass)")
    assert "OpenStreetMap" in str(said[0][0])


def test_the_script_does_the_same(server: str) -> None:
    """What psql makes of the script equals what the command sends, row by row."""
    plan = replace(tiny_plan(), scenario="script's")
    made = content(plan)
    send(made, server)
    query = "SELECT * FROM tiny_script_s.flows ORDER BY fid"
    before = ask(server, query)
    done = subprocess.run(
        ["psql", server, "-v", "ON_ERROR_STOP=1", "-q", "-f", "-"],
        input=script(made).data, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert ask(server, query) == before


def test_nothing_of_others_is_touched(server: str) -> None:
    """A schema of the same name that holds something else stays, and so do all its tables."""
    with psycopg.connect(server) as base:
        base.execute(b"CREATE SCHEMA tiny_mine; CREATE TABLE tiny_mine.flows (x int)")
    with pytest.raises(InputError, match="holds something else"):
        send(content(replace(tiny_plan(), scenario="mine")), server)
    assert ask(server, "SELECT count(*) FROM tiny_mine.flows") == [(0,)]


def test_a_failure_leaves_the_older_tables(server: str) -> None:
    """A view over the tables keeps them from being replaced: all of them stay, and it is told."""
    made = content(replace(tiny_plan(), scenario="viewed"))
    send(made, server)
    with psycopg.connect(server) as base:
        base.execute(b"CREATE VIEW mine AS SELECT * FROM tiny_viewed.sites")
        base.execute(b"DELETE FROM tiny_viewed.flows")
    with pytest.raises(InputError, match="cannot drop table"):
        send(made, server)
    assert ask(server, "SELECT count(*) FROM tiny_viewed.flows") == [(0,)]
