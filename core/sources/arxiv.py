"""arXiv's daily listing, through the ``arxiv`` package and a session that trusts nothing."""

import asyncio
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import arxiv
import requests

from core.clean import clean
from core.i18n import Phrase
from core.paper import Paper, paper_url, parse_paper_id
from core.ports import Batch
from core.sources.feed import Feed, read_feed
from core.sources.fetch import FetchError, PoliteSession
from core.sources.listing import has_listing, next_listing, submission_window
from core.sources.pages import Page, Reading

_NAME = "arXiv"
_NO_TOTAL = Phrase("source.no_total", source=_NAME)
# A day is some 1 500 papers in all of arXiv; the bound is for a server that never ends.
_MAX_PAGES = 100
# arXiv's categories: https://arxiv.org/category_taxonomy; MSC and ACM classes stand among them.
_CODE = re.compile(r"[a-z]+(?:-[a-z]+)?(?:\.[A-Za-z]+(?:-[A-Za-z]+)*)?")


class ArxivSource:
    """The source of all papers that arXiv announced under a date.

    ``api_url`` is the query address without parameters, ``codes`` the categories asked for. arXiv
    asks for 3 s between requests and one connection: https://info.arxiv.org/help/api/tou.html.
    Until a first page has come everything together may take ``first_page_seconds``; each later
    page may take ``page_seconds``; both include every retry and wait. ``progress`` is called on
    the event loop with entries read and entries announced.
    """

    def __init__(
        self,
        api_url: str,
        codes: Sequence[str],
        delay_seconds: float,
        *,
        page_size: int = 250,
        first_page_seconds: float = 13.0,
        page_seconds: float = 60.0,
        backoff_seconds: float = 1.0,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._codes = tuple(codes)
        self._page_size = page_size
        self._first_page_seconds = first_page_seconds
        self._page_seconds = page_seconds
        self._progress = progress
        self._session = _FeedSession(_NAME, delay_seconds, backoff_seconds)
        # The session keeps the delay, after failed requests too, which the client does not.
        self._client = arxiv.Client(page_size=page_size, delay_seconds=0.0, num_retries=0)
        self._client.query_url_format = api_url.replace("{", "{{").replace("}", "}}") + "?{}"
        self._client._session = self._session  # noqa: SLF001 - the package offers no other way
        self._one_at_a_time = asyncio.Lock()

    @property
    def name(self) -> str:
        """What people call it."""
        return _NAME

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:  # noqa: ARG002
        """All papers of the listing that bears this date, in order of submission.

        ``quiet`` on a day without a listing, and where arXiv says there are no papers (a holiday
        of its own, or a listing not announced yet).
        """
        if not has_listing(day):
            note = Phrase("source.no_listing", source=_NAME, day=day, next=next_listing(day))
            return Batch(_NAME, "quiet", note=note)
        async with self._one_at_a_time:
            self._session.start()
            try:
                return await self._read(day)
            finally:
                self._session.close()

    async def _read(self, day: date) -> Batch:
        begin, end = submission_window(day)
        search = arxiv.Search(
            query=_query(self._codes, begin, end),
            max_results=None,
            sort_by=arxiv.SortCriterion.SubmittedDate,
            sort_order=arxiv.SortOrder.Ascending,
        )
        reading = Reading(_NAME)
        self._session.allow(self._first_page_seconds)
        for _ in range(_MAX_PAGES):
            try:
                page = await self._in_thread(search, reading)
            except FetchError as error:
                reading.skip(self._page_size, error.reason)
                if not reading.begun and not _worth_another_page(error):
                    break
            else:
                reading.take(page)
                if self._progress:
                    self._progress(reading.position, reading.total or reading.position)
            if reading.finished:
                break
            if reading.begun:
                self._session.allow(self._page_seconds)
        return _batch(reading, day, end)

    async def _in_thread(self, search: Any, reading: Reading) -> Page:  # noqa: ANN401 - untyped package
        """``_page`` in a thread that ends at once when the caller is cancelled."""
        work = asyncio.ensure_future(asyncio.to_thread(self._page, search, reading))
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            self._session.stop()
            await asyncio.wait([work])
            work.exception()
            raise

    def _page(self, search: Any, reading: Reading) -> Page:  # noqa: ANN401 - untyped package
        """The next page, tried until the deadline. Raises FetchError."""
        untold: list[Page] = []

        def attempt() -> Page:
            page = self._ask(search, reading.position, reading.total or 0)
            if reading.position == 0 and page.total is None:
                untold.append(page)
                raise FetchError(_NO_TOTAL)
            return page

        try:
            return self._session.persist(attempt)
        except FetchError:
            if untold and untold[-1].entries:
                return untold[-1]
            raise

    def _ask(self, search: Any, start: int, total: int) -> Page:  # noqa: ANN401 - untyped package
        """One request for the page that begins here, of a list known to be this long."""
        results = list(self._client.results(search, offset=start))
        feed = self._session.feed
        # A list that has become shorter ends early; no list becomes empty.
        if feed.entries == 0 and start < (feed.total or total):
            raise FetchError(Phrase("source.empty_page", source=_NAME))
        return Page(
            papers=tuple(_paper(result) for result in results),
            unreadable=tuple(id_ or f"{_NAME} {start + i + 1}" for i, id_ in feed.unreadable),
            entries=feed.entries,
            total=feed.total,
        )


class _FeedSession(PoliteSession):
    """What the ``arxiv`` client takes for a ``requests.Session``; ``feed`` is what it last gave."""

    feed: Feed

    def get(
        self,
        url: str | bytes,
        *,
        headers: Mapping[str, str | bytes | None] | None = None,
        **_: object,
    ) -> requests.Response:
        """A response whose body is a well-formed feed. Raises FetchError for anything else."""
        answer = self.fetch(str(url), headers)
        if not _refuses(answer.status, answer.body):
            self.require_ok(answer)
        self.feed = read_feed(answer.body, self.source, complete=answer.complete)
        response = requests.Response()
        response.status_code = requests.codes.ok
        response.raw = BytesIO(self.feed.body)
        return response


def _batch(reading: Reading, day: date, end: datetime) -> Batch:
    # arXiv's range includes its last minute, which belongs to the next listing.
    late = end + timedelta(minutes=1)
    papers = tuple(
        paper
        for paper in reading.papers.values()
        if paper.published is None or not end <= paper.published < late
    )
    if not reading.begun:
        return Batch(_NAME, "failed", note=reading.first_break or _NO_TOTAL)
    missing = reading.missing()
    if not papers and missing:
        return Batch(_NAME, "failed", missing=missing, note=missing[0].reason)
    if not papers:
        return Batch(_NAME, "quiet", note=Phrase("source.empty_listing", source=_NAME, day=day))
    if missing:
        owed = len(papers) + sum(item.count for item in missing)
        reason = missing[0].reason
        note = Phrase("source.partial", source=_NAME, held=len(papers), owed=owed, reason=reason)
        return Batch(_NAME, "partial", papers, missing, note=note)
    if reading.total is None:
        return Batch(_NAME, "partial", papers, note=_NO_TOTAL)
    return Batch(_NAME, "ok", papers)


def _query(codes: Sequence[str], begin: datetime, end: datetime) -> str:
    """The search of a window; dates are GMT: https://info.arxiv.org/help/api/user-manual.html."""
    cats = " OR ".join(f"cat:{code}" for code in codes)
    return f"({cats}) AND submittedDate:[{begin:%Y%m%d%H%M} TO {end:%Y%m%d%H%M}]"


def _refuses(status: int, body: bytes) -> bool:
    """Whether this is an error feed, which arXiv also sends with status 400."""
    return status == requests.codes.bad_request and b"/api/errors" in body


def _worth_another_page(error: FetchError) -> bool:
    """Whether, no page read yet, a server that failed like this may still have the next one."""
    return error.answered and not error.lasting and error.retry_after is None


def _paper(result: Any) -> Paper:  # noqa: ANN401 - untyped package
    paper_id = parse_paper_id(result.entry_id)
    texts = [clean(text or "") for text in (result.title, result.summary, result.comment)]
    authors = (clean(author.name).text for author in result.authors)
    terms = (result.primary_category, *result.categories)
    codes = tuple(dict.fromkeys(term for term in terms if term and _CODE.fullmatch(term)))
    return Paper(
        id=paper_id,
        title=texts[0].text,
        abstract=texts[1].text,
        authors=tuple(author for author in authors if author),
        primary_category=codes[0] if codes else "",
        categories=codes,
        comment=texts[2].text,
        url=paper_url(paper_id),
        published=result.published,
        links=tuple(dict.fromkeys(link for text in texts for link in text.links)),
        sources=("arxiv",),
    )
