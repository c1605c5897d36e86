"""Fetching from a web source: polite, bounded in time and size, and clear about what broke."""

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TypeVar
from urllib.parse import urlsplit

import requests
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    wait_exponential,
    wait_random,
)
from urllib3.exceptions import HTTPError

from core.i18n import Phrase
from core.sources.breakage import detail_of

T = TypeVar("T")

_CONNECT_SECONDS = 5.0
_LONGEST_BACKOFF = 30.0
# A server that asks for more has made a mistake, and there is a new list every day.
_LONGEST_REST = 86_400.0
_MAX_BYTES = 64 * 2**20
_CHUNK = 64 * 2**10

_OK = 200
_CLIENT_ERRORS = range(400, 500)
# Request Timeout, Too Early and Too Many Requests ask for patience, unlike the other 4xx.
_PASSING = frozenset({408, 425, 429})


class FetchError(Exception):
    """An answer that did not come, or that is not what was asked for.

    ``answered``: the server said something. ``lasting``: asking again cannot help.
    ``retry_after``: seconds the server asks us to wait.
    """

    def __init__(
        self,
        reason: Phrase,
        *,
        answered: bool = True,
        lasting: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(reason.key)
        self.reason = reason
        self.answered = answered
        self.lasting = lasting
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sent; ``complete`` is False where the connection broke inside the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool = True


class PoliteSession(requests.Session):
    """A session whose every request ends in time, whatever the network or the server does.

    Two requests are ``delay_seconds`` apart, failed ones too. ``deadline`` (``time.monotonic``) is
    when the request under way must have ended, retries and waits included. A host that asked to
    wait (Retry-After) is not asked before, whichever request it refused. One caller at a time;
    ``stop`` may come from another thread.
    """

    def __init__(self, source: str, delay_seconds: float, backoff_seconds: float) -> None:
        super().__init__()
        self.source = source
        self.deadline = math.inf
        self._delay = delay_seconds
        self._backoff = wait_exponential(
            multiplier=backoff_seconds, max=_LONGEST_BACKOFF
        ) + wait_random(0, backoff_seconds)
        self._last = -math.inf
        self._resting: dict[str, tuple[float, Phrase]] = {}
        self._stopped = Event()
        self._inbox: SimpleQueue[Answer | FetchError] = SimpleQueue()

    def start(self) -> None:
        """Forget an earlier ``stop``."""
        self._stopped.clear()

    def allow(self, seconds: float) -> None:
        """Set the deadline this far from the moment when the next request may be made."""
        self.deadline = max(monotonic(), self._last + self._delay) + seconds

    def stop(self) -> None:
        """End the request or the wait under way with a FetchError."""
        self._stopped.set()
        self._inbox.put(self.late())

    def late(self) -> FetchError:
        """The error of an answer that is not there at the deadline."""
        return FetchError(Phrase("source.timeout", source=self.source), answered=False)

    def fetch(self, url: str, headers: Mapping[str, str | bytes | None] | None = None) -> Answer:
        """The answer to a GET, whatever its status. Raises FetchError."""
        inbox = self._inbox = SimpleQueue()
        polite = self._last + self._delay
        if polite >= self.deadline:
            raise self.late()
        host = _host(url)
        polite = max(polite, self._end_of_rest(host))
        self._pause(max(0.0, polite - monotonic()))
        # Looking up a name, shaking hands and reading headers byte by byte obey no timeout of
        # requests. So a thread asks, and is left behind where the answer comes late.
        work = (inbox, url, headers, self.deadline)
        Thread(target=self._work, args=work, daemon=True, name=f"fetch {self.source}").start()
        try:
            answer = inbox.get(timeout=max(0.0, self.deadline - monotonic()))
        except Empty:
            raise self.late() from None
        finally:
            self._last = monotonic()
        if isinstance(answer, FetchError):
            raise answer
        refusal = self._refusal(answer)
        if refusal and refusal.retry_after and not refusal.lasting:
            rest = min(refusal.retry_after, _LONGEST_REST)
            self._resting[host] = (self._last + rest, refusal.reason)
        return answer

    def require_ok(self, answer: Answer) -> None:
        """Raise FetchError unless the status is 200."""
        if refusal := self._refusal(answer):
            raise refusal

    def persist(self, attempt: Callable[[], T], until: Callable[[], float] | None = None) -> T:
        """What ``attempt`` returns, tried again until the deadline with growing, jittered waits.

        ``until`` gives the end where what the server says may move it. Raises the last FetchError
        in which the server had a say, else the last one. A Retry-After that ends past the deadline
        ends the trying at once.
        """
        end = self.deadline
        told: FetchError | None = None

        def watched() -> T:
            nonlocal told
            try:
                return attempt()
            except FetchError as error:
                told = error if error.answered else told
                raise

        retrying = Retrying(
            retry=retry_if_exception(lambda e: isinstance(e, FetchError) and not e.lasting),
            wait=self._wait,
            stop=lambda state: monotonic() + state.upcoming_sleep >= (until() if until else end),
            sleep=self._pause,
            reraise=True,
        )
        try:
            return retrying(watched)
        except FetchError as error:
            if told is None or error.answered:
                raise
            raise told from error

    def _refusal(self, answer: Answer) -> FetchError | None:
        if answer.status == _OK:
            return None
        return FetchError(
            Phrase("source.http", source=self.source, status=answer.status),
            lasting=answer.status in _CLIENT_ERRORS and answer.status not in _PASSING,
            retry_after=_retry_after(answer.headers.get("Retry-After", "")),
        )

    def _end_of_rest(self, host: str) -> float:
        """When the host may be asked again. Raises its refusal where that is past the deadline."""
        end, reason = self._resting.get(host, (-math.inf, None))
        left = end - monotonic()
        if reason and left > 0 and end >= self.deadline:
            raise FetchError(reason, retry_after=left)
        return end

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, FetchError) else None
        return max(self._delay, self._backoff(state), asked or 0.0)

    def _pause(self, seconds: float) -> None:
        if self._stopped.wait(seconds):
            error = self.late()
            error.lasting = True
            raise error

    def _work(
        self,
        inbox: SimpleQueue[Answer | FetchError],
        url: str,
        headers: Mapping[str, str | bytes | None] | None,
        deadline: float,
    ) -> None:
        try:
            inbox.put(self._read(url, headers, deadline))
        except FetchError as error:
            inbox.put(error)
        # ValueError: addresses that no layer below could take apart.
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            inbox.put(self._failure(error))
        finally:
            # Only the first is read: nobody waits to the deadline for a thread that died.
            inbox.put(self.late())

    def _read(
        self, url: str, headers: Mapping[str, str | bytes | None] | None, deadline: float
    ) -> Answer:
        left = max(0.001, deadline - monotonic())
        timeout = (min(_CONNECT_SECONDS, left), left)
        body = bytearray()
        # Following redirects would ask again without the delay.
        with super().get(
            url, headers=headers, timeout=timeout, stream=True, allow_redirects=False
        ) as response:
            complete = True
            try:
                # Not iter_content: it keeps what it has to itself when the connection breaks.
                while chunk := response.raw.read1(_CHUNK, decode_content=True):
                    body += chunk
                    if len(body) > _MAX_BYTES:
                        reason = Phrase("source.too_big", source=self.source)
                        raise FetchError(reason, lasting=True)
                    if monotonic() > deadline:
                        raise self.late()
            except HTTPError:
                complete = False
            return Answer(response.status_code, response.headers, bytes(body), complete)

    def _failure(self, error: Exception) -> FetchError:
        if isinstance(error, requests.ReadTimeout):
            return self.late()
        detail = Phrase(f"source.detail.{detail_of(error)}")
        reason = Phrase("source.unreachable", source=self.source, detail=detail)
        return FetchError(reason, answered=False, lasting=detail.key.endswith(".address"))


def _host(url: str) -> str:
    """Name and port of an address, empty where it cannot be taken apart."""
    with suppress(ValueError):
        return urlsplit(url).netloc.lower()
    return ""


def _retry_after(value: str) -> float | None:
    """Seconds asked for by a Retry-After header: a number or a date (RFC 9110, 10.2.3)."""
    if value.strip().isdecimal():
        return float(value)
    with suppress(ValueError):
        when = parsedate_to_datetime(value)
        # "-0000" is UTC from a server that does not tell its zone: RFC 5322, 3.3.
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    return None
