"""Why a result cannot be written or read, each with what to do about it."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
BLOCKED = {errno.ENOTDIR, errno.EEXIST}

MOST_NAMED = 5


LONGEST_SHOWN = 200


def shown(text: object) -> str:
    """Return a path or text of a file so that it can be printed: short, and without odd bytes."""
    said = str(text).encode("utf-8", "backslashreplace").decode()
    return said if len(said) <= LONGEST_SHOWN else said[:LONGEST_SHOWN] + "..."


def refusal(path: Path, reason: Text, remedy: Text, code: str) -> InputError:
    """Return an error about a path of the output."""
    return InputError([Finding(shown(path), reason, remedy, code=code)])


def not_written(folder: Path, error: OSError) -> InputError:
    """Return why the system would not write; the older results are still there."""
    kept = Text("; nothing was changed", "；未作任何改动")
    if error.errno in FULL:
        reason = Text("the disk is full", "磁盘已满")
        remedy = Text(
            "free some space or choose another folder with -o", "请清理磁盘，或用 -o 另选文件夹"
        )
        code = "OUT01"
    elif error.errno in DENIED:
        reason = Text("may not be written", "没有写入权限或文件正被占用")
        remedy = Text(
            "close files that are open in Excel or QGIS, or choose another folder with -o",
            "请关闭在 Excel 或 QGIS 中打开的文件，或用 -o 另选文件夹",
        )
        code = "OUT02"
    elif error.errno in BLOCKED:
        reason = Text("a file stands where a folder is needed", "此处应为文件夹，却有同名文件")
        remedy = Text(
            "move that file or choose another folder with -o", "请移走该文件，或用 -o 另选文件夹"
        )
        code = "OUT03"
    elif error.errno == errno.EISDIR:
        where = shown(error.filename or folder)
        reason = Text(
            f"a folder stands where the file {where} is to be", f"文件 {where} 处已有同名文件夹"
        )
        remedy = Text(
            "move that folder or choose another one with -o", "请移走该文件夹，或用 -o 另选文件夹"
        )
        code = "OUT03"
    else:
        said = error.strerror or str(error)
        reason = Text(f"could not be written ({said})", f"无法写入（{said}）")
        remedy = Text("try again or choose another folder with -o", "请重试，或用 -o 另选文件夹")
        code = "OUT04"
    return refusal(folder, Text(reason.en + kept.en, reason.zh + kept.zh), remedy, code)


def in_use(folder: Path) -> InputError:
    """Return that another run is writing the same result."""
    return refusal(
        folder,
        Text("another run is writing this result", "另一个任务正在写入该结果"),
        Text(
            "wait until it is done, or choose another folder with -o",
            "请等它结束，或用 -o 另选文件夹",
        ),
        "OUT05",
    )


def foreign(folder: Path, names: list[str]) -> InputError:
    """Return that a result folder holds files that hubopt did not write."""
    some = ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")
    return refusal(
        folder,
        Text(
            f"holds files that are not hubopt's ({some}); nothing was changed",
            f"含有不是 hubopt 写入的文件（{some}）；未作任何改动",
        ),
        Text(
            "move them elsewhere, or choose another folder with -o",
            "请移走它们，或用 -o 另选文件夹",
        ),
        "OUT06",
    )


def other_kind(folder: Path, *, hedge: bool) -> InputError:
    """Return that a result of one plan stands where a hedge is to go, or the other way round."""
    found = Text("one plan", "单个方案") if hedge else Text("a hedge", "对冲方案")
    return refusal(
        folder,
        Text(
            f"holds the result of {found.en}; nothing was changed",
            f"已有{found.zh}的结果；未作任何改动",
        ),
        Text(
            "give the hedge another --name, or choose another folder with -o",
            "请用 --name 为对冲方案另取名称，或用 -o 另选文件夹",
        ),
        "OUT15",
    )


def edited(folder: Path, names: list[str]) -> InputError:
    """Return that files of a result were changed since hubopt wrote them."""
    some = ", ".join(names[:MOST_NAMED]) + (" ..." if len(names) > MOST_NAMED else "")
    return refusal(
        folder,
        Text(
            f"holds files that were edited since hubopt wrote them ({some}); nothing was changed",
            f"其中的文件在写出后被修改过（{some}）；未作任何改动",
        ),
        Text(
            "keep a copy of them elsewhere and delete them here, or choose another folder with -o",
            "请另存后在此处删除它们，或用 -o 另选文件夹",
        ),
        "OUT10",
    )


def not_text(path: Path) -> InputError:
    """Return that a path holds bytes that are no text."""
    return refusal(
        path,
        Text("the path is not valid UTF-8 text", "路径不是有效的 UTF-8 文本"),
        Text("rename that folder", "请重命名该文件夹"),
        "OUT11",
    )


def kept_at(folder: Path | None, target: Path) -> Finding:
    """Return where a plan that could not be written is kept."""
    if folder is None:
        return Finding(
            shown(target),
            Text("the verified plan could not be kept anywhere", "已核验的方案无处可存"),
            Text("free some space and solve again", "请清理磁盘后重新求解"),
            code="OUT13",
        )
    return Finding(
        shown(folder / "plan.json"),
        Text("the verified plan is kept here", "已核验的方案保存在此"),
        Text(
            f"draw its tables and maps with: hubopt map {shown(folder)}",
            f"可用 hubopt map {shown(folder)} 生成表格与地图",
        ),
        code="OUT12",
    )


def bad_name(name: str) -> InputError:
    """Return that a name of an instance or scenario cannot be that of a folder."""
    return InputError(
        [
            Finding(
                "instance.toml",
                Text("cannot be the name of a folder", "不能用作文件夹名"),
                Text(
                    "use letters, digits, '-' and '_'; no '/' or leading '.'",
                    "请使用字母、汉字、数字、-、_，不含 /，也不以 . 开头",
                ),
                column="name",
                value=name,
                code="OUT07",
            )
        ]
    )


def no_result(folder: Path, name: str) -> InputError:
    """Return that a folder holds no result."""
    return refusal(
        folder,
        Text(f"holds no readable {name}", f"没有可读的 {name}"),
        Text(
            "give the folder that hubopt solve named, results/<instance>/<scenario>",
            "请给出 hubopt solve 所写的文件夹 results/<算例>/<情景>",
        ),
        "OUT08",
    )


def no_tables(folder: Path) -> InputError:
    """Return that a result has no tables yet, as one that was written in haste."""
    return refusal(
        folder,
        Text("holds no tables", "没有表格"),
        Text(f"run hubopt map {shown(folder)} first", f"请先运行 hubopt map {shown(folder)}"),
        "OUT08",
    )


def broken_table(file: Path, why: str) -> InputError:
    """Return that a file of a result is not as hubopt writes it."""
    return refusal(
        file,
        Text(f"is not as hubopt wrote it ({shown(why)})", f"与写入时不同（{shown(why)}）"),
        Text("remove it and run hubopt map on the result", "请删除它，再对该结果运行 hubopt map"),
        "OUT08",
    )


def no_instance(folder: Path, said: str) -> InputError:
    """Return that the instance of a result is not where the manifest says."""
    return InputError(
        [
            Finding(
                shown(folder / "manifest.json"),
                Text("the instance is not there any more", "算例已不在该处"),
                Text("pass its folder with --instance", "请用 --instance 指明算例文件夹"),
                column="instance_folder",
                value=shown(said),
                code="OUT09",
            )
        ]
    )
