"""What a paper says, counted the same way when the weights are learnt and when they are used."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from core.classify.rules import tokens
from core.paper import Paper

# A term of the title counts as often as this many in the abstract.
TITLE = 2
# Marks before a term, so that one vocabulary holds three kinds; no token holds such a sign.
IN_TITLE = "^"
CODE = "@"
PRIMARY = "@@"
ARCHIVE = "#"

_CODE = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")
_WORD = re.compile(r"[^\W_]+")
_EMPTY = frozenset(
    "a about across after all also an and any are as at be been being between both but by can "
    "could do does each either for from further had has have how however if in into is it its "
    "may might more most much must new no not of on one only or other our over own paper propose "
    "proposed result results same several show shows since so some such than that the their them "
    "then there these they this those through thus to two under up upon use used uses using via "
    "was we well were what when where whether which while who will with within without work "
    "would yet achieve present introduce provide approach method based ha wa thi doe result".split()
)


@dataclass(frozen=True, slots=True)
class Features:
    """A paper's terms by kind: words and pairs with their counts, title words, arXiv codes.

    All in an order that is the same in every process, for the sum of floats depends on it.
    """

    text: Counter[str]
    title: tuple[str, ...]
    codes: tuple[str, ...]


def features(paper: Paper) -> Features:
    """Count what the classifier looks at; nothing else of a paper matters to it."""
    title, abstract = tokens(paper.title), tokens(paper.abstract)
    primary = paper.primary_category
    codes = {CODE + code for code in (primary, *paper.categories) if _CODE.fullmatch(code)}
    if codes and primary:
        codes |= {PRIMARY + primary, ARCHIVE + primary.partition(".")[0]}
    return Features(
        text=Counter([*title, *_pairs(title)] * TITLE + abstract + _pairs(abstract)),
        title=tuple(dict.fromkeys(IN_TITLE + word for word in title)),
        codes=tuple(sorted(codes)),
    )


def tells(term: str) -> bool:
    """Whether a person shown this term learns something: no filler at its edges, no bare number."""
    words = term.split()
    return not (words[0] in _EMPTY or words[-1] in _EMPTY or term.isdigit() or len(term) == 1)


def as_written(terms: Iterable[str], paper: Paper) -> list[str]:
    """The terms as the paper first writes them, for a term's words are folded ("physic")."""
    words = _WORD.findall(f"{paper.title} {paper.abstract}".lower())
    return [_spelling(term.split(), words) for term in terms]


def _spelling(term: Sequence[str], words: Sequence[str]) -> str:
    known = [
        {form, form.replace("ization", "isation")}
        | {f"{form}s", f"{form[:-1]}ies", f"{form.replace('ization', 'isation')}s"}
        for form in term
    ]
    for place, word in enumerate(words):
        if word in known[0] and len(words) - place >= len(term):
            written = words[place : place + len(term)]
            if all(w in forms for w, forms in zip(written, known, strict=True)):
                return " ".join(written)
    return " ".join(term)


def _pairs(words: Sequence[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(words)]
