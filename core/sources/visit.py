"""One call on a web site, bounded as a whole."""

import math
from collections.abc import Callable
from time import monotonic
from typing import TypeVar

from core.i18n import Phrase
from core.sources.fetch import FetchError, PoliteSession

T = TypeVar("T")


class Visit:
    """Requests that end within so many seconds together, retries and waits included.

    One request may take ``request_seconds``, so that a page that hangs leaves time for the others.
    """

    def __init__(self, session: PoliteSession, seconds: float, request_seconds: float) -> None:
        self._session = session
        self._end = monotonic() + seconds
        self._request_seconds = request_seconds

    def get(self, url: str) -> bytes:
        """The body of a whole answer with status 200. Raises FetchError."""
        self._session.allow(0.0)
        begin = self._session.deadline
        if begin >= self._end:
            reason = Phrase("source.not_reached", source=self._session.source)
            raise FetchError(reason, answered=False, lasting=True)
        self._session.deadline = min(begin + self._request_seconds, self._end)
        answer = self._session.fetch(url)
        self._session.require_ok(answer)
        if not answer.complete:
            raise FetchError(Phrase("source.truncated", source=self._session.source))
        return answer.body

    def persist(self, attempt: Callable[[], T], seconds: float = math.inf) -> T:
        """What ``attempt`` returns, tried again for so long at most. Raises FetchError."""
        self._session.deadline = min(self._end, monotonic() + seconds)
        return self._session.persist(attempt)
