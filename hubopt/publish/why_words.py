"""Why a site stands or does not, in plain sentences: from the plan, and from plans without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.publish.why_change import what_would_change_it
from hubopt.publish.why_names import function_words, named, names_of, tonnes, worth
from hubopt.study.movement import Change
from hubopt.text import Text
from hubopt.vocabulary import SiteOutcome, SiteStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.instance.tables import Instance
    from hubopt.publish.site_facts import SiteFacts
    from hubopt.study.movement import Movement
    from hubopt.study.why import Alternative, Difference, Reason
    from hubopt.study.why_freight import Shift

MOST_SHIFTS, MOST_SITES = 5, 8
"""Sites that a sentence names; the JSON holds all."""


def plan_sentences(instance: Instance, facts: Iterable[SiteFacts]) -> Iterator[Text]:
    """Yield what the plan alone says of why a site stands or not, stage by stage."""
    given = GIVEN.get(instance.site[(facts := tuple(facts))[0].site].status)
    if given is not None:
        yield given
    for row in facts:
        if row.through_t:
            yield served(instance, row)
        stands = row.outcome in {SiteOutcome.OPENED, SiteOutcome.KEPT}
        for function, spare in row.spare_elsewhere_t.items():
            load = row.handled_t.get(function, 0.0)
            if not stands or load:
                yield room_elsewhere(row.stage, function_words(function), load, spare)


def served(instance: Instance, row: SiteFacts) -> Text:
    """Return the goods, places and shipments that a site serves most."""
    product, place = instance.product, instance.place
    goods = [(names_of(product[name], name), t) for name, t in row.products]
    places = [(names_of(place[name], name), t) for name, t in row.places]
    ships = [(Text(name, name), t) for name, t in row.shipments]
    said = [
        Text(
            ", ".join(f"{name.en} {tonnes(t).en}" for name, t in part),
            "、".join(f"{name.zh} {tonnes(t).zh}" for name, t in part),
        )
        for part in (goods, places, ships)
    ]
    return Text(
        f"{row.stage}: most of it is {said[0].en}; from or to {said[1].en}; the largest shipments"
        f" are {said[2].en}",
        f"{row.stage} 年：主要货物 {said[0].zh}；来自或发往 {said[1].zh}；最大批次 {said[2].zh}",
    )


def room_elsewhere(stage: int, what: Text, load_t: float, spare_t: float | None) -> Text:
    """Return whether other open sites could take what a site handles of a function."""
    if spare_t is None:
        room = Text("room without limit", "不限量余力")
    else:
        room = Text(f"room for {tonnes(spare_t).en} more", f"{tonnes(spare_t).zh}余力")
    if not load_t:
        return Text(
            f"{stage}, {what.en}: the open sites have {room.en}",
            f"{stage} 年{what.zh}：已开放设施还有 {room.zh}",
        )
    why = SHORT if spare_t is not None and spare_t < load_t else ENOUGH
    return Text(
        f"{stage}, {what.en}: it handles {tonnes(load_t).en}; the other open sites have {room.en},"
        f" {why.en}",
        f"{stage} 年{what.zh}：经由 {tonnes(load_t).zh}；其他已开放设施还有 {room.zh}，{why.zh}",
    )


def reason_sentences(reason: Reason) -> Iterator[Text]:
    """Yield what solving anew says: what the site is worth, and what would change the choice."""
    if not reason.ways:
        yield Text(
            "It may open only after the last stage, so that there is nothing to try.",
            "其最早阶段晚于最后阶段，无可试验。",
        )
        return
    for one in reason.alternatives:
        yield outcome_sentence(reason, one)
    first = reason.first
    if first is not None and first.moved is not None:
        yield from what_moves(reason, first, first.moved)
    found = reason.threshold()
    if found is not None:
        yield what_would_change_it(reason, found)
    left = len(reason.ways) - len(reason.alternatives)
    if left:
        yield Text(
            f"{left} of {len(reason.ways)} other plans were not tried (stopped).",
            f"其余 {len(reason.ways)} 个方案中有 {left} 个未试验（已中断）。",
        )


def outcome_sentence(reason: Reason, one: Alternative) -> Text:
    """Return what one alternative costs more, with what is proved of it, or why there is none."""
    label = way_words(reason, one)
    if one.outcome is None:
        why = one.why or Text("", "")
        word = NO_PLAN_AT_ALL if one.impossible else NO_PLAN_YET
        return Text(f"{label.en}: {word.en}: {why.en}", f"{label.zh}：{word.zh}：{why.zh}")
    found = reason.difference(one.outcome)
    if found.cny < 0 and reason.free:
        less = worth(-found.cny)
        return Text(
            f"{label.en}: a plan was found that costs {less.en} less (present value): the plan"
            " explained is not the best one; solve it again with a smaller gap or more time.",
            f"{label.zh}：找到的方案成本低 {less.zh}（现值）：所解释的方案并非最优，"
            "请以更小的差距或更长的时限重新求解。",
        )
    how, by = (DEARER, found.cny) if found.cny >= 0 else (CHEAPER, -found.cny)
    proved = proof(found)
    return Text(
        f"{label.en}: the best plan found costs {worth(by).en} {how.en} (present value);"
        f" {proved.en}.",
        f"{label.zh}：找到的最好方案成本{how.zh} {worth(by).zh}（现值）；{proved.zh}。",
    )


def proof(found: Difference) -> Text:
    """Return what is proved of a difference in cost."""
    least, most = worth(found.least), worth(found.most)
    if found.as_good:
        return Text(
            f"that is within the gaps (from {least.en} to {most.en}): both are as good as far as"
            " was proved",
            f"仍在差距之内（{least.zh}至 {most.zh}）：就已证明的范围而言，两者同样好",
        )
    if least == most:
        return Text("proved to these digits", "这几位数字均已证明")
    return Text(f"proved: from {least.en} to {most.en} more", f"已证明：多 {least.zh}至 {most.zh}")


def way_words(reason: Reason, one: Alternative) -> Text:
    """Return an alternative in words."""
    since = one.way.since
    if since is None:
        return Text("Without it", "不设该设施")
    if reason.since is None:
        return Text(f"With it from {since} on", f"自 {since} 年起设该设施")
    return Text(f"With it only from {since} on", f"推迟到 {since} 年起设该设施")


def what_moves(reason: Reason, one: Alternative, moved: Movement) -> Iterator[Text]:
    """Yield which sites change with it, where freight goes, and CO2e and unserved."""
    yield other_sites(reason.instance, one.way.site, moved)
    if reason.since is None:
        own = [row for row in one.shifts if row.site == one.way.site]
        yield listed(reason.instance, TAKES, own) if own else TAKES_NOTHING
    rows = [row for row in one.shifts if row.site != one.way.site]
    for word, found in (
        (MORE, [row for row in rows if row.tonnes > 0][:MOST_SHIFTS]),
        (LESS, [row for row in reversed(rows) if row.tonnes < 0][:MOST_SHIFTS]),
    ):
        if found:
            yield listed(reason.instance, word, found)
    co2e, left = tonnes(moved.co2e_t, sign=True), tonnes(moved.unserved_t, sign=True)
    yield Text(
        f"CO2e {co2e.en} and unserved freight {left.en} a year, mean of all stages.",
        f"各阶段平均每年：CO2e {co2e.zh}，未满足货运量 {left.zh}。",
    )


def listed(instance: Instance, word: Text, found: Iterable[Shift]) -> Text:
    """Return sites with the tonnes that they handle more or less."""
    told = [shift_words(instance, row) for row in found]
    return Text(
        f"{word.en}: {'; '.join(x.en for x in told)} (a year, mean of all stages).",
        f"{word.zh}：{'；'.join(x.zh for x in told)}（每年，各阶段平均）。",
    )


def other_sites(instance: Instance, site: str, moved: Movement) -> Text:
    """Return which other sites open, go or change size, and when."""
    found: dict[tuple[str, Change], list[int]] = {}
    for row in moved.sites:
        if row.site != site:
            found.setdefault((row.site, row.change), []).append(row.stage)
    told = []
    for (other, change), years in found.items():
        name, word, when = named(instance, other), CHANGES[change], ", ".join(map(str, years))
        told.append(Text(f"{name.en} {word.en} ({when})", f"{name.zh}{word.zh}（{when}）"))
    if not told:
        return Text("No other site changes.", "其他设施均无变化。")
    left = len(told) - MOST_SITES
    more, more_zh = (f"; and {left} more", f"；另有 {left} 项") if left > 0 else ("", "")
    return Text(
        f"Other sites: {'; '.join(x.en for x in told[:MOST_SITES])}{more}.",
        f"其他设施：{'；'.join(x.zh for x in told[:MOST_SITES])}{more_zh}。",
    )


def shift_words(instance: Instance, row: Shift) -> Text:
    """Return a site with the tonnes that it handles more or less."""
    amount = tonnes(row.tonnes, sign=True)
    if row.function is None:
        return Text(f"left behind {amount.en}", f"未运送 {amount.zh}")
    name, what = named(instance, row.site), function_words(row.function)
    return Text(f"{name.en}, {what.en} {amount.en}", f"{name.zh}{what.zh} {amount.zh}")


SHORT = Text("not enough for that", "不足以承接")
ENOUGH = Text("enough for that: it stands for what it saves", "足以承接：设置它是为了节省成本")
DEARER, CHEAPER = Text("more", "高"), Text("less", "低")
GIVEN = {
    SiteStatus.REQUIRED: Text(
        "The instance requires this site; only its size and what goes through it are chosen.",
        "算例要求必建该设施；方案只决定其规模与货流。",
    ),
    SiteStatus.EXISTING: Text(
        "This site stands already, and what stands stays: a plan can only add to it.",
        "该设施已经建成并保留，方案只能扩建。",
    ),
    SiteStatus.CLOSED: Text(
        "The instance closes this site; below it is opened all the same.",
        "算例规定关闭该设施；以下假设其开放。",
    ),
}
CHANGES = {
    Change.OPENED: Text("opens", "新建"),
    Change.DROPPED: Text("goes", "不建"),
    Change.LARGER: Text("gets more modules", "模块增加"),
    Change.SMALLER: Text("gets fewer modules", "模块减少"),
    Change.OTHER_SIZE: Text("gets other modules", "模块改变"),
}
TAKES = Text("It would handle", "该设施将经办")
TAKES_NOTHING = Text("It would handle nothing.", "该设施将没有货物。")
MORE = Text("That freight goes more to", "这些货物更多转到")
LESS = Text("That freight goes less to", "这些货物较少经由")
NO_PLAN_AT_ALL = Text("no plan can be so", "不可能有这样的方案")
NO_PLAN_YET = Text("no plan was found", "未找到方案")
