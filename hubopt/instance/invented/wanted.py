"""What is asked of an invented instance: its seed and its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.errors import Finding, InputError
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SEED = 2**31 - 1
LEAST_CITIES, MOST_CITIES = 3, 3_000
MOST_SHIPMENTS = 1_000_000
KINDS_OF_SITE = 3
"""A distribution centre, a bonded store and a cold store; a city has one of each at most."""

CODE = "CFG03"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A seed and a size: so many cities, shipments and sites, those that stand included.

    Raises `InputError` with all that is out of range, named as options of the command line.
    """

    seed: int
    cities: int
    shipments: int
    sites: int

    def __post_init__(self) -> None:
        """Refuse what cannot be made."""
        findings = list(self.faults())
        if findings:
            raise InputError(findings)

    def faults(self) -> Iterator[Finding]:
        """Yield a finding for each number that is out of range."""
        yield from out_of_range("--seed", self.seed, 0, MOST_SEED)
        yield from out_of_range("--cities", self.cities, LEAST_CITIES, MOST_CITIES)
        yield from out_of_range("--shipments", self.shipments, 1, MOST_SHIPMENTS)
        most = KINDS_OF_SITE * min(max(self.cities, LEAST_CITIES), MOST_CITIES)
        yield from out_of_range("--sites", self.sites, KINDS_OF_SITE, most)


def out_of_range(option: str, value: int, least: int, most: int) -> Iterator[Finding]:
    """Yield a finding if a number is below `least` or above `most`."""
    if least <= value <= most:
        return
    low = value < least
    bound = least if low else most
    reason = Text(
        f"is below {least:,}, the least that can be made" if low else f"is above {most:,}",
        f"小于可生成的最小值 {least:,}" if low else f"大于 {most:,}",
    )
    remedy = Text(f"write a whole number from {least} to {most}", f"请写 {least} 至 {most} 的整数")
    if option == "--sites" and not low:
        reason = Text(
            f"is above {bound:,}: one site of each of {KINDS_OF_SITE} kinds in every city",
            f"大于 {bound:,}：每个城市各类设施最多一个（共 {KINDS_OF_SITE} 类）",
        )
        remedy = Text(f"write {bound} or less, or more cities", f"请写不超过 {bound}，或增加城市数")
    yield Finding("command line", reason, remedy, column=option, value=str(value), code=CODE)
