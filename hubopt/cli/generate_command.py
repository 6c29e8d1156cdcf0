"""The command line of `hubopt generate`; texts in the language of this run."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (read when the command is made)
from typing import Annotated

from cyclopts import Parameter

from hubopt.cli import show
from hubopt.cli.options import AsJson, Lang
from hubopt.cli.say import say
from hubopt.cli.whole import WHOLE
from hubopt.cli.work import OK
from hubopt.text import Text

HELP = say(
    "Invent an instance of any size, for tests of scale: the same seed gives the same bytes.",
    "生成任意规模的虚构算例，用于规模测试：种子相同，文件逐字节相同。",
)


def generate(
    folder: Annotated[
        Path,
        Parameter(help=say("a new or an empty folder to write into", "写入的新文件夹或空文件夹")),
    ],
    *,
    seed: Annotated[int, WHOLE, Parameter(help=say("seed of all that is drawn", "随机种子"))] = 1,
    cities: Annotated[
        int,
        WHOLE,
        Parameter(
            help=say("cities, with roads and gateways to match", "城市数，道路与场站随之而定")
        ),
    ] = 50,
    shipments: Annotated[
        int, WHOLE, Parameter(help=say("shipments, all of them invented", "运输需求数，均为虚构"))
    ] = 500,
    sites: Annotated[
        int,
        WHOLE,
        Parameter(help=say("sites, three of which stand already", "设施数，其中三个为已有")),
    ] = 20,
    json: AsJson = False,
    lang: Lang = "en",  # noqa: ARG001  (read before)
) -> int:
    """Write an invented instance."""
    from hubopt.instance.invented.make import generate as write  # noqa: PLC0415  (loads on use)
    from hubopt.instance.invented.wanted import Wanted  # noqa: PLC0415

    made = write(folder, Wanted(seed, cities, shipments, sites))
    record = {
        "folder": str(folder), "seed": seed, "cities": cities, "shipments": shipments,
        "sites": sites, "links": len(made.links), "services": len(made.services),
        "invented": True,
    }  # fmt: skip
    words = Text(
        f"wrote an invented instance to {folder}: no figure of it is data; try: hubopt solve"
        f" {folder}",
        f"虚构算例已写入 {folder}：其中数字均非真实数据；可运行 hubopt solve {folder}",
    )
    show.done(record, words, as_json=json)
    return OK
