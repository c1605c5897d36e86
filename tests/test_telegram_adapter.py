"""The Telegram adapter sends: threads, single messages, what is refused and what breaks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.adapters.base import (
    InDoubtError,
    MovedError,
    RefusedError,
    TransientError,
    UnknowableError,
)
from bot.adapters.telegram import TelegramAdapter
from bot.adapters.telegram_limits import Limits
from core.category import Taxonomy
from core.subscription import Target
from tests.emulators.telegram_flood import Flood
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import Pen, adapter_of, deliver, delivery, plain
from tests.telegram_posts import day_post


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def ann(server: TelegramServer) -> User:
    return server.world.user("Ann", language_code="ko")


@pytest.fixture
def chat(server: TelegramServer, ann: User) -> Chat:
    return server.world.private(ann)


@pytest.fixture
def group(server: TelegramServer, ann: User) -> Chat:
    return server.world.group("AI", members=[ann])


@pytest.fixture
def pen() -> Pen:
    return Pen()


@pytest.fixture
async def adapter(server: TelegramServer, pen: Pen) -> AsyncIterator[TelegramAdapter]:
    made = adapter_of(server, pen)
    await made.start(None)
    yield made
    await made.stop()


async def test_a_group_gets_a_photo_and_silent_replies_to_it(
    server: TelegramServer, adapter: TelegramAdapter, group: Chat, taxonomy: Taxonomy
) -> None:
    frozen = adapter.freeze(day_post(taxonomy), private=False)
    ids = await deliver(adapter, frozen, group)
    sent = server.messages(group)
    assert [str(one.id) for one in sent] == ids
    assert [one.silent for one in sent] == [False, True, True, True]
    assert [one.reply_to for one in sent] == [None, *[sent[0].id] * 3]
    assert [bool(one.photo) for one in sent] == [True, False, False, False]
    assert sent[0].text.startswith("AI 논문 다이제스트")
    assert all(one.json["link_preview_options"]["is_disabled"] for one in sent[1:])
    assert (server.dropped_entities, server.detected, server.flooded) == ([], [], 0)


async def test_a_topic_gets_its_thread_in_that_topic(
    server: TelegramServer, adapter: TelegramAdapter, ann: User, taxonomy: Taxonomy
) -> None:
    forum = server.world.group("AI", members=[ann], topics=["Papers"])
    (topic,) = forum.topics
    frozen = adapter.freeze(day_post(taxonomy), private=False)
    await deliver(adapter, frozen, forum, str(topic))
    assert len(server.messages(forum, thread=topic)) == 4


async def test_the_general_topic_is_the_forum_itself(
    server: TelegramServer, adapter: TelegramAdapter
) -> None:
    forum = server.world.group("AI", topics=["Papers"])
    await adapter.send(delivery(plain(), forum, thread="1"))
    assert [one.thread for one in server.messages(forum)] == [None]


async def test_a_reply_comes_though_its_parent_is_gone(
    server: TelegramServer, adapter: TelegramAdapter
) -> None:
    forum = server.world.group("AI", topics=["Papers"])
    (topic,) = forum.topics
    owed = delivery(plain(reply=True), forum, thread=str(topic), reply_to="99999")
    await adapter.send(owed)
    (sent,) = server.messages(forum, thread=topic)
    assert sent.reply_to is None


async def test_a_person_gets_one_message_with_the_chart_and_buttons(
    server: TelegramServer, adapter: TelegramAdapter, chat: Chat, taxonomy: Taxonomy
) -> None:
    await deliver(adapter, adapter.freeze(day_post(taxonomy), private=True), chat)
    (sent,) = server.messages(chat)
    assert sent.photo
    assert [one["text"] for one in sent.buttons] == [
        "✈️ 컴퓨터 비전 3",
        "🥳 LLM 3",
        "🦾 로보틱스 3",
    ]


async def test_a_chart_is_drawn_and_uploaded_once(
    server: TelegramServer, adapter: TelegramAdapter, pen: Pen, taxonomy: Taxonomy
) -> None:
    parent = adapter.freeze(day_post(taxonomy), private=False)[0]
    groups = [server.world.group(f"Group {n}") for n in range(5)]
    await asyncio.gather(*(adapter.send(delivery(parent, one)) for one in groups))
    assert len(pen.drawn) == server.world.uploads == 1
    assert len({server.messages(one)[0].photo for one in groups}) == 1


async def test_a_chart_that_telegram_forgot_is_uploaded_again(
    server: TelegramServer, adapter: TelegramAdapter, group: Chat, pen: Pen, taxonomy: Taxonomy
) -> None:
    parent = adapter.freeze(day_post(taxonomy), private=False)[0]
    await adapter.send(delivery(parent, group))
    server.files.clear()
    await adapter.send(delivery(parent, group))
    await adapter.send(delivery(parent, group))
    assert (len(pen.drawn), server.world.uploads) == (2, 2)


async def test_a_chart_that_cannot_be_drawn_is_tried_later(
    server: TelegramServer, adapter: TelegramAdapter, group: Chat, pen: Pen, taxonomy: Taxonomy
) -> None:
    pen.broken = True
    parent = adapter.freeze(day_post(taxonomy), private=False)[0]
    with pytest.raises(TransientError, match="the chart could not be drawn: no ink"):
        await adapter.send(delivery(parent, group))
    assert server.messages(group) == []


async def test_who_will_never_take_it_is_named_with_what_to_do(
    server: TelegramServer, adapter: TelegramAdapter, ann: User, chat: Chat
) -> None:
    async def refusal(room: Chat | int, thread: str = "") -> str:
        with pytest.raises(RefusedError) as caught:
            await adapter.send(delivery(plain(), room, thread=thread))
        return str(caught.value)

    server.block(ann)
    assert "unblock it" in await refusal(chat)
    server.deactivate(ann)
    assert "no longer exists" in await refusal(chat)
    groups = [server.world.group(f"Group {n}") for n in range(4)]
    server.remove_bot(groups[0], ann)
    assert "add it again" in await refusal(groups[0])
    server.remove_bot(groups[1], ann, kicked=False)
    assert "add it again" in await refusal(groups[1])
    server.delete_chat(groups[2])
    assert "no longer exists" in await refusal(groups[2])
    groups[3].permissions.clear()
    assert "let it send" in await refusal(groups[3])
    assert "no such chat" in await refusal(-5)
    stranger = server.world.user("Bea")
    assert "/start" in await refusal(stranger.id)
    forum = server.world.group("Forum", topics=["One", "Two"])
    one, two = forum.topics
    server.close_topic(forum, one, ann)
    assert "closed" in await refusal(forum, str(one))
    server.delete_topic(forum, two)
    assert "topic was deleted" in await refusal(forum, str(two))


async def test_a_group_that_moved_is_named_with_its_new_id(
    server: TelegramServer, adapter: TelegramAdapter, ann: User
) -> None:
    group = server.world.group("AI", "group", members=[ann])
    new = server.upgrade(group, ann)
    with pytest.raises(MovedError) as caught:
        await adapter.send(delivery(plain(), group))
    assert caught.value.target == Target("telegram", str(new.id))


async def test_a_flood_is_waited_out_as_long_as_telegram_says(
    server: TelegramServer, adapter: TelegramAdapter, group: Chat, chat: Chat
) -> None:
    server.add_fault("status:429,nth=1,retry_after=37")
    with pytest.raises(TransientError) as caught:
        await adapter.send(delivery(plain(), group))
    assert caught.value.retry_after == timedelta(seconds=37)
    asked = len(server.calls("sendMessage"))
    with pytest.raises(TransientError) as again:
        await adapter.send(delivery(plain(), group))
    assert again.value.retry_after
    assert again.value.retry_after > timedelta(seconds=30)
    assert len(server.calls("sendMessage")) == asked
    await adapter.send(delivery(plain(), chat))


async def test_a_chat_that_is_full_says_how_long_and_holds_up_no_other(
    server: TelegramServer, adapter: TelegramAdapter, group: Chat, chat: Chat
) -> None:
    async def filled(room: Chat) -> TransientError:
        for _ in range(30):
            try:
                await adapter.send(delivery(plain(), room))
            except TransientError as error:
                return error
        raise AssertionError("there is no end to it")

    refused = await filled(group)
    assert 10 <= len(server.messages(group)) <= 20
    assert refused.retry_after
    assert timedelta() < refused.retry_after <= timedelta(seconds=61)
    await adapter.send(delivery(plain(), chat))
    await filled(chat)
    assert server.flooded == 0


async def test_a_group_never_gets_more_than_twenty_in_any_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flood = Flood(clock=lambda: now)
    limits, now = Limits(10**6), 0.0
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: now)
    for second in range(600):
        now = float(second)
        for answer in (False, True):
            while not limits.missing(-5, answer=answer):
                assert flood.take(-5) == 0
                limits.count(-5, answer=answer)


@pytest.mark.parametrize("fault", ["status:500", "html", "drop_before", "drop_after"])
async def test_what_may_have_arrived_is_left_in_doubt(
    server: TelegramServer, adapter: TelegramAdapter, group: Chat, fault: str
) -> None:
    server.add_fault(f"{fault},method=sendMessage")
    with pytest.raises(InDoubtError, match="no answer"):
        await adapter.send(delivery(plain(), group))
    assert len(server.messages(group)) == (fault == "drop_after")


async def test_what_was_never_sent_is_sent_again(
    server: TelegramServer, adapter: TelegramAdapter, group: Chat
) -> None:
    await server.stop()
    with pytest.raises(TransientError, match="cannot be reached: ConnectError"):
        await adapter.send(delivery(plain(), group))


async def test_a_token_taken_back_puts_sends_off_and_pauses_nobody(
    server: TelegramServer, adapter: TelegramAdapter, group: Chat
) -> None:
    server.add_fault("status:401")
    with pytest.raises(TransientError, match="TELEGRAM_TOKEN") as caught:
        await adapter.send(delivery(plain(), group))
    assert caught.value.retry_after


async def test_after_a_crash_a_message_is_sent_again_or_given_up_as_the_operator_says(
    server: TelegramServer,
) -> None:
    owed = delivery(plain(), 5)
    assert await adapter_of(server).find(owed) is None
    with pytest.raises(UnknowableError, match="TELEGRAM_AFTER_CRASH=skip"):
        await adapter_of(server, after_crash="skip").find(owed)


def test_a_person_has_a_positive_number(server: TelegramServer) -> None:
    adapter = adapter_of(server)
    assert (adapter.platform, adapter.at_once) == ("telegram", 1)
    found = [adapter.is_private(Target("telegram", one)) for one in ("5", "-5", "-1001", "@news")]
    assert found == [True, False, False, False]
