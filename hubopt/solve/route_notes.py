"""What a reader of a plan must know about the routes that it was chosen from."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from hubopt.network.hops import OPTIONS_PER_MODES
from hubopt.network.legs import LEGS_PER_PAIR
from hubopt.network.lister import PARTIAL_ROUTES
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.problem.problem import Problem

NAMED = 3
"""Shipments that a note names; more are counted."""

TENTHS = 10
"""Hours are told in tenths, rounded up."""


def route_notes(problem: Problem) -> tuple[str, ...]:
    """Return the notes on the routes listed, each in English and then in Chinese."""
    some = itertools.chain(capped(problem), left_out(problem))
    notes = itertools.chain(
        some if problem.bound_over_all_mcny is None else priced(problem), late(problem)
    )
    return tuple(sentence for note in notes for sentence in (note.en, note.zh))


def capped(problem: Problem) -> Iterator[Text]:
    """Yield how many shipments have more routes that differ than may be listed."""
    if problem.capped:
        count, total = len(problem.capped), len(problem.shipment_ids)
        most = problem.routes_per_shipment
        yield Text(
            f"{count} of {total} shipments have more routes than the {most} listed for each, none"
            " of which stands for another; the bound covers the listed routes only",
            f"{total} 批货物中有 {count} 批互不可替代的可行路径多于所列的 {most} 条；"
            "下界只针对所列路径",
        )


def left_out(problem: Problem) -> Iterator[Text]:
    """Yield how many shipments may have had ways that a rule of listing left out."""
    if problem.left_out:
        count, total = len(problem.left_out), len(problem.shipment_ids)
        partial = max(PARTIAL_ROUTES, problem.routes_per_shipment)
        yield Text(
            f"for {count} of {total} shipments some ways were never made into routes: with the same"
            f" modes the best {OPTIONS_PER_MODES} between two stops are kept besides faster ones,"
            f" {LEGS_PER_PAIR} where one mode alone leads, and {partial} up to a handling"
            " site before the last; the bound does not cover them",
            f"{total} 批货物中有 {count} 批的部分走法未列成路径：两站之间同样方式只保留最优的"
            f" {OPTIONS_PER_MODES} 条及更快者（单一方式直达为 {LEGS_PER_PAIR} 条），"
            f"到非末道作业点最多 {partial} 条；下界不含这些走法",
        )
    if not problem.trucks_join:
        yield Text(
            "trucks between two main hauls were tried only where a shipment had no other route",
            "只有在没有其他路径时，才考虑用卡车衔接两段干线运输",
        )


def priced(problem: Problem) -> Iterator[Text]:
    """Yield that all routes were priced, so that the bound covers them."""
    count = len(problem.column_shipment)
    yield Text(
        f"the bound covers all routes, of which {count:,} were listed or found by pricing",
        f"下界覆盖全部路径；其中列出或经定价找到的有 {count:,} 条",
    )
    if problem.nodes:
        yield Text(
            "sites, modules and departures were branched on for that bound:"
            f" {problem.nodes:,} nodes",
            f"为求该下界对设施、模块与班次分支：{problem.nodes:,} 个节点",
        )


def late(problem: Problem) -> Iterator[Text]:
    """Yield which shipments cannot arrive in time, with the least hours that there are."""
    if problem.late:
        named = problem.late[:NAMED]
        rest = len(problem.late) - len(named)
        english = ", ".join(f"{ident} ({least_en(hours)})" for ident, hours in named)
        chinese = "、".join(f"{ident}（{least_zh(hours)}）" for ident, hours in named)
        yield Text(
            f"{len(problem.late)} shipments have no route in time and stay unserved: {english}"
            + (f" and {rest} more" if rest else ""),
            f"{len(problem.late)} 批货物没有按时可达的路径，未能运送：{chinese}"
            + (f"，另有 {rest} 批" if rest else ""),
        )


def least_en(hours: float) -> str:
    """Return the least hours in English."""
    return "no way in its stage" if hours == math.inf else f"{up(hours):g} h at the least"


def least_zh(hours: float) -> str:
    """Return the least hours in Chinese."""
    return "该阶段没有可用走法" if hours == math.inf else f"最短 {up(hours):g} 小时"


def up(hours: float) -> float:
    """Return hours rounded up to tenths."""
    return math.ceil(hours * TENTHS) / TENTHS
