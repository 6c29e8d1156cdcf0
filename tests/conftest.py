"""What holds for all tests: none leaves its language to the next."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

LANGUAGE = "HUBOPT_LANG"


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """Put the language back that a command run within a test has set."""
    before = os.environ.get(LANGUAGE)
    yield
    if before is None:
        os.environ.pop(LANGUAGE, None)
    else:
        os.environ[LANGUAGE] = before
