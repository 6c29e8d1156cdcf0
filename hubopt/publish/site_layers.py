"""The layers of what stands at places: sites with their outcome, and changes of mode."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from hubopt.network.steps import Change
from hubopt.publish.layer import Layer, Shape, joined, point
from hubopt.publish.openings import openings
from hubopt.publish.tables import counted, module_costs, share, tonnes
from hubopt.publish.utilisation import of_sites, of_transfers
from hubopt.text import Language

if TYPE_CHECKING:
    from hubopt.plan.plan import SitePlan
    from hubopt.publish.figures import Figures
    from hubopt.publish.lines import Lines


def sites(figures: Figures, lines: Lines) -> Layer:
    """Return every site in every stage with its outcome and what it handles."""
    fields = {
        "scenario": str, "stage": int, "site": str, "name_en": str, "name_zh": str, "place": str,
        "region": str, "status": str, "outcome": str, "modules": str, "functions": str,
        "handled_t_per_year": float, "highest_utilisation": float,
        "build_cost_cny": float, "fixed_cost_cny_per_year": float,
        "opened_in": str, "number_at_place": int, "sites_at_place": int,
        "place_name_en": str, "place_name_zh": str,
        "new_here_en": str, "new_here_zh": str,
    }  # fmt: skip
    able = defaultdict(set)
    for function, names in figures.network.able.items():
        for name in names:
            able[name].add(function.value)
    fullest: defaultdict[tuple[int, str], list[float]] = defaultdict(list)
    for stage in figures.stages:
        for use in of_sites(figures, stage):
            fullest[stage, use.where].append(tonnes(use.kg) / use.capacity_t)
    handled: defaultdict[tuple[int, str], int] = defaultdict(int)
    for (stage, name, _), kg in figures.handled.items():
        handled[stage, name] += kg
    new = {
        (stage, language): {
            place: "\n".join(f"+ {year}: {words}" for year, words in opened)
            for place, opened in openings(figures, stage, language).items()
        }
        for stage in figures.stages
        for language in Language
    }
    at_place = Counter((row.stage, figures.instance.site[row.site].place)
                       for row in figures.site_plans)  # fmt: skip
    rows, geometry = [], []
    for row in figures.site_plans:
        site = figures.instance.site[row.site]
        place = figures.instance.place[site.place]
        rows.append(
            (figures.plan.scenario, row.stage, site.id, site.name_en, site.name_zh, site.place,
             place.region, site.status.value, row.outcome.value,
             counted(row.modules), joined(able[site.id]), tonnes(handled[row.stage, site.id]),
             max(fullest[row.stage, site.id], default=None),
             *module_costs(figures, row.stage, site.id)[1:], since(figures, row),
             figures.number_at_place[row.stage, row.site], at_place[row.stage, site.place],
             place.name_en, place.name_zh,
             *(new[row.stage, language].get(place.id, "") for language in Language))
        )  # fmt: skip
        geometry.append(point(lines.point(site.place)))
    return Layer("sites", Shape.POINT, fields, tuple(rows), tuple(geometry))


def since(figures: Figures, row: SitePlan) -> str:
    """Return the stage in which a site that stands was opened, blank if it stood before."""
    stage = figures.opened_in.get(row.site)
    return "" if stage is None or stage > row.stage else str(stage)


def transfers(figures: Figures, lines: Lines) -> Layer:
    """Return each change of mode that is used, at its place."""
    fields = {
        "scenario": str, "stage": int, "place": str, "name_en": str, "name_zh": str,
        "from_mode": str, "to_mode": str, "site": str, "changed_t_per_year": float,
        "capacity_both_ways_t_per_year": float, "utilisation": float,
        "transfer_cny_per_year": float, "co2e_wtw_kg_per_year": float,
        "co2e_ttw_kg_per_year": float,
    }  # fmt: skip
    used = {
        (use.stage, use.where, use.mode): share(tonnes(use.kg), use.capacity_t)
        for stage in figures.stages
        for use in of_transfers(figures, stage)
    }
    rows, geometry = [], []
    for (stage, name, from_mode, to_mode), kg in figures.changed.items():
        place = figures.instance.place[name]
        row = figures.network.transfer(Change(name, from_mode, to_mode))
        modes = f"{row.from_mode.value}>{row.to_mode.value}"
        rows.append(
            (figures.plan.scenario, stage, name, place.name_en, place.name_zh, from_mode.value,
             to_mode.value, row.site, tonnes(kg), row.capacity_t_per_year,
             used.get((stage, name, modes)),
             *(round(tonnes(kg) * rate, 3)
               for rate in (row.cost_cny_per_t, row.wtw_kg_per_t, row.ttw_kg_per_t)))
        )  # fmt: skip
        geometry.append(point(lines.point(name)))
    return Layer("transfers", Shape.POINT, fields, tuple(rows), tuple(geometry))
