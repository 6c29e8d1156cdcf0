"""No function grows beyond what can be read at a glance."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
MOST_LINES = 60


def functions(folder: str) -> Iterator[tuple[str, int]]:
    """Yield where each function of a folder stands, and its lines without its docstring."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.body[1] if ast.get_docstring(node) and node.body[1:] else node.body[0]
                lines = (node.end_lineno or 0) - first.lineno + 1
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", lines


def test_no_function_is_longer_than_sixty_lines() -> None:
    """Sixty lines of body at most, in the package, its benchmarks and its tests."""
    found = [pair for folder in ("hubopt", "benchmarks", "tests") for pair in functions(folder)]
    assert len(found) > 1000
    assert [(name, lines) for name, lines in found if lines > MOST_LINES] == []
