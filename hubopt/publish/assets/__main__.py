"""For developers: fetch the files that are kept here anew, and refuse any that is another.

`python -m hubopt.publish.assets` asks npm for the package in the version that is named here, takes
the files out of it, compares their hashes and writes them. It needs npm and a network; nothing
else in hubopt does.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hubopt.publish.assets import ASSETS, PACKAGE, VERSION, sha256

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hubopt.publish.assets import Asset

HERE = Path(__file__).parent


def fetched(folder: Path) -> Path:
    """Return the package as the registry has it, put into a folder by npm."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is needed to fetch the package; install Node.js")
    subprocess.run(  # noqa: S603  (npm, with words of our own)
        [npm, "pack", "--silent", f"{PACKAGE}@{VERSION}"], cwd=folder, check=True
    )
    return next(folder.glob("*.tgz"))


def unpacked(package: Path, assets: Sequence[Asset]) -> Mapping[str, bytes]:
    """Return the files that are wanted, out of a package; exits if one is missing or another."""
    found = {}
    with tarfile.open(package) as archive:
        for one in assets:
            try:
                file = archive.extractfile(f"package/{one.inside}")
            except KeyError:
                file = None
            content = b"" if file is None else file.read()
            if sha256(content) != one.sha256:
                sys.exit(f"{package.name}: {one.inside} is not the file that is known here")
            found[one.name] = content
    return found


def main() -> None:
    """Fetch, compare and write all files."""
    with tempfile.TemporaryDirectory(prefix="hubopt-assets-") as folder:
        files = unpacked(fetched(Path(folder)), ASSETS)
    for name, content in files.items():
        (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()
