"""deeplearn.org's hot papers: the panel of its front page, then each paper's own page."""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from core.i18n import Phrase
from core.paper import Paper, normalised_title
from core.ports import Batch, Missing
from core.sources.fetch import FetchError, PoliteSession
from core.sources.hot import NAME, Front, Hot, read_front, read_paper
from core.sources.threads import in_thread
from core.sources.visit import Visit

_THROTTLED = frozenset({HTTPStatus.TOO_MANY_REQUESTS.value, HTTPStatus.SERVICE_UNAVAILABLE.value})


class DeeplearnSource:
    """The source of the papers that deeplearn.org finds hot now, up to 20 of them.

    ``base_url`` is the site's address, two requests are ``delay_seconds`` apart. All together may
    take ``seconds``, the front page ``front_seconds`` of them, one request ``request_seconds``.
    """

    def __init__(
        self,
        base_url: str,
        *,
        delay_seconds: float = 0.5,
        seconds: float = 30.0,
        front_seconds: float = 12.0,
        request_seconds: float = 8.0,
        backoff_seconds: float = 1.0,
    ) -> None:
        self._base_url = base_url.rstrip("/")
        self._seconds = seconds
        self._front_seconds = front_seconds
        self._request_seconds = request_seconds
        self._session = PoliteSession(NAME, delay_seconds, backoff_seconds)
        self._one_at_a_time = asyncio.Lock()

    @property
    def name(self) -> str:
        """What people call it."""
        return NAME

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:  # noqa: ARG002
        """The papers in the panel now, in its order, whatever the day: the page bears no date.

        The pages of those in ``held`` are not fetched.
        """
        async with self._one_at_a_time:
            self._session.start()
            try:
                return await in_thread(self._session, lambda: self._read(frozenset(held)))
            finally:
                self._session.close()

    def _read(self, held: frozenset[str]) -> Batch:
        visit = Visit(self._session, self._seconds, self._request_seconds)

        def front_page() -> Front:
            return read_front(visit.get(f"{self._base_url}/"), self._base_url)

        try:
            front = visit.persist(front_page, self._front_seconds)
        except FetchError as error:
            return Batch(NAME, "failed", note=error.reason)
        reading = _Reading(visit, front, {h.id: h for h in front.hot if h.id not in held})
        try:
            visit.persist(reading.go_on)
        except FetchError as error:
            reading.given_up = error.reason
        return _batch(front, reading, held)


@dataclass(slots=True)
class _Reading:
    """The papers' pages: those read, and those left to read, with why they are not there yet."""

    visit: Visit
    front: Front
    left: dict[str, Hot]
    papers: dict[str, Paper] = field(default_factory=dict)
    reasons: dict[str, Phrase] = field(default_factory=dict)
    given_up: Phrase | None = None

    def go_on(self) -> None:
        """Read what is left. Raises FetchError where some of it is worth asking for again."""
        passing: FetchError | None = None
        for hot in tuple(self.left.values()):
            # What fails goes to the end, so that one page that hangs does not cost the others.
            del self.left[hot.id]
            try:
                self.papers[hot.id] = read_paper(self.visit.get(hot.url), hot, self.front)
            except FetchError as error:
                # What the site said tells more than its silence.
                if error.answered or hot.id not in self.reasons:
                    self.reasons[hot.id] = error.reason
                if error.lasting:
                    continue
                self.left[hot.id] = hot
                if _wants_rest(error):
                    raise
                passing = error
        if passing:
            raise passing

    def why_not(self, paper_id: str) -> Phrase:
        """Why this paper is not there."""
        unread = self.given_up or Phrase("source.not_reached", source=NAME)
        return self.reasons.get(paper_id, unread)


def _wants_rest(error: FetchError) -> bool:
    """Whether the site had better be left alone for a moment, not asked for the next page."""
    status = error.reason.values.get("status")
    return not error.answered or error.retry_after is not None or status in _THROTTLED


def _batch(front: Front, reading: _Reading, held: frozenset[str]) -> Batch:
    _withdraw_repeated(reading)
    papers = tuple(reading.papers[hot.id] for hot in front.hot if hot.id in reading.papers)
    kept = tuple(hot.id for hot in front.hot if hot.id in held)
    there = {*reading.papers, *kept}
    gaps = [Missing(hot.id, reading.why_not(hot.id)) for hot in front.hot if hot.id not in there]
    missing = (*gaps, *front.missing)
    if not missing:
        return Batch(NAME, "ok", papers, kept=kept)
    reason = missing[0].reason
    if not there:
        return Batch(NAME, "failed", missing=missing, note=reason)
    owed = len(there) + len(missing)
    note = Phrase("source.partial", source=NAME, held=len(there), owed=owed, reason=reason)
    return Batch(NAME, "partial", papers, missing, note=note, kept=kept)


def _withdraw_repeated(reading: _Reading) -> None:
    """Take back papers that share their text with one of another title: it is the site's own."""
    texts = {(p.abstract, normalised_title(p.title)) for p in reading.papers.values()}
    times = Counter(abstract for abstract, _ in texts)
    for paper in tuple(reading.papers.values()):
        if times[paper.abstract] > 1:
            del reading.papers[paper.id]
            reading.reasons[paper.id] = Phrase("source.no_abstract", source=NAME)
