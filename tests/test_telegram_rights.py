"""What the Telegram adapter may do somewhere, and what it tells a person alone."""

from collections.abc import AsyncIterator

import pytest

from bot.adapters.base import RefusedError, TransientError, UnknowableError
from bot.adapters.telegram import TelegramAdapter
from core.blocks import Message as Part
from core.blocks import Paragraph, Post, Text
from core.subscription import Target
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import FakeCommands, adapter_of, delivery, listening, plain, says


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def ann(server: TelegramServer) -> User:
    return server.world.user("Ann", language_code="ko")


@pytest.fixture
async def adapter(server: TelegramServer) -> AsyncIterator[TelegramAdapter]:
    made = adapter_of(server)
    await made.start(None)
    yield made
    await made.stop()


def here(chat: Chat | int, thread: str = "") -> Target:
    return Target("telegram", str(chat if isinstance(chat, int) else chat.id), thread)


async def test_a_group_that_lets_everyone_write_lacks_nothing(
    server: TelegramServer, adapter: TelegramAdapter, ann: User
) -> None:
    for chat in (
        server.world.group("AI"),
        server.world.group("Small", "group"),
        server.world.group("Boss", bot="administrator"),
        server.world.group("Ours", bot="creator"),
        server.world.private(ann),
    ):
        assert await adapter.missing_permissions(here(chat), "en") == []


async def test_what_a_group_does_not_let_its_members_do_is_named_in_the_readers_language(
    server: TelegramServer, adapter: TelegramAdapter
) -> None:
    group = server.world.group("AI")
    group.permissions -= {"can_send_photos"}
    assert await adapter.missing_permissions(here(group), "ko") == ["사진 보내기"]
    assert await adapter.missing_permissions(here(group), "ja") == ["写真の送信"]
    mute = server.world.group("Mute")
    mute.permissions -= {"can_send_photos", "can_send_messages"}
    assert await adapter.missing_permissions(here(mute), "zh") == ["发送消息", "发送图片"]
    assert await adapter.missing_permissions(here(mute), "en") == ["Send Messages", "Send Photos"]


async def test_an_administrator_writes_whatever_members_may(
    server: TelegramServer, adapter: TelegramAdapter
) -> None:
    group = server.world.group("AI", bot="administrator")
    group.permissions.clear()
    assert await adapter.missing_permissions(here(group), "en") == []


async def test_a_bot_that_is_restricted_itself_is_told_apart_from_the_others(
    server: TelegramServer, adapter: TelegramAdapter, ann: User
) -> None:
    group = server.world.group("AI", members=[ann])
    server.restrict_bot(group, ann, "can_send_messages")
    assert await adapter.missing_permissions(here(group), "en") == ["Send Photos"]


async def test_a_channel_needs_an_administrator_who_may_post(
    server: TelegramServer, adapter: TelegramAdapter
) -> None:
    found = {
        bot: await adapter.missing_permissions(
            here(server.world.group("News", "channel", bot=rights)), "en"
        )
        for bot, rights in (
            ("posts", ["can_post_messages"]),
            ("edits", ["can_edit_messages"]),
            ("member", "member"),
        )
    }
    assert found == {"posts": [], "edits": ["Post Messages"], "member": ["Post Messages"]}


async def test_a_topic_that_refused_a_message_as_closed_needs_who_manages_topics(
    server: TelegramServer, adapter: TelegramAdapter, ann: User
) -> None:
    forum = server.world.group("AI", members=[ann], topics=["One", "Two"])
    one, two = (here(forum, str(topic)) for topic in forum.topics)
    forum.topics[int(one.thread)].closed = True
    with pytest.raises(RefusedError):
        await adapter.send(delivery(plain(), forum, thread=one.thread))
    assert await adapter.missing_permissions(one, "en") == ["Manage Topics"]
    assert await adapter.missing_permissions(two, "en") == []


async def test_where_telegram_does_not_tell_nothing_is_known(
    server: TelegramServer, adapter: TelegramAdapter, ann: User
) -> None:
    group = server.world.group("AI", members=[ann])
    group.permissions.clear()
    fault = server.add_fault("status:500,method=getChatMember")
    assert await adapter.missing_permissions(here(group), "en") == []
    server.faults.remove(fault)
    assert await adapter.missing_permissions(here(group), "en") == ["Send Messages", "Send Photos"]
    gone = server.world.group("Gone", members=[ann])
    server.remove_bot(gone, ann)
    assert await adapter.missing_permissions(here(gone), "en") == []
    assert await adapter.missing_permissions(here(-5), "en") == []


async def test_telegram_is_asked_once_a_minute_and_at_once_when_something_changed(
    server: TelegramServer, ann: User
) -> None:
    group = server.world.group("AI", members=[ann])
    commands = FakeCommands()
    async with listening(server, commands) as adapter:
        for _ in range(3):
            assert await adapter.missing_permissions(here(group), "en") == []
        assert len(server.calls("getChatMember")) == 1
        server.restrict_bot(group, ann, "can_send_photos")
        await server.wait_for(lambda: commands.changes)
        assert await adapter.missing_permissions(here(group), "en") == ["Send Messages"]


async def test_a_person_is_told_alone_and_without_a_sound(
    server: TelegramServer, adapter: TelegramAdapter, ann: User
) -> None:
    chat = server.world.private(ann)
    await adapter.tell(str(ann.id), says("The bot was removed."))
    (sent,) = server.messages(chat)
    assert (sent.text, sent.silent) == ("The bot was removed.", True)
    long = Part("answer", "", "#0072b2", tuple(Paragraph((Text("word " * 500),)) for _ in "123"))
    await adapter.tell(str(ann.id), Post("", "en", long))
    assert len(server.messages(chat)) == 4


async def test_who_cannot_be_told_is_named(
    server: TelegramServer, adapter: TelegramAdapter, ann: User
) -> None:
    async def refusal(person: str) -> str:
        with pytest.raises(RefusedError) as caught:
            await adapter.tell(person, says("Hello"))
        return caught.value.phrase.key

    assert await refusal(str(ann.id)) == "pause.telegram.stranger"
    server.world.private(ann)
    server.block(ann)
    assert await refusal(str(ann.id)) == "pause.telegram.blocked"
    server.deactivate(ann)
    assert await refusal(str(ann.id)) == "pause.telegram.deactivated"
    for nobody in ("", "-5", "77", "ann"):
        assert await refusal(nobody) == "pause.telegram.unknown"


async def test_what_may_have_been_told_is_not_told_again(
    server: TelegramServer, adapter: TelegramAdapter, ann: User
) -> None:
    chat = server.world.private(ann)
    server.add_fault("drop_after,nth=1,method=sendMessage")
    with pytest.raises(UnknowableError):
        await adapter.tell(str(ann.id), says("Hello"))
    assert len(server.messages(chat)) == 1
    server.add_fault("status:429,retry_after=600,method=sendMessage")
    with pytest.raises(TransientError):
        await adapter.tell(str(ann.id), says("Hello"))
