"""Relations that write the same network in another way: order, ids, titles, dates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hubopt.instance.schema import TABLES, Kind
from hubopt.instance.tables import Stage
from hubopt.vocabulary import LimitKind
from tests.metamorphic.relation import Twin

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    from hubopt.instance.schema import Column
    from hubopt.instance.tables import Instance
    from tests.metamorphic.relation import Relation
    from tests.optimum import Optimum

NAMED = frozenset({Kind.ID, Kind.PATH, Kind.IDS})
"""Kinds of columns that hold ids."""


def is_name(column: Column) -> bool:
    """Tell whether a column holds ids, or regions, which limits may name."""
    return column.kind in NAMED or column.name == "region"


def retold(instance: Instance, told: Callable[[Column], bool], new: Callable[[str], str]) -> Any:  # noqa: ANN401
    """Return all tables with every text of some columns replaced."""
    return {
        name: tuple(
            replace(
                row, **{c.name: anew(getattr(row, c.name), new) for c in table.columns if told(c)}
            )
            for row in getattr(instance, name)
        )
        for name, table in TABLES.items()
    }


def anew(value: Any, new: Callable[[str], str]) -> Any:  # noqa: ANN401
    """Return one text, or several, replaced."""
    if value is None or isinstance(value, str):
        return new(value) if value else value
    return type(value)(new(part) for part in value)


def names_of(instance: Instance) -> list[str]:
    """Return every id in the tables, in order."""
    found: set[str] = set()

    def heard(name: str) -> str:
        found.add(name)
        return name

    retold(instance, is_name, heard)
    return sorted(found)


def renamed(instance: Instance, new: Mapping[str, str]) -> Instance:
    """Return an instance with other ids, the same for the same one everywhere."""
    tables = retold(instance, is_name, new.__getitem__)
    policies = frozenset(new.get(name, name) for name in instance.settings.policies)
    settings = replace(instance.settings, policies=policies)
    return replace(instance, settings=settings, **tables)


def rows_shuffled(base: Optimum, rng: Random) -> Twin:
    """Shuffle the rows of every table: the order of rows says nothing."""
    tables = {
        name: tuple(rng.sample(getattr(base.instance, name), len(getattr(base.instance, name))))
        for name in TABLES
    }
    return Twin(replace(base.instance, **tables))


def ids_renamed_in_order(base: Optimum, _: Random) -> Twin:
    """Give every id another name that sorts alike: names mean nothing."""
    names = names_of(base.instance)
    return Twin(renamed(base.instance, {name: f"n{n:03d}" for n, name in enumerate(names)}))


def ids_renamed_in_disorder(base: Optimum, rng: Random) -> Twin:
    """Give every id a random name, so that rows, routes and columns change places: as before."""
    names = names_of(base.instance)
    drawn = rng.sample(range(1000), len(names))
    return Twin(renamed(base.instance, {a: f"编号 {n}" for a, n in zip(names, drawn, strict=True)}))


def titles_changed(base: Optimum, rng: Random) -> Twin:
    """Change titles and sources: only people read them."""

    def is_title(column: Column) -> bool:
        return column.kind is Kind.TEXT and column.name != "region"

    tables = retold(base.instance, is_title, lambda _: f"=新名 {rng.randrange(99)}")
    settings = replace(base.instance.settings, title_en="Other", title_zh="", name="other")
    return Twin(replace(base.instance, settings=settings, **tables))


def redated(instance: Instance, new: Callable[[int], int], **settings: Any) -> Instance:  # noqa: ANN401
    """Return an instance whose stages begin in other years, with other settings."""
    tables = {
        name: tuple(
            replace(
                row,
                **{
                    c.name: new(getattr(row, c.name)) for c in table.columns if c.kind is Kind.STAGE
                },
            )
            for row in getattr(instance, name)
        )
        for name, table in TABLES.items()
    }
    stages = tuple(Stage(new(stage.year), stage.years) for stage in instance.settings.stages)
    made = replace(instance.settings, **{"stages": stages, **settings})
    return replace(instance, settings=made, **tables)


def calendar_moved(base: Optimum, rng: Random) -> Twin:
    """Move stages and base year by as many years: only the years between them are discounted."""
    later = rng.choice([-7, -1, 1, 10])
    base_year = base.instance.settings.base_year + later
    return Twin(redated(base.instance, lambda year: year + later, base_year=base_year))


def base_year_moved(base: Optimum, rng: Random) -> Twin:
    """State present values in another year's money: all grow by the interest in between."""
    settings = base.instance.settings
    later = rng.choice([-2, -1, 1, 3])
    made = replace(settings, base_year=settings.base_year + later)
    return Twin(replace(base.instance, settings=made), factor=(1 + settings.discount_rate) ** later)


def years_doubled(base: Optimum, _: Random) -> Twin | None:
    """Without interest let every stage stand for twice the years: the yearly cost is paid twice."""
    settings = base.instance.settings
    if settings.discount_rate:
        return None
    first = settings.stages[0].year
    moved = {stage.year: first + 2 * (stage.year - first) for stage in settings.stages}
    stages = tuple(Stage(moved[stage.year], 2 * stage.years) for stage in settings.stages)
    return Twin(redated(base.instance, moved.__getitem__, stages=stages), factor=2.0)


def last_stage_cut_in_two(base: Optimum, _: Random) -> Twin | None:
    """Cut the last stage into two alike, the second without money to build: no better than before.

    What would stand in the second half had better stand in the first, whose years are alike.
    """
    settings, instance = base.instance.settings, base.instance
    last = settings.stages[-1]
    if last.years < 2:
        return None
    years = last.years // 2
    later = Stage(last.year + years, last.years - years)
    demand = [
        replace(row, id=f"{row.id} again", stage=later.year)
        for row in instance.demand
        if row.stage == last.year
    ]
    limits = [
        replace(row, stage=later.year, value=0.0 if row.kind is LimitKind.BUDGET else row.value)
        for row in instance.limits
        if row.stage == last.year
    ]
    stages = (*settings.stages[:-1], Stage(last.year, years), later)
    return Twin(
        replace(
            instance,
            settings=replace(settings, stages=stages),
            demand=(*instance.demand, *demand),
            limits=(*instance.limits, *limits),
        )
    )


RELATIONS: tuple[Relation, ...] = (
    rows_shuffled,
    ids_renamed_in_order,
    ids_renamed_in_disorder,
    titles_changed,
    calendar_moved,
    base_year_moved,
    years_doubled,
    last_stage_cut_in_two,
)
