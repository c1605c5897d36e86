"""Amounts: every number a text states, in digits or in words of four languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from core.report.checks.words_for_numbers import Kind, worded


@dataclass(frozen=True, slots=True)
class Amount:
    """A stated number: its possible values, the step it is given to, and what it counts.

    ``step`` is the worth of its last digit (0.1 for 12.3, 10⁵ for 1.7 million); ``round_step`` that
    of its last digit that is not 0. ``hedge`` says how exact it is meant: about, over or under.
    Seconds and bytes are in that unit, ``raw`` is as written.
    """

    text: str
    start: int
    values: tuple[float, ...]
    kind: Kind = "plain"
    step: float = 0.0
    round_step: float = 0.0
    hedge: str = ""
    raw: float | None = None


_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\d\w])\.\d+"
_DIGITS = re.compile(rf"(?<![\d.,])(?:{_NUMBER})|(?<=[\d.,])(?<!\d)(?<!\d[.,])(?:{_NUMBER})")
_BARE = re.compile(_NUMBER)
_EAST = {
    "십": 10, "백": 100, "천": 1000, "만": 10**4, "억": 10**8, "조": 10**12,
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12,
}  # fmt: skip
_EAST_RUN = re.compile(
    r"\s?(?:(?:[십백천십]?(?:만|억|조(?![각건금직합정절]))|[백천](?![본신분금만연])|[십](?=만|억))+|[十百千万萬億亿兆]+)(?![분分]의?\s?\d)"
)
_EAST_MORE = re.compile(r"(\s?)(\d[\d,]*(?:\.\d+)?)\s?((?:[백천]|[십백천]?만|[百千]?万|千|百)?)")
_COUNTED = re.compile("[가-힣一-鿿]")
_WEST = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "b": 1e9,
    "bn": 1e9, "trillion": 1e12, "t": 1e12,
}  # fmt: skip
_WEST_RUN = re.compile(
    r"[\s-]?(thousand|million|billion|trillion|bn)s?\b|\s?([KMBT]|k)(?![A-Za-z0-9²/])"
)
_SCIENTIFIC = re.compile(r"\s?[x×*·]\s?10\^([+-]?\d+)|e([+-]?\d{1,2})(?![A-Za-z\d])")
_POWER = re.compile(r"\^([+-]?\d{1,2})")
_PERCENT = re.compile(
    r"[\s-]points?\b(?! (?:clouds?|out|to|of)\b)|\s?-?(?:%(?:\s?p\b|\s?포인트)?|percent(?:age)?|per cent|pp\b|퍼센트|프로(?![그토젝세파브필모])|パーセント|ポイント|个百分点|個百分點|百分点)",
    re.IGNORECASE,
)
_TENTHS = re.compile(r"\s?(?:割(?!り)|成(?=[以左的，。、]|$|\s))")
_TIMES = re.compile(
    r"\s?(?:×(?!\s?\d)|[xX](?![A-Za-z0-9]|\s\d)|배(?![치경포열관선터양율수송])|倍)|[\s-]?(?:fold|times)\b"
)
_UNITS: tuple[tuple[re.Pattern[str], Kind, float], ...] = (
    (re.compile(r"\s?(?:ns|nanoseconds?|나노초|ナノ秒|纳秒)(?![A-Za-z])"), "second", 1e-9),
    (re.compile(r"\s?(?:[µμu]s|microseconds?|마이크로초|マイクロ秒|微秒)(?![A-Za-z])"), "second", 1e-6),
    (re.compile(r"[\s-]?(?:ms(?:ec)?|milliseconds?|밀리초|ミリ秒|毫秒)(?![A-Za-z])"), "second", 1e-3),
    (re.compile(r"[\s-]?(?:s|secs?|seconds?|초(?![기점록과월당])|秒)(?![A-Za-z])"), "second", 1.0),
    (re.compile(r"[\s-]?(?:min|mins|minutes?|분(?![의류할포야석기산위해절량자])|分钟|分間|分鐘)(?![A-Za-z])"), "second", 60.0),
    (re.compile(r"[\s-]?(?:h|hrs?|hours?|시간|時間|小时|小時)(?![A-Za-z])"), "second", 3600.0),
    (re.compile(r"[\s-]?(?:KB|kB|KiB|킬로바이트)(?![A-Za-z])"), "byte", 1e3),
    (re.compile(r"[\s-]?(?:MB|MiB|megabytes?|메가바이트)(?![A-Za-z])"), "byte", 1e6),
    (re.compile(r"[\s-]?(?:GB|GiB|gigabytes?|기가바이트)(?![A-Za-z])"), "byte", 1e9),
    (re.compile(r"[\s-]?(?:TB|TiB|terabytes?|테라바이트)(?![A-Za-z])"), "byte", 1e12),
)  # fmt: skip
_FRACTION = re.compile(r"\s?/\s?(\d+)(?![\d/])")
_PARTS_OF = re.compile(r"\s?(?:분의|分の)\s?(\d+(?:\.\d+)?|일|一|二)")
_RANGE = re.compile(r"\s?(?:[-–—~∼〜～]|에서|から|到|至|to|and|and/or|or)\s?(?=\d)")
_FACTOR_OF = re.compile(r"factors? of (?:up to |about |over |more than )?$", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:over|more than|above|at least|exceed\w*|beyond|greater than|past|surpass\w*)\s?(?:the\s)?$|超过\s?$|超過\s?$|超\s?$|逾\s?$|高于\s?$|至少\s?$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:under|less than|below|fewer than|nearly|almost|close to|up to|within|at most|approaching|as (?:much|many|high|low) as)\s?(?:the\s)?$|거의\s?$|최대\s?$|ほぼ\s?$|最大\s?$|不到\s?$|近\s?$|低于\s?$|少于\s?$|接近\s?$|高达\s?$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.|some|circa|nearly)|(?<!\d)[~≈∼]|약|대략|約|およそ|约|大约|大概)\s?$",
    re.IGNORECASE,
)
_OVER_AFTER = re.compile(
    r"^\S{0,4}?\s?(?:이상|넘|초과|남짓|여(?=\s|[개건편명장만])|以上|超|多(?=[个種种项名万])|余|を超え|\+|or more|or higher)"
)
_UNDER_AFTER = re.compile(
    r"^\S{0,4}?\s?(?:미만|이하|이내|에 가까|에 육박|未満|以下|以内|近く|or less|or fewer)"
)
_ABOUT_AFTER = re.compile(r"^\S{0,4}?\s?(?:정도|가량|안팎|내외|쯤|程度|前後|ほど|左右|上下)")
# "10,000 points" are no percentage points.
_MOST_POINTS = 100
_LOOK_BACK, _LOOK_AHEAD = 24, 14


def amounts(text: str) -> list[Amount]:
    """Every amount of a normal text, in order of their kinds of writing: digits, then words."""
    found: list[Amount] = []
    end = -1
    for match in _DIGITS.finditer(text):
        if match.start() >= end:
            amount, end = _read(text, match)
            found.append(amount)
    found = _ranged(text, found)
    return [*found, *(Amount(*word) for word in worded(text))]


def _read(text: str, match: re.Match[str]) -> tuple[Amount, int]:
    """The amount that begins with these digits, and where it ends."""
    start, at = match.span()
    value, step, round_step = _steps(match[0].replace(",", ""))
    if share := _share(text, start, at, value):
        return share, start + len(share.text)
    scale, at = _scale(text, at)
    value *= scale
    if scale in _EAST_SCALES:
        added, at = _more(text, at, scale)
        value += added
    kind, factor, end = _counted(text, at, value, text[max(0, start - _LOOK_BACK) : start])
    amount = Amount(
        text=text[start:end],
        start=start,
        values=(value * factor,),
        kind=kind,
        step=step * scale * factor,
        round_step=round_step * scale * factor,
        hedge=_hedge(text[max(0, start - _LOOK_BACK) : start], text[end : end + _LOOK_AHEAD]),
        raw=value if kind in {"second", "byte"} else None,
    )
    return amount, end


def _share(text: str, start: int, at: int, value: float) -> Amount | None:
    """A fraction: "1/3", "3분의 1"."""
    if parts := _FRACTION.match(text, at):
        part, whole = value, float(parts[1])
    elif parts := _PARTS_OF.match(text, at):
        part, whole = _one(parts[1]), value
    else:
        return None
    if not whole:
        return None
    return Amount(text[start : parts.end()], start, (part / whole,), "share", raw=value)


def _counted(text: str, at: int, value: float, before: str) -> tuple[Kind, float, int]:
    """What the number at this place counts, what that makes of its value, and where it ends."""
    percent = _PERCENT.match(text, at)
    if percent and (value <= _MOST_POINTS or "point" not in percent[0]):
        return "percent", 1.0, percent.end()
    if tenths := _TENTHS.match(text, at):
        return "percent", 10.0, tenths.end()
    if times := _TIMES.match(text, at):
        return "times", 1.0, times.end()
    if _FACTOR_OF.search(before):
        return "times", 1.0, at
    for pattern, kind, factor in _UNITS:
        if unit := pattern.match(text, at):
            return kind, factor, unit.end()
    return "plain", 1.0, at


_EAST_SCALES = frozenset(float(10**power) for power in range(2, 17))


def _one(text: str) -> float:
    return {"일": 1.0, "一": 1.0, "二": 2.0}.get(text) or float(text)


def _steps(written: str) -> tuple[float, float, float]:
    """A number, the worth of its last digit, and of its last digit that is not 0."""
    number = Decimal(written)
    exponent = number.as_tuple().exponent
    step = 10.0 ** (exponent if isinstance(exponent, int) else 0)
    zeros = len(written) - len(written.rstrip("0")) if "." not in written else 0
    return float(number), step, step * 10**zeros


def _scale(text: str, at: int) -> tuple[float, int]:
    """What the digits are multiplied with, and where that ends."""
    if power := _SCIENTIFIC.match(text, at):
        return 10.0 ** int(power[1] or power[2]), power.end()
    if east := _EAST_RUN.match(text, at):
        scale = 1.0
        for char in east[0].strip():
            scale *= _EAST[char]
        return scale, east.end()
    if west := _WEST_RUN.match(text, at):
        return _WEST[(west[1] or west[2]).lower()], west.end()
    if (power := _POWER.match(text, at)) and text[:at].endswith("10"):
        return 10.0 ** (int(power[1]) - 1), power.end()
    return 1.0, at


def _more(text: str, at: int, scale: float) -> tuple[float, int]:
    """The rest of "3만 5천" or "12만5000" and where it ends."""
    added = 0.0
    while more := _EAST_MORE.match(text, at):
        smaller = 1.0
        for char in more[3]:
            smaller *= _EAST[char]
        rest = float(more[2].replace(",", "")) * smaller
        # "1만 646명" goes on; "3만 5" are two numbers.
        apart = more[1] and not more[3] and not _COUNTED.match(text, more.end())
        if rest >= scale or apart:
            break
        added, at, scale = added + rest, more.end(), max(smaller, 1.0)
        if scale == 1.0:
            break
    return added, at


def _hedge(before: str, after: str) -> str:
    for name, pattern, said in (
        ("over", _OVER, before),
        ("under", _UNDER, before),
        ("about", _ABOUT, before),
        ("over", _OVER_AFTER, after),
        ("under", _UNDER_AFTER, after),
        ("about", _ABOUT_AFTER, after),
    ):
        if pattern.search(said):
            return name
    return ""


def _ranged(text: str, found: list[Amount]) -> list[Amount]:
    """The first of "10~20만" or "2 to 5 times" may mean the second's scale as well."""
    result = []
    for first, second in zip_longest(found, found[1:]):
        amount = first
        if second and _BARE.fullmatch(first.text):
            end = first.start + len(first.text)
            gap = _RANGE.match(text, end)
            if gap and gap.end() == second.start:
                written = _DIGITS.match(second.text)
                base = float(written[0].replace(",", "")) if written else 0.0
                scale = second.values[0] / base if base else 1.0
                amount = Amount(
                    first.text, first.start, (first.values[0], first.values[0] * scale),
                    second.kind, first.step * scale, first.round_step * scale, first.hedge, first.raw,
                )  # fmt: skip
        result.append(amount)
    return result


def every_run_of_digits(text: str) -> Iterator[tuple[int, float]]:
    """All digits of a text as plain numbers, those inside names too, with where they begin."""
    for match in re.finditer(_NUMBER, text):
        yield match.start(), float(match[0].replace(",", ""))
