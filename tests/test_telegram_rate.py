"""An hour in Telegram: nobody is flooded, nobody waits for another chat, and answers come through."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.base import TransientError
from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram_body import Body
from bot.adapters.telegram_text import Formatted
from bot.delivery import Sender
from core.delivery import Delivery, Frozen, Publication, State
from core.subscription import Target
from storage.database import open_store
from storage.store import Store
from tests.emulators.telegram_flood import Flood
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.factories import DAY
from tests.stores import NOW, subscribe, url_of
from tests.telegram_fakes import adapter_of, delivery, plain

PARTS = ("parent", "cv", "llm", "rl", "nlp", "audio", "graph", "theory", "safety")


@dataclass
class Hour:
    """The service's sender between its store and the emulated Telegram, on a clock of its own."""

    store: Store
    server: TelegramServer
    adapter: TelegramAdapter = field(init=False)
    sender: Sender = field(init=False)
    seconds: float = 0.0

    def __post_init__(self) -> None:
        # The token's own limit is a matter of real time.
        self.server.state.flood = Flood(per_second=10**9, clock=lambda: self.seconds)
        self.adapter = adapter_of(self.server, clock=lambda: self.seconds)
        self.sender = Sender(self.store, self.adapter, self.now)

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.seconds)

    async def owe(self, chat: Chat, subscriptions: int = 1, issue: int = 1) -> None:
        """A thread, owed to the chat as often as it has subscriptions."""
        target = Target("telegram", str(chat.id))
        known = list(await self.store.subscriptions.of(target))
        while len(known) < subscriptions:
            known.append(await subscribe(self.store, target))
        jump = {"type": "jump", "offset": 0, "length": 5, "part": "cv"}
        messages = (
            Frozen("parent", plain("Today", entities=[jump]).body),
            *(Frozen(part, plain(part, reply=True).body) for part in PARTS[1:]),
        )
        owed = [Publication(one.id, DAY, issue, messages) for one in known]
        assert await self.store.deliveries.publish(owed, self.now()) == len(owed) * len(PARTS)

    async def of(self, chat: Chat) -> list[Delivery]:
        return list(await self.store.deliveries.recent(10_000, Target("telegram", str(chat.id))))


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def ann(server: TelegramServer) -> User:
    return server.world.user("Ann", language_code="ko")


@pytest.fixture
async def hour(server: TelegramServer, tmp_path: Path) -> AsyncIterator[Hour]:
    async with open_store(url_of(tmp_path / "paperround.db")) as store:
        made = Hour(store, server)
        await made.adapter.start(None)
        yield made
        await made.adapter.stop()


async def test_an_hour_of_threads_edits_and_answers_is_no_flood(
    hour: Hour, server: TelegramServer
) -> None:
    group = server.world.group("AI")
    body, target = Body(Formatted("An answer.")), Target("telegram", str(group.id))
    answers, longest, asked = 0, 0.0, 0.0
    for second in range(0, 3600, 5):
        hour.seconds = float(second)
        if second % 1200 == 0:
            await hour.owe(group, 3, 1 + second // 1200)
        await hour.sender.drain()
        # Somebody asks every fifteen seconds, and is answered when there is room.
        while asked <= hour.seconds:
            try:
                await hour.adapter._outbox.send(body, target, answer=True)
            except TransientError:
                break
            longest = max(longest, hour.seconds - asked)
            asked += 15
            answers += 1
    assert server.flooded == 0
    assert {one.state for one in await hour.of(group)} == {State.SENT}
    assert len(await hour.of(group)) == 3 * 3 * len(PARTS)
    assert sum(len(one.edits) for one in server.messages(group)) == 9
    assert answers >= 230
    assert longest <= 60


async def test_a_chat_that_has_had_enough_holds_up_no_other(
    hour: Hour, server: TelegramServer, ann: User
) -> None:
    full, other, alone = server.world.group("A"), server.world.group("B"), server.world.private(ann)
    await hour.owe(full, 5)
    await hour.owe(other)
    await hour.owe(alone)
    await hour.sender.drain()
    assert len(server.messages(full)) == 16
    assert len(server.messages(other)) == len(PARTS)
    assert len(server.messages(alone)) == 3
    for hour.seconds in (30.0, 61.0):
        await hour.sender.drain()
    assert len(server.messages(full)) == 32
    assert server.flooded == 0


async def test_a_group_that_becomes_a_supergroup_amid_a_thread_gets_the_rest_there(
    hour: Hour, server: TelegramServer, ann: User
) -> None:
    group = server.world.group("AI", "group", members=[ann])
    await hour.owe(group, 2)
    await hour.sender.drain()
    sent = len(server.messages(group))
    assert 9 < sent < 18
    new = server.upgrade(group, ann)
    for _ in range(9):
        await hour.adapter.send(delivery(plain("Other"), new))
    hour.seconds = 61.0
    await hour.sender.drain()
    hour.seconds = 122.0
    await hour.sender.drain()
    rest = server.messages(new)[9:]
    assert len(rest) == 18 - sent
    assert {one.reply_to for one in rest} == {None}
    assert {one.state for one in await hour.of(new)} == {State.SENT}
    assert server.flooded == 0
