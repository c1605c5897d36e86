"""Rate limits: Discord developer documentation, "Rate Limits".

Message routes share a bucket per method, route and channel; everything but interaction endpoints
counts towards the bot's requests a second.
"""

import hashlib
import math
from dataclasses import dataclass

from aiohttp import web

from tests.emulators.discord_bodies import answer
from tests.emulators.discord_world import Clock


@dataclass(slots=True)
class _Window:
    ends: float
    used: int = 0


class RateLimited(Exception):  # noqa: N818
    """Too many requests: what to answer."""

    def __init__(self, retry_after: float, scope: str, headers: dict[str, str]) -> None:
        super().__init__(f"{scope} limit, {retry_after} s")
        self.retry_after = retry_after
        self.scope = scope
        self.headers = headers

    def response(self) -> web.Response:
        """Status 429 with the ``Via`` header by which clients know it from a Cloudflare ban."""
        return limited_answer(self.retry_after, self.scope, self.headers)


def limited_answer(retry_after: float, scope: str, headers: dict[str, str]) -> web.Response:
    """The answer of a limit of this scope: ``user``, ``shared`` or ``global``."""
    is_global = scope == "global"
    text = "The resource is being rate limited." if scope == "shared" else None
    response = answer(
        {
            "message": text or "You are being rate limited.",
            "retry_after": retry_after,
            "global": is_global,
        },
        429,
    )
    response.headers["Via"] = "1.1 google"
    response.headers["Retry-After"] = str(math.ceil(retry_after))
    response.headers["X-RateLimit-Scope"] = scope
    response.headers.update(headers)
    if is_global:
        response.headers["X-RateLimit-Global"] = "true"
    return response


class RateLimits:
    """Fixed windows; ``per_channel`` is (requests, seconds), None turns a limit off."""

    def __init__(
        self, clock: Clock, per_channel: tuple[int, float] | None, per_second: int | None
    ) -> None:
        self.per_channel = per_channel
        self.per_second = per_second
        self.publishes: tuple[int, float] | None = (10, 3600.0) if per_channel else None
        self._clock = clock
        self._windows: dict[str, _Window] = {}

    def take_global(self) -> None:
        """Count a request towards the bot's total. Raises RateLimited."""
        if self.per_second is not None:
            left, wait = self._take("global", self.per_second, 1.0)
            if left < 0:
                raise RateLimited(wait, "global", {})

    def take_route(self, method: str, route: str, channel: str) -> dict[str, str]:
        """Count a request on a message route, give the headers. Raises RateLimited."""
        limit = self.publishes if route.endswith("/crosspost") else self.per_channel
        if limit is None:
            return {}
        most, seconds = limit
        left, wait = self._take(f"{method} {route} {channel}", most, seconds)
        bucket = hashlib.sha1(f"{method} {route}".encode(), usedforsecurity=False).hexdigest()[:32]
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(left, 0)),
            "X-RateLimit-Reset": f"{self._clock.now() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": bucket,
        }
        if left < 0:
            raise RateLimited(wait, "user", headers)
        return headers

    def _take(self, key: str, most: int, seconds: float) -> tuple[int, float]:
        now = self._clock.now()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            window = self._windows[key] = _Window(now + seconds)
        # Rounding up keeps a client that waits as told from coming back too early.
        wait = math.ceil((window.ends - now) * 1000) / 1000
        if window.used >= most:
            return -1, wait
        window.used += 1
        return most - window.used, wait
