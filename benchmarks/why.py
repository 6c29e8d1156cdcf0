"""Why figures were missed, by line of the table; shown only while the line is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hubopt.text import Text

WHY: Mapping[str, Text] = {}
