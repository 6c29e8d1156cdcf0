"""Three rules of a planner's own for `instances/zhengzhou-mini`; see own-rules.md."""

WEST = 113.0
"""Degrees of longitude: Luoyang lies west of this line, Zhengzhou east of it."""


def rules(model, instance):
    """Add constraints to the Pyomo model of sites, modules and departures."""
    years = [stage.year for stage in instance.settings.stages]
    place = {site.id: site.place for site in instance.sites}
    west = [site for site in place if instance.place[place[site]].lon < WEST]

    @model.Constraint(years)
    def few_in_the_west(model, year):
        return sum(model.open[site, year] for site in west) <= 2

    @model.Constraint(years)
    def cold_beside_a_centre(model, year):
        centres = [site for site in place if site.startswith("DC_")]
        beside = [site for site in centres if place[site] == place["COLD_ZZ"]]
        return model.open["COLD_ZZ", year] <= sum(model.open[site, year] for site in beside)

    @model.Constraint(years)
    def starts_small(model, year):
        before = [one for one in years if one < year]
        small = sum(model.modules["DC_LY", "small", one] for one in before[-1:])
        return model.modules["DC_LY", "large", year] <= small
