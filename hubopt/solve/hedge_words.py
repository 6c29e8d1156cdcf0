"""What a hedge says while it is made, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.text import Text
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hubopt.plan.hedge import Hedge
    from hubopt.solve.clock import Clock

CLASH = Text(
    "each state can be met alone, but no one choice of sites meets them all: loosen a limit on"
    " sites (budget, number), or a promise or cap in one of the states",
    "每个状态单独可行，但没有一种设施方案同时满足所有状态：请放宽设施限制（预算、数量），"
    "或某一状态中的承诺或上限",
)

UNSURE_CLASH = Text(
    "no one choice of sites meets all states; whether each can be met alone was not found within"
    " the time: give more with --time, or solve the states one by one with hubopt solve --scenario",
    "没有一种设施方案同时满足所有状态；各状态能否单独满足，未能在时限内得出："
    "请用 --time 放宽时间，或用 hubopt solve --scenario 逐个求解各状态",
)


def in_state(scenario: str, message: Text) -> Text:
    """Return a message with the state that it is about."""
    return Text(f"in the state {scenario}: {message.en}", f"在状态 {scenario} 中：{message.zh}")


def not_verified(broken: Sequence[str]) -> Text:
    """Return the words for a hedge that the verifier refuses."""
    return Text(
        f"the plans did not pass verification ({'; '.join(broken)}) and were not written; this is"
        " a fault of hubopt: please report it with the instance",
        f"方案未通过核验（{'；'.join(broken)}），未写入；这是程序的问题，请连同算例反馈",
    )


def warned(hedge: Hedge, asked: float, clock: Clock) -> Iterator[Text]:
    """Yield why the design may be further from the best than was asked for."""
    if hedge.status is Status.OPTIMAL or (hedge.gap is not None and hedge.gap <= asked):
        return
    if hedge.status is Status.INTERRUPTED:
        yield Text("stopped before the gap asked for was reached", "在达到所要求的差距前被中断")
        return
    yield Text(
        f"the gap of {100 * asked:g} % asked for was not reached within {clock.limit_s:g} s; the"
        " best design so far was kept: give more with --time",
        f"在 {clock.limit_s:g} 秒内未达到所要求的差距 {100 * asked:g} %；保留已得到的最好方案，"
        "可用 --time 放宽时间",
    )
