"""An invented instance whole: in memory, or as a folder that says that nothing in it is data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.folder_name import plain_from
from hubopt.instance.invented.buildings import buildings_of, handling_of, modules_of
from hubopt.instance.invented.goods import KINDS, YEAR, demand_of, tonnes_through
from hubopt.instance.invented.ground import HOME, ground_of, places_of
from hubopt.instance.invented.ways import customs_of, links_of, services_of, transfers_of
from hubopt.instance.tables import Instance, Settings, Stage
from hubopt.instance.template import README
from hubopt.instance.whole_folder import refuse_used, whole_folder
from hubopt.instance.write import write
from hubopt.text import Text

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.invented.wanted import Wanted

STAGE_YEARS = 10
ROUTES = 10

NOTE = Text(
    """# An invented instance

Nothing here is data: places, sites, prices, capacities and above all the **demand** were drawn at
random by `hubopt generate --seed {seed} --cities {cities} --shipments {shipments} --sites {sites}`,
for tests of scale and speed. No figure of it says anything about a real city or trade. The ids of
all shipments begin with `invented`. The same command gives the same bytes on every machine.
""",
    """# 虚构算例

本文件夹没有任何真实数据：地点、设施、价格、能力，尤其是**运输需求**，都由
`hubopt generate --seed {seed} --cities {cities} --shipments {shipments} --sites {sites}`
随机生成，只用于规模与速度测试，不反映任何真实城市或贸易。所有运输需求的编号都以 `invented` 开头。
同一命令在任何机器上生成的文件逐字节相同。
""",
)


def invented(wanted: Wanted, name: str = "invented") -> Instance:
    """Return the checked instance that a seed and a size stand for."""
    ground = ground_of(wanted)
    demand = tuple(demand_of(wanted, ground))
    buildings = buildings_of(wanted, ground, tonnes_through(demand))
    modules = [pair for building in buildings for pair in modules_of(building)]
    return Instance(
        settings=Settings(
            name,
            f"Invented network, seed {wanted.seed}: no data, for tests of scale",
            f"虚构网络（种子 {wanted.seed}）：并非真实数据，用于规模测试",
            YEAR, (Stage(YEAR, STAGE_YEARS),), 0.06, 90.0, 0.55, HOME, ROUTES,
        ),
        places=tuple(places_of(ground)),
        sites=tuple(building.site for building in buildings),
        handling=tuple(handling_of(building) for building in buildings),
        modules=tuple(module for module, _ in modules),
        capacities=tuple(capacity for _, capacity in modules),
        links=tuple(links_of(ground, demand)),
        services=tuple(services_of(ground, demand)),
        transfers=tuple(transfers_of(ground, demand)),
        customs=tuple(customs_of(ground)),
        products=tuple(kind.product for kind in KINDS),
        demand=demand,
        limits=(),
    )  # fmt: skip


def generate(folder: Path, wanted: Wanted) -> Instance:
    """Write an invented instance into a new or empty folder, whole or not at all; return it.

    Raises `InputError` if something is there already or the folder cannot be written.
    """
    refuse_used(folder)
    made = invented(wanted, plain_from(folder.resolve().name, "invented"))
    sizes = {"seed": wanted.seed, "cities": wanted.cities, "shipments": wanted.shipments,
             "sites": wanted.sites}  # fmt: skip
    note = "\n".join(text.format(**sizes) for text in (NOTE.en, NOTE.zh))

    def fill(half: Path) -> None:
        write(made, half)
        (half / README).write_bytes(note.encode())

    whole_folder(folder, fill)
    return made
