"""Asking arXiv: its query API through the ``arxiv`` package, its news feed, one polite session."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, TypeVar

import arxiv
import requests

from core.i18n import Phrase
from core.sources.announcement import Announcement, read_announcement
from core.sources.arxiv_paper import paper_of
from core.sources.feed import Feed, read_feed
from core.sources.fetch import FetchError, PoliteSession
from core.sources.pages import Page, Reading
from core.sources.threads import in_thread

T = TypeVar("T")

NAME = "arXiv"
NO_TOTAL = Phrase("source.no_total", source=NAME)
_EMPTY_PAGE = Phrase("source.empty_page", source=NAME)


class ArxivApi:
    """arXiv's query API and its feed; no two requests are nearer than ``session`` allows.

    ``api_url`` is the query address without parameters. The methods that ask block until the
    session's deadline at the latest and raise FetchError; ``in_thread`` runs them.
    """

    def __init__(
        self, api_url: str, delay_seconds: float, backoff_seconds: float, page_size: int
    ) -> None:
        self.session = _FeedSession(NAME, delay_seconds, backoff_seconds)
        # The session keeps the delay, after failed requests too, which the client does not.
        self._client = arxiv.Client(page_size=page_size, delay_seconds=0.0, num_retries=0)
        self._client.query_url_format = api_url.replace("{", "{{").replace("}", "}}") + "?{}"
        self._client._session = self.session  # noqa: SLF001 - the package offers no other way

    async def in_thread(self, ask: Callable[[], T]) -> T:
        """What ``ask`` returns, from a thread that ends at once when the caller is cancelled."""
        return await in_thread(self.session, ask)

    def announcement(self, url: str, patience: float) -> Announcement:
        """What the feed at this address announces.

        From its first answer on the session's deadline is ``patience`` (``time.monotonic``).
        """

        def attempt() -> Announcement:
            answer = self.session.fetch(url)
            self.session.deadline = patience
            self.session.require_ok(answer)
            told = read_announcement(answer.body, NAME, complete=answer.complete)
            if told.day is None:
                raise FetchError(Phrase("source.undated", source=NAME))
            return told

        return self.session.persist(attempt, until=lambda: self.session.deadline)

    def by_id(self, ids: Sequence[str], *, some: bool) -> Page:
        """The papers of these canonical ids, one page at most; those arXiv has not are left out.

        ``some``: a page without any of them is as broken as an empty one.
        """
        bare = [paper_id.removeprefix("arxiv:") for paper_id in ids]
        # The package drops what is beyond the first hundred where nothing else is said.
        search = arxiv.Search(id_list=bare, max_results=None)

        def attempt() -> Page:
            page = self._ask(search, 0, 0)
            given = {paper.id for paper in page.papers}
            if some and not page.unreadable and given.isdisjoint(ids):
                raise FetchError(_EMPTY_PAGE)
            return page

        return self.session.persist(attempt)

    def next_page(self, search: Any, reading: Reading) -> Page:  # noqa: ANN401 - untyped package
        """The next page of a search of which this much has been read."""
        untold: list[Page] = []

        def attempt() -> Page:
            page = self._ask(search, reading.position, reading.total or 0)
            if reading.position == 0 and page.total is None:
                untold.append(page)
                raise FetchError(NO_TOTAL)
            return page

        try:
            return self.session.persist(attempt)
        except FetchError:
            if untold and untold[-1].entries:
                return untold[-1]
            raise

    def _ask(self, search: Any, start: int, total: int) -> Page:  # noqa: ANN401 - untyped package
        """One request for the page that begins here, of a list known to be this long."""
        results = list(self._client.results(search, offset=start))
        feed = self.session.feed
        # A list that has become shorter ends early; no list becomes empty.
        if feed.entries == 0 and start < (feed.total or total):
            raise FetchError(_EMPTY_PAGE)
        return Page(
            papers=tuple(paper_of(result) for result in results),
            unreadable=tuple(id_ or f"{NAME} {start + i + 1}" for i, id_ in feed.unreadable),
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


def window_search(codes: Sequence[str], begin: datetime, end: datetime, *, newest: bool) -> Any:  # noqa: ANN401
    """The search of what was submitted to these categories in a window, the newest first or last.

    Dates are GMT, both minutes belong to the range:
    https://info.arxiv.org/help/api/user-manual.html
    """
    cats = " OR ".join(f"cat:{code}" for code in codes)
    order = arxiv.SortOrder.Descending if newest else arxiv.SortOrder.Ascending
    return arxiv.Search(
        query=f"({cats}) AND submittedDate:[{begin:%Y%m%d%H%M} TO {end:%Y%m%d%H%M}]",
        max_results=None,
        sort_by=arxiv.SortCriterion.SubmittedDate,
        sort_order=order,
    )


def worth_another_page(error: FetchError) -> bool:
    """Whether, no page read yet, a server that failed like this may still have the next one."""
    return error.answered and not error.lasting and error.retry_after is None


def _refuses(status: int, body: bytes) -> bool:
    """Whether this is an error feed, which arXiv also sends with status 400."""
    return status == requests.codes.bad_request and b"/api/errors" in body
