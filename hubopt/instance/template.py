"""A small instance to fill in: it reads, solves, and explains itself in both languages."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hubopt.errors import Finding, InputError
from hubopt.instance.codes import Code
from hubopt.instance.folder_name import plain_from
from hubopt.instance.scenario_files import FOLDER, file_of
from hubopt.instance.schema import ALL, SETTINGS_FILE
from hubopt.instance.template_rows import YEAR, example
from hubopt.instance.write import write
from hubopt.text import Language, Text

README = "README.md"
SCENARIO = """# What differs in this scenario. 本情景的不同之处。
title_en = "Half as much demand again, a border half closed, dearer carbon"
title_zh = "需求增加一半、口岸能力减半、碳价更高"

[settings]
carbon_price_cny_per_t = 200
source = "example"

[[multiply]] # numbers times a factor; also [[set]] to, [[add]] by or rows
table = "demand"
where = { stage = { at_least = YEAR }, destination = { country = { not = "CN" } } }
by = { demand_t_per_year = 1.5 }
source = "example"
confidence = "low"

[[outage]] # a share of departures or tonnes is left; also [[close]], [[open]], [[require]]
table = "services"
where = { mode = "rail" }
capacity = 0.5
source = "example"
"""
HOW_TO = Text(
    """# How to fill in this folder

1. Every figure here is an example, none is sourced: replace them all with your own.
2. Edit the tables in a spreadsheet and save each as "CSV UTF-8". Columns may stand in any order;
   rows may too. An empty table keeps its header.
3. `instance.toml` holds the stages, prices and the home country. Edit it with a text editor.
4. Run `hubopt check FOLDER`: it lists everything that is wrong at once, with file, row and column.
5. Run `hubopt solve FOLDER`.
6. `scenarios/more_demand.toml` is an example of what may differ: `hubopt check FOLDER --scenario
   all`, then `hubopt solve FOLDER --scenario more_demand`.

Units are in the names of the columns. A blank capacity means no limit; a path is written as
stops joined by `>`, modes are joined by `|`, and a yes or no is written so.
""",
    """# 如何填写本文件夹

1. 表中数字都只是示例，没有来源，请全部换成自己的数据。
2. 用电子表格编辑各表，并另存为“CSV UTF-8”。列和行的顺序不限；空表也要保留表头。
3. `instance.toml` 存放阶段、价格和本国，请用文本编辑器修改。
4. 运行 `hubopt check 文件夹`：一次列出全部问题，指明文件、行和列。
5. 运行 `hubopt solve 文件夹`。
6. `scenarios/more_demand.toml` 是情景示例：先运行 `hubopt check 文件夹 --scenario all`，再运行
   `hubopt solve 文件夹 --scenario more_demand`。

单位写在列名中。能力留空表示不限；路径用 `>` 连接各停靠地点，运输方式用 `|` 连接，
是与否写作 yes 和 no。
""",
)


def new(folder: Path) -> None:
    """Write the template into a new or empty folder, named as it is; whole, or not at all.

    Raises `InputError` if something is there already or the folder cannot be written.
    """
    refuse_used(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            prefix=f".{folder.name}.", dir=folder.resolve().parent
        ) as name:
            half = Path(name) / "template"
            write(example(plain_from(folder.resolve().name, "my-instance")), half)
            (half / README).write_bytes(readme().encode())
            (half / FOLDER).mkdir()
            scenario = SCENARIO.replace("YEAR", str(YEAR + 5))
            (half / file_of("more_demand")).write_bytes(scenario.encode())
            put(half, folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise InputError([cannot_write(folder, why)]) from error


def refuse_used(folder: Path) -> None:
    """Raise `InputError` unless `folder` is absent or an empty folder."""
    reason = None
    if folder.is_dir():
        first = next(iter(sorted(path.name for path in folder.iterdir())), None)
        if first is not None:
            reason = Text(f"is not empty (it holds {first})", f"不是空文件夹（含 {first}）")
    elif folder.exists() or folder.is_symlink():
        reason = Text("is a file", "是文件")
    if reason is not None:
        remedy = Text("give a new or an empty folder", "请给出新的或空的文件夹")
        raise InputError([Finding(str(folder), reason, remedy, code=Code.NOT_EMPTY)])


def cannot_write(folder: Path, why: str) -> Finding:
    """Return the finding for a folder that cannot be written."""
    return Finding(
        str(folder),
        Text(f"cannot be written ({why})", f"无法写入（{why}）"),
        Text("give another folder", "请换一个文件夹"),
        code=Code.UNREADABLE,
    )


def put(half: Path, folder: Path) -> None:
    """Move the finished template into place; an empty folder that is there stays the same one.

    A shell may stand in that folder, so it is filled, not replaced; the settings come last, so
    that a torn copy is no instance.
    """
    if not folder.exists():
        half.replace(folder)
        return
    moved: list[Path] = []
    try:
        for path in sorted(half.iterdir(), key=lambda path: path.name == SETTINGS_FILE):
            moved.append(folder / path.name)
            shutil.move(path, moved[-1])
    except OSError:
        for path in moved:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        raise


def readme() -> str:
    """Return how to fill in the folder, and every column, in English and Chinese."""
    parts = [HOW_TO.en, *columns(Language.EN), "", HOW_TO.zh, *columns(Language.ZH)]
    return "\n".join(parts) + "\n"


def columns(language: Language) -> list[str]:
    """Return the data dictionary as Markdown tables."""
    heads = Text(
        "| column | type | unit | may be blank | meaning |", "| 列 | 类型 | 单位 | 可留空 | 含义 |"
    )
    blank = Text("yes", "是").in_language(language)
    lines = []
    for table in ALL.values():
        lines += [f"## {table.file}", "", table.sentence.in_language(language), ""]
        lines += [heads.in_language(language), "|---|---|---|---|---|"]
        for column in table.columns:
            words = column.type_words.replace("|", "\\|")
            sentence = column.sentence.in_language(language).replace("|", "\\|")
            may = blank if column.blank else ""
            lines.append(f"| {column.name} | {words} | {column.unit} | {may} | {sentence} |")
        lines.append("")
    return lines
