"""`hubopt bench`: what counts as proved, as the same and as wrong, and how the command ends."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from hubopt.cli.bench_view import number
from hubopt.cli.benching import code_of
from hubopt.cli.entry import run
from hubopt.errors import NoPlanError, SolverError
from hubopt.instance.public.case import PublicCase
from hubopt.instance.public.published import Published
from hubopt.instance.read import read
from hubopt.solve.answer import Question
from hubopt.study import bench as study
from hubopt.study.bench import Outcome, Proof, bench, proof_of
from hubopt.text import Text
from tests.public_files import best_free, best_split, cap_text, tiny

HEAD = "family,instance,file,best_known,proved_optimal,source\n"
SPLIT, FREE = best_split(tiny(0)), best_free(tiny(0))


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test name its language itself."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one file and its right value."""
    (tmp_path / "cap1.txt").write_text(cap_text(tiny(0)), encoding="ascii")
    table = f"cflp_orlib,cap1,x,{SPLIT:.3f},1,test\nuflp_orlib,cap1,x,{FREE - 1:.2f},1,test\n"
    (tmp_path / "best_known.csv").write_text(HEAD + table, encoding="ascii")
    return tmp_path


def outcome(value: float | None, bound: float | None, best: str, **changes: object) -> Outcome:
    """Return what came of a case whose published value is proved."""
    published = Published(Decimal(best), proved=True, source="test")
    proof = proof_of(value, bound, published, stopped=False)
    made = Outcome("a", "a.txt", proof, value, bound, published, 1.0, {})
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "bound", "best", "proof", "same", "wrong"),
    [
        (100.125, 100.125, "100.125", "optimal", True, False),
        (100.4375, 100.4375, "100.437", "optimal", True, False),  # cut, not rounded
        (100.4375, 100.4375, "100.438", "optimal", True, False),
        (100.125, 99.0, "100.125", "feasible", True, False),
        (101.0, 99.0, "100.125", "feasible", False, False),
        (101.0, 101.0, "100.125", "optimal", False, True),
        (101.0, 100.5, "100.125", "feasible", False, True),
        (100.0, 99.0, "100.125", "feasible", False, True),
        (None, 99.0, "100.125", "no_plan", False, False),
        (None, 100.2, "100.125", "no_plan", False, True),
        (19240822.449, 19240822.44, "19240822.449", "optimal", True, False),
        (19240822.449, 19240822.3, "19240822.449", "feasible", True, False),
        (8848.0, 8847.999999, "8848.0", "optimal", True, False),
    ],
)
def test_what_counts_as_proved_the_same_and_wrong(
    value: float | None, bound: float | None, best: str, proof: str, *, same: bool, wrong: bool
) -> None:
    """The digits that were published decide; a better plan or a higher bound is a wrong model."""
    found = outcome(value, bound, best)
    assert (found.proof.value, found.same, found.wrong) == (proof, same, wrong)


def test_a_value_that_nobody_has_proved_may_be_beaten() -> None:
    """A better plan than the best known one is no fault of the model."""
    known = Published(Decimal("100.1"), proved=False, source="test")
    found = outcome(99.0, 99.0, "100.1", published=known)
    assert (found.wrong, found.same) == (False, False)
    assert found.difference == pytest.approx(-1.1)


def test_no_plan_where_one_was_published_is_wrong() -> None:
    """To say that no plan can exist contradicts a published one."""
    assert outcome(None, None, "5.0", proof=Proof.IMPOSSIBLE).wrong


def test_without_a_published_value_a_millionth_is_closed() -> None:
    """Nothing is compared, and the gap alone says what is proved."""
    assert proof_of(100.0, 99.99995, None, stopped=False) is Proof.OPTIMAL
    assert proof_of(100.0, 99.999, None, stopped=False) is Proof.FEASIBLE
    assert proof_of(100.0, 99.999, None, stopped=True) is Proof.STOPPED
    assert proof_of(None, None, None, stopped=True) is Proof.STOPPED


def test_the_code_tells_wrong_from_failed() -> None:
    """A contradiction is 1, a failure its own code, a time that was too short none."""
    good = outcome(5.0, 5.0, "5.0")
    failure = SolverError(Text("broke", "出错"))
    failed = outcome(None, None, "5.0", proof=Proof.FAILED, failure=failure)
    assert code_of([good, outcome(None, None, "5.0")]) == 0
    assert code_of([good, failed]) == 70
    assert code_of([failed, outcome(4.0, 4.0, "5.0")]) == 1


@pytest.mark.parametrize(
    ("value", "digits", "sign", "text"),
    [
        (1040444.375, 3, "", "1,040,444.375"), (-0.0004, 3, "+", "0.000"), (0.5, 1, "+", "+0.5"),
        (-2.0, 0, "+", "-2"), (None, 2, "", "-"),
    ],
)  # fmt: skip
def test_numbers_have_the_digits_that_were_published(
    value: float | None, digits: int, sign: str, text: str
) -> None:
    """A difference of rounding has no sign."""
    assert number(value, digits, sign) == text


def test_a_failing_case_does_not_end_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A case out of time and one whose solver breaks are outcomes; the next one is tried."""
    ends = iter([NoPlanError(Text("late", "超时")), SolverError(Text("broke", "出错"))])

    def failing(*_: object, **__: object) -> object:
        raise next(ends)

    monkeypatch.setattr(study, "answer", failing)
    case = PublicCase("cap", "a", folder / "cap1.txt", 1.0, made_nothing)
    found = list(bench([case, case], {}, Question()))
    assert [one.proof for one in found] == [Proof.NO_PLAN, Proof.FAILED]
    assert found[0].gap is None


def made_nothing() -> object:
    """Stand for making an instance that is not looked at."""
    return None


def test_the_command_proves_and_compares(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line a case and one at the end; the value is the published one to its last digit."""
    assert run(["bench", "cap", str(folder)]) == 0
    head, line, last = capsys.readouterr().out.splitlines()
    assert head.split() == ["case", "value", "published", "difference", "gap", "seconds", "engine",
                            "proof"]  # fmt: skip
    assert line.split()[:4] == ["cap1", f"{SPLIT:,.3f}", f"{SPLIT:,.3f}", "0.000"]
    assert line.split()[-2:] == ["star", "optimal"]
    assert "1 optimal; 1 of 1 equal the published value, 0 contradict" in last


def test_the_command_fails_where_a_proved_value_is_contradicted(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table says less than any plan can cost: the code is 1, and Chinese says so too."""
    assert run(["bench", "uncap", str(folder), "--only", "cap1", "--lang", "zh"]) == 1
    out = capsys.readouterr().out
    assert "错误：与已发表的最优值矛盾" in out
    assert "与已证明的最优值矛盾 1 个" in out
    assert "contradict" not in out


def test_the_command_writes_instances(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--write` makes folders that read as ordinary instances, and touches no used one."""
    out = folder / "out"
    assert run(["bench", "cap", str(folder), "--write", str(out), "--json"]) == 0
    (written,) = json.loads(capsys.readouterr().out)["written"]
    assert written["case"] == "cap1"
    assert written["cny_per_unit"] == 10_000
    assert len(read(Path(written["folder"])).demand) == 4
    assert run(["bench", "cap", str(folder), "--write", str(out)]) == 2
    assert "is not empty (it holds cap1)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--time", "0"], "--time"), (["--gap", "5"], "for 1 % write 0.01"),
        (["--only", "cap2"], '"cap2" is no case in this folder; nearest "cap1"'),
    ],
)  # fmt: skip
def test_wrong_options_are_refused(
    words: list[str], said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The code is 2, before anything is solved."""
    assert run(["bench", "cap", str(folder), *words]) == 2
    assert said in capsys.readouterr().err


def test_a_broken_file_ends_the_command_before_any_solve(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file is refused with its line, in Chinese too, though another one is good."""
    (folder / "cap2.txt").write_text("1 1\n5 x\n", encoding="ascii")
    assert run(["bench", "cap", str(folder), "--lang", "zh"]) == 2
    said = capsys.readouterr()
    assert 'cap2.txt 第 2 行："x" 不是数字；此处应为设施 1 的固定费用' in said.err
    assert said.out == ""
