"""`python -m hubopt.reference`: build the shipped instances again from `data/`."""

from __future__ import annotations

import argparse
from pathlib import Path

from hubopt.reference.build import build


def main() -> None:
    """Build the instances from the data folder into the folder of instances."""
    parser = argparse.ArgumentParser(prog="python -m hubopt.reference", description=main.__doc__)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--out", type=Path, default=Path("instances"))
    asked = parser.parse_args()
    build(asked.data, asked.out)


if __name__ == "__main__":
    main()
