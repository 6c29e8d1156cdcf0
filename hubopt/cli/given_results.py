"""Folders on a command line as a shell's `*` gives them: results among others, and the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli.solving import option_finding
from hubopt.errors import Finding, InputError
from hubopt.instance.nearest import nearest_of
from hubopt.instance.scenario_files import BASE
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

OF_A_RESULT = ("plan.json", "manifest.json", "verification.json", "plan.gpkg")
"""A folder with any of these is a result, or was one."""


def results_among(folders: Sequence[Path]) -> tuple[list[Path], list[Text]]:
    """Return the results among what was given, and a note that names all that is none at all.

    What is not there, and what was a result and is broken, counts as one: reading it says why.
    """
    given = [one for folder in folders for one in spread_out(folder)]
    others = [folder for folder in given if no_result_at_all(folder)]
    if not others:
        return given, []
    names = ", ".join(shown(folder) for folder in others)
    note = Text(f"no results, passed over: {names}", f"不是结果，已跳过：{names}")
    return [folder for folder in given if folder not in others], [note]


def spread_out(folder: Path) -> list[Path]:
    """Return what a path with `*` stands for, in order: not every shell spreads it out itself."""
    if "*" not in folder.name or folder.exists():
        return [folder]
    found = [one for one in folder.parent.glob(folder.name) if not one.name.startswith(".")]
    return sorted(found) or [folder]


def no_result_at_all(folder: Path) -> bool:
    """Return whether something is there and is neither a plan nor what is left of one.

    A hedge holds plans and is none: each of its states is.
    """
    from hubopt.publish.hedge_results import is_hedge  # noqa: PLC0415  (loads on use)

    try:
        if not folder.is_dir():
            return folder.exists()
        return is_hedge(folder) or not any((folder / name).exists() for name in OF_A_RESULT)
    except OSError:
        return False


def scenario_of(folder: Path) -> str:
    """Return the scenario of a result as its manifest says, or else as its folder is called."""
    from hubopt.publish.manifest import read_manifest  # noqa: PLC0415  (loads on use)

    return str((read_manifest(folder) or {}).get("scenario", folder.name))


def base_first(results: Sequence[Path], base: str | None) -> tuple[list[Path], list[Text]]:
    """Return results with the base first, and a note where another one may have been meant.

    `base` is a scenario or a folder's name; without it the order decides. Raises `InputError` if
    it names none of them.
    """
    names = [scenario_of(folder) for folder in results]
    if base is None:
        return list(results), base_note(results, names)
    for named in (lambda n: str(results[n]), names.__getitem__, lambda n: results[n].name):
        chosen = [n for n in range(len(results)) if named(n) == base.rstrip("/\\")]
        if len(chosen) == 1:
            rest = [folder for n, folder in enumerate(results) if n != chosen[0]]
            return [results[chosen[0]], *rest], []
        if chosen:
            raise InputError([several(base, [results[n] for n in chosen])])
    raise InputError([unknown(base, names)])


def base_note(results: Sequence[Path], names: Sequence[str]) -> list[Text]:
    """Return which result is the base, if the first one is not `base` while another one is."""
    if not results or names[0] == BASE or BASE not in names:
        return []
    first, other = shown(results[0]), shown(results[names.index(BASE)])
    return [
        Text(
            f"the base of the comparison is {first}, which is given first; for {other}, give that"
            f" first, or write --base {BASE}",
            f"对比基准为最先给出的 {first}；要以 {other} 为基准，请把它放在最前，"
            f"或写 --base {BASE}",
        )
    ]


def unknown(base: str, names: Sequence[str]) -> Finding:
    """Return the finding for a base that is none of the results."""
    listed = ", ".join(dict.fromkeys(names))
    reason = Text(f"is none of the results ({listed})", f"不在所给结果之中（{listed}）")
    remedy = Text("write one of these scenarios", "请写以上情景之一")
    return Finding(
        "command line", reason, remedy, column="--base", value=base,
        nearest=nearest_of(base, list(names)), code="CMP04",
    )  # fmt: skip


def several(base: str, folders: Sequence[Path]) -> Finding:
    """Return the finding for a base that more than one result may be."""
    listed = ", ".join(shown(folder) for folder in folders)
    reason = Text(f"may be any of {listed}", f"可指 {listed} 中的任何一个")
    return option_finding("--base", base, reason)


def shown(folder: Path) -> str:
    """Return a path so that it can be printed."""
    from hubopt.publish.refusals import shown as short  # noqa: PLC0415  (loads on use)

    return short(folder)
