"""Numbers in reports and abstracts, read without regard to how the checker reads them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

SCALES = {
    "조": 1e12, "兆": 1e12, "trillion": 1e12,
    "억": 1e8, "億": 1e8, "亿": 1e8, "billion": 1e9, "million": 1e6,
    "만": 1e4, "万": 1e4, "천": 1e3, "千": 1e3, "thousand": 1e3, "백": 1e2, "百": 1e2,
}  # fmt: skip
_UNITS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty".split()
_WORDS = {word: float(value) for value, word in enumerate(_UNITS, 1)} | {
    "half": 0.5, "halved": 0.5, "third": 1 / 3, "thirds": 1 / 3, "quarter": 0.25, "fifth": 0.2,
    "twice": 2.0, "double": 2.0, "doubled": 2.0, "doubling": 2.0, "dozen": 12.0, "hundred": 100.0,
    "thirty": 30.0, "forty": 40.0, "fifty": 50.0,
}  # fmt: skip
_NUMBER = re.compile(rf"(\d+(?:,\d{{3}})*(?:\.\d+)?)(\s?)({'|'.join(SCALES)})?")
_FRACTION = re.compile(r"[\d.]+\s?(?:분의|分の|分之)\s?[\d.]+")
_IN_WORDS = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w*teen|\w*ty|half|thirds?|"
    r"quarters?|fifth|both|twice|doubl\w+|dozen)\b|[一二两三四五六七八九十百千半]|翻倍|ゼロ|"
    r"(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|스무)\s?\w|절반|첫|하나",
    re.IGNORECASE,
)


class Value(NamedTuple):
    """A number and half of the last place that it shows: 0.5 for 47, 5 for 40, 0.05 for 4.7."""

    value: float
    slack: float


def tokens(text: str, names: Sequence[str]) -> list[re.Match[str]]:
    """The numbers in digits, without those inside a name or a fraction (3분의 1, 3分の1)."""
    for name in names:
        text = text.replace(name, "_" * len(name))
    text = _FRACTION.sub(lambda found: "_" * len(found[0]), text)
    return list(_NUMBER.finditer(text))


def values(text: str, names: Sequence[str]) -> list[Value]:
    """The numbers in digits; 12만 8천 and 7万6千 are one number each."""
    read: list[Value] = []
    end, scale = -1, 0.0
    for found in tokens(text, names):
        factor = SCALES.get(found[3] or "", 1.0)
        value = Value(float(found[1].replace(",", "")) * factor, _slack(found[1]) * factor)
        joined = found.start() - end <= 1 and not text[end : found.start()].strip()
        if joined and factor < scale and value.value < scale:
            read[-1] = Value(read[-1].value + value.value, value.slack)
        else:
            read.append(value)
        end, scale = found.end(3) if found[3] else found.end(1), factor
    return read


def _slack(digits: str) -> float:
    whole, _, decimals = digits.replace(",", "").partition(".")
    if decimals:
        return 0.5 * 10.0 ** -len(decimals)
    zeros = len(whole) - len(whole.rstrip("0"))
    return 0.5 * 10.0**zeros


def truths(source: str, names: Sequence[str]) -> list[float]:
    """Every number that an English source states, in digits or in words."""
    stated = [value.value for value in values(source, names)]
    stated += [_WORDS[word] for word in re.findall(r"[a-z]+", source.lower()) if word in _WORDS]
    if "two thirds" in source.lower():
        stated.append(2 / 3)
    if found := re.search(r"one in (\w+)", source.lower()):
        stated.append(1 / _WORDS.get(found[1], 1.0))
    return stated


def true(value: Value, stated: list[float], *, converted: bool = True) -> bool:
    """Whether a number may be a rounding, a percentage or, ``converted``, another unit of a stated one."""
    factors = [1, 100, 0.01]
    if converted:
        factors += [60, 1 / 60, 24, 1 / 24, 1000, 0.001]
    for truth in stated:
        if any(abs(value.value - truth * factor) <= value.slack for factor in factors):
            return True
        # What is left of a percentage.
        if abs(value.value - (100 - truth)) <= min(value.slack, 0.5):
            return True
    return False


def holds_number_word(text: str) -> bool:
    """Whether a text states a number in words, in any of the languages; generous."""
    return _IN_WORDS.search(text) is not None
