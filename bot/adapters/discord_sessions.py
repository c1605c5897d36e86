"""When a connection may begin a session: Discord counts them, and a token that exceeds them is lost.

Rules: Discord developer documentation, "Gateway", "Sharding" and "Session Start Limit Object".
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog

log = structlog.get_logger(__name__)
# So many sessions at once as Discord allows, and the next ones after this many seconds.
_APART = 5.0
_FRESH = 60.0
_LEAST_WAIT = 1.0
# What Discord allows in a day, where it does not tell.
_USUAL = 1000


class Sessions:
    """Grants the shards their sessions.

    ``ask`` is Discord's answer about the gateway; ``shards`` how many there are to be, None for as
    many as it recommends.
    """

    def __init__(
        self,
        ask: Callable[[], Awaitable[Mapping[str, Any]]],
        shards: int | None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._ask = ask
        self._shards = shards
        self._now = now
        self._sleep = sleep
        self._at_once = 1
        self._left = 0
        self._again = 0.0
        self._asked = -_FRESH
        self._next: defaultdict[int, float] = defaultdict(float)
        self._lines: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def plan(self) -> int:
        """How many shards to connect. Raises what ``ask`` raises."""
        answer = await self._look()
        return self._shards or max(int(answer.get("shards") or 1), 1)

    async def take(self, shard: int) -> None:
        """Return when this shard may begin a session. Raises what ``ask`` raises."""
        line = shard % self._at_once
        async with self._lines[line]:
            if self._now() - self._asked >= _FRESH:
                await self._look()
            while self._left <= 0:
                wait = max(self._again - self._now(), _LEAST_WAIT)
                log.warning("Discord allows no more sessions for now", seconds=round(wait))
                await self._sleep(wait)
                await self._look()
            self._left -= 1
            if (wait := self._next[line] - self._now()) > 0:
                await self._sleep(wait)
            self._next[line] = self._now() + _APART

    async def _look(self) -> Mapping[str, Any]:
        answer = await self._ask()
        limit = answer.get("session_start_limit") or {}
        self._asked = self._now()
        self._left = int(limit.get("remaining", _USUAL))
        self._again = self._asked + float(limit.get("reset_after", 0)) / 1000
        self._at_once = max(int(limit.get("max_concurrency", 1)), 1)
        return answer
