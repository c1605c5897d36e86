"""A message's rows as Telegram takes them: a text, and entities that say what stands where."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.adapters.telegram_links import LONGEST_ADDRESS
from bot.adapters.telegram_plain import WORD_JOINER, joints
from core.blocks import Block, Cite, Code, Emphasis, Heading, Jump, Link, Span, Strong, Text
from core.render.pages import Fits, Row, rows
from core.render.tidy import one_line, web_address

# Code points after parsing (core.telegram.org/bots/api#sendmessage, #sendphoto).
TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
# Further ones are dropped without a word (tdlib/telegram-bot-api#820).
_ENTITY_LIMIT = 100
# All together may have about 9500 bytes (tdlib/telegram-bot-api#165): an entity's type and place
# are a dozen of them, and nobody says how they are counted.
_ENTITY_BYTES = 8000
_BYTES_BESIDE_URL = 24
_FOOTER_LIMIT = 256
_LONGEST_URL = 2000

_COMMAND = re.compile(r"/[a-z0-9_]{1,32}")
# What leads to another message, before that has an address; Telegram never sees it.
_JUMP = "jump"
# In these Telegram sees nothing by itself.
_OPAQUE = {"text_link", "code"}


@dataclass(frozen=True, slots=True)
class Entity:
    """A stretch of text that is shown in its own way; ``offset`` and ``length`` in UTF-16 units.

    A ``jump`` leads to the message of its ``part``.
    """

    type: str
    offset: int
    length: int
    url: str = ""
    part: str = ""

    @property
    def bytes(self) -> int:
        """How much of what Telegram allows for all entities it takes, a jump with its address."""
        address = LONGEST_ADDRESS if self.type == _JUMP else len(self.url.encode())
        return _BYTES_BESIDE_URL + address


@dataclass(frozen=True, slots=True)
class Mention(Link):
    """A person's name, of which Telegram tells that person: ours to write, never a paper's."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """A text without white space at its ends, and its entities in the order of their beginning."""

    text: str
    entities: tuple[Entity, ...] = ()

    def fits(self, limit: int) -> bool:
        """Whether Telegram takes all of it where texts have ``limit`` code points."""
        return (
            len(self.text) <= limit
            and len(self.entities) <= _ENTITY_LIMIT
            and sum(one.bytes for one in self.entities) <= _ENTITY_BYTES
        )

    def linked(self, addresses: Mapping[str, str]) -> "Formatted":
        """The same with its jumps as links, by part; those without an address are plain words."""
        entities = (
            replace(one, type="text_link", url=addresses.get(one.part, ""), part="")
            if one.type == _JUMP
            else one
            for one in self.entities
        )
        return replace(self, entities=tuple(e for e in entities if e.url or e.type != "text_link"))


def content(title: str, blocks: Sequence[Block]) -> list[Row]:
    """The title and the text of the blocks, line by line, in letters that Telegram leaves alone."""
    found = rows((Heading(title), *blocks))
    cleaned = [replace(row, spans=tuple(map(_cleaned, row.spans))) for row in found]
    return [row for row in cleaned if _pieces(row)]


def formatted(page: Sequence[Row], footer: str = "") -> Formatted:
    """The rows, and the footer in italics under them."""
    written = [(row.kind, pieces) for row in page if (pieces := _pieces(row))]
    kinds = [kind for kind, _ in written]
    writer = _Writer()
    quoted = 0
    for place, (kind, pieces) in enumerate(written):
        if place:
            writer.write(_gap(kinds[place - 1], kind))
        if kind == "quote" and kinds[place - 1 : place] != ["quote"]:
            quoted = writer.place
        for piece in pieces:
            writer.write(*piece)
        if kind == "quote" and kinds[place + 1 : place + 2] != ["quote"]:
            writer.mark("expandable_blockquote", quoted)
    if shown := _shortened(footer):
        writer.write("\n\n" if written else "")
        writer.write(shown, "italic")
    return writer.done()


def fitting(limit: int, footer: str) -> Fits:
    """Whether rows fit with that footer where texts have ``limit`` code points."""
    return lambda page: formatted(page, footer).fits(limit)


class _Writer:
    """A text under way; ``place`` is its length in UTF-16 units."""

    def __init__(self) -> None:
        self.place = 0
        self._text: list[str] = []
        self._entities: list[Entity] = []

    def write(self, text: str, kind: str = "", leads_to: str = "") -> None:
        """Add words, as an entity of that kind if it has a name and they are more than space."""
        start = self.place
        self._text.append(text)
        self.place += len(text.encode("utf-16-le")) // 2
        if kind and text.strip():
            self.mark(kind, start, leads_to)

    def mark(self, kind: str, start: int, leads_to: str = "") -> None:
        """Make one entity of all that was written since ``start``."""
        ends = {"part" if kind == _JUMP else "url": leads_to}
        self._entities.append(Entity(kind, start, self.place - start, **ends))

    def done(self) -> Formatted:
        """What was written; the outer of two entities stands first."""
        quote = "expandable_blockquote"
        order = sorted(self._entities, key=lambda e: (e.offset, -e.length, e.type != quote))
        return _plain("".join(self._text), order)


def _plain(text: str, entities: Sequence[Entity]) -> Formatted:
    """Without anything in it that Telegram would see by itself, but in links and code."""
    # Letters that are two units of UTF-16: entities are placed by units, words by letters.
    wide = [place for place, letter in enumerate(text) if letter > "\uffff"]
    wide_units = [place + before for before, place in enumerate(wide)]
    edges = [(e.offset, e.offset + e.length) for e in entities if e.type in _OPAQUE]
    opaque = [(a - bisect_left(wide_units, a), b - bisect_left(wide_units, b)) for a, b in edges]
    places = joints(text, opaque)
    units = [place + bisect_left(wide, place) for place in places]
    moved = []
    for one in entities:
        start = one.offset + bisect_right(units, one.offset)
        end = one.offset + one.length
        end += bisect_left(units, end)
        moved.append(replace(one, offset=start, length=end - start))
    pieces = (text[a:b] for a, b in pairwise([0, *places, len(text)]))
    return Formatted(WORD_JOINER.join(pieces), tuple(moved))


def _gap(before: str, kind: str) -> str:
    """What stands between two rows: a blank line but under a heading and inside a list."""
    if kind == "heading":
        return "\n\n"
    together = before == "heading" or (kind == before and kind in {"item", "quote"})
    return "\n" if together else "\n\n"


# Words, the type of their entity, and its address or part.
_Piece = tuple[str, str, str]


def _pieces(row: Row) -> list[_Piece]:
    """The words of a row with their entity's type and address, without space at the row's ends."""
    pieces = list(map(_piece, row.spans))
    while pieces and not pieces[0][0].strip():
        del pieces[0]
    while pieces and not pieces[-1][0].strip():
        del pieces[-1]
    if not pieces:
        return []
    pieces[0] = (pieces[0][0].lstrip(), *pieces[0][1:])
    pieces[-1] = (pieces[-1][0].rstrip(), *pieces[-1][1:])
    if row.kind == "heading":
        return [(text, "bold", "") for text, _, _ in pieces]
    return [(f"{row.mark} ", "", ""), *pieces] if row.mark and row.begins else pieces


def _piece(span: Span) -> _Piece:
    match span:
        case Link(text, url):
            return text, "text_link", url
        case Cite(number, url):
            return f"[{number}]", "text_link", url
        case Jump(text, part):
            return text, _JUMP, part
        case Code(text):
            # Telegram makes a command of it by itself, and one that can be pressed.
            return text, "" if _COMMAND.fullmatch(text) else "code", ""
        case Strong(text):
            return text, "bold", ""
        case Emphasis(text):
            return text, "italic", ""
        case _:
            return span.text, "", ""


def _cleaned(span: Span) -> Span:
    """The span in one line, and its address where Telegram takes it."""
    if isinstance(span, Cite):
        address = _address(span.url)
        return Cite(span.number, address) if address else Text(f"[{span.number}]")
    text = one_line(span.text)
    if isinstance(span, Mention):
        return Mention(text, span.url)
    if isinstance(span, Link) and (address := _address(span.url)):
        return Link(text, address)
    return Text(text) if isinstance(span, Link) else replace(span, text=text)


def _address(url: str) -> str:
    """The address as Telegram takes it; empty where it leads nowhere or is too long."""
    address = web_address(url)
    return address if len(address) <= _LONGEST_URL else ""


def _shortened(footer: str) -> str:
    """The footer in one line; of a long one the end, by which a message is known."""
    line = one_line(footer).strip()
    return line if len(line) <= _FOOTER_LIMIT else f"…{line[1 - _FOOTER_LIMIT :].lstrip()}"
