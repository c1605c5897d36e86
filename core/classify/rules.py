"""Sorting by rules a person can read: the taxonomy's keywords and arXiv codes, weighed and added."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.category import OTHER, Category, Taxonomy
from core.classify import Verdict
from core.i18n import Phrase
from core.paper import Paper

# A keyword counts its weight once in the abstract, a little more when the abstract insists on it,
# and TITLE times its weight on top when the title holds it. A primary code counts double.
TITLE = 1.5
REPEAT = 0.25
MOST_REPEATS = 2
PRIMARY = 2.0
# What a subject must reach for a paper to leave `other`: just under one plain keyword (weight 1).
THRESHOLD = 0.9
# A category without keywords is known by its names, and faintly by the words of its description.
NAME_WEIGHT = 1.0
DESCRIPTION_WEIGHT = 0.25
WORDS_SHOWN = 3

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_TELLING_WORD = 4
_SAY_NOTHING = frozenset(
    {"about", "also", "between", "data", "from", "into", "learning", "method", "model", "more"}
    | {"most", "other", "over", "paper", "research", "some", "such", "system", "than", "that"}
    | {"their", "them", "they", "this", "through", "used", "using", "what", "when", "where"}
    | {"which", "with", "without", "work"}
)


def tokens(text: str) -> list[str]:
    """Split a text as keywords are matched: lower case, apart at hyphens, spellings folded."""
    return [_singular(word) for word in _WORD.findall(text.lower().replace("isation", "ization"))]


def _singular(word: str) -> str:
    # Texts and keywords are folded alike, so a wrong stem ("physic") does no harm.
    if word[-1] != "s" or len(word) <= len("gas") or word[-2] in "sui" or word == "news":
        return word
    return word[:-3] + "y" if word.endswith("ies") and len(word) > len("ties") else word[:-1]


@dataclass(slots=True)
class _Node:
    """A place in the tree of keywords, one word a step; ``term`` is what ends here, if any."""

    after: dict[str, "_Node"] = field(default_factory=dict)
    term: int | None = None


@dataclass(slots=True)
class _Term:
    """A keyword as the taxonomy spells it, and its weight for each category that names it."""

    spelling: str
    weights: dict[int, float] = field(default_factory=dict)


class RuleClassifier:
    """A Classifier that adds up the taxonomy's evidence; ties go to the category named first.

    A longer keyword hides the shorter ones inside it: "vision language model" is not also
    counted as "language model".
    """

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._slugs = taxonomy.slugs
        self._root = _Node()
        self._terms: list[_Term] = []
        self._codes: dict[str, dict[int, float]] = {}
        for place, category in enumerate(taxonomy):
            for keyword, weight in _evidence(category).items():
                self._add_keyword(place, keyword, weight)
            for code, weight in category.codes.items():
                self._codes.setdefault(code, {})[place] = weight

    def classify(self, paper: Paper) -> Verdict:
        """Choose the category with most evidence, or ``other`` where no subject reaches the threshold."""
        strengths = self._strengths(paper)
        codes = {
            code: PRIMARY if code == paper.primary_category else 1.0
            for code in (paper.primary_category, *paper.categories)
            if code in self._codes
        }
        scores = [THRESHOLD if slug == OTHER else 0.0 for slug in self._slugs]
        for term, strength in strengths.items():
            for place, weight in self._terms[term].weights.items():
                scores[place] += weight * strength
        for code, strength in codes.items():
            for place, weight in self._codes[code].items():
                scores[place] += weight * strength
        best = max(range(len(scores)), key=scores.__getitem__)
        share = 1 / sum(math.exp(score - scores[best]) for score in scores)
        return Verdict(self._slugs[best], share, self._reason(best, strengths, codes))

    def _add_keyword(self, place: int, keyword: str, weight: float) -> None:
        node = self._root
        for token in tokens(keyword):
            node = node.after.setdefault(token, _Node())
        if node is self._root:
            return
        if node.term is None:
            node.term = len(self._terms)
            self._terms.append(_Term(keyword))
        self._terms[node.term].weights[place] = weight

    def _strengths(self, paper: Paper) -> dict[int, float]:
        """How strongly the paper speaks each term it holds, before any weight."""
        found = {
            term: 1 + REPEAT * min(count - 1, MOST_REPEATS)
            for term, count in self._count(paper.abstract).items()
        }
        for term in self._count(paper.title):
            found[term] = found.get(term, 0.0) + TITLE
        return found

    def _count(self, text: str) -> Counter[int]:
        words = tokens(text)
        counts: Counter[int] = Counter()
        first = self._root.after
        start = 0
        while start < len(words):
            place, start = start, start + 1
            node = first.get(words[place])
            longest: int | None = None
            while node is not None:
                place += 1
                if node.term is not None:
                    longest, start = node.term, place
                node = node.after.get(words[place]) if place < len(words) else None
            if longest is not None:
                counts[longest] += 1
        return counts

    def _reason(
        self, best: int, strengths: Mapping[int, float], codes: Mapping[str, float]
    ) -> Phrase:
        pull = {
            self._terms[term].spelling: strength * self._terms[term].weights.get(best, 0.0)
            for term, strength in strengths.items()
        }
        telling = sorted((word for word in pull if pull[word] > 0), key=lambda w: (-pull[w], w))
        words = ", ".join(telling[:WORDS_SHOWN])
        decided = ", ".join(code for code in codes if self._codes[code].get(best, 0.0) > 0)
        if words and decided:
            return Phrase("classify.words", words=words, codes=decided)
        if words:
            return Phrase("classify.words_only", words=words)
        if decided:
            return Phrase("classify.codes_only", codes=decided)
        return Phrase("classify.nothing")


def _evidence(category: Category) -> Mapping[str, float]:
    """Take the category's keywords, or what its name, aliases and description suggest instead.

    ``other`` is never guessed at: it is what remains.
    """
    if category.keywords or category.slug == OTHER:
        return category.keywords
    faint = dict.fromkeys(_telling(tokens(category.description)), DESCRIPTION_WEIGHT)
    named = dict.fromkeys((category.name, *category.aliases), NAME_WEIGHT)
    return faint | named


def _telling(words: Iterable[str]) -> Iterable[str]:
    return (w for w in words if len(w) >= _SHORTEST_TELLING_WORD and w not in _SAY_NOTHING)
