"""A hedge in the terminal: what each state costs with it and without, and what it builds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.cli import show
from hubopt.cli.plan_view import certainty
from hubopt.publish.hedge_tables import EXPECTED, OBJECTIVE, TAIL, cost_table, site_table
from hubopt.text import Text
from hubopt.vocabulary import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from hubopt.instance.tables import Instance
    from hubopt.plan.hedge import Hedge
    from hubopt.solve.hedge import HedgeAnswer

PERCENT = 100.0


def show_answer(
    instances: Mapping[str, Instance], found: HedgeAnswer, folder: Path, *, as_json: bool
) -> None:
    """Show a hedge with its warnings, as tables or as JSON."""
    show.warnings(found.warnings)
    if as_json:
        show.as_json_text(record(instances, found, folder))
        return
    first = next(iter(instances.values()))
    settings = first.settings
    show.line(Text(settings.title_en, settings.title_zh))
    sure = certainty(found.hedge.status, found.hedge.gap)
    show.line(Text(f"{sure.en} of all states", f"{sure.zh}（涵盖各状态）"))
    show_costs(found.hedge)
    show_sites(first, found)
    count = len(found.verification.checks)
    show.line(
        Text(
            f"verified: {count} checks of the hedge, and all checks of each state's plan, hold",
            f"已核验：对冲方案的 {count} 项检查及各状态方案的全部检查均通过",
        )
    )
    show.line(Text(f"written to {folder}", f"已写入 {folder}"))


def show_costs(hedge: Hedge) -> None:
    """Print the costs of both designs in each state, and their means."""
    level = f"{PERCENT * float(1 - hedge.risk.level):g}"
    names = {
        EXPECTED: Text("expected", "期望"),
        TAIL: Text(f"CVaR: mean of the worst {level} %", f"CVaR：最差 {level} % 的平均"),
        OBJECTIVE: Text("objective", "目标"),
    }
    heads = [
        Text("million CNY, present value", "百万元，现值"),
        Text("probability", "概率"),
        Text("this design", "本方案"),
        Text("best for the first state alone", "仅为首个状态的最优方案"),
        Text("difference", "差额"),
    ]
    rows = [
        (show.said(names[str(name)]) if name in names else name, *map(figure, rest))
        for name, *rest in cost_table(hedge).rows
    ]
    show.grid("", [show.said(head) for head in heads], rows)


def figure(value: object) -> str:
    """Return a number with one decimal, or three below one."""
    if not isinstance(value, int | float):
        return "-"
    return f"{value:,.1f}" if abs(value) >= 1 else f"{value:g}"


def show_sites(first: Instance, found: HedgeAnswer) -> None:
    """Print where the design differs from that of the first state alone."""
    rows = list(named(first, found)) if found.alone else []
    if not rows:
        show.line(no_other_sites(found))
        return
    heads = [
        Text("site", "设施"),
        Text("stage", "阶段"),
        Text("this design", "本方案"),
        Text("first state alone", "仅首个状态"),
    ]
    show.grid("", [show.said(head) for head in heads], rows)


def no_other_sites(found: HedgeAnswer) -> Text:
    """Return why no site is shown, and no more of it than is proved."""
    if not found.alone:
        return Text(
            "with the sites for the first state alone no plan of every state was found, so that"
            " there is nothing to compare with",
            "仅考虑首个状态的设施方案，未能在所有状态下求得方案，无从比较",
        )
    if found.hedge.status is not Status.OPTIMAL:
        return Text(
            "the same sites as for the first state alone; the gap leaves open whether others are"
            " better",
            "与仅考虑首个状态时的设施相同；差距之内，是否另有更好的设施方案尚无定论",
        )
    return Text(
        "the same sites as for the first state alone: hedging needs no other ones",
        "与仅考虑首个状态时的设施相同：无需为对冲另建",
    )


def named(first: Instance, found: HedgeAnswer) -> Iterator[tuple[object, ...]]:
    """Yield the differing sites with their names."""
    for site, en, zh, stage, hedged, alone in site_table(first, found.plans, found.alone).rows:
        yield (show.said(Text(str(en or site), str(zh or site))), stage, hedged, alone)


def record(
    instances: Mapping[str, Instance], found: HedgeAnswer, folder: Path
) -> dict[str, object]:
    """Return a hedge as plain values."""
    first = next(iter(instances.values()))
    sheets = cost_table(found.hedge), site_table(first, found.plans, found.alone)
    return {
        "status": found.hedge.status.value,
        "gap": found.hedge.gap,
        "level": float(found.hedge.risk.level),
        "weight": float(found.hedge.risk.weight),
        **{s.name: [dict(zip(s.columns, row, strict=True)) for row in s.rows] for s in sheets},
        "verified": found.verification.passed,
        "folder": str(folder),
    }
