"""When a connection to Discord may begin a session, by a clock of the tests' own."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.adapters.discord_sessions import Sessions


class Gateway:
    """Discord's answer about its gateway, and a clock that only waiting moves."""

    def __init__(self, remaining: int = 1000, at_once: int = 1, reset_after: int = 0) -> None:
        self.limit = {
            "remaining": remaining,
            "max_concurrency": at_once,
            "reset_after": reset_after,
        }
        self.time = 1000.0
        self.asked = 0

    async def ask(self) -> Mapping[str, Any]:
        self.asked += 1
        return {"shards": 7, "session_start_limit": self.limit}

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)

    def sessions(self, shards: int | None = None) -> Sessions:
        return Sessions(self.ask, shards, lambda: self.time, self.sleep)


async def test_sessions_are_begun_five_seconds_apart() -> None:
    gateway = Gateway()
    sessions = gateway.sessions()
    assert await sessions.plan() == 7
    times = []
    for shard in range(4):
        await sessions.take(shard)
        times.append(gateway.time - 1000)
    assert times == [0, 5, 10, 15]
    assert gateway.asked == 1


async def test_as_many_at_once_as_discord_allows() -> None:
    gateway = Gateway(at_once=4)
    sessions = gateway.sessions(8)
    assert await sessions.plan() == 8
    times = []
    for shard in range(8):
        await sessions.take(shard)
        times.append(gateway.time - 1000)
    assert times == [0, 0, 0, 0, 5, 5, 5, 5]


async def test_a_day_s_sessions_are_not_exceeded() -> None:
    gateway = Gateway(remaining=2, reset_after=3_600_000)
    sessions = gateway.sessions()
    await sessions.plan()
    await sessions.take(0)
    await sessions.take(1)
    waiting = asyncio.create_task(sessions.take(2))
    while gateway.time < 1000 + 3600:
        gateway.limit = {"remaining": 1000, "reset_after": 0}
        await asyncio.sleep(0)
    await waiting
    assert gateway.asked == 2


async def test_what_discord_said_long_ago_is_asked_again() -> None:
    gateway = Gateway()
    sessions = gateway.sessions()
    await sessions.plan()
    gateway.time += 61
    await sessions.take(0)
    assert gateway.asked == 2
