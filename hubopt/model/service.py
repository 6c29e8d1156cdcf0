"""Services: whole departures a week carry the freight, and vehicles come back where they left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hubopt.model import sources
from hubopt.model.names import labels
from hubopt.model.parts import Parts, Row, by_stage, linear, rule, used
from hubopt.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hubopt.problem.problem import Ints, ServiceNumbers


@rule(
    Text(
        "Freight aboard each leg of a service, with the space that it takes, stays within the"
        " payload of its departures.",
        "班列航班每一区段的载货量（按占用舱位折算）不超过其班次的载重。",
    ),
    "sum_c space[c] uses[c,leg] flow[c] <= payload[v] departures[v,t]"
    "  for each leg of service v, stage t",
    "kt/year",
    sources.SERVICE_DESIGN,
)
def service_capacity(parts: Parts) -> Iterator[Row]:
    """Yield sum of space x uses x flow - payload x departures <= 0."""
    services = parts.problem.services
    names = labels("_".join(leg) for leg in services.legs)
    for leg, t, row in by_stage(parts, len(services.legs)):
        coefficients, variables = used(parts.problem.leg_use, row, parts.flow)
        if coefficients:
            v = int(services.leg_service[leg])
            body = linear(
                [*coefficients, -services.payload_kt[v]], [*variables, parts.departures[v, t]]
            )
            yield (parts.names.services[v], names[leg], parts.stages[t]), None, body, 0.0


@rule(
    Text(
        "A service runs between its least and most departures, and not before its earliest stage.",
        "每条班线的班次在下限与上限之间，最早阶段之前不开行。",
    ),
    "least[v] <= departures[v,t] <= most[v]  for each service v, stage t from its earliest on;"
    "  departures[v,t] = empties[v,t] = 0 before",
    "departures/week",
    sources.SERVICE_DESIGN,
)
def departure_limits(parts: Parts) -> Iterator[Row]:
    """Yield least <= departures <= most; departures + empties <= 0 before the earliest stage."""
    services = parts.problem.services
    for v, label in enumerate(parts.names.services):
        for t, year in enumerate(parts.stages):
            runs, empty = parts.departures[v, t], parts.empties[v, t]
            if services.available[v, t]:
                least, most = float(services.least[v]), float(services.most[v])
                yield (label, year), least, linear([1.0], [runs]), most
            else:
                yield (label, year), None, linear([1.0, 1.0], [runs, empty]), 0.0


@rule(
    Text(
        "At every terminal as many vehicles of a class leave as arrive, loaded or empty.",
        "各端点每类车辆的发出数等于到达数（含空驶）。",
    ),
    "sum_v balance[j,v] (departures[v,t] + empties[v,t]) = 0"
    "  for each vehicle class and terminal j, stage t",
    "departures/week",
    sources.BALANCE,
)
def vehicle_balance(parts: Parts) -> Iterator[Row]:
    """Yield leaving - arriving = 0 for loaded and empty runs together."""
    services = parts.problem.services
    balance = services.balance.tocsr()
    names = labels(".".join(terminal) for terminal in services.vehicle_terminals)
    for j, name in enumerate(names):
        here = slice(balance.indptr[j], balance.indptr[j + 1])
        signs, runs = balance.data[here], balance.indices[here]
        keep = signs != 0
        signs, runs = signs[keep], runs[keep]
        if len(runs):
            for t, year in enumerate(parts.stages):
                variables = [*parts.departures[runs, t], *parts.empties[runs, t]]
                yield (name, year), 0.0, linear([*signs, *signs], variables), 0.0


def most_empties(services: ServiceNumbers) -> Ints:
    """Return the empty runs a week that a service can need at most.

    Least-cost empty runs split into paths from where vehicles pile up to where they lack. Each path
    takes a service at most once and mends one departure of its class, so there are no more paths
    than departures of the class. A round trip balances itself.
    """
    balance = services.balance.tocoo()
    moving = balance.data != 0
    classes = {name: n for n, name in enumerate(sorted({c for c, _ in services.vehicle_terminals}))}
    terminal_class = np.array([classes[c] for c, _ in services.vehicle_terminals], dtype=np.int64)
    service_class = np.full(len(services.service_ids), -1, dtype=np.int64)
    service_class[balance.col[moving]] = terminal_class[balance.row[moving]]
    one_way = service_class >= 0
    total = np.bincount(
        service_class[one_way], weights=services.most[one_way], minlength=max(len(classes), 1)
    )
    return np.where(one_way, total[service_class], 0).astype(np.int64)
