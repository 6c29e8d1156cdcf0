"""The model as a file that other solvers read: LP or MPS with the names of the model."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.model.build import build
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    import pyomo.environ as pyo

    from hubopt.problem.problem import Problem

SUFFIXES = (".lp", ".mps")


def export(problem: Problem, file: Path) -> None:
    """Write the model of a problem; raise `InputError` unless the suffix is .lp or .mps."""
    if file.suffix.lower() not in SUFFIXES:
        raise InputError([wrong_suffix(file)])
    if not file.parent.is_dir():
        raise InputError([no_folder(file)])
    try:
        write_model(build(problem), file)
    except OSError as error:
        raise InputError([not_written(file, error)]) from error


def write_model(model: pyo.ConcreteModel, file: Path) -> None:
    """Write a model whole or not at all: to a file beside it first, then under its name."""
    half = file.with_name(f".{file.stem}-{os.getpid()}{file.suffix.lower()}")
    try:
        model.write(str(half), io_options={"symbolic_solver_labels": True})
        with half.open("rb+") as written:
            os.fsync(written.fileno())
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)


def wrong_suffix(file: Path) -> Finding:
    """Return the finding for a file name that says no known format."""
    return Finding(
        str(file),
        Text("does not end in .lp or .mps", "后缀不是 .lp 或 .mps"),
        Text("name the file model.lp or model.mps", "请命名为 model.lp 或 model.mps"),
        code="CFG03",
    )


def not_written(file: Path, error: OSError) -> Finding:
    """Return the finding for a folder that may not be written."""
    return Finding(
        str(file),
        Text(f"cannot be written ({error.strerror})", f"无法写入（{error.strerror}）"),
        Text("choose another folder", "请换一个文件夹"),
        code="CFG03",
    )


def no_folder(file: Path) -> Finding:
    """Return the finding for a folder that is not there."""
    return Finding(
        str(file.parent),
        Text("is not a folder", "不是文件夹"),
        Text("make it first", "请先建立该文件夹"),
        code="CFG03",
    )
