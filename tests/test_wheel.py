"""The wheel works outside the checkout: template, solve and verify, with all they need inside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(words: list[str], **where: object) -> str:
    """Run a program that must succeed and return what it printed."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=250, **where)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_stands_alone(tmp_path: Path) -> None:
    """Installed from its wheel, hubopt solves its own template far from the checkout."""
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    run([*build, str(tmp_path / "dist"), str(ROOT)])
    wheel = next((tmp_path / "dist").glob("*.whl"))
    home = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target"]
    run([*pip, str(home), str(wheel)])
    env = {**os.environ, "PYTHONPATH": str(home), "PYTHONUTF8": "1"}
    away = {"cwd": tmp_path, "env": env}
    where = run([sys.executable, "-c", "import hubopt; print(hubopt.__file__)"], **away)
    assert str(home) in where
    hubopt = [sys.executable, "-m", "hubopt"]
    run([*hubopt, "new", "own"], **away)
    run([*hubopt, "solve", "own", "--quiet"], **away)
    results = next((tmp_path / "results").glob("*/base"))
    assert (results / "plan.gpkg").exists()
    assert (results / "map.png").exists()
    assert (results / "report.html").stat().st_size > 1_000_000
    run([*hubopt, "verify", str(results)], **away)
