"""linopy with HiGHS, by its direct interface."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.backends.highs_arrays import found_of
from hubopt.instance.public.location import Location

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.cases import Case
    from benchmarks.spec import Found
    from hubopt.instance.public.fixed_charge import FixedCharge


def build(case: Case, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return the linopy model."""
    if isinstance(case, Location):
        return location(case, strong=strong)
    return network(case, strong=strong)


def location(case: Location, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return a location problem over the dimensions customer and site."""
    import linopy  # noqa: PLC0415  (loads on use)
    import pandas as pd  # noqa: PLC0415
    import xarray as xr  # noqa: PLC0415

    site = pd.RangeIndex(len(case.fixed), name="site")
    customer = pd.RangeIndex(len(case.demand), name="customer")
    total = sum(case.demand)
    room = xr.DataArray([total if one is None else one for one in case.capacity], coords=[site])
    demand = xr.DataArray(list(case.demand), coords=[customer])
    cost = xr.DataArray(np.array(case.cost), coords=[customer, site])
    m = linopy.Model()
    opened = m.add_variables(binary=True, coords=[site], name="open")
    share = m.add_variables(lower=0, upper=1, coords=[customer, site], name="share")
    m.add_constraints(share.sum("site") == 1, name="served")
    m.add_constraints((demand * share).sum("customer") - room * opened <= 0, name="fits")
    if strong:
        m.add_constraints(share - opened <= 0, name="links")
    fixed = xr.DataArray(list(case.fixed), coords=[site])
    m.add_objective((fixed * opened).sum() + (cost * share).sum())
    return m


def network(case: FixedCharge, *, strong: bool) -> Any:  # noqa: ANN401  (not installed everywhere)
    """Return a network design problem over the dimensions commodity and arc."""
    import linopy  # noqa: PLC0415  (loads on use)
    import pandas as pd  # noqa: PLC0415
    import xarray as xr  # noqa: PLC0415

    arc = pd.RangeIndex(len(case.arcs), name="arc")
    goods = pd.RangeIndex(len(case.commodities), name="commodity")
    node = pd.RangeIndex(1, case.nodes + 1, name="node")
    units = xr.DataArray([one.units for one in case.commodities], coords=[goods])
    room, fixed, price = (
        xr.DataArray([getattr(a, name) for a in case.arcs], coords=[arc])
        for name in ("capacity", "fixed", "price")
    )
    m = linopy.Model()
    opened = m.add_variables(binary=True, coords=[arc], name="open")
    upper = units.expand_dims(arc=arc).transpose("commodity", "arc")
    flow = m.add_variables(lower=0, upper=upper, coords=[goods, arc], name="flow")
    tail, head = (
        xr.DataArray([getattr(a, name) for a in case.arcs], coords=[arc], name="node")
        for name in ("tail", "head")
    )
    net = np.zeros((len(goods), case.nodes))
    for k, one in enumerate(case.commodities):
        net[k, one.origin - 1] += one.units
        net[k, one.destination - 1] -= one.units
    balance = flow.groupby(tail).sum() - flow.groupby(head).sum()
    m.add_constraints(balance == xr.DataArray(net, coords=[goods, node]), name="balance")
    m.add_constraints(flow.sum("commodity") - room * opened <= 0, name="fits")
    if strong:
        m.add_constraints(flow - np.minimum(upper, room) * opened <= 0, name="links")
    m.add_objective((fixed * opened).sum() + (price * flow).sum())
    return m


def hand_over(model: Any) -> tuple[Any, Callable[[], int]]:  # noqa: ANN401
    """Return HiGHS with the model, and how to count its nonzeros."""
    highs = model.to_highspy(set_names=False)
    return highs, highs.getNumNz


def solve(model: Any, limit_s: float, gap: float) -> Found:  # noqa: ANN401
    """Solve and return value and bound."""
    highs, count = hand_over(model)
    highs.setOptionValue("output_flag", False)  # noqa: FBT003
    highs.setOptionValue("time_limit", limit_s)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.run()
    return found_of(highs, count())
