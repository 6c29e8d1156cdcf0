"""A start read from an earlier result folder: its plan, and its prices if it has any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.publish import manifest as manifests
from hubopt.publish import prices, refusals
from hubopt.publish.edits import unchanged
from hubopt.publish.hedge_results import is_hedge
from hubopt.publish.load import PLAN, load_result
from hubopt.solve.warm import WarmStart
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path


def read_warm(folder: Path) -> WarmStart:
    """Return the start that a result folder gives; its instance need not be there.

    Raises `InputError` for a folder without a result, the result of a hedge, a plan or prices that
    are not as hubopt wrote them, and prices that are not those of the plan.
    """
    if is_hedge(folder):
        raise of_a_hedge(folder)
    plan, _ = load_result(folder, folder)
    record = manifests.read_manifest(folder)
    if record is None:
        raise refusals.no_result(folder, manifests.NAME)
    known = [name for name in (PLAN, prices.NAME) if name in record["outputs"]]
    for name in known:
        if not unchanged(folder, name, record):
            raise altered(folder, name)
    file = folder / prices.NAME
    digest = str(record["outputs"].get(PLAN, ""))
    if prices.NAME not in known:
        return WarmStart(plan, file=refusals.shown(folder / PLAN), digest=digest)
    text = file.read_bytes().decode("utf-8", "replace")
    found = prices.from_json(text, plan, file=refusals.shown(file))
    return WarmStart(plan, found, refusals.shown(folder / PLAN), digest)


def altered(folder: Path, name: str) -> InputError:
    """Return that a file is missing or not as it was written, so that nothing can start from it."""
    reason = Text(
        "is missing, or not as hubopt wrote it: damaged or edited",
        "缺失，或与写出时不同：损坏或被修改",
    )
    return InputError(
        [Finding(refusals.shown(folder / name), reason, prices.AGAIN, code=prices.CODE)]
    )


def of_a_hedge(folder: Path) -> InputError:
    """Return that a hedge is no start: each of its states is."""
    reason = Text("holds a hedge of several scenarios", "是多个情景的对冲方案")
    remedy = Text("give the folder of one of its scenarios", "请给出其中一个情景的文件夹")
    return InputError([Finding(refusals.shown(folder), reason, remedy, code=prices.CODE)])
