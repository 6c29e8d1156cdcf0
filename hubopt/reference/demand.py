"""Demand: the product totals spread over origins and destinations; one replaceable step.

`demand(facts)` is all that the rest of the reference knows of it. See docs/demand.md.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hubopt.instance.tables import Demand
from hubopt.reference.chosen import HENAN
from hubopt.reference.products import CLASSES
from hubopt.reference.totals import known_kt, parcels_kt, stages, total_t

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hubopt.reference.facts import Facts

Pairs = dict[tuple[str, str, str], float]
"""Weight by (origin, destination, kind of promise); the kind is empty or `air`."""

HUB = "ZHENGZHOU"
MARKET = "WANB"
ORIGIN, DESTINATION = 0, 1


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of flow of a product: its pairs, and at which end they are at home."""

    pairs: Pairs
    home: int


def demand(facts: Facts) -> Iterator[Demand]:
    """Yield all shipments of all stages."""
    for product in CLASSES:
        most = int(facts.assumed("shipments", product))
        pairs: Pairs = {}
        for part in parts(facts, product):
            pairs |= kept(part, most)
        for stage in stages(facts):
            tonnes = apportion(total_t(facts, product, stage), pairs)
            for (origin, destination, promise), t in tonnes.items():
                if t > 0:
                    name = "_".join(filter(None, (product, origin, destination, promise)))
                    yield Demand(
                        id=f"{name}_{stage}",
                        origin=origin,
                        destination=destination,
                        product=product,
                        stage=stage,
                        demand_t_per_year=float(t),
                        latest_h=latest_h(facts, product, (origin, destination), promise),
                    )


def latest_h(facts: Facts, product: str, ends: tuple[str, str], promise: str) -> float | None:
    """Return the promised delivery time, most special first."""
    keys = [f"{product}:{promise}"] if promise else []
    keys += [f"{product}:{end}" for end in ends] + [product]
    found = (facts.assumed.optional("latest_h", key) for key in keys)
    return next((hours for hours in found if hours is not None), None)


def parts(facts: Facts, product: str) -> list[Part]:
    """Return the kinds of flow of a product with the weight of every pair."""
    flow = CLASSES[product].flow
    if flow == "returns":
        return returns(facts, product)
    if flow == "consumer":
        return consumer(facts, product)
    if flow == "express":
        return express(facts)
    home = home_shares(facts, product)
    if flow == "domestic_out":
        return [Part(crossed(home, facts.assumed.shares("domestic_end", product)), ORIGIN)]
    partners = facts.assumed.shares("partner", product)
    out = Part(crossed(home, partners), ORIGIN)
    back = Part(crossed(partners, home), DESTINATION)
    if flow == "both":
        return [out, back]
    return [out] if flow.endswith("export") else [back]


def crossed(origins: Mapping[str, float], destinations: Mapping[str, float]) -> Pairs:
    """Return the products of two sets of shares."""
    return {
        (a, b, ""): x * y
        for (a, x), (b, y) in itertools.product(origins.items(), destinations.items())
        if a != b
    }


def home_shares(facts: Facts, product: str) -> dict[str, float]:
    """Return the shares of the Chinese ends of a product."""
    if CLASSES[product].flow.startswith("hinterland"):
        group = "hinterland_rail" if product.startswith("CRE") else "hinterland_trade"
        return facts.assumed.shares(group, "all")
    given = facts.assumed.shares("home_end", product)
    return given or city_shares(facts, CLASSES[product].weight)


def city_shares(facts: Facts, figure: str) -> dict[str, float]:
    """Return each Henan city's share of population, gdp or trade."""
    values = {city: float(getattr(facts.cities[city], figure)) for city in HENAN}
    whole = sum(values.values())
    return {city: value / whole for city, value in values.items()}


def gravity(facts: Facts, origins: Mapping[str, float], destinations: Mapping[str, float]) -> Pairs:
    """Return pair weights that fall with distance; each destination keeps its share.

    Trade inside one city stays out of the instance.
    """
    power, least = facts.assumed("demand", "distance_decay"), facts.assumed("demand", "nearest_km")
    pairs: Pairs = {}
    for b, y in destinations.items():
        pull = {
            a: x / max(facts.great_circle_km(a, b), least) ** power
            for a, x in origins.items()
            if a != b
        }
        whole = sum(pull.values())
        pairs |= {(a, b, ""): y * value / whole for a, value in pull.items()}
    return pairs


def scaled(pairs: Pairs, share: float) -> Pairs:
    """Return weights that sum to a share, in their proportions."""
    whole = sum(pairs.values())
    return {key: share * value / whole for key, value in pairs.items()}


def consumer(facts: Facts, product: str) -> list[Part]:
    """Return consumer and fresh goods: from the province and the hinterland to every city.

    A part of the fresh food is bought at the wholesale city, and is there at the start.
    """
    key = "fmcg_from_henan" if product == "DOM_FMCG" else "fresh_from_henan"
    own = facts.assumed("demand", key)
    people = city_shares(facts, "population")
    market = facts.assumed("demand", "fresh_from_market") if product == "DOM_FRESH" else 0.0
    inside = gravity(facts, city_shares(facts, CLASSES[product].weight), people)
    outside = gravity(facts, facts.assumed.shares("hinterland_consumer", "all"), people)
    bought = crossed({MARKET: 1.0}, people)
    return [
        Part(scaled(inside, own * (1 - market)), DESTINATION),
        Part(scaled(outside, (1 - own) * (1 - market)), DESTINATION),
        *([Part(scaled(bought, market), DESTINATION)] if market else []),
    ]


def express(facts: Facts) -> list[Part]:
    """Return parcels in, out and inside the province; a part of the far ones is for next day.

    Parcels inside the province leave from the hub, which itself receives more from far away, so
    that each city receives by its population.
    """
    people = city_shares(facts, "population")
    far = facts.assumed.shares("hinterland_consumer", "all")
    inbound = facts.assumed("demand", "express_inbound")
    outbound = facts.assumed("demand", "express_outbound")
    stays = 1 - inbound - outbound
    elsewhere = {city: share for city, share in people.items() if city != HUB}
    inside = scaled(crossed({HUB: 1.0}, elsewhere), stays)
    from_far = {
        city: (inbound + stays) * share - inside.get((HUB, city, ""), 0.0)
        for city, share in people.items()
    }
    return [
        Part(with_next_day(facts, crossed(far, from_far)), DESTINATION),
        Part(with_next_day(facts, scaled(crossed(people, far), outbound)), ORIGIN),
        Part(inside, DESTINATION),
    ]


def with_next_day(facts: Facts, pairs: Pairs) -> Pairs:
    """Return pairs with a part of the far parcels of the airport's surroundings set apart."""
    share = facts.assumed("demand", "express_air_share")
    least = facts.assumed("demand", "express_air_km")
    around = facts.assumed("demand", "airport_area_km")
    served = {city for city in HENAN if facts.great_circle_km(city, "CGO") <= around}
    far = {
        key: value
        for key, value in pairs.items()
        if not served.isdisjoint(key[:2])
        and facts.great_circle_km(key[0], key[1]) * facts.assumed("road", "home_circuity") > least
    }
    slow = {key: value * (1 - share if key in far else 1.0) for key, value in pairs.items()}
    fast = {(a, b, "air"): value * share for (a, b, _), value in far.items()}
    return slow | fast


def returns(facts: Facts, product: str) -> list[Part]:
    """Return parcels that come back: from the cities, and from the markets abroad."""
    inside = known_kt(facts, "CBEC_M") * facts.assumed("demand", "return_rate_import")
    abroad = parcels_kt(facts) * facts.assumed("demand", "return_rate_export")
    people = city_shares(facts, CLASSES[product].weight)
    markets = facts.assumed.shares("partner", "CBEC_X")
    whole = inside + abroad
    return [
        Part(scaled(crossed(people, {HUB: 1.0}), inside / whole), ORIGIN),
        Part(scaled(crossed(markets, {HUB: 1.0}), abroad / whole), DESTINATION),
    ]


def kept(part: Part, most: int) -> Pairs:
    """Return the largest partners of every home end; they take over the rest of that end."""
    ends: dict[tuple[str, str], Pairs] = defaultdict(dict)
    for key, value in part.pairs.items():
        ends[key[part.home], key[2]][key] = value
    found: Pairs = {}
    for pairs in ends.values():
        ranked = sorted(pairs.items(), key=lambda item: (-round(item[1], 12), item[0]))
        found |= scaled(dict(ranked[:most]), sum(pairs.values()))
    return found


def apportion(total: int, pairs: Pairs) -> dict[tuple[str, str, str], int]:
    """Return whole tonnes that sum to `total`, by largest remainders (Hamilton)."""
    whole = sum(pairs.values())
    exact = {key: total * value / whole for key, value in pairs.items()}
    tonnes = {key: int(value) for key, value in exact.items()}
    left = total - sum(tonnes.values())
    by_remainder = sorted(exact, key=lambda key: (-round(exact[key] - tonnes[key], 9), key))
    for key in by_remainder[:left]:
        tonnes[key] += 1
    return tonnes
