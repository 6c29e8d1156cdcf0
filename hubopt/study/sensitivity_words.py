"""A study in plain sentences: which siting decisions are firm, and which rest on weak numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubopt.study.movement import FLIPS
from hubopt.study.sensitivity import LEVEL_WORDS
from hubopt.study.verdict import Verdict, movements, verdicts
from hubopt.text import Text
from hubopt.units import CNY_PER_MCNY, FEN_PER_CNY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hubopt.study.movement import Movement
    from hubopt.study.sensitivity import Run, Study
    from hubopt.study.verdict import SiteVerdict

PERCENT = 100.0


def sentences(study: Study) -> Iterator[Text]:
    """Yield what a planner should take away, the most important last."""
    yield made(study)
    found = verdicts(study)
    moved = movements(study)
    yield from without_plan(study)
    yield from unmoved(moved)
    yield from plain(study, found, Verdict.NEVER, NEVER)
    yield from plain(study, found, Verdict.FIRM, FIRM)
    for verdict, head in (
        (Verdict.INDIFFERENT, INDIFFERENT),
        (Verdict.SOURCED, SOURCED),
        (Verdict.UNSOURCED, UNSOURCED),
    ):
        rows = [row for row in found if row.verdict is verdict]
        if rows:
            yield head
            yield from (resting(study, row, moved) for row in rows)
    if not any(row.verdict is Verdict.UNSOURCED for row in found):
        yield NONE_UNSOURCED


def made(study: Study) -> Text:
    """Return how many runs were made, and how far the base is proved."""
    base, done, asked = study.base, len(study.runs), study.asked
    cost = base.cost_fen / FEN_PER_CNY / CNY_PER_MCNY
    gap = "-" if base.gap_fen is None else f"{PERCENT * base.gap_fen / max(base.cost_fen, 1):.3g} %"
    more = more_zh = ""
    if done < asked:
        more = f" {asked - done} are not made; the same command goes on with them."
        more_zh = f"尚有 {asked - done} 次未运行，重复同一命令即可继续。"
    return Text(
        f"{done} of {asked} runs are made, of {len(study.parameters)} uncertain numbers at low and"
        f" high. The base costs {cost:,.1f} million CNY, gap {gap}. All that follows holds for"
        f" these runs, one number moved at a time.{more}",
        f"{len(study.parameters)} 个不确定数值各取低、高，共 {asked} 次运行，已完成 {done} 次。"
        f"基准成本 {cost:,.1f} 百万元，差距 {gap}。"
        f"以下结论仅就已完成的运行而言，每次只变动一个数值。{more_zh}",
    )


def without_plan(study: Study) -> Iterator[Text]:
    """Yield the runs in which there is no plan."""
    for run in study.runs:
        if not run.outcome.solved:
            which = label(run)
            yield Text(
                f"No plan ({run.outcome.status}): {which.en}; it counts for no verdict below.",
                f"无方案（{run.outcome.status}）：{which.zh}；不计入以下结论。",
            )


def unmoved(moved: Iterable[tuple[Run, Movement]]) -> Iterator[Text]:
    """Yield the runs in which nothing moves at all."""
    still = [label(run) for run, what in moved if what.still]
    if still:
        yield Text(
            f"Nothing moves at all under: {'; '.join(x.en for x in still)}.",
            f"完全没有变化：{'；'.join(x.zh for x in still)}。",
        )


def plain(study: Study, found: list[SiteVerdict], verdict: Verdict, head: Text) -> Iterator[Text]:
    """Yield the sites of a verdict that needs no reasons, in one sentence."""
    sites = [site_name(study, row.site) for row in found if row.verdict is verdict]
    if sites:
        yield Text(
            head.en + "; ".join(x.en for x in sites) + ".",
            head.zh + "；".join(x.zh for x in sites) + "。",
        )


def resting(study: Study, row: SiteVerdict, moved: list[tuple[Run, Movement]]) -> Text:
    """Return what changes about one site and under which numbers."""
    reasons = {(c.stage, c.change): [] for _, what in moved for c in what.sites}  # type: ignore[var-annotated]
    counted = row.verdict is Verdict.INDIFFERENT
    for run, what in moved:
        first = next((c for c in what.sites if c.site == row.site and c.change in FLIPS), None)
        if first is not None and what.indifferent is counted:
            reasons[first.stage, first.change].append(label(run))
    said = [
        Text(
            f"{CHANGES[change].en} in {stage} under {', '.join(x.en for x in runs)}",
            f"{stage} 年{CHANGES[change].zh}：{'、'.join(x.zh for x in runs)}",
        )
        for (stage, change), runs in sorted(reasons.items())
        if runs
    ]
    name, since = site_name(study, row.site), row.since
    begins = Text("does not open", "不建") if since is None else Text(
        f"stands from {since}", f"{since} 年起"
    )  # fmt: skip
    return Text(
        f"  {name.en} ({begins.en} in the base): {'; '.join(x.en for x in said)}.",
        f"  {name.zh}（基准中{begins.zh}）：{'；'.join(x.zh for x in said)}。",
    )


def label(run: Run) -> Text:
    """Return a run in words, with a mark where the number has a source."""
    name, level = run.parameter.name, LEVEL_WORDS[run.level]
    mark = Text(" (sourced)", "（有来源）") if run.parameter.sourced else Text("", "")
    return Text(f"“{name.en}” {level.en}{mark.en}", f"“{name.zh}”取{level.zh}{mark.zh}")


def site_name(study: Study, site: str) -> Text:
    """Return the names of a site, its id where it has none."""
    row = study.instance.site[site]
    en, zh = row.name_en or row.name_zh or site, row.name_zh or row.name_en or site
    return Text(f"{en} [{site}]", f"{zh}［{site}］")


CHANGES = {
    "opened": Text("opens", "新建"),
    "dropped": Text("is missing", "不建"),
}
NEVER = Text("Never open, in the base or any run: ", "基准与各次运行中均不建：")
FIRM = Text(
    "Firm, they open at the same time in the base and in every run: ",
    "结论稳固，在基准与每次运行中均同期开放：",
)
INDIFFERENT = Text(
    "Indifferent: these change in some run, but the plan of the base is as good there, within the"
    " gap that was proved:",
    "无差别：某些运行中有变化，但在已证明的差距之内，基准方案同样好：",
)
SOURCED = Text(
    "These depend on uncertain numbers that do have a source:", "以下取决于有来源但不确定的数值："
)
UNSOURCED = Text(
    "These siting decisions rest on numbers that nobody has sourced:",
    "以下选址决定取决于没有任何来源的数值：",
)
NONE_UNSOURCED = Text(
    "No siting decision rests, in these runs, on a number that nobody has sourced.",
    "在这些运行中，没有选址决定取决于没有来源的数值。",
)
