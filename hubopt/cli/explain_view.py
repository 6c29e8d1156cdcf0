"""How `hubopt explain` shows sites: tables and sentences for people, JSON for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.text import Text, language_from_environment
from hubopt.units import CNY_PER_MCNY, T_PER_KT
from hubopt.vocabulary import SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.publish.site_facts import Facts, SiteFacts
    from hubopt.study.why import Alternative, Reason
    from hubopt.study.why_costs import Threshold

PERCENT = 100.0
STANDS = frozenset({SiteOutcome.OPENED, SiteOutcome.KEPT})
GOODS = 2
"""Products that a line of the table names."""

LEAST_TERM_CNY = 0.5
"""A cost term that differs by less is not shown."""


def show_sites(folder: Path, instance: Instance, facts: Facts, *, as_json: bool) -> None:
    """Print every site with a choice: those that stand by tonnes, then those not chosen."""
    from hubopt.publish.site_facts import with_a_choice  # noqa: PLC0415

    found = [list(facts.of(site)) for site in with_a_choice(instance)]
    if as_json:
        rows = [row_record(row) for rows in found for row in rows]
        show.as_json_text({"result": str(folder), "sites": rows})
        return
    standing = [rows for rows in found if any(row.outcome in STANDS for row in rows)]
    standing.sort(key=lambda rows: (-max(row.through_t for row in rows), rows[0].site))
    show_standing(instance, [row for rows in standing for row in rows])
    absent = [rows for rows in found if rows not in standing]
    if absent:
        show_absent(instance, absent)
    if not found:
        show.line(Text("No site leaves a choice.", "没有可供选择的设施。"))
        return
    show.line(
        Text(
            "cost: building and running, million CNY a year, and CNY per tonne through; worth: what"
            " a tonne more of capacity saves, CNY; used: the fullest function at its peak. What"
            f" would change one of them: hubopt explain {folder} SITE",
            "成本：建设与运营，百万元/年，及每吨经由货物的元数；边际值：能力每增一吨节省的元数；"
            f"利用率：高峰时最满的功能。何时会改变：hubopt explain {folder} 设施编号",
        )
    )


def show_standing(instance: Instance, rows: Iterable[SiteFacts]) -> None:
    """Print sites in the stages in which they stand, each name once."""
    heads = (
        Text("site", "设施"), Text("stage", "阶段"), Text("", ""), Text("kt a year", "千吨/年"),
        Text("used", "利用率"), Text("cost", "成本"), Text("CNY/t", "元/吨"),
        Text("worth", "边际值"), Text("most of it", "主要货物"),
    )  # fmt: skip
    cells, last = [], ""
    for row in (row for row in rows if row.outcome in STANDS):
        cells.append(["" if row.site == last else label(instance, row.site), *shown(instance, row)])
        last = row.site
    show.grid("", [show.said(head) for head in heads], cells)


def shown(instance: Instance, row: SiteFacts) -> list[str]:
    """Return a site in one stage as cells for people, without its name."""
    from hubopt.publish.why_names import digits, function_words  # noqa: PLC0415
    from hubopt.publish.words import OUTCOMES, name_of  # noqa: PLC0415

    language = language_from_environment()
    handled = [
        f"{show.said(function_words(function))} {digits(t / T_PER_KT)}"
        for function, t in row.handled_t.items()
    ]
    worth = [digits(value) for value in row.marginals.values()]
    goods = [name_of(instance.product[name], language) or name for name, _ in row.products]
    return [
        str(row.stage), show.said(OUTCOMES[row.outcome]), ", ".join(handled) or "0",
        "-" if row.used is None else f"{PERCENT * row.used:.0f} %",
        digits(row.cny_per_year / CNY_PER_MCNY),
        "-" if row.cny_per_t is None else digits(row.cny_per_t), ", ".join(worth) or "-",
        ", ".join(goods[:GOODS]),
    ]  # fmt: skip


def label(instance: Instance, site: str) -> str:
    """Return a site's name with its id."""
    from hubopt.publish.why_names import named  # noqa: PLC0415

    return show.said(named(instance, site))


def show_absent(instance: Instance, found: Sequence[Sequence[SiteFacts]]) -> None:
    """Print sites that never stand, with what open sites of the same functions have to spare."""
    from hubopt.publish.why_names import function_words  # noqa: PLC0415

    cells = []
    for rows in found:
        spare = [
            f"{show.said(function_words(function))} "
            + " | ".join(room(row.spare_elsewhere_t[function]) for row in rows)
            for function in rows[0].spare_elsewhere_t
        ]
        cells.append([label(instance, rows[0].site), "; ".join(spare)])
    years = " | ".join(str(row.stage) for row in found[0])
    heads = (
        Text("not chosen", "未选"),
        Text(f"room that open sites have (kt, {years})", f"已开放设施的余力（千吨，{years}）"),
    )
    show.grid("", [show.said(head) for head in heads], cells)


def room(spare_t: float | None) -> str:
    """Return tonnes to spare in kilotonnes."""
    from hubopt.publish.why_names import digits  # noqa: PLC0415

    if spare_t is None:
        return show.said(Text("no limit", "不限"))
    return digits(spare_t / T_PER_KT)


def show_facts(instance: Instance, facts: Facts, reason: Reason) -> None:
    """Print what the plan alone tells of one site."""
    from hubopt.publish.why_words import plan_sentences  # noqa: PLC0415

    rows = list(facts.of(reason.site))
    name = label(instance, reason.site)
    if reason.since is None:
        show.line(Text(f"{name}: does not stand in this plan", f"{name}：方案中不设"))
    else:
        since = reason.since
        show.line(Text(f"{name}: stands from {since} on", f"{name}：自 {since} 年起设置"))
        show_standing(instance, rows)
    for text in plan_sentences(instance, rows):
        show.line(text)


def show_reason(folder: Path, facts: Facts, reason: Reason, *, as_json: bool) -> None:
    """Print what solving anew tells of one site."""
    from hubopt.publish.why_words import reason_sentences  # noqa: PLC0415

    told = list(reason_sentences(reason))
    if as_json:
        found = reason.threshold()
        show.as_json_text({
            "result": str(folder), "site": reason.site, "stands_since": reason.since,
            "stages": [row_record(row) for row in facts.of(reason.site)],
            "alternatives": [alternative_record(reason, one) for one in reason.alternatives],
            "alternatives_in_all": len(reason.ways),
            "what_would_change_it": None if found is None else threshold_record(reason, found),
            "sentences": [show.said(text) for text in told],
        })  # fmt: skip
        return
    show_terms(reason)
    for text in told:
        show.line(text)


def show_terms(reason: Reason) -> None:
    """Print by how much each cost term differs in the alternative that was tried first."""
    from hubopt.publish.words import TERMS  # noqa: PLC0415
    from hubopt.vocabulary import CostTerm  # noqa: PLC0415

    one = reason.first
    if one is None or one.moved is None:
        return
    cells = [
        [show.said(TERMS[CostTerm(term)]), f"{cny / CNY_PER_MCNY:+,.3f}"]
        for term, cny in one.moved.terms_cny.items()
        if abs(cny) >= LEAST_TERM_CNY
    ]
    cells.append([show.said(Text("in all", "合计")), f"{one.moved.cost_cny / CNY_PER_MCNY:+,.3f}"])
    words = (
        Text("without it", "不设该设施") if one.way.since is None
        else Text(f"with it from {one.way.since}", f"{one.way.since} 年起设置")
    )  # fmt: skip
    unit = Text("million CNY, present value", "百万元（现值）")
    show.grid("", [show.said(words), show.said(unit)], cells)


def row_record(row: SiteFacts) -> dict[str, object]:
    """Return the facts of a site in one stage as plain values."""
    return {
        "site": row.site, "stage": row.stage, "outcome": row.outcome.value,
        "modules": dict(row.modules), "handled_t": plain(row.handled_t),
        "through_t": row.through_t, "used_share_at_peak": row.used,
        "building_cny_per_year": round(row.building_cny, 2),
        "running_cny_per_year": round(row.running_cny, 2), "cost_cny_per_t": row.cny_per_t,
        "products_t": dict(row.products), "places_t": dict(row.places),
        "shipments_t": dict(row.shipments), "spare_elsewhere_t": plain(row.spare_elsewhere_t),
        "marginal_cny_per_t": plain(row.marginals),
    }  # fmt: skip


def plain(values: object) -> dict[str, object]:
    """Return values by function under the functions' plain names."""
    return {str(function): value for function, value in dict(values).items()}  # type: ignore[call-overload]


def alternative_record(reason: Reason, one: Alternative) -> dict[str, object]:
    """Return an alternative as plain values: differences against the plan explained."""
    head: dict[str, object] = {
        "open_since": one.way.since,
        "status": "infeasible" if one.impossible else "no_plan",
        "why": None if one.why is None else show.said(one.why),
    }
    if one.outcome is None or one.moved is None:
        return head
    found = reason.difference(one.outcome)
    return {
        **head,
        "status": one.outcome.status,
        "cost_change_cny": found.cny,
        "proved_least_cny": found.least,
        "proved_most_cny": found.most,
        "as_good_as_far_as_proved": found.as_good,
        "terms_change_cny": dict(one.moved.terms_cny),
        "sites": [
            {"site": s.site, "stage": s.stage, "change": s.change.value} for s in one.moved.sites
        ],
        "freight": [
            {"site": s.site, "function": s.function, "change_t_per_year": round(s.tonnes, 3)}
            for s in one.shifts
        ],
        "co2e_change_t_per_year": one.moved.co2e_t,
        "unserved_change_t_per_year": one.moved.unserved_t,
    }


def threshold_record(reason: Reason, found: Threshold) -> dict[str, object]:
    """Return a threshold as plain values, CNY a year."""
    return {
        "direction": "cheaper" if reason.since is None else "dearer",
        "cny_per_year": found.cny_per_year,
        "proved_least": found.least,
        "proved_most": found.most,
        "open_since": found.since,
        "site_cost_cny_per_year": None if found.site is None else found.site.cny_per_year,
    }
