"""Make gallery.md and its pictures anew from results: the maps, the sheet of QGIS, the report.

    hubopt solve instances/zhengzhou --all
    python docs/make_gallery.py results/zhengzhou

The first result is `base`. Chromium (the program, or $HUBOPT_CHROMIUM) draws the report, and a
Python with QGIS (/usr/bin/python3, or $HUBOPT_QGIS_PYTHON) the printed sheet; with neither those
pictures are left as they are, and the command says so and ends with code 1.
"""  # noqa: INP001

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib import image as mpl_image
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

HERE = Path(__file__).parent
GALLERY = HERE / "gallery"
WIDE, NARROW = (1400, 900), (390, 844)
SETTLED_MS = 4000
SHOWN = ("red_sea", "border_halt", "flood_2021", "mode_hierarchy", "carbon_price")
"""Scenarios that the report shows beside the base, as far as they were solved."""

PICTURES = {
    "map.png": ("The still map that every result has", "每个结果都附的静态地图"),
    "sheet-en.png": (
        "The printed sheet of the QGIS project inside `plan.gpkg`",
        "`plan.gpkg` 内 QGIS 工程的打印版面",
    ),
    "sheet-zh.png": ("The same in Chinese", "同一版面的中文版"),
    "report-wide.png": ("`report.html` in a browser", "浏览器中的 `report.html`"),
    "report-difference.png": (
        "The Red Sea closed, against the base: red carries more, blue less",
        "红海中断与基准之差：红为增加，蓝为减少",
    ),
    "report-zh-narrow.png": ("On a telephone, in Chinese", "手机上的中文界面"),
}
"""Each picture with its caption in English and Chinese."""


def main(folder: str) -> int:
    """Make every picture that can be made here, then the page; return 1 if some could not."""
    results = Path(folder)
    GALLERY.mkdir(exist_ok=True)
    smaller(results / "base" / "map.png", GALLERY / "map.png")
    missing = [*sheets(results / "base"), *reports(results)]
    (HERE / "gallery.md").write_text("\n".join(page()) + "\n", encoding="utf-8")
    for what in missing:
        print(f"left as it is: {what}", file=sys.stderr)
    return 1 if missing else 0


def smaller(picture: Path, to: Path, width: int = 1200) -> None:
    """Write a picture at most so wide; fewer colours would make two modes look alike."""
    with Image.open(picture) as drawn:
        high = round(drawn.height * min(1.0, width / drawn.width))
        size = (min(width, drawn.width), high)
        flat = drawn.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        flat.save(to, optimize=True)
    if not mpl_image.imread(to).any():
        message = f"{to.name} is black"
        raise ValueError(message)


def sheets(result: Path) -> Iterator[str]:
    """Print the sheet of the QGIS project in both languages; yield what could not be made."""
    python = os.environ.get("HUBOPT_QGIS_PYTHON", "/usr/bin/python3")
    clean = {"PATH": os.environ["PATH"], "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    for language in ("en", "zh"):
        name = f"sheet-{language}.png"
        with tempfile.TemporaryDirectory() as place:
            copy = shutil.copy(result / "plan.gpkg", place)  # QGIS writes into what it opens
            drawn = Path(place) / name
            done = subprocess.run(  # noqa: S603
                [python, str(HERE / "qgis_sheet.py"), copy, f"plan-{language}", str(drawn)],
                env=clean | {"HOME": place}, capture_output=True, check=False, encoding="utf-8",
            )  # fmt: skip
            if done.returncode or not drawn.is_file():
                yield f"{name} ({done.stderr.strip()[-200:]})"
                continue
            smaller(drawn, GALLERY / name)


def reports(results: Path) -> Iterator[str]:
    """Draw the report in Chromium; yield what could not be made."""
    names = [name for name in PICTURES if name.startswith("report-")]
    chromium = os.environ.get("HUBOPT_CHROMIUM") or shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  (loads on use)
    except ImportError:
        yield from (f"{name} (playwright is not installed)" for name in names)
        return
    if chromium is None:
        yield from (f"{name} (there is no Chromium)" for name in names)
        return
    with tempfile.TemporaryDirectory() as place, sync_playwright() as play:
        file = Path(place) / "report.html"
        sides = [results / "base", *(results / n for n in SHOWN if (results / n).is_dir())]
        hubopt = Path(sys.executable).with_name("hubopt")
        command = [str(hubopt), "report", *map(str, sides), "-o", str(file)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (width, height) in zip(names, (WIDE, WIDE, NARROW), strict=True):
            if "difference" in name and sides[1:2] != [results / SHOWN[0]]:
                yield f"{name} ({SHOWN[0]} was not solved)"
                continue
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(file.as_uri())
            switch(page, name)
            page.wait_for_timeout(SETTLED_MS)
            taken = Path(place) / name
            page.screenshot(path=taken)
            smaller(taken, GALLERY / name)
        browser.close()


def switch(page: Page, name: str) -> None:
    """Set the switches of the page for a picture."""
    if "difference" in name:
        page.locator("#scenario").select_option(index=1)
        page.get_by_role("button", name="Difference against base").click()
        page.get_by_role("button", name="All freight").click()
    if "zh" in name:
        page.get_by_role("button", name="中文").click()


def page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield "# Gallery 图集"
    yield ""
    yield (
        "Made by `python docs/make_gallery.py results/zhengzhou` after `hubopt solve"
        " instances/zhengzhou --all`; do not edit. 由该命令生成，请勿编辑。"
    )
    for name, (en, zh) in PICTURES.items():
        yield ""
        yield f"## {en}"
        yield ""
        yield zh
        yield ""
        yield f"![{en}](gallery/{name})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
