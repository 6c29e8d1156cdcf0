"""The bricks of a QGIS project as XML: coordinate systems, options, texts that cannot break it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from hubopt.publish.qml import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

FIXED_TIME = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Crs:
    """A coordinate system as a project names it; QGIS looks the rest up by its authority."""

    authid: str
    srsid: int
    proj4: str
    description: str
    acronym: str
    ellipsoid: str = "EPSG:7030"

    def element(self) -> ET.Element:
        """Return the coordinate system as QGIS writes it."""
        top = ET.Element("spatialrefsys")
        for tag, text in (
            ("proj4", self.proj4),
            ("srsid", str(self.srsid)),
            ("srid", self.authid.partition(":")[2]),
            ("authid", self.authid),
            ("description", self.description),
            ("projectionacronym", self.acronym),
            ("ellipsoidacronym", self.ellipsoid),
            ("geographicflag", "true" if self.acronym == "longlat" else "false"),
        ):
            ET.SubElement(top, tag).text = text
        return top


WGS84 = Crs("EPSG:4326", 3452, "+proj=longlat +datum=WGS84 +no_defs", "WGS 84", "longlat")
WEB = Crs(
    "EPSG:3857", 3857,
    "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m"
    " +nadgrids=@null +wktext +no_defs",
    "WGS 84 / Pseudo-Mercator", "merc",
)  # fmt: skip
"""The coordinate system of projects: true to shape in Henan as in the world, and that of web maps,
of 天地图 among them, so that their tiles lie below without being bent."""

ZHENGZHOU = Crs(
    "EPSG:4547", 27791,
    "+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs",
    "CGCS2000 / 3-degree Gauss-Kruger CM 114E", "tmerc", "EPSG:1024",
)  # fmt: skip
CHINA = Crs(
    "ESRI:102025", 27148,
    "+proj=aea +lat_0=30 +lon_0=95 +lat_1=15 +lat_2=65 +x_0=0 +y_0=0 +datum=WGS84 +units=m"
    " +no_defs",
    "Asia_North_Albers_Equal_Area_Conic", "aea",
)  # fmt: skip
ROBINSON = Crs(
    "ESRI:54030", 27897, "+proj=robin +lon_0=0 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs",
    "World_Robinson", "robin",
)  # fmt: skip


def sub(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element with a text and attributes."""
    element = ET.SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element


def crs_in(parent: ET.Element, tag: str, crs: Crs) -> ET.Element:
    """Add an element that holds a coordinate system."""
    element = ET.SubElement(parent, tag)
    element.append(crs.element())
    return element


def box_in(parent: ET.Element, box: tuple[float, float, float, float]) -> ET.Element:
    """Add an extent with an element for each side."""
    element = ET.SubElement(parent, "extent")
    for tag, value in zip(("xmin", "ymin", "xmax", "ymax"), box, strict=True):
        sub(element, tag, repr(value))
    return element


def properties_in(parent: ET.Element, values: Mapping[str, str]) -> None:
    """Add custom properties."""
    shelf = ET.SubElement(parent, "customproperties")
    top = ET.SubElement(shelf, "Option")
    if values:
        top.set("type", "Map")
    for name, value in values.items():
        ET.SubElement(top, "Option", name=name, type="QString", value=value)


def packed(top: ET.Element, name: str) -> bytes:
    """Return a project as a .qgz, the same bytes for the same elements."""
    store = io.BytesIO()
    with zipfile.ZipFile(store, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        entry = zipfile.ZipInfo(name, FIXED_TIME)
        entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
        entry.external_attr = 0o644 << 16
        file.writestr(entry, text_of(top).encode())
    return store.getvalue()
