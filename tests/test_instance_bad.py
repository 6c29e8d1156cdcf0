# ruff: noqa: E501 (a case is one line, read across)
"""Bad input: each kind is refused with its file, row, column, code and remedy, in both languages."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from hubopt.errors import InputError
from hubopt.instance.read import read
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
    add,
    again,
    bad,
    cell,
    check,
    column,
    content,
    delete,
    drop,
    every_line,
    recode,
    rename,
    replace,
    tiny_folder,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GBK = recode(P, "gb18030")
CHINESE = cell(P, 3, "name_zh", "洛阳")
CASES = {
    # text
    "gbk": bad([CHINESE, GBK], "ENC01", (P, 3, None), ("--encoding gb18030", "按 GB18030 可正常读取")),
    "neither": bad(content(P, b"id\n\xff\xff\n"), "ENC01", (P, 2, None), ("not UTF-8", "不是 UTF-8")),
    "not gb18030 either": bad(
        content(P, b"id\n\xff\xff\n"), "ENC01", (P, 2, None), ("not gb18030", "也不是"), encoding="gbk"
    ),
    "utf-16": bad(recode(P, "utf-16"), "ENC03", (P, None, None), ("UTF-16", "另存为")),
    "utf-16 without mark": bad(recode(P, "utf-16-le"), "ENC03", (P, None, None), ("UTF-16", "UTF-16")),
    "lost": bad(cell(P, 2, "name_zh", "郑\ufffd"), "ENC05", (P, 2, "name_zh"), ("U+FFFD", "丢失")),
    "nul": bad(cell(D, 3, "demand_t_per_year", "1\0 2"), "ENC06", (D, 3, "demand_t_per_year"), ("NUL byte", "空字节")),
    "nul in text": bad(cell(P, 3, "region", "C\0N"), "ENC06", (P, 3, "region"), ("NUL", "空字节")),
    "control": bad(cell(P, 4, "region", "a\x1b]0;b"), "SEC12", (P, 4, "region"), ("U+001B", "控制字符")),
    "encoding option": bad((), "ENC07", ("command line", None, "--encoding"), ("utf-8 or gb18030", "请写 utf-8"), encoding="latin"),
    # numbers
    "unit in cell": bad(cell(D, 7, "demand_t_per_year", "12吨"), "NUM04", (D, 7, "demand_t_per_year"), ('"12吨" is not a number', "不是数字")),
    "reference error": bad(cell(M, 2, "build_cost_cny", "#REF!"), "TAB09", (M, 2, "build_cost_cny"), ("error of the spreadsheet", "表格软件的错误值")),
    "comma": bad(cell(D, 7, "demand_t_per_year", "1,234"), "NUM05", (D, 7, "demand_t_per_year"), ("write 1234", "千位分隔符")),
    "space": bad(cell(D, 7, "demand_t_per_year", "1 234 567"), "NUM05", (D, 7, "demand_t_per_year"), ("write 1234567", "请写 1234567")),
    "blank demand": bad(cell(D, 9, "demand_t_per_year", ""), "NUM06", (D, 9, "demand_t_per_year"), ("write 0 for none", "没有请写 0")),
    "blank life": bad(cell(M, 2, "life_years", ""), "NUM06", (M, 2, "life_years"), ("empty", "为空")),
    "inf": bad(cell(C, 4, "capacity_t_per_year", "inf"), "NUM07", (C, 4, "capacity_t_per_year"), ('blank for "no limit"', "不限请留空")),
    "nan": bad(cell(L, 2, "cost_cny_per_t", "NaN"), "NUM07", (L, 2, "cost_cny_per_t"), ("not a finite number", "不是有限的数")),
    "1e999": bad(cell(L, 2, "cost_cny_per_t", "1e999"), "NUM08", (L, 2, "cost_cny_per_t"), ("exceeds 1e+12", "超过 1e+12")),
    "1e15": bad(cell(C, 4, "capacity_t_per_year", "1e15"), "NUM08", (C, 4, "capacity_t_per_year"), ('leave the cell blank for "no limit"', "不限请留空")),
    "1e-12": bad(cell(L, 8, "cost_cny_per_t", "1e-12"), "NUM09", (L, 8, "cost_cny_per_t"), ("below 1e-06", "请检查单位")),
    "negative": bad(cell(D, 5, "demand_t_per_year", "-3"), "NUM10", (D, 5, "demand_t_per_year"), ("negative", "负数")),
    "unicode minus": bad(cell(D, 5, "demand_t_per_year", "−3"), "NUM10", (D, 5, "demand_t_per_year"), ("negative", "负数")),
    "share above 1": bad(cell(G, 5, "duty_share", "85"), "NUM14", (G, 5, "duty_share"), ("write 0.85", "若指百分数")),
    "percent sign": bad(cell(G, 5, "duty_share", "8.5%"), "NUM17", (G, 5, "duty_share"), ("write 0.085", "百分数")),
    "digits": bad(cell(D, 2, "demand_t_per_year", "1" * 5000), "NUM15", (D, 2, "demand_t_per_year"), ("5000 characters", "15 位有效数字")),
    "not whole": bad(cell(M, 3, "built", "1.7"), "NUM16", (M, 3, "built"), ("write 1 or 2", "请写 1 或 2")),
    "zero life": bad(cell(M, 3, "life_years", "0"), "NUM14", (M, 3, "life_years"), ("between 1 and 500", "必须在 1 与 500 之间")),
    "zero payload": bad(cell(V, 3, "payload_t_per_departure", "0"), "NUM14", (V, 3, "payload_t_per_departure"), ("must be above 0", "必须大于 0")),
    "54 weeks": bad(cell(V, 3, "weeks_per_year", "54"), "NUM14", (V, 3, "weeks_per_year"), ("between 1 and 53", "1 与 53")),
    "part of a site": bad(cell(X, 3, "value", "2.5"), "NUM16", (X, 3, "value"), ("whole number of sites", "设施数不是整数")),
    "ttw above wtw": bad(cell(L, 2, "ttw_g_per_tkm", "75"), "NUM18", (L, 2, "ttw_g_per_tkm"), ("above well-to-wheel (70)", "大于全生命周期排放")),
    "ttw of transfer": bad(cell(T, 2, "ttw_kg_per_t", "3"), "NUM18", (T, 2, "ttw_kg_per_t"), ("above well-to-wheel", "大于")),
    "wrong word": bad(cell(L, 2, "mode", "road_disel"), "NUM19", (L, 2, "mode"), ("write one of: road_diesel", "请写以下之一"), nearest="road_diesel"),
    "wrong mode in set": bad(cell(G, 3, "modes", "rail|plane"), "NUM19", (G, 3, "modes"), ("write one of", "不是可用的词")),
    "Yes": bad(cell(L, 2, "both_ways", "TRUE"), "NUM19", (L, 2, "both_ways"), ("write yes or no", "请写 yes 或 no"), nearest="yes"),
    "transfer in chain": bad(cell(G, 2, "chain", "consolidation>transfer"), "SIT08", (G, 2, "chain"), ("change of mode", "转换运输方式")),
    "no modes": bad(cell(G, 2, "modes", ""), "NUM06", (G, 2, "modes"), ("empty", "为空")),
    # units by magnitude
    "metres": bad(cell(L, 2, "distance_km", "620000"), "UNI01", (L, 2, "distance_km"), ("perhaps metres", "可能写成了米")),
    "metres, short": bad(cell(L, 4, "distance_km", "35000"), "UNI04", (L, 4, "distance_km"), ("far more than the straight line", "远大于直线距离")),
    "minutes": bad(cell(L, 2, "time_h", "120"), "UNI03", (L, 2, "time_h"), ("= 1.08 km/h, perhaps minutes", "可能写成了分钟")),
    "days": bad(cell(L, 7, "time_h", "0.4"), "UNI03", (L, 7, "time_h"), ("perhaps days", "可能写成了天")),
    "no time": bad(cell(L, 2, "time_h", "0"), "UNI03", (L, 2, "time_h"), ("impossible speed", "速度不合理")),
    "latest in minutes": bad(cell(D, 5, "latest_h", "10080"), "UNI01", (D, 5, "latest_h"), ("perhaps minutes", "分钟")),
    "demand in kg": bad(cell(D, 5, "demand_t_per_year", "31400000000"), "UNI01", (D, 5, "demand_t_per_year"), ("perhaps kilograms", "千克")),
    "grid in grams": bad(replace(N, "0.54", "540"), "UNI01", (N, 8, "grid_kg_co2e_per_kwh"), ("perhaps grams", "可能写成了克")),
    "kilograms per tkm": bad([cell(L, 2, "wtw_g_per_tkm", "0.07"), cell(L, 2, "ttw_g_per_tkm", "0")], "UNI01", (L, 2, "wtw_g_per_tkm"), ("perhaps kilograms", "千克")),
    "percent a day": bad(cell(G, 4, "time_cost_share_per_day", "0.8"), "UNI01", (G, 4, "time_cost_share_per_day"), ("perhaps percent", "百分数")),
    "discount in percent": bad(replace(N, "discount_rate = 0.08", "discount_rate = 8"), "NUM14", (N, 6, "discount_rate"), ("write 0.08", "若指百分数")),
    # keys
    "twice": bad(again(P, 2), "KEY01", (P, 9, "id"), ("stands in row 2 already", "已在第 2 行出现")),
    "link twice": bad(again(L, 3), "KEY01", (L, 11, "from_place"), ("row 3", "第 3 行")),
    "way back twice": bad(again(L, 2, from_place="B", to_place="A"), "KEY10", (L, 11, "both_ways"), ("row 2 covers this direction", "已包含该方向")),
    "transfer back twice": bad(again(T, 2, from_mode="road_diesel", to_mode="rail"), "KEY10", (T, 6, "both_ways"), ("row 2 covers", "第 2 行")),
    "no id": bad(cell(D, 8, "id", " "), "KEY05", (D, 8, "id"), ("empty", "请填写")),
    "unknown place": bad(cell(L, 5, "to_place", "TT"), "KEY06", (L, 5, "to_place"), ("not in places.csv", "不在 places.csv 中"), nearest="T"),
    "unknown product": bad(cell(D, 4, "product", "PHONES"), "KEY06", (D, 4, "product"), ('nearest "PHONE"', "不在 products.csv 中"), nearest="PHONE"),
    "unknown stage": bad(cell(D, 4, "stage", "2031"), "KEY06", (D, 4, "stage"), ("not in instance.toml", "请写某阶段的首年"), nearest="2030"),
    "unknown site": bad(cell(H, 2, "site", "DC_C"), "KEY06", (H, 2, "site"), ("not in sites.csv", "不在 sites.csv 中")),
    "unknown module": bad(cell(C, 2, "module", "lage"), "KEY06", (C, 2, "module"), ("no module of DC_A", "不是 modules.csv"), nearest="large"),
    "unknown stop": bad(cell(V, 2, "path", "Q>PP"), "KEY06", (V, 2, "path"), ('"PP" is not in places.csv', "不在 places.csv 中")),
    "case": bad(again(D, 2, id="fmcg_a_b_2025"), "KEY07", (D, 14, "id"), ("only by case from row 2", "只差大小写")),
    "zero width": bad(cell(D, 6, "id", "MACH\u200b1"), "KEY08", (D, 6, "id"), ("U+200B", "不可见字符")),
    "decomposed": bad(cell(D, 6, "id", "e\u0301"), "KEY08", (D, 6, "id"), ("decomposed accent", "重音")),
    "sign in id": bad(cell(D, 6, "id", "A>B"), "KEY09", (D, 6, "id"), ("neither > nor |", "不含 > 和 |")),
    "home country": bad(replace(N, '"CN"', '"CHN"'), "KEY06", (N, None, "home_country"), ("no place in places.csv", "没有该国的地点"), nearest="CN"),
    # tables
    "missing column": bad(every_line(X, lambda line: line.replace("value", "valu")), "TAB01", (X, 1, "value"), ('found "valu"', "请改名为 value"), nearest="valu"),
    "column gone": bad(every_line(U, lambda line: line.rsplit(",", 1)[0]), "TAB01", (U, 1, "time_h"), ("add the column time_h", "请加上 time_h 列")),
    "column twice": bad(every_line(U, lambda line: f"{line},{line.rsplit(',', 1)[1]}"), "TAB02", (U, 1, "time_h"), ("more than once", "重复出现")),
    "extra column": bad(every_line(U, lambda line: f"{line},colour"), "TAB14", (U, 1, "colour"), ("the column is unknown", "未知的列")),
    "no header": bad(drop(U, 1), "TAB01", (U, 1, None), ("write the header: place,mode", "没有本表的任何列名")),
    "short row": bad(replace(D, ",8000,", ",8000"), "TAB03", (D, 2, None), ("6 fields, header has 7", "6 个字段")),
    "long row": bad(replace(D, ",8000,", ",8,000,"), "TAB04", (D, 2, None), ("8 fields, header has 7", "含逗号的单元格请加引号")),
    "all rows long": bad(replace(D, ",latest_h", ""), "TAB05", (D, 2, None), ("all rows have more fields", "所有行的字段都比表头多"), alone=False),
    "open quote": bad(replace(P, "B,B,B", 'B,"B,B'), "TAB06", (P, 3, None), ("quote is not closed", "引号未闭合"), alone=False),
    "quote in quotes": bad(replace(P, "B,B,B", 'B,"a "b" c",B'), "TAB06", (P, 3, None), ("inside a quoted cell", "引号"), alone=False),
    "line break": bad(cell(P, 3, "name_en", "a,b,c\nd,e,f"), "TAB06", (P, 3, "name_en"), ("line break", "换行")),
    "line break in an id": bad(cell(D, 3, "id", "a\nb"), "TAB06", (D, 3, "id"), ("line break", "换行")),
    "empty file": bad(content(D, b""), "TAB07", (D, None, None), ("is empty", "空文件")),
    "header only": bad(every_line(D, lambda line: line if line.startswith("id,") else ""), "TAB07", (D, None, None), ("no data rows", "没有数据行")),
    "semicolons": bad(every_line(D, lambda line: line.replace(",", ";")), "TAB15", (D, 1, None), ("semicolons", "分号")),
    "tabs": bad(every_line(D, lambda line: line.replace(",", "\t")), "TAB15", (D, 1, None), ("tabs", "制表符")),
    "huge cell": bad(cell(P, 3, "name_en", "x" * 200_000), "TAB18", (P, 3, None), ("131072 characters", "单元格过大"), alone=False),
    "long cell": bad(cell(P, 3, "name_en", "x" * 5_000), "TAB18", (P, 3, "name_en"), ("5000 characters", "5000 个字符")),
    # files
    "no places": bad(rename(P, "place.csv"), "TAB16", (P, None, None), ("the file is missing", "缺少该文件"), nearest="place.csv"),
    "no settings": bad(delete(N), "TAB16", (N, None, None), ("hubopt new", "缺少该文件")),
    "misnamed limits": bad(rename(X, "limit.csv"), "TAB17", ("limit.csv", None, None), ("rename it to limits.csv", "请改名为 limits.csv"), nearest="limits.csv"),
    "folder for file": bad([delete(X), lambda folder: (folder / X).mkdir()], "SEC13", (X, None, None), ("is a folder", "是文件夹")),
    "fifo": bad([delete(X), lambda folder: os.mkfifo(folder / X)], "SEC13", (X, None, None), ("no regular file", "特殊文件")),
    # geography
    "swapped": bad([cell(P, 2, "lat", "113.6"), cell(P, 2, "lon", "34.7")], "GEO01", (P, 2, "lat"), ("look swapped", "对调")),
    "swapped in the west": bad([cell(P, 2, "lat", "87.6"), cell(P, 2, "lon", "43.8")], "GEO01", (P, 2, "lat"), ("so they lie in China", "对调后位于中国")),
    "lat 95": bad(cell(P, 2, "lat", "95"), "NUM14", (P, 2, "lat"), ("between -90 and 90", "-90 与 90"), alone=False),
    "lon 190": bad(cell(P, 2, "lon", "190"), "NUM14", (P, 2, "lon"), ("between -180 and 180", "-180")),
    "null island": bad([cell(P, 2, "lat", "0"), cell(P, 2, "lon", "0")], "GEO05", (P, 2, "lat"), ("Gulf of Guinea", "几内亚湾")),
    "not in china": bad([cell(P, 2, "lat", "50"), cell(P, 2, "lon", "8")], "GEO05", (P, 2, "lat"), ("outside CN", "不在 CN 境内")),
    "gcj02 abroad": bad(cell(P, 7, "datum", "gcj02"), "GEO02", (P, 7, "datum"), ("inside China only", "只适用于中国境内"), nearest="wgs84"),
    # network
    "too short": bad(cell(L, 2, "distance_km", "90"), "NET08", (L, 2, "distance_km"), ("straight line A - B 110 km", "短于直线距离")),
    "self loop": bad(cell(L, 2, "to_place", "A"), "NET03", (L, 2, "to_place"), ("ends where it begins", "起点与终点相同")),
    "same ends": bad(cell(D, 2, "destination", "A"), "NET13", (D, 2, "destination"), ("ends where it starts", "起运地与目的地相同")),
    "transfer without link": bad(cell(T, 3, "to_mode", "sea"), "NET05", (T, 3, "to_mode"), ("no link of this mode touches P", "没有该方式的线路")),
    "transfer to itself": bad(cell(T, 3, "to_mode", "road_diesel"), "NET12", (T, 3, "to_mode"), ("does not change", "没有变化")),
    "path without link": bad(cell(V, 5, "path", "T>R"), "NET10", (V, 5, "path"), ("no rail link from T to R", "没有 rail 线路")),
    "only the way back": bad(cell(L, 10, "both_ways", "no"), "NET10", (V, 4, "path"), ("only the other way", "只有反方向")),
    "one stop": bad(cell(V, 5, "path", "T"), "NET09", (V, 5, "path"), ("needs two stops", "至少要有两个地点")),
    "round trip": bad(cell(V, 5, "path", "T>E>T"), "NET11", (V, 5, "path"), ("stops at a place twice", "停靠两次")),
    "least above most": bad(cell(V, 5, "least_per_week", "9"), "SIT01", (V, 5, "least_per_week"), ("more than most_per_week (7)", "大于 most_per_week")),
    "customs abroad": bad(cell(U, 3, "place", "E"), "NET14", (U, 3, "place"), ("not in the home country CN", "不在本国 CN")),
    # sites
    "built above most": bad(cell(M, 3, "built", "5"), "SIT02", (M, 3, "built"), ("more than most (2)", "大于 most")),
    "existing unbuilt": bad(cell(M, 3, "built", "0"), "SIT04", (S, 2, "status"), ("no module of DC_A is built", "没有已建模块")),
    "candidate built": bad(cell(M, 4, "built", "1"), "SIT04", (M, 4, "built"), ("DC_B is candidate", "DC_B 为 candidate")),
    "required without modules": bad([cell(S, 3, "status", "required"), cell(M, 4, "most", "0")], "SIT03", (S, 3, "status"), ("no module that may stand", "没有可用的模块")),
    "transfer elsewhere": bad(cell(S, 4, "place", "A"), "SIT05", (T, 5, "site"), ("stands at A, not T", "位于 A")),
    "transfer without capacity": bad(drop(C, 5), "SIT06", (T, 5, "site"), ("no module of it adds to transfer", "transfer 能力")),
    "capacity without handling": bad(drop(H, 3), "SIT07", (C, 4, "function"), ("no such row in handling.csv", "没有该功能")),
    "handling a transfer": bad(add(H, "TERM_T", "transfer", "1", "1", "1"), "SIT08", (H, 4, "function"), ("transfers.csv", "请删除该行")),
    "function nowhere": bad(cell(G, 2, "chain", "bonded"), "SIT09", (G, 2, "chain"), ("no site offers bonded", "没有设施提供 bonded")),
    "budget of a function": bad(cell(X, 2, "function", "cold"), "CFG03", (X, 2, "function"), ("leave the cell blank", "请留空")),
    # settings
    "unknown key": bad(replace(N, "gap =", "gpa ="), "CFG01", (N, 21, "solver.gpa"), ('nearest "gap"', "未知的键"), nearest="gap"),
    "unknown top key": bad(replace(N, "carbon_price_cny_per_t", "carbon_price"), "CFG01", (N, 7, "carbon_price"), ("the key is unknown", "未知的键"), nearest="carbon_price_cny_per_t", alone=False),
    "missing key": bad(replace(N, "discount_rate = 0.08\n", ""), "CFG02", (N, None, "discount_rate"), ("add discount_rate", "缺少该键")),
    "missing years": bad(replace(N, "year = 2030\nyears = 5", "year = 2030"), "CFG02", (N, 16, "stages.years"), ("add years", "缺少该键")),
    "no stages": bad([replace(N, "[[stages]]\nyear = 2025\nyears = 5\n", ""), replace(N, "[[stages]]\nyear = 2030\nyears = 5\n", "")], "CFG02", (N, None, "stages"), ("[[stages]]", "缺少该键")),
    "negative time": bad(replace(N, "time_s = 600", "time_s = -5"), "NUM10", (N, 22, "solver.time_s"), ("above 0", "大于 0")),
    "text for number": bad(replace(N, "0.08", '"0.08"'), "NUM04", (N, 6, "discount_rate"), ("without quotes", "不带引号")),
    "nan in settings": bad(replace(N, "0.08", "nan"), "NUM07", (N, 6, "discount_rate"), ("finite", "有限")),
    "number for text": bad(replace(N, '"CN"', "86"), "CFG03", (N, 9, "home_country"), ("is not a text", "不是文本")),
    "name no folder": bad(replace(N, '"tiny"', '"../tiny"'), "CFG03", (N, 2, "name"), ("name of a folder", "文件夹名")),
    "name of a device": bad(replace(N, '"tiny"', '"NUL"'), "CFG03", (N, 2, "name"), ("name of a folder", "文件夹名")),
    "broken toml": bad(replace(N, "= 0.08", "0.08"), "CFG04", (N, 6, None), ("is not TOML", "不是有效的 TOML")),
    "key twice": bad(replace(N, "name =", "name = 'a'\nname ="), "CFG04", (N, 3, None), ("twice", "重复的键")),
    "stages overlap": bad(replace(N, "year = 2030", "year = 2028"), "CFG05", (N, 17, "stages.year"), ("before the stage of 2025 has ended", "早于 2025")),
    "newer schema": bad(replace(N, "schema = 1", "schema = 3"), "CFG06", (N, 1, "schema"), ("reads up to 1", "请升级 hubopt")),
    "solver no table": bad(replace(N, "[solver]\ngap = 0.001\ntime_s = 600\n", ""), "CFG03", (N, 1, "solver"), ("no table", "不是一组键")),
}  # fmt: skip
CASES["solver no table"] = bad(
    [CASES["solver no table"].edits[0], replace(N, "schema", "solver = 3\nschema")],
    "CFG03", (N, 1, "solver"), ("no table", "不是一组键"),
)  # fmt: skip
BY_RAIL = cell(G, 3, "modes", "road_diesel|rail")
FROM_R = [
    edit
    for row, place in ((7, "E"), (9, "Q"))
    for edit in (
        cell(L, row, "from_place", "R"),
        cell(L, row, "to_place", place),
        cell(L, row, "both_ways", "no"),
    )
]
ONE_WAY = [
    cell(S, 2, "place", "P"),
    cell(S, 3, "place", "P"),
    cell(L, 4, "both_ways", "no"),
]
NONE_FROM_B = [
    cell(L, 2, "both_ways", "no"),
    cell(L, 3, "both_ways", "no"),
    cell(L, 6, "from_place", "T"),
    cell(L, 6, "to_place", "B"),
    cell(L, 6, "both_ways", "no"),
]
REACH = {
    "no transfer": bad([drop(T, 5), BY_RAIL], "NET02", (D, 6, "destination"), ("stops at T (no road_diesel-rail transfer)", "止于 T"), nearest="T", alone=False),
    "no customs": bad([drop(U, 3), BY_RAIL], "NET02", (D, 6, "destination"), ("nothing clears customs at T by rail", "没有 rail 的清关"), alone=False),
    "nothing arrives": bad(FROM_R, "NET02", (D, 6, "destination"), ("nothing arrives at R by air, rail", "到达 R"), alone=False),
    "nothing leaves": bad(NONE_FROM_B, "NET02", (D, 4, "destination"), ("nothing leaves B by road_battery, road_diesel", "离开 B"), alone=False),
    "modes": bad(cell(G, 3, "modes", "road_diesel"), "NET02", (D, 6, "destination"), ("for MACH by road_diesel; it comes no nearer than B, 7996 km away", "允许更多方式"), nearest="B", alone=False),
    "no transfers": bad(delete(T), "NET02", (D, 6, "destination"), ("transfers.csv has no change of mode", "没有任何方式转换"), alone=False),
    "no room for bulk": bad([cell(G, 3, "cargo", "bulk"), column(V, "cargo", lambda _: "container")], "NET02", (D, 6, "destination"), ("no service on the way takes bulk goods", "不装载 bulk"), alone=False),
    "no site on the way": bad([cell(S, 2, "place", "R"), cell(S, 3, "place", "E")], "NET15", (D, 2, "destination"), ("no site for consolidation can be reached", "到不了提供 consolidation"), alone=False),
    "no way from the site": bad(ONE_WAY, "NET15", (D, 2, "destination"), ("from no site for consolidation can the destination be reached", "到不了目的地"), alone=False),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_where_it_stands(name: str, tmp_path: Path) -> None:
    """Each kind of fault is found alone: right file, row, column, code, both languages."""
    check(CASES[name], tmp_path)


@pytest.mark.parametrize("name", REACH)
def test_unreachable_shipments_say_what_is_missing(name: str, tmp_path: Path) -> None:
    """A shipment without any way says which transfer, clearance or link would help."""
    check(REACH[name], tmp_path)


def test_everything_is_reported_at_once_in_file_order(tmp_path: Path) -> None:
    """Faults in several files and rows come together, by file, row and column."""
    folder = tiny_folder(
        tmp_path,
        cell(D, 3, "product", "WINES"),
        cell(D, 3, "demand_t_per_year", "-1"),
        cell(L, 3, "time_h", "x"),
        cell(L, 2, "to_place", "BB"),
        replace(N, "0.08", "8"),
        cell(P, 2, "kind", "town"),
    )
    with pytest.raises(InputError) as caught:
        read(folder)
    places = [(f.file, f.row, f.column) for f in caught.value.findings]
    assert places == [
        (N, 6, "discount_rate"),
        (P, 2, "kind"),
        (L, 2, "to_place"),
        (L, 3, "time_h"),
        (D, 3, "product"),
        (D, 3, "demand_t_per_year"),
    ]
    assert caught.value.exit_code == 2
    assert caught.value.message.zh.count("\n") == 5


def test_many_of_a_kind_are_counted_not_listed(tmp_path: Path) -> None:
    """Twenty findings of one kind are listed, the rest are one line with their number."""
    many = [again(D, 2, id=f"n{here}", product="NONE") for here in range(35)]
    with pytest.raises(InputError) as caught:
        read(tiny_folder(tmp_path, *many))
    assert len(caught.value.findings) == 21
    assert caught.value.findings[-1].reason.en == "and 15 more of this kind"
    assert caught.value.findings[-1].reason.zh == "还有 15 处同类问题"


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda line: line.replace("FMCG,", "FMCG,x"), "NUM04"),
        (lambda line: line + ",", "TAB04"),
        (lambda line: line.rsplit(",", 1)[0], "TAB03"),
    ],
    ids=["cells", "long rows", "short rows"],
)
def test_millions_of_a_kind_are_never_kept(
    spoil: Callable[[str], str], code: str, tmp_path: Path
) -> None:
    """Of a fault in many rows twenty findings are made and one for the rest, which says how many."""
    edits = [again(D, 2, id=f"n{here}") for here in range(60)]
    edits.append(every_line(D, lambda line: spoil(line) if line.startswith("n") else line))
    with pytest.raises(InputError) as caught:
        read(tiny_folder(tmp_path, *edits))
    assert [(f.code, f.row) for f in caught.value.findings[:20]] == [
        (code, row) for row in range(14, 34)
    ]
    assert [f.reason.en for f in caught.value.findings[20:]] == ["and 40 more of this kind"]


def test_a_broken_row_raises_no_further_findings(tmp_path: Path) -> None:
    """A place with a wrong number is still a known place to the tables that name it."""
    with pytest.raises(InputError) as caught:
        read(tiny_folder(tmp_path, cell(P, 2, "lon", "east")))
    assert [(f.file, f.row, f.column) for f in caught.value.findings] == [(P, 2, "lon")]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A misspelt folder names the nearest one beside it; a file is said to be a file."""
    tiny_folder(tmp_path / "zhengzhou")
    with pytest.raises(InputError) as caught:
        read(tmp_path / "zhengzou")
    assert caught.value.findings[0].nearest == "zhengzhou"
    with pytest.raises(InputError, match="is a file, not a folder"):
        read(tmp_path / "zhengzhou" / P)


def test_an_unreadable_file_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that the system refuses to open is a finding like any other."""
    folder = tiny_folder(tmp_path)

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(InputError) as caught:
        read(folder)
    assert {f.code for f in caught.value.findings} == {"TAB19"}
    assert len(caught.value.findings) == 13
