"""What a check remembers of where freight gets to is what a search from scratch finds."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

from hubopt.instance.in_memory import draft_of
from hubopt.instance.reach import Question, Reach
from hubopt.instance.read import read
from hubopt.instance.schema import TABLES

MINI = Path(__file__).parent.parent / "instances" / "zhengzhou-mini"


def test_remembered_answers_are_those_found_anew() -> None:
    """For every product and pair of places of the mini, past the sites of its chain or not."""
    instance = read(MINI)
    tables = {name: getattr(instance, name) for name in TABLES}
    draft, _ = draft_of(instance.settings, tables)
    reach, legs = Reach(draft), set()
    for product in instance.products:
        for international in (False, True):
            question = Question(product.modes, international, product.cargo)
            stops = [reach.able[function] for function in product.chain]
            graph = reach.graph(question)
            for a, b in itertools.product(instance.places, repeat=2):
                anew = replace(graph, answers={}).passes(a.id, stops, b.id)
                assert graph.passes(a.id, stops, b.id) == anew
                legs.add(anew)
    assert legs == {None, 0, 1, 2}
