"""Amounts: every number a text states, in digits or in words of four languages."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from core.report.checks.amount import Amount
from core.report.checks.composed import composed
from core.report.checks.hedges import hedge_of
from core.report.checks.shares import parts
from core.report.checks.units import UNITS, is_bare, is_measured_by_a_sign, unit
from core.report.checks.words_for_numbers import worded

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|(?<![\d\w])\.\d+"
_DIGITS = re.compile(rf"(?<![\d.,])(?:{_NUMBER})|(?<=[\d.,])(?<!\d)(?<!\d[.,])(?:{_NUMBER})")
_BARE = re.compile(_NUMBER)
_EAST = {
    "십": 10, "백": 100, "천": 1000, "만": 10**4, "억": 10**8, "조": 10**12,
    "十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12,
}  # fmt: skip
_EAST_RUN = re.compile(
    r"\s?(?:(?:[십백천십]?(?:만|억|조(?![각건금직합정절]))|[백천](?![본신분금만연])|[십](?=만|억))+|(?:[十百千万萬億亿]|兆(?![赫字瓦位比]))+)(?![분分]의?\s?\d)"
)
_EAST_MORE = re.compile(r"(\s?)(\d[\d,]*(?:\.\d+)?)\s?((?:[십백천]?만|[백천]|[百千]?万|千|百)?)")
_COUNTED = re.compile("[가-힣一-鿿]")
_WEST = {
    "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6, "billion": 1e9, "b": 1e9,
    "bn": 1e9, "trillion": 1e12, "t": 1e12,
}  # fmt: skip
_WEST_RUN = re.compile(
    r"[\s-]?(thousand|million|billion|trillion|bn)s?\b|\s?([KMBT]|k)(?![A-Za-z0-9²/])"
)
# "100.4 KFPS/W", "26 TOPS": the prefix is said of a rate.
_PREFIXES = {"K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_RATE_PREFIX = re.compile(r"\s?([KMGT])(?:FPS|OPS|FLOPs?|FLOPS|IPS|TPS|QPS|SPS|MACs?|BOPs?)\b")
_SCIENTIFIC = re.compile(r"\s?[x×*·]\s?10\^([+-]?\d+)|e([+-]?\d{1,2})(?![A-Za-z\d])")
_POWER = re.compile(r"\^([+-]?\d{1,2})")
_PERCENT = re.compile(
    r"[\s-]points?\b(?! (?:clouds?|out|to)\b)(?! of (?!accuracy|precision|recall|average|mean|top|F1|AUC|AP|mAP|BLEU))|\s?-?(?:%(?:\s?p\b|\s?포인트|ポイント|[\s-]points?\b)?|p(?:er|re)cent(?:age)?(?:[\s-]points?\b)?|per\s?cent|pp\b|퍼센트포인트|퍼센트|프로(?![그토젝세파브필모])|パーセントポイント|パーセント|个百分点|個百分點|百分点)",
    re.IGNORECASE,
)
_TENTHS = re.compile(r"\s?(?:割(?!り)|成(?=[以左的，,。、]|$|\s))")
_TIMES = re.compile(
    r"\s?(?:×(?!\s?\d)|[xX](?![A-Za-z0-9]|\s\d)|배(?![치경포열관선터양율수송])|倍)|[\s-]?(?:fold(?!\s(?:cross|CV|validation))|times)\b"
)
_POINTS = re.compile(
    r"\s?(?:점(?![검차수유령치진])|点(?![心燈灯数])|点(?=$)|포인트|ポイント|个点)|\s?分(?![のー之类野割布析散岐子解離间間钟鐘位支配])"
)
_FRACTION = re.compile(r"\s?/\s?(\d+)(?![\d/]|\.\d)")
_PARTS_OF = re.compile(r"\s?(?:분의|分の)\s?(\d+(?:\.\d+)?|일|一|二)")
_RANGE = re.compile(r"-?\s?(?:[-–—~∼〜～]|에서|から|到|至|to|and|and/or|or)\s?(?=\d)")
_FACTOR_OF = re.compile(r"factors? of (?:up to |about |over |more than )?$", re.IGNORECASE)
_FEW_TIMES, _TEN = 100, 10.0
# "10,000 points" are no percentage points.
_MOST_POINTS = 100
# "1ワットあたり" says only what the rate is of.
_RATE = re.compile(r"\s?(?:あたり|当たり|につき|ごと|毎|당(?=[\s,.]|$)|마다|(?:each|apiece)\b)")
_LOOK_BACK, _LOOK_AHEAD = 24, 14


def amounts(text: str) -> list[Amount]:
    """Every amount of a normal text, in order of their kinds of writing: digits, then words."""
    found, rest = _composed(text)
    read: list[Amount] = []
    end = -1
    for match in _DIGITS.finditer(rest):
        if match.start() >= end:
            amount, end = _read(rest, match)
            if not (amount.values == (1.0,) and _RATE.match(rest, end)):
                read.append(amount)
    found += _summed(rest, _ranged(rest, read))
    found += [_in_words(rest, *word) for word in worded(rest)]
    return [*found, *parts(rest, found)]


def _composed(text: str) -> tuple[list[Amount], str]:
    """What several words state together, and the text with that blanked out; places stay."""
    found, rest = [], text
    for start, end, values, kind, step, hedge in composed(text):
        if rest[start:end] != text[start:end]:
            continue
        rest = rest[:start] + "_" * (end - start) + rest[end:]
        before, after = text[max(0, start - _LOOK_BACK) : start], text[end : end + _LOOK_AHEAD]
        said = hedge or hedge_of(before, after)
        if values:
            found.append(Amount(text[start:end], start, values, kind, step, step, said))
    return found, rest


def _summed(text: str, found: list[Amount]) -> list[Amount]:
    """One amount of "1 hour 30 minutes" and "3分20秒"."""
    result: list[Amount] = []
    for amount in found:
        last = result[-1] if result else None
        if last and last.kind == amount.kind == "second" and last.values > amount.values:
            gap = text[last.start + len(last.text) : amount.start]
            if gap in {"", " ", " and "} and last.step > amount.values[0] > 0:
                said = text[last.start : amount.start + len(amount.text)]
                total = (last.values[0] + amount.values[0],)
                result[-1] = replace(amount, text=said, start=last.start, values=total, raw=None)
                continue
        result.append(amount)
    return result


def _in_words(text: str, start: int, at: int, value: float, kind: str) -> Amount:
    """The amount that these words state, with what follows them."""
    before, factor, end = text[max(0, start - _LOOK_BACK) : start], 1.0, at
    if kind == "plain":
        kind, factor, end = _counted(text, at, value, before)
    # "Eighty-seven per cent" may be 87.3%, as "twenty times" may be 21.
    rounded = (kind == "times" and value < _FEW_TIMES) or (kind == "percent" and value > _TEN)
    return Amount(
        text=text[start:end].strip(),
        start=start,
        values=(value * factor,),
        kind=kind,
        step=1.0 if rounded else 0.0,
        round_step=_TEN if rounded and not value % _TEN else float(rounded),
        hedge=hedge_of(before, text[end : end + _LOOK_AHEAD]),
        raw=value if kind in UNITS else None,
        bare=is_bare(text, at),
    )


def _read(text: str, match: re.Match[str]) -> tuple[Amount, int]:
    """The amount that begins with these digits, and where it ends."""
    start, at = match.span()
    value, step, round_step = _steps(match[0].replace(",", ""))
    if share := _share(text, start, at, value):
        return share, start + len(share.text)
    scale, at = _scale(text, at)
    value, step, round_step = value * scale, step * scale, round_step * scale
    if scale in _EAST_SCALES:
        added, smaller, at = _more(text, at, scale)
        if added:
            value, step, round_step = value + added, smaller, smaller
    kind, factor, end = _counted(text, at, value, text[max(0, start - _LOOK_BACK) : start])
    values: tuple[float, ...] = (value * factor,)
    if kind == "plain" and (prefix := _RATE_PREFIX.match(text, at)):
        values = (value, value * _PREFIXES[prefix[1]])
    amount = Amount(
        text=text[start:end],
        start=start,
        values=values,
        kind=kind,
        step=step * factor,
        round_step=round_step * factor,
        hedge=hedge_of(text[max(0, start - _LOOK_BACK) : start], text[end : end + _LOOK_AHEAD]),
        raw=value if kind in UNITS else None,
        bare=is_bare(text, at),
        signed=is_measured_by_a_sign(text, at),
    )
    return amount, end


def _share(text: str, start: int, at: int, value: float) -> Amount | None:
    """A fraction: "1/3", "3분의 1"."""
    if value.is_integer() and (parts := _FRACTION.match(text, at)):
        part, whole = value, float(parts[1])
    elif parts := _PARTS_OF.match(text, at):
        part, whole = _one(parts[1]), value
    else:
        return None
    if not whole:
        return None
    return Amount(text[start : parts.end()], start, (part / whole,), "share", raw=value)


def _counted(text: str, at: int, value: float, before: str) -> tuple[str, float, int]:
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
    if measured := unit(text, at, value, before):
        return measured
    if points := _POINTS.match(text, at):
        return "points", 1.0, points.end()
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


def _more(text: str, at: int, scale: float) -> tuple[float, float, int]:
    """The rest of "3만 5천" or "12만5000", the worth of its last digit, and where it ends."""
    added, step = 0.0, scale
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
        step = _steps(more[2].replace(",", ""))[1] * smaller
        if scale == 1.0:
            break
    return added, step, at


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
                amount = replace(
                    first,
                    values=(first.values[0], first.values[0] * scale),
                    kind=second.kind,
                    step=first.step * scale,
                    round_step=first.round_step * scale,
                    raw=first.values[0] if second.kind in UNITS else None,
                )
        result.append(amount)
    return result


def every_run_of_digits(text: str) -> Iterator[tuple[int, float]]:
    """All digits of a text as plain numbers, those inside names too, with where they begin."""
    for match in re.finditer(_NUMBER, text):
        yield match.start(), float(match[0].replace(",", ""))
