"""The methods that are compared: what each is called, and what must be installed for it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from hubopt.text import Text


@dataclass(frozen=True, slots=True)
class Method:
    """A way to write and solve a case: its file in `backends`, its links, and its packages.

    `strong` methods have a link for each pair of flow and opening, which is what experts write.
    """

    backend: str
    title: Text
    packages: tuple[str, ...]
    strong: bool = True

    def module(self) -> Any:  # noqa: ANN401  (a module by name)
        """Return the backend."""
        return import_module(f"benchmarks.backends.{self.backend}")

    def versions(self) -> str:
        """Return names and versions of what is installed for it."""
        return ", ".join(f"{name} {installed(name) or '-'}" for name in self.packages)

    def missing(self) -> str:
        """Return the packages that are not installed."""
        return ", ".join(name for name in self.packages if installed(name) is None)


def installed(package: str) -> str | None:
    """Return the version of a package, `None` if it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


PYOMO = ("pyomo", "highspy")
METHODS: dict[str, Method] = {
    "prepared": Method(
        "highs_arrays", Text("arrays that are ready, to highspy", "现成数组直接交给 highspy"),
        ("highspy",),
    ),
    "hubopt": Method("hubopt_engine", Text("hubopt", "hubopt"), ("hubopt", "pyomo", "highspy")),
    "arrays": Method(
        "highs_arrays", Text("numpy and scipy arrays + HiGHS", "numpy/scipy 数组 + HiGHS"),
        ("scipy", "highspy"),
    ),
    "linopy": Method(
        "linopy_highs", Text("linopy + HiGHS", "linopy + HiGHS"), ("linopy", "highspy")
    ),
    "pyomo": Method(
        "pyomo_highs", Text("Pyomo + HiGHS, strong links", "Pyomo + HiGHS，强关联约束"), PYOMO
    ),
    "pyomo_weak": Method(
        "pyomo_highs", Text("Pyomo + HiGHS, textbook links", "Pyomo + HiGHS，教科书写法"), PYOMO,
        strong=False,
    ),
    "pulp": Method("pulp_cbc", Text("PuLP + CBC", "PuLP + CBC"), ("pulp",)),
    "ortools": Method("or_tools", Text("OR-Tools (MathOpt)", "OR-Tools（MathOpt）"), ("ortools",)),
    "scip": Method("scip", Text("SCIP (PySCIPOpt)", "SCIP（PySCIPOpt）"), ("pyscipopt",)),
    "monolithic": Method(
        "hubopt_engine",
        Text("one strong MIP of the same problem", "同一问题的整体强模型"),
        ("highspy",),
    ),
}  # fmt: skip
"""All methods by the word that results name them with."""
