"""arXiv's daily listing: by its announcement, and by submission date where there is none."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from time import monotonic

from core.i18n import Phrase
from core.paper import Paper
from core.ports import Batch
from core.sources.announcement import Announcement
from core.sources.arxiv_api import NAME, ArxivApi, window_search, worth_another_page
from core.sources.arxiv_batch import (
    Span,
    Window,
    batch_of_announcement,
    batch_of_empty_feed,
    batch_of_window,
)
from core.sources.arxiv_told import Told
from core.sources.fetch import FetchError
from core.sources.listing import has_listing, next_listing
from core.sources.pages import Page, Reading

# A day is some 1 500 papers in all of arXiv; the bound is for a server that never ends.
_MAX_PAGES = 100
_BROKEN_IN_A_ROW = 2
_REMEMBERED_SECONDS = 600.0
# What is left to the first page where the wait between two requests eats up all the rest.
_LEAST_SECONDS = 3.0
# Servers cut pages at a hundred papers or more; one that gives fewer at a time is not read to its end.
_SHORTEST_PAGE = 50


@dataclass(slots=True)
class _Heard:
    """What the feed said or how it broke: when (``time.monotonic``), and asked for which day."""

    at: float
    asked_for: date
    said: Announcement | Phrase


class ArxivSource:
    """The source of all papers that arXiv announced under a date.

    ``api_url`` is the query address without parameters, ``feed_url`` the news feed's host, without
    which listings are read by submission date alone; ``codes`` are the categories asked for. Where
    it is read by submission date, ``overlap`` listings before the day's are read along. arXiv
    asks for 3 s between requests and one connection: https://info.arxiv.org/help/api/tou.html.
    Until a first page has come everything together may take ``first_page_seconds``, of them the
    feed ``feed_seconds``, or ``answering_feed_seconds`` if it answers at all; each later page may take ``page_seconds``; all include every retry and
    wait. ``progress`` is called on the event loop with papers read and papers owed.
    """

    def __init__(
        self,
        api_url: str,
        codes: Sequence[str],
        delay_seconds: float,
        *,
        feed_url: str | None = None,
        overlap: int = 0,
        page_size: int = 250,
        first_page_seconds: float = 13.0,
        feed_seconds: float = 6.0,
        answering_feed_seconds: float = 9.0,
        page_seconds: float = 60.0,
        backoff_seconds: float = 1.0,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._codes = tuple(codes)
        self._feed_url = f"{feed_url.rstrip('/')}/rss/{'+'.join(codes)}" if feed_url else ""
        self._overlap = overlap
        self._page_size = page_size
        self._first_page_seconds = first_page_seconds
        self._feed_seconds = min(feed_seconds, first_page_seconds)
        patience = max(feed_seconds, answering_feed_seconds)
        self._answering_feed_seconds = min(patience, first_page_seconds)
        self._page_seconds = page_seconds
        self._progress = progress or (lambda _read, _owed: None)
        self._api = ArxivApi(api_url, delay_seconds, backoff_seconds, page_size)
        self._delay = delay_seconds
        self._heard: _Heard | None = None
        # Categories of a day whose list seemed to be an old one when the window could not be read.
        self._doubts: dict[date, set[str]] = {}
        self._one_at_a_time = asyncio.Lock()

    @property
    def name(self) -> str:
        """What people call it."""
        return NAME

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:
        """All papers of the listing that bears this date, in arXiv's order or that of submission.

        Of ``held`` ids nothing is fetched where the announcement tells what is owed. ``quiet`` on a
        day without a listing, and where arXiv says there are no papers (a holiday of its own, or a
        listing not announced yet).
        """
        if not has_listing(day):
            note = Phrase("source.no_listing", source=NAME, day=day, next=next_listing(day))
            return Batch(NAME, "quiet", note=note)
        async with self._one_at_a_time:
            self._api.session.start()
            try:
                return await self._collect(day, held)
            finally:
                self._api.session.close()

    async def _collect(self, day: date, held: Collection[str]) -> Batch:
        self._api.session.allow(self._first_page_seconds)
        said = await self._announcement(day) if self._feed_url else None
        span = Span.of(day, self._overlap)
        if said is None:
            return batch_of_window(day, await self._window(self._codes, span))
        if isinstance(said, Phrase):
            note = Phrase("source.feed_failed", source=NAME, reason=said)
            window = await self._window(self._codes, span)
            return batch_of_window(day, window, note=note, broken_feed=said)
        if not said.owed and not said.unreadable and not said.cut:
            # Where something else is announced the feed works, and arXiv's word is that this is all.
            works = said.items > 0
            return batch_of_empty_feed(
                day, Window() if works else await self._window(self._codes, span)
            )
        kept = frozenset(entry.id for entry in said.owed if entry.id in held)
        told = Told(said, self._codes, kept)
        await self._hydrate(told)
        doubts = {*told.may_be_old(span.begin), *self._doubts.pop(day, ())}
        unsure = [c for c in self._codes if c in doubts or said.cut or said.unreadable]
        asked = {*unsure, *told.suspects(span.begin)}
        codes = [code for code in self._codes if code in asked]
        beside = await self._window(codes, span) if codes else None
        if beside and beside.broken:
            self._doubts = {day: doubts}
        return batch_of_announcement(day, told, span, unsure, beside)

    async def _announcement(self, day: date) -> Announcement | Phrase | None:
        """What the feed says of this day, why it broke, None where it is of another day."""
        heard = self._heard
        # Whoever asks for a day again wants to know what is new; over other days it says nothing.
        if heard is None or heard.asked_for == day or monotonic() - heard.at > _REMEMBERED_SECONDS:
            heard = _Heard(monotonic(), day, await self._hear())
        elif isinstance(heard.said, Announcement) and heard.said.day == day:
            heard.asked_for = day
        self._heard = heard
        if isinstance(heard.said, Announcement) and heard.said.day != day:
            return None
        return heard.said

    async def _hear(self) -> Announcement | Phrase:
        session = self._api.session
        until = session.deadline
        begin = until - self._first_page_seconds
        session.deadline = begin + self._feed_seconds
        patience = begin + self._answering_feed_seconds
        try:
            return await self._api.in_thread(
                partial(self._api.announcement, self._feed_url, patience)
            )
        except FetchError as error:
            return error.reason
        finally:
            left = self._first_page_seconds - self._answering_feed_seconds
            session.allow(0.0 if self._delay < left else _LEAST_SECONDS)
            session.deadline = max(until, session.deadline)

    async def _hydrate(self, told: Told) -> None:
        """Fetch what is owed and not held; what a page does not give is asked for once more.

        And again as long as that brings more: a server may cut each answer short.
        """
        owed = len(told.announcement.owed)
        waiting = [e.id for e in told.announcement.owed if e.id not in told.kept]
        for number in range(2 + len(waiting) // _SHORTEST_PAGE):
            before = len(told.papers)
            waiting = await self._fetch(waiting, told, owed, some=number == 0)
            if number and len(told.papers) == before:
                break
        not_given = Phrase("source.not_given", source=NAME)
        for paper_id in waiting:
            told.reasons.setdefault(paper_id, not_given)

    async def _fetch(
        self, waiting: Sequence[str], told: Told, owed: int, *, some: bool
    ) -> list[str]:
        """Fetch these papers in pages; the ids of those that a page came without."""
        queue, left, broken = list(waiting), list[str](), 0
        while queue:
            chunk, queue = queue[: self._page_size], queue[self._page_size :]
            try:
                page = await self._api.in_thread(partial(self._api.by_id, chunk, some=some))
            except FetchError as error:
                broken += 1
                gives_up = broken >= _BROKEN_IN_A_ROW or not (
                    told.papers or left or worth_another_page(error)
                )
                lost = [*chunk, *queue, *left] if gives_up else chunk
                told.reasons.update(dict.fromkeys(lost, error.reason))
                if gives_up:
                    return []
            else:
                broken = 0
                fresh = _take(page, chunk, told)
                rest = [paper_id for paper_id in chunk if paper_id not in told.papers]
                # A page that says it is not all of the list was cut, by the server or on its way.
                if fresh and page.total is not None and page.total > page.entries:
                    queue = [*rest, *queue]
                else:
                    left += rest
                self._progress(len(told.kept) + len(told.papers), owed)
            if told.papers or left:
                self._api.session.allow(self._page_seconds)
        return left

    async def _window(self, codes: Sequence[str], span: Span) -> Window:
        """What was submitted in the span, the day's own papers first where others come along."""
        newest = span.first < span.begin
        search = window_search(codes, span.first, span.end, newest=newest)
        reading = Reading(NAME)
        for _ in range(_MAX_PAGES):
            try:
                page = await self._api.in_thread(partial(self._api.next_page, search, reading))
            except FetchError as error:
                if any(span.is_earlier(paper) for paper in reading.papers.values()):
                    reading.leave_the_rest()
                    break
                reading.skip(self._page_size, error.reason)
                if not reading.begun and not worth_another_page(error):
                    break
            else:
                reading.take(page)
                self._progress(reading.position, reading.total or reading.position)
            if reading.finished:
                break
            if reading.begun:
                self._api.session.allow(self._page_seconds)
        return span.window(reading)


def _take(page: Page, asked: Sequence[str], told: Told) -> dict[str, Paper]:
    """Add to what is told the papers of a page that were asked for; those that are."""
    fresh = {paper.id: paper for paper in page.papers if paper.id in set(asked)}
    told.papers.update(fresh)
    unreadable = Phrase("source.unreadable_entry", source=NAME)
    told.reasons.update(dict.fromkeys(set(page.unreadable).intersection(asked), unreadable))
    return fresh
