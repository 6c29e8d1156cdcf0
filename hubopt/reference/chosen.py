"""Which places, lanes and terminals the reference holds: its structure, without any number."""

from __future__ import annotations

HENAN = (
    "ZHENGZHOU", "KAIFENG", "LUOYANG", "PINGDINGSHAN", "ANYANG", "HEBI", "XINXIANG", "JIAOZUO",
    "PUYANG", "XUCHANG", "LUOHE", "SANMENXIA", "NANYANG", "SHANGQIU", "XINYANG", "ZHOUKOU",
    "ZHUMADIAN", "JIYUAN",
)  # fmt: skip

HINTERLAND = (
    "BEIJING", "TIANJIN", "TAIYUAN", "JINAN", "QINGDAO", "SHANGHAI", "SUZHOU", "NANJING", "YIWU",
    "HEFEI", "GUANGZHOU", "SHENZHEN", "WUHAN", "CHANGSHA", "XIAN", "CHENGDU", "CHONGQING",
)  # fmt: skip

ZHENGZHOU_AREA = (
    "CGO", "PUT", "ZIP_E", "ZIP_W", "XZCBZ", "JKCBZ", "HBLC", "WANB", "GUANGWU", "MPF", "CPOST",
)  # fmt: skip

HUBS = ("LYLP", "SQ", "AY", "NY", "ZMD")
"""Rail terminals of Henan's other hubs."""

COLD_PARKS = ("LHC", "XXCOLD")
RIVER_PORTS = ("ZKP_F", "ZKP_X", "LHP", "LHP_N", "HBP")
RIVAL_AIRPORTS = ("PVG", "CAN", "PEK", "XIY", "EHU", "CKG", "TAO")
OCEAN_PORTS = ("CNTAO", "CNTXG", "CNSHA", "CNNGB", "CNNSA", "CNLYG", "CNRZH")
FEEDER_PORTS = ("CNLYG", "CNRZH")
"""Ocean ports with few liner services of their own."""

NEAR_PORTS = ("CNTAC",)
BORDERS = (
    "ALASHANKOU", "DOSTYK", "KHORGOS", "ALTYNKOL", "ERENHOT", "ZAMYN_UUD", "MANZHOULI",
    "ZABAIKALSK", "PINGXIANG", "DONG_DANG", "MOHAN", "BOTEN", "BREST", "MALASZEWICZE", "NAUSHKI",
    "ULAANBAATAR_R",
)  # fmt: skip

DOORS = {
    "REG_EU_NW": ("LUX", "LGG", "FRA", "HAMBURG_R", "LIEGE_R", "NLRTM"),
    "REG_EU_CE": ("BUD", "FRA", "WARSAW_R", "BUDAPEST_R", "PLGDN"),
    "REG_RU": ("SVO", "MOSCOW_R"),
    "REG_CASIA": ("ALMATY_R", "TASHKENT_R"),
    "REG_NA_E": ("JFK", "ORD", "USNYC"),
    "REG_NA_C": ("ORD",),
    "REG_NA_W": ("LAX", "USLAX"),
    "REG_LATAM": ("BRSSZ",),
    "REG_JP": ("NRT", "JPTYO"),
    "REG_KR": ("ICN", "KRPUS"),
    "REG_SEA_M": ("BKK", "THLCH", "VIENTIANE_R", "HANOI_R"),
    "REG_SEA_I": ("KUL", "SGSIN"),
    "REG_ME": ("DXB", "AEJEA"),
    "REG_AF_E": ("ADD", "KEMBA"),
}
"""World regions and the airports, rail terminals and seaports by which freight enters them."""

REGIONS = tuple(DOORS)
DOOR_PLACES = tuple(dict.fromkeys(door for doors in DOORS.values() for door in doors))

SHOPS = {"ZHENGZHOU": "SHOP_ZZ", "XUCHANG": "SHOP_XC"}
"""Large shops (大型商超) that are told apart, by the city whose goods they sell."""

CHARGER_CITIES = ("LUOYANG", "KAIFENG", "ZHENGZHOU")
"""Cities of the green delivery zone, where charging stations may be built.

A road charges at the first of them that is one of its ends.
"""

GREEN_CITIES = (
    "ZHENGZHOU", "KAIFENG", "LUOYANG", "XINXIANG", "XUCHANG", "JIAOZUO", "JIYUAN", "ANYANG",
    *ZHENGZHOU_AREA, "LYLP", "AY", "XXCOLD", *SHOPS.values(),
)  # fmt: skip
"""Places with chargers, after the green delivery programme (绿色货运配送)."""

GREEN_ZONE = frozenset({*CHARGER_CITIES, *ZHENGZHOU_AREA, "LYLP", SHOPS["ZHENGZHOU"]})
"""Places of the green delivery network Zhengzhou, Luoyang, Kaifeng."""

TERMINAL_CITIES = (
    "KAIFENG", "XINXIANG", "XUCHANG", "LUOHE", "ZHOUKOU", "XINYANG",
)  # fmt: skip
"""Cities where a new container terminal may be built at the goods station."""

BULK_STATIONS = ("SANMENXIA", "JIYUAN", "PINGDINGSHAN", "LUOYANG")
"""Cities whose works have sidings for whole trains of ore or coal."""

OPEN_RAIL = ("TAIYUAN", "JINAN", "HEFEI")
"""Hinterland cities reached from Putian by wagonload at any time.

Not those with trains abroad of their own: from train to train no change of mode is charged, and
freight of Henan does not reach other gateways' trains by wagonload.
"""

BLOCK_CITIES = ("GUANGZHOU", "CHENGDU", "CHONGQING", "SHANGHAI", "YIWU", "BEIJING")
"""Hinterland cities reached from Putian by inter-hub block trains."""

BLOCK_PORTS = (
    ("PUT", "CNTAO"), ("PUT", "CNLYG"), ("PUT", "CNTXG"), ("PUT", "CNNGB"), ("PUT", "CNRZH"),
    ("PUT", "CNNSA"), ("LYLP", "CNTAO"), ("AY", "CNTAO"), ("SQ", "CNLYG"),
)  # fmt: skip

ORE_TRAINS = (
    ("CNLYG", "PUT", "JIYUAN"), ("CNTAO", "PUT", "SANMENXIA"), ("CNRZH", "PUT", "LUOYANG"),
)  # fmt: skip

NEW_YARDS = ("ZIP_E", "ZIP_W")
"""Yards of the new land port; their trains run over the access line and past Putian, unstopped."""

WEST = ("ZIP_E", "ALASHANKOU", "DOSTYK", "BREST", "MALASZEWICZE")
NORTH_WEST = ("ZIP_E", "KHORGOS", "ALTYNKOL")
CR_EXPRESS = {
    "HAMBURG": (*WEST, "HAMBURG_R"),
    "LIEGE": (*WEST, "LIEGE_R"),
    "WARSAW": (*WEST, "WARSAW_R"),
    "BUDAPEST": (*WEST, "BUDAPEST_R"),
    "MOSCOW_ERENHOT": (
        "ZIP_E", "ERENHOT", "ZAMYN_UUD", "ULAANBAATAR_R", "NAUSHKI", "MOSCOW_R",
    ),
    "MOSCOW_MANZHOULI": ("ZIP_E", "MANZHOULI", "ZABAIKALSK", "MOSCOW_R"),
    "ALMATY": (*NORTH_WEST, "ALMATY_R"),
    "TASHKENT": (*NORTH_WEST, "ALMATY_R", "TASHKENT_R"),
    "NEV_TASHKENT": ("ZIP_W", "KHORGOS", "ALTYNKOL", "ALMATY_R", "TASHKENT_R"),
    "HANOI": ("ZIP_E", "PINGXIANG", "DONG_DANG", "HANOI_R"),
    "VIENTIANE": ("ZIP_E", "MOHAN", "BOTEN", "VIENTIANE_R"),
}  # fmt: skip
"""Stops of the international trains from Henan, by lane."""

RIVAL_TRAINS = ("XIAN", "CHONGQING", "CHENGDU", "WUHAN")
"""Other gateways of international trains."""

RIVAL_LANES = {
    "HAMBURG_R": ("ALASHANKOU", "DOSTYK", "BREST", "MALASZEWICZE", "HAMBURG_R"),
    "WARSAW_R": ("ALASHANKOU", "DOSTYK", "BREST", "MALASZEWICZE", "WARSAW_R"),
    "MOSCOW_R": ("ALASHANKOU", "DOSTYK", "MOSCOW_R"),
    "ALMATY_R": ("KHORGOS", "ALTYNKOL", "ALMATY_R"),
    "TASHKENT_R": ("KHORGOS", "ALTYNKOL", "ALMATY_R", "TASHKENT_R"),
}
"""The way of a rival's train from the Chinese border, by its end."""

FLIGHTS = (
    "LUX", "LGG", "BUD", "SVO", "JFK", "ORD", "LAX", "NRT", "ICN", "BKK", "KUL", "DXB", "ADD",
)  # fmt: skip
"""Ends of freighter flights from Zhengzhou."""

RIVAL_FLIGHTS = {
    "PVG": ("FRA", "JFK", "ORD", "LAX", "NRT", "ICN", "BKK", "KUL", "DXB"),
    "CAN": ("FRA", "LAX", "BKK", "KUL", "DXB", "ADD"),
    "PEK": ("FRA", "LAX", "SVO"),
    "XIY": ("FRA", "ICN"),
    "EHU": ("LGG", "ORD"),
    "CKG": ("LUX", "BKK"),
    "TAO": ("ICN", "NRT"),
}
"""Space sold on flights from other gateways, by airport."""

DOMESTIC_FLIGHTS = ("CAN", "PVG", "CKG", "PEK", "TAO")
"""Airports with belly and freighter space from and to Zhengzhou."""

CHARGER_TERMINALS = ("CGO", "PUT", "LYLP")
"""Terminals at which battery trucks load and unload."""

PORTS_ABROAD = (
    "NLRTM", "PLGDN", "USLAX", "USNYC", "BRSSZ", "JPTYO", "KRPUS", "THLCH", "SGSIN", "AEJEA",
    "KEMBA",
)  # fmt: skip

SAILINGS = (
    ("CNLYG", "KRPUS"), ("CNLYG", "JPTYO"), ("CNTAC", "JPTYO"), ("CNLYG", "SGSIN"),
    ("CNTAC", "THLCH"),
)  # fmt: skip

LINER_BARGES = (("ZKP_X", "CNTAC"), ("ZKP_X", "CNLYG"))

BULK_WATERWAYS = (
    ("ZKP_F", "CNLYG"), ("ZKP_F", "CNTAC"), ("ZKP_F", "HEFEI"), ("ZKP_F", "NANJING"),
    ("HBP", "CNTAC"), ("HBP", "HEFEI"), ("HBP", "NANJING"), ("LHP", "ZKP_F"), ("LHP_N", "ZKP_F"),
    ("WUHAN", "CNTAC"), ("CHONGQING", "WUHAN"), ("CNTAC", "CNSHA"), ("NANJING", "CNTAC"),
)  # fmt: skip

COASTAL = (("CNTAC", "CNNSA"), ("CNLYG", "CNNSA"))

EXTRA_ROADS = (
    ("CHANGSHA", "GUANGZHOU"), ("CHANGSHA", "WUHAN"), ("TAIYUAN", "CNTXG"), ("XIAN", "CHENGDU"),
    ("WUHAN", "HEFEI"), ("WUHAN", "CHONGQING"), ("NANJING", "HEFEI"), ("SUZHOU", "SHANGHAI"),
    ("BEIJING", "TIANJIN"), ("JINAN", "TIANJIN"), ("TAIYUAN", "XIAN"), ("SUZHOU", "NANJING"),
    ("YIWU", "SHANGHAI"), ("GUANGZHOU", "SHENZHEN"), ("JINAN", "QINGDAO"), ("HEFEI", "SUZHOU"),
    ("LHP", "LHP_N"), *SHOPS.items(),
)  # fmt: skip
"""Roads for which no measured leg is carried: between hinterland cities, and inside a port."""

HOME = (
    *HENAN, *HINTERLAND, *ZHENGZHOU_AREA, *HUBS, *COLD_PARKS, *RIVER_PORTS, "CGO",
    *RIVAL_AIRPORTS, *OCEAN_PORTS, *NEAR_PORTS, *SHOPS.values(),
)  # fmt: skip

PLACES = tuple(dict.fromkeys((*HOME, *BORDERS, *DOOR_PLACES, *REGIONS)))
