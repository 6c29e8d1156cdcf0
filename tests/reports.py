"""What the tests of report.html share: results of the mini and of the tiny instance as pages."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hubopt.instance.scenario import overlaid
from hubopt.instance.scenario_files import Source
from hubopt.plan.verify import verify
from hubopt.publish.figures import Figures
from hubopt.publish.report import report
from hubopt.publish.report.side import Side, side
from hubopt.solve.answer import Question, answer
from hubopt.text import Language, Text
from tests.publishing import HOLDS
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"
SCENARIOS = ("base", "border_halt", "mode_hierarchy")

HOSTILE = (
    "<script>window.hacked = 1</script>",
    '"><img src="x" onerror="window.hacked = 2">',
    "</script><!-- <svg onload=window.hacked=3> {{script}} {{data}}",
    "=HYPERLINK(1) {0} ${window.hacked=4} {a|b} %s",
)
"""Names that would do something, were they markup, formulas, formats or commands."""

CONTROLS = "line\u2028line \u202eright\x00\x1b[31m </script> constructor"
"""Signs that names cannot hold, since reading refuses them, but texts of a scenario may."""


@cache
def mini(scenario: str) -> Side:
    """Return the mini instance in a scenario with its best plan, solved once."""
    instance = overlaid(MINI, scenario)
    plan = answer(instance, Question(scenario=scenario, gap=0.0, time_s=60.0)).plan
    return side(Figures(instance, plan), verify(instance, plan), MINI)


@cache
def mini_page(language: Language = Language.EN) -> bytes:
    """Return the page of the mini instance in three scenarios."""
    return report([mini(name) for name in SCENARIOS], language)


def hostile() -> Instance:
    """Return the tiny instance with names that would do something, were they markup."""

    def named(rows: Any) -> Any:  # noqa: ANN401
        """Return rows with one hostile name after the other."""
        return tuple(
            replace(row, name_en=HOSTILE[here % len(HOSTILE)], name_zh=HOSTILE[-1 - here % 3])
            for here, row in enumerate(rows)
        )

    whole = tiny()
    return replace(
        whole,
        settings=replace(whole.settings, title_en=HOSTILE[0], title_zh=HOSTILE[1]),
        places=named(whole.places),
        sites=named(whole.sites),
        products=named(whole.products),
        services=named(whole.services),
        links=tuple(replace(row, distance_source=HOSTILE[2]) for row in whole.links),
    )


def by_hand(instance: Instance, *, empty: bool = False) -> Side:
    """Return the plan by hand for an instance like the tiny one; empty: nothing is decided."""
    plan = tiny_plan()
    if empty:
        plan = replace(plan, flows=(), sites=(), services=(), unserved=(), bound_fen=None, gap=None)
    return side(Figures(instance, plan), HOLDS, None)


def turned() -> Side:
    """Return the plan by hand with 5 kt less of 2030 for Europe, 5 kt more back, and other modules.

    The centre has as many modules, but small ones.
    """
    one = by_hand(tiny())
    more = {"MACH_A_R_2030": -5_000_000, "WINE_R_A_2030": 5_000_000}
    plan = replace(
        one.plan,
        scenario="turned",
        flows=tuple(
            replace(flow, kg_per_year=flow.kg_per_year + more.get(flow.shipment, 0))
            for flow in one.plan.flows
        ),
        sites=tuple(
            replace(site, modules={"large": 0, "small": 2})
            if (site.site, site.stage) == ("DC_A", 2030)
            else site
            for site in one.plan.sites
        ),
    )
    return side(Figures(tiny(), plan), HOLDS, None)


def hostile_side() -> Side:
    """Return the plan by hand with hostile names, and a scenario with hostile texts."""
    text = Text(CONTROLS, HOSTILE[1])
    source = Source("x.toml", "__proto__", CONTROLS, None, "constructor", HOSTILE[0])
    one = by_hand(hostile())
    return replace(one, title=text, note=text, sources=(source,), rules=(text,))


class Page(HTMLParser):
    """A page taken apart: its tags with their properties, its scripts, and its data."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.in_parts = False
        self.texts: list[tuple[str, str]] = []
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag."""
        self.in_parts = False
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep a text with the tag that it follows."""
        tag = self.tags[-1][0] if self.tags else ""
        if self.in_parts and tag in {"script", "style"}:  # may come in several pieces
            self.texts[-1] = (tag, self.texts[-1][1] + data)
        else:
            self.texts.append((tag, data))
        self.in_parts = True

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002  (whatever ends)
        """Begin a new text."""
        self.in_parts = False

    @property
    def scripts(self) -> list[str]:
        """What stands in the script elements, data among it."""
        return [text for tag, text in self.texts if tag == "script" and text.strip()]

    @property
    def data(self) -> dict[str, Any]:
        """What the page shows."""
        found: dict[str, Any] = json.loads(self.scripts[0])
        return found
