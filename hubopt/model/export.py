"""The model as an LP or MPS file for other solvers, with names that a planner can read."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from pyomo.opt import ProblemFormat

from hubopt.errors import Finding, InputError
from hubopt.model.build import build
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.problem.problem import Problem

FORMATS = {".lp": ProblemFormat.cpxlp, ".mps": ProblemFormat.mps}


def export(problem: Problem, file: Path) -> None:
    """Write the model of a problem; the file appears whole or not at all.

    Raises `InputError` for another ending than .lp or .mps, or a folder that cannot be written.
    """
    kind = FORMATS.get(file.suffix.lower())
    if kind is None:
        reason = Text("is neither .lp nor .mps", "不是 .lp 或 .mps")
        raise refused(file, reason, Text("end the name in .lp or .mps", "请以 .lp 或 .mps 结尾"))
    try:
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".hubopt-") as folder:
            half = Path(folder) / f"model{file.suffix.lower()}"
            labels = {"symbolic_solver_labels": True}
            build(problem).write(str(half), format=kind, io_options=labels)
            half.replace(file)
    except OSError as error:
        reason = Text(f"cannot be written ({error.strerror})", f"无法写入（{error.strerror}）")
        raise refused(file, reason, Text("choose another folder", "请换一个文件夹")) from error


def refused(file: Path, reason: Text, remedy: Text) -> InputError:
    """Return the error that says why a file was not written."""
    return InputError([Finding("command line", reason, remedy, value=str(file), code="EXP01")])
