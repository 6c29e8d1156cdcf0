"""The page: markup, style, scripts and data in one file that asks nobody for anything.

Names of the instance stand in the data alone, from where the script puts them into the page as
text; nothing of them is markup. The policy at the head lets the browser load nothing and run only
the two scripts whose hashes it names.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from hubopt.publish.assets import ECHARTS, asset

if TYPE_CHECKING:
    from hubopt.publish.report.shared import Json

SCRIPTS = (
    "start.js", "words.js", "dom.js", "state.js", "sums.js", "map.js", "map_marks.js",
    "map_details.js", "charts.js",     "tables.js", "more_tables.js", "controls.js", "main.js",
)  # fmt: skip
"""The parts of the page's own script, in the order in which they run."""

PLACE = re.compile(r"\{\{(\w+)\}\}")
"""Where something goes in `page.html`; all are filled in one pass, so that data cannot be one."""

UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""What could end a block of data, or a line of script, and how JSON may write it instead."""


def page(record: dict[str, Json]) -> bytes:
    """Return the page that shows a record, as UTF-8."""
    charts = asset(ECHARTS).decode().strip()
    script, style = own_script(), part("page.css")
    parts = {
        "language": "zh-CN" if record["language"] == "zh" else "en",
        "policy": policy(style, charts, script),
        "title": html.escape(heading(record)),
        "style": style,
        "data": blob(record),
        "charts": charts,
        "script": script,
    }
    return PLACE.sub(lambda mark: parts[mark[1]], part("page.html")).encode()


def heading(record: dict[str, Json]) -> str:
    """Return the title of the instance in the language of the page."""
    titles = record["title"]
    return str(titles[record["language"] == "zh"]) if isinstance(titles, list) else ""


def blob(record: dict[str, Json]) -> str:
    """Return a record as JSON that no markup can end."""
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate({ord(sign): safe for sign, safe in UNSAFE.items()})


def policy(style: str, *scripts: str) -> str:
    """Return the content security policy: nothing is loaded, and only what is here runs."""
    known = " ".join(hashed(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {known}; style-src {hashed(style)};"
        " base-uri 'none'; form-action 'none'"
    )


def hashed(text: str) -> str:
    """Return the hash by which a policy knows a script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def part(name: str) -> str:
    """Return a file of the page; lines end as on every system."""
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    return text.replace("\r\n", "\n").strip()


@cache
def own_script() -> str:
    """Return the script of the page, its parts in one function so that nothing is global."""
    inner = "\n".join(part(name) for name in SCRIPTS)
    return f'(function () {{\n"use strict";\n{inner}\n}})();'
