"""Searching the papers that were published, and the place of one among them."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import normalize

from sqlalchemy import ColumnElement, Row, Select, func, or_, select

from core.i18n import Phrase
from core.paper import Paper
from core.personal import matches
from storage.codec import phrase_from_json
from storage.engine import Database
from storage.schema import editions, entries, papers

# At most so many editions are read at a time, and fewer where many of their papers may fit: the rows
# of a thousand papers take the event loop some ten milliseconds.
_EDITIONS = 8
_ROWS = 200
# Having looked at so many papers that may fit, a search that has enough to show ends, and at so
# many it ends in any case. All that may hold a rare word are fewer, so those are counted to the end.
_ENOUGH = 1_000
_MOST = 5_000
# Of a long phrase only the longest words are looked for in the database, the rest here.
_WORDS = 6
# Searching is work for the processor: more at once would only wait for each other.
_AT_ONCE = 2
_ESCAPE = "!"
_WILD = re.compile(r"[%_!]")
# In titles and abstracts many digits are raised or lowered (R², H₂O); nobody types them so.
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, slots=True)
class Hit:
    """A paper that was found, with its category and the edition that it was published in."""

    paper_id: str
    title: str
    url: str
    category: str
    edition: date
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the papers that a search found, and how many there are in all.

    ``since`` is the date of the oldest edition that was looked at, None where there is no edition;
    unless ``whole``, older ones were not, and ``total`` counts those found that far.
    """

    hits: tuple[Hit, ...]
    total: int
    since: date | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a paper stands in a sealed edition: the how-manieth (from 1) of how many, and why."""

    edition: date
    category: str
    number: int
    count: int
    why: tuple[Phrase, ...]


class SearchStore:
    """The published papers. Every method raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def find(
        self, terms: Sequence[str], category: str = "", *, offset: int = 0, limit: int = 8
    ) -> Found:
        """The papers whose title or abstract holds all terms, as ``core.personal.matches`` has it.

        The newest edition first, in each the highest score; ``category`` is a slug, empty for all.
        """
        found: list[Row[Any]] = []
        looked = 0
        async with self._at_once, self._database.read() as connection:
            dates = select(editions.c.date).order_by(editions.c.date.desc())
            days = list(await connection.scalars(dates))
            start, some = 0, 1
            while start < len(days):
                chunk = days[start : start + some]
                rows = (await connection.execute(_candidates(terms, category, chunk))).all()
                found += await asyncio.to_thread(_exact, rows, terms)
                looked += len(rows)
                start += len(chunk)
                enough = looked >= _ENOUGH and len(found) > offset + limit
                if enough or looked >= _MOST:
                    break
                some = min(some * 2, _EDITIONS) if len(rows) < _ROWS else max(some // 2, 1)
        hits = tuple(_hit(row) for row in found[offset : offset + limit])
        since = days[start - 1] if days else None
        return Found(hits, len(found), since, whole=start == len(days))

    async def place(self, paper_id: str) -> Place | None:
        """Where the paper kept under this id was published; None if it was not yet."""
        mine = (
            select(entries)
            .where(entries.c.paper_id == paper_id)
            .order_by(entries.c.edition.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(mine)).first()
            if row is None:
                return None
            shelf = select(func.count()).where(
                entries.c.edition == row.edition, entries.c.category == row.category
            )
            count = await connection.scalar(shelf) or 0
        why = tuple(phrase_from_json(why) for why in row.why)
        return Place(row.edition, row.category, row.position + 1, count, why)


def _candidates(terms: Sequence[str], category: str, days: Sequence[date]) -> Select[Any]:
    """What was published in these editions and may hold the terms.

    Left out wrongly are none but those that have a term in the small or fancy letters of formulas.
    """
    statement = select(
        entries.c.edition,
        entries.c.category,
        entries.c.score,
        papers.c.id,
        papers.c.title,
        papers.c.abstract,
        papers.c.url,
    ).join_from(papers, entries)
    if category:
        shelf = (entries.c.edition.in_(days), entries.c.category == category)
        statement = statement.where(*shelf)
    else:
        # The papers of an edition lie side by side in their table, in order of entries they do not.
        statement = statement.where(papers.c.edition.in_(days))
    words = {word for term in terms for word in normalize("NFKC", term).casefold().split()}
    return statement.where(*map(_holds, sorted(words, key=len, reverse=True)[:_WORDS]))


def _holds(word: str) -> ColumnElement[bool]:
    """That the title or the abstract has these letters anywhere."""
    patterns = dict.fromkeys(
        map(_pattern, (word, word.translate(_RAISED), word.translate(_LOWERED)))
    )
    return or_(
        *(
            column.ilike(pattern, escape=_ESCAPE)
            for pattern in patterns
            for column in (papers.c.abstract, papers.c.title)
        )
    )


def _pattern(word: str) -> str:
    """The word for LIKE; what a database may not know in the other case may be anything."""
    escaped = _WILD.sub(lambda found: f"{_ESCAPE}{found[0]}", word)
    return f"%{''.join(_known(escaped))}%"


def _known(text: str) -> Iterator[str]:
    for char in text:
        yield char if char.isascii() or char.upper() == char.lower() else "%"


def _exact(rows: Sequence[Row[Any]], terms: Sequence[str]) -> list[Row[Any]]:
    """Those of the rows that hold all terms, in the order in which they are shown."""
    found = [
        row
        for row in rows
        if len(matches(Paper(row.id, row.title, row.abstract), terms)) == len(terms)
    ]
    return sorted(found, key=lambda row: (-row.edition.toordinal(), -row.score, row.id))


def _hit(row: Row[Any]) -> Hit:
    # Ranking puts withdrawn papers, and no others, below nothing.
    return Hit(row.id, row.title, row.url, row.category, row.edition, withdrawn=row.score < 0)
