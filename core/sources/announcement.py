"""arXiv's announcement of a day, read from its news feed: which papers the day's listing owes.

The feed is RSS 2.0: https://info.arxiv.org/help/rss_specifications.html
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from xml.etree import ElementTree as ET

from core.i18n import Phrase
from core.paper import BadPaperIdError, parse_paper_id
from core.sources.fetch import FetchError
from core.sources.listing import EASTERN

Kind = Literal["new", "cross", "replace", "replace-cross"]

# The strongest first: a paper that is new in one category is new, wherever else it stands.
_KINDS: tuple[Kind, ...] = ("new", "cross", "replace", "replace-cross")
# "Limit 2000 results": https://info.arxiv.org/help/rss.html
_MOST_ITEMS = 2000
_LONGEST_DETAIL = 200

# arXiv's categories: https://arxiv.org/category_taxonomy; MSC and ACM classes stand among them.
CODE = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]+(?:-[A-Za-z]+)*)?")
# Only a prolog may stand before the root: a document type would be HTML or define entities.
_OPENING = re.compile(
    rb"\A(?:\xef\xbb\xbf)?\s*(?:(?:<\?.*?\?>|<!--.*?-->)\s*)*<rss(?:\s[^>]*)?>", re.DOTALL
)
_CLOSING = b"</rss>"
_ITEM = re.compile(rb"(?=<item[\s>])")
_ITEM_END = b"</item>"
# Illegal in XML 1.0 in any form, yet found in abstracts: https://www.w3.org/TR/xml/#charsets
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ANNOUNCE_TYPE = "{http://arxiv.org/schemas/atom}announce_type"
_OAI = re.compile(r"oai:arxiv\.org:", re.IGNORECASE)
_DESCRIBED = re.compile(r"\s*(arXiv:\S+)(?:\s+Announce Type:\s*([\w-]+))?", re.IGNORECASE)
_ERROR_TITLE = "Feed error"


@dataclass(frozen=True, slots=True)
class Entry:
    """One announced paper: its canonical id, how it is announced, all its arXiv categories."""

    id: str
    kind: Kind
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the feed announces under a date, each paper once, in the feed's order.

    ``day`` is None where the feed bears no date. ``unreadable`` are the places (from 1) of items
    that name no paper, ``items`` is how many there are, with those.
    """

    day: date | None
    entries: tuple[Entry, ...] = ()
    unreadable: tuple[int, ...] = ()
    items: int = 0

    @property
    def owed(self) -> tuple[Entry, ...]:
        """The entries that are news: new papers and those new in a category. No replacements."""
        return tuple(entry for entry in self.entries if entry.kind in {"new", "cross"})

    @property
    def cut(self) -> bool:
        """Whether the feed is as long as arXiv lets one be, so that more may have been announced."""
        return self.items >= _MOST_ITEMS


def read_announcement(body: bytes, source: str, *, complete: bool = True) -> Announcement:
    """The announcement in ``body``; ``complete`` is False where the connection broke.

    Raises FetchError: no RSS document, one with a document type, one that is cut off, or arXiv's
    refusal of the categories. A broken item loses no other.
    """
    body = _CONTROL.sub(b"", body)
    opening = _OPENING.match(body)
    if opening is None:
        raise FetchError(
            Phrase("source.not_atom" if complete else "source.truncated", source=source)
        )
    root = _parsed(body)
    if root is not None:
        channel = root.find("channel")
        if channel is None:
            raise FetchError(Phrase("source.not_atom", source=source))
        _refuse_errors(channel, source)
        items: list[ET.Element | bytes] = list(channel.findall("item"))
        return _announcement(channel, items)
    if not complete or not body.rstrip().endswith(_CLOSING):
        raise FetchError(Phrase("source.truncated", source=source))
    head, *parts = _ITEM.split(body)
    return _announcement(_head(head), [_item(opening[0], part) for part in parts])


def _parsed(document: bytes) -> ET.Element | None:
    """The root of a whole, well-formed document, else None."""
    try:
        # No document type reaches this parser, so there are no entities to expand.
        return ET.fromstring(document)  # noqa: S314
    # The other two: an encoding that Python, or this parser, does not know.
    except (ET.ParseError, LookupError, ValueError):
        return None


def _refuse_errors(channel: ET.Element, source: str) -> None:
    """Raise FetchError for the feed by which arXiv refuses a request."""
    if channel.findtext("title", "").strip().startswith(_ERROR_TITLE):
        detail = " ".join(channel.findtext("description", "").split())[:_LONGEST_DETAIL]
        raise FetchError(Phrase("source.query_refused", source=source, detail=detail), lasting=True)


def _head(head: bytes) -> ET.Element:
    """The channel's dates in a document that is not well-formed further down."""
    channel = ET.Element("channel")
    for name in ("pubDate", "lastBuildDate"):
        if found := re.search(rb"<%b>([^<]*)</%b>" % (name.encode(), name.encode()), head):
            ET.SubElement(channel, name).text = found[1].decode("utf-8", "replace")
    return channel


def _item(opening: bytes, part: bytes) -> ET.Element | bytes:
    """The item that begins this part of a document: whole, or as it is where it is broken."""
    item, end, _ = part.partition(_ITEM_END)
    root = _parsed(opening + item + end + _CLOSING)
    found = None if root is None else root.find("item")
    return item if found is None else found


def _announcement(channel: ET.Element, items: list[ET.Element | bytes]) -> Announcement:
    entries: dict[str, Entry] = {}
    unreadable = []
    for place, item in enumerate(items, 1):
        entry = _entry_in_ruins(item) if isinstance(item, bytes) else _entry(item)
        if entry is None:
            unreadable.append(place)
        else:
            entries[entry.id] = _joined(entries.get(entry.id, entry), entry)
    whole = [item for item in items if not isinstance(item, bytes)]
    return Announcement(
        _day(channel, whole), tuple(entries.values()), tuple(unreadable), len(items)
    )


def _entry(item: ET.Element) -> Entry | None:
    described = _DESCRIBED.match(item.findtext("description", ""))
    said = item.findtext(_ANNOUNCE_TYPE, "") or (described[2] if described else "")
    texts = [_OAI.sub("", item.findtext("guid", ""), count=1), item.findtext("link", "")]
    paper_id = _id([*texts, described[1] if described else ""])
    terms = (category.text or "" for category in item.findall("category"))
    return Entry(paper_id, _kind(said), _codes(terms)) if paper_id else None


def _entry_in_ruins(item: bytes) -> Entry | None:
    """The entry of an item that is no XML: losing a paper for a stray sign would be too much."""
    text = item.decode("utf-8", "replace")

    def inner(name: str) -> Iterator[str]:
        return (found[1] for found in re.finditer(rf"<{name}\b[^>]*>([^<]*)</{name}>", text))

    ruins = ET.Element("item")
    for name in ("guid", "link", "category"):
        for value in inner(name):
            ET.SubElement(ruins, name).text = value.strip()
    for value in inner("arxiv:announce_type"):
        ET.SubElement(ruins, _ANNOUNCE_TYPE).text = value
    if described := re.search(r"<description>(.{0,200})", text, re.DOTALL):
        ET.SubElement(ruins, "description").text = described[1]
    return _entry(ruins)


def _id(texts: list[str]) -> str:
    """The first arXiv id among these, "" where there is none."""
    for text in texts:
        try:
            paper_id = parse_paper_id(text)
        except BadPaperIdError:
            continue
        if paper_id.startswith("arxiv:"):
            return paper_id
    return ""


def _kind(said: str | None) -> Kind:
    """The kind that is said; what says nothing we know counts as new, so that it is not lost."""
    word = (said or "").strip().lower()
    return next((kind for kind in _KINDS if kind == word), "new")


def _codes(terms: Iterator[str]) -> tuple[str, ...]:
    stripped = (term.strip() for term in terms)
    return tuple(dict.fromkeys(term for term in stripped if CODE.fullmatch(term)))


def _joined(first: Entry, second: Entry) -> Entry:
    kind = min(first.kind, second.kind, key=_KINDS.index)
    return replace(first, kind=kind, codes=tuple(dict.fromkeys((*first.codes, *second.codes))))


def _day(channel: ET.Element, items: list[ET.Element]) -> date | None:
    """The date of the announcement: ``pubDate`` is midnight of it in arXiv's own zone."""
    for element in (channel, *items):
        if when := _moment(element.findtext("pubDate", "")):
            return when.date()
    built = _moment(channel.findtext("lastBuildDate", ""))
    return built.astimezone(EASTERN).date() if built else None


def _moment(text: str) -> datetime | None:
    """A date of RFC 822, aware, in its own offset."""
    try:
        when = parsedate_to_datetime(text)
        # "-0000" is UTC from a server that does not tell its zone: RFC 5322, 3.3.
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        when.astimezone(EASTERN)
    except (ValueError, OverflowError):
        return None
    return when
