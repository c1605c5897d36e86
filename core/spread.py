"""Spreading: the papers that a category shows are about different things."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from core.paper import Paper

_WORD = re.compile(r"[a-z][a-z0-9]+")
# What a title says counts as if said so often.
_TITLE = 3
# A paper is about its most telling words.
_TELLING = 30
# What more of a category's papers say than this is the category; of a few papers it is chance.
_COMMON, _FEW = 0.4, 3
# Pairs less alike than the first share a field at most, pairs more alike than the second a topic:
# what a reader said of the likest pairs of five real days.
_AKIN, _SAME = 0.12, 0.25
# What a paper loses that is about the same as one before it: less than an acceptance or a release is
# worth, so for the sake of variety nothing passes a paper that has one of them more.
_ROOM = 0.75
# As many as a category ever shows, out of those that may be among them.
_SHOWN, _POOL = 20, 40


class Wording:
    """How often each paper of an edition says each word, and how telling a word is."""

    def __init__(self, papers: Iterable[Paper]) -> None:
        self.counts: dict[str, Counter[str]] = {}
        holding: Counter[str] = Counter()
        for paper in papers:
            text = f"{paper.title} " * _TITLE + paper.abstract
            counts = Counter(map(_singular, _WORD.findall(text.lower())))
            self.counts[paper.id] = counts
            holding.update(counts.keys())
        size = len(self.counts)
        self.rarity = {word: math.log((size + 1) / (n + 0.5)) for word, n in holding.items()}


class _Shelf:
    """A category's papers, each seen as its most telling words."""

    def __init__(self, papers: Sequence[Paper], wording: Wording) -> None:
        self._papers = papers
        self._wording = wording
        holding: Counter[str] = Counter()
        for paper in papers:
            holding.update(wording.counts[paper.id].keys())
        most = max(_COMMON * len(papers), _FEW)
        self._common = {word for word, count in holding.items() if count > most}
        self._profiles: dict[int, dict[str, float]] = {}

    def sameness(self, first: int, second: int) -> float:
        """0 for papers at two places that share a field at most, 1 for the same topic."""
        one, other = self._profile(first), self._profile(second)
        # In the order of the words: a sum in another order is another number.
        cosine = sum(weight * other[word] for word, weight in one.items() if word in other)
        return min(max((cosine - _AKIN) / (_SAME - _AKIN), 0.0), 1.0)

    def _profile(self, place: int) -> dict[str, float]:
        if place not in self._profiles:
            rarity = self._wording.rarity
            counts = self._wording.counts[self._papers[place].id]
            telling = sorted(
                (-(1 + math.log(count)) * rarity[word], word)
                for word, count in counts.items()
                if word not in self._common
            )[:_TELLING]
            length = math.hypot(*(weight for weight, _ in telling))
            self._profiles[place] = {word: -weight / length for weight, word in telling}
        return self._profiles[place]


def spread(papers: Sequence[Paper], scores: Sequence[float], wording: Wording) -> list[int]:
    """The places of a category's papers, best first, in the order to show them in.

    Again and again the paper that is worth most after what it loses by being like one before it
    (maximal marginal relevance: Carbonell and Goldstein, SIGIR 1998). None passes another that is
    worth over ``_ROOM`` more. Behind those that are shown the order is by worth.
    """
    shelf = _Shelf(papers, wording)
    pool = list(range(min(len(papers), _POOL)))
    loss = [0.0] * len(pool)
    compared = [0] * len(pool)
    order: list[int] = []
    while pool and len(order) < _SHOWN:
        best, most = pool[0], -math.inf
        for place in pool:
            # Even without a loss it would not be worth more, nor would any that follows.
            if scores[place] <= most:
                break
            nearest = (shelf.sameness(place, other) for other in order[compared[place] :])
            loss[place] = max(loss[place], _ROOM * max(nearest, default=0.0))
            compared[place] = len(order)
            if scores[place] - loss[place] > most:
                best, most = place, scores[place] - loss[place]
        order.append(best)
        pool.remove(best)
    chosen = set(order)
    return [*order, *(place for place in range(len(papers)) if place not in chosen)]


def _singular(word: str) -> str:
    return word[:-1] if word[-1] == "s" else word
