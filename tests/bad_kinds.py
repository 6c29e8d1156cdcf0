# ruff: noqa: E501 (a case is one line, read across)
"""Every kind of bad input that planners hand in, by a number, and how hubopt must answer each.

Some kinds are about tables that an instance of hubopt does not have; `instead` says so, and the
case is the nearest thing that it does have.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.bad_folders import (
    PLACES,
    at,
    book,
    cut_to,
    folder,
    geojson,
    geometry,
    layer,
    line,
    rebuilt,
)
from tests.instance_folder import (
    C,
    D,
    G,
    L,
    M,
    N,
    P,
    S,
    T,
    U,
    V,
    X,
    again,
    below,
    cell,
    column,
    content,
    delete,
    drop,
    every_line,
    link_to,
    recode,
    rename,
    replace,
    times,
)
from tests.workbook import put

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bad_folders import Make

BOOK = "plan.xlsx"
TONNES = "demand_t_per_year"


@dataclass(frozen=True)
class Kind:
    """A bad input and the answer to it: code "" for one that is accepted, with a note or none.

    `said`, `remedy` and `zh` are fragments of the reason, the remedy, and the Chinese message.
    """

    make: Make
    code: str
    file: str = ""
    row: int | None = None
    column: str | None = None
    value: str | None = None
    said: str = ""
    remedy: str = ""
    zh: str = ""
    note: str = ""
    nearest: str | None = None
    sheet: str | None = None
    cell: str | None = None
    options: tuple[str, ...] = ()
    instead: str = ""
    alone: bool = True


def refused(  # a row of the table below
    make: Make,
    code: str,
    where: tuple[str, int | None, str | None, str | None],
    *words: str,
    **more: Any,  # noqa: ANN401
) -> Kind:
    """Return a kind that is refused; `words` are fragments of reason, remedy and Chinese."""
    said, remedy, zh = words
    return Kind(make, code, *where, said, remedy, zh, **more)


def accepted(make: Make, note: str = "", **more: Any) -> Kind:  # noqa: ANN401
    """Return a kind that is read, with a note or without."""
    return Kind(make, "", note=note, **more)


def bytes_of(file: str, old: bytes, new: bytes) -> Any:  # noqa: ANN401
    """Return the edit that replaces bytes in a file."""

    def edit(path: Path) -> None:
        data = (path / file).read_bytes()
        assert old in data
        (path / file).write_bytes(data.replace(old, new))

    return edit


def sparse(file: str, size: int) -> Any:  # noqa: ANN401
    """Return the edit that makes a file very large without using any disk."""
    return lambda path: os.truncate(path / file, size)


def pipe(file: str) -> Any:  # noqa: ANN401
    """Return the edit that makes a file a pipe that nobody writes to."""
    return lambda path: ((path / file).unlink(), os.mkfifo(path / file))


CHINESE = [cell(D, 3, "id", "洛阳到德国"), recode(D, "gb18030")]
SHIFTED = {"A": (113.6061, 34.6989), "B": (112.4061, 34.5986), "T": (113.8061, 34.7291)}
"""Three places moved as a Chinese web map would move them, nearly."""

MOVED = [edit for row, name in ((2, "A"), (3, "B"), (8, "T"))
         for edit in (cell(P, row, "lon", str(SHIFTED[name][0])), cell(P, row, "lat", str(SHIFTED[name][1])))]  # fmt: skip
NO_WAY = [drop(T, 5), cell(G, 3, "modes", "road_diesel|rail")]
ISLAND = [
    again(P, 3, id="X", lat="30.6", lon="104.1"),
    again(D, 3, id="toX", destination="X", product="FMCG"),
]
VRT = b'<OGRVRTDataSource><OGRVRTLayer name="links"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
PICKLE = b"cos\nsystem\n(S'touch pwned'\ntR."
TAGGED = b"name: !!python/object/apply:os.system ['touch pwned']\n"
DTD = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
BLANKS = b" " * 60_000_000 + b"</worksheet>"
TITLE_ESCAPE = "A\x1b]0;owned\x07"

KINDS: dict[str, list[Kind]] = {
    # text
    "ENC01": [refused(folder(*CHINESE), "ENC01", (D, 3, None, None), "GB18030 (5 Chinese characters)", "--encoding gb18030", "按 GB18030 可正常读取")],
    "ENC02": [accepted(folder(lambda path: (path / D).write_bytes(b"\xef\xbb\xbf" + (path / D).read_bytes())))],
    "ENC03": [refused(folder(recode(D, "utf-16")), "ENC03", (D, None, None, None), "UTF-16", '"CSV UTF-8"', "UTF-16 文件")],
    "ENC04": [refused(folder(every_line(U, lambda text: f"{text},±àºÅ")), "ENC04", (U, 1, "±àºÅ", "±àºÅ"), 'looks like "编号"', "export it again", "以错误的编码读取")],
    "ENC05": [refused(folder(cell(P, 5, "name_zh", "郑\ufffd")), "ENC05", (P, 5, "name_zh", "郑\ufffd"), "already lost", "source file", "字符已经丢失")],
    "ENC06": [refused(folder(cell(D, 3, TONNES, "1\0 2")), "ENC06", (D, 3, TONNES, "1\\x00 2"), "NUL byte", "export it again", "空字节")],
    # numbers
    "NUM01": [accepted(folder(cell(D, 2, TONNES, "８０００")), "demand.csv: 1 full-width numbers read")],
    "NUM02": [
        refused(folder(cell(D, 5, TONNES, "−5")), "NUM10", (D, 5, TONNES, "−5"), "negative", "at least 0", "为负数"),
        accepted(folder(cell(P, 7, "lon", "−0.1"), cell(P, 7, "lat", "51.5"), cell(L, 7, "distance_km", "900"), cell(L, 7, "time_h", "20"), cell(L, 9, "distance_km", "800"), cell(L, 9, "time_h", "20"))),
    ],
    "NUM03": [accepted(folder(cell(D, 3, TONNES, "\u00a012000\u3000")), "without the special spaces")],
    "NUM04": [refused(folder(cell(D, 7, TONNES, "12吨")), "NUM04", (D, 7, TONNES, "12吨"), "not a number", "(t/year)", "不是数字")],
    "NUM05": [refused(folder(cell(D, 7, TONNES, "1,234")), "NUM05", (D, 7, TONNES, "1,234"), "thousands separators", "write 1234", "千位分隔符")],
    "NUM06": [refused(folder(cell(D, 9, TONNES, "")), "NUM06", (D, 9, TONNES, None), "empty", "write 0 for none, or delete the row", "为空")],
    "NUM07": [
        refused(folder(cell(C, 4, "capacity_t_per_year", "inf")), "NUM07", (C, 4, "capacity_t_per_year", "inf"), "not a finite number", 'blank for "no limit"', "不是有限的数"),
        refused(folder(cell(L, 5, "capacity_t_per_year", "1e999")), "NUM08", (L, 5, "capacity_t_per_year", "1e999"), "exceeds 1e+12", 'blank for "no limit"', "超过 1e+12"),
        refused(folder(replace(N, "= 0.08", "= inf")), "NUM07", (N, 6, "discount_rate", "Infinity"), "not a finite number", "write a number", "不是有限的数"),
    ],
    "NUM08": [refused(folder(cell(C, 4, "capacity_t_per_year", "1e15")), "NUM08", (C, 4, "capacity_t_per_year", "1e15"), "exceeds 1e+12", 'blank for "no limit"', "超过 1e+12")],
    "NUM09": [refused(folder(cell(L, 8, "cost_cny_per_t", "1e-12")), "NUM09", (L, 8, "cost_cny_per_t", "1e-12"), "below 1e-06", "check the unit", "小于 1e-06")],
    "NUM10": [refused(folder(cell(D, 5, TONNES, "-3")), "NUM10", (D, 5, TONNES, "-3"), "negative", "at least 0", "为负数")],
    "NUM11": [refused(folder(cell(S, 3, "status", "required"), cell(C, 4, "capacity_t_per_year", "0")), "NUM11", (C, 4, "capacity_t_per_year", "0"), "DC_B is required, but could do no consolidation", "", "DC_B 为 required")],
    "NUM12": [
        refused(folder(cell(V, 5, "least_per_week", "9")), "SIT01", (V, 5, "least_per_week", "9"), "more than most_per_week (7)", "swap or correct", "大于 most_per_week"),
        refused(folder(cell(M, 3, "built", "5")), "SIT02", (M, 3, "built", "5"), "more than most (2)", "lower built, or raise most", "大于 most"),
    ],
    "NUM13": [refused(folder(cell(G, 5, "duty_share", "1.2")), "NUM14", (G, 5, "duty_share", "1.2"), "between 0 and 1", "write 0.012", "0 与 1 之间", instead="no scenarios with probabilities yet; shares must lie between 0 and 1")],
    "NUM14": [refused(folder(cell(G, 5, "duty_share", "85")), "NUM14", (G, 5, "duty_share", "85"), "between 0 and 1", "write 0.85", "0 与 1 之间", instead="no load factors; any share")],
    "NUM15": [refused(folder(cell(D, 2, TONNES, "1" * 5000)), "NUM15", (D, 2, TONNES, "1" * 59 + "…"), "5000 characters", "15 significant digits", "5000 个字符")],
    "NUM16": [refused(folder(cell(V, 3, "most_per_week", "3.7")), "NUM16", (V, 3, "most_per_week", "3.7"), "not a whole number", "write 3 or 4", "不是整数", instead="no fleet; departures a week are whole")],
    # units
    "UNI01": [refused(folder(column(M, "fixed_cost_cny_per_year", times(1e-4))), "UNI05", (M, None, "fixed_cost_cny_per_year", None), "probably in 10,000 CNY", "multiply by 10,000", "万元")],
    "UNI02": [refused(folder(column(D, TONNES, times(1000))), "UNI02", (D, None, TONNES, None), "123x what all sites can do", "divide by 1000", "千克")],
    "UNI03": [refused(folder(cell(L, 2, "time_h", "120")), "UNI03", (L, 2, "time_h", "120"), "perhaps minutes", "write hours", "分钟")],
    "UNI04": [refused(folder(cell(L, 2, "distance_km", "620000")), "UNI01", (L, 2, "distance_km", "620000"), "perhaps metres", "write it in km", "可能写成了米")],
    # keys
    "KEY01": [refused(folder(again(P, 2)), "KEY01", (P, 9, "id", "A"), "row 2 already", "", "已在第 2 行出现")],
    "KEY02": [accepted(folder(cell(D, 2, "id", "000123")))],
    "KEY03": [accepted(folder(cell(D, 2, "id", "1E5")))],
    "KEY04": [accepted(folder(cell(D, 2, "id", "NA"), cell(D, 3, "id", "null"), cell(D, 4, "id", "None")), 'demand.csv row 2 id: "NA" (+ 2) is kept as text')],
    "KEY05": [refused(folder(cell(D, 4, "id", "9007199254740993"), cell(D, 8, "id", "")), "KEY05", (D, 8, "id", None), "empty", "fill it in", "为空")],
    "KEY06": [refused(folder(cell(L, 5, "to_place", "T1")), "KEY06", (L, 5, "to_place", "T1"), "not in places.csv", "correct the id", "不在 places.csv 中", nearest="T")],
    "KEY07": [refused(folder(again(D, 2, id="fmcg_a_b_2025")), "KEY07", (D, 14, "id", "fmcg_a_b_2025"), "only by case from row 2", "", "只差大小写")],
    "KEY08": [
        refused(folder(cell(D, 6, "id", "MACH\u200b1")), "KEY08", (D, 6, "id", "MACH\\u200b1"), "U+200B", "type the id anew", "不可见字符"),
        refused(folder(cell(D, 6, "id", "e\u0301")), "KEY08", (D, 6, "id", "e\u0301"), "decomposed accent", "type the id anew", "重音"),
    ],
    # tables
    "TAB01": [refused(folder(replace(C, "capacity_t_per_year", "capcity_t_per_year")), "TAB01", (C, 1, "capacity_t_per_year", None), 'found "capcity_t_per_year"', "rename it to capacity_t_per_year", "缺少该列", nearest="capcity_t_per_year")],
    "TAB02": [refused(folder(every_line(U, lambda text: f"{text},{text.rsplit(',', 1)[1]}")), "TAB02", (U, 1, "time_h", "time_h"), "more than once", "remove one", "重复出现")],
    "TAB03": [refused(folder(replace(S, "candidate,2025", "candidate")), "TAB03", (S, 3, None, None), "fields, header has", "add the missing fields", "个字段")],
    "TAB04": [refused(folder(replace(S, "DC A,", "DC, A,")), "TAB04", (S, 2, None, None), "fields, header has", "quotes around a cell", "含逗号的单元格请加引号")],
    "TAB05": [refused(folder(replace(U, ",time_h", "")), "TAB05", (U, 2, None, None), "all rows have more fields", "add the missing name", "所有行的字段都比表头多", alone=False)],
    "TAB06": [refused(folder(replace(P, "B,B,B", 'B,"B,B')), "TAB06", (P, 3, None, None), "quote is not closed", "close it", "引号未闭合", alone=False)],
    "TAB07": [
        refused(folder(content(D, b"")), "TAB07", (D, None, None, None), "is empty", "write the header: id,origin", "空文件"),
        refused(folder(every_line(D, lambda text: text if text.startswith("id,") else "")), "TAB07", (D, None, None, None), "no data rows", "", "没有数据行"),
    ],
    "TAB08": [refused(book(put("demand", "F5", "=F4*2")), "TAB08", (BOOK, 5, TONNES, None), "without a stored value", "save it", "公式没有保存计算结果", sheet="demand", cell="F5")],
    "TAB09": [
        refused(book(put("demand", "F6", "#REF!")), "TAB09", (BOOK, 6, TONNES, "#REF!"), "error of the spreadsheet", "repair the formula", "表格软件的错误值", sheet="demand", cell="F6"),
        refused(folder(cell(P, 3, "name_zh", "#N/A")), "TAB09", (P, 3, "name_zh", "#N/A"), "error of the spreadsheet", "repair the formula", "表格软件的错误值"),
    ],
    "TAB10": [refused(book(lambda made: made["demand"].merge_cells("B2:B5")), "TAB10", (BOOK, 2, None, None), "only the first one holds the value", "unmerge them", "合并的单元格", sheet="demand", cell="B2:B5")],
    "TAB11": [
        accepted(book(put("demand", "E2", dt.date(2025, 1, 1))), "sheet demand: 1 dates read as their years", instead="no dates; stages are years"),
        refused(folder(cell(D, 2, "stage", "45658")), "TAB11", (D, 2, "stage", "45658"), "a date of 2025", "write 2025", "日期序号"),
        refused(book(put("demand", "F2", dt.date(2025, 1, 2))), "TAB11", (BOOK, 2, TONNES, "2025-01-02"), "is a date in Excel", "type the cell anew", "本列不能填日期", sheet="demand", cell="F2"),
    ],
    "TAB12": [refused(folder(cell(D, 3, "stage", "2024/2/30")), "TAB12", (D, 3, "stage", "2024/2/30"), "no such day", "such as 2024", "没有这一天", instead="no calendar; stages are years")],
    "TAB13": [
        refused(book(lambda made: setattr(made["demand"], "title", "Sheet1")), "TAB13", (BOOK, None, None, None), 'no sheet "demand"; has', 'to "demand"', "没有工作表“demand”"),
        accepted(book(lambda made: setattr(made["demand"], "title", "需求"))),
    ],
    # geography
    "GEO01": [refused(folder(cell(P, 2, "lat", "113.6"), cell(P, 2, "lon", "34.7")), "GEO01", (P, 2, "lat", "113.6"), "look swapped", "swap the two columns", "经纬度可能填反")],
    "GEO02": [refused(folder(*MOVED, geojson(line("A", "B"), line("B", "T", mode="rail"))), "GEO02", ("places.csv", None, "datum", "wgs84"), "as on Chinese web maps", "gcj02", "国内网络地图", nearest="gcj02")],
    "GEO03": [
        refused(folder(layer(("A", "B", "road", [PLACES["A"], PLACES["B"]]), name="net.shp", crs=None)), "GEO03", ("geometry/net.shp", None, None, None), "no coordinate system", ".prj", "没有坐标系"),
        refused(folder(layer(("A", "B", "road", [PLACES["A"], PLACES["B"]]), crs=None)), "GEO03", ("geometry/net.gpkg", None, None, None), "no coordinate system", "EPSG:4326", "没有坐标系"),
        refused(folder(geojson(line("A", "B", (740000.0, 3843000.0), (630000.0, 3830000.0)))), "GEO03", ("geometry/lines.geojson", None, "feature 1", None), "no degrees", "EPSG:4326", "不是经纬度"),
    ],
    "GEO04": [accepted(folder(layer(("A", "B", "road", [PLACES["A"], PLACES["B"]]), crs="EPSG:4547")), "geometry/net.gpkg: reprojected from EPSG:4547")],
    "GEO05": [
        refused(folder(cell(P, 6, "lat", "0"), cell(P, 6, "lon", "0")), "GEO05", (P, 6, "lat", "0, 0"), "Gulf of Guinea", "real coordinates", "几内亚湾"),
        refused(folder(cell(P, 2, "lon", "190")), "NUM14", (P, 2, "lon", "190"), "between -180 and 180", "", "-180"),
    ],
    "GEO06": [refused(folder(layer(("A", "B", "road", [PLACES["A"], PLACES["B"]]), ("A", "T", "road", None))), "GEO06", ("geometry/net.gpkg", None, "fid 2", None), "empty geometry", "delete the feature or draw it", "几何为空")],
    "GEO07": [refused(folder(layer(("A", "T", "road", [PLACES["A"], PLACES["A"]]))), "GEO07", ("geometry/net.gpkg", None, "fid 1", None), "starts where it ends", "delete the feature", "长度为零")],
    "GEO08": [refused(folder(layer(("A", "B", "road", [PLACES["A"], PLACES["B"]]), title="nodes"), layer(("A", "B", "road", [PLACES["A"], PLACES["B"]]), title="edges")), "GEO08", ("geometry/net.gpkg", None, None, None), 'no layer "links"; has nodes, edges', 'to "links"', "没有图层“links”")],
    "GEO09": [refused(folder(layer(("A", "B", "road", [PLACES["A"], PLACES["B"]])), cut_to("net.gpkg", 3000)), "GEO09", ("geometry/net.gpkg", None, None, None), "is damaged (3,000 bytes)", "copy or export it again", "已损坏")],
    # network
    "NET01": [refused(folder(*ISLAND), "NET02", (D, 14, "destination", "X"), "nothing arrives at X", "", "到达 X")],
    "NET02": [refused(folder(*NO_WAY), "NET02", (D, 6, "destination", "R"), "stops at T (no road_diesel-rail transfer)", "", "止于 T", nearest="T", alone=False)],
    "NET03": [refused(folder(cell(L, 6, "to_place", "B")), "NET03", (L, 6, "to_place", "B"), "ends where it begins", "delete it", "起点与终点相同")],
    "NET04": [refused(folder(cell(L, 3, "cost_cny_per_t", "-2")), "NUM10", (L, 3, "cost_cny_per_t", "-2"), "negative", "at least 0", "为负数", instead="no cost may be negative, so no cycle can be")],
    "NET05": [refused(folder(cell(T, 3, "to_mode", "sea")), "NET05", (T, 3, "to_mode", "sea"), "no link of this mode touches P", "add the link", "没有该方式的线路")],
    "NET06": [accepted(folder(cell(D, 2, TONNES, "190000")), "2025: demand for consolidation")],
    "NET07": [refused(folder(cell(S, 3, "status", "required"), cell(X, 2, "value", "100")), "NET07", (X, 2, "value", "100"), "below 2,000,000", "raise the budget", "最低投资")],
    "NET08": [refused(folder(cell(L, 2, "distance_km", "90")), "NET08", (L, 2, "distance_km", "90"), "less than the straight line", "check the unit", "短于直线距离")],
    # settings
    "CFG01": [refused(folder(replace(N, "time_s =", "tme_s =")), "CFG01", (N, 22, "solver.tme_s", "tme_s"), "the key is unknown", "rename or delete it", "未知的键", nearest="time_s")],
    "CFG02": [refused(folder(below(N, "mip_rel_gp = 0.1\n")), "CFG01", (N, 23, "solver.mip_rel_gp", "mip_rel_gp"), "the key is unknown", "rename or delete it", "未知的键", instead="options of HiGHS are given on the command line only; tested below")],
    "CFG03": [refused(folder(replace(N, "time_s = 600", "time_s = -5")), "NUM10", (N, 22, "solver.time_s", "-5"), "negative", "above 0", "大于 0")],
    "CFG04": [
        refused(folder(replace(N, "name =", "name = 'a'\nname =")), "CFG04", (N, 3, None, None), "twice", "remove one", "重复的键"),
        refused(folder(delete(N), content("instance.json", b'{"seed": 1, "seed": 2}')), "CFG07", ("instance.json", None, None, None), "never opened", "TOML", "不会打开", nearest=N),
    ],
    "CFG05": [refused(folder(rename(N, "instance.yaml")), "CFG07", ("instance.yaml", None, None, None), "never opened", "TOML", "不会打开", nearest=N)],
    "CFG06": [refused(folder(replace(N, "schema = 1", "schema = 3")), "CFG06", (N, 1, "schema", "3"), "reads up to 1", "upgrade hubopt", "请升级 hubopt")],
    # hostile
    "SEC01": [refused(folder(below(N, '[nodes]\npath = "../../etc/passwd"\n')), "SEC01", (N, 23, "nodes", "../../etc/passwd"), "leads out of the instance folder", "into the instance folder", "算例文件夹之外", instead="no paths in settings: tables are found by name")],
    "SEC02": [refused(folder(below(N, '[nodes]\npath = "/etc/passwd"\n')), "SEC01", (N, 23, "nodes", "/etc/passwd"), "absolute path", "into the instance folder", "绝对路径", instead="no paths in settings: tables are found by name")],
    "SEC03": [refused(folder(link_to(P, "/etc/passwd")), "SEC03", (P, None, None, None), "outside the instance folder", "copy the file into the folder", "算例文件夹以外")],
    "SEC04": [
        refused(folder(below(N, '[nodes]\npath = "/vsicurl/http://127.0.0.1:9/x"\n')), "SEC04", (N, 23, "nodes", "/vsicurl/http://127.0.0.1:9/x"), "address of another machine", "into the instance folder", "网络地址"),
        refused(at("/vsicurl/http://127.0.0.1:9/x"), "SEC04", ("/vsicurl/http:/127.0.0.1:9/x", None, None, None), "is an address", "download", "网络地址"),
        refused(at("http://127.0.0.1:9/plan.xlsx"), "SEC04", ("http:/127.0.0.1:9/plan.xlsx", None, None, None), "is an address", "download", "网络地址"),
    ],
    "SEC05": [
        refused(folder(geometry("nodes.geojson", VRT)), "SEC05", ("geometry/nodes.geojson", None, None, None), "such as an OGR VRT, not GeoJSON", "export it from QGIS", "不是 GeoJSON"),
        refused(folder(geometry("nodes.vrt", VRT)), "SEC05", ("geometry/nodes.vrt", None, None, None), "not read", "GeoPackage", "不支持的地图格式"),
        refused(folder(geometry("nodes.gpkg", VRT)), "GEO09", ("geometry/nodes.gpkg", None, None, None), "is damaged", "export it again", "已损坏"),
    ],
    "SEC06": [refused(rebuilt("sheet3.xml", lambda data: data.replace(b"</worksheet>", BLANKS)), "SEC06", (BOOK, None, None, None), "unpacks to 60 MB", "new workbook", "解压后为")],
    "SEC07": [refused(rebuilt("sheet3.xml", lambda data: data.replace(b"<worksheet", DTD, 1)), "SEC07", (BOOK, None, None, None), "DOCTYPE", "save it as .xlsx", "DOCTYPE")],
    "SEC08": [refused(folder(delete(X), content("limits.pkl", PICKLE)), "TAB17", ("limits.pkl", None, None, None), "no table has this file name", "save it as limits.csv", "没有这个文件名的表", nearest=X, instead="no warm starts; no pickle is ever opened")],
    "SEC09": [refused(folder(delete(N), content("instance.yml", TAGGED)), "CFG07", ("instance.yml", None, None, None), "never opened", "TOML", "不会打开", nearest=N)],
    "SEC10": [accepted(folder(cell(P, 2, "name_en", '=HYPERLINK("http://x","y")')))],
    "SEC11": [accepted(folder(cell(P, 2, "name_en", "<script>alert(1)</script>")))],
    "SEC12": [refused(folder(cell(P, 5, "id", TITLE_ESCAPE)), "SEC12", (P, 5, "id", "A\\x1b]0;owned\\x07"), "control character U+001B", "delete it", "控制字符", alone=False)],
    "SEC13": [
        refused(folder(pipe(P)), "SEC13", (P, None, None, None), "no regular file", "put a file of this name", "特殊文件"),
        refused(folder(link_to(P, "/dev/zero")), "SEC03", (P, None, None, None), "outside the instance folder", "copy the file", "算例文件夹以外"),
        refused(at("/dev/zero"), "TAB20", ("/dev/zero", None, None, None), "is a file, not a folder", "give the folder", "不是文件夹"),
    ],
    "SEC14": [refused(at("."), "OPTION", ("", None, None, None), "", "", "", options=("--where", "1=1 OR 1=1"), instead="nothing is filtered by an expression; the option is unknown")],
    "SEC15": [
        refused(folder(sparse(D, 10 * 1024**3)), "SEC15", (D, None, None, None), "10 GB, above the limit of 2 GB", "split the instance", "超过 2 GB 的上限"),
    ],
    "SEC16": [],
}  # fmt: skip
"""SEC16, a file that changes while it is read, needs a second hand: it has a test of its own."""
