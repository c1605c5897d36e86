"""Hugging Face's daily papers, through its JSON API: what people recommend, and how much."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus

from core.i18n import Phrase
from core.paper import Paper
from core.ports import Batch, Remark
from core.sources.daily import NAME, Daily, read_entries
from core.sources.fetch import FetchError, PoliteSession
from core.sources.threads import in_thread
from core.sources.visit import Visit

# A list has some 10 to 60 papers; the bound is for a server that never ends.
_MAX_PAGES = 10


def _utc_today() -> date:
    return datetime.now(UTC).date()


class HuggingFaceSource:
    """The source of the papers that people put on Hugging Face's list of a day.

    ``base_url`` is the site's address; ``back`` days before are asked for too, because a list goes
    on growing. All requests together may take ``seconds``, one of them ``request_seconds``.
    ``today`` (UTC) tells a list that is not open yet from one that is broken.
    """

    def __init__(
        self,
        base_url: str,
        *,
        back: int = 0,
        page_size: int = 100,
        delay_seconds: float = 1.0,
        seconds: float = 12.0,
        request_seconds: float = 8.0,
        backoff_seconds: float = 1.0,
        today: Callable[[], date] = _utc_today,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/api/daily_papers"
        self._back = back
        self._page_size = page_size
        self._seconds = seconds
        self._request_seconds = request_seconds
        self._today = today
        self._session = PoliteSession(NAME, delay_seconds, backoff_seconds)
        self._one_at_a_time = asyncio.Lock()

    @property
    def name(self) -> str:
        """What people call it."""
        return NAME

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:  # noqa: ARG002
        """All papers of the day's list in its order, those held too: their upvotes change.

        ``quiet`` where nobody recommended a paper, as at weekends, and while the list is not open.
        """
        async with self._one_at_a_time:
            self._session.start()
            try:
                return await in_thread(self._session, lambda: self._read(day))
            finally:
                self._session.close()

    def _read(self, day: date) -> Batch:
        visit = Visit(self._session, self._seconds, self._request_seconds)
        try:
            batch = self._list(visit, day).batch(day)
        except FetchError as error:
            if not self._is_closed(error, day):
                return Batch(NAME, "failed", note=error.reason)
            note = Phrase("source.not_open", source=NAME, day=day)
            batch = Batch(NAME, "quiet", note=note)
        if batch.status == "failed":
            return batch
        return self._with_days_before(visit, day, batch)

    def _with_days_before(self, visit: Visit, day: date, batch: Batch) -> Batch:
        """The batch with the lists of the days before; what breaks there costs the day nothing."""
        listed = {paper.id for paper in batch.papers}
        earlier: dict[str, Paper] = {}
        remarks = list(batch.remarks)
        for before in (day - timedelta(days=n) for n in range(1, self._back + 1)):
            try:
                found = self._list(visit, before)
            except FetchError as error:
                if not self._is_closed(error, before):
                    remarks.append(Remark(f"{NAME} {before}", error.reason))
                continue
            if found.rest:
                remarks.append(Remark(f"{NAME} {before}", found.rest))
            for paper in found.papers.values():
                if paper.id not in listed:
                    earlier.setdefault(paper.id, paper)
        return replace(batch, remarks=tuple(remarks), earlier=tuple(earlier.values()))

    def _list(self, visit: Visit, day: date) -> Daily:
        """The list of this day. Raises FetchError where not even its first page came."""
        daily = Daily()
        for number in range(_MAX_PAGES):
            url = f"{self._url}?date={day}&limit={self._page_size}"
            if number:
                url += f"&p={number}"
            try:
                entries = visit.persist(lambda url=url: read_entries(visit.get(url)))  # type: ignore[misc]
            except FetchError as error:
                if not daily.entries:
                    raise
                daily.rest = error.reason
                break
            fresh = daily.take(entries)
            # A server that does not page gives the same page again.
            if len(entries) < self._page_size or not fresh:
                break
        else:
            daily.rest = Phrase("source.too_big", source=NAME)
        return daily

    def _is_closed(self, error: FetchError, day: date) -> bool:
        """Whether the API says by this that the day's list is not open yet."""
        refused = Phrase("source.http", source=NAME, status=HTTPStatus.BAD_REQUEST.value)
        return error.reason == refused and day >= self._today()
