"""`python -m hubopt.solver.accepts`: which of the options on standard input HiGHS refuses.

A process of its own, because HiGHS prints its banner to the output of whoever makes one.
"""

from __future__ import annotations

import json
import os
import sys
from typing import BinaryIO


def own_output() -> BinaryIO:
    """Return the real standard output and send all else that is printed there to nowhere."""
    real = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return real


def main() -> None:
    """Read options as JSON, write the names of the refused ones as JSON."""
    out = own_output()
    import highspy  # noqa: PLC0415  (after its banner has nowhere to go)

    options: dict[str, str | int | float | bool] = json.load(sys.stdin)
    scratch = highspy.Highs()  # type: ignore[no-untyped-call]
    scratch.setOptionValue("output_flag", False)  # noqa: FBT003  (the library's own signature)
    ok = highspy.HighsStatus.kOk
    refused = [n for n, value in options.items() if scratch.setOptionValue(n, value) != ok]
    out.write(json.dumps(refused).encode())
    out.close()


if __name__ == "__main__":
    main()
