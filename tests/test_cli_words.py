"""What the command line says to a planner who mistyped: the right remedy, in both languages."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.cli.show import of_changed
from hubopt.errors import InputError
from hubopt.instance.hedge_file import read_hedge
from hubopt.instance.read import read
from hubopt.instance.scenario import overlaid
from hubopt.text import Language
from tests.instance_folder import tiny_folder

MINI = str(Path(__file__).parent.parent / "instances" / "zhengzhou-mini")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test name its language itself."""
    monkeypatch.setenv("HUBOPT_LANG", "en")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", MINI, "--scenari", "x"], "没有选项 --scenari；最接近的是 --scenario"),
        (["chek", MINI], "没有命令 chek；最接近的是 check"),
        (["solve", MINI, "--gap", "abc"], '--gap 的值 "abc" 不是数字（小数点用 .，如 0.01）'),
        (["solve", MINI, "--routes", "1.5"], '--routes 的值 "1.5" 不是整数'),
        (["solve", MINI, "--engine", "foo"], '"foo" 不在可选值之内：auto、star、hubs、'),
        (["export", MINI], "缺少 --file 的值"),
        (["check", MINI, "--lang", "zh"], "选项 --lang 重复出现"),
        (["check", MINI, "more"], "多余的内容 more"),
        (["pareto", MINI, "--points", "1"], "命令行 --points"),
        (["hedge", MINI, "--state", "base=70%"], "5 % 请写 flood=0.05"),
        (["hedge", MINI, "--level", "90"], "须为不小于 0 且小于 1 的比例；90 % 请写 0.9"),
        (["hedge", MINI, "--weight", "50"], "须为不小于 0 且不大于 1 的比例；90 % 请写 0.9"),
    ],
)
def test_a_mistyped_command_line_is_refused_in_chinese(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """No English sentence stands in what is said with `--lang zh`, and the code is 2."""
    assert run([*words, "--lang", "zh"]) == 2
    error = capsys.readouterr().err
    assert said in error
    for leak in ("command line", "Unknown", "Invalid", "Parameter", "Did you mean", "Unused"):
        assert leak not in error


def test_a_remedy_names_no_other_command(capsys: pytest.CaptureFixture[str]) -> None:
    """A wrong option of `pareto` is not told to be looked up under `solve`, which has none such."""
    assert run(["pareto", MINI, "--points", "1"]) == 2
    assert "hubopt solve --help" not in capsys.readouterr().err


@pytest.mark.parametrize("name", ["hedge", "Pareto", "sensitivity"])
def test_no_scenario_takes_the_folder_of_another_study(name: str, tmp_path: Path) -> None:
    """A result of such a scenario would replace the hedge of the instance, states and all."""
    folder = tiny_folder(tmp_path / "tiny")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / f"{name}.toml").write_text(
        "[settings]\ncarbon_price_cny_per_t = 500\n", encoding="utf-8"
    )
    with pytest.raises(InputError, match=f"{name}.*cannot be the name of a scenario"):
        overlaid(folder, name)


def test_settings_are_not_told_an_option_for_tables(tmp_path: Path) -> None:
    """`--encoding` is for tables: a scenario in GB18030 is to be saved anew, with a text editor."""
    folder = tiny_folder(tmp_path / "tiny")
    (folder / "scenarios").mkdir()
    (folder / "scenarios" / "flood.toml").write_bytes('title_zh = "洪水"\n'.encode("gb18030"))
    with pytest.raises(InputError) as caught:
        overlaid(folder, "flood")
    (found,) = caught.value.findings
    assert "2 Chinese characters" in found.reason.en
    assert found.remedy.en == "save it as UTF-8 with a text editor"


def test_unread_settings_say_nothing_of_limits(tmp_path: Path) -> None:
    """Where the stages are not known, no limit is told to leave no site: one fault, one finding."""
    folder = tmp_path / "mini"
    shutil.copytree(MINI, folder)
    (folder / "instance.toml").write_text("= broken\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read(folder)
    assert [found.file for found in caught.value.findings] == ["instance.toml"]


def test_a_wrong_key_of_a_hedge_is_told_the_right_ones(tmp_path: Path) -> None:
    """Whoever writes hedge.toml by hand learns its keys, and those of a state, from the finding."""
    folder = tmp_path / "mini"
    shutil.copytree(MINI, folder)
    (folder / "hedge.toml").write_text("alpha = 0.9\n[[states]]\nshare = 1\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_hedge(folder)
    said = "\n".join(found.in_language(Language.EN) for found in caught.value.findings)
    assert "known are level, states, weight" in said
    assert "known are confidence, note, probability, scenario, source" in said


@pytest.mark.parametrize("name", ["hedge.json", "border_halt/plan.json", "hedge_costs.csv"])
def test_what_a_map_cannot_make_is_to_be_restored(name: str) -> None:
    """Plans and the files of a hedge are not promised by `hubopt map`, which makes none of them."""
    words = of_changed(name)
    assert "hubopt map" not in words.en + words.zh
    assert "hubopt map" in of_changed("border_halt/tables/sites.csv").en
