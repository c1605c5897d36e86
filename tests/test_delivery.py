"""What becomes of a message that is not sent at once, and of those behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.adapters.base import (
    InDoubtError,
    MovedError,
    RefusedError,
    TransientError,
    UnknowableError,
)
from bot.delivery import Sender
from core.delivery import Delivery, State
from core.i18n import Phrase
from core.subscription import Target
from storage.database import open_store
from storage.store import Store
from tests.service import FakeChat, World
from tests.stores import NOW, publication, subscribe, url_of

ODD, EVEN = Target("fake", "odd"), Target("fake", "even")


class KilledError(BaseException):
    """As if the process ended here."""


@dataclass
class Faulty(FakeChat):
    """A chat that fails as it is told for the target ``odd``."""

    on_send: Callable[[], str] = lambda: "m"
    on_find: Callable[[], str | None] = lambda: None
    on_amend: Callable[[], Awaitable[None]] = field(default_factory=lambda: nothing)
    said: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    known: Collection[str] = ()

    async def send(self, delivery: Delivery) -> str:
        self.said.append(delivery.key)
        self.order.append("send")
        return self.on_send() if delivery.target == ODD else "m"

    async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
        self.amended.append((delivery, links))
        self.order.append("amend")
        await self.on_amend()

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


async def nothing() -> None:
    pass


def raising(error: Exception) -> Callable[[], Awaitable[None]]:
    async def fail() -> None:
        raise error

    return fail


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
    assert subscription.paused == Phrase("pause.told", reason="The bot was blocked.")


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


# --- amendments


async def test_sends_come_first_and_then_each_parent_is_amended_once(bench: Bench) -> None:
    await bench.drain()
    assert [(delivery.key, links) for delivery, links in bench.chat.amended] == [
        ("2025-07-15/1/1/parent", {"cv": "m"}),
        ("2025-07-15/1/2/parent", {"cv": "m"}),
    ]
    assert bench.chat.order == ["send"] * 4 + ["amend"] * 2
    await bench.drain(hours=1)
    assert len(bench.chat.amended) == 2


async def test_what_is_owed_meanwhile_is_sent_before_the_next_amendment(bench: Bench) -> None:
    other = await subscribe(bench.store, Target("fake", "other"))

    async def owe() -> None:
        bench.chat.on_amend = nothing
        post = publication(other.id, "parent", "cv")
        await bench.store.deliveries.publish([post], NOW)

    bench.chat.on_amend = owe
    bench.sender._amender.at_once = 1
    await bench.drain()
    assert bench.chat.order == [*["send"] * 4, "amend", *["send"] * 2, "amend", "amend"]


@pytest.mark.parametrize(
    "error",
    [
        RefusedError(Phrase("pause.told", reason="gone")),
        UnknowableError("the message was deleted"),
        MovedError(Target("fake", "new")),
    ],
)
async def test_an_amendment_that_can_never_be_made_ends_and_pauses_nobody(
    bench: Bench, error: Exception
) -> None:
    bench.chat.on_amend = raising(error)
    await bench.drain()
    assert await bench.store.amendments.waiting(["fake"]) == 0
    assert await bench.store.subscriptions.all_paused() == []
    await bench.drain(hours=1)
    assert len(bench.chat.amended) == 2


async def test_an_amendment_waits_exactly_as_long_as_the_platform_asks(bench: Bench) -> None:
    bench.chat.on_amend = raising(TransientError("slow down", timedelta(seconds=77)))
    await bench.drain()
    bench.chat.on_amend = nothing
    await bench.drain(seconds=76)
    assert len(bench.chat.amended) == 2
    await bench.drain(seconds=1)
    assert len(bench.chat.amended) == 4
    assert await bench.store.amendments.waiting(["fake"]) == 0


@pytest.mark.parametrize("error", [TransientError("busy"), TimeoutError(), InDoubtError("cut off")])
async def test_an_amendment_that_always_breaks_is_given_up_in_the_end(
    bench: Bench, error: Exception
) -> None:
    bench.chat.on_amend = raising(error)
    for _ in range(120):
        await bench.drain(hours=1)
    assert len(bench.chat.amended) == 2 * 50
    assert await bench.store.amendments.waiting(["fake"]) == 0


async def test_waits_that_a_platform_asks_for_end_when_nobody_reads_the_post_any_more(
    bench: Bench,
) -> None:
    bench.chat.on_amend = raising(TransientError("out of reach", timedelta(seconds=30)))
    for _ in range(100):
        await bench.drain(minutes=1)
    assert await bench.store.amendments.waiting(["fake"]) == 2
    await bench.drain(days=8)
    assert await bench.store.amendments.waiting(["fake"]) == 0


async def test_a_crash_between_the_edit_and_its_writing_down_repeats_the_edit_alone(
    bench: Bench,
) -> None:
    async def crash() -> None:
        raise KilledError

    bench.chat.on_amend = crash
    with pytest.raises(KilledError):
        await bench.drain()
    bench.chat.on_amend = nothing
    restarted = Sender(bench.store, bench.chat, lambda: bench.now)
    await restarted.drain()
    assert {delivery.key for delivery, _ in bench.chat.amended} == {
        "2025-07-15/1/1/parent",
        "2025-07-15/1/2/parent",
    }
    assert len(bench.chat.said) == 4
    assert await bench.store.amendments.waiting(["fake"]) == 0


async def test_a_sender_that_is_stopping_amends_nothing_more(bench: Bench) -> None:
    async def stop() -> None:
        bench.sender.stop()

    bench.chat.on_amend = stop
    bench.sender._amender.at_once = 1
    await bench.drain()
    assert len(bench.chat.amended) == 1
    assert await bench.store.amendments.waiting(["fake"]) == 1


# --- refusals


async def test_a_refusal_ends_all_that_is_owed_to_the_chat_and_is_told_once(bench: Bench) -> None:
    second = await subscribe(bench.store, ODD)
    await bench.store.deliveries.publish([publication(second.id, "parent", "cv")], NOW)
    told: list[int] = []
    bench.sender.tell = lambda paused: told.extend(one.id for one in paused)
    bench.chat.on_send = failing(RefusedError(Phrase("pause.told", reason="gone")))
    await bench.drain()
    await bench.drain(hours=1)
    assert told == [1, second.id]
    assert [d.error for d in await bench.of(ODD)] == ["gone"] * 4
    assert bench.chat.said.count("2025-07-15/1/1/parent") == 1
    assert len([key for key in bench.chat.said if "/1/2/" not in key]) == 1


async def test_a_chat_that_moves_to_where_the_same_comes_gets_it_once(bench: Bench) -> None:
    bench.chat.on_send = failing(MovedError(EVEN))
    await bench.drain()
    await bench.drain(minutes=1)
    assert [s.id for s in await bench.store.subscriptions.of(EVEN)] == [1]
    assert await bench.store.subscriptions.get(2) is None
    assert await bench.states(EVEN) == [State.SENT, State.SENT]
