"""Prices of the whole problem: the first ones, and better ones as long as they are worth it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.engine.one_stop.relaxation import evaluate
from hubopt.engine.one_stop.volume import FIRST_STEP, Volume, first_prices

if TYPE_CHECKING:
    from collections.abc import Callable

    from hubopt.engine.one_stop.learnt import Learnt
    from hubopt.engine.one_stop.numbers import Numbers
    from hubopt.engine.one_stop.paths import PathFinder
    from hubopt.engine.one_stop.relaxation import Evaluation
    from hubopt.engine.one_stop.standing import Standing

BLOCK = 20
MOST_BLOCKS = 12
STILL, STILL_OF_GAP, STILL_BLOCKS = 2e-4, 0.1, 2
"""The first prices are good enough when so many blocks of steps in a row lift the bound by less
than this share each, or by less than that share of the gap asked for."""

FIRST_SHARE = 0.4
"""Most of the time that goes into the first prices."""

WORTH_ON = 0.1
"""Steps go on while so many of them close this share of what is missing."""

GUESS, WARM_GUESS = 0.03, 0.005
"""While no plan is known the optimum is guessed to lie by this share above the bound: less with
prices of an earlier search, as by `WARM_...` below."""

WARM_STEP, WARM_BLOCKS = 0.05, 1
"""The first step, and after how many blocks without much gain the first prices do."""


class Root:
    """The volume algorithm over all choices; each of its steps is a cut that `add` keeps."""

    def __init__(
        self,
        numbers: Numbers,
        finder: PathFinder,
        standing: Standing,
        add: Callable[[Evaluation], None],
        warm: Learnt | None = None,
    ) -> None:
        self.standing, self.add = standing, add
        prices, scales = first_prices(numbers, finder)
        self.guess, self.still_blocks, step = GUESS, STILL_BLOCKS, FIRST_STEP
        if warm is not None:
            prices = warm.prices_in(numbers, prices)
            self.guess, self.still_blocks, step = WARM_GUESS, WARM_BLOCKS, WARM_STEP
        start = evaluate(numbers, finder, prices)
        target = start.bound * (1 + self.guess)
        self.volume = Volume(numbers, finder, start, scales, target, step=step)

    def first_prices(self) -> None:
        """Improve the prices until that becomes slow."""
        standing, still = self.standing, 0
        little = max(STILL, STILL_OF_GAP * standing.gap_asked)
        for _ in range(MOST_BLOCKS):
            before = self.volume.bound
            self.steps(BLOCK)
            late = standing.elapsed_s > FIRST_SHARE * standing.time_s
            still = still + 1 if self.volume.bound - before < little * abs(before) else 0
            if late or still == self.still_blocks:
                break

    def steps(self, count: int) -> None:
        """Take steps of the volume algorithm."""
        volume, standing = self.volume, self.standing
        for _ in range(count):
            if standing.done:
                return
            if standing.best is not None:
                volume.target = standing.best.value
            elif volume.bound > (1 - self.guess) * volume.target:
                volume.target = (1 + self.guess) * volume.bound
            self.add(volume.advance())
            standing.raise_bound(volume.bound)

    def more_steps(self) -> None:
        """Improve prices as long as that closes enough of what is missing."""
        for _ in range(MOST_BLOCKS):
            before = self.standing.bound
            self.steps(BLOCK)
            missing = self.standing.cutoff - before
            if self.standing.done or self.standing.bound - before < WORTH_ON * missing:
                return
