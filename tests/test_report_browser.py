"""A real Chromium without a network opens report.html: every switch works, nothing is asked for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hubopt.publish.report import report
from hubopt.text import Language
from tests.browser import NARROW, WIDE, browser, opened, without_network
from tests.reports import HOSTILE, by_hand, hostile_side, mini_page, turned
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser import Seen

FIRST_PAINT_MS = 2000

AT_FIRST = {
    "#lang-en": "true", "#difference": "false", "#stage button >> nth=-1": "true",
    "#arrows": "true", "#moving": "false", "#all-sites": "false",
    "#views [data-value=sites]": "true",
}  # fmt: skip
"""Switches of the page as it opens, by whether they are pressed."""

FOLD = "() => document.querySelectorAll('details').forEach((one) => { one.open = false; })"
PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
BODY = "() => document.body.innerText"
OVERFLOW = "() => document.documentElement.scrollWidth - window.innerWidth"

MIDDLE = """(wanted) => {
  const chart = echarts.getInstanceByDom(document.getElementById('map'));
  const series = chart.getOption().series.find((one) => one.id === wanted);
  const item = series.data[0];
  const spot = item.coords ? item.coords[Math.floor(item.coords.length / 2)] : item.value;
  const before = item.coords ? item.coords[Math.floor(item.coords.length / 2) - 1] : spot;
  const middle = [(spot[0] + before[0]) / 2, (spot[1] + before[1]) / 2];
  chart.setOption({ geo: { center: middle } });
  return chart.convertToPixel('geo', middle);
}"""
"""Bring the first line or site of a series to the middle of the map, and say where it is drawn."""

NAMELESS = """() => [...document.querySelectorAll('button')]
  .filter((one) => !one.textContent.trim() && !one.getAttribute('aria-label'))
  .map((one) => one.outerHTML)"""
SERIES = """() => echarts.getInstanceByDom(document.getElementById('map')).getOption()
  .series.filter((one) => one).map((one) => one.id)"""
CENTRE = "() => echarts.getInstanceByDom(document.getElementById('map')).getOption().geo[0]"


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Give one browser to all tests."""
    with browser(tmp_path_factory.mktemp("chromium")) as one:
        yield one


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the page of the mini instance in three scenarios, in a folder with an odd name."""
    path = tmp_path_factory.mktemp("U 盘 #1") / "report 报告.html"
    path.write_bytes(mini_page())
    return path


@pytest.fixture(scope="module")
def window(chrome: Any, file: Path) -> Iterator[Seen]:  # noqa: ANN401
    """Open the page once for many tests, since drawing it takes a second."""
    with opened(chrome, file) as one:
        yield one


@pytest.fixture
def seen(window: Seen) -> Iterator[Seen]:
    """Give the page as it opens; at the end nothing was asked for and nothing went wrong."""
    page = window.page
    page.set_viewport_size(WIDE)
    page.emulate_media(media="screen", color_scheme="light")
    page.evaluate(FOLD)
    for switch, wanted in AT_FIRST.items():
        if page.get_attribute(switch, "aria-pressed") != wanted and page.is_enabled(switch):
            page.click(switch)
    for choice, value in (("#product", "-1"), ("#scenario", "0")):
        if page.input_value(choice) != value:
            page.select_option(choice, value)
    page.mouse.move(1, 1)
    page.keyboard.press("Escape")
    yield window
    assert window.clean()


def text(seen: Seen, part: str) -> str:
    """Return what a part of the page says."""
    return str(seen.page.inner_text(part))


def test_it_opens_fast_and_alone(chrome: Any, file: Path) -> None:  # noqa: ANN401
    """Without a network the page paints within two seconds, with a seal, a map and all tables."""
    paints = []
    for _ in range(3):
        with opened(chrome, file) as seen:
            assert seen.clean()
            paints.append(seen.page.evaluate(PAINT))
            if paints[-1] < FIRST_PAINT_MS:
                break
    assert min(paints) < FIRST_PAINT_MS, (paints, without_network())


def test_every_part_is_filled(seen: Seen) -> None:
    """Each section has a heading and figures; tables are tables with headings of their own."""
    page = seen.page
    assert "verified: 50 checks" in text(seen, "#seal-short")
    assert page.locator("#figures .card").count() == 8
    for part in ("compare", "cost-table", "mode-table", "sites", "services", "capacity",
                 "emissions", "served", "basis", "seal"):  # fmt: skip
        tables = page.locator(f"#{part} table")
        assert tables.count() >= 1, part
        assert tables.first.locator("thead th[scope=col]").count() >= 3 - (part == "basis"), part
        assert tables.first.locator("tbody th[scope=row]").count() >= 3, part
    assert "OpenStreetMap" in text(seen, "#credits")
    assert "Apache ECharts" in text(seen, "#credits")
    for canvas in ("#map canvas", "#cost-chart canvas", "#mode-chart canvas"):
        assert page.locator(canvas).count() >= 1


def test_every_button_has_a_name_and_works(seen: Seen) -> None:
    """Every button has a name in both languages, and every switch can be pressed and chosen."""
    page = seen.page
    page.evaluate("window.print = () => { window.printed = (window.printed || 0) + 1; }")
    page.select_option("#scenario", "1")
    for language in ("#lang-en", "#lang-zh"):
        page.click(language)
        assert page.evaluate(NAMELESS) == []
    for part in ("header", "#controls", ".map-tools", "#legend", "#compare", "main > section"):
        count = page.locator(f"{part} button").count()
        for here in {0, count // 2, count - 1} if part == "main > section" else range(count):
            button = page.locator(f"{part} button").nth(here)
            if button.is_visible() and button.is_enabled():
                button.click()
    for here in (0, 3, -1):
        page.locator("summary:visible").nth(here).click()
    for value in ("0", "2", "-1"):
        page.select_option("#product", value)
    assert page.evaluate("window.printed") >= 1
    while page.locator("#legend [aria-pressed=false]").count():
        page.click("#legend [aria-pressed=false] >> nth=0")
    nameless = "input, select, [role=group], [role=img], [role=application]"
    for node in page.locator(nameless).all():
        assert node.get_attribute("aria-label") or node.evaluate("n => n.labels && n.labels.length")


def test_languages_switch_without_a_reload(seen: Seen) -> None:
    """Chinese says everything in Chinese, and back again English says what it said before."""
    page = seen.page
    before = page.evaluate(BODY)
    page.click("#lang-zh")
    chinese = page.evaluate(BODY)
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert page.title() == "郑州九点小例"
    for heading in page.locator("h2:visible, caption:visible, thead th:visible").all():
        words = heading.inner_text().strip()
        assert not words or not words.isascii() or not any(map(str.islower, words)), words
    for word in ("设施与理由", "亿元", "新建", "公路（柴油）", "已核验：50 项检查"):
        assert word in chinese, word
    page.click("#lang-en")
    assert page.evaluate(BODY) == before
    assert page.get_attribute("html", "lang") == "en"


def test_stages_and_goods_switch(seen: Seen) -> None:
    """Another stage and other goods change key figures, map, bars and tables; all goods go back."""
    page = seen.page
    later, costs = text(seen, "#figures"), text(seen, "#cost-table")
    page.click("#stage [data-value='0']")
    assert "2025" in text(seen, "#scope")
    assert text(seen, "#figures") != later
    assert text(seen, "#cost-table") != costs
    assert page.locator("#stage [aria-pressed=true]").inner_text() == "2025"
    page.click("#stage [data-value='1']")
    assert text(seen, "#figures") == later
    page.select_option("#product", label="Smartphones")
    assert "Smartphones" in text(seen, "#scope")
    assert "Cost of serving: Smartphones" in text(seen, "#cost-table")
    shown = text(seen, "#mode-table")
    assert "air" in shown
    assert "barge" not in shown
    page.select_option("#product", "-1")
    assert text(seen, "#cost-table") == costs


def test_scenarios_and_differences_switch(seen: Seen) -> None:
    """Another scenario shows itself beside the base; the map can show what differs alone."""
    page = seen.page
    assert page.is_disabled("#difference")
    page.select_option("#scenario", "1")
    assert "Border halt" in text(seen, "#subtitle")
    assert "against base" in text(seen, "#figures")
    assert "BORDER20" in text(seen, "#basis")
    assert "North-west Europe" in text(seen, "#unserved")
    page.click("#difference")
    assert "less than in the base" in text(seen, "#legend")
    page.click("#flows-list summary")
    changes = page.locator("#flows-table tbody tr td:nth-child(5)").all_inner_texts()
    assert len(changes) > 3
    assert all(change[0] in "+−" for change in changes)
    page.click("#compare button >> nth=0")
    assert "Base" in text(seen, "#subtitle")
    assert page.is_disabled("#difference")


def test_modes_can_be_hidden(seen: Seen) -> None:
    """A mode that is pressed in the legend leaves map and list, and comes back."""
    page = seen.page
    page.click("#flows-list summary")
    assert "sea" in text(seen, "#flows-table")
    page.click("#legend button:has-text('sea')")
    assert "sea" not in text(seen, "#flows-table").split()
    assert page.evaluate("document.activeElement.dataset.mode") == "4"
    page.click("#legend button:has-text('sea')")
    assert "sea" in text(seen, "#flows-table")


@pytest.mark.parametrize(
    ("series", "words"),
    [("flows", ("Distance", "Line haul a year", "CO2e, well to wheel", "Goods")),
     ("sites", ("Modules", "Tonnes through", "Why"))],
)  # fmt: skip
def test_pointing_tells_and_a_click_keeps(seen: Seen, series: str, words: tuple[str, ...]) -> None:
    """What a line or a site is stands beside the map while it is pointed at, or once clicked."""
    page = seen.page
    page.locator("#map").scroll_into_view_if_needed()
    page.click("#arrows")
    x, y = page.evaluate(MIDDLE, series)
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.wait_for_selector("#details dl")
    for word in words:
        assert word in text(seen, "#details"), word
    page.mouse.click(box["x"] + x, box["y"] + y)
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    page.click("#lang-zh")
    assert page.locator("#details dl").count() == 1
    assert not text(seen, "#details").isascii()
    page.keyboard.press("Escape")
    assert page.locator("#details dl").count() == 0


def test_flows_can_be_read_without_a_pointer(seen: Seen) -> None:
    """The list of flows, the map's keys and every switch work from the keyboard."""
    page = seen.page
    page.focus("#flows-list summary")
    page.keyboard.press("Enter")
    page.focus("#flows-table button >> nth=0")
    page.keyboard.press("Enter")
    assert "Distance" in text(seen, "#details")
    before = page.evaluate(CENTRE)
    page.focus("#map")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("+")
    after = page.evaluate(CENTRE)
    assert after["center"][0] > before["center"][0]
    assert after["zoom"] > before["zoom"]
    page.focus("#stage button >> nth=0")
    page.keyboard.press("Space")
    assert "2025" in text(seen, "#scope")
    assert page.evaluate("document.activeElement.textContent") == "2025"


def test_views_and_moving_lines(seen: Seen) -> None:
    """Sites, China and all freight are shown as asked; lines move only when they are told to."""
    page = seen.page
    assert "moving" not in page.evaluate(SERIES)
    zooms = []
    for view in ("sites", "china", "all"):
        page.click(f"#views [data-value={view}]")
        zooms.append(page.evaluate(CENTRE)["zoom"])
        assert page.get_attribute(f"#views [data-value={view}]", "aria-pressed") == "true"
    assert zooms[0] > zooms[1] > zooms[2]
    page.click("#moving")
    assert "moving" in page.evaluate(SERIES)
    page.click("#arrows")
    assert "arrows" not in page.evaluate(SERIES)


def test_the_wheel_scrolls_the_page_until_the_map_is_clicked(seen: Seen) -> None:
    """A wheel over the map leaves it alone at first; once the map is clicked, it zooms."""
    page = seen.page
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    before = page.evaluate(CENTRE)["zoom"]
    page.mouse.wheel(0, -20)
    page.wait_for_timeout(100)
    assert page.evaluate(CENTRE)["zoom"] == before
    box = page.locator("#map").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.up()
    page.mouse.wheel(0, -50)
    page.wait_for_function(f"({CENTRE})().zoom > {before} * 1.01")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_fits_a_phone(seen: Seen, language: str) -> None:
    """On a narrow screen the page scrolls down only, and every switch is within reach."""
    page = seen.page
    page.set_viewport_size(NARROW)
    page.click(f"#lang-{language}")
    page.select_option("#scenario", "1")
    page.click("#difference")
    page.wait_for_timeout(300)
    assert page.evaluate(OVERFLOW) <= 0
    for switch in ("#scenario", "#product", "#difference", "#stage button", "#views button"):
        box = page.locator(switch).last.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW["width"]


def test_it_prints_light_and_without_controls(seen: Seen) -> None:
    """On paper the controls are gone, the list of flows is open, and dark colours are light."""
    page = seen.page
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    pages = page.pdf(prefer_css_page_size=True)
    assert pages[:5] == b"%PDF-"
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert not page.is_visible("#controls")
    assert not page.is_visible(".map-tools")
    assert page.is_visible("#flows-table table")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark
    assert page.is_visible("#controls")


def test_names_stay_text_in_the_real_page(chrome: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Markup, formulas and formats in names stand on the page letter by letter and do nothing."""
    path = tmp_path / "hostile.html"
    path.write_bytes(report([hostile_side(), hostile_side()], Language.ZH))
    with opened(chrome, path) as seen:
        page = seen.page
        page.select_option("#scenario", "1")
        page.click("#difference")
        page.click("#difference")
        page.click("#all-sites")
        for row in page.locator("summary:visible").all():
            row.click()
        for language, title in (("zh", HOSTILE[1]), ("en", HOSTILE[0])):
            page.click(f"#lang-{language}")
            for name in ("sites", "flows"):
                x, y = page.evaluate(MIDDLE, name)
                box = page.locator("#map").bounding_box()
                page.mouse.move(box["x"] + x, box["y"] + y)
            body = page.evaluate("() => document.body.textContent")
            assert page.title() == title
            assert title in body
            assert "{{script}}" in body
        assert page.evaluate("window.hacked") is None
        assert page.locator("script").count() == 3
        for tag in ("img", "iframe", "body svg", "link", "main script"):
            assert page.locator(tag).count() == 0, tag
        assert seen.clean()


def test_an_empty_plan_opens(chrome: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """A plan in which nothing moves and nothing stands says so, beside another one too."""
    path = tmp_path / "empty.html"
    nothing = by_hand(tiny(), empty=True)
    path.write_bytes(report([nothing, by_hand(tiny()), nothing], Language.EN))
    with opened(chrome, path) as seen:
        assert "No freight to show" in text(seen, "#details")
        for scenario in ("1", "2"):
            seen.page.select_option("#scenario", scenario)
            if seen.page.get_attribute("#difference", "aria-pressed") == "false":
                seen.page.click("#difference")
        assert "Nothing differs" in text(seen, "#details")
        assert seen.clean()


def test_a_single_result_has_no_scenarios_to_switch(chrome: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """Where there is one result, nothing speaks of a base or of differences."""
    path = tmp_path / "one.html"
    path.write_bytes(report([by_hand(tiny())], Language.EN))
    with opened(chrome, path) as seen:
        for part in ("#scenario-box", "#difference", "#compare-part"):
            assert not seen.page.is_visible(part), part
        assert "against base" not in seen.page.evaluate(BODY)
        assert seen.clean()


def test_what_turns_round_and_what_shrinks_is_shown(chrome: Any, tmp_path: Path) -> None:  # noqa: ANN401
    """What one direction wins and the other loses is a difference; a site is as large as it can."""
    path = tmp_path / "two.html"
    path.write_bytes(report([by_hand(tiny()), turned()], Language.EN))
    with opened(chrome, path) as seen:
        page = seen.page
        page.select_option("#scenario", "1")
        page.click("#difference")
        page.click("#flows-list summary")
        rows = page.locator("#flows-table tbody tr").all_inner_texts()
        rail = next(row for row in rows if "ail" in row)
        assert "→ +5 kt, ← −5 kt" in rail  # E to T, and back
        assert len(rows) == 3  # by road to the terminal, by rail, by road beyond
        (centre,) = (row for row in page.locator("#sites tbody tr").all_inner_texts()
                     if row.startswith("DC A"))  # fmt: skip
        assert "▼" in centre
        assert seen.clean()


TRIED = """() => new Promise((done) => {
  let refused = 0;
  document.addEventListener('securitypolicyviolation', () => { refused += 1; });
  new Image().src = 'http://127.0.0.1:9/picture.png';
  fetch('http://127.0.0.1:9/data').catch(() => {});
  const frame = document.createElement('iframe');
  frame.src = 'http://127.0.0.1:9/page';
  const script = document.createElement('script');
  script.textContent = 'window.hacked = 5';
  const style = document.createElement('div');
  style.setAttribute('style', 'background: url(http://127.0.0.1:9/back.png)');
  document.body.append(frame, script, style);
  setTimeout(() => done(refused), 300);
})"""


def test_the_policy_holds_even_if_something_tried(chrome: Any, file: Path) -> None:  # noqa: ANN401
    """Pictures, data, frames, scripts and styles that are put into the page are all refused."""
    with opened(chrome, file) as seen:
        assert seen.page.evaluate(TRIED) >= 5
        assert seen.page.evaluate("window.hacked") is None
        assert seen.gone_out == []
