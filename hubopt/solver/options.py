"""Options of a solve, checked against HiGHS itself before anything starts."""

from __future__ import annotations

import json
import math
import subprocess
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError, SolverError
from hubopt.solver.platform import environment, python_module
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.solver.form import SolveOptions

    Value = str | int | float | bool

FILE = "solver options"
ASK_S = 60.0

OURS = {
    "time_limit": "--time",
    "mip_rel_gap": "--gap",
    "mip_abs_gap": "--gap",
    "random_seed": "--seed",
}
"""Options that hubopt has its own for."""

OPEN = frozenset(
    {
        "mip_detect_symmetry", "mip_heuristic_effort",
        "mip_heuristic_run_feasibility_jump", "mip_heuristic_run_rens", "mip_heuristic_run_rins",
        "mip_heuristic_run_root_reduced_cost", "mip_heuristic_run_shifting",
        "mip_heuristic_run_zi_round", "mip_lp_age_limit", "mip_max_improving_sols",
        "mip_max_leaves", "mip_max_nodes", "mip_max_stall_nodes", "mip_pool_age_limit",
        "mip_pool_soft_limit", "mip_pscost_minreliable", "ipm_iteration_limit",
        "simplex_crash_strategy", "simplex_dual_edge_weight_strategy", "simplex_iteration_limit",
        "simplex_price_strategy", "simplex_primal_edge_weight_strategy", "simplex_scale_strategy",
        "simplex_strategy", "simplex_update_limit",
    }
)  # fmt: skip
"""Options that change how the solver searches, and neither what the model nor what a proof is."""

ONLY: Mapping[str, tuple[str, ...]] = {
    "presolve": ("choose", "on"),
    "solver": ("choose", "simplex", "ipm"),
    "run_crossover": ("on", "choose"),
}
"""Options of which some values are known to give wrong or inexact answers."""

TIGHTER: Mapping[str, tuple[float, float]] = {
    "primal_feasibility_tolerance": (1e-10, 1e-7),
    "dual_feasibility_tolerance": (1e-10, 1e-7),
    "mip_feasibility_tolerance": (1e-10, 1e-6),
}
"""Tolerances may be made tighter than the solver's own, never looser: a proof hangs on them."""

MOST_SEED = 2**31 - 1
"""The largest seed that HiGHS takes."""

BASE: Mapping[str, Value] = {
    "output_flag": False,
    "log_to_console": False,
    "mip_abs_gap": 0.0,
    "mip_min_logging_interval": 1.0,
    "threads": 1,
}
"""What every solve starts from; one thread, so that the same input gives the same answer."""


def checked_options(options: SolveOptions) -> Mapping[str, Value]:
    """Return the HiGHS options of a solve; raise `InputError` naming every one that is wrong."""
    findings = [*own_findings(options), *highs_findings(options.highs)]
    if findings:
        raise InputError(findings)
    kinds = option_types() if options.highs else {}  # loading HiGHS here takes longer than a solve
    given = {
        name: float(value) if kinds[name] is float else value
        for name, value in options.highs.items()
    }
    gap = {"mip_rel_gap": float(options.gap), "random_seed": options.seed}
    return {**BASE, **gap, **given}


def own_findings(options: SolveOptions) -> Iterator[Finding]:
    """Yield what is wrong with gap, time, memory and seed."""
    above = Text("give a number above 0", "请给出大于 0 的数")
    least = Text("give a number from 0 on", "请给出不小于 0 的数")
    within = Text(f"give a whole number from 0 to {MOST_SEED}", f"请给出 0 至 {MOST_SEED} 的整数")
    for name, value, ok, remedy in (
        ("gap", options.gap, 0 <= options.gap < math.inf, least),
        ("time_s", options.time_s, 0 < options.time_s < math.inf, above),
        ("memory_mb", options.memory_mb, options.memory_mb > 0, above),
        ("seed", options.seed, 0 <= options.seed <= MOST_SEED, within),
    ):
        if not ok:
            yield finding(
                name,
                value,
                Text("is outside what is allowed", "超出允许范围"),
                remedy,
            )


def option_types() -> Mapping[str, type]:
    """Return every HiGHS option with the type of its value."""
    import highspy  # noqa: PLC0415  (loads on use)

    defaults = highspy.HighsOptions()
    names = [name for name in dir(defaults) if not name.startswith("_")]
    return {name: type(getattr(defaults, name)) for name in names}


def highs_findings(highs: Mapping[str, Value]) -> Iterator[Finding]:
    """Yield what is wrong with options that go to HiGHS."""
    kinds = option_types() if highs else {}
    sound: dict[str, Value] = {}
    for name, value in sorted(highs.items()):
        if name not in kinds:
            yield unknown(name, kinds)
        elif name in OURS:
            remedy = Text(f"use {OURS[name]} instead", f"请改用 {OURS[name]}")
            yield finding(name, value, Text("has its own option", "已有专门选项"), remedy)
        elif name not in OPEN and name not in ONLY and name not in TIGHTER:
            remedy = Text("leave it out", "请去掉该选项")
            yield finding(name, value, Text("may not be changed here", "此处不允许修改"), remedy)
        elif not fits(value, kinds[name]):
            word = kinds[name].__name__
            reason = Text(f"is not of type {word}", f"类型不是 {word}")
            yield finding(name, value, reason, Text(f"give a {word}", f"请给出 {word} 类型的值"))
        elif name in ONLY and value not in ONLY[name]:
            yield unsafe(name, value, " / ".join(ONLY[name]))
        elif name in TIGHTER and not TIGHTER[name][0] <= float(value) <= TIGHTER[name][1]:
            yield unsafe(name, value, "{:g} ... {:g}".format(*TIGHTER[name]))
        else:
            sound[name] = float(value) if kinds[name] is float else value
    for name in refused_by_highs(sound):
        reason = Text("is a value that HiGHS does not accept", "HiGHS 不接受该值")
        remedy = Text("see the HiGHS list of options", "请查阅 HiGHS 选项说明")
        yield finding(name, sound[name], reason, remedy)


def unsafe(name: str, value: Value, allowed: str) -> Finding:
    """Return the finding for a value with which answers are known to be wrong or inexact."""
    return finding(
        name,
        value,
        Text("could give a wrong or inexact answer", "可能导致错误或不精确的结果"),
        Text(f"give one of {allowed}", f"请取 {allowed} 之一"),
    )


def unknown(name: str, kinds: Mapping[str, type]) -> Finding:
    """Return the finding for an option that HiGHS does not know, with the nearest that it does."""
    from rapidfuzz import process  # noqa: PLC0415

    found = process.extractOne(name, sorted({*OURS, *OPEN, *ONLY, *TIGHTER} & set(kinds)))
    return Finding(
        FILE,
        Text("is not a HiGHS option", "不是 HiGHS 选项"),
        Text("rename it", "请改名"),
        value=name,
        nearest=None if found is None else str(found[0]),
        code="CFG02",
    )


def finding(name: str, value: object, reason: Text, remedy: Text) -> Finding:
    """Return a finding about the value of one option."""
    return Finding(FILE, reason, remedy, column=name, value=str(value), code="CFG03")


def fits(value: object, kind: type) -> bool:
    """Return whether a value has the type of its option; a whole number is a number too."""
    if kind is float:
        return isinstance(value, int | float) and math.isfinite(value) and type(value) is not bool
    return type(value) is kind


def refused_by_highs(options: Mapping[str, Value]) -> list[str]:
    """Return the options whose value HiGHS refuses: it knows ranges and what it was built with."""
    if not options:
        return []
    try:
        done = subprocess.run(  # noqa: S603  (our own module, no shell)
            python_module("hubopt.solver.accepts"),
            input=json.dumps(dict(options)).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            timeout=ASK_S,
            check=True,
        )
        return [str(name) for name in json.loads(done.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise not_asked(error) from error


def not_asked(error: Exception) -> SolverError:
    """Return that HiGHS could not be asked whether it accepts the options."""
    why = getattr(error, "strerror", None) or str(error)
    return SolverError(
        Text(
            f"HiGHS could not be asked about its options ({why}): close other programs and try"
            " again, or leave out --highs",
            f"无法向 HiGHS 核对选项（{why}）：请关闭其他程序后重试，或不使用 --highs",
        )
    )
