"""The `hubopt` command: thin, typed, in English and Chinese."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with the code of `errors`."""
    from hubopt.cli.entry import run  # noqa: PLC0415  (import hubopt.cli stays instant)

    sys.exit(run(sys.argv[1:]))
