"""A planner's own rules: in every engine, bound and plan, and told when they fail."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyomo.environ as pyo
import pytest

import hubopt
from hubopt.cli.entry import run
from hubopt.cli.own_rules import dropped
from hubopt.engine.generate import generate
from hubopt.errors import InfeasibleError, InputError, ViolationError
from hubopt.model.own_rules import own_model
from hubopt.model.standard import standard_form
from hubopt.network.route import RouteList
from hubopt.network.routes import list_routes
from hubopt.problem.build import build_problem
from hubopt.publish.manifest import run_of
from hubopt.solve.answer import Question, answer
from hubopt.solve.own_rules import InForce, OwnRules, in_force, read_rules
from hubopt.solver.form import SolveOptions
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY
from hubopt.vocabulary import Engine
from tests.random_instances import random_instance
from tests.solver_at_hand import solver_at_hand
from tests.test_array_form import same

if TYPE_CHECKING:
    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan
    from hubopt.solve.own_rules import Statement

ROOT = Path(__file__).parent.parent
MINI = ROOT / "instances" / "zhengzhou-mini"
EXAMPLE = ROOT / "docs" / "own_rules.py"
FEN_PER_MCNY = FEN_PER_CNY * CNY_PER_MCNY
EXACT = Question(gap=0.0, time_s=60.0)


def none_large(model: pyo.ConcreteModel, instance: Instance) -> None:
    """Forbid what the best plan of the mini does: a large centre at Luoyang."""
    assert instance.site["DC_LY"]
    large = (model.modules["DC_LY", "large", year] for year in (2025, 2030))
    model.none = pyo.Constraint(expr=sum(large) == 0)


def few_runs(model: pyo.ConcreteModel, instance: Instance) -> None:
    """Bind whole decisions of every kind, from both sides, over both stages."""
    years = [stage.year for stage in instance.settings.stages]
    model.runs = pyo.Constraint(expr=(1, pyo.quicksum(model.departures.values()), 40))
    model.empties_few = pyo.Constraint(expr=pyo.quicksum(model.empties.values()) <= 30)

    @model.Constraint(years)
    def large(model: pyo.ConcreteModel, year: int) -> object:
        return pyo.quicksum(model.modules[k] for k in model.modules if k[-1] == year) >= 2


@pytest.fixture(scope="module")
def mini() -> Instance:
    """Return the small shipped instance."""
    return hubopt.read(MINI)


def numbers(instance: Instance, own: InForce) -> hubopt.Problem:
    """Return the problem of an instance under rules."""
    return replace(build_problem(instance, list_routes(instance)), own_rules=own.rows)


def test_both_statements_agree_on_own_rules(mini: Instance) -> None:
    """The form made of arrays is that of the whole Pyomo model, own rows and all, to the bit."""
    for rules in (read_rules(EXAMPLE), OwnRules(none_large), OwnRules(few_runs)):
        own = in_force(mini, rules)
        assert own.rows is not None
        assert same(numbers(mini, own))["own_rule"] == len(own.rows.names) > 0


def test_the_example_does_what_its_page_says(mini: Instance) -> None:
    """The centre at Luoyang starts small in every engine, for 11 million CNY more."""
    rules = read_rules(EXAMPLE)
    with solver_at_hand():
        free = answer(mini, EXACT).plan
        plans = [
            answer(mini, EXACT, engine=engine, rules=rules).plan
            for engine in (Engine.AUTO, Engine.MONOLITHIC, Engine.DECOMPOSITION)
        ]
    of_free = {site.stage: site.modules for site in free.sites if site.site == "DC_LY"}
    assert of_free[2025]["large"] == 1
    for plan in plans:
        standing = {site.stage: site.modules for site in plan.sites if site.site == "DC_LY"}
        assert standing[2025] == {"large": 0, "small": 2}
        assert plan.objective_fen == pytest.approx(plans[0].objective_fen, rel=1e-6)
        assert plan.objective_fen - free.objective_fen > 10_000_000_00
        assert "own_rules.py" in plan.notes[-2]
        assert rules.sha256 in plan.notes[-2]
        assert "自定规则" in plan.notes[-1]


def test_engines_agree_where_departures_are_few(mini: Instance) -> None:
    """A rule over services and stages at once binds a search by stages as it binds one model."""
    with solver_at_hand():
        free = answer(mini, EXACT).plan
        runs = sum(one.departures_per_week for one in free.services)

        def fewer(model: pyo.ConcreteModel, _: Instance) -> None:
            model.few = pyo.Constraint(expr=pyo.quicksum(model.departures.values()) <= runs - 2)

        plans = [
            answer(mini, EXACT, engine=engine, rules=OwnRules(fewer)).plan
            for engine in (Engine.MONOLITHIC, Engine.DECOMPOSITION)
        ]
    for plan in plans:
        assert sum(one.departures_per_week for one in plan.services) <= runs - 2
        assert plan.objective_fen == pytest.approx(plans[0].objective_fen, rel=1e-6)
        assert plan.objective_fen > free.objective_fen


def test_the_pages_show_the_example() -> None:
    """The program in the page is the file that the test runs."""
    page = (ROOT / "docs" / "own-rules.md").read_text(encoding="utf-8")
    source = EXAMPLE.read_text(encoding="utf-8")
    assert f"```python\n{source}```" in page


def test_rules_that_forbid_the_best_plan_raise_plan_and_bound(mini: Instance) -> None:
    """With pricing, the bound over all routes rises with the rules and stays below the plan."""
    few = replace(EXACT, routes_per_shipment=2)
    with solver_at_hand():
        free = answer(mini, few, all_routes=True).plan
        bound = answer(mini, few, all_routes=True, rules=OwnRules(none_large)).plan
    assert not any(s.modules.get("large") for s in bound.sites if s.site == "DC_LY")
    assert bound.objective_fen > free.objective_fen
    assert free.bound_fen is not None
    assert bound.bound_fen is not None
    assert free.bound_fen < bound.bound_fen <= bound.objective_fen


def one_more(instance: Instance, plan: Plan) -> OwnRules:
    """Ask for one module more in the last stage than a plan has."""
    year = instance.settings.stages[-1].year
    standing = sum(sum(site.modules.values()) for site in plan.sites if site.stage == year)

    def state(model: pyo.ConcreteModel, _: Instance) -> None:
        late = pyo.quicksum(model.modules[key] for key in model.modules if key[-1] == year)
        model.more = pyo.Constraint(expr=late >= standing + 1)

    return OwnRules(state)


@pytest.mark.parametrize("seed", [2, 4, 5, 7])
def test_the_priced_bound_is_that_under_the_rules(seed: int) -> None:
    """The bound over all routes prices an own rule that costs: higher, and no plan is below it."""
    instance, options = random_instance(seed), SolveOptions(gap=0.0, time_s=60.0)
    listed = build_problem(instance, list_routes(instance, per_shipment=1))
    with solver_at_hand():
        free = generate(instance, listed, options).bound_over_all_mcny
        rules = one_more(instance, answer(instance, EXACT).plan)
        own = in_force(instance, rules)
        priced = generate(instance, replace(listed, own_rules=own.rows), options)
        best = answer(instance, EXACT, rules=rules).plan.objective_fen / FEN_PER_MCNY
    assert priced.own_rules is own.rows
    assert priced.row_prices["own_rule(more)"] > 0.1
    assert free is not None
    assert priced.bound_over_all_mcny is not None
    assert free + 0.1 < priced.bound_over_all_mcny <= best * (1 + 1e-9)


def test_pricing_ends_where_no_design_keeps_the_rules() -> None:
    """No route helps there, so that the rounds end, and the solve names the clash."""
    instance = random_instance(0)
    listed = build_problem(instance, list_routes(instance, per_shipment=1))
    with solver_at_hand():
        rules = one_more(instance, answer(instance, EXACT).plan)
        few = replace(listed, own_rules=in_force(instance, rules).rows)
        assert generate(instance, few, SolveOptions(gap=0.0)).bound_over_all_mcny is None
        with pytest.raises(InfeasibleError, match="your own rule: more"):
            answer(instance, EXACT, rules=rules)


def test_a_plan_that_breaks_a_rule_is_refused(mini: Instance) -> None:
    """The best plan without a rule is not taken for one under it: Pyomo tells by how much."""
    with solver_at_hand():
        free = answer(mini, EXACT).plan
    own = in_force(mini, OwnRules(none_large))
    with pytest.raises(ViolationError, match=r"none \(2\).*not written") as caught:
        own.kept_by(free)
    assert "违反" in caught.value.message.zh
    assert in_force(mini, OwnRules(few_runs)).kept_by(free).notes[:-2] == free.notes


def test_rules_that_leave_no_plan_are_told_with_their_rows(mini: Instance, tmp_path: Path) -> None:
    """A required site forbidden: the clash names the rule, the file and its row."""
    file = tmp_path / "own.py"
    file.write_text(
        "def rules(model, instance):\n"
        "    @model.Constraint([2025, 2030])\n"
        "    def no_cold(model, year):\n"
        "        return model.open['COLD_ZZ', year] == 0\n"
    )
    with solver_at_hand(), pytest.raises(InfeasibleError) as caught:
        answer(mini, EXACT, rules=read_rules(file))
    told = caught.value.message
    assert "your own rule: no_cold.20" in told.en
    assert "this site is required: COLD_ZZ" in told.en
    assert "own.py (no_cold.20" in told.en
    assert "in row 3)" in told.en
    assert "。自定规则：own.py（第 3 行的 no_cold.20" in told.zh


WRONG = {
    "no function": ("x = 1\n", None, "no function `rules`"),
    "no Python": ("def rules(model, instance:\n    pass\n", 1, "SyntaxError"),
    "fails as it is read": ("import math\nmath.nothing\n", 2, "AttributeError"),
    "ends the program": ("raise SystemExit(3)\n", 1, "SystemExit"),
    "no such site": (
        "def rules(model, instance):\n    model.x = 1\n    model.open['NOWHERE', 2025]\n",
        3, "KeyError",
    ),
    "takes too little": ("def rules(model):\n    pass\n", None, "TypeError"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_file_that_fails_is_told_with_its_row(case: str, mini: Instance, tmp_path: Path) -> None:
    """File, row, why and what to do, in both languages."""
    source, row, why = WRONG[case]
    file = tmp_path / "own.py"
    file.write_text(source)
    with pytest.raises(InputError) as caught:
        in_force(mini, read_rules(file))
    (found,) = caught.value.findings
    assert (found.file, found.row, found.code) == ("own.py", row, "RUL01")
    assert why in found.reason.en
    assert "own-rules.md" in found.remedy.en
    assert "own-rules.md" in found.remedy.zh


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """By its name, with what such a file holds."""
    with pytest.raises(InputError, match=r"gone\.py: cannot be read.*def rules"):
        read_rules(tmp_path / "gone.py")


def fixes(model: pyo.ConcreteModel, _: Instance) -> None:
    """Fix a variable."""
    model.open["DC_LY", 2025].fix(1)


def adds_a_variable(model: pyo.ConcreteModel, _: Instance) -> None:
    """Add a variable."""
    model.more = pyo.Var()


def switches_off(model: pyo.ConcreteModel, _: Instance) -> None:
    """Switch a constraint of the model off."""
    model.modules_stay.deactivate()


def takes_a_name(model: pyo.ConcreteModel, _: Instance) -> None:
    """Give a rule the name of a constraint of the model."""
    model.del_component("budget")
    model.budget = pyo.Constraint(expr=model.open["DC_LY", 2025] <= 1)


def pays(model: pyo.ConcreteModel, _: Instance) -> None:
    """Add an objective."""
    model.pay = pyo.Objective(expr=model.open["DC_LY", 2025])


def multiplies(model: pyo.ConcreteModel, _: Instance) -> None:
    """Multiply decisions."""
    model.both = pyo.Constraint(expr=model.open["DC_LY", 2025] * model.open["RET_LY", 2025] <= 0)


def orders(model: pyo.ConcreteModel, _: Instance) -> None:
    """Add a special ordered set."""
    model.one = pyo.SOSConstraint(var=model.open, sos=1)


def infinite(model: pyo.ConcreteModel, _: Instance) -> None:
    """Multiply a decision with what is no number."""
    model.nan = pyo.Constraint(expr=float("inf") * model.open["DC_LY", 2025] <= 1)


def nothing_decided(model: pyo.ConcreteModel, _: Instance) -> None:
    """State a rule without a decision, which never holds."""
    model.void = pyo.Constraint(expr=0 * model.open["DC_LY", 2025] >= 1)


NO_RULES = {
    fixes: "was added, fixed or bounded",
    adds_a_variable: "more was added, fixed or bounded",
    switches_off: "not as they were",
    takes_a_name: "not as they were",
    pays: "not as they were",
    multiplies: "Pyomo cannot read",
    orders: "SOSConstraint, not a linear constraint",
    infinite: "nan names no decision.*not finite",
    nothing_decided: "Pyomo cannot read.*void",
}


@pytest.mark.parametrize("state", NO_RULES, ids=lambda state: state.__name__)
def test_what_is_no_rule_is_refused(state: Statement, mini: Instance) -> None:
    """Whatever would be lost without a word is refused, with what to do instead."""
    with pytest.raises(InputError, match=NO_RULES[state]) as caught:
        in_force(mini, OwnRules(state))
    assert "only add linear constraints" in str(caught.value)


def test_rules_are_named_apart(mini: Instance) -> None:
    """Indexes become plain labels, of which none stands twice."""

    def state(model: pyo.ConcreteModel) -> None:
        model.a = pyo.Constraint(["x y", "x-y"], rule=lambda m, _: m.open["DC_LY", 2025] <= 1)
        model.block = pyo.Block()
        model.block.a = pyo.Constraint(expr=model.open["DC_LY", 2025] <= 1)

    problem = build_problem(mini, RouteList((), (), (), 0))
    assert own_model(problem, state).rows.names == ("a.x_y", "a.x_y_2", "block_a")


def test_the_rest_of_the_design_is_untouched(mini: Instance) -> None:
    """Own rows come on top: the design of the model with them is the design without, and them."""
    own = in_force(mini, OwnRules(few_runs))
    assert own.model is not None
    assert own.rows is not None
    form = standard_form(own.model.model)
    names = [name.partition("(")[0] for name in form.row_names]
    there = [n for n, name in enumerate(names) if name in {"runs", "empties_few", "large"}]
    assert len(there) == len(own.rows.names) == 4
    assert np.array_equal(own.rows.lower, form.row_lower[there])
    assert np.array_equal(own.rows.upper, form.row_upper[there])


def test_flows_stay_arrays(mini: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Own rules take no flow into Pyomo, and are stated once: that is why they cost little time."""
    stated = []

    def state(model: pyo.ConcreteModel, instance: Instance) -> None:
        stated.append(len(model.flow) + len(model.unserved))
        none_large(model, instance)

    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("hubopt.engine.whole_model.build", never)
    with solver_at_hand():
        answer(mini, replace(EXACT, routes_per_shipment=2), all_routes=True, rules=OwnRules(state))
        assert stated == [0]
        with pytest.raises(AssertionError):
            answer(mini, EXACT, engine=Engine.MONOLITHIC)


def test_one_model_too_large_for_pyomo_is_told(
    mini: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for one model beyond what Pyomo builds soon, it comes from arrays, and says so."""
    monkeypatch.setattr("hubopt.engine.whole_model.PYOMO_ROUTES", 5)
    with solver_at_hand():
        found = answer(mini, EXACT, engine=Engine.MONOLITHIC)
    assert any("it was built from arrays" in warning.en for warning in found.warnings)
    assert not any("arrays" in w.en for w in answer(mini, EXACT).warnings)


def test_special_engines_step_aside(mini: Instance) -> None:
    """Asked for by name they refuse own rules."""
    with solver_at_hand(), pytest.raises(InputError, match="own rules are given") as caught:
        answer(mini, EXACT, engine=Engine.STAR, rules=OwnRules(none_large))
    assert "自定规则" in caught.value.message.zh


def test_a_file_without_rules_is_told(mini: Instance) -> None:
    """Whoever forgets to add a constraint hears of it."""
    with solver_at_hand():
        found = answer(mini, EXACT, rules=OwnRules(lambda model, instance: None))  # noqa: ARG005
    assert any("added no rule" in warning.en for warning in found.warnings)


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The result names its rules, and no command solves it anew without them unless it says so."""
    out, result = str(tmp_path), str(tmp_path / "zhengzhou-mini" / "base")
    quick = ["solve", str(MINI), "-o", out, "--quiet"]
    assert run([*quick, "--rules", str(EXAMPLE)]) == 0
    assert "own rules of own_rules.py" in capsys.readouterr().out
    read = hubopt.read_rules(EXAMPLE)
    record = json.loads((Path(result) / "manifest.json").read_text(encoding="utf-8"))
    assert record["own_rules"] == {"file": "own_rules.py", "sha256": read.sha256}
    assert run(["verify", result]) == 0
    assert "own rules (own_rules.py)" in capsys.readouterr().err
    assert run(["explain", result, "DC_LY", "--quiet"]) == 2
    assert run(["reconcile", result, "--explain", "--quiet"]) == 2
    assert capsys.readouterr().err.count("without them") == 2
    assert run(["explain", result]) == 0
    assert run_of(record)["own_rules"] == record["own_rules"]  # which map keeps
    capsys.readouterr()
    assert run(["compare", result, result]) == 0
    assert "own rules (own_rules.py)" in capsys.readouterr().err
    (without,) = dropped(Path(result), None)
    assert "give them with --rules" in without.en
    assert "--warm" in without.zh
    assert not dropped(Path(result), EXAMPLE)
    assert not dropped(None, None)
