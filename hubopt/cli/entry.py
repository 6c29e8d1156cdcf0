"""One door for every command: language first, then the command, then one place for failures."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.errors import HuboptError
from hubopt.text import Language, Text, language_from_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

INTERRUPTED, WRONG_INPUT, INTERNAL = 130, 2, 70


def run(tokens: Sequence[str]) -> int:
    """Run one command line and return its exit code; no traceback reaches the user."""
    os.environ["HUBOPT_LANG"] = wanted_language(tokens)
    from cyclopts import CycloptsError  # noqa: PLC0415  (help texts need the language first)

    from hubopt.cli.commands import app  # noqa: PLC0415

    try:
        code = app(
            list(tokens), print_error=False, exit_on_error=False, result_action="return_value"
        )
    except CycloptsError as error:
        return complain(
            Text(f"{error}\nTry: hubopt --help", f"{error}\n请看：hubopt --help --lang zh"),
            WRONG_INPUT,
        )
    except HuboptError as error:
        return complain(error.message, error.exit_code)
    except KeyboardInterrupt:
        return complain(
            Text("Stopped; nothing was written.", "已中断，未写入任何文件。"), INTERRUPTED
        )
    except Exception:  # noqa: BLE001  (the last door: whatever it is, the user gets a sentence)
        return complain(report_of_failure(), INTERNAL)
    return int(code or 0)


def wanted_language(tokens: Sequence[str]) -> str:
    """Return the language that the command line asks for, or the environment's."""
    for here, token in enumerate(tokens):
        if token.startswith("--lang="):
            return token.partition("=")[2]
        if token == "--lang" and here + 1 < len(tokens):  # noqa: S105  (an option, no password)
            return tokens[here + 1]
    return language_from_environment().value


def complain(message: Text, code: int) -> int:
    """Print a message on standard error in the chosen language and return `code`."""
    sys.stderr.write(message.in_language(language_from_environment()).rstrip() + "\n")
    return code


def report_of_failure() -> Text:
    """Write the traceback to a file and return the sentence that names it."""
    handle, name = tempfile.mkstemp(prefix="hubopt-failure-", suffix=".txt")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        traceback.print_exc(file=file)
    path = Path(name)
    return Text(
        f"hubopt failed inside; this is a fault of hubopt. Please report what is in {path}",
        f"hubopt 内部出错，这是程序的问题。详情见 {path}，请反馈。",
    )


def language() -> Language:
    """Return the language of this run."""
    return language_from_environment()
