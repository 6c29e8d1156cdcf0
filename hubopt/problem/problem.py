"""The numbers that a solver needs, as arrays: sparse, scaled to kt and million CNY, no big-M.

Both statements of the model read this and nothing else. Names of index sets:
T stages, S shipments, C columns (a route for a shipment), M modules, X sites, P pools (one
function of one site), V services, L links with a capacity, K transfers with a capacity.
Incidence matrices are scipy CSR with one row per (resource, stage) at row `resource * T + stage`
unless stated, one column per C, and the number of times that the route uses the resource, times
the peak of its product.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from hubopt.network.steps import Step
    from hubopt.problem.own_rules import OwnRows

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class SiteNumbers:
    """Sites and their modules; all yearly costs in million CNY, undiscounted.

    `pool_module_capacity` P x M: kt a year that a module adds to a pool (inf: no limit).
    `always_open` X x T: 1 where the site stands anyway (existing, or required from that stage on).
    `may_open` X x T: 0 before the earliest stage and for closed sites.
    `may_build` X x T: 0 where no new module may stand, though a built one does; None: `may_open`.
    """

    site_ids: tuple[str, ...]
    module_names: tuple[str, ...]
    module_site: Ints
    module_built: Ints
    module_most: Ints
    module_annuity: Floats
    module_running: Floats
    module_build_cost: Floats
    pools: tuple[tuple[str, str], ...]
    pool_site: Ints
    pool_module_capacity: Floats
    always_open: NDArray[np.bool_]
    may_open: NDArray[np.bool_]
    required: NDArray[np.bool_]
    may_build: NDArray[np.bool_] | None = None


@dataclass(frozen=True)
class ServiceNumbers:
    """Services; `payload_kt` is kt a year per weekly departure, costs million CNY a year per same.

    `leg_service` maps each leg row to its service; `vehicle_terminals` lists the (class, place)
    pairs at which vehicles balance, `balance` is pairs x V with +1 where the service leaves and
    -1 where it arrives (0 for a round trip).
    """

    service_ids: tuple[str, ...]
    payload_kt: Floats
    departure_cost: Floats
    empty_cost: Floats
    least: Ints
    most: Ints
    available: NDArray[np.bool_]
    legs: tuple[tuple[str, str, str], ...]
    leg_service: Ints
    vehicle_terminals: tuple[tuple[str, str], ...]
    balance: csr_matrix


@dataclass(frozen=True)
class OpeningLinks:
    """Rows `sum of columns <= limit x open[site, stage]`, one per shipment and closable pool.

    `limit_kt` is the least of the shipment's demand and what of it the pool's largest capacity
    handles at the peak.
    """

    use: csr_matrix
    shipment: Ints
    pool: Ints
    stage: Ints
    limit_kt: Floats


@dataclass(frozen=True)
class FlowLimits:
    """Rows `flow_use @ flow + unserved_use @ unserved <= most`, one per limit on sums of flows.

    `rules` names the constraint of each row, `numbers` the limit, counted from 1; `flow_use` is
    rows x C, `unserved_use` rows x S; kt a year, or kt CO2e a year for emissions.
    """

    rules: tuple[str, ...]
    numbers: Ints
    stage: Ints
    flow_use: csr_matrix
    unserved_use: csr_matrix
    most: Floats


@dataclass(frozen=True)
class LeastUse:
    """Rows `least_kt x open[site, stage] <= use @ flow`, one per pool with a least use and stage.

    `use` is rows x C, the number of times that a route is handled there.
    """

    pool: Ints
    stage: Ints
    use: csr_matrix
    least_kt: Floats


@dataclass(frozen=True)
class Assignments:
    """Which sites may handle a group of shipments, when their number is limited.

    Candidates A: `group` and `site` of each, one binary decision; of group g at most `most[g]` are
    chosen. `links` is rows x C: flows of one shipment through one candidate, at most `limit_kt` if
    it is chosen (`candidate` of the row), none if not.
    """

    groups: tuple[str, ...]
    stage: Ints
    most: Ints
    group: Ints
    site: Ints
    links: csr_matrix
    candidate: Ints
    shipment: Ints
    limit_kt: Floats


@dataclass(frozen=True)
class Relaxation:
    """A point and the multipliers of an LP of a problem, each with the names that they go by."""

    problem: Problem
    column_names: Sequence[str]
    values: Floats
    row_names: Sequence[str]
    row_duals: Floats


@dataclass(frozen=True)
class Problem:
    """One instance as numbers; see the module docstring for index sets and units.

    `column_terms` C x len(FLOW_TERMS), million CNY per kt, sums to `column_cost`.
    `demand_use` is S x C (1 where the column serves the shipment).
    `pool_use` has P x T rows, `link_use` L x T, `transfer_use` K x T, `leg_use` legs x T.
    `sites_at_most` and `sites_at_least` hold (stage, site indices, number); `coverage` (stage,
    city, indices of the sites within reach, number); `budget_mcny` (stage, million CNY).
    `bound_over_all_mcny` bounds the cost of plans over all routes, where routes were priced.
    `row_prices` are the multipliers of the rows, by name, that gave that bound, `relaxation` is
    the last LP that was solved for it.
    `capped` are the shipments for which more routes existed than were listed; `left_out`, `late`
    and `trucks_join` are what else a plan must say of the list, as in `RouteList`.
    `nodes` is how many were branched on for that bound.
    `own_rules` are rows on whole decisions that the planner added.
    """

    name: str
    stages: tuple[int, ...]
    weights: Floats
    shipment_ids: tuple[str, ...]
    shipment_stage: Ints
    demand_kt: Floats
    unserved_cost: Floats
    column_shipment: Ints
    column_steps: tuple[tuple[Step, ...], ...]
    column_cost: Floats
    column_terms: Floats
    column_time_h: Floats
    column_wtw_kg_per_t: Floats
    column_ttw_kg_per_t: Floats
    demand_use: csr_matrix
    sites: SiteNumbers
    services: ServiceNumbers
    openings: OpeningLinks
    pool_use: csr_matrix
    link_names: tuple[str, ...]
    link_capacity_kt: Floats
    link_use: csr_matrix
    transfer_names: tuple[str, ...]
    transfer_capacity_kt: Floats
    transfer_use: csr_matrix
    leg_use: csr_matrix
    budget_mcny: tuple[tuple[int, float], ...]
    sites_at_most: tuple[tuple[int, tuple[int, ...], int], ...]
    sites_at_least: tuple[tuple[int, tuple[int, ...], int], ...]
    coverage: tuple[tuple[int, str, tuple[int, ...], int], ...]
    least_use: LeastUse
    assignments: Assignments
    flow_limits: FlowLimits
    routes_per_shipment: int
    capped: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    late: tuple[tuple[str, float], ...] = ()
    trucks_join: bool = True
    bound_over_all_mcny: float | None = None
    row_prices: Mapping[str, float] = field(default_factory=dict)
    relaxation: Relaxation | None = None
    nodes: int = 0
    own_rules: OwnRows | None = None

    @property
    def complete(self) -> bool:
        """Whether all routes are listed that a plan could want, so that none need be priced."""
        return not self.capped and not self.left_out and self.trucks_join


@dataclass(frozen=True)
class Decisions:
    """Values of all decisions, as a solver gave them; integers already whole.

    Which site handles which group follows from the flows.

    `open` X x T, `modules` M x T (standing, cumulative), `departures` and `empties` V x T a week,
    `flow_kt` C, `unserved_kt` S.
    """

    open: Ints
    modules: Ints
    departures: Ints
    empties: Ints
    flow_kt: Floats
    unserved_kt: Floats
