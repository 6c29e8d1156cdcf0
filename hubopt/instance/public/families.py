"""The public families that can be read, and the cases that a folder of a user's files holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.instance.nearest import nearest_of
from hubopt.instance.public import cab, dow, holmberg, multimodal, orlib_cap, pmed
from hubopt.instance.public.tokens import CODE, joined_findings
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from hubopt.instance.public.case import PublicCase


@dataclass(frozen=True, slots=True)
class Family:
    """A family: what it is, its name in the table of published values, and how to read its files.

    `files` is the pattern of its file names without their `.gz`, `example` says them in words;
    `read` gives the cases of a file.
    """

    sentence: Text
    published: str
    files: str
    read: Callable[[Path], Iterable[PublicCase]]
    example: str = ""


FAMILIES: dict[str, Family] = {
    "cap": Family(
        Text(
            "OR-Library capacitated location: sites of one size, demand may be split",
            "OR-Library 有容量选址：设施单一规模，需求可拆分",
        ),
        "cflp_orlib",
        r"cap([0-9]+|[a-z])(\.txt)?",
        orlib_cap.read_capacitated,
        "cap41.txt, capa.txt",
    ),
    "uncap": Family(
        Text(
            "OR-Library uncapacitated location: the same files, capacities not counted",
            "OR-Library 无容量选址：文件相同，不计容量",
        ),
        "uflp_orlib",
        r"cap([0-9]+|[a-z])(\.txt)?",
        orlib_cap.read_uncapacitated,
        "cap71.txt, capa.txt",
    ),
    "holmberg": Family(
        Text(
            "Holmberg, Rönnqvist and Yuan: capacitated location, each customer from one site",
            "Holmberg、Rönnqvist 与 Yuan：有容量选址，每个客户由单一设施供应",
        ),
        "sscflp_holmberg",
        r"p[0-9]+(\.txt|\.dat)?",
        holmberg.read,
        "p1, p71.txt",
    ),
    "pmed": Family(
        Text(
            "OR-Library p-median: p sites, each customer from the nearest",
            "OR-Library p-中位：选 p 个设施，客户由最近者供应",
        ),
        "pmed",
        r"pmed[0-9]+(\.txt)?",
        pmed.read,
        "pmed1.txt",
    ),
    "cab-multiple": Family(
        Text(
            "CAB hub median: p hubs, each shipment by any one or two of them",
            "CAB 枢纽中位：选 p 个枢纽，每批货物可经任意一或两个枢纽",
        ),
        "hub_cab_UMApHMP",
        r"cab[^.]*(\.txt|\.dat)?",
        cab.read_multiple,
        "CAB.txt",
    ),
    "cab-single": Family(
        Text(
            "CAB hub median: p hubs, each city sends and receives through one of them",
            "CAB 枢纽中位：选 p 个枢纽，每个城市的收发只经其中一个",
        ),
        "hub_cab_USApHMP",
        r"cab[^.]*(\.txt|\.dat)?",
        cab.read_single,
        "CAB.txt",
    ),
    "dow": Family(
        Text(
            "fixed-charge network design: arcs with a capacity are opened whole",
            "固定费用网络设计：有容量限制的弧须整条开通",
        ),
        "mcfnd_C",
        r"[^.].*\.dow",
        dow.read,
        "c33.dow",
    ),
    "multimodal": Family(
        Text(
            "multimodal siting: each shipment passes one open site, over arcs that are shared",
            "多式联运选址：每批货物经过一个开放的设施，弧的能力共享",
        ),
        "multimodal",
        r".+_arcs\.csv",
        multimodal.read,
        "S_arcs.csv with S_shipments.csv and S_sites.csv",
    ),
}
"""The families by the name that a user writes."""


def family_named(name: str) -> Family:
    """Return a family; raise `InputError` with the nearest name for one that is not known."""
    if name in FAMILIES:
        return FAMILIES[name]
    known = ", ".join(FAMILIES)
    raise InputError([
        Finding(
            "command line",
            Text("is no family that can be read", "不是可读取的算例族"),
            Text(f"write one of {known}", f"请写下列之一：{known}"),
            column="FAMILY", value=name, nearest=nearest_of(name, FAMILIES), code=CODE,
        )
    ])  # fmt: skip


def cases_of(name: str, folder: Path) -> tuple[PublicCase, ...]:
    """Return the cases of a family in a folder, or in one file, in the natural order of names.

    Raises `InputError` for an unknown family, without files of it, and for all bad files at once.
    """
    family = family_named(name)
    errors, cases = [], []
    for file in files_of(name, family, folder):
        try:
            cases += list(family.read(file))
        except InputError as error:
            errors.append(error)
    if errors:
        raise joined_findings(errors)
    return tuple(cases)


def files_of(name: str, family: Family, folder: Path) -> list[Path]:
    """Return the files of a family in a folder; of a plain file and its `.gz` the plain one."""
    if folder.is_file():
        return [folder]
    pattern = re.compile(family.files, re.IGNORECASE)
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir() if folder.is_dir() else ()):
        plain = path.name.removesuffix(".gz")
        if pattern.fullmatch(plain) and path.is_file():
            found.setdefault(plain, path)
    if not found:
        raise InputError([no_files(name, folder)])
    return [found[plain] for plain in sorted(found, key=natural)]


def natural(name: str) -> list[tuple[int, str]]:
    """Return what names are sorted by, so that p9 comes before p10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in digits_apart(name)]


def digits_apart(name: str) -> Iterator[str]:
    """Yield the runs of digits of a name and what stands between them."""
    yield from re.findall(r"[0-9]+|[^0-9]+", name)


def no_files(name: str, folder: Path) -> Finding:
    """Return the finding about a folder without files of a family."""
    there = folder.is_dir()
    reason = Text(
        f"holds no file of the family {name}" if there else "there is no such folder or file",
        f"没有 {name} 族的文件" if there else "没有这个文件夹或文件",
    )
    remedy = Text(
        f"name the folder with its files (such as {FAMILIES[name].example}; plain or .gz)",
        f"请指定存放这些文件的文件夹（如 {FAMILIES[name].example}；可为 .gz）",
    )
    return Finding(str(folder), reason, remedy, code=CODE)
