"""Whether results were solved near to the one that they are compared with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.text import Text
from hubopt.vocabulary import NEAR, STAYED_NEAR, Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


def by_chance(results: Sequence[Path]) -> Iterator[Text]:
    """Yield which results need not be near to the first, so that some of what differs is chance.

    Where both are proved optimal little can be.
    """
    from hubopt.publish.load import PLAN  # noqa: PLC0415  (each loads on use)
    from hubopt.publish.manifest import read_manifest  # noqa: PLC0415
    from hubopt.publish.refusals import shown  # noqa: PLC0415

    first, *others = [read_manifest(folder) or {} for folder in results]
    digest = first.get("outputs", {}).get(PLAN)
    far = [
        str(number)
        for number, record in enumerate(others, 2)
        if not (record.get("options", {}).get(NEAR) == digest and record.get(STAYED_NEAR))
        and not first.get("status") == record.get("status") == Status.OPTIMAL
    ]
    if far:
        base, which = shown(results[0]), ", ".join(far)
        yield Text(
            f"{which}: not solved near to 1, so that sites and trains may differ by chance, within"
            f" the gaps; with --all, or --warm {base}, they differ where that pays",
            f"{which}：求解时未贴近 1，设施与班次的差异可能只是差距之内的偶然；用 --all"
            f" 或 --warm {base} 求解，则只在有利时才不同",
        )
