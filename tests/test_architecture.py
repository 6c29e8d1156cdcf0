"""The house rules that keep the code readable, enforced."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "hubopt"
ROOMS = (
    "text", "vocabulary", "errors", "units", "instance", "network", "plan", "problem",
    "solver", "model", "engine", "solve", "study", "publish", "reference", "cli",
)  # fmt: skip
FILES = sorted(PACKAGE.rglob("*.py"))
IN_ROOMS = [path for path in FILES if path.parent != PACKAGE or path.stem[:2] != "__"]
"""All files but the two doors of the package, which lead to every room."""

HEAVY_HOME = {
    "pyomo": {"model"},
    "highspy": {"solver"},
    "geopandas": {"network", "publish", "reference"},
}
POSIX_ONLY = {"resource", "fcntl", "pwd", "grp", "termios"}


def room_of(path: Path) -> str:
    """Return the room that a file belongs to."""
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(tree: ast.AST) -> list[str]:
    """Return the dotted names of all modules that a file imports, wherever it does so."""
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


@pytest.mark.parametrize("path", IN_ROOMS, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_go_one_way(path: Path) -> None:
    """A room imports only from rooms above it, and heavy libraries stay in their rooms."""
    room = room_of(path)
    assert room in ROOMS
    wrong = []
    for name in imported(ast.parse(path.read_text(encoding="utf-8"))):
        parts = name.split(".")
        other = parts[1] if parts[0] == "hubopt" and len(parts) > 1 else ""
        if other in ROOMS and ROOMS.index(other) > ROOMS.index(room):
            wrong.append(name)
        if parts[0] in HEAVY_HOME and room not in HEAVY_HOME[parts[0]]:
            wrong.append(name)
    assert not wrong, f"{path.name} imports {wrong}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    """No file passes 400 lines, no function 60 (its docstring apart)."""
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 400
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            doc = ast.get_docstring(node, clean=False) or ""
            length = (node.end_lineno or 0) - node.lineno + 1 - (doc.count("\n") + 1 if doc else 0)
            assert length <= 60, f"{path.name}:{node.name} has {length} lines"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_nothing_posix_only_at_the_top(path: Path) -> None:
    """Planners run Windows too: POSIX-only modules are imported inside functions of one file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {name.split(".")[0] for node in tree.body for name in imported(node)}
    if not isinstance(tree, ast.Module):
        pytest.fail("not a module")
    direct = {
        alias.name.split(".")[0]
        for node in tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    everywhere = {name.split(".")[0] for name in imported(tree)} & POSIX_ONLY
    assert not direct & POSIX_ONLY
    assert path.name == "platform.py" or not everywhere, everywhere | (top & POSIX_ONLY)


def test_the_verifier_stands_alone() -> None:
    """Loading the verifier loads neither model, solver, arrays nor the route finder."""
    code = (
        "import sys, hubopt.plan.verify\n"
        "bad = [m for m in sys.modules if m.split('.')[0] in"
        " {'numpy', 'scipy', 'pyomo', 'highspy', 'pandas', 'numba'}"
        " or m.startswith(('hubopt.problem', 'hubopt.model', 'hubopt.solv', 'hubopt.engine',"
        " 'hubopt.network.graph', 'hubopt.network.lister', 'hubopt.network.routes'))]\n"
        "print(bad); sys.exit(bool(bad))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_import_is_light() -> None:
    """`import hubopt` loads no heavy library."""
    code = (
        "import sys, hubopt\n"
        "heavy = {'numpy', 'scipy', 'pandas', 'pyomo', 'geopandas', 'matplotlib', 'numba'}\n"
        "sys.exit(bool(heavy & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
