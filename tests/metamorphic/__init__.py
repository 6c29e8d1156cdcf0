"""Relations between the optima of an instance and of one that is changed in a known way."""

from tests.metamorphic import goods, limits, names, prices, sites, units, ways

RELATIONS = (
    *names.RELATIONS,
    *units.RELATIONS,
    *sites.RELATIONS,
    *ways.RELATIONS,
    *goods.RELATIONS,
    *prices.RELATIONS,
    *limits.RELATIONS,
)
