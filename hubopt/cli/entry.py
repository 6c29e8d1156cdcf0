"""One door for every command: language first, then the command, then one place for failures."""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from hubopt.cli import heard
from hubopt.cli.output import forgiving
from hubopt.errors import Finding, HuboptError, InputError, InterruptedSolve
from hubopt.text import Language, Text, language_from_environment, printable

if TYPE_CHECKING:
    from collections.abc import Sequence


OF_THE_SYSTEM = frozenset(
    getattr(errno, name)
    for name in (
        "EACCES", "EAGAIN", "EDQUOT", "EFBIG", "EIO", "EMFILE", "ENFILE", "ENOMEM", "ENOSPC",
        "EPERM", "EROFS", "ESTALE",
    )
    if hasattr(errno, name)
)  # fmt: skip
"""What no program can do anything about, and its user may."""


STOPPED = Text("Stopped; nothing was written.", "已中断，未写入任何文件。")


def run(tokens: Sequence[str]) -> int:
    """Run one command line and return its exit code; no traceback reaches the user."""
    with forgiving() as out:
        code = obeyed(tokens)
    if out.trouble is not None and not isinstance(out.trouble, BrokenPipeError):
        why = out.trouble.strerror or str(out.trouble)
        complain(Text(f"the output could not be printed: {why}", f"无法输出：{why}"), code)
    return code


def obeyed(tokens: Sequence[str]) -> int:
    """Run one command line with its failures turned into words and codes."""
    try:
        os.environ["HUBOPT_LANG"] = wanted_language(tokens).value
        from cyclopts import CycloptsError  # noqa: PLC0415  (help texts need the language first)
    except HuboptError as error:
        return complain(error.message, error.exit_code)
    try:
        return called(tokens)
    except CycloptsError as error:
        from hubopt.cli.refusals import refusal  # noqa: PLC0415  (loads on use)

        return failed(tokens, InputError, refusal(error))
    except HuboptError as error:
        return failed(tokens, type(error), error.message)
    except (KeyboardInterrupt, Exception) as error:  # noqa: BLE001  (the last door, whatever it is)
        if heard or isinstance(error, KeyboardInterrupt):
            return failed(tokens, InterruptedSolve, STOPPED)
        return failed(tokens, HuboptError, of_the_system(error) or report_of_failure())


def called(tokens: Sequence[str]) -> int:
    """Call the command that a command line names."""
    from hubopt.cli.commands import app  # noqa: PLC0415  (loads on use)

    code = app(list(tokens), print_error=False, exit_on_error=False, result_action="return_value")
    return int(code or 0)


def failed(tokens: Sequence[str], kind: type[HuboptError], message: Text) -> int:
    """Say why a command failed, as JSON too if that was asked for, and return the code."""
    if "--json" in tokens:
        words = printable(message.in_language(language_from_environment()))
        record = {"status": kind.status.value, "exit_code": kind.exit_code, "message": words}
        print(json.dumps(record, ensure_ascii=False))
    return complain(message, kind.exit_code)


def wanted_language(tokens: Sequence[str]) -> Language:
    """Return the language that the command line asks for, or the environment's.

    Raises `InputError` for a language that hubopt does not speak.
    """
    wanted = None
    for here, token in enumerate(tokens):
        if token.startswith("--lang="):
            wanted = token.partition("=")[2]
        elif token == "--lang" and here + 1 < len(tokens):  # noqa: S105  (no password)
            wanted = tokens[here + 1]
    if wanted is None:
        return language_from_environment()
    found = next((word for word in Language if wanted.lower().startswith(word.value)), None)
    if found is None:
        reason = Text("is no language of hubopt", "不是 hubopt 支持的语言")
        remedy = Text("write en or zh", "请写 en 或 zh")
        raise InputError([Finding("command line", reason, remedy, column="--lang", value=wanted)])
    return found


def complain(message: Text, code: int) -> int:
    """Print a message on standard error in the chosen language and return `code`."""
    words = printable(message.in_language(language_from_environment()).rstrip())
    with suppress(OSError):
        sys.stderr.write(words + "\n")
    return code


def of_the_system(error: Exception) -> Text | None:
    """Return the words for what the computer refused, `None` if the fault is another."""
    if isinstance(error, MemoryError):
        return Text(
            "this computer has too little memory left; nothing was written. Close other programs,"
            " or list fewer routes with --routes",
            "本机剩余内存不足，未写入任何文件。请关闭其他程序，或用 --routes 减少路径数",
        )
    if isinstance(error, OSError) and error.errno in OF_THE_SYSTEM:
        why = str(error.strerror) + (f": {error.filename}" if error.filename else "")
        return Text(
            f"the system refused something that hubopt needs ({why}). Close other programs, see"
            " that no disk is full and that its files may be read, and try again",
            f"系统拒绝了所需的操作（{why}）。请关闭其他程序，检查磁盘空间与文件权限后重试",
        )
    return None


def report_of_failure() -> Text:
    """Write the traceback to a file, if that can be done, and return the words for the user."""
    kind, error, _ = sys.exc_info()
    try:
        handle, name = tempfile.mkstemp(prefix="hubopt-failure-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
            traceback.print_exc(file=file)
    except OSError:
        what = f"{'' if kind is None else kind.__name__}: {error}"
        return Text(
            f"hubopt failed inside ({what}); this is a fault of hubopt. Please report it",
            f"hubopt 内部出错（{what}），这是程序的问题，请反馈。",
        )
    return Text(
        f"hubopt failed inside; this is a fault of hubopt. Please report what is in {name}",
        f"hubopt 内部出错，这是程序的问题。详情见 {name}，请反馈。",
    )
