"""Units: what a number measures, in four languages, and what one of it is worth in its base unit."""

import re

# Base unit, worth of one in it, spellings. Speeds count as lengths: "시속 70km" for "70 km/h".
_TABLE = (
    ("second", 1e-9, "ns|nanosecond|나노초|ナノ秒|纳秒"),
    ("second", 1e-6, "µs|μs|us|microsecond|마이크로초|マイクロ秒|微秒"),
    ("second", 1e-3, "ms|msec|millisecond|밀리초|ミリ秒|毫秒"),
    ("second", 1.0, "s|sec|secs|second|초|秒|秒間|秒钟"),
    ("second", 60.0, "min|mins|minute|분|分钟|分間|分鐘"),
    ("second", 3600.0, "h|hr|hrs|hour|시간|時間|小时|小時"),
    ("second", 86400.0, "day|night|일|日|日間|天"),
    ("second", 604800.0, "week|주|주일|週|週間|周|星期"),
    ("year", 1 / 12, "month|개월|달|か月|ヶ月|カ月|ヵ月|ケ月|か月間|ヶ月間|个月|個月"),
    ("year", 1.0, "yr|yrs|year|년|年|年間|年间"),
    ("year", 10.0, "decade"),
    ("byte", 1.0, "byte|바이트|バイト|字节"),
    ("byte", 1e3, "KB|kB|KiB|kilobyte|킬로바이트|キロバイト|千字节"),
    ("byte", 1e6, "MB|MiB|megabyte|메가바이트|メガバイト|兆字节"),
    ("byte", 1e9, "GB|GiB|gigabyte|기가바이트|ギガバイト|吉字节"),
    ("byte", 1e12, "TB|TiB|terabyte|테라바이트|テラバイト|太字节"),
    ("byte", 1e15, "PB|PiB|petabyte|페타바이트|ペタバイト"),
    ("bit", 1.0, "bit|비트|ビット|比特"),
    ("bit", 1e3, "kbit|kbps|Kbps|kbit/s"), ("bit", 1e6, "Mbit|Mbps|Mbit/s"),
    ("bit", 1e9, "Gbit|Gbps|Gbit/s"),
    ("metre", 1e-9, "nm|nanometre|nanometer|나노미터|ナノメートル|纳米"),
    ("metre", 1e-6, "µm|μm|um|micrometre|micrometer|micron|마이크로미터|マイクロメートル|微米"),
    ("metre", 1e-3, "mm|millimetre|millimeter|밀리미터|ミリメートル|毫米"),
    ("metre", 1e-2, "cm|centimetre|centimeter|센티미터|センチメートル|センチ|厘米"),
    ("metre", 1.0, "m|metre|meter|미터|メートル|米"),
    ("metre", 1e3, "km|kph|kilometre|kilometer|킬로미터|キロメートル|公里|千米"),
    ("metre", 1609.344, "mile|mph|마일|マイル|英里"), ("metre", 0.3048, "ft|feet|foot|피트|フィート|英尺"),
    ("square metre", 1.0, "m^2|square metre|square meter|제곱미터|평방미터|平方メートル|平方米"),
    ("square metre", 1e6, "km^2|square kilometre|square kilometer|제곱킬로미터|평방킬로미터|平方キロメートル|平方公里"),
    ("cubic metre", 1.0, "m^3|cubic metre|cubic meter|세제곱미터|立方メートル|立方米"),
    ("gram", 1e-3, "mg|milligram|밀리그램|ミリグラム|毫克"), ("gram", 1.0, "g|gram|그램|グラム|克"),
    ("gram", 1e3, "kg|kilogram|킬로그램|キログラム|千克|公斤"), ("gram", 1e6, "tonne|ton|톤|トン|吨"),
    ("hertz", 1.0, "Hz|hertz|헤르츠|ヘルツ|赫兹"), ("hertz", 1e3, "kHz|KHz|kilohertz|킬로헤르츠|キロヘルツ|千赫|千赫兹"),
    ("hertz", 1e6, "MHz|megahertz|메가헤르츠|メガヘルツ|兆赫|兆赫兹"),
    ("hertz", 1e9, "GHz|gigahertz|기가헤르츠|ギガヘルツ|吉赫|吉赫兹"), ("hertz", 1e12, "THz|terahertz|테라헤르츠"),
    ("decibel", 1.0, "dB|dBm|dBFS|decibel|데시벨|デシベル|分贝"),
    ("watt", 1e-3, "mW|milliwatt|밀리와트|ミリワット|毫瓦"), ("watt", 1.0, "W|watt|와트|ワット|瓦|瓦特"),
    ("watt", 1e3, "kW|kilowatt|킬로와트|キロワット|千瓦"), ("watt", 1e6, "MW|megawatt|메가와트|メガワット|兆瓦"),
    ("watt hour", 1.0, "Wh|watt-hour"), ("watt hour", 1e3, "kWh|kilowatt-hour|킬로와트시|キロワット時|千瓦时|度电"),
    ("watt hour", 1e6, "MWh"), ("joule", 1e-3, "mJ|millijoule"), ("joule", 1.0, "J|joule|줄|ジュール|焦耳"),
    ("volt", 1e-3, "mV|millivolt"), ("volt", 1.0, "V|volt|볼트|ボルト|伏"), ("volt", 1e3, "kV|kilovolt"),
    ("degree", 1.0, "°|degree"),
    ("celsius", 1.0, "°C|° C|degree Celsius|degrees Celsius|摄氏度"),
    ("fahrenheit", 1.0, "°F|° F|degree Fahrenheit|degrees Fahrenheit|华氏度"),
    ("dollar", 1.0, "dollar|USD|US dollar|달러|ドル|美元"), ("dollar", 0.01, "cent|센트|セント|美分"),
    ("euro", 1.0, "euro|EUR|유로|ユーロ|欧元"), ("won", 1.0, "won|KRW|원|ウォン|韩元"),
    ("yen", 1.0, "yen|JPY|엔|円|日元"), ("yuan", 1.0, "yuan|CNY|RMB|위안|元|人民元|人民币"),
    ("pound", 1.0, "GBP|파운드|ポンド|英镑"),
)  # fmt: skip
# What may not, or must, follow where the sign also begins another word.
_ENDED = r"(?=[간\s에을를이은는의로까만동부,.)]|$)"
_GUARDS = {
    "초": r"(?![기점록과월당고])", "분": r"(?![의류할포야석기산위해절량자])", "일": _ENDED, "주": _ENDED,
    "원": r"(?=[\s에을이은의으,.)]|$)", "엔": r"(?=[\s에을이의으,.)]|$)", "달": r"(?![러성라리])", "년": r"(?!대|도)",
    "줄": r"(?!\s|이|로|의|을|은)", "톤": r"(?!을|이)", "秒": r"(?!単位)", "日": r"(?![本常程付々系語])", "天": r"(?![气然空线文際])",
    "周": r"(?![围边期末长波辺囲知])", "年": r"(?![度代齢龄级次末])", "元": r"(?=[，,。、的]|$)", "円": r"(?![形環筒周滑弧盤])",
    "米": r"(?![国粒饭])", "克": r"(?![服隆拉])", "瓦": r"(?![片解])", "ドル": r"(?!マ)", "トン": r"(?!ネ)", "伏": r"(?=[，,。、的]|$)",
    "週": r"(?!末)",
}  # fmt: skip
_WORD = 3
_SIGNS: dict[str, tuple[str, float]] = {}
for _kind, _worth, _spellings in _TABLE:
    for _sign in _spellings.split("|"):
        _SIGNS[_sign] = (_kind, _worth)
        if _sign.isascii() and _sign.islower() and len(_sign) > _WORD and _sign != "feet":
            _SIGNS[f"{_sign}s"] = (_kind, _worth)
_SIGNS |= {
    "bits": ("bit", 1.0),
    "days": _SIGNS["day"],
    "miles": _SIGNS["mile"],
    "tons": _SIGNS["ton"],
}
_ORDER = sorted(_SIGNS, key=len, reverse=True)


def _guarded(sign: str) -> str:
    latin = r"(?![A-Za-z0-9^])" if sign[-1].isascii() and sign[-1].isalnum() else ""
    return re.escape(sign) + _GUARDS.get(sign, latin)


_UNIT = re.compile(rf"[\s-]?({'|'.join(map(_guarded, _ORDER))})")
WORDS = "|".join(sign for sign in _ORDER if re.fullmatch(r"[a-z]{4,}|days?", sign))
_ONE = re.compile(rf"\b(?:an?|one|per|each|every|single|the)[\s-]({WORDS})\b")
_ADVERBS = {"hourly": 3600.0, "daily": 86400.0, "weekly": 604800.0, "overnight": 86400.0}
# "1,200 A100 hours"; not "90 images per second".
_LATER = re.compile(
    rf"(?:[\s-](?!(?:per|in|of|for|and|to|within|at|on|with|a)\b)[A-Za-z0-9]+){{1,2}}[\s-](?:{WORDS})\b"
)
_FOLLOWED = re.compile(r"[\s-]?([A-Za-z]+)")
_JOINING = frozenset(
    """to and or versus vs at in for on with from per than against while when which that by as but
    rather instead compared respectively of is are was were after before under over if so the
    without within during down up using this it only more less overall""".split()
)
_MINUTES = re.compile(r"\s?分(?![のー之類野割布析散岐子解離間钟鐘位岐配])")
_SECONDS = re.compile(r"\s?\d+\s?秒")
_KANA = re.compile("[ぁ-ん]")
_CURRENCY = re.compile(r"([$€£]|USD|EUR)\s?$")
_CURRENCIES = {"$": "dollar", "USD": "dollar", "€": "euro", "EUR": "euro", "£": "pound"}
_YEARS = range(1500, 2200)
# What may be followed by "and a half" in the eastern languages, and how that is said of a month.
HALVED = "시간 개월 주일 년 달 주 초 時間 か月 ヶ月 週間 秒 小时 小時 分钟 天 日 年 月".split()
_HALVED = {"月": ("year", 1 / 12), "时": ("second", 3600.0)}

UNITS = frozenset(kind for kind, _, _ in _TABLE)


def unit(text: str, at: int, value: float, before: str) -> tuple[str, float, int] | None:
    """The unit of the number that ends here, its worth and its end; None if there is none.

    ``before`` is what stands before the number. A calendar's year, month or day is no unit.
    """
    if found := _UNIT.match(text, at):
        sign = found[1]
        dated = (sign in {"년", "年"} and value in _YEARS) or (
            sign in {"일", "日"} and before.rstrip().endswith(("월", "月"))
        )
        if dated or (sign == "s" and value in _YEARS and found.end() == at + 1):
            return None
        return *_SIGNS[sign], found.end()
    if (minutes := _MINUTES.match(text, at)) and (
        _KANA.search(text) or _SECONDS.match(text, minutes.end())
    ):
        return "second", 60.0, minutes.end()
    if money := _CURRENCY.search(before):
        return _CURRENCIES[money[1]], 1.0, at
    return None


def measure(sign: str) -> tuple[str, float]:
    """The base unit of a unit's sign or name, and what one of it is worth there."""
    return _SIGNS.get(sign) or _HALVED[sign]


def is_bare(text: str, at: int) -> bool:
    """Whether the number that ends here is said of nothing, so that its unit may be understood."""
    follower = _FOLLOWED.match(text, at)
    return not follower or follower[1].lower() in _JOINING or bool(_LATER.match(text, at))


def is_measured_by_a_sign(text: str, at: int) -> bool:
    """Whether a sign such as "mIoU" follows, rather than the name of things that are counted."""
    follower = _FOLLOWED.match(text, at)
    return bool(follower) and not follower[1].islower()  # type: ignore[index]


def understood(text: str) -> list[tuple[int, int, float, str, float]]:
    """Units with their number in words left out: "an hour", "per day", "daily".

    Start, end, value in the base unit, base unit, value as said.
    """
    found = [
        (match.start(), match.end(), _SIGNS[match[1]][1], _SIGNS[match[1]][0], 1.0)
        for match in _ONE.finditer(text)
    ]
    for word, worth in _ADVERBS.items():
        if (at := text.find(word)) >= 0:
            found.append((at, at + len(word), worth, "second", 1.0))
    return found
