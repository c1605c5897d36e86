"""Topics: what an edition is the first of the fortnight to be about."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

from core.paper import Paper
from core.report.terms import counted_terms, folded

_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")

# Fewer papers are chance.
_SEVERAL = 3
# A fortnight has ten listings; of one of which less than half is known, nothing can be said.
_LISTINGS_KNOWN = 5
# How likely as many papers may be if the topic were as frequent as the recent titles allow.
_CHANCE = 5e-4
_LONGEST = 3
# A term that ends so is a kind of paper.
_NO_TOPIC = frozenset(
    """analysis analytic approach assessment comparison design evaluation guide literature overview
    perspective report review roadmap scheme survey taxonomy technique version workshop""".split()
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# A single word is a topic only as a name: "Sentinel-2", "GRPO"; shorter ones mean many things.
_NAME = re.compile(r"(?=.*[^\W\d_].*)(?=.*\d|.*[A-Z].*[A-Z]).{4,}")
_BETWEEN = r"[^\w\n]+"
_ORDINARY_CAPITAL = re.compile(r"[A-Z][a-z]+(?:[-'’][A-Za-z][a-z]*)*")


def new_topics(papers: Sequence[Paper], recent: Sequence[str]) -> dict[str, str]:
    """The new topic of each paper that has one, by the paper's id, as its authors spell it.

    A topic is new if titles of at least three groups of authors name it and none of ``recent``, the
    titles of the last fortnight. Where those are too few to tell, there is none.
    """
    if not papers or len(recent) < _LISTINGS_KNOWN * len(papers):
        return {}
    naming = _naming(papers)
    least = _least(len(papers) / len(recent))
    known = "\n".join(recent).casefold()
    topics: dict[str, str] = {}
    # The broadest first, and of several ways to name the same papers the fullest.
    for term in sorted(naming, key=lambda term: (-len(naming[term]), -len(term), term)):
        found = naming[term]
        if len(found) < least or _groups(found) < least or _is_known(term, known):
            continue
        if spelling := _spelling(term, found):
            for paper in found:
                topics.setdefault(paper.id, spelling)
    return topics


def _naming(papers: Iterable[Paper]) -> dict[str, list[Paper]]:
    """The papers whose titles name each term that can be a topic."""
    naming: dict[str, list[Paper]] = defaultdict(list)
    for paper in sorted(papers, key=lambda paper: paper.id):
        for term in counted_terms(paper.title):
            words = term.split()
            if len(words) <= _LONGEST and words[-1] not in _NO_TOPIC and not _YEAR.search(term):
                naming[term].append(paper)
    return naming


def _least(expected: float) -> int:
    """How many papers can hardly be chance where so many were to be expected (Poisson)."""
    count, left = 0, 1.0
    while count < _SEVERAL or left >= _CHANCE:
        left -= math.exp(-expected) * expected**count / math.factorial(count)
        count += 1
    return count


def _groups(papers: Iterable[Paper]) -> int:
    """How many of the papers have no author in common: a series by one group is one voice."""
    seen: set[str] = set()
    count = 0
    for paper in papers:
        count += seen.isdisjoint(paper.authors)
        seen.update(paper.authors)
    return count


def _is_known(term: str, text: str) -> bool:
    """Whether the folded text has the term, its words in the singular or plural, hyphened or not.

    A word may begin inside another one: what is known in doubt is never said to be new.
    """
    if term in text:
        return True
    forms = (
        rf"{re.escape(word[:-1])}(?:y|ies)" if word[-1] == "y" else rf"{re.escape(word)}(?:e?s)?"
        for word in re.split("[ -]", term)
    )
    # Without a border before it the pattern begins with a letter, which is far quicker to look for.
    return re.search(_BETWEEN.join(forms) + r"(?!\w)", text) is not None


def _spelling(term: str, papers: Sequence[Paper]) -> str:
    """The term as these papers mostly write it; nothing if it is no topic's name.

    A title's capitals tell nothing, so what the abstracts write counts for more.
    """
    spellings: Counter[str] = Counter()
    for paper in papers:
        for found in _occurrences(term, paper.title):
            spellings[" ".join(map(_uncapitalised, found.split()))] += 1
        for found in _occurrences(term, paper.abstract):
            spellings[found] += len(papers) + 1
    if " " not in term and not all(map(_NAME.fullmatch, spellings)):
        return ""
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling), default="")


def _occurrences(term: str, text: str) -> Iterator[str]:
    words = _WORD.findall(text)
    size = term.count(" ") + 1
    for start in range(len(words) - size + 1):
        found = " ".join(words[start : start + size])
        if folded(found) == term:
            yield found


def _uncapitalised(word: str) -> str:
    return word.lower() if _ORDINARY_CAPITAL.fullmatch(word) else word
