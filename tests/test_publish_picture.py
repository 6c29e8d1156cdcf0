"""The still map is the same to the byte, draws what there is, and keeps names apart."""

from __future__ import annotations

import dataclasses
import io
import itertools
import struct
from typing import Any

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib import image as mpl_image

from hubopt.publish import caption as captions
from hubopt.publish import places
from hubopt.publish.caption import mass, money, rounded
from hubopt.publish.figures import Figures
from hubopt.publish.fonts import PLAIN, Writing, writing
from hubopt.publish.layers import layers
from hubopt.publish.palette import MODE_COLOURS, OUTCOME_COLOURS
from hubopt.publish.picture import picture
from hubopt.text import Language
from hubopt.vocabulary import Mode, SiteOutcome
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan


def drawn(language: Language = Language.EN) -> bytes:
    """Return the picture of the tiny plan."""
    figures = Figures(tiny(), tiny_plan())
    return picture(figures, layers(figures, None), language)


def chunks(png: bytes) -> set[str]:
    """Return the kinds of the chunks of a PNG file."""
    found, here = set(), 8
    while here < len(png):
        (length,) = struct.unpack(">I", png[here : here + 4])
        found.add(png[here + 4 : here + 8].decode())
        here += length + 12
    return found


def test_same_bytes_whatever_the_users_settings() -> None:
    """The picture does not depend on matplotlib's settings and holds no date or version."""
    one = drawn()
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9}):
        two = drawn()
    assert one == two
    assert not chunks(one) & {"tEXt", "iTXt", "zTXt", "tIME"}


def test_modes_and_outcomes_are_in_their_colours() -> None:
    """Pixels in the colour of each mode that carries freight and of each outcome are there."""
    pixels = mpl_image.imread(io.BytesIO(drawn()), format="png")[..., :3]
    seen = set(np.unique((pixels * 255).round().astype(int) @ [65536, 256, 1]).tolist())
    modes = (Mode.ROAD_DIESEL, Mode.ROAD_BATTERY, Mode.RAIL, Mode.AIR)
    outcomes = (SiteOutcome.OPENED, SiteOutcome.KEPT)
    wanted = [MODE_COLOURS[m] for m in modes] + [OUTCOME_COLOURS[o] for o in outcomes]
    missing = [colour for colour in wanted if int(colour[1:], 16) not in seen]
    assert missing == []


def test_without_a_chinese_font_it_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with matplotlib's own fonts only gets English names, and no warning."""
    entries = [e for e in font_manager.fontManager.ttflist if e.name == PLAIN]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", entries)
    found = writing(Language.ZH)
    assert found == Writing((PLAIN,), Language.EN)
    assert found.named(tiny().sites[0], "DC_A") == "DC A"
    assert drawn(Language.ZH).startswith(b"\x89PNG")


def test_a_name_that_no_font_has_becomes_the_id() -> None:
    """A name in an unknown script is shown as its id, never as empty boxes."""
    site = dataclasses.replace(tiny().sites[0], name_en="𒀀𒀀", name_zh="𒀀𒀀")
    assert Writing((PLAIN,), Language.EN).named(site, "DC_A") == "DC_A"


def test_dollars_in_names_are_no_formula() -> None:
    """A name with dollar signs is drawn as it is instead of as mathematics."""
    first, *others = tiny().sites
    named = dataclasses.replace(first, name_en="$\\frac{$", name_zh="$x$")
    figures = Figures(dataclasses.replace(tiny(), sites=(named, *others)), tiny_plan())
    assert picture(figures, layers(figures, None), Language.EN).startswith(b"\x89PNG")


def crowded() -> Figures:
    """Return the tiny plan with forty more places close together, each with a new site."""
    instance, plan = tiny(), tiny_plan()
    places = [
        dataclasses.replace(
            instance.places[0], id=f"P{n:02}", name_en=f"Crowded place {n}", name_zh=f"地点{n}",
            lat=34.0 + 0.05 * (n // 8), lon=113.0 + 0.05 * (n % 8),
        )
        for n in range(40)
    ]  # fmt: skip
    sites = [dataclasses.replace(instance.sites[1], id=f"S{p.id}", place=p.id) for p in places]
    rows = [
        dataclasses.replace(plan.sites[0], site=s.id, stage=year, outcome=outcome)
        for s in sites
        for year, outcome in ((2025, SiteOutcome.OPENED), (2030, SiteOutcome.KEPT))
    ]
    modules = [
        dataclasses.replace(row, site=s.id, built=0)
        for s in sites
        for row in instance.modules
        if row.site == "DC_A"
    ]
    capacities = [
        dataclasses.replace(row, site=s.id)
        for s in sites
        for row in instance.capacities
        if row.site == "DC_A"
    ]
    return Figures(
        dataclasses.replace(
            instance,
            places=(*instance.places, *places),
            sites=(*instance.sites, *sites),
            modules=(*instance.modules, *modules),
            capacities=(*instance.capacities, *capacities),
            handling=(
                *instance.handling,
                *(dataclasses.replace(instance.handling[0], site=s.id) for s in sites),
            ),
        ),
        dataclasses.replace(plan, sites=(*plan.sites, *rows)),
    )


def texts_of_home(
    monkeypatch: pytest.MonkeyPatch, figures: Figures, language: Language
) -> list[Any]:
    """Return the texts on the large map of a plan."""
    panels = []
    real = places.write_names
    monkeypatch.setattr(
        places, "write_names", lambda panel, *rest: (panels.append(panel), real(panel, *rest))
    )
    assert picture(figures, layers(figures, None), language)
    return [text for text in panels[0].axes.texts if text.get_text()]


@pytest.mark.parametrize("language", list(Language))
def test_no_two_names_touch(monkeypatch: pytest.MonkeyPatch, language: Language) -> None:
    """With forty places around one spot, the names that are written overlap neither one another."""
    boxes = [text.get_window_extent() for text in texts_of_home(monkeypatch, crowded(), language)]
    assert len(boxes) > 20
    assert not [1 for one, other in itertools.combinations(boxes, 2) if one.overlaps(other)]


def test_names_say_what_is_new_and_since_when(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place where something opens has a line with the year and the functions below its name."""
    figures = Figures(tiny(), tiny_plan())
    english = [text.get_text() for text in texts_of_home(monkeypatch, figures, Language.EN)]
    assert "+ 2025: terminal" in english
    assert "A" in english
    chinese = [text.get_text() for text in texts_of_home(monkeypatch, figures, Language.ZH)]
    assert "+ 2025: 场站" in chinese


def test_the_legend_has_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tonnes and departures by mode, and sites opened by stage, stand beside their symbols."""
    said = []
    real = captions.entry
    monkeypatch.setattr(captions, "entry", lambda *a, **k: (said.append(a[4]), real(*a, **k)))
    assert drawn()
    assert {"52.0 kt", "1.35 kt", "2 a week", "opened  1", "2025: +1", "kept  1"} <= set(said)


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (1.234e11, "CNY 123 bn", "1,234 亿元"),
        (5e6, "CNY 5.00 m", "500 万元"),
        (0.0, "CNY 0 m", "0 万元"),
    ],
)
def test_money_in_the_large_unit_of_each_language(
    amount: float, english: str, chinese: str
) -> None:
    """Amounts read as planners say them."""
    assert (money(amount, Language.EN), money(amount, Language.ZH)) == (english, chinese)


def test_masses_and_round_numbers() -> None:
    """Masses take the unit that fits, legend figures one digit."""
    assert mass(3_210_000_000, Language.EN) == "3.21 Mt"
    assert mass(3_210_000_000, Language.ZH) == "321 万吨"
    assert mass(4_500, Language.EN) == "4.50 t"
    assert [rounded(x) for x in (0.0, 47_000.0, 9.9)] == [1.0, 40_000.0, 9.0]
