"""Amounts that several words make together: "half a million", "an hour and a half", "一百多万"."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from core.report.checks.units import HALVED, WORDS, measure
from core.report.checks.words_for_numbers import english_value, han_value


class Composed(NamedTuple):
    """Where it begins and ends, its possible values, kind, step and hedge, as in ``Amount``."""

    start: int
    end: int
    values: tuple[float, ...]
    kind: str
    step: float = 0.0
    hedge: str = ""


_EN = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_DIGIT = "[一二两兩三四五六七八九十百千]"
_HAN = rf"(?<!{_DIGIT}){_DIGIT}{{1,7}}"
_NUMBER = rf"(\d+(?:\.\d+)?|\b{_EN}|[한두세네]|다섯|여섯|{_HAN})"
_LARGE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_EAST = {
    "十": 10.0, "百": 1e2, "千": 1e3, "万": 1e4, "萬": 1e4, "億": 1e8, "亿": 1e8, "백": 1e2, "천": 1e3,
    "만": 1e4, "억": 1e8, "조": 1e12,
}  # fmt: skip
_KOREAN = {"한": 1.0, "두": 2.0, "세": 3.0, "네": 4.0, "다섯": 5.0, "여섯": 6.0}
_PART = {
    "half": 0.5, "quarter": 0.25, "third": 1 / 3, "fifth": 0.2, "tenth": 0.1, "hundredth": 0.01,
    "thousandth": 0.001, "three quarters": 0.75, "two thirds": 2 / 3,
}  # fmt: skip
_PARTS = r"(?:a\s)?(half|quarter|third)|(three quarters)"
_ORDERS = re.compile(
    rf"\b(an?|{_EN}|\d)\sorders?(?:\s|-)of(?:\s|-)magnitude\b"
    r"|(?<![가-힣\d.])([두세네\d]|다섯|여섯|한)\s?자릿수(?=\s?(?:[가-힣]*\s)?(?:[배더넘빠작높낮줄적큰빨효많감개향우]|이상|차이))"
    r"|(?<![\d.一二三四五六七八九])([\d一二三四五六])\s?桁(?=[もほ以違近高低速小大多少改向効])"
    r"|(?<![\d.])([\d一二两兩三四五六])\s?[个個](?:数|數)量(?:级|級)"
)
_HALF_MILLION = re.compile(
    r"\b(half(?=[\s-])|(?:a\s)?quarter of(?=\sa)|three quarters of(?=\sa))[\s-](?:an?\s)?(thousand|million|billion|trillion)\b",
    re.IGNORECASE,
)
_AND_A_HALF = re.compile(
    rf"\b(\d+|an?|{_EN})\sand\s(?:{_PARTS})\s"
    rf"(times|thousand|million|billion|trillion|{WORDS})\b",
    re.IGNORECASE,
)
_UNIT_AND_A_HALF = re.compile(
    rf"\b(an?|one|{_EN})[\s-]({WORDS})s?\sand\s(?:{_PARTS})\b", re.IGNORECASE
)
_PART_OF_A_UNIT = re.compile(
    rf"\b(?:(?:a|one)\s)?(half|third|quarter|fifth|tenth|hundredth|thousandth)\sof\san?\s({WORDS})\b"
    rf"|\b(three\squarters|two\sthirds)\sof\san?\s({WORDS})\b",
    re.IGNORECASE,
)
_HALF_A_UNIT = re.compile(rf"\bhalf[\s-](?:an?[\s-])?({WORDS})\b", re.IGNORECASE)
_HALVED_UNITS = "|".join(map(re.escape, HALVED))
_EAST_UNIT_AND_A_HALF = re.compile(
    rf"(?<![\d.가-힣一-鿿]){_NUMBER}\s?(?:({_HALVED_UNITS})\s?[반半](?![도응복발면径徑导導値])|[个個]半({_HALVED_UNITS}))"
)
_EAST_HALF_A_UNIT = re.compile(
    r"(?<![가-힣\d])반(년|달)(?!성)|(?<![前後后上下一-鿿\d])半(年|月|日|时|小时|小時|天|分钟|秒)(?![本用々])|半(?:个|個)(月|小时|小時)"
)
_KOREAN_DAYS_AND_A_HALF = re.compile(r"(?<![가-힣])(하루|이틀|사흘)\s반(?![가-힣])")
_TIMES_AND_A_HALF = re.compile(rf"(?<![\d.]){_NUMBER}\s?(?:배|倍)\s?[반半](?![도응복발면])")
# "一百多万" is a million and something, "20多亿" two billion and something.
_SOME = re.compile(
    rf"(\d+|{_HAN})\s?[多余餘]\s?([百千万萬億亿](?![一-鿿]*分)|(?=[个個种種项項名篇次条條台家类類人张張款]))"
    r"|(?<![\d.,])(\d+)\s?여\s?([백천만억조]|(?=[개건편명장종가대곳곡회번차]))"
)
_FEW = re.compile(
    rf"(?:{_DIGIT}|\d{{1,4}})?[几幾]{_DIGIT}?[十百千万萬億亿]{{1,3}}|{_HAN}[几幾][万萬億亿百千]?"
)
_ROUND, _FIFTH = 0.1, 0.2


def composed(text: str) -> Iterator[Composed]:
    """Every such amount of a normal text; a vague one ("十几亿") has no values."""
    for pattern, read in _PATTERNS:
        for match in pattern.finditer(text):
            if found := read(match):
                values, kind, step, hedge = found
                yield Composed(match.start(), match.end(), values, kind, step, hedge)


_Said = tuple[tuple[float, ...], str, float, str] | None


def _number(written: str) -> float:
    small = written.lower()
    if small in {"a", "an", "one"}:
        return 1.0
    if small in _KOREAN:
        return _KOREAN[small]
    if small[0].isdigit():
        return float(small)
    return float(english_value(small)) if small.isascii() else han_value(small)


def _orders(match: re.Match[str]) -> _Said:
    order = _number(match[1] or match[2] or match[3] or match[4])
    return (10.0**order, order), "times", 0.0, "order"


def _half_million(match: re.Match[str]) -> _Said:
    part = {"h": 0.5, "t": 0.75}.get(match[1][0].lower(), 0.25)
    return (part * _LARGE[match[2].lower()],), "plain", 0.0, ""


def _part(match: re.Match[str], group: int) -> float:
    return _PART[(match[group] or match[group + 1]).lower()]


def _and_a_half(match: re.Match[str]) -> _Said:
    number, what = _number(match[1]) + _part(match, 2), match[4].lower()
    if what == "times":
        return (number,), "times", _ROUND, ""
    if what in _LARGE:
        return (number * _LARGE[what],), "plain", _ROUND * _LARGE[what], ""
    return _measured(number, what)


def _measured(number: float, sign: str) -> _Said:
    kind, worth = measure(sign)
    return (number * worth,), kind, _FIFTH * worth, ""


def _unit_and_a_half(match: re.Match[str]) -> _Said:
    return _measured(_number(match[1]) + _part(match, 3), match[2].lower())


def _east_unit_and_a_half(match: re.Match[str]) -> _Said:
    return _measured(_number(match[1]) + _PART["half"], match[2] or match[3])


def _half_a_unit(match: re.Match[str]) -> _Said:
    return _measured(_PART["half"], next(filter(None, match.groups())).lower())


def _part_of_a_unit(match: re.Match[str]) -> _Said:
    part, sign = _PART[(match[1] or match[3]).lower()], match[2] or match[4]
    kind, worth = measure(sign.lower())
    return (part * worth,), kind, _FIFTH * part * worth, ""


def _days_and_a_half(match: re.Match[str]) -> _Said:
    return _measured({"하루": 1, "이틀": 2, "사흘": 3}[match[1]] + _PART["half"], "day")


def _times_and_a_half(match: re.Match[str]) -> _Said:
    return (_number(match[1]) + _PART["half"],), "times", _ROUND, ""


def _some(match: re.Match[str]) -> _Said:
    written, scale = match[1] or match[3], _EAST.get(match[2] or match[4], 1.0)
    number = float(written) if written.isdigit() else han_value(written)
    step = 1.0
    while number % (step * 10) == 0:
        step *= 10
    return (number * scale,), "plain", step * scale, "some"


_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Said]], ...] = (
    (_ORDERS, _orders),
    (_HALF_MILLION, _half_million),
    (_AND_A_HALF, _and_a_half),
    (_UNIT_AND_A_HALF, _unit_and_a_half),
    (_PART_OF_A_UNIT, _part_of_a_unit),
    (_HALF_A_UNIT, _half_a_unit),
    (_EAST_UNIT_AND_A_HALF, _east_unit_and_a_half),
    (_EAST_HALF_A_UNIT, _half_a_unit),
    (_KOREAN_DAYS_AND_A_HALF, _days_and_a_half),
    (_TIMES_AND_A_HALF, _times_and_a_half),
    (_SOME, _some),
    (_FEW, lambda _: ((), "plain", 0.0, "")),
)
