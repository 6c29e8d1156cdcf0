"""What an instance holds, as one short text, whatever the order of rows or the encoding."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from hubopt.instance.write import canonical_files

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance


def content_hash(instance: Instance) -> str:
    """Return the SHA-256 over the canonical files of an instance, as 64 hexadecimal digits."""
    whole = hashlib.sha256()
    for name, content in canonical_files(instance).items():
        whole.update(f"{name} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()
