"""The layers of a result in the formats and coordinate systems of other GIS."""
