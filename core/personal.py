"""What one subscription's own terms make of a report and an edition."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from core.edition import Edition
from core.i18n import catalog
from core.paper import Paper
from core.ranking import Entry
from core.report import Claim, Report
from core.report.terms import counted_terms, folded

_MANY = 2
# Hangul puts its particles right behind a word, Chinese and Japanese put no spaces at all: their
# letters are no part of a neighbouring word, and a term that ends in one may go on.
_JOINED = (
    "\\u1100-\\u11ff\\u3040-\\u30ff\\u3130-\\u318f\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af"
)
_LETTER = rf"[^\W_{_JOINED}]"
_EDGE = re.compile(_LETTER)
# A term never reaches from one field into the next: no cleaned term holds this.
_FIELD = "\0"
_NUMBER_WORDS = {2: "two|both|두|둘", 3: "three|세|셋", 4: "four|네|넷", 5: "five|다섯"}


def matches(paper: Paper, terms: Sequence[str]) -> tuple[str, ...]:
    """The terms that occur in the paper's title, abstract or authors, as whole words.

    Case does not matter, and a space also stands for a hyphen. Hangul has no word borders:
    ``확산`` is found in ``확산모델은``.
    """
    if not terms:
        return ()
    text = _folded(_FIELD.join((paper.title, paper.abstract, *paper.authors)))
    return tuple(term for term in terms if _occurs(term, text))


def without(report: Report, exclude: Sequence[str]) -> Report | None:
    """The report without the papers that an excluded term occurs in; None if no paper is left.

    What rests on dropped papers alone goes with them, and so does a claim that counts papers and
    would now count wrong. The rest is renumbered.
    """
    kept = [entry for entry in report.papers if not matches(entry.paper, exclude)]
    if not kept:
        return None
    if len(kept) == len(report.papers):
        return report
    places = {entry.paper.id: place for place, entry in enumerate(kept, 1)}
    numbers = {
        number: places[entry.paper.id]
        for number, entry in enumerate(report.papers, 1)
        if entry.paper.id in places
    }
    dropped = [entry.paper for entry in report.papers if entry.paper.id not in places]
    papers = [entry.paper for entry in kept]
    themes = tuple(_recounted(claim, numbers, report) for claim in report.themes)
    return replace(
        report,
        papers=tuple(kept),
        themes=_renumbered(themes, numbers) if len(kept) >= _MANY else (),
        keywords=tuple(
            word
            for word in report.keywords
            if not _is_about(word, dropped) or _is_about(word, papers)
            if not any(_occurs(term, _folded(word)) for term in exclude)
        ),
        findings=_renumbered(report.findings, numbers),
        impact=_renumbered(report.impact, numbers),
        outlook=_renumbered(report.outlook, numbers),
    )


def for_you(
    edition: Edition,
    include: Sequence[str],
    exclude: Sequence[str],
    already: Collection[str],
    most: int,
) -> tuple[Entry, ...]:
    """The edition's papers that an included term occurs in and no excluded one, the best first.

    ``already`` are the ids of papers shown elsewhere; at most ``most`` are given.
    """
    found = [
        entry
        for entries in edition.categories.values()
        for entry in entries
        if entry.paper.id not in already
        and matches(entry.paper, include)
        and not matches(entry.paper, exclude)
    ]
    found.sort(key=lambda entry: (-entry.score, entry.paper.id))
    return tuple(found[: max(most, 0)])


def _renumbered(claims: Sequence[Claim], numbers: Mapping[int, int]) -> tuple[Claim, ...]:
    """The claims that still rest on something and do not count what is gone."""
    found = []
    for claim in claims:
        cites = tuple(numbers[number] for number in claim.cites if number in numbers)
        whole = len(cites) == len(claim.cites)
        if whole or (cites and not _counts(claim)):
            found.append(replace(claim, cites=cites))
    return tuple(found)


def _counts(claim: Claim) -> bool:
    """Whether the claim says how many papers it rests on, which is no longer so many."""
    count = len(claim.cites)
    # Neither 0.3, nor 3D, nor 3%.
    said = rf"(?<![\d.]){count}(?!\.?\d|[a-z%])"
    if words := _NUMBER_WORDS.get(count):
        said += rf"|(?<![^\W\d_])(?:{words})(?!\w)"
    return re.search(said, claim.text, re.IGNORECASE) is not None


def _recounted(claim: Claim, numbers: Mapping[int, int], report: Report) -> Claim:
    """The claim; a theme in the words of an extracted report with its count put right."""
    left = sum(number in numbers for number in claim.cites)
    if left in (len(claim.cites), 0) or left < _MANY:
        return claim
    words = catalog(report.language)
    head, tail = words.say("report.theme", term=_FIELD, count=len(claim.cites)).split(_FIELD)
    if not (claim.text.startswith(head) and claim.text.endswith(tail)):
        return claim
    term = claim.text[len(head) : len(claim.text) - len(tail)]
    cites = tuple(number for number in claim.cites if number in numbers)
    return Claim(words.say("report.theme", term=term, count=left), cites)


def _is_about(keyword: str, papers: Sequence[Paper]) -> bool:
    """Whether the keyword occurs in one of them, as it stands or as a report counts terms."""
    key = folded(keyword)
    return any(
        matches(paper, (keyword,)) or key in counted_terms(f"{paper.title}. {paper.abstract}")
        for paper in papers
    )


def _occurs(term: str, folded: str) -> bool:
    words, pattern = _pattern(term)
    # Most texts lack one of the words, and to see that is far cheaper than the pattern.
    return bool(words) and all(map(folded.__contains__, words)) and bool(pattern.search(folded))


@lru_cache(maxsize=4096)
def _pattern(term: str) -> tuple[tuple[str, ...], re.Pattern[str]]:
    """The term's words, none if it is blank, and what finds them together in a folded text."""
    words = tuple(_folded(term).split())
    together = r"[\s\-\u2010-\u2015]+".join(map(re.escape, words))
    before = f"(?<!{_LETTER})" if _EDGE.match(together[:1]) else ""
    after = f"(?!{_LETTER})" if _EDGE.match(together[-1:]) else ""
    return words, re.compile(before + together + after)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
