"""Derived numbers: what a claim computes from the numbers of its papers, or counts in their lists."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import NamedTuple

from core.report.checks.amount import Amount
from core.report.checks.rounding import equal, near_share, rounds
from core.report.checks.units import UNITS


class Pair(NamedTuple):
    """Two amounts of one kind in one sentence; ``linked`` where it sets them against each other."""

    first: Amount
    second: Amount
    linked: bool


_POINTS = re.compile(r"point|포인트|ポイント|百分点|百分點|%\s?p|pp$", re.IGNORECASE)
# "13 points ahead of one and 8 ahead of the other"
_COMPARED = re.compile(
    r"\s(?:[a-z]+\s)?(?:ahead|more|fewer|less|above|below|behind|higher|lower|better|worse|short)\b"
)
# What sets two numbers of a sentence against each other, others between them or not.
_COMPARES = r"\b(?:than|versus|vs|compared|against|whereas|while|where|but|instead|outperform\w*|surpass\w*|exceed\w*|relative|baselines?)\b"
_LINKED = re.compile(
    rf"{_COMPARES}|\b(?:to|from|over|originally|down|up|above|below|beyond)\b|→|->"
)
_SET_AGAINST = re.compile(_COMPARES)
_FAR, _MANY, _FEW, _SMALL = 80, 10, 3, 12
_HUNDRED, _LEAST_LEFT = 100.0, 10.0
_YEARS = range(1900, 2101)
_STOP = re.compile(r"[.!?;]\s+(?=[A-Z(\d])")
# Bounded, for an abstract may hold anything.
_WORD = r"[A-Za-z0-9(][^\s,;:.()]{0,40}(?:\.\d[^\s,;:.()]{0,9})?"
_ITEM = rf"{_WORD}(?:\s(?!and\b|or\b|as\swell\b)[^\s,;:]{{1,40}}){{0,4}}"
_LIST = re.compile(rf"(?<!\S)((?:{_ITEM},\s){{1,11}}?{_ITEM}),?\s(?:and|or|&|as well as)\s(?=\S)")
# A clause is no item of a list.
_CLAUSE = re.compile(
    r"\b(?:we|it|is|are|was|were|this|these|that|which|they|can|our|while|however|thus|moreover|furthermore|additionally|finally|hence|therefore|respectively|first|second|to)\b",
    re.IGNORECASE,
)
# "it is fast, measured on ships, tugs and cranes" lists three things, not four.
_PLACED = re.compile(r"\b(?:on|across|over|in|from|between|spanning|covering|with)\s\S+$")
_NAMELY = re.compile(r"\b(?:namely|including|such as|like|e\.g\.?|i\.e\.?)\b")
_FEWEST, _MOST = 3, 12
_MARKS = re.compile(r"\((\d{1,2}|i{1,3}|iv|vi{0,3}|ix)\)\s")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9}


def compared(text: str, stated: Sequence[Amount]) -> Iterator[Pair]:
    """Amounts of a paper that one sentence sets against each other, and scores it names together."""
    ends = [match.start() for match in _STOP.finditer(text)] + [len(text)]
    by_start = sorted(stated, key=lambda one: one.start)
    start = 0
    for end in ends:
        here = [one for one in by_start if start <= one.start < end and _comparable(one)]
        for kind in {one.kind for one in here[:_MANY]}:
            yield from _pairs(text, [one for one in here[:_MANY] if one.kind == kind])
        start = end


def _comparable(one: Amount) -> bool:
    year = one.kind == "plain" and one.values[0] in _YEARS and not one.text.count(",")
    return one.values[0] > 0 and not year and not one.covers


def _pairs(text: str, alike: Sequence[Amount]) -> Iterator[Pair]:
    """The pairs of one kind in a sentence that may be compared."""
    measured = alike[0].kind in UNITS and len(alike) <= _FEW
    for (place, first), (other, second) in combinations(enumerate(alike), 2):
        gap = text[first.start + len(first.text) : second.start]
        pattern = _LINKED if other == place + 1 else _SET_AGAINST
        linked = measured or (len(gap) <= _FAR and bool(pattern.search(gap)))
        # "pass@1 over four datasets": small counts are hardly ever compared.
        if alike[0].kind == "plain" and not _are_scores(first, second):
            linked = linked and min(first.values[0], second.values[0]) > _SMALL
        if linked or _are_scores(first, second):
            yield Pair(first, second, linked)


def _are_scores(first: Amount, second: Amount) -> bool:
    return 0 < max(first.step, second.step) < 1


def listed(text: str) -> frozenset[int]:
    """How many things the lists of a paper name: "A, B and C" three, "(1) … (4)" four."""
    counts = {count for match in _LIST.finditer(text) for count in _lengths(match[1])}
    marks = [_ROMAN.get(mark) or int(mark) for mark in _MARKS.findall(text)]
    counts |= {last for last in marks if set(range(1, last + 1)) <= set(marks)}
    return frozenset(count for count in counts if _FEWEST <= count <= _MOST)


def _lengths(items: str) -> Iterator[int]:
    """The number of things in a list without its last one, from each place where it may begin."""
    found = items.split(", ")
    for place, item in enumerate(found):
        begins = not place or _NAMELY.search(item) or _PLACED.search(item)
        if begins and not any(map(_CLAUSE.search, found[place + 1 :])):
            yield len(found) - place + 1


def is_derived(
    amount: Amount,
    text: str,
    stated: Iterable[Amount],
    pairs: Iterable[Pair],
    own: Iterable[Amount],
) -> bool:
    """Whether the amount follows from one of those ``stated``, a pair of them, or a pair of the claim's ``own``.

    ``text`` is the claim; ``own`` are its amounts that the papers bear out.
    """
    after = text[amount.start + len(amount.text) :]
    points = bool(_POINTS.search(amount.text)) or amount.kind == "points"
    points = points or (amount.kind == "plain" and bool(_COMPARED.match(after)))
    others = [one for one in own if one.start != amount.start]
    claimed = [Pair(a, b, linked=True) for a, b in combinations(others, 2) if a.kind == b.kind]
    # "Less than half" may compare scores that only stand together.
    rough = bool(amount.hedge) and amount.kind in {"share", "times"}
    exact: list[float] = []
    for pair in [*pairs, *claimed]:
        for one, other in product(pair.first.values, pair.second.values):
            if pair.linked or rough:
                exact += _of_two(one, other, pair.first.kind, amount.kind, points=points)
    if amount.kind in {"percent", "plain"} and not points:
        exact += [value for pair in claimed for value in _of_own(pair, amount.kind)]
    if not points:
        exact += [
            value
            for one in stated
            for v in one.values
            for value in _of_one(v, one.kind, amount.kind)
        ]
    if amount.kind == "year":
        exact += _spans(one.values[0] for one in stated if one.kind == "plain")
    return any(_near(amount, value) for value in exact if value > 0)


def _spans(values: Iterable[float]) -> Iterator[float]:
    """From 2019 to 2024 it is five years, or six if both count."""
    years = sorted({value for value in values if value in _YEARS})
    for first, last in combinations(years, 2):
        yield from (last - first, last - first + 1)


def _of_own(pair: Pair, kind: str) -> Iterator[float]:
    """What a claim that states both numbers may make of them besides.

    "From 66.3% to 73.4%, a gain of 7.1%" is said loosely, but said; "62,000 questions and 73,000
    answers, 135,000 in all".
    """
    first, second = pair.first.values[0], pair.second.values[0]
    if pair.first.kind == kind:
        yield abs(first - second)
        yield (
            first + second
            if kind == "plain"
            else abs(first - second) / min(first, second) * _HUNDRED
        )


def _of_one(value: float, stated: str, kind: str) -> Iterator[float]:
    """What is left of a share, and what a factor is as a percentage, or the other way about."""
    part = {"percent": value / _HUNDRED, "share": value}.get(stated)
    if part is not None and 0 < part < 1:
        yield from {
            "percent": (_HUNDRED - part * _HUNDRED,), "share": (1 - part,), "times": (1 / (1 - part),)
        }.get(kind, ())  # fmt: skip
    if stated == "percent" and kind == "times" and value >= _HUNDRED:
        yield 1 + value / _HUNDRED
    if stated == "times" and value > 1:
        # A factor of 3.7 leaves 27%, one of 21 "5%" too, but that rounds too much.
        percents = (_HUNDRED / value, _HUNDRED - _HUNDRED / value, (value - 1) * _HUNDRED)
        yield from {
            "percent": tuple(percent for percent in percents if percent >= _LEAST_LEFT),
            "share": (1 - 1 / value,),
        }.get(kind, ())


def _of_two(
    first: float, second: float, stated: str, kind: str, *, points: bool
) -> Iterator[float]:
    """Difference, change and ratio of two numbers that are stated in one kind."""
    small, large = sorted((first, second))
    if not small or small == large:
        return
    if points:
        if stated in {"percent", "points", "plain"}:
            yield large - small
            if large <= 1:
                yield (large - small) * _HUNDRED
        return
    if kind == stated and kind in UNITS:
        yield large - small
    if kind == "plain" == stated:
        yield from (large - small,) if large - small < large / 2 or small < 1 else ()
    # A change of a percentage by so many per cent is hardly ever meant.
    if kind == "percent" != stated:
        # From the first to the second, or the other way about.
        yield from ((large - small) / base * _HUNDRED for base in (small, large))
        yield small / large * _HUNDRED
    if kind == "times":
        yield large / small
    if kind == "share":
        yield from (small / large, (large - small) / large)


def _near(amount: Amount, exact: float) -> bool:
    if amount.kind == "share":
        return any(
            near_share(amount, value, exact, stated_as_share=False) for value in amount.values
        )
    # Who computes a number and says it in words rounds it.
    rounded = amount if amount.step else replace(amount, step=1.0, round_step=1.0)
    return any(equal(value, exact) or rounds(rounded, value, exact) for value in amount.values)
