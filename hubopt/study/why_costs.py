"""How much dearer or cheaper a site could be before a plan with it and one without it are equal.

Let E be the cost of a plan (present value) in which the site stands, and W the years for which it
stands, discounted as money is. If the site as a whole costs d more a year, that plan costs E + d W,
and one without the site stays as it is. So the site stands for as long as d is below the largest
(N - E) / W of all ways in which it could stand, N being the least cost without it. Each way is a
stage from which it is open. What is proved of N and E bounds d from both sides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from hubopt.plan.figures import add_sites
from hubopt.units import FEN_PER_CNY, exact, present_value_weight
from hubopt.vocabulary import CostTerm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hubopt.instance.tables import Instance
    from hubopt.plan.plan import Plan


@dataclass(frozen=True, slots=True)
class SiteCost:
    """Building and running of a site in a plan, CNY of present value, and the years it stands.

    `years` are discounted as money is, so that `worth_cny` over `years` is the cost of a year.
    """

    worth_cny: float
    years: float

    @property
    def cny_per_year(self) -> float | None:
        """What a year costs on average, `None` where the site never stands."""
        return self.worth_cny / self.years if self.years else None


@dataclass(frozen=True, slots=True)
class Option:
    """The best plan in which a site is open from a stage on; without one `cost_fen` is `None`.

    No such plan is cheaper than `bound_fen`; `years` are those for which the site stands.
    """

    since: int
    years: float
    cost_fen: int | None
    bound_fen: int
    site: SiteCost | None


@dataclass(frozen=True, slots=True)
class Threshold:
    """CNY a year by which a site must change before the choice does, all its modules together.

    The choice is sure to stay below `least` and sure to change above `most`, as far as was proved.
    `since` is when the site stands in the plan that decides, and `site` its cost there.
    """

    cny_per_year: float
    least: float
    most: float
    since: int
    site: SiteCost | None

    def never_below_nothing(self) -> Threshold:
        """Return the threshold of a site that a plan has or leaves out as it likes: 0 or more."""
        return replace(self, least=max(0.0, self.least), most=max(0.0, self.most))


def site_cost(instance: Instance, plan: Plan, site: str) -> SiteCost:
    """Return what a site costs in a plan, whatever goes through it."""
    worth, years = Fraction(0), Fraction(0)
    rows = {row.stage: row for row in plan.sites if row.site == site}
    for year, weight in weights(instance).items():
        row = rows.get(year)
        if row is not None and any(row.modules.values()):
            terms = {year: dict.fromkeys(CostTerm, Fraction(0))}
            add_sites(instance, [row], terms)
            worth += weight * sum(terms[year].values(), Fraction(0))
            years += weight
    return SiteCost(float(worth), float(years))


def weights(instance: Instance) -> dict[int, Fraction]:
    """Return for each stage the years that it counts for, discounted as money is."""
    settings = instance.settings
    rate = exact(settings.discount_rate)
    return {
        stage.year: present_value_weight(rate, stage.year, stage.years, settings.base_year)
        for stage in settings.stages
    }


def years_from(instance: Instance, since: int) -> float:
    """Return the discounted years for which a site stands that is open from a stage on."""
    return float(sum(weight for year, weight in weights(instance).items() if year >= since))


def dearer_before_it_goes(
    options: Sequence[Option], without_fen: int, without_bound_fen: int
) -> Threshold:
    """Return how much dearer a site could be before every plan with it costs more than without."""
    found = [(option, option.cost_fen) for option in options if option.cost_fen is not None]
    best, cost = max(found, key=lambda pair: (without_fen - pair[1]) / pair[0].years)
    least = max((without_bound_fen - cost) / option.years for option, cost in found)
    most = max((without_fen - option.bound_fen) / option.years for option in options)
    return threshold(best, without_fen - cost, least, most)


def cheaper_before_it_comes(
    options: Sequence[Option], without_fen: int, without_bound_fen: int
) -> Threshold:
    """Return how much cheaper a site must be before some plan with it costs less than without."""
    found = [(option, option.cost_fen) for option in options if option.cost_fen is not None]
    best, cost = min(found, key=lambda pair: (pair[1] - without_fen) / pair[0].years)
    least = min((option.bound_fen - without_fen) / option.years for option in options)
    most = min((cost - without_bound_fen) / option.years for option, cost in found)
    return threshold(best, cost - without_fen, least, most)


def threshold(best: Option, difference_fen: int, least: float, most: float) -> Threshold:
    """Return a threshold in CNY from fen a year."""
    return Threshold(
        difference_fen / best.years / FEN_PER_CNY,
        least / FEN_PER_CNY,
        most / FEN_PER_CNY,
        best.since,
        best.site,
    )
