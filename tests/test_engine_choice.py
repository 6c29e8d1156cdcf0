"""`--engine` overrides the choice by size and shape; whichever it is, the optimum is the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hubopt.cli.entry import run
from hubopt.errors import InputError
from hubopt.instance.write import write
from hubopt.solve.answer import Question, answer
from hubopt.vocabulary import Engine
from tests.random_instances import random_instance
from tests.random_limits import limited_instance
from tests.solver_at_hand import solver_at_hand
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

EXACT = Question(gap=0.0, time_s=60.0)


def test_both_engines_agree_over_every_constraint() -> None:
    """One model, or decomposed: the same cost on instances with every feature and under limits."""
    with solver_at_hand():
        for seed in range(6):
            for instance in (random_instance(seed), limited_instance(100 + seed)):
                whole = answer(instance, EXACT, engine=Engine.MONOLITHIC)
                parts = answer(instance, EXACT, engine=Engine.DECOMPOSITION)
                assert whole.engine is Engine.MONOLITHIC
                assert parts.engine is Engine.DECOMPOSITION
                cost = whole.plan.objective_fen
                assert parts.plan.objective_fen == pytest.approx(cost, rel=1e-6, abs=100)


def test_a_small_instance_is_one_model() -> None:
    """Below 10,000 columns HiGHS gets it as it is."""
    with solver_at_hand():
        assert answer(tiny(), EXACT).engine is Engine.MONOLITHIC


def test_what_is_no_star_is_not_solved_as_one() -> None:
    """It is refused with what to do, in both languages."""
    with pytest.raises(InputError, match=r"--engine.*no star") as caught:
        answer(tiny(), EXACT, engine=Engine.STAR)
    assert "星形" in caught.value.message.zh


def test_the_command_says_which_engine_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the screen and in the manifest; a word that names no engine is refused."""
    folder = tmp_path / "tiny"
    write(tiny(), folder)
    words = ["solve", str(folder), "-o", str(tmp_path / "out"), "--engine"]
    assert run([*words, "decomposition", "--quiet"]) == 0
    assert "solved by decomposition" in capsys.readouterr().out
    record = json.loads((tmp_path / "out/tiny/base/manifest.json").read_text(encoding="utf-8"))
    assert (record["engine"], record["options"]["engine"]) == ("decomposition", "decomposition")
    assert run([*words, "magic"]) == 2
    assert "magic" in capsys.readouterr().err
