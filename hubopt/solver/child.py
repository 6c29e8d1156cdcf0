"""`python -m hubopt.solver.child MEMORY_MB`: HiGHS in a process of its own, one solve at a time.

The parent hands over tasks as frames on standard input, hears frames on standard output, and says
stop by one more frame. If that input ends, the parent is gone, and so is the child. Nothing passes
through files: a disk that is full does not matter, and a parent that is killed leaves none.

A child that ended its task well waits for another. Each task has a HiGHS of its own, so that no
answer depends on what was solved before, and the number of threads never changes.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from hubopt.solver.accepts import own_output
from hubopt.solver.platform import limit_own_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from hubopt.solver.frames import Frame

ORPHANED, REFUSED = 3, 4
IDLE_S = 60.0
"""A child of whom nothing is asked for so long ends."""
INTERRUPTS = ("kCallbackMipInterrupt", "kCallbackSimplexInterrupt", "kCallbackIpmInterrupt")


class Messages:
    """Frames to the parent about one task, one at a time."""

    def __init__(self, stream: BinaryIO, task: int) -> None:
        self.stream, self.task, self.lock = stream, task, threading.Lock()

    def send(self, kind: str, fields: Mapping[str, object], **arrays: NDArray[np.float64]) -> None:
        """Send one frame."""
        from hubopt.solver.frames import Frame, write_frame  # noqa: PLC0415

        with self.lock:
            write_frame(self.stream, Frame(kind, {**fields, "task": self.task}, arrays))


class Order:
    """One task, `None` if there was no memory for it, and whether it was asked to stop."""

    def __init__(self, number: int, task: Frame | None) -> None:
        self.number, self.task, self.stop = number, task, threading.Event()


class Orders(threading.Thread):
    """Hears the parent's tasks and its word to stop; ends the process if the parent is gone."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.waiting: queue.SimpleQueue[Order] = queue.SimpleQueue()
        self.last = Order(0, None)

    def run(self) -> None:
        """Read frames until the end."""
        from hubopt.solver.frames import read_frame  # noqa: PLC0415

        try:
            with open(0, "rb", buffering=0, closefd=False) as pipe:
                while (frame := read_frame(pipe)) is not None:
                    self.hear(frame)
        except MemoryError:
            self.waiting.put(Order(self.last.number + 1, None))
            return
        except Exception:  # noqa: BLE001, S110  (a parent that is not understood is none)
            pass
        os._exit(ORPHANED)

    def hear(self, frame: Frame) -> None:
        """Take in one frame; a word to stop a task that is over says nothing."""
        number = int(frame.number("task") or 0)
        if frame.kind != "stop":
            self.last = Order(number, frame)
            self.waiting.put(self.last)
        elif number == self.last.number:
            self.last.stop.set()

    def next(self) -> Order | None:
        """Return the next task, `None` if none comes for long."""
        with suppress(queue.Empty):
            return self.waiting.get(timeout=IDLE_S)
        return None


class Hearer:
    """What HiGHS calls back; it knows nothing of HiGHS, which would hold on to itself by it."""

    def __init__(self, messages: Messages, stop: threading.Event) -> None:
        import highspy  # noqa: PLC0415  (after the memory limit and the banner's redirection)

        self.kinds = highspy.cb.HighsCallbackType
        self.messages, self.stop = messages, stop

    def __call__(self, kind: object, _text: str, out: Any, answer: Any, _data: object) -> None:  # noqa: ANN401
        """Pass on incumbents and bounds, and the parent's wish to stop."""
        if kind == self.kinds.kCallbackMipImprovingSolution:
            head = {"bound": out.mip_dual_bound, "best": out.objective_function_value}
            self.messages.send("incumbent", head, values=out.mip_solution)
        elif kind == self.kinds.kCallbackMipLogging:
            head = {"bound": out.mip_dual_bound, "best": out.mip_primal_bound}
            self.messages.send("progress", head)
        elif answer is not None and self.stop.is_set():
            answer.user_interrupt = True


class Solve:
    """One model inside HiGHS, and what its callbacks say to the parent."""

    def __init__(self, messages: Messages, stop: threading.Event) -> None:
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
        for name, value in options.items():
            self.must(self.highs.setOptionValue(name, value), f"option {name}={value}")
        ours = len(arrays["row_lower"]), len(arrays["cost"]), len(arrays["values"])
        status = self.highs.passModel(
            ours[1], ours[0], ours[2],
            int(self.highspy.MatrixFormat.kColwise), int(self.highspy.ObjSense.kMinimize),
            float(arrays["offset"][0]), arrays["cost"],
            arrays["column_lower"], arrays["column_upper"],
            arrays["row_lower"], arrays["row_upper"],
            arrays["starts"], arrays["indices"], arrays["values"], arrays["integer"],
        )  # fmt: skip
        self.must(status, "the model")
        passed = self.highs.getNumRow(), self.highs.getNumCol(), self.highs.getNumNz()
        if passed != ours:
            message = f"HiGHS holds a model of {passed}"
            raise RuntimeError(message)

    def run(self) -> str:
        """Run HiGHS with callbacks and return its model status by name."""
        kinds = self.highspy.cb.HighsCallbackType
        hearer = Hearer(self.messages, self.stop)
        self.must(self.highs.setCallback(hearer, None), "the callback")
        for name in (*INTERRUPTS, "kCallbackMipImprovingSolution", "kCallbackMipLogging"):
            self.must(self.highs.startCallback(getattr(kinds, name)), name)
        if self.stop.is_set():
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

    def release(self) -> None:
        """Give the memory back; what Python keeps of a HiGHS refers to itself."""
        vars(self.highs).clear()
        del self.highs


def serve(order: Order, messages: Messages) -> None:
    """Solve one task; whatever goes wrong is told, and ends the process."""
    try:
        if order.task is None:
            raise MemoryError  # noqa: TRY301  (it was one, in another thread)
        messages.send("started", {"stays": True})
        solve = Solve(messages, order.stop)
        solve.load(order.task.arrays, dict(order.task.fields["highs"]))  # type: ignore[call-overload]
        solve.finish(solve.run())
        solve.release()
    except MemoryError:
        messages.send("memory", {})
        os._exit(0)
    except Exception:  # noqa: BLE001  (whatever it is, the parent hears of it)
        messages.send("error", {"reason": traceback.format_exc(limit=-3)})
        os._exit(REFUSED)


def main() -> None:
    """Solve what the parent hands over, until nothing is asked for long."""
    limit_own_memory(int(sys.argv[1]))
    import hubopt.solver.frames  # noqa: F401, PLC0415  (before a thread does)

    out, orders = own_output(), Orders()
    orders.start()
    with suppress(Exception):  # while the parent makes its first model; what fails fails again
        import highspy  # noqa: F401, PLC0415
    while (order := orders.next()) is not None:
        serve(order, Messages(out, order.number))
    os._exit(0)  # HiGHS's threads are not waited for


if __name__ == "__main__":
    main()
