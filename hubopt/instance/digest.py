"""What an instance holds, as one short text, whatever the order of rows or the encoding."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hubopt.instance.write import canonical_files

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance

KEPT = "_content_hash"


def content_hash(instance: Instance) -> str:
    """Return the SHA-256 over the canonical files of an instance, as 64 hexadecimal digits.

    It is kept with the instance, which never changes: writing 100,000 links takes seconds.
    """
    if KEPT not in instance.__dict__:
        instance.__dict__[KEPT] = computed(instance)
    return str(instance.__dict__[KEPT])


def computed(instance: Instance) -> str:
    """Return the same from the rows."""
    whole = hashlib.sha256()
    for name, content in canonical_files(instance).items():
        whole.update(f"{name} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()
