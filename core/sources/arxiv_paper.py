"""A paper as arXiv's API gives it, made one of ours; and how arXiv says that one is withdrawn."""

import re
from typing import Any

from core.clean import clean
from core.paper import WITHDRAWN, Paper, Signal, paper_url, parse_paper_id
from core.sources.announcement import CODE

_WORK = (
    r"(?:paper|manuscript|submission|article|work|preprint|e-?print|document|report|draft|version)"
)
_SUBJECT = rf"(?:this|the)(?:\s+(?:following|present|current|above))?(?:\s+arxiv)?\s+{_WORK}"
_IS = r"(?:has\s+been|have\s+been|is(?:\s+(?:now|being|hereby))?|was|had\s+to\s+be)"
# A paper withdrawn from a conference stays on arXiv.
_ELSEWHERE = (
    r"(?!(?:\s+by\s+(?:\w+\s+){1,3}?)?\s*\bfrom\b"
    r"(?!\s+(?:(?:the\s+)?arxiv|consideration|publication|public)))"
)
_AUTHORS = r"(?:(?:the|all|its|our)\s+)*(?:\w+\s+)?(?:authors?|submitters?|arxiv)"
_REQUEST = (
    r"\s+(?:at|on|upon|by|per)\s+(?:(?:the|an?|our)\s+)?"
    rf"(?:(?:\w+\s+)?request\s+(?:of|by|from)\s+{_AUTHORS}\b|authors?['’]?s?['’]?\s+request\b)"
    r"(?![^.;]*\bfrom\b(?!\s+(?:the\s+)?arxiv))"
)
_DECIDED = (
    r"(?:(?:have|has|had|am|are|hereby|must|need|wish|want|would\s+like|decided|chosen"
    r"|asked|forced)\s+){0,3}(?:to\s+)?"
)
_BECAUSE = r"(?:(?:due\s+to|because\s+of|owing\s+to)\b[^.;]{1,200}?,\s+)?"
# What the comment and the abstract of a withdrawn paper say, each where a sentence begins:
# https://info.arxiv.org/help/withdraw.html
_SENTENCE = re.compile(
    r"(?:^[\W_]*|[.;:!?)\]]\s+\W*?|[\[(]\s*)"
    rf"(?:arxiv\s+admin\s+note:\s*)?{_BECAUSE}"
    rf"(?:{_SUBJECT}\s+{_IS}\s+withdrawn\b{_ELSEWHERE}"
    rf"|(?:{_AUTHORS}|we|i)\s+{_DECIDED}(?:withdrawn|withdrew|withdraw|withdrawing)"
    rf"\s+(?:this|our|the)(?:\s+(?:present|current))?\s+{_WORK}\b{_ELSEWHERE})",
    re.IGNORECASE,
)
_WORD = re.compile(
    rf"^[\W_]*(?:{_WORK}\s+)?withdrawn"
    rf"(?:\W*$|[.;:!]|\s*[,(]|\s+by\s+{_AUTHORS}\b{_ELSEWHERE}|{_REQUEST}"
    r"|\s+(?:due\s+to|because|pending|since|as\s+(?:it|the|this|we))\b)",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"^[\W_]*(?:{_WORK}\s+)?withdrawn(?:\W*$|\s+by\s+{_AUTHORS}\b{_ELSEWHERE}|{_REQUEST})",
    re.IGNORECASE,
)


def paper_of(result: Any) -> Paper:  # noqa: ANN401 - untyped package
    """The paper of an ``arxiv.Result``. Raises BadPaperIdError for a result without an id."""
    paper_id = parse_paper_id(result.entry_id)
    texts = [clean(text or "") for text in (result.title, result.summary, result.comment)]
    authors = (clean(author.name).text for author in result.authors)
    terms = (result.primary_category, *result.categories)
    codes = tuple(dict.fromkeys(term for term in terms if term and CODE.fullmatch(term)))
    abstract, comment = texts[1].text, texts[2].text
    return Paper(
        id=paper_id,
        title=texts[0].text,
        abstract=abstract,
        authors=tuple(author for author in authors if author),
        primary_category=codes[0] if codes else "",
        categories=codes,
        comment=comment,
        url=paper_url(paper_id),
        published=result.published,
        links=tuple(dict.fromkeys(link for text in texts for link in text.links)),
        sources=("arxiv",),
        signals=(Signal("arxiv", WITHDRAWN, 1),) if says_withdrawn(comment, abstract) else (),
    )


def says_withdrawn(comment: str, abstract: str) -> bool:
    """Whether the comment or the abstract says that this very paper is withdrawn from arXiv.

    Not one that was withdrawn from a conference, nor one that writes about withdrawing.
    """
    return any(
        pattern.search(text)
        for text, patterns in ((comment, (_SENTENCE, _WORD)), (abstract, (_SENTENCE, _ALONE)))
        for pattern in patterns
    )
