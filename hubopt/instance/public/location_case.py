"""A location problem that was read as a public case, or why it cannot be one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hubopt.errors import InputError
from hubopt.instance.public.case import PublicCase
from hubopt.instance.public.location import (
    OUT_OF_SCALE,
    TOO_LITTLE_ROOM,
    location_instance,
)
from hubopt.instance.public.tokens import of_file

if TYPE_CHECKING:
    from pathlib import Path

    from hubopt.instance.public.location import Location


def location_case(family: str, file: Path, location: Location) -> PublicCase:
    """Return the case of a location problem; raise `InputError` if no instance can hold it."""
    if location.lacks_room:
        raise InputError([of_file(file, TOO_LITTLE_ROOM)])
    scales = location.scales()
    if scales is None:
        raise InputError([of_file(file, OUT_OF_SCALE)])
    return PublicCase(
        family, location.name, file, scales.mcny_per_unit,
        partial(location_instance, location, scales),
    )  # fmt: skip


def stem_of(file: Path) -> str:
    """Return the name of a file without .gz and one more suffix: pmed1 for pmed1.txt.gz."""
    return file.name.removesuffix(".gz").partition(".")[0]
