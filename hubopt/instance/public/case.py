"""One public instance: where it comes from, and how to make an ordinary instance of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from hubopt.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hubopt.instance.public.one_stop import OneStop
    from hubopt.instance.public.scales import Scales
    from hubopt.instance.tables import Instance


@dataclass(frozen=True)
class PublicCase:
    """A case of a public family; `name` is that in the table of published values.

    `mcny_per_unit` is how many million CNY stand for one unit of the file's objective; `make`
    builds the checked instance, which takes seconds where there are 100,000 links. `one_stop` is
    the case once more, with its scales, if it is one of siting with one stop.
    """

    family: str
    name: str
    file: Path
    mcny_per_unit: float
    make: Callable[[], Instance] = field(repr=False, compare=False)
    one_stop: tuple[OneStop, Scales] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def instance(self) -> Instance:
        """Return the case as an ordinary checked instance, kept; errors as of `made`."""
        return self.made()

    def made(self) -> Instance:
        """Return the case as an ordinary checked instance; raise `InputError` naming the file."""
        try:
            return self.make()
        except InputError as error:
            raise InputError(
                replace(found, file=f"{self.file.name} > {found.file}") for found in error.findings
            ) from error

    def value(self, objective_mcny: float) -> float:
        """Return an objective in million CNY in the units of the file."""
        return objective_mcny / self.mcny_per_unit
