"""Whatever stands in a scenario file gives findings or an instance, and never anything else."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hubopt.errors import Finding
from hubopt.instance.cell_numbers import NUMBER
from hubopt.instance.cells import cell_text
from hubopt.instance.overlay_read import ABOUT, KEYS, POLICIES, TITLES, TOP, Entries
from hubopt.instance.scenario import attempt
from hubopt.instance.scenario_files import Scenario
from hubopt.instance.schema import NUMERIC, TABLES
from hubopt.text import Language, Text
from tests.tiny import tiny

BASE = tiny()
WORDS = st.sampled_from([
    "", "A", "T", "T>E", "DC_A", "air", "air|rail", "x", "CN", "RAIL_OUT", "closed", "FMCG",
    "#REF!", "../x", "洪水", "\x00", "|", ">",
])  # fmt: skip
SCALARS = (
    WORDS
    | st.integers(-5, 3000)
    | st.booleans()
    | st.decimals(allow_nan=True, allow_infinity=True, places=3)
    | st.sampled_from([Decimal("1e400"), Decimal("1e-9"), 10**30])
)
COLUMNS = st.sampled_from(sorted({name for table in TABLES.values() for name in table.column}))
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            COLUMNS | st.sampled_from(["at_least", "at_most", "not"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


def entry(verb: str) -> st.SearchStrategy[Any]:
    """Return a strategy of entries under a verb: what belongs there, and what does not."""
    known = {
        "table": st.sampled_from(sorted(TABLES)) | SCALARS,
        "where": st.dictionaries(COLUMNS, VALUES, max_size=2) | VALUES,
        "to": st.dictionaries(COLUMNS, VALUES, max_size=2) | VALUES,
        "by": st.dictionaries(COLUMNS, SCALARS, max_size=2) | VALUES,
    }
    keys = {key: known.get(key, VALUES) for key in (*KEYS[verb], *ABOUT)}  # type: ignore[index]
    return st.fixed_dictionaries({}, optional=keys) | VALUES


ENTRIES = {verb.value: st.lists(entry(verb), max_size=2) | VALUES for verb in KEYS}
FILES = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys((*TITLES, "settings", "stray", *POLICIES), VALUES),
        **ENTRIES,
    },
)


@st.composite
def plausible(draw: st.DrawFn) -> dict[str, Any]:
    """Return a file with one entry whose table and columns are right and whose values may be."""
    table = TABLES[draw(st.sampled_from(sorted(TABLES)))]
    names = st.sampled_from(sorted(table.column))
    rows = getattr(BASE, table.name)

    def cell(name: str) -> Any:  # noqa: ANN401  (whatever TOML holds)
        real = [cell_text(table.column[name], getattr(row, name)) for row in rows] or ["x"]
        written = draw(st.sampled_from(real))
        number = NUMBER.fullmatch(written)
        return Decimal(written) if number and draw(st.booleans()) else written

    verb = draw(st.sampled_from(["set", "multiply", "add", "close", "outage", "open", "require"]))
    column = draw(names)
    entry: dict[str, Any] = {"table": table.name, "where": {column: cell(column)}}
    if verb == "set":
        other = draw(names)
        entry["to"] = {other: draw(st.just(cell(other)) | SCALARS)}
    elif verb in {"multiply", "add"}:
        numeric = [c.name for c in table.columns if c.kind in NUMERIC] or [column]
        entry["by"] = {draw(st.sampled_from(numeric)): draw(FACTORS)}
    elif verb == "outage":
        entry["capacity"] = draw(FACTORS)
    elif verb in {"open", "require"}:
        del entry["table"]
    return {verb: [entry]}


FACTORS = st.sampled_from([Decimal(x) for x in ("0", "0.35", "0.5", "1", "2", "-3", "1e6")])


def findings_of(found: dict[str, Any]) -> list[Finding]:
    """Return what is wrong with a file, none if an instance came of it; asserts how it is said."""
    entries = Entries("scenarios/x.toml", "", found)
    operations = entries.operations()
    findings: list[Finding] = list(entries.findings)
    if not findings:
        text = Text("", "")
        scenario = Scenario("x", text, text, ("scenarios/x.toml",), (), operations)
        made, findings = attempt(BASE, scenario)
        assert (made is None) is bool(findings)
    for one in findings:
        assert one.file == "scenarios/x.toml"
        assert one.in_language(Language.EN).isprintable()
        assert one.remedy.zh
    return findings


@settings(max_examples=150, deadline=None)
@given(FILES)
def test_any_file_gives_findings_or_an_instance(found: dict[str, Any]) -> None:
    """Values of every kind in every place are read, or refused in words."""
    assert set(found) <= {*TOP, "stray"}
    findings_of(found)


def test_any_entry_gives_findings_or_an_instance() -> None:
    """Right entries with odd values make an instance or findings; both come about."""
    seen: Counter[bool] = Counter()

    @settings(max_examples=250, deadline=None)
    @given(plausible())
    def tried(found: dict[str, Any]) -> None:
        seen[not findings_of(found)] += 1

    tried()
    assert min(seen[True], seen[False]) > 10
