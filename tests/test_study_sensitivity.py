"""`hubopt sensitivity`: what moves, which sites rest on it, what is run again and refused."""

from __future__ import annotations

import contextlib
import csv
import json
import tempfile
import threading
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.errors import InputError, InterruptedSolve, SolverError
from hubopt.instance.digest import content_hash
from hubopt.instance.read import read
from hubopt.instance.write import write
from hubopt.publish.sensitivity_tables import sheets
from hubopt.publish.spread import csv_bytes
from hubopt.publish.tornado import tornado
from hubopt.solve.answer import Question, Silent, answer
from hubopt.study import sensitivity
from hubopt.study.movement import Change, SiteChange, movement, site_changes
from hubopt.study.outcome import Outcome, kept_cost_fen, outcome_of
from hubopt.study.sensitivity import Study, Task, gathered, run_all
from hubopt.study.sensitivity_jobs import Runs
from hubopt.study.sensitivity_store import BASE, Store
from hubopt.study.sensitivity_words import sentences
from hubopt.study.side_by_side import Crew
from hubopt.study.uncertain import COLUMNS, FILE, FOLDER, Parameter, chosen, read_uncertain
from hubopt.study.verdict import Verdict, verdicts
from hubopt.text import Language, Text
from tests.children import children
from tests.tiny import tiny
from tests.tiny_plan import tiny_plan

ROOT = Path(__file__).parent.parent

DEAR = (
    "dear", "cost of the centre at B", "洛阳中心造价", "low", "none", "modules", "build_cost_cny",
    "site=DC_B", "1", "40",
)  # fmt: skip
STILL = (
    "still",
    "nothing",
    "无",
    "low",
    "none",
    "products",
    "unserved_cost_cny_per_t",
    "",
    "1",
    "1",
)
CARBON = ("carbon", "carbon price", "碳价", "high", "a market", "instance",
          "carbon_price_cny_per_t", "", "0.5", "2")  # fmt: skip


def listed(folder: Path, *rows: tuple[str, ...]) -> Path:
    """Write the tiny instance with uncertain numbers beside it."""
    write(tiny(), folder)
    (folder / FOLDER).mkdir(exist_ok=True)
    with (folder / FOLDER / FILE).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    return folder


def store_in(folder: Path) -> Store:
    """Return a store of the tiny instance's runs."""
    return Store(folder / "runs", content_hash(tiny()), Question(gap=0.0), {"hubopt": "test"})


def studied(folder: Path, *rows: tuple[str, ...], jobs: int = 1) -> Study:
    """Return the study of the tiny instance with these rows."""
    parameters = read_uncertain(listed(folder, *rows), tiny())
    store = store_in(folder)
    run_all(tiny(), parameters, store, jobs=jobs, watcher=Silent(), stop=threading.Event())
    study = gathered(tiny(), parameters, store)
    assert study is not None
    return study


def test_a_site_flips_with_the_number_it_rests_on(tmp_path: Path) -> None:
    """At forty times its cost the centre at B is not built, and only then."""
    study = studied(tmp_path, DEAR, STILL, CARBON)
    assert "DC_B" in (study.base.sites or {})
    rows = {row.site: row for row in verdicts(study)}
    assert rows["DC_B"].verdict is Verdict.UNSOURCED
    assert rows["DC_B"].unsourced == ("dear",)
    assert rows["DC_B"].share_standing == pytest.approx(5 / 6)
    assert rows["DC_A"].verdict is Verdict.GIVEN
    assert rows["TERM_T"].verdict in {Verdict.FIRM, Verdict.NEVER}
    said = {lang: "\n".join(t.in_language(lang) for t in sentences(study)) for lang in Language}
    assert "rest on numbers that nobody has sourced" in said[Language.EN]
    assert "“cost of the centre at B” high" in said[Language.EN]
    assert "没有任何来源" in said[Language.ZH]
    assert "“洛阳中心造价”取高" in said[Language.ZH]


def test_a_number_that_changes_nothing_says_so(tmp_path: Path) -> None:
    """At factors of 1 the plan stays to the fen, and the sentences name the number."""
    study = studied(tmp_path, STILL)
    moved = [movement(study.base, one.outcome) for one in study.runs]
    assert [what.still for what in moved] == [True, True]
    assert any("Nothing moves at all under: “nothing” low" in t.en for t in sentences(study))
    assert any("No siting decision rests" in t.en for t in sentences(study))


def test_what_is_done_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second study solves nothing; a torn file, another factor or version is run again."""
    first = studied(tmp_path, STILL)
    solved: list[str] = []

    def counted(*args: object, **kwargs: object) -> object:
        solved.append("one")
        return answer(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(sensitivity, "answer", counted)
    assert studied(tmp_path, STILL).runs == first.runs
    assert solved == []
    store = store_in(tmp_path)
    (parameter,) = read_uncertain(tmp_path, tiny())
    store.file(store.key(parameter, "low")).write_text("{", encoding="utf-8")
    studied(tmp_path, STILL)
    assert solved == ["one"]
    renamed = replace(parameter, name=parameter.name, source="a book")
    assert store.outcome(renamed, "low") == first.runs[0].outcome
    wider = replace(parameter.levers[0], low=0.9)
    assert store.outcome(replace(parameter, levers=(wider,)), "low") is None
    assert replace(store, versions={"hubopt": "next"}).outcome(None, BASE) is None


def test_a_stopped_study_keeps_what_is_done(tmp_path: Path) -> None:
    """After a stop between two runs the first is kept, and what is said counts runs alone."""
    parameters = read_uncertain(listed(tmp_path, STILL, CARBON), tiny())
    stop = threading.Event()
    store = store_in(tmp_path)

    class AfterOne(Silent):
        """Stops as soon as the second run begins."""

        def phase(self, name: Text, done: int = 0, total: int = 0) -> None:
            """Hear which run is made."""
            super().phase(name, done, total)
            if "run 2" in name.en:
                stop.set()

    with contextlib.suppress(InterruptedSolve):
        run_all(tiny(), parameters, store, jobs=1, watcher=AfterOne(), stop=stop)
    study = gathered(tiny(), parameters, store)
    assert study is not None
    assert len(study.runs) == 1
    assert "1 of 4 runs are made" in next(sentences(study)).en
    assert "3 are not made" in next(sentences(study)).en


def test_runs_in_processes_of_their_own_say_the_same(tmp_path: Path) -> None:
    """Two at a time give the outcomes of one after the other."""
    beside = studied(tmp_path / "two", DEAR, jobs=2)
    assert beside.runs == studied(tmp_path / "one", DEAR).runs


def silent(*_: object) -> None:
    """Say nothing, as the process of a run."""


def test_a_run_whose_process_dies_is_told(tmp_path: Path) -> None:
    """A run without a word ends the study with what to do; nothing is kept of it."""
    (parameter,) = read_uncertain(listed(tmp_path, STILL), tiny())
    store, tasks = store_in(tmp_path), [Task(parameter, "low"), Task(parameter, "high")]
    runs = Runs(tiny(), tiny_plan(), tasks, store, Silent())
    with pytest.raises(SolverError, match="--jobs 1: what is done is kept"):
        Crew(silent, runs, jobs=2, stop=threading.Event()).do(tasks)
    assert children() == []
    assert store.outcome(parameter, "low") is None


def test_the_plan_of_the_base_is_priced_under_other_numbers() -> None:
    """Dearer carbon raises it by what carbon costs more; where it breaks the budget it is none."""
    instance = tiny()
    plan = answer(instance, Question(gap=0.0)).plan
    carbon = parameter_of(CARBON).at(instance, "high")
    cost = kept_cost_fen(carbon, plan)
    assert cost is not None
    before = (outcome_of(instance, plan).terms_cny or {})["carbon"]
    assert cost - plan.objective_fen == pytest.approx(100 * before, abs=20)
    assert kept_cost_fen(parameter_of(DEAR).at(instance, "high"), plan) is None


def parameter_of(row: tuple[str, ...]) -> Parameter:
    """Return one row as a parameter of the tiny instance."""
    with tempfile.TemporaryDirectory() as folder:
        return read_uncertain(listed(Path(folder), row), tiny())[0]


@pytest.mark.parametrize(
    ("base", "run", "indifferent"),
    [
        ((100, 95), (100, 95, 104), False),
        ((100, 95), (100, 97, 102), True),
        ((100, 95), (104, 100, None), True),
        ((100, 95), (106, 103, None), False),
        ((100, 100), (100, 100, 100), True),
        ((100, None), (200, 200, 300), True),
    ],
)
def test_what_the_gap_leaves_open_has_not_moved(
    base: tuple[int, int | None], run: tuple[int, int, int | None], *, indifferent: bool
) -> None:
    """A plan is as good if the base's own lies within the gap, or without it if costs do."""
    stood: dict[str, dict[str, dict[str, int]]] = {"S": {"2025": {"hall": 1}}}
    one = Outcome("feasible", base[0], base[1], sites=stood)
    other = Outcome("feasible", run[0], run[1], sites={}, kept_fen=run[2])
    what = movement(one, other)
    assert what.sites == (SiteChange("S", 2025, Change.DROPPED),)
    assert what.indifferent is indifferent


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        ({}, {"hall": 1}, Change.OPENED),
        ({"hall": 1}, {}, Change.DROPPED),
        ({"hall": 1}, {"hall": 2}, Change.LARGER),
        ({"hall": 2}, {"hall": 1}, Change.SMALLER),
        ({"hall": 2}, {"large": 1}, Change.OTHER_SIZE),
    ],
)
def test_how_a_site_changes(before: dict[str, int], after: dict[str, int], change: Change) -> None:
    """Opened and dropped are of whether it stands, the others of its modules."""
    one, other = (
        Outcome("optimal", sites={"S": {"2030": m}} if m else {}) for m in (before, after)
    )
    assert list(site_changes(one, other)) == [SiteChange("S", 2030, change)]


def test_an_indifferent_flip_gives_no_verdict_of_resting(tmp_path: Path) -> None:
    """Where the base's plan is as good, the site is indifferent, and the sentences say so."""
    study = studied(tmp_path, DEAR)
    low, high = study.runs
    loose = replace(high.outcome, kept_fen=high.outcome.cost_fen)
    rows = {r.site: r for r in verdicts(replace(study, runs=(low, replace(high, outcome=loose))))}
    assert rows["DC_B"].verdict is Verdict.INDIFFERENT
    assert rows["DC_B"].indifferent == ("dear",)


BAD = (
    (("tight", "", "仓", "low", "none", "capacities", "capacity_t_per_year", "", "0.5", "1"),
     "name_en", "must not be blank", "不能为空"),
    (("tight", "a", "仓", "low", "none", "capacity", "capacity_t_per_year", "", "0.5", "1"),
     "table", "is no table", "不是算例的表"),
    (("tight", "a", "仓", "low", "none", "capacities", "module", "", "0.5", "1"),
     "column", "is no column of numbers", "不是该表的数值列"),
    (("tight", "a", "仓", "low", "none", "links", "distance_km", "mode=tube", "1", "1"),
     "where", "no row of the table", "没有匹配的行"),
    (("tight", "a", "仓", "low", "none", "capacities", "capacity_t_per_year", "", "half", "1"),
     "low", "is no number", "不是数字"),
    (("tight", "a", "仓", "low", "none", "capacities", "capacity_t_per_year", "", "-1", "1"),
     "low", "is below 0", "小于 0"),
    (("tight", "a", "仓", "low", "none", "products", "duty_share", "", "1", "20"),
     "high", "makes a number 2", "使数值变为 2"),
    (("tight", "a", "仓", "low", "none", "instance", "base_year", "", "1", "2"),
     "column", "is no setting", "不是可变动的设置"),
    (("tight", "a", "仓", "low", "none", "instance", "discount_rate", "x=1", "1", "2"),
     "where", "has no rows to choose", "没有可选的行"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "column", "en", "zh"), BAD, ids=[bad[2] for bad in BAD])
def test_wrong_rows_are_refused_in_words(
    tmp_path: Path, row: tuple[str, ...], column: str, en: str, zh: str
) -> None:
    """File, row, column, reason and remedy, in both languages, before anything is solved."""
    folder = listed(tmp_path, STILL, row)
    with pytest.raises(InputError) as caught:
        read_uncertain(folder, tiny())
    found = next(f for f in caught.value.findings if f.column == column)
    assert (found.file, found.row, found.code) == ("sensitivity/uncertain.csv", 3, "SEN01")
    assert en in found.in_language(Language.EN)
    assert zh in found.in_language(Language.ZH)
    assert found.remedy.en


def test_names_files_and_options_that_are_wrong(tmp_path: Path) -> None:
    """No file, no row, two names of one number, a stranger: each has its finding."""
    write(tiny(), tmp_path)
    with pytest.raises(InputError, match="does not say which of its numbers are uncertain"):
        read_uncertain(tmp_path, tiny())
    with pytest.raises(InputError, match="holds no row"):
        read_uncertain(listed(tmp_path), tiny())
    with pytest.raises(InputError, match="differs from the name"):
        read_uncertain(listed(tmp_path, STILL, (STILL[0], "other", *STILL[2:])), tiny())
    known = read_uncertain(listed(tmp_path, STILL, CARBON), tiny())
    with pytest.raises(InputError, match='nearest "carbon"'):
        chosen(known, ("carbn",))
    assert [one.id for one in chosen(known, ("carbon",))] == ["carbon"]


def test_the_command_writes_tables_and_charts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In both languages; what another option says is refused with exit code 2."""
    folder = str(listed(tmp_path / "tiny", DEAR, CARBON))
    asked = ["sensitivity", folder, "-o", str(tmp_path / "out"), "--gap", "0", "--only", "dear"]
    assert run([*asked, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["runs"], record["asked"]) == (2, 2)
    assert {row["site"]: row["verdict"] for row in record["sites"]}["DC_B"].startswith("rests_on")
    target = tmp_path / "out" / "tiny" / "sensitivity"
    assert sorted(path.name for path in target.glob("*.*")) == sorted(record["files"])
    assert (target / "tornado.zh.png").read_bytes()[:4] == b"\x89PNG"
    assert run([*asked, "--quiet", "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "已完成 2 次" in said
    assert "以下选址决定取决于没有任何来源的数值" in said
    assert run([*asked, "--jobs", "0"]) == 2
    assert "--jobs" in capsys.readouterr().err


def test_tables_and_chart_are_the_same_bytes_again(tmp_path: Path) -> None:
    """A row for the base and each run, one for each site; no date or version in the chart."""
    study = studied(tmp_path, DEAR, CARBON)
    runs, sites, changes = sheets(study)
    assert len(runs.rows) == 1 + len(study.runs)
    assert [row[0] for row in sites.rows] == [site.id for site in tiny().sites]
    assert {row[0] for row in changes.rows} >= {"DC_B"}
    assert tornado(study, Language.EN) == tornado(study, Language.EN)


@pytest.mark.slow
def test_the_mini_instance_gives_the_shipped_tables(tmp_path: Path) -> None:
    """All 50 runs of `zhengzhou-mini` are made anew: costs and verdicts are those shipped."""
    folder = str(ROOT / "instances" / "zhengzhou-mini")
    assert run(["sensitivity", folder, "-o", str(tmp_path), "--quiet", "--jobs", "2"]) == 0
    shipped = ROOT / "results" / "zhengzhou-mini" / "sensitivity"
    for name in ("sensitivity.csv", "sites.csv", "site_changes.csv"):
        made = (tmp_path / "zhengzhou-mini" / "sensitivity" / name).read_bytes()
        assert made == (shipped / name).read_bytes(), name


class Shipped(Store):
    """The shipped runs by parameter and level, whatever versions of libraries they came from."""

    def key(self, parameter: Parameter | None, level: str) -> str:
        """Return the name of the run's file, made as long as a key."""
        return self.names[BASE if parameter is None else parameter.id, level]

    @cached_property
    def names(self) -> dict[tuple[str, str], str]:
        """The key of each shipped run; the file of each is named after its start."""
        records = [json.loads(file.read_text(encoding="utf-8")) for file in self.runs]
        assert all(
            file.stem == one["key"][:40] for file, one in zip(self.runs, records, strict=True)
        )
        return {(one["parameter"], one["level"]): one["key"] for one in records}

    @property
    def runs(self) -> list[Path]:
        """The files of the runs."""
        return [f for f in sorted(self.folder.glob("*.json")) if not f.name.endswith(".plan.json")]


def test_the_shipped_tables_of_the_reference_follow_from_its_runs() -> None:
    """All 110 runs of `zhengzhou` are shipped, and its tables follow from them, byte by byte."""
    instance = read(ROOT / "instances" / "zhengzhou")
    target = ROOT / "results" / "zhengzhou" / "sensitivity"
    store = Shipped(target / "runs", content_hash(instance), Question(), {})
    study = gathered(instance, read_uncertain(ROOT / "instances" / "zhengzhou", instance), store)
    assert study is not None
    assert len(study.runs) == study.asked == len(store.runs) - 1 == 110
    for sheet in sheets(study):
        assert csv_bytes(sheet) == (target / f"{sheet.name}.csv").read_bytes(), sheet.name
