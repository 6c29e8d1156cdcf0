"""The binary messages between parent and child: a JSON head and arrays of numbers, no pickle.

A frame is `MAGIC`, the length of the head and the number of array bytes (unsigned, little-endian),
the head as UTF-8 JSON, then the arrays one after another. The head's `arrays` maps each name to its
length; they are float64, but for those of `places`, which are int32 as HiGHS takes them. Whatever
does not fit that is a broken stream; nothing of it is used.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Numbers = NDArray[Any]

MAGIC = b"HUBOPT1\n"
PREFIX = struct.Struct("<8sIQ")
MOST_HEAD_BYTES = 1_000_000
MOST_ARRAY_BYTES = 40_000_000_000
CHUNK_BYTES = 1_000_000
BYTES_PER_FLOAT = 8
FLOAT, PLACE = np.dtype("<f8"), np.dtype("<i4")


class BrokenStreamError(Exception):
    """The bytes that came are not a frame."""


@dataclass(frozen=True)
class Frame:
    """One message: its kind, its plain fields and its arrays."""

    kind: str
    fields: Mapping[str, object] = field(default_factory=dict)
    arrays: Mapping[str, Numbers] = field(default_factory=dict)

    def number(self, name: str) -> float | None:
        """Return a field as a finite number, None if it is none."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        try:
            return float(value) if math.isfinite(value) else None
        except OverflowError:  # a whole number of hundreds of digits
            return None

    def text(self, name: str) -> str:
        """Return a field as text, empty if it is none."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""


def write_frame(stream: BinaryIO, frame: Frame) -> None:
    """Write one frame and flush it."""
    places = [name for name, array in frame.arrays.items() if array.dtype == PLACE]
    floats = [name for name in frame.arrays if name not in places]
    parts = {
        name: np.ascontiguousarray(frame.arrays[name], kind)
        for kind, names in ((FLOAT, floats), (PLACE, places))  # so that floats are aligned
        for name in names
    }
    sizes = {name: part.size for name, part in parts.items()}
    said = {"kind": frame.kind, "fields": frame.fields, "arrays": sizes, "places": places}
    head = json.dumps(said).encode()
    array_bytes = sum(part.nbytes for part in parts.values())
    write_all(stream, PREFIX.pack(MAGIC, len(head), array_bytes) + head)
    for part in parts.values():
        write_all(stream, part.view(np.uint8).data)
    stream.flush()


def write_all(stream: BinaryIO, content: bytes | memoryview) -> None:
    """Write everything: a raw pipe takes as much as it has room for."""
    rest = memoryview(content)
    while rest:
        rest = rest[stream.write(rest) or 0 :]


def read_frame(
    stream: BinaryIO, most_array_bytes: Callable[[], int] = lambda: MOST_ARRAY_BYTES
) -> Frame | None:
    """Return the next frame, None at a clean end; raise `BrokenStreamError` for anything else.

    How many bytes are too many is asked when a frame comes: one may wait for it for long.
    """
    prefix = read_upto(stream, PREFIX.size)
    if not prefix:
        return None
    if len(prefix) < PREFIX.size:
        message = "the stream ended inside a frame"
        raise BrokenStreamError(message)
    magic, head_bytes, array_bytes = PREFIX.unpack(prefix)
    if magic != MAGIC or head_bytes > MOST_HEAD_BYTES or array_bytes > most_array_bytes():
        message = "bytes that are not a frame"
        raise BrokenStreamError(message)
    head = read_upto(stream, head_bytes)
    payload = read_upto(stream, array_bytes)
    if len(head) < head_bytes or len(payload) < array_bytes:
        message = "the stream ended inside a frame"
        raise BrokenStreamError(message)
    return decoded(head, payload)


def read_upto(stream: BinaryIO, count: int) -> bytearray:
    """Return the next bytes, fewer only at the end; takes memory for what comes, not for claims."""
    found = bytearray()
    while len(found) < count and (part := stream.read(min(CHUNK_BYTES, count - len(found)))):
        found += part
    return found


def decoded(head: bytes | bytearray, payload: bytes | bytearray) -> Frame:
    """Return the frame of a head and its payload, which must agree."""
    try:
        read = json.loads(head)
        kind, fields, sizes = str(read["kind"]), dict(read["fields"]), dict(read["arrays"])
        places, arrays, at = list(read.get("places", ())), {}, 0
        for name, size in sizes.items():
            kind_of = PLACE if name in places else FLOAT
            upto = at + int(size) * kind_of.itemsize
            arrays[name] = np.frombuffer(memoryview(payload)[at:upto], dtype=kind_of)
            at = max(at, upto)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError) as error:
        message = "a frame whose head does not describe it"
        raise BrokenStreamError(message) from error
    if at != len(payload):
        message = "a frame whose arrays are not as long as it says"
        raise BrokenStreamError(message)
    return Frame(kind, fields, arrays)
