"""The binary messages between parent and child: a JSON head and arrays of float64, no pickle.

A frame is `MAGIC`, the length of the head and the number of array bytes (unsigned, little-endian),
the head as UTF-8 JSON, then the arrays one after another. The head's `arrays` maps each name to its
length. Whatever does not fit that is a broken stream; nothing of it is used.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MAGIC = b"HUBOPT1\n"
PREFIX = struct.Struct("<8sIQ")
MOST_HEAD_BYTES = 1_000_000
MOST_ARRAY_BYTES = 4_000_000_000
BYTES_PER_FLOAT = 8


class BrokenStreamError(Exception):
    """The bytes that came are not a frame."""


@dataclass(frozen=True)
class Frame:
    """One message: its kind, its plain fields and its arrays."""

    kind: str
    fields: Mapping[str, object] = field(default_factory=dict)
    arrays: Mapping[str, Floats] = field(default_factory=dict)

    def number(self, name: str) -> float | None:
        """Return a field as a finite number, None if it is none."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        return float(value) if np.isfinite(value) else None

    def text(self, name: str) -> str:
        """Return a field as text, empty if it is none."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    """Write one frame and flush it."""
    parts = {name: np.asarray(array, dtype="<f8").tobytes() for name, array in frame.arrays.items()}
    sizes = {name: len(part) // BYTES_PER_FLOAT for name, part in parts.items()}
    head = json.dumps({"kind": frame.kind, "fields": frame.fields, "arrays": sizes}).encode()
    stream.write(PREFIX.pack(MAGIC, len(head), sum(map(len, parts.values()))))
    stream.write(head)
    stream.writelines(parts.values())
    stream.flush()


def read_frame(stream: BinaryIO) -> Frame | None:
    """Return the next frame, None at a clean end; raise `BrokenStreamError` for anything else."""
    prefix = stream.read(PREFIX.size)
    if not prefix:
        return None
    if len(prefix) < PREFIX.size:
        message = "the stream ended inside a frame"
        raise BrokenStreamError(message)
    magic, head_bytes, array_bytes = PREFIX.unpack(prefix)
    if magic != MAGIC or head_bytes > MOST_HEAD_BYTES or array_bytes > MOST_ARRAY_BYTES:
        message = "bytes that are not a frame"
        raise BrokenStreamError(message)
    head = stream.read(head_bytes)
    payload = stream.read(array_bytes)
    if len(head) < head_bytes or len(payload) < array_bytes:
        message = "the stream ended inside a frame"
        raise BrokenStreamError(message)
    return decoded(head, payload)


def decoded(head: bytes, payload: bytes) -> Frame:
    """Return the frame of a head and its payload, which must agree."""
    try:
        read = json.loads(head)
        kind, fields, sizes = str(read["kind"]), dict(read["fields"]), dict(read["arrays"])
        arrays, at = {}, 0
        for name, size in sizes.items():
            arrays[name] = np.frombuffer(payload, dtype="<f8", count=int(size), offset=at)
            at += int(size) * BYTES_PER_FLOAT
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        message = "a frame whose head does not describe it"
        raise BrokenStreamError(message) from error
    if at != len(payload):
        message = "a frame whose arrays are not as long as it says"
        raise BrokenStreamError(message)
    return Frame(kind, fields, arrays)
