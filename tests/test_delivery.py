"""What becomes of a message that is not sent at once, and of those behind it."""

from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.base import MovedError, RefusedError, TransientError, UnknowableError
from bot.delivery import Sender
from core.delivery import Delivery, State
from core.i18n import Phrase
from core.subscription import Target
from storage.database import open_store
from storage.store import Store
from tests.service import FakeChat, World
from tests.stores import NOW, publication, subscribe, url_of

ODD, EVEN = Target("fake", "odd"), Target("fake", "even")


@dataclass
class Faulty(FakeChat):
    """A chat that fails as it is told for the target ``odd``."""

    on_send: Callable[[], str] = lambda: "m"
    on_find: Callable[[], str | None] = lambda: None
    said: list[str] = field(default_factory=list)
    known: Collection[str] = ()

    async def send(self, delivery: Delivery) -> str:
        self.said.append(delivery.key)
        return self.on_send() if delivery.target == ODD else "m"

    async def find(self, delivery: Delivery, known: Collection[str] = ()) -> str | None:
        self.known = known
        return self.on_find() if delivery.target == ODD else None


@dataclass
class Bench:
    store: Store
    chat: Faulty
    sender: Sender
    now: datetime = NOW

    async def drain(self, **later: int) -> None:
        self.now += timedelta(**later)
        await self.sender.drain()

    async def of(self, target: Target) -> list[Delivery]:
        return (await self.store.deliveries.recent(100, target))[::-1]

    async def states(self, target: Target) -> list[State]:
        return [delivery.state for delivery in await self.of(target)]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    async with open_store(url_of(tmp_path / "paperround.db")) as store:
        for target in (ODD, EVEN):
            made = await subscribe(store, target)
            await store.deliveries.publish([publication(made.id, "parent", "cv")], NOW)
        chat = Faulty(World(NOW))
        found = Bench(store, chat, Sender(store, chat, lambda: found.now))
        yield found


def failing(error: Exception) -> Callable[[], str]:
    def fail() -> str:
        raise error

    return fail


async def test_everything_owed_is_sent_in_its_order(bench: Bench) -> None:
    await bench.drain()
    assert bench.chat.said == [
        f"2025-07-15/1/{n}/{part}" for n in (1, 2) for part in ("parent", "cv")
    ]


@pytest.mark.parametrize(
    "error",
    [
        TransientError("busy"),
        KeyError("x"),
        RefusedError(Phrase("pause.told", reason="gone")),
        TimeoutError(),
    ],
)
async def test_one_chat_that_fails_holds_up_no_other(bench: Bench, error: Exception) -> None:
    bench.chat.on_send = failing(error)
    await bench.drain()
    assert await bench.states(EVEN) == [State.SENT, State.SENT]
    assert State.SENT not in await bench.states(ODD)


async def test_a_send_that_always_breaks_is_given_up_in_the_end(bench: Bench) -> None:
    bench.chat.on_send = failing(KeyError("x"))
    for _ in range(120):
        await bench.drain(hours=1)
    assert bench.chat.said.count("2025-07-15/1/1/parent") == 50
    assert await bench.states(ODD) == [State.FAILED, State.FAILED]


async def test_what_cannot_be_asked_about_stays_in_doubt_and_is_settled_later(
    bench: Bench,
) -> None:
    bench.chat.on_send = failing(TimeoutError())
    bench.chat.on_find = failing(TransientError("out of reach"))
    await bench.drain()
    await bench.drain(minutes=1)
    assert (await bench.states(ODD))[0] == State.SENDING
    bench.chat.on_find = lambda: "found"
    bench.chat.on_send = lambda: "m"
    await bench.drain(minutes=1)
    (parent, reply) = await bench.of(ODD)
    assert (parent.message_id, reply.state) == ("found", State.SENT)
    assert bench.chat.said.count(parent.key) == 1


async def test_what_nobody_can_know_is_not_repeated_where_the_operator_says_so(
    bench: Bench,
) -> None:
    bench.chat.on_send = failing(TimeoutError())
    bench.chat.on_find = failing(UnknowableError("may have been sent"))
    await bench.drain()
    await bench.drain(minutes=1)
    parent, _ = await bench.of(ODD)
    assert (parent.state, parent.error) == (State.FAILED, "may have been sent")
    assert bench.chat.said.count(parent.key) == 1


async def test_a_refusal_pauses_the_subscription_with_its_reason(bench: Bench) -> None:
    bench.chat.on_send = failing(RefusedError(Phrase("pause.told", reason="The bot was blocked.")))
    await bench.drain()
    (subscription,) = await bench.store.subscriptions.of(ODD)
    assert subscription.paused == "The bot was blocked."


async def test_a_chat_that_moved_takes_what_it_is_owed_along(bench: Bench) -> None:
    new = Target("fake", "-100")
    bench.chat.on_send = failing(MovedError(new))
    await bench.drain()
    await bench.drain(minutes=1)
    assert await bench.states(new) == [State.SENT, State.SENT]
    assert [s.target for s in await bench.store.subscriptions.of(new)] == [new]


async def test_a_wait_that_the_platform_asks_for_is_kept_exactly(bench: Bench) -> None:
    bench.chat.on_send = failing(TransientError("slow down", timedelta(seconds=77)))
    await bench.drain()
    await bench.drain(seconds=76)
    assert bench.chat.said.count("2025-07-15/1/1/parent") == 1
    bench.chat.on_send = lambda: "m"
    await bench.drain(seconds=1)
    assert await bench.states(ODD) == [State.SENT, State.SENT]


async def test_waits_that_a_platform_asks_for_are_no_attempts(bench: Bench) -> None:
    bench.chat.on_send = failing(TransientError("out of reach", timedelta(seconds=30)))
    for _ in range(100):
        await bench.drain(minutes=1)
    # A crash while it was being sent, after all that: it is looked up and sent once.
    bench.chat.on_send = failing(TimeoutError())
    await bench.drain(minutes=1)
    bench.chat.on_send = lambda: "m"
    await bench.drain(minutes=1)
    assert await bench.states(ODD) == [State.SENT, State.SENT]


async def test_messages_known_to_be_others_are_named_when_one_is_looked_up(bench: Bench) -> None:
    other = await subscribe(bench.store, ODD)
    await bench.drain()
    (parent, reply) = await bench.of(ODD)
    await bench.store.deliveries.publish([publication(other.id, "parent")], NOW)
    bench.chat.on_send = failing(TimeoutError())
    await bench.drain(minutes=1)
    await bench.drain(minutes=1)
    assert set(bench.chat.known) == {parent.message_id, reply.message_id}
