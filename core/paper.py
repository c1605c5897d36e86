"""The paper: what every source's entry becomes before the engine looks at it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

# arXiv identifier schemes: https://info.arxiv.org/help/arxiv_identifier.html
_NEW_STYLE = re.compile(r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5})(?:v\d+)?", re.ASCII)
_OLD_STYLE = re.compile(r"([a-z]+(?:-[a-z]+)*)(?:\.[A-Z]{2})?(/\d{7})(?:v\d+)?", re.ASCII)
_ADDRESS = re.compile(r"https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/", re.IGNORECASE)
_DEEPLEARN = re.compile(r"deeplearn:\d+", re.ASCII)
# The name of the signal of a paper that its authors or arXiv took back.
WITHDRAWN = "withdrawn"


class BadPaperIdError(ValueError):
    """A text that names no paper; the message says what was expected."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing a source says about a paper: ``("huggingface", "upvotes", 92)``."""

    source: str
    name: str
    value: int | str


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper merged from all sources; every text in it is plain Unicode, never LaTeX.

    ``id`` is ``arxiv:2411.05003`` (no version) or ``deeplearn:541926``. ``categories`` are arXiv
    codes, the primary one among them. ``published`` is UTC.
    """

    id: str
    title: str
    abstract: str
    authors: tuple[str, ...] = ()
    primary_category: str = ""
    categories: tuple[str, ...] = ()
    comment: str = ""
    url: str = ""
    published: datetime | None = None
    links: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    signals: tuple[Signal, ...] = ()

    @property
    def arxiv_id(self) -> str | None:
        """The bare arXiv id, or None where no source gave one."""
        scheme, _, number = self.id.partition(":")
        return number if scheme == "arxiv" else None

    @property
    def withdrawn(self) -> bool:
        """Whether its authors or arXiv took it back."""
        return any(signal.name == WITHDRAWN and signal.value for signal in self.signals)


def parse_paper_id(text: str) -> str:
    """The canonical id in ``text``: an arXiv id or link (version dropped), or ``deeplearn:N``.

    Raises BadPaperIdError; an id is never guessed from anything else.
    """
    bare = _ADDRESS.sub("", text.strip()).removesuffix(".pdf")
    if bare[:6].lower() == "arxiv:":
        bare = bare[6:].strip()
    for pattern in (_NEW_STYLE, _OLD_STYLE):
        if match := pattern.fullmatch(bare):
            # The subject class of an old id ("math.GT") is no part of it.
            return f"arxiv:{''.join(match.groups())}"
    if _DEEPLEARN.fullmatch(bare):
        return bare
    raise BadPaperIdError(f"{text!r} is neither an arXiv id nor a deeplearn id")


def paper_url(paper_id: str) -> str:
    """Where a person reads the paper with this canonical id."""
    scheme, _, number = paper_id.partition(":")
    if scheme == "arxiv":
        return f"https://arxiv.org/abs/{number}"
    return f"https://deeplearn.org/arxiv/{number}"


def normalised_title(title: str) -> str:
    """The title as a key for merging: letters and digits only, case folded."""
    return "".join(char for char in title.casefold() if char.isalnum())


def merge(papers: Iterable[Paper]) -> list[Paper]:
    """One Paper per arXiv id, else per normalised title, in order of first appearance.

    An entry with an arXiv id wins over one without; signals, links and sources of all are kept.
    """
    merged: list[Paper] = []
    by_id: dict[str, int] = {}
    by_title: dict[str, int] = {}
    for paper in papers:
        title = normalised_title(paper.title)
        place = by_id.get(paper.id)
        if place is None and title in by_title:
            candidate = merged[by_title[title]]
            # Two ids of one scheme under one title are two papers: an id is the stronger evidence.
            if (candidate.arxiv_id is None) != (paper.arxiv_id is None):
                place = by_title[title]
        if place is None:
            place = len(merged)
            merged.append(paper)
        else:
            merged[place] = _join(merged[place], paper)
        by_id[paper.id] = place
        if title:
            by_title.setdefault(title, place)
    return merged


def _join(first: Paper, second: Paper) -> Paper:
    """Both entries as one paper, under the arXiv entry's id and texts where there is one."""
    if first.arxiv_id is None and second.arxiv_id is not None:
        first, second = second, first
    return replace(
        first,
        abstract=first.abstract or second.abstract,
        authors=first.authors or second.authors,
        primary_category=first.primary_category or second.primary_category,
        url=first.url or second.url,
        comment=first.comment or second.comment,
        published=first.published or second.published,
        categories=_union(first.categories, second.categories),
        links=_union(first.links, second.links),
        sources=_union(first.sources, second.sources),
        signals=_union(first.signals, second.signals),
    )


def _union(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return tuple(dict.fromkeys((*first, *second)))
