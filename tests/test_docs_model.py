"""The documents of the model are whole, as made from the code, and every place in them is there."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from hubopt.cli.commands import app
from hubopt.cli.entry import run
from hubopt.instance.schema import ALL, WORDS, Kind
from hubopt.model.build import RULES, build
from hubopt.model.cost import TERMS
from hubopt.model.describe import VARIABLES, describe
from hubopt.model.document import document
from hubopt.model.index_sets import INDEX_SETS
from hubopt.model.mission import Held, Wish, load
from hubopt.model.parameters import PARAMETERS
from hubopt.model.plan_rules import HEDGE_RULES, ROUTE_RULES, WHOLE_RULES, check_of
from hubopt.plan import verify_routes
from hubopt.plan.verify import CHECKS
from hubopt.plan.verify_hedge import HEDGE_CHECKS
from hubopt.publish import marginals
from hubopt.publish.figures import Figures
from hubopt.publish.tables import sheets
from hubopt.text import Language
from hubopt.vocabulary import CostTerm, LimitKind
from tests.small_problems import pair
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

ROOT = Path(__file__).parent.parent
FILES = {Language.EN: "model.md", Language.ZH: "model.zh-CN.md"}
WISHES = load()
RESULTS = {marginals.NAME, *(sheet.name for sheet in sheets(Figures(tiny(), tiny_plan())))}
MUSTS, SHOULDS = 22, 10
"""How many phrases planners call a must, and how many a should."""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test begin in English, whatever the machine or the test before it spoke."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


def maker() -> ModuleType:
    """Return the script that makes the documents."""
    spec = importlib.util.spec_from_file_location("make_model", ROOT / "docs" / "make_model.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text_of(language: Language) -> str:
    """Return a committed document."""
    return (ROOT / "docs" / FILES[language]).read_bytes().decode("utf-8")


@cache
def functions_of(file: str) -> frozenset[str]:
    """Return the names of the test functions of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(n.name for n in tree.body if isinstance(n, ast.FunctionDef))


@pytest.mark.parametrize("language", Language)
def test_documents_are_as_made(language: Language) -> None:
    """The committed document is what the code gives; if not, run `python docs/make_model.py`."""
    assert text_of(language) == maker().made(language)


@pytest.mark.parametrize("language", Language)
def test_every_part_has_its_section(language: Language) -> None:
    """Constraints, terms, decisions, numbers, checks and limits stand in both languages."""
    text = text_of(language)
    sections = re.findall(r"^### `(\w+)`$", text, re.MULTILINE)
    assert len(sections) == len(set(sections))
    rules = {rule.name for rule in RULES} | {f"cost_{term}" for term in CostTerm}
    assert set(sections) == {*rules, *VARIABLES, *PARAMETERS, *CHECKS, *HEDGE_CHECKS}
    assert all(f"| `{kind}` |" in text for kind in LimitKind)
    assert all(f"| `{letter}` |" in text for letter in INDEX_SETS)


@pytest.mark.parametrize("language", Language)
def test_every_part_says_its_words(language: Language) -> None:
    """Sentence and source of each part, and its formula, are in the document of each language."""
    text = text_of(language)
    parts = [*describe(None), *ROUTE_RULES, *WHOLE_RULES, *HEDGE_RULES]
    for part in parts:
        assert part.sentence.in_language(language) in text
        assert all(line.strip() in text for line in part.formula.split("  "))
        assert part.source is None or part.source.in_language(language) in text


@pytest.mark.parametrize("language", Language)
def test_every_golden_file_is_shown(language: Language) -> None:
    """Each golden LP file is named beside its constraint or term, with rows in it."""
    text = text_of(language)
    for file in (ROOT / "tests" / "golden").glob("*.lp"):
        shown = text.partition(f"\\ tests/golden/{file.name}\n")[2].partition("\n```")[0]
        assert "(" in shown
        assert shown in file.read_text(encoding="utf-8")


def test_letters_and_numbers_of_formulas_are_explained() -> None:
    """Each name with an index in a formula is a decision or a given number, each index a set."""
    known = {*VARIABLES}
    for _, formula, _ in PARAMETERS.values():
        known |= set(re.findall(r"(\w+)\[", formula))
    for formula in [r.formula for r in RULES] + [t.formula for t in TERMS.values()]:
        used = re.findall(r"(\w+)\[([^\]]*)\]", formula)
        assert {name for name, _ in used} <= known
        letters = set(re.findall(r"\b[a-z]\b", ",".join(index for _, index in used)))
        assert letters <= set(INDEX_SETS)


def test_each_rule_has_a_check() -> None:
    """Constraints, terms, rules of routes and of the whole plan are all that is checked."""
    routes = [rule.name for rule in ROUTE_RULES]
    assert routes == [*verify_routes.NAMES, "delivery_time"]
    named = [rule.name for rule in (*RULES, *ROUTE_RULES, *WHOLE_RULES)]
    named += [f"cost_{term}" for term in CostTerm]
    assert {check_of(name) for name in named} == set(CHECKS)


def test_every_source_is_said_in_both_languages() -> None:
    """No constraint or term is without a source, be it our own, and years agree."""
    for part in (*RULES, *TERMS.values(), *ROUTE_RULES, *WHOLE_RULES, *HEDGE_RULES):
        years = [re.findall(r"\d{4}", text) for text in (part.source.en, part.source.zh)]
        assert part.source.en
        assert years[0] == years[1]


def test_sizes_are_those_of_the_problem() -> None:
    """With a problem each constraint says how many rows it has."""
    text = document(Language.EN, pair())
    rows = len(build(pair()).demand_met)
    section = text.partition("### `demand_met`")[2].partition("###")[0]
    assert f"- size: {rows}\n" in section


def place_is_there(place: str) -> bool:
    """Tell whether a place that the planners' phrases point to exists."""
    kind, _, name = place.partition(" ")
    table, _, column = name.partition(".")
    known = {
        "rule": lambda: name in {rule.name for rule in RULES},
        "term": lambda: name in set(CostTerm),
        "route": lambda: name in {rule.name for rule in ROUTE_RULES},
        "check": lambda: name in {*CHECKS, *HEDGE_CHECKS},
        "limit": lambda: name in set(LimitKind),
        "table": lambda: name in ALL,
        "column": lambda: column in ALL[table].column,
        "word": lambda: column in set(WORDS[Kind(table)]),
        "command": lambda: name in app,
        "result": lambda: name in RESULTS,
    }
    return known[kind]()


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: wish.chinese)
def test_places_and_tests_of_a_wish_exist(wish: Wish) -> None:
    """What a phrase points to is in the model, its tests are in their files, gaps are told."""
    assert [place for place in wish.places if not place_is_there(place)] == []
    for test in wish.tests:
        file, _, function = test.partition("::")
        assert function in functions_of(file), test
    assert bool(wish.places) == bool(wish.tests) == (wish.held is not Held.MISSING)
    assert bool(wish.note.en) == bool(wish.note.zh)
    assert wish.note.en or wish.held is Held.HELD


@pytest.mark.parametrize("language", Language)
def test_links_of_the_documents_lead_somewhere(language: Language) -> None:
    """Each link within a document has its heading, and each file that is linked is there."""
    text = text_of(language)
    headings = set(re.findall(r"^### `(\w+)`$", text, re.MULTILINE)) | set(LimitKind)
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert {link[1:] for link in links if link.startswith("#")} <= headings
    assert all((ROOT / "docs" / link).exists() for link in links if not link.startswith("#"))


def test_no_phrase_of_the_planners_is_left_out() -> None:
    """Every must and should is a row, once, and stands in both documents."""
    counts = [sum(wish.priority == priority for wish in WISHES) for priority in ("M", "S")]
    assert counts == [MUSTS, SHOULDS]
    assert len({wish.chinese for wish in WISHES}) == len(WISHES)
    for language in Language:
        assert all(f"| {wish.chinese} | {wish.priority} |" in text_of(language) for wish in WISHES)


@pytest.mark.skipif("HUBOPT_BENCHMARKS" not in os.environ, reason="the list is not here")
def test_phrases_are_those_of_the_list() -> None:
    """Where the planners' own list is at hand, its musts and shoulds are the rows, in order."""
    file = Path(os.environ["HUBOPT_BENCHMARKS"]).parent / "mission.md"
    rows = re.findall(
        r"^\| (.+?) \| .* \| ([MS]) \|$", file.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert [(wish.chinese, wish.priority) for wish in WISHES] == rows


def test_the_command_prints_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    """`hubopt describe --markdown` prints the document without examples, in either language."""
    for language in Language:
        assert run(["describe", "--markdown", "--lang", language]) == 0
        printed = capsys.readouterr().out
        assert printed == document(language)
        assert "tests/golden" not in printed
    assert run(["describe", "--markdown", "--json", "--lang", "zh"]) == 0
    assert json.loads(capsys.readouterr().out) == {"markdown": document(Language.ZH)}


def test_the_command_counts_for_an_instance(capsys: pytest.CaptureFixture[str]) -> None:
    """For an instance each constraint has its size: twenty-two shipments must be met."""
    mini = ROOT / "instances" / "zhengzhou-mini"
    assert run(["describe", str(mini), "--markdown"]) == 0
    section = capsys.readouterr().out.partition("### `demand_met`")[2].partition("###")[0]
    assert "- size: 22\n" in section
