"""The names that scripts use are there, documented, and cost nothing until they are used."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import hubopt

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"


@pytest.mark.parametrize("name", [name for name in hubopt.__all__ if name[0] != "_"])
def test_public_name_loads_and_is_documented(name: str) -> None:
    """Each public name is there and says what it is."""
    assert getattr(hubopt, name).__doc__
    assert name in hubopt.HOMES


def test_nothing_else_is_public() -> None:
    """What is not listed is not there, and what has a home is listed."""
    assert {*hubopt.HOMES, "__version__"} == set(hubopt.__all__)
    with pytest.raises(AttributeError):
        _ = hubopt.nonsense


def test_import_loads_nothing_heavy() -> None:
    """`import hubopt` loads no library besides Python's own."""
    code = (
        "import sys, hubopt; heavy = {'numpy', 'scipy', 'pandas', 'pyomo', 'highspy', 'rich',"
        " 'cyclopts', 'geopandas', 'shapely', 'matplotlib'} & set(sys.modules);"
        "print(heavy); sys.exit(bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_script_solves_and_verifies() -> None:
    """The few lines of the package's own documentation do what they say."""
    instance = hubopt.read(MINI)
    found = hubopt.answer(instance, hubopt.Question(gap=0.01))
    assert hubopt.verify(instance, found.plan).passed
    assert found.marginals
    assert found.warnings == ()
