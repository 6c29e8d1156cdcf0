"""Whole numbers on the command line: half a route is refused, not rounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cyclopts import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cyclopts import Token


def whole_number(_kind: object, tokens: Sequence[Token]) -> int:
    """Return a whole number; raises `ValueError` for any other."""
    try:
        return int(tokens[0].value)
    except ValueError:
        said = f'"{tokens[0].value}" is no whole number'
        raise ValueError(said) from None


WHOLE = Parameter(converter=whole_number)
