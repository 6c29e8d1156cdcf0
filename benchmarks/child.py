"""`python -m benchmarks.child TASK RESULT`: one run in a process of its own."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.methods import METHODS
from benchmarks.spec import Found, Task

if TYPE_CHECKING:
    from collections.abc import Callable

REASON_CHARACTERS = 300


class Clock:
    """Wall and processor seconds since it was made; children count."""

    def __init__(self) -> None:
        gc.collect()
        self.cpu = used_cpu_s()
        self.began = time.perf_counter()

    def stop(self, found: Found) -> Found:
        """Write the seconds into what was found."""
        found.seconds = time.perf_counter() - self.began
        found.cpu_s = used_cpu_s() - self.cpu
        return found


def used_cpu_s() -> float:
    """Return the processor seconds of this process and of its children, ended or alive."""
    import psutil  # noqa: PLC0415  (loads on use)

    times = os.times()
    used = times.user + times.system + times.children_user + times.children_system
    for child in psutil.Process().children():
        with suppress(psutil.Error):  # it may have ended meanwhile, and counts above soon
            theirs = child.cpu_times()
            used += theirs.user + theirs.system
    return used


def handover(task: Task) -> Found:
    """Time a model from plain numbers until it is inside the solver."""
    from benchmarks.cases import case_of  # noqa: PLC0415  (loads on use)

    method = METHODS[task.method]
    module = method.module()
    warm_up(task)
    given = module.prepared(task.prepared) if task.method == "hubopt" else case_of(task.case)
    if task.method == "prepared":
        from benchmarks.arrays import for_highs, matrices_of  # noqa: PLC0415  (needs highspy)

        given = for_highs(matrices_of(given, strong=True))
    clock = Clock()
    if task.method == "prepared":
        _held, count = module.passed(given)
    elif task.method == "hubopt":
        _held, count = module.hand_over(given)
    else:
        _held, count = module.hand_over(module.build(given, strong=method.strong))
    found = clock.stop(Found())
    found.nonzeros = int(count())
    return found


def warm_up(task: Task) -> None:
    """Hand over a tiny case first, so that loading libraries is not timed."""
    from benchmarks.cases import case_of  # noqa: PLC0415  (loads on use)
    from benchmarks.spec import Spec  # noqa: PLC0415

    module = METHODS[task.method].module()
    tiny = case_of(Spec("location", {"sites": 2, "customers": 3, "seed": 1}))
    if task.method == "hubopt":
        from hubopt.engine.solve_problem import form_of  # noqa: PLC0415
        from hubopt.network.routes import list_routes  # noqa: PLC0415  (loads on use)
        from hubopt.problem.build import build_problem  # noqa: PLC0415

        instance, _ = module.build(tiny, strong=True)
        problem = build_problem(instance, list_routes(instance))
        module.hand_over(problem)
        form_of(problem)  # by Pyomo as a whole, as small problems are
    else:
        module.hand_over(module.build(tiny, strong=True))


def solve(task: Task) -> Found:
    """Time a case from plain numbers to the end of the solve."""
    from benchmarks.cases import case_of  # noqa: PLC0415  (loads on use)

    method = METHODS[task.method]
    warm_up(task)
    module, case = method.module(), case_of(task.case)
    clock = Clock()
    found: Found = module.solve(module.build(case, strong=method.strong), task.limit_s, task.gap)
    return clock.stop(found)


def prepare(task: Task) -> Found:
    """Write hubopt's problem of a case for the hand-overs of this run."""
    from benchmarks.cases import case_of  # noqa: PLC0415  (loads on use)

    clock = Clock()
    METHODS[task.method].module().prepare(case_of(task.case), Path(task.prepared))
    return clock.stop(Found())


def growth(task: Task) -> Found:
    """Time hubopt from the folder of an instance to the results on the disk, phase by phase."""
    from benchmarks.growth import run  # noqa: PLC0415  (loads on use)

    return run(task)


def families(task: Task) -> Found:
    """Solve a public case by hubopt and lay it beside its published value."""
    from benchmarks.families import run  # noqa: PLC0415  (loads on use)

    return run(task)


def multimodal(task: Task) -> Found:
    """Solve a case of the multimodal family by hubopt or by arc flows in Pyomo."""
    from benchmarks.multimodal import run  # noqa: PLC0415  (loads on use)

    return run(task)


def scenario(task: Task) -> Found:
    """Solve one more scenario of a multimodal case, by hubopt warm or by Pyomo anew."""
    from benchmarks.scenario import run  # noqa: PLC0415  (loads on use)

    return run(task)


def small(task: Task) -> Found:
    """Time hubopt against one strong MIP from the same problem."""
    from benchmarks.small import run  # noqa: PLC0415  (loads on use)

    return run(task)


SECTIONS: dict[str, Callable[[Task], Found]] = {
    "handover": handover, "solve": solve, "prepare": prepare, "growth": growth, "small": small,
    "instances": growth, "families": families,
    "multimodal": multimodal, "scenario": scenario,
}  # fmt: skip


def main(words: list[str]) -> int:
    """Run a task and write what was found, or why not."""
    task = Task.from_json(Path(words[0]).read_text(encoding="utf-8"))
    try:
        found = SECTIONS[task.section](task)
    except ImportError as error:
        found = Found("not installed", note=str(error)[:REASON_CHARACTERS])
    except Exception as error:  # noqa: BLE001  (whatever it is, the row says so)
        reason = f"{type(error).__name__}: {error}".replace("\n", " ")
        found = Found("failed", note=reason[:REASON_CHARACTERS])
    raw: dict[str, Any] = asdict(found)
    Path(words[1]).write_text(json.dumps(raw), encoding="utf-8")
    sys.stdout.flush()
    os._exit(0)  # threads of solvers are not waited for


if __name__ == "__main__":
    main(sys.argv[1:])
