"""Files of others that go into pages as they are; NOTICE says where they come from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

PACKAGE, VERSION = "echarts", "6.1.0"
"""The package of the npm registry that all files here come from."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that is kept here: where it stands in its package, and the hash of its bytes."""

    name: str
    inside: str
    sha256: str


ECHARTS = Asset(
    "echarts.min.js",
    "dist/echarts.min.js",
    "b66b25aeb4df84e33199dc21694014d336d222cbd9deb0e5a7c14bd6aa0d0fd0",
)
ASSETS = (
    ECHARTS,
    Asset(
        "LICENSE-echarts.txt",
        "LICENSE",
        "634293835b43a6dd2094fa39182a3d9a6b9ca43b7fdb9ac354e8037af2a3093a",
    ),
    Asset(
        "LICENSE-d3.txt",
        "licenses/LICENSE-d3",
        "e1211892da0b0e0585b7aebe8f98c1274fba15bafe47fa1f4ee8a7a502c06304",
    ),
    Asset(
        "NOTICE-echarts.txt",
        "NOTICE",
        "d491d358344f842685c1b1585970999db65fe30ecf7ef3867af8814f4016c016",
    ),
)
"""Everything that is kept here; `python -m hubopt.publish.assets` fetches it anew."""


def sha256(content: bytes) -> str:
    """Return the hash of some bytes."""
    return hashlib.sha256(content).hexdigest()


@cache
def asset(one: Asset) -> bytes:
    """Return the bytes of a file that is kept here."""
    return resources.files(__name__).joinpath(one.name).read_bytes()
