"""Derived numbers: what a claim computes from the numbers of its papers."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations, pairwise, product
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
_FAR, _MANY, _FEW = 80, 10, 3
_HUNDRED, _SMALL, _TINY, _NEARLY = 100.0, 12, 1e-9, 0.35
_YEARS = range(1900, 2101)
_CUT = re.compile(
    r"\b(?:cut|reduc|decreas|lower|sav|shrink|fewer|less|drop|compress|smaller)", re.IGNORECASE
)
_CUT_BEFORE, _CUT_AFTER = 60, 20
_CLAIM_STOP = re.compile(r"[.!?](?=\s)|[。！？]")
_IN_ALL = re.compile(
    r"\b(?:total|in all|altogether|together|sum|combined)\b|총|합쳐|합하|모두|합계|合計|合わせて|計(?=\s?\d)|共|总|總|合计"
)
_GAP = re.compile(r"\b(?:gap|difference|margin)s?\b|격차|차이|差")
_CHANGES = re.compile(
    r"\b(?:gap|differ|gain|ris[ei]|rose|increas|drop|f[ae]ll|improv|more|fewer|less|better|worse|lower|higher|ahead|cut|reduc|shr[aiu]nk)"
    r"|격차|차이|오[르른릅]|올[라랐]|높|낮|줄|늘|증가|감소|향상|하락|差|上[がげ]|下[がげ]|高|低|増|減|[向提]升|上昇|下降|降低|增加|[减減]少"
)
_SET_BESIDE = re.compile(
    r"\b(?:to|from|than|versus|vs|compared|against|of|over|while|whereas|and|but|below|above)\b|→|->"
    r"|에서|부터|보다|대비|비해|중|から|より|対し|比べ|うち|到|至|从|比|升|降|提高|中|而"
)
_RELATIVE = re.compile(r"\brelative|상대|相対|相对")
_STOP = re.compile(r"[.!?;]\s+(?=[A-Z(\d])")


def compared(text: str, stated: Sequence[Amount]) -> Iterator[Pair]:
    """Amounts of a paper that one sentence sets against each other, and scores it names together."""
    ends = [match.start() for match in _STOP.finditer(text)] + [len(text)]
    by_start = sorted(stated, key=lambda one: one.start)
    start = 0
    for end in ends:
        here = [one for one in by_start if start <= one.start < end and _comparable(one)]
        for kind in {one.kind for one in here[:_MANY]}:
            yield from _pairs(text, [one for one in here[:_MANY] if one.kind == kind])
        yield from _left(text[start:end], start, here[:_MANY])
        start = end


def _left(sentence: str, start: int, here: Sequence[Amount]) -> Iterator[Pair]:
    """All of something, and what is left of it where a paper says by how many per cent it is cut."""
    for one in here:
        at = one.start - start
        near = sentence[max(0, at - _CUT_BEFORE) : at + len(one.text) + _CUT_AFTER]
        if one.kind == "percent" and one.values[0] < _HUNDRED and _CUT.search(near):
            left = (_HUNDRED - one.values[0],)
            yield Pair(replace(one, values=(_HUNDRED,)), replace(one, values=left), linked=True)


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
        if linked or 0 < max(first.step, second.step) < 1:
            yield Pair(first, second, linked)


def is_derived(
    amount: Amount,
    text: str,
    stated: Iterable[Amount],
    pairs: Iterable[Pair],
    own: Sequence[Amount],
) -> bool:
    """Whether the amount follows from others in its own sentence of the claim.

    ``text`` is the claim, ``own`` its amounts that the papers bear out. One operand at least must
    stand in the sentence, for only then can a reader check it; the other may be what a paper sets
    against it, one of its ``pairs``, where the result is exact. A growth by hundreds of per cent is
    a factor too, by the papers' ``stated`` amounts.
    """
    start, end = _sentence(text, amount.start)
    others = [one for one in own if start <= one.start < end and one.start != amount.start]
    after = text[amount.start + len(amount.text) :]
    points = says_points(amount) or (amount.kind == "plain" and bool(_COMPARED.match(after)))
    said = text[start:end]
    if points:
        amount = replace(amount, kind="points")
    beside = list(_beside(text, others))
    exact = [value for pair in beside for value in _of_pair(pair, amount, said, points)]
    if not points:
        exact += [value for one in others for value in _of_one(one, amount.kind)]
        exact += [value for one in stated for value in _grown(one, amount.kind)]
    if any(_near(amount, value) for value in exact if value > 0):
        return True
    if not beside and any(
        _fits(amount, value)
        for pair in pairs
        # What is left of all is said as a share.
        if (pair.linked and (amount.kind == "share" or pair.first.values[0] != _HUNDRED))
        or (amount.hedge and amount.kind == "share")
        for value in _of_two(*_values(pair), pair.first.kind, amount.kind, points=points)
    ):
        return True
    if amount.kind == "plain" and not points:
        if not _GAP.search(said):
            return False
        pairs = _any_two(others, stated)
    if amount.kind == "times":
        pairs = _any_two(others, stated)
    return any(_is_exactly(amount, value) for value in _bridged(amount, others, pairs, points))


def _values(pair: Pair) -> tuple[float, float]:
    return pair.first.values[0], pair.second.values[0]


def _fits(amount: Amount, value: float) -> bool:
    """Whether the amount says a number that one sentence of a paper leaves to be computed, closely."""
    if amount.kind == "share":
        return _near(amount, value)
    mine, step = amount.values[0], amount.step or 1.0
    if says_points(amount) or amount.kind != "times":
        return says_points(amount) and amount.step < 1 and abs(mine - value) <= step / 2 + _TINY
    if amount.hedge == "over":
        return mine <= value < mine + step
    if amount.hedge in {"under", "nearly"}:
        return mine - step * _NEARLY <= value <= mine
    return abs(mine - value) <= (step if amount.hedge else _TINY * mine)


def says_points(amount: Amount) -> bool:
    """Whether the amount is one of points, as the difference of two percentages is."""
    return bool(_POINTS.search(amount.text)) or amount.kind == "points"


def _sentence(text: str, at: int) -> tuple[int, int]:
    """Where the sentence of a claim begins and ends that holds this place."""
    ends = [match.end() for match in _CLAIM_STOP.finditer(text)]
    return (
        max((end for end in ends if end <= at), default=0),
        min((end for end in ends if end > at), default=len(text)),
    )


def _beside(text: str, own: Sequence[Amount]) -> Iterator[Pair]:
    """Neighbours among a sentence's amounts of one kind that words set against each other: "from A to B"."""
    for kind in {one.kind for one in own}:
        alike = [one for one in own if one.kind == kind and _comparable(one)]
        alike.sort(key=lambda one: one.start)
        for first, second in pairwise(alike):
            gap = text[first.start + len(first.text) : second.start]
            yield Pair(first, second, linked=bool(_SET_BESIDE.search(gap)))


def _of_pair(pair: Pair, amount: Amount, said: str, points: bool) -> Iterator[float]:  # noqa: FBT001
    """What a sentence that states both numbers may make of them."""
    (first, second), kind = _values(pair), pair.first.kind
    if points or (pair.linked and (amount.kind != "plain" or _CHANGES.search(said))):
        yield from _of_two(first, second, kind, amount.kind, points=points)
    if kind == amount.kind == "plain" and _IN_ALL.search(said):
        yield first + second
    if kind == amount.kind == "percent" and not points and _RELATIVE.search(said):
        small, large = sorted((first, second))
        yield from ((large - small) / base * _HUNDRED for base in (small, large) if base)


def _any_two(own: Iterable[Amount], stated: Iterable[Amount]) -> list[Pair]:
    """Each amount of the sentence with each of the same kind that the papers state."""
    alike = (pair for pair in product(own, stated) if pair[0].kind == pair[1].kind)
    return [Pair(one, other, linked=True) for one, other in alike]


def _bridged(
    amount: Amount,
    own: Sequence[Amount],
    pairs: Iterable[Pair],
    points: bool,  # noqa: FBT001
) -> Iterator[float]:
    """What one number of the sentence makes with one that a paper sets against it."""
    for pair in pairs:
        for known in (pair.first, pair.second):
            if any(known.kind == one.kind and known.values[0] == one.values[0] for one in own):
                yield from _of_two(*_values(pair), pair.first.kind, amount.kind, points=points)


def _is_exactly(amount: Amount, value: float) -> bool:
    """Whether the amount is a computed value to its last digit, or as many words as it rounds to."""
    step = amount.step or 1.0
    if amount.kind == "times" and amount.step >= 1:
        # "Nearly four times" is no exact four.
        return not amount.hedge and any(equal(mine, value) for mine in amount.values)
    fine = says_points(amount) or amount.step < 1 or amount.values[0] > _SMALL
    fine = fine and amount.kind != "share"
    return fine and any(abs(mine - value) <= step / 2 + _TINY for mine in amount.values)


def _of_one(one: Amount, kind: str) -> Iterator[float]:
    """What is left of a share that the sentence states."""
    value = one.values[0]
    whole = {"percent": _HUNDRED, "share": 1.0}.get(kind)
    if whole and one.kind == kind:
        yield whole - value


def _grown(one: Amount, kind: str) -> Iterator[float]:
    """The factor that a growth by more than a hundred per cent is."""
    if one.kind == "percent" and kind == "times":
        yield from (1 + value / _HUNDRED for value in one.values if value >= _HUNDRED)


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
        yield large - small
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
            near_share(amount, value, exact, stated_as_share=True) for value in amount.values
        )
    # Who computes a number and says it in words rounds it.
    rounded = amount if amount.step else replace(amount, step=1.0, round_step=1.0)
    return any(equal(value, exact) or rounds(rounded, value, exact) for value in amount.values)
