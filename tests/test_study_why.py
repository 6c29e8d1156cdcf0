"""`hubopt explain`: what a site is worth and what would change it are what a person works out."""

from __future__ import annotations

import csv
import json
import os
import signal
import threading
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from hubopt.cli.entry import run
from hubopt.cli.explaining import ExplainRequest, as_solved
from hubopt.engine.solve_problem import solve_problem
from hubopt.errors import InterruptedSolve
from hubopt.instance.read import read
from hubopt.instance.tables import Instance, Limit
from hubopt.instance.write import write
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.publish.figures import Figures
from hubopt.publish.results import write_results
from hubopt.publish.site_facts import Facts, sheet, with_a_choice
from hubopt.publish.why_words import reason_sentences
from hubopt.solve.answer import Answer, Question, Silent, answer
from hubopt.solver.form import SolveOptions
from hubopt.study import why
from hubopt.study.movement import Change
from hubopt.study.why import Alternative, Reason, reason_of, tried
from hubopt.study.why_way import Way
from hubopt.text import Language, Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY
from hubopt.vocabulary import LimitKind, SiteStatus
from tests.choices import LATER, YEAR, centres
from tests.tiny import CENTRE

W1 = sum(1.08**-k for k in range(5))
W2 = W1 * 1.08**-5
"""Years of the stages 2025 and 2030, each of five, discounted at 8 %."""

B = "DC_B"


SHARED = centres({YEAR: 12_000.0}, 100_000.0)
"""B stands and saves 20,000 CNY a year."""


@cache
def shared() -> tuple[Answer, Reason]:
    """Return the answer to the shared instance and what is known of B in it, solved once."""
    return answer(SHARED), explained(SHARED)


def explained(instance: Instance, site: str = B) -> Reason:
    """Return what is known of a site in the best plan of an instance, everything tried."""
    plan = answer(instance).plan
    reason = reason_of(instance, plan, site)
    return replace(reason, alternatives=tuple(tried(reason, plan, Question(), watcher=Silent())))


def open_since(instance: Instance) -> int | None:
    """Return since when B stands in the best plan; the solver alone says so."""
    problem = build_problem(instance, list_routes(instance))
    made = solve_problem(problem, SolveOptions(gap=0.0)).decisions
    assert made is not None
    stands = made.open[problem.sites.site_ids.index(B)]
    return next((year for year, one in zip(problem.stages, stands, strict=True) if one), None)


def more_cny(one: Alternative) -> float:
    """Return what an alternative costs more, CNY of present value."""
    assert one.moved is not None
    return one.moved.cost_cny


def said(reason: Reason, language: Language = Language.EN) -> str:
    """Return all sentences on a site."""
    return "\n".join(text.in_language(language) for text in reason_sentences(reason))


def test_an_opened_site_is_worth_what_it_saves() -> None:
    """12 kt sorted in B save 120,000 CNY a year for 100,000: without B 20,000 CNY a year more."""
    _, reason = shared()
    (one,) = reason.alternatives
    assert one.way == Way(B, None)
    assert more_cny(one) == pytest.approx(20_000 * W1, abs=1)
    assert one.moved is not None
    terms = {name: cny for name, cny in one.moved.terms_cny.items() if abs(cny) > 1}
    assert terms == pytest.approx({"handling": 120_000 * W1, "running": -100_000 * W1}, abs=1)
    assert [(s.site, s.change) for s in one.moved.sites] == [(B, Change.DROPPED)]
    freight = {(s.site, s.function): s.tonnes for s in one.shifts}
    assert freight == {("DC_A", CENTRE): 12_000.0, (B, CENTRE): -12_000.0}
    assert one.moved.co2e_t == pytest.approx(12_000 * (5 - 4) * 0.54 / 1000)  # kWh of sorting
    assert one.moved.unserved_t == 0.0


def test_an_opened_site_stays_until_it_costs_more_than_it_saves() -> None:
    """20,000 CNY a year dearer it is as good to leave it: just below it stands, above not."""
    found = shared()[1].threshold()
    assert found is not None
    assert found.cny_per_year == pytest.approx(20_000, abs=1)
    assert found.least == pytest.approx(20_000, abs=1)
    assert found.most == pytest.approx(20_000, abs=1)
    assert found.site is not None
    assert found.site.cny_per_year == pytest.approx(100_000, abs=0.01)
    assert open_since(centres({YEAR: 12_000.0}, 100_000.0 + 19_900)) == YEAR
    assert open_since(centres({YEAR: 12_000.0}, 100_000.0 + 20_100)) is None


def test_a_site_not_chosen_opens_once_it_is_cheap_enough() -> None:
    """At 200,000 CNY a year it lacks 80,000: just less is too little, just more opens it."""
    reason = explained(centres({YEAR: 12_000.0}, 200_000.0))
    (one,) = reason.alternatives
    assert one.way == Way(B, YEAR)
    assert more_cny(one) == pytest.approx(80_000 * W1, abs=1)
    found = reason.threshold()
    assert found is not None
    assert (found.cny_per_year, found.least) == pytest.approx((80_000, 80_000), abs=1)
    assert "It would handle: DC B [DC_B], consolidation +12 kt" in said(reason)
    assert open_since(centres({YEAR: 12_000.0}, 200_000.0 - 79_900)) is None
    assert open_since(centres({YEAR: 12_000.0}, 200_000.0 - 80_100)) == YEAR
    assert "It opens once that is 80,000 CNY a year cheaper (40 %)" in said(reason)


def test_a_site_not_chosen_may_be_nearer_to_opening_later() -> None:
    """With 6 kt in 2025 and 12 in 2030 it lacks 70,000 and 10,000: in 2030 it opens first."""
    tonnes = {YEAR: 6_000.0, LATER: 12_000.0}
    reason = explained(centres(tonnes, 130_000.0))
    early, late = reason.alternatives
    assert more_cny(early) == pytest.approx(70_000 * W1 + 10_000 * W2, abs=1)
    assert more_cny(late) == pytest.approx(10_000 * W2, abs=1)
    found = reason.threshold()
    assert found is not None
    assert found.since == LATER
    assert found.cny_per_year == pytest.approx(10_000, abs=1)
    assert open_since(centres(tonnes, 130_000.0 - 9_900)) is None
    assert open_since(centres(tonnes, 130_000.0 - 10_100)) == LATER


def test_an_opened_site_may_wait_before_it_goes() -> None:
    """8 kt save 10,000 a year in 2025, 12 kt 50,000 in 2030: dearer by 50,000 it is not built."""
    tonnes = {YEAR: 8_000.0, LATER: 12_000.0}
    reason = explained(centres(tonnes, 70_000.0))
    without, late = reason.alternatives
    assert more_cny(without) == pytest.approx(10_000 * W1 + 50_000 * W2, abs=1)
    assert more_cny(late) == pytest.approx(10_000 * W1, abs=1)
    found = reason.threshold()
    assert found is not None
    assert found.since == LATER
    assert found.cny_per_year == pytest.approx(50_000, abs=1)
    assert open_since(centres(tonnes, 70_000.0 + 49_900)) == LATER
    assert open_since(centres(tonnes, 70_000.0 + 50_100)) is None
    assert "(from 2030 on by then)" in said(reason)


def test_what_is_left_behind_counts() -> None:
    """30 kt need both centres: without B the 15 kt that A cannot take stay behind, and are told."""
    (one,) = explained(centres({YEAR: 30_000.0}, 100_000.0)).alternatives
    assert one.moved is not None
    assert one.moved.unserved_t == pytest.approx(15_000)
    assert {(s.site, s.tonnes) for s in one.shifts} == {
        ("", 15_000.0), ("DC_A", 5_000.0), (B, -20_000.0),
    }  # fmt: skip
    without = 15_000 * 3_000 + 15_000 * (50 + 30)
    with_b = 30_000 * 50 + 10_000 * 30 + 20_000 * 20 + 100_000
    assert more_cny(one) == pytest.approx((without - with_b) * W1, abs=20)


def test_a_required_site_that_does_not_pay_says_so() -> None:
    """Required at 200,000 CNY a year it costs 80,000 more than it saves: without it, cheaper."""
    reason = explained(centres({YEAR: 12_000.0}, 200_000.0, SiteStatus.REQUIRED))
    (one,) = reason.alternatives
    assert more_cny(one) == pytest.approx(-80_000 * W1, abs=1)
    assert "344,970 CNY less (present value); proved to these digits" in said(reason)
    assert "it costs 80,000 CNY a year more than it saves" in said(reason)
    assert "比所节省的多 80,000 元" in said(reason, Language.ZH)


def test_an_existing_site_is_explained_as_closing_it() -> None:
    """A stands, for 400,000 CNY a year; closed, B opens for 100,000 and sorts everything."""
    reason = explained(centres({YEAR: 12_000.0}, 130_000.0), "DC_A")
    (one,) = reason.alternatives
    assert one.way == Way("DC_A", None)
    assert more_cny(one) == pytest.approx((130_000 - 400_000 - 120_000) * W1, abs=1)
    assert one.moved is not None
    assert (B, Change.OPENED) in {(s.site, s.change) for s in one.moved.sites}


def test_a_closed_site_is_explained_as_opening_it() -> None:
    """Closed by the instance, at 100,000 CNY a year, it would save 20,000 more than it costs."""
    reason = explained(centres({YEAR: 12_000.0}, 100_000.0, SiteStatus.CLOSED))
    assert reason.since is None
    assert more_cny(reason.alternatives[0]) == pytest.approx(-20_000 * W1, abs=1)
    assert "would save 20,000 CNY a year more than it costs" in said(reason)


def test_rules_that_clash_are_named() -> None:
    """Two centres asked for leave no plan without B, and one at most none with it."""
    instance = centres({YEAR: 12_000.0}, 100_000.0)
    least = replace(instance, limits=(Limit(LimitKind.SITES_AT_LEAST, YEAR, CENTRE, 2.0),))
    reason = explained(least)
    (one,) = reason.alternatives
    assert one.impossible
    assert reason.threshold() is None
    assert "no plan can be so: limits.csv row 2 value" in said(reason)
    assert "不可能有这样的方案：limits.csv 第 2 行" in said(reason, Language.ZH)
    most = replace(instance, limits=(Limit(LimitKind.SITES_AT_MOST, YEAR, CENTRE, 1.0),))
    assert "is less than the 2 sites that stand or are required: DC_A, DC_B" in said(
        explained(most)
    )


def test_rules_that_clash_only_when_solved_are_named() -> None:
    """All freight in 7.5 h, 5 of them in B and 6 in A: without B the solver proves that none is."""
    instance = centres({YEAR: 12_000.0}, 100_000.0)
    promised = tuple(replace(row, promised_h=7.5) for row in instance.demand)
    limit = Limit(LimitKind.SERVICE_LEVEL, YEAR, None, 1.0)
    reason = explained(replace(instance, demand=promised, limits=(limit,)))
    assert reason.alternatives[0].impossible
    assert "service_level" in said(reason)


def judged(base: tuple[int, int | None], other: tuple[int, int | None]) -> Reason:
    """Return a reason whose two plans have these costs and bounds in CNY."""
    _, reason = shared()
    (one,) = reason.alternatives
    assert one.outcome is not None
    plans = [
        replace(
            kept,
            cost_fen=cost * FEN_PER_CNY,
            bound_fen=None if bound is None else bound * FEN_PER_CNY,
        )
        for kept, (cost, bound) in ((reason.base, base), (one.outcome, other))
    ]
    return replace(reason, base=plans[0], alternatives=(replace(one, outcome=plans[1]),))


def test_a_difference_says_what_is_proved_of_it() -> None:
    """1,000 (bound 950) and 1,100 (1,020): 100 more, 20 for sure, 150 at most; thresholds alike."""
    reason = judged((1_000, 950), (1_100, 1_020))
    (one,) = reason.alternatives
    assert one.outcome is not None
    found = reason.difference(one.outcome)
    assert (found.cny, found.least, found.most, found.as_good) == (100.0, 20.0, 150.0, False)
    threshold = reason.threshold()
    assert threshold is not None
    years = (threshold.cny_per_year, threshold.least, threshold.most)
    assert years == pytest.approx((100 / W1, 20 / W1, 150 / W1))
    assert "proved: from 20 CNY to 150 CNY more" in said(reason)


@pytest.mark.parametrize("bound", [990, None])
def test_a_difference_within_the_gaps_is_no_difference(bound: int | None) -> None:
    """If a plan without the site may be as cheap, both are as good, and so it is said."""
    reason = judged((1_000, 950), (1_040, bound))
    assert "both are as good as far as was proved" in said(reason)
    assert "两者同样好" in said(reason, Language.ZH)
    threshold = reason.threshold()
    assert threshold is not None
    assert threshold.least == 0.0
    assert "what is proved leaves anything up to 21 CNY open" in said(reason)


def test_a_search_starts_from_the_plan_with_the_site_alone_changed() -> None:
    """Without B its hall is gone; asked for, its cheapest one stands from then on; A stays."""
    plan = shared()[0].plan
    gone = Way(B, None).start(SHARED, plan)
    halls = {(s.site, s.stage): dict(s.modules) for s in gone.sites}
    assert halls == {("DC_A", YEAR): {"small": 1}, (B, YEAR): {}}
    back = Way(B, YEAR).start(SHARED, gone)
    assert {s.site: dict(s.modules) for s in back.sites} == {
        "DC_A": {"small": 1},
        B: {"small": 1},
    }
    assert Way(B, LATER).start(SHARED, plan).sites == gone.sites


def test_a_cheaper_plan_found_shows_that_the_first_was_not_best() -> None:
    """What another plan finds could have been found at once: the first was not the best."""
    reason = judged((1_000, 900), (990, 900))
    assert "is not the best one" in said(reason)
    assert "a better plan; it costs 2 CNY a year more than it saves here" in said(reason)
    assert "改进方案即可" in said(reason, Language.ZH)


def test_a_stop_keeps_the_alternatives_that_were_solved() -> None:
    """Stopped after the first of two, that one is kept, and the other is told as not tried."""
    instance = centres({YEAR: 8_000.0, LATER: 12_000.0}, 70_000.0)
    plan, stop = answer(instance).plan, threading.Event()
    reason = reason_of(instance, plan, B)
    found = []
    for one in tried(reason, plan, Question(), watcher=Silent(), stop=stop):
        found.append(one)
        stop.set()
    assert [one.way.since for one in found] == [None]
    words = said(replace(reason, alternatives=tuple(found)))
    assert "1 of 2 other plans were not tried (stopped)" in words


def test_what_a_plan_alone_tells_of_its_sites() -> None:
    """25 kt fill B, 5 kt go through A, which has 10 kt to spare; a tonne more in B saves 10 CNY."""
    instance = centres({YEAR: 25_000.0}, 100_000.0)
    found = answer(instance)
    facts = Facts(Figures(instance, found.plan, found.marginals))
    assert with_a_choice(instance) == (B,)
    (row,) = facts.of(B)
    assert (row.through_t, row.used, row.cny_per_t) == (20_000.0, 1.0, 5.0)
    assert row.spare_elsewhere_t == {CENTRE: 10_000.0}
    assert row.marginals == {CENTRE: pytest.approx(10.0)}
    assert (row.products, row.places) == ((("FMCG", 20_000.0),), (("A", 20_000.0),))
    (line,) = sheet(facts, [B]).rows
    assert line[9] == "consolidation 20000"
    (other,) = facts.of("DC_A")
    assert other.spare_elsewhere_t == {CENTRE: 0.0}


def result(root: Path, instance: Instance = SHARED) -> Path:
    """Write the best plan of an instance and return its folder."""
    folder = root / "instances" / "tiny"
    write(instance, folder)
    found = shared()[0] if instance is SHARED else answer(instance)
    return write_results(
        root / "results", instance, found.plan, found.verification, run={},
        instance_folder=folder, language=Language.EN, essentials=True,
    )  # fmt: skip


def test_the_command_lists_sites_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Screen, JSON and file name the site that leaves a choice, with what it handles and costs."""
    folder = result(tmp_path)
    file = tmp_path / "out" / "sites.csv"
    assert run(["explain", str(folder), "--lang", "en", "--save", str(file)]) == 0
    assert "DC B [DC_B]" in capsys.readouterr().out
    (row,) = csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())
    assert (row["site"], row["outcome"], row["through_t"]) == (B, "opened", "12000")
    assert run(["explain", str(folder), "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    assert "洛阳中心［DC_B］" in shown
    assert "集配 12" in shown
    assert run(["explain", str(folder), "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)["sites"]
    assert record["running_cny_per_year"] == 100_000.0
    absent = result(tmp_path / "dear", centres({YEAR: 12_000.0}, 200_000.0))
    assert run(["explain", str(absent), "--lang", "zh"]) == 0
    assert "已开放设施的余力（千吨，2025）" in capsys.readouterr().out


def test_the_command_explains_a_site_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The difference, what it is made of and what would change it, on screen and as JSON."""
    folder = str(result(tmp_path))
    assert run(["explain", folder, B, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    (one,) = record["alternatives"]
    assert one["cost_change_cny"] == pytest.approx(20_000 * W1, abs=1)
    assert one["as_good_as_far_as_proved"] is False
    change = record["what_would_change_it"]
    assert change["direction"] == "dearer"
    assert change["cny_per_year"] == pytest.approx(20_000, abs=1)
    assert run(["explain", folder, B, "--quiet", "--lang", "en"]) == 0
    shown = capsys.readouterr().out
    for words in ("stands from 2025 on", "handling", "+0.517", "That freight goes more to: DC A"):
        assert words in shown
    assert run(["explain", folder, B, "--quiet", "--time", "60", "--lang", "zh"]) == 0
    shown = capsys.readouterr().out
    for words in (
        "自 2025 年起设置",
        "足以承接：设置它是为了节省成本",
        "每年贵 20,000 元（20 %）",
    ):
        assert words in shown


def test_wrong_names_options_and_instances_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stranger gets the nearest site, no time its reason, a changed instance a remedy."""
    folder = result(tmp_path)
    assert run(["explain", str(folder), "DC_BB", "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert '"DC_BB" is no site of the instance; nearest "DC_B"' in error
    assert run(["explain", str(folder), "DC_BB", "--time", "0", "--lang", "zh"]) == 2
    error = capsys.readouterr().err
    assert "不是该算例的设施" in error
    assert "--time" in error
    write(centres({YEAR: 12_000.0}, 90_000.0), tmp_path / "instances" / "tiny")
    assert run(["explain", str(folder), "--lang", "en"]) == 2
    error = capsys.readouterr().err
    assert "was changed since" in error
    assert "solve it again" in error
    assert run(["explain", str(tmp_path), "--lang", "en"]) == 2


def test_ctrl_c_keeps_what_the_plan_alone_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A signal while the other plan is solved ends with code 130 and the facts on screen."""
    folder = result(tmp_path)

    def stopped(*_args: object, **_options: object) -> Answer:
        os.kill(os.getpid(), signal.SIGINT)
        raise InterruptedSolve(Text("stopped", "中断"))

    monkeypatch.setattr(why, "answer", stopped)
    assert run(["explain", str(folder), B, "--quiet", "--lang", "en"]) == 130
    shown = capsys.readouterr().out
    assert "stands from 2025 on" in shown
    assert "1 of 1 other plans were not tried (stopped)" in shown


@pytest.mark.slow
def test_the_readme_says_what_the_mini_finds() -> None:
    """Its returns centre is worth 295 million CNY, 153 if it waits, and 48.5 million a year."""
    mini = read(Path(__file__).parent.parent / "instances" / "zhengzhou-mini")
    reason = explained(mini, "RET_ZZ")
    without, late = (more_cny(one) / CNY_PER_MCNY for one in reason.alternatives)
    assert (without, late) == pytest.approx((295, 153), abs=0.5)
    opened = reason.alternatives[0].moved
    assert opened is not None
    assert opened.unserved_t == pytest.approx(2_300, abs=50)
    assert ("RET_LY", LATER, Change.OPENED) in {
        (site.site, site.stage, site.change) for site in opened.sites
    }
    found = reason.threshold()
    assert found is not None
    assert found.site is not None
    assert found.cny_per_year / CNY_PER_MCNY == pytest.approx(48.5, abs=0.05)
    assert found.cny_per_year / (found.site.cny_per_year or 1) == pytest.approx(25, abs=0.5)


@pytest.mark.parametrize(("every", "most"), [(True, None), (False, 7)])
def test_the_other_ways_are_solved_over_the_routes_that_the_result_was(
    tmp_path: Path, *, every: bool, most: int | None
) -> None:
    """A plan over all routes is held against others over all, one over seven against seven."""
    record = {"program": "hubopt", "outputs": {}}
    options = {"all_routes": every, "routes_per_shipment": 7, "gap": 0.01}
    (tmp_path / "manifest.json").write_text(
        json.dumps({**record, "options": options}), encoding="utf-8"
    )
    question = as_solved(ExplainRequest(tmp_path, B, None, None, None, None, True, False))
    assert question.routes_per_shipment == most
    assert question.gap == 0.01
