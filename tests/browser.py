"""A real Chromium without a network, for the tests of pages; what a page asks for is counted."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
READY = "html[data-ready=yes]"
WIDE, NARROW = {"width": 1400, "height": 900}, {"width": 390, "height": 844}


@cache
def chromium() -> str | None:
    """Return a Chromium of this machine, `None` if it has none."""
    named = os.environ.get("HUBOPT_CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@cache
def without_network() -> tuple[str, ...]:
    """Return how a program is run in a network namespace of its own, nothing if it cannot be."""
    for way in (("unshare", "-n"), ("unshare", "-r", "-n")):
        if shutil.which(way[0]):
            tried = subprocess.run([*way, "true"], capture_output=True, check=False)
            if tried.returncode == 0:
                return way
    return ()


@contextmanager
def browser(folder: Path) -> Iterator[Any]:
    """Give a browser; a machine without one skips the test, CI fails it."""
    program = chromium()
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415  (may not be there)
    except ImportError:
        program = None
    if program is None:
        reason = "no Chromium (Debian: chromium) or no playwright (hubopt[test])"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    script = folder / "chromium"
    if without_network():
        way = " ".join(without_network())
        script.write_text(f'#!/bin/sh\nexec {way} "{program}" "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    else:
        script = Path(program)
    with sync_playwright() as playwright:
        one = playwright.chromium.launch(executable_path=str(script), args=FLAGS)
        yield one
        one.close()


@dataclass
class Seen:
    """A page that is open, with everything that it asked for and complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    gone_out: list[str] = field(default_factory=list)

    def clean(self) -> bool:
        """Tell whether nothing but the file itself was asked for, and nothing went wrong."""
        assert self.errors == []
        assert self.gone_out == []
        assert [url for url in self.requests if not url.startswith("file:")] == []
        return len(self.requests) == 1


@contextmanager
def opened(one: Any, file: Path, **options: Any) -> Iterator[Seen]:  # noqa: ANN401
    """Open a file in a fresh window and wait until it is drawn; any other request is refused."""
    context = one.new_context(viewport=WIDE, **options)
    page = context.new_page()
    page.set_default_timeout(60_000)
    seen = Seen(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda said: seen.errors.append(said.text) if said.type in BAD else None)
    page.route("**/*", lambda route: refuse(route, seen))
    page.goto(file.as_uri(), wait_until="load")
    assert seen.errors == []
    page.wait_for_selector(READY)
    yield seen
    context.close()


BAD = frozenset({"error", "warning"})


def refuse(route: Any, seen: Seen) -> None:  # noqa: ANN401
    """Let a page have its file, and nothing else; remember what got past its own policy."""
    if route.request.url.startswith("file:"):
        route.continue_()
    else:
        seen.gone_out.append(route.request.url)
        route.abort()
