"""The outside contract under test: the real commands on SQLite, behind one real adapter."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from bot.adapters.base import Adapter
from bot.answers.desk import Desk
from bot.commands import CommandTable
from bot.delivery import Sender
from bot.settings import Settings
from bot.throttle import Throttle
from core.subscription import Subscription, Target, Wish
from tests.factories import make_paper
from tests.published import DAY, publish
from tests.service import Service, World, service

# Noon in Seoul on a Tuesday: the listing is out, and posted an hour ago.
NOON = datetime(2025, 3, 4, 3, tzinfo=UTC)
MONDAY = date(2025, 3, 3)
WISH = Wish("en", time(11), "Asia/Seoul")
# What may be said in place of what is asked for.
SAID = {
    "time": "9:30 pm",
    "timezone": "Paris",
    "include": "diffusion, 확산",
    "exclude": "survey",
    "words": "subject",
    "paper": "2501.00001",
}


@dataclass
class House:
    """The commands with one platform, patient with whoever presses fast."""

    commands: CommandTable
    parts: Service
    sender: Sender
    target: Target

    async def subscribed(self) -> Subscription:
        """Every subscription gone, and this chat with one of its own."""
        await self.emptied()
        store = self.parts.store.subscriptions
        return await store.add(self.target, WISH, NOON.replace(day=5), "7", NOON)

    async def emptied(self) -> None:
        """Every subscription gone."""
        store = self.parts.store.subscriptions
        for one in await store.all_active():
            await store.remove(one.id)

    async def held(self) -> list[Subscription]:
        """What this chat has subscribed to."""
        return await self.parts.store.subscriptions.of(self.target)


@asynccontextmanager
async def house(
    folder: Path, platform: str, adapter: Adapter, target: Target
) -> AsyncIterator[House]:
    """Two sealed listings: of cv more papers than a report tells of, of others fewer."""
    async with service(World(NOON), folder / "paperround.db") as parts:
        await publish(parts.store, {"cv": [make_paper(n) for n in range(1, 8)]}, MONDAY)
        shelves = {
            "cv": [make_paper(n) for n in range(11, 28)],
            "llm": [make_paper(n) for n in range(31, 34)],
            "robotics": [make_paper(41)],
        }
        await publish(parts.store, shelves, DAY)
        parts.publisher.adapters[platform] = adapter
        settings = Settings(digest_language="en", digest_time=time(11))
        clock = lambda: parts.world.now  # noqa: E731
        shelf = parts.publisher.shelf
        desk = Desk(parts.store, shelf, parts.collector, parts.publisher, settings, clock)
        commands = CommandTable(desk, Throttle([]), Throttle([]))
        await adapter.start(commands)
        try:
            yield House(commands, parts, Sender(parts.store, adapter, clock), target)
        finally:
            await adapter.stop()
