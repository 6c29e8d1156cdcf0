"""What would change the choice of a site, in a sentence: how dear or how cheap it must be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.why_names import worth
from hubopt.text import Text

if TYPE_CHECKING:
    from hubopt.study.why import Reason
    from hubopt.study.why_costs import Threshold

PERCENT = 100.0
MANY_TIMES = 5.0
"""A change above this is told as a multiple."""


def what_would_change_it(reason: Reason, found: Threshold) -> Text:
    """Return how dear a site could be before it goes, or how cheap it must be to come."""
    if found.cny_per_year < 0:
        less = worth(-found.cny_per_year)
        words = NEGATIVE[reason.free, reason.since is not None]
        return Text(words.en.format(less.en), words.zh.format(less.zh))
    return until_it_goes(reason, found) if reason.since is not None else until_it_comes(found)


def until_it_goes(reason: Reason, found: Threshold) -> Text:
    """Return how much dearer a site that stands could be."""
    cost, change = now(found), worth(found.cny_per_year)
    late, late_zh = "", ""
    if found.since != reason.since:
        late, late_zh = f" (from {found.since} on by then)", f"（届时自 {found.since} 年起）"
    sure = proof(found, STAYS, GOES)
    return Text(
        f"What would change it: building and running cost {cost.en} a year, all modules together."
        f" It stands{late} until that is {change.en} a year dearer ({part(found)}); {sure.en}.",
        f"何时改变：其建设与运营合计每年 {cost.zh}。每年贵 {change.zh}（{part(found)}）之前仍会设置"
        f"{late_zh}；{sure.zh}。",
    )


def until_it_comes(found: Threshold) -> Text:
    """Return how much cheaper a site that is not chosen must be."""
    cost, change = now(found), worth(found.cny_per_year)
    own = None if found.site is None else found.site.cny_per_year
    if own is not None and found.least > own:
        lack = worth(found.cny_per_year - own)
        return Text(
            f"What would change it: not its own cost. From {found.since} on it would cost"
            f" {cost.en} a year, and for nothing it would still lose {lack.en} a year.",
            f"何时改变：与自身成本无关。{found.since} 年起设置每年需 {cost.zh}，即使免费，"
            f"每年仍亏 {lack.zh}。",
        )
    sure = proof(found, AWAY, OPENS)
    return Text(
        f"What would change it: from {found.since} on it would cost {cost.en} a year, all modules"
        f" together. It opens once that is {change.en} a year cheaper ({part(found)}); {sure.en}.",
        f"何时改变：{found.since} 年起设置，建设与运营合计每年 {cost.zh}。每年便宜 {change.zh}"
        f"（{part(found)}）即会设置；{sure.zh}。",
    )


def proof(found: Threshold, below: Text, above: Text) -> Text:
    """Return from where on the choice is sure, as far as was proved."""
    least, most = worth(max(0.0, found.least)), worth(max(0.0, found.most))
    if found.least <= 0 < found.most:
        return Text(
            f"what is proved leaves anything up to {most.en} open", f"至 {most.zh} 之间均未证明"
        )
    if least == most:
        return Text("proved to these digits", "这几位数字均已证明")
    return Text(
        f"below {least.en} it is sure to {below.en}, above {most.en} sure to {above.en}",
        f"低于 {least.zh} 时必{below.zh}，高于 {most.zh} 时必{above.zh}",
    )


def now(found: Threshold) -> Text:
    """Return what the site costs a year in the plan that decides."""
    cost = None if found.site is None else found.site.cny_per_year
    return worth(cost or 0.0)


def part(found: Threshold) -> str:
    """Return a threshold as a part of what the site costs."""
    cost = None if found.site is None else found.site.cny_per_year
    if not cost:
        return "-"
    times = found.cny_per_year / cost
    return f"x {times:,.0f}" if times > MANY_TIMES else f"{PERCENT * times:,.3g} %"


STAYS, GOES = Text("stay", "留"), Text("go", "撤")
AWAY, OPENS = Text("stay away", "不设"), Text("open", "设")
NEGATIVE = {
    (False, True): Text(
        "What would change it: nothing about it; it costs {} a year more than it saves, and stands"
        " only because the instance has it so.",
        "何时改变：与其成本无关；其每年成本比所节省的多 {}，只因算例如此规定才设置。",
    ),
    (False, False): Text(
        "What would change it: it would save {} a year more than it costs, were it allowed.",
        "何时改变：若算例允许开放，每年可比其成本多节省 {}。",
    ),
    (True, True): Text(
        "What would change it: a better plan; it costs {} a year more than it saves here.",
        "何时改变：改进方案即可；就已找到的方案而言，其每年成本比所节省的多 {}。",
    ),
    (True, False): Text(
        "What would change it: a better plan; it saves {} a year more than it costs there.",
        "何时改变：改进方案即可；就已找到的方案而言，每年可比其成本多节省 {}。",
    ),
}
"""What to say where the other way is the cheaper one: by whether the plan was free, and has it."""
