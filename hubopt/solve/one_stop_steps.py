"""The steps of a way with one stop, as the ordinary instance spells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.instance.public.one_stop_instance import (
    BONDED,
    ORDINARY,
    OWN,
    SHARED,
    arc_id,
    arcs_with_place,
    node_id,
    size_id,
)
from hubopt.network.steps import Change, Handle, Move

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.engine.one_stop.numbers import Numbers
    from hubopt.instance.public.one_stop import OneStop
    from hubopt.network.steps import Step
    from hubopt.vocabulary import Mode


class StepMaker:
    """Spells ways: a class travels in its own mode, and changes to the shared one where it must."""

    def __init__(self, problem: OneStop, numbers: Numbers) -> None:
        self.problem, self.numbers = problem, numbers
        self.between = arcs_with_place(problem)
        self.arc_of = numbers.arc_of.tolist()
        self.kind = numbers.kind.tolist()
        self.bonded = numbers.bonded.tolist()
        self.known: dict[tuple[int, Mode], tuple[Step, ...]] = {}

    def steps(
        self, shipment: int, site: int, size: int, arcs: Sequence[int], before: int
    ) -> tuple[Step, ...]:
        """Return the steps of a shipment over arcs; the first `before` lead to the site."""
        own = OWN[self.kind[shipment]]
        node, there = node_id(self.problem.sites[site].node), size_id(site, size)
        does = BONDED if self.bonded[shipment] else ORDINARY
        steps, mode = self.travelled(arcs[:before], own, None)
        if mode is own:
            steps.append(Change(node, own, SHARED))
        steps += [Move(node, there, SHARED), Handle(there, does), Move(there, node, SHARED)]
        after, _ = self.travelled(arcs[before:], own, SHARED)
        return (*steps, *after)

    def travelled(
        self, arcs: Sequence[int], own: Mode, mode: Mode | None
    ) -> tuple[list[Step], Mode | None]:
        """Return the steps over arcs, and the mode in hand at their end."""
        steps: list[Step] = []
        for arc in arcs:
            a = self.arc_of[arc]
            if a < 0:
                continue
            if mode is SHARED:
                steps.append(Change(node_id(self.problem.arcs[a].tail), SHARED, own))
            steps += self.over(a, own)
            mode = SHARED if a in self.between else own
        return steps, mode

    def over(self, a: int, own: Mode) -> tuple[Step, ...]:
        """Return the steps over one arc of the problem."""
        if (a, own) not in self.known:
            arc = self.problem.arcs[a]
            start, end, middle = node_id(arc.tail), node_id(arc.head), arc_id(a)
            self.known[a, own] = (
                (Move(start, middle, own), Change(middle, own, SHARED), Move(middle, end, SHARED))
                if a in self.between
                else (Move(start, end, own),)
            )
        return self.known[a, own]
