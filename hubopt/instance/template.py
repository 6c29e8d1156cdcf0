"""A small instance to fill in: it reads, solves, and explains itself in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.folder_name import plain_from
from hubopt.instance.scenario_files import FOLDER, file_of
from hubopt.instance.schema import ALL
from hubopt.instance.template_rows import YEAR, example
from hubopt.instance.whole_folder import whole_folder
from hubopt.instance.write import write
from hubopt.text import Language, Text

if TYPE_CHECKING:
    from pathlib import Path

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


HOW_TO_WORKBOOK = Text(
    """# How to fill in this workbook

1. Every figure in {book} is an example, none is sourced: replace them all with your own.
2. Edit it in a spreadsheet; each table is a sheet. Columns may stand in any order; rows may too. An
   empty table keeps its header. Rest the pointer on a heading to read what the column means; the
   sheet `dictionary` lists all columns, and nothing is read from it.
3. The sheet `instance` holds the stages (a column for each), prices and the home country.
4. Run `hubopt check {book}`: it lists everything that is wrong at once, with sheet and cell.
5. Run `hubopt solve {book}`.
6. `scenarios/more_demand.toml` is an example of what may differ: `hubopt check {book} --scenario
   all`, then `hubopt solve {book} --scenario more_demand`. Scenarios, and lines for the maps in
   `geometry`, stay files beside the workbook.

Units are in the names of the columns. A blank capacity means no limit; a path is written as
stops joined by `>`, modes are joined by `|`, and a yes or no is written so.
""",
    """# 如何填写本工作簿

1. {book} 中的数字都只是示例，没有来源，请全部换成自己的数据。
2. 用电子表格编辑，每张表一个工作表。列和行的顺序不限；空表也要保留表头。指针停在表头上
   可看到该列含义；工作表 `dictionary` 列出全部列，程序不读取。
3. 工作表 `instance` 存放阶段（每阶段一列）、价格和本国。
4. 运行 `hubopt check {book}`：一次列出全部问题，指明工作表和单元格。
5. 运行 `hubopt solve {book}`。
6. `scenarios/more_demand.toml` 是情景示例：先运行 `hubopt check {book} --scenario all`，再运行
   `hubopt solve {book} --scenario more_demand`。情景文件和 `geometry` 中的地图线形放在工作簿旁。

单位写在列名中。能力留空表示不限；路径用 `>` 连接各停靠地点，运输方式用 `|` 连接，
是与否写作 yes 和 no。
""",
)


def new(folder: Path) -> None:
    """Write the template into a new or empty folder, named as it is; whole, or not at all.

    Raises `InputError` if something is there already or the folder cannot be written.
    """

    def fill(half: Path) -> None:
        write(example(name_of(folder)), half)
        (half / README).write_bytes(readme().encode())
        add_scenario(half)

    whole_folder(folder, fill)


def new_workbook(folder: Path) -> Path:
    """Write the template as a workbook into a new or empty folder, and return the workbook.

    Raises `InputError` as `new` does.
    """
    from hubopt.instance.write_workbook import workbook_of  # noqa: PLC0415  (loads on use)

    name = f"{name_of(folder)}.xlsx"

    def fill(half: Path) -> None:
        (half / name).write_bytes(workbook_of(example(name_of(folder))))
        (half / README).write_bytes(readme(name).encode())
        add_scenario(half)

    whole_folder(folder, fill)
    return folder / name


def name_of(folder: Path) -> str:
    """Return the name of the instance in a folder: that of the folder, made plain."""
    return plain_from(folder.resolve().name, "my-instance")


def add_scenario(folder: Path) -> None:
    """Write the example of a scenario."""
    (folder / FOLDER).mkdir()
    scenario = SCENARIO.replace("YEAR", str(YEAR + 5))
    (folder / file_of("more_demand")).write_bytes(scenario.encode())


def readme(book: str | None = None) -> str:
    """Return how to fill in a folder or a workbook, and every column, in English and Chinese."""
    how_to = HOW_TO
    if book is not None:
        how_to = Text(
            *(t.replace("{book}", book) for t in (HOW_TO_WORKBOOK.en, HOW_TO_WORKBOOK.zh))
        )
    parts = [
        how_to.en, *columns(Language.EN, book), "", how_to.zh, *columns(Language.ZH, book)
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def columns(language: Language, book: str | None = None) -> list[str]:
    """Return the data dictionary as Markdown tables."""
    heads = Text(
        "| column | type | unit | may be blank | meaning |", "| 列 | 类型 | 单位 | 可留空 | 含义 |"
    )
    blank = Text("yes", "是").in_language(language)
    lines = []
    for table in ALL.values():
        lines += [
            f"## {table.name if book else table.file}",
            "",
            table.sentence.in_language(language),
            "",
        ]
        lines += [heads.in_language(language), "|---|---|---|---|---|"]
        for column in table.columns:
            words = column.type_words.replace("|", "\\|")
            sentence = column.sentence.in_language(language).replace("|", "\\|")
            may = blank if column.blank else ""
            lines.append(f"| {column.name} | {words} | {column.unit} | {may} | {sentence} |")
        lines.append("")
    return lines
