"""`python -m hubopt.solver.child MEMORY_MB`: one HiGHS solve in a process of its own.

The parent hands over the task as a frame on standard input, hears frames on standard output, and
says stop by one more byte. If that input ends, the parent is gone, and so is the child. Nothing
passes through files: a disk that is full does not matter, and a parent that is killed leaves none.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any, BinaryIO

from hubopt.solver.accepts import own_output
from hubopt.solver.platform import limit_own_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from hubopt.solver.frames import Frame

ORPHANED, REFUSED = 3, 4
INTERRUPTS = ("kCallbackMipInterrupt", "kCallbackSimplexInterrupt", "kCallbackIpmInterrupt")


class Messages:
    """Frames to the parent, one at a time."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.lock = stream, threading.Lock()

    def send(self, kind: str, fields: Mapping[str, object], **arrays: NDArray[np.float64]) -> None:
        """Send one frame."""
        from hubopt.solver.frames import Frame, write_frame  # noqa: PLC0415

        with self.lock:
            write_frame(self.stream, Frame(kind, dict(fields), arrays))


class StopWatch(threading.Thread):
    """Hears the parent's word to stop; ends the process if the parent is gone."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.asked = threading.Event()

    def run(self) -> None:
        """Wait for a byte, then for the end."""
        while os.read(0, 1):
            self.asked.set()
        os._exit(ORPHANED)


class Solve:
    """One model inside HiGHS, and what its callbacks say to the parent."""

    def __init__(self, messages: Messages, stop: StopWatch) -> None:
        import highspy  # noqa: PLC0415  (after the memory limit and the banner's redirection)

        self.highspy, self.messages, self.stop = highspy, messages, stop
        self.highs = highspy.Highs()  # type: ignore[no-untyped-call]
        self.must(self.highs.setOptionValue("output_flag", False), "output_flag")  # noqa: FBT003

    def must(self, status: object, what: str) -> None:
        """Raise unless HiGHS took something without a word; a warning means it changed it."""
        if status != self.highspy.HighsStatus.kOk:
            message = f"HiGHS did not take {what}: {status}"
            raise RuntimeError(message)

    def load(self, arrays: Mapping[str, Any], options: Mapping[str, Any]) -> None:
        """Pass options and model.

        No start: after presolve HiGHS 1.16 takes the cost of a start for another (1,309,178 instead
        of 1,318,079 on the reference, all sites free), cuts off what is better, and calls the start
        optimal.
        """
        import numpy as np  # noqa: PLC0415

        for name, value in options.items():
            self.must(self.highs.setOptionValue(name, value), f"option {name}={value}")
        ours = len(arrays["row_lower"]), len(arrays["cost"]), len(arrays["values"])
        status = self.highs.passModel(
            ours[1], ours[0], ours[2],
            int(self.highspy.MatrixFormat.kColwise), int(self.highspy.ObjSense.kMinimize),
            float(arrays["offset"][0]), arrays["cost"],
            arrays["column_lower"], arrays["column_upper"],
            arrays["row_lower"], arrays["row_upper"],
            arrays["starts"].astype(np.int32), arrays["indices"].astype(np.int32),
            arrays["values"], arrays["integer"].astype(np.int32),
        )  # fmt: skip
        self.must(status, "the model")
        passed = self.highs.getNumRow(), self.highs.getNumCol(), self.highs.getNumNz()
        if passed != ours:
            message = f"HiGHS holds a model of {passed}"
            raise RuntimeError(message)

    def callback(self, kind: object, _text: str, out: Any, answer: Any, _data: object) -> None:  # noqa: ANN401
        """Pass on incumbents and bounds, and the parent's wish to stop."""
        kinds = self.highspy.cb.HighsCallbackType
        if kind == kinds.kCallbackMipImprovingSolution:
            head = {"bound": out.mip_dual_bound, "best": out.objective_function_value}
            self.messages.send("incumbent", head, values=out.mip_solution)
        elif kind == kinds.kCallbackMipLogging:
            head = {"bound": out.mip_dual_bound, "best": out.mip_primal_bound}
            self.messages.send("progress", head)
        elif answer is not None and self.stop.asked.is_set():
            answer.user_interrupt = True

    def run(self) -> str:
        """Run HiGHS with callbacks and return its model status by name."""
        kinds = self.highspy.cb.HighsCallbackType
        self.must(self.highs.setCallback(self.callback, None), "the callback")
        for name in (*INTERRUPTS, "kCallbackMipImprovingSolution", "kCallbackMipLogging"):
            self.must(self.highs.startCallback(getattr(kinds, name)), name)
        if self.stop.asked.is_set():
            return "kInterrupt"
        self.highs.run()  # its model status says more than its return value
        return str(self.highs.getModelStatus().name)

    def finish(self, status: str) -> None:
        """Send what HiGHS ended with: values only where it says that they are valid."""
        import numpy as np  # noqa: PLC0415

        info, solution = self.highs.getInfo(), self.highs.getSolution()
        arrays = {}
        if info.valid and solution.value_valid:
            arrays["values"] = np.array(solution.col_value)
        if info.valid and solution.dual_valid:
            arrays["row_duals"] = np.array(solution.row_dual)
        head = {"status": status, "bound": info.mip_dual_bound if info.valid else None}
        self.messages.send("end", head, **arrays)


def task() -> Frame:
    """Return what the parent hands over; end the process if it is gone before that is whole."""
    from hubopt.solver.frames import BrokenStreamError, read_frame  # noqa: PLC0415

    try:
        with open(0, "rb", buffering=0, closefd=False) as pipe:
            frame = read_frame(pipe)
    except BrokenStreamError:
        frame = None
    if frame is None:
        os._exit(ORPHANED)
    return frame


def main() -> None:
    """Solve what the parent hands over."""
    limit_own_memory(int(sys.argv[1]))
    messages, stop = Messages(own_output()), StopWatch()
    try:
        given = task()
        stop.start()
        solve = Solve(messages, stop)
        solve.load(given.arrays, dict(given.fields["highs"]))  # type: ignore[call-overload]
        messages.send("started", {})
        solve.finish(solve.run())
    except MemoryError:
        messages.send("memory", {})
    except Exception:  # noqa: BLE001  (whatever it is, the parent hears of it)
        messages.send("error", {"reason": traceback.format_exc(limit=-3)})
        os._exit(REFUSED)
    os._exit(0)  # HiGHS's threads are not waited for


if __name__ == "__main__":
    main()
