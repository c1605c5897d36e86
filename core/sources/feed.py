"""arXiv's Atom answers, looked at before the ``arxiv`` package sees them.

The package forgives everything: HTML and cut-off XML become fewer papers without a word, one bad
date loses a page. Here each entry is parsed strictly on its own, what is broken is named and cut
out, and the rest goes on.

The format: https://info.arxiv.org/help/api/user-manual.html, section 3.3; errors: section 3.4.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from core.i18n import Phrase
from core.paper import BadPaperIdError, parse_paper_id
from core.sources.fetch import FetchError

_ATOM = "{http://www.w3.org/2005/Atom}"
# Only a prolog may stand before the root: a document type would be HTML or define entities.
_OPENING = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:(?:<\?.*?\?>|<!--.*?-->)\s*)*"
    rb"<feed\b[^>]*http://www\.w3\.org/2005/Atom[^>]*>",
    re.DOTALL,
)
_TOTAL = re.compile(rb"<(?:\w+:)?totalResults\b[^>]*>\s*(\d{1,9})\s*</")
_ENTRY = re.compile(rb"(?=<entry[\s>])")
_ENTRY_END = b"</entry>"
_FEED_END = b"</feed>"
# Illegal in XML 1.0 in any form, yet found in abstracts: https://www.w3.org/TR/xml/#charsets
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ERROR_ID = "/api/errors"
_LONGEST_DETAIL = 200


@dataclass(frozen=True, slots=True)
class Feed:
    """One page of arXiv's answer.

    ``body`` is a well-formed feed of the ``readable`` entries alone. ``unreadable`` are the others
    that came whole: place in the page (from 0) and paper id, empty where it is not known. Entries
    past the point where a truncated body ends are in neither.
    """

    body: bytes
    total: int | None
    readable: int
    unreadable: tuple[tuple[int, str], ...] = ()

    @property
    def entries(self) -> int:
        """How many entries came whole, readable or not."""
        return self.readable + len(self.unreadable)


def read_feed(body: bytes, source: str, *, complete: bool = True) -> Feed:
    """The feed in ``body``; ``complete`` is False where the connection broke.

    Raises FetchError: not Atom at all, cut off before the first entry ended, or a refusal of the
    query. A feed cut off later gives the entries before the cut.
    """
    body = _CONTROL.sub(b"", body)
    opening = _OPENING.match(body)
    if opening is None:
        key = "source.not_atom" if complete else "source.truncated"
        raise FetchError(Phrase(key, source=source))
    whole = complete and body.rstrip().endswith(_FEED_END)
    head, *parts = _ENTRY.split(body)
    good: list[bytes] = []
    bad: list[tuple[int, str]] = []
    tail = b"" if parts else head
    for place, part in enumerate(parts):
        entry, end, tail = part.partition(_ENTRY_END)
        if not end and place == len(parts) - 1 and not whole:
            break
        paper_id, fault = _examine(opening[0] + entry + end + _FEED_END, source)
        if fault:
            bad.append((place, paper_id))
        else:
            good.append(entry + end)
    if not whole and not good and not bad:
        raise FetchError(Phrase("source.truncated", source=source))
    total = _TOTAL.search(head) or _TOTAL.search(tail)
    return Feed(
        # Without the total: with it the package would go on to the next page by itself.
        body=b"".join((opening[0], *good, _FEED_END)),
        total=int(total[1]) if total else None,
        readable=len(good),
        unreadable=tuple(bad),
    )


def _examine(document: bytes, source: str) -> tuple[str, bool]:
    """A feed of one entry: the paper's id ("" where there is none), and whether it is unusable.

    Raises FetchError for the entry by which arXiv refuses a query.
    """
    try:
        # No document type reaches this parser, so there are no entities to expand.
        root = ET.fromstring(document)  # noqa: S314
    # The other two: an encoding that Python, or this parser, does not know.
    except (ET.ParseError, LookupError, ValueError):
        return _id_in_ruins(document), True
    entry = root.find(f"{_ATOM}entry")
    text = {
        name: entry.findtext(f"{_ATOM}{name}", "").strip() if entry is not None else ""
        for name in ("id", "title", "summary", "published", "updated")
    }
    if _ERROR_ID in text["id"]:
        detail = " ".join(text["summary"].split())[:_LONGEST_DETAIL]
        raise FetchError(Phrase("source.query_refused", source=source, detail=detail), lasting=True)
    try:
        paper_id = parse_paper_id(text["id"])
    except BadPaperIdError:
        return "", True
    usable = text["title"] and _is_date(text["published"]) and _is_date(text["updated"])
    return paper_id, not usable


def _id_in_ruins(document: bytes) -> str:
    """The paper id in an entry that is no XML, or ""."""
    found = re.search(rb"<id>\s*([^<]+?)\s*</id>", document)
    try:
        return parse_paper_id(found[1].decode("utf-8", "replace")) if found else ""
    except BadPaperIdError:
        return ""


def _is_date(text: str) -> bool:
    """Whether the ``arxiv`` package can read this timestamp; it raises ValueError where not."""
    try:
        datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True
