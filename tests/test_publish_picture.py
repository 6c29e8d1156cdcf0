"""The still map is the same to the byte, draws what there is, and keeps names apart."""

from __future__ import annotations

import dataclasses
import io
import itertools
import struct

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import font_manager
from matplotlib import image as mpl_image

from hubopt.publish import picture as pictures
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


def test_no_two_names_touch(monkeypatch: pytest.MonkeyPatch) -> None:
    """With forty sites around one spot, the names that are written overlap neither one another."""
    panels = []
    real = pictures.write_names
    monkeypatch.setattr(
        pictures, "write_names", lambda panel, *rest: (panels.append(panel), real(panel, *rest))
    )
    instance = tiny()
    site = instance.sites[0]
    sites = [
        dataclasses.replace(site, id=f"S{n:02}", name_en=f"Distribution centre {n}", place="A")
        for n in range(40)
    ]
    plan = tiny_plan()
    rows = [dataclasses.replace(plan.sites[0], site=s.id, stage=2030, modules={}) for s in sites]
    figures = Figures(
        dataclasses.replace(instance, sites=(*instance.sites, *sites)),
        dataclasses.replace(plan, sites=(*plan.sites, *rows)),
    )
    assert picture(figures, layers(figures, None), Language.EN)
    texts = [t for t in panels[0].axes.texts if t.get_text()]
    boxes = [t.get_window_extent() for t in texts]
    assert len(boxes) > 10
    assert not [1 for one, other in itertools.combinations(boxes, 2) if one.overlaps(other)]


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
