"""Files in a zip, the same bytes for the same files."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXED = (2000, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
"""Rights of an unpacked file."""


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip, in the order given, all with the same date."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, FIXED)
            entry.compress_type, entry.external_attr, entry.create_system = (
                zipfile.ZIP_DEFLATED,
                READABLE,
                3,
            )
            package.writestr(entry, content)
    return out.getvalue()
