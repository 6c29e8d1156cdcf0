"""What moves in one stage of a scenario: tonnes over links, by mode, by service, left behind."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from hubopt.publish.report.book import MODES
from hubopt.publish.report.shared import mass, neat
from hubopt.units import KG_PER_T
from hubopt.vocabulary import CostTerm, Mode

if TYPE_CHECKING:
    from hubopt.publish.report.book import Book
    from hubopt.publish.report.shared import Json
    from hubopt.publish.report.side import Side

SHARE_DIGITS = 4


def flows(book: Book, side: Side, stage: int) -> list[Json]:
    """Return tonnes by link and product as one flat list: link as a step, product, tonnes."""
    found: defaultdict[tuple[int, int], int] = defaultdict(int)
    for leg, kg in side.figures.legs.items():
        if leg.stage == stage:
            link = side.figures.network.link(leg.from_place, leg.to_place, leg.mode)
            number = book.link(side, leg.from_place, leg.to_place, link)
            found[number, book.product(side, leg.product)] += kg
    flat: list[Json] = []
    before = 0
    for (link_number, product), kg in sorted(found.items()):
        flat += [link_number - before, product, mass(kg)]
        before = link_number
    return flat


def factors(book: Book, side: Side) -> list[Json]:
    """Return by what each product multiplies cost and emissions of a link: number, cost, CO2e."""
    used = sorted({(book.product(side, leg.product), leg.product) for leg in side.figures.legs})
    rows = side.instance.product
    return [[n, neat(rows[p].cost_factor, 4), neat(rows[p].emission_factor, 4)] for n, p in used]


def modes(book: Book, side: Side, stage: int) -> list[Json]:
    """Return tonnes by mode and product: freight counts for each mode that it uses."""
    return [
        [MODES.index(mode), book.product(side, product), mass(kg)]
        for (year, mode, product), kg in side.modes_kg.items()
        if year == stage
    ]


def served(book: Book, side: Side, stage: int) -> list[Json]:
    """Return what each product costs and gets: tonnes carried and left, hours, CO2e, CNY by term.

    The first field is -1 for what no freight uses.
    """
    shipment = side.instance.shipment
    money: defaultdict[int, list[int]] = defaultdict(lambda: [0] * len(CostTerm))
    got: defaultdict[int, list[float]] = defaultdict(lambda: [0.0] * 4)
    fen = side.whole_fen
    for (year, ident), row in side.sharing.served.items():
        if year == stage:
            product = book.product(side, shipment[ident].product) if ident else -1
            for here, term in enumerate(CostTerm):
                money[product][here] += fen[year, ident][term]
            for here, more in enumerate((row.kg, row.left_kg, row.kg_h, row.wtw_kg)):
                got[product][here] += more
    found: list[Json] = []
    for product in sorted(money):
        kg, left, kg_h, wtw = got[product]
        hours = neat(kg_h / kg, 2) if kg else None
        cny: list[Json] = [round(amount / 100) for amount in money[product]]
        found.append([product, mass(kg), mass(left), hours, neat(wtw / KG_PER_T, 1), *cny])
    return found


def timetable(book: Book, side: Side, stage: int) -> list[Json]:
    """Return what each service does: departures and empty runs a week, tonnes, capacity, CNY."""
    heaviest: defaultdict[str, int] = defaultdict(int)
    for (year, name, _, _), kg in side.figures.service_legs.items():
        if year == stage:
            heaviest[name] = max(heaviest[name], kg)
    found: list[Json] = []
    for row in side.figures.service_plans:
        if row.stage != stage or not (row.departures_per_week or row.empty_per_week):
            continue
        service = side.instance.service[row.service]
        runs = row.departures_per_week * service.weeks_per_year * service.cost_cny_per_departure
        back = row.empty_per_week * service.weeks_per_year * service.empty_cost_cny_per_departure
        found.append([
            book.service(side, row.service), row.departures_per_week, row.empty_per_week,
            mass(heaviest[row.service]), round(side.figures.service_t(row)), round(runs),
            round(back),
        ])  # fmt: skip
    return found


def unserved(book: Book, side: Side, stage: int) -> list[Json]:
    """Return what stays behind, the most first: product, origin, destination, tonnes, CNY."""
    left: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    for row in side.plan.unserved:
        shipment = side.instance.shipment[row.shipment]
        if shipment.stage == stage and row.kg_per_year:
            left[shipment.product, shipment.origin, shipment.destination] += row.kg_per_year
    price = {p.id: p.unserved_cost_cny_per_t for p in side.instance.products}
    return [
        [book.product(side, p), book.place(side, a), book.place(side, b), mass(kg),
         round(kg / KG_PER_T * price[p])]
        for (p, a, b), kg in sorted(left.items(), key=lambda pair: (-pair[1], pair[0]))
    ]  # fmt: skip


def emissions(side: Side, stage: int) -> list[Json]:
    """Return the ledger by kind of element and mode: tonne-kilometres, tonnes CO2e wtw and ttw."""
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0] * 3)
    for key, row in side.figures.emissions.items():
        if key.stage == stage:
            group = found[key.kind, key.mode]
            for here, more in enumerate((row.t_km, row.wtw_kg / KG_PER_T, row.ttw_kg / KG_PER_T)):
                group[here] += more
    return [
        [kind, mode, round(t_km), neat(wtw, 2), neat(ttw, 2)]
        for (kind, mode), (t_km, wtw, ttw) in sorted(found.items())
    ]


def uses(book: Book, side: Side, stage: int) -> list[Json]:
    """Return how far each limited capacity is used at its peak, the fullest first.

    Kind, what it is (numbers of site, pair or service, function or modes), tonnes taken, tonnes
    there are; what nobody uses is left out.
    """
    from hubopt.publish.utilisation import use_rows  # noqa: PLC0415  (loads on use)

    found = []
    for use in use_rows(side.figures):
        if use.stage != stage or not use.kg:
            continue
        if use.kind == "site":
            what: list[Json] = [book.site(side, use.where), use.what]
        elif use.kind == "link":
            what = [book.pair(side, use.where, use.what, Mode(use.mode)), ""]
        elif use.kind == "transfer":
            what = [book.place(side, use.where), use.mode]
        else:
            ends: Json = [book.place(side, use.where), book.place(side, use.what)]
            what = [book.service(side, use.service), ends]
        row: list[Json] = [use.kind, *what, mass(use.kg), round(use.capacity_t)]
        found.append((-use.kg / use.capacity_t, use.kind, use.where, use.what, use.service, row))
    return [row for *_, row in sorted(found, key=lambda item: item[:-1])]
