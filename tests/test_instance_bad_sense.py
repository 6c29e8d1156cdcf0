# ruff: noqa: E501 (a case is one line, read across)
"""Bad input that reads well but makes no sense: units, encodings, twins, limits, absent files."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import HuboptError, InputError
from hubopt.instance.read import read
from hubopt.text import Text
from tests.instance_folder import (
    C,
    D,
    G,
    H,
    L,
    M,
    N,
    P,
    S,
    T,
    U,
    V,
    X,
    above,
    again,
    bad,
    below,
    cell,
    check,
    column,
    content,
    delete,
    every_line,
    link_to,
    recode,
    rename,
    replace,
    rows_of,
    save,
    times,
    tiny_folder,
)

if TYPE_CHECKING:
    from pathlib import Path

GBK_AS_LATIN = "洛阳中心".encode("gbk").decode("latin-1")
UTF8_AS_LATIN = "郑州".encode().decode("cp1252")
UTF8_AS_GBK = "洛阳城市".encode().decode("gbk")
REQUIRED = cell(S, 3, "status", "required")


def header_again(folder: Path) -> None:
    """Join a file to itself, header and all."""
    head, *rows = rows_of(folder / U)
    save(folder / U, [head, *rows, head])


CASES = {
    # files and encodings
    "link out": bad(link_to(D, "/etc/passwd"), "SEC03", (D, None, None), ("outside the instance folder", "算例文件夹以外")),
    "dead link out": bad(link_to(D, "/nowhere/demand.csv"), "SEC03", (D, None, None), ("copy the file", "请把文件复制")),
    "link up": bad(link_to(X, "../limits.csv"), "SEC03", (X, None, None), ("outside the instance folder", "链接")),
    "link to itself": bad(link_to(X, "limits.csv"), "TAB19", (X, None, None), ("cannot be read", "无法读取")),
    "workbook": bad(content(D, b"PK\x03\x04" + b"\0" * 300), "TAB25", (D, None, None), ("workbook", "工作簿")),
    "workbook beside": bad(rename(X, "limits.xlsx"), "TAB17", ("limits.xlsx", None, None), ("save it as limits.csv", "请另存为 limits.csv"), nearest="limits.csv"),
    "other case": bad(rename(X, "Limits.CSV"), "TAB17", ("Limits.CSV", None, None), ("rename it to limits.csv", "请改名为 limits.csv")),
    "settings in utf-16": bad(recode(N, "utf-16"), "ENC03", (N, None, None), ("save it as UTF-8", "另存为 UTF-8")),
    "gbk as latin": bad(cell(P, 2, "name_zh", GBK_AS_LATIN), "ENC04", (P, 2, "name_zh"), ('looks like "洛阳中心"', "像是“洛阳中心”")),
    "utf-8 as latin": bad(cell(P, 2, "name_zh", UTF8_AS_LATIN), "ENC04", (P, 2, "name_zh"), ('looks like "郑州"', "像是“郑州”")),
    "umlaut as latin": bad(cell(P, 2, "name_en", "ZÃ¼rich"), "ENC04", (P, 2, "name_en"), ('looks like "Zürich"', "像是“Zürich”")),
    "utf-8 as gbk": bad(cell(P, 2, "name_zh", UTF8_AS_GBK), "ENC04", (P, 2, "name_zh"), ('looks like "洛阳城市"', "像是“洛阳城市”")),
    "header as latin": bad(every_line(U, lambda line: f"{line},±àºÅ"), "ENC04", (U, 1, "±àºÅ"), ('looks like "编号"', "像是“编号”")),
    "turned text": bad(cell(P, 2, "name_en", "a\u202eb"), "SEC12", (P, 2, "name_en"), ("U+202E", "控制字符")),
    # layout
    "line above the header": bad(above(D, "sep=,\n"), "TAB23", (D, 1, None), ("that stands in row 2", "表头在第 2 行")),
    "title above the header": bad(above(D, "运输需求表,,,,,,\n\n# 2025\n"), "TAB23", (D, 1, None), ("that stands in row 4", "表头在第 4 行")),
    "header again": bad(header_again, "TAB23", (U, 4, None), ("header once more", "再次出现表头")),
    "note below": bad(below(D, "注：估算\n"), "TAB03", (D, 14, None), ("or delete the row", "或删除该行")),
    "full-width sign": bad(cell(V, 2, "path", "Q＞P"), "TAB22", (V, 2, "path"), ("write Q>P", "请写 Q>P")),
    "path with |": bad(cell(V, 2, "path", "Q | P"), "TAB22", (V, 2, "path"), ("write Q>P", "请写 Q>P")),
    "path with comma": bad(cell(V, 2, "path", "Q, P"), "TAB22", (V, 2, "path"), ("not joined by >", "未用 > 连接")),
    "path with arrow": bad(cell(V, 2, "path", "Q→P"), "TAB22", (V, 2, "path"), ("write Q>P", "请写 Q>P")),
    "path ends in >": bad(cell(V, 2, "path", "Q>P>"), "TAB22", (V, 2, "path"), ("empty entry", "空的条目")),
    "modes with comma": bad(cell(G, 3, "modes", "road_diesel, rail、air"), "TAB22", (G, 3, "modes"), ("write road_diesel|rail|air", "请写 road_diesel|rail|air")),
    "modes with full-width |": bad(cell(G, 3, "modes", "road_diesel｜rail"), "TAB22", (G, 3, "modes"), ("write road_diesel|rail", "未用 | 连接")),
    "chain with |": bad(cell(G, 2, "chain", "consolidation|cold"), "TAB22", (G, 2, "chain"), ("write consolidation>cold", "请写 consolidation>cold")),
    # numbers
    "too many digits": bad(cell(D, 2, "demand_t_per_year", "1234567.890123456789"), "NUM15", (D, 2, "demand_t_per_year"), ("19 significant digits and would become 1234567.8901234567", "至多写 15 位")),
    "too many digits in toml": bad(replace(N, "0.54", "0.54000000000000000001"), "NUM15", (N, 8, "grid_kg_co2e_per_kwh"), ("20 significant digits", "20 位有效数字")),
    "decimal comma": bad(cell(D, 2, "demand_t_per_year", "12,5"), "NUM05", (D, 2, "demand_t_per_year"), ("write 12.5", "用逗号作小数点")),
    "european": bad(cell(D, 2, "demand_t_per_year", "1.234,5"), "NUM05", (D, 2, "demand_t_per_year"), ("write 1234.5", "请写 1234.5")),
    "invisible in a number": bad(cell(D, 2, "demand_t_per_year", "80\u200b00"), "KEY08", (D, 2, "demand_t_per_year"), ("U+200B", "不可见字符")),
    "degrees and minutes": bad(cell(P, 2, "lat", "34°42′"), "NUM04", (P, 2, "lat"), ("decimal degrees", "十进制度数")),
    "no latitude": bad(cell(P, 2, "lat", ""), "NUM06", (P, 2, "lat"), ("fill it in", "请填写")),
    "no factor": bad(cell(G, 2, "space_factor", ""), "NUM06", (G, 2, "space_factor"), ("write 1 for no change", "不调整请写 1")),
    "no space": bad(cell(G, 2, "space_factor", "0"), "NUM14", (G, 2, "space_factor"), ("above 0", "大于 0")),
    "huge space": bad(cell(G, 2, "space_factor", "600"), "UNI01", (G, 2, "space_factor"), ("too large for a factor", "作为系数过大")),
    "no cargo": bad(cell(G, 2, "cargo", ""), "NUM06", (G, 2, "cargo"), ("write one of: container, bulk", "请写以下之一")),
    "unknown cargo": bad(cell(G, 2, "cargo", "boxes"), "NUM19", (G, 2, "cargo"), ("write one of: container, bulk", "不是可用的词")),
    "unknown cargo of a service": bad(cell(V, 2, "cargo", "container|pallets"), "NUM19", (V, 2, "cargo"), ("write one of: container, bulk", "不是可用的词")),
    "required without capacity": bad([REQUIRED, cell(C, 4, "capacity_t_per_year", "0")], "NUM11", (C, 4, "capacity_t_per_year"), ("DC_B is required, but could do no consolidation", "DC_B 为 required")),
    # units by magnitude
    "build costs in 10,000": bad(column(M, "build_cost_cny", times(1e-4)), "UNI05", (M, None, "build_cost_cny"), ("probably in 10,000 CNY", "万元")),
    "fixed costs in 10,000": bad(column(M, "fixed_cost_cny_per_year", times(1e-4)), "UNI05", (M, None, "fixed_cost_cny_per_year"), ("multiply by 10,000", "乘以 10,000")),
    "departures in 10,000": bad(column(V, "cost_cny_per_departure", times(1e-4)), "UNI05", (V, None, "cost_cny_per_departure"), ("per tonne-kilometre", "每吨公里")),
    "values in 10,000": bad(column(G, "value_cny_per_t", lambda _: "1.5"), "UNI05", (G, None, "value_cny_per_t"), ("1.5 CNY per tonne", "万元")),
    "all demand in kg": bad(column(D, "demand_t_per_year", times(1000)), "UNI02", (D, None, "demand_t_per_year"), ("123x what all sites can do", "可能写成了千克")),
    "shipments in kg": bad(column(D, "demand_t_per_year", lambda _: "90000000"), "UNI02", (D, None, "demand_t_per_year"), ("the median shipment is 90,000,000 t/year; probably kilograms", "千克")),
    "payload in kg": bad(cell(V, 5, "payload_t_per_departure", "900000"), "UNI02", (V, 5, "payload_t_per_departure"), ("more than any rail departure carries (50,000 t)", "千克")),
    "transfer in minutes": bad(cell(T, 2, "time_h", "720"), "UNI01", (T, 2, "time_h"), ("perhaps minutes", "分钟")),
    "handling in minutes": bad(cell(H, 2, "time_h", "1440"), "UNI01", (H, 2, "time_h"), ("perhaps minutes", "分钟")),
    "wait in minutes": bad(cell(V, 2, "wait_h", "600"), "UNI01", (V, 2, "wait_h"), ("perhaps minutes", "分钟")),
    "customs in minutes": bad(cell(U, 2, "time_h", "600"), "UNI01", (U, 2, "time_h"), ("perhaps minutes", "分钟")),
    "short road in minutes": bad(cell(L, 5, "time_h", "30"), "UNI03", (L, 5, "time_h"), ("20 km / 30 h = 0.667 km/h, perhaps minutes", "分钟")),
    "flight in minutes": bad(cell(L, 8, "time_h", "690"), "UNI03", (L, 8, "time_h"), ("12.6 km/h, perhaps minutes", "分钟")),
    "clean grid": bad(replace(N, "0.54", "0"), "UNI06", (N, 8, "grid_kg_co2e_per_kwh"), ("no grid runs without emissions", "没有零排放的电网")),
    "clean battery": bad(cell(L, 3, "wtw_g_per_tkm", "0"), "UNI06", (L, 3, "wtw_g_per_tkm"), ("making its electricity", "发电排放")),
    "clean diesel": bad([cell(L, 2, "wtw_g_per_tkm", "0"), cell(L, 2, "ttw_g_per_tkm", "0")], "UNI06", (L, 2, "wtw_g_per_tkm"), ("burning and making its fuel", "燃烧与生产")),
    # keys
    "country by case": bad(cell(P, 3, "country", "cn"), "KEY07", (P, 3, "country"), ("only by case from row 2", "只差大小写"), nearest="CN"),
    "country of home by case": bad([cell(P, 2, "country", "cn"), cell(P, 3, "country", "CN")], "KEY07", (P, 2, "country"), ("only by case from row 3", "与第 3 行"), nearest="CN"),
    "country by another name": bad(cell(P, 3, "country", "中国"), "KEY07", (P, 3, "country"), ("is CN by another name", "同一国家"), nearest="CN"),
    "home by case": bad(replace(N, '"CN"', '"cn"'), "KEY06", (N, None, "home_country"), ("spell it as in places.csv", "写法一致"), nearest="CN"),
    "full-width twin": bad(again(D, 2, id="ＦＭＣＧ_A_B_2025"), "KEY07", (D, 14, "id"), ("look alike from row 2", "外形相近"), nearest="FMCG_A_B_2025"),
    "cyrillic twin": bad(again(D, 2, id="FMСG_A_B_2025"), "KEY07", (D, 14, "id"), ("look alike", "外形相近")),
    "cyrillic reference": bad(cell(D, 2, "origin", "А"), "KEY06", (D, 2, "origin"), ("letters of another alphabet", "异种字母"), nearest="A"),
    "no-break space": bad(cell(D, 2, "id", "a\u00a0b"), "KEY08", (D, 2, "id"), ("the space U+00A0", "空格 U+00A0")),
    "empty place id": bad(cell(P, 2, "id", ""), "KEY05", (P, 2, "id"), ("empty", "为空")),
    "broken place id": bad(cell(P, 2, "id", "A|"), "KEY09", (P, 2, "id"), ("is no id", "不是有效编号")),
    "link to nowhere": bad(cell(L, 10, "to_place", "EE"), "KEY06", (L, 10, "to_place"), ("not in places.csv", "不在 places.csv 中"), nearest="E"),
    "site at nowhere": bad(cell(S, 4, "place", "TT"), "KEY06", (S, 4, "place"), ("not in places.csv", "不在 places.csv 中"), nearest="T"),
    "module of no site": bad(cell(M, 4, "site", "DC_X"), "KEY06", (M, 4, "site"), ("not in sites.csv", "不在 sites.csv 中")),
    # absent files
    "sites absent": bad(delete(S), "TAB16", (S, None, None), ("handling.csv row 2 needs it", "handling.csv 第 2 行需要它")),
    "modules absent": bad(delete(M), "TAB16", (M, None, None), ("sites.csv row 2 needs it", "sites.csv 第 2 行需要它")),
    "handling absent": bad(delete(H), "TAB16", (H, None, None), ("capacities.csv row 2 needs it", "需要它")),
    "capacities absent": bad(delete(C), "TAB16", (C, None, None), ("transfers.csv row 5 needs it", "需要它")),
    "services absent": bad(delete(V), "TAB16", (V, None, None), ("links.csv row 8 needs it", "需要它")),
    # limits
    "budget below required": bad([REQUIRED, cell(X, 2, "value", "100")], "NET07", (X, 2, "value"), ("below 2,000,000, the least for the required sites DC_B", "最低投资 2,000,000 元")),
    "fewer sites than stand": bad(cell(X, 3, "value", "0"), "SIT10", (X, 3, "value"), ("that stand or are required: DC_A", "已有和必建的 1 个设施：DC_A")),
    "fewer sites than required": bad([REQUIRED, cell(X, 3, "value", "1")], "SIT10", (X, 3, "value"), ("2 sites that stand or are required: DC_A, DC_B", "DC_A, DC_B")),
    # settings
    "gap nan": bad(replace(N, "gap = 0.001", "gap = nan"), "NUM07", (N, 21, "solver.gap"), ("write a number", "请写一个数")),
    "time inf": bad(replace(N, "time_s = 600", "time_s = inf"), "NUM07", (N, 22, "solver.time_s"), ("write a number", "请写一个数")),
    "no home": bad(replace(N, 'home_country = "CN"\n', ""), "CFG02", (N, None, "home_country"), ('add home_country = "CN" (Country', '请加上 home_country = "CN"')),
    "no base year": bad(replace(N, "base_year = 2025\n", ""), "CFG02", (N, None, "base_year"), ("add base_year = 2025 (Year", "请加上 base_year = 2025")),
    "home below solver": bad([replace(N, 'home_country = "CN"\n', ""), below(N, 'home_country = "CN"\n')], "CFG01", (N, 22, "solver.home_country"), ("move it to the top", "请移到文件开头")),
    "gap above": bad(replace(N, "schema = 1\n", "schema = 1\ngap = 0.1\n"), "CFG01", (N, 2, "gap"), ("belongs below [solver]", "[solver] 之下")),
    "curly quotes": bad(replace(N, '"CN"', "“CN”"), "CFG04", (N, 9, None), ("type quotes and = anew", "半角引号")),
    "schema 0": bad(replace(N, "schema = 1", "schema = 0"), "NUM14", (N, 1, "schema"), ("exactly 1", "等于 1")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_nonsense_is_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    """Each kind is found alone: right file, row, column, code, and a remedy in both languages."""
    check(CASES[name], tmp_path / "tiny")


def test_nearest_names_are_looked_for_only_where_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of fifty unknown products in a column, twenty are listed and compared with all names."""
    asked: list[str] = []
    monkeypatch.setattr("hubopt.instance.check_keys.nearest_of", lambda name, _: asked.append(name))
    many = [again(D, 2, id=f"n{here}", product=f"NONE{here}") for here in range(50)]
    with pytest.raises(InputError):
        read(tiny_folder(tmp_path, *many))
    assert len(asked) == 20


def test_a_file_that_changes_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table that another program writes meanwhile is refused, not half read."""
    folder = tiny_folder(tmp_path)
    real = type(folder).read_bytes

    def slow(path: Path) -> bytes:
        content = real(path)
        if path.name == D:
            path.write_bytes(content + b"x,A,B,FMCG,2025,1,\n")
        return content

    monkeypatch.setattr("pathlib.Path.read_bytes", slow)
    with pytest.raises(InputError) as caught:
        read(folder)
    assert [(f.file, f.code) for f in caught.value.findings] == [(D, "SEC16")]


def test_errors_pass_between_processes(tmp_path: Path) -> None:
    """An error that is pickled keeps its findings and both languages."""
    with pytest.raises(InputError) as caught:
        read(tiny_folder(tmp_path, cell(D, 3, "product", "WINES")))
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301  (made here)
    assert copy.findings == caught.value.findings
    assert copy.message == caught.value.message
    plain = pickle.loads(pickle.dumps(HuboptError(Text("no", "否"))))  # noqa: S301
    assert plain.message == Text("no", "否")
