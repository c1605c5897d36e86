"""The life of a Telegram chat: what becomes of it is told, once, with a reason people can act on."""

from collections.abc import AsyncIterator

import pytest

from bot.adapters.base import ChatChange, Reply
from bot.adapters.telegram import TelegramAdapter
from core.i18n import Phrase
from core.subscription import Target
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import FakeCommands, delivery, listening, plain, says

BOTH = ("can_send_messages", "can_send_photos")


class GreetingCommands(FakeCommands):
    """Says something wherever something changed."""

    async def changed(self, change: ChatChange) -> Reply | None:
        await super().changed(change)
        return Reply(says(f"{change.kind} {change.language}"))


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def ann(server: TelegramServer) -> User:
    return server.world.user("Ann", language_code="ko")


@pytest.fixture
def group(server: TelegramServer, ann: User) -> Chat:
    return server.world.group("AI", members=[ann])


@pytest.fixture
def forum(server: TelegramServer, ann: User) -> Chat:
    return server.world.group("AI", members=[ann], topics=["Papers"])


@pytest.fixture
def commands() -> FakeCommands:
    return FakeCommands()


@pytest.fixture
async def adapter(server: TelegramServer, commands: FakeCommands) -> AsyncIterator[TelegramAdapter]:
    async with listening(server, commands) as made:
        yield made


async def told(
    server: TelegramServer, commands: FakeCommands, count: int
) -> list[tuple[str, str | None]]:
    """What became of the chat, each with the reason's name, as soon as so much is told."""
    await server.wait_for(lambda: len(commands.changes) >= count)
    await server.wait_for(lambda: not server.state.updates.pending)
    return [(one.kind, _name(one.reason)) for one in commands.changes]


def _name(reason: Phrase | None) -> str | None:
    return reason.key.removeprefix("pause.telegram.") if reason else None


@pytest.mark.usefixtures("adapter")
async def test_a_person_who_blocks_the_bot_and_takes_it_back(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    chat = server.world.private(ann)
    server.block(ann)
    server.unblock(ann)
    assert await told(server, commands, 2) == [("left", "blocked"), ("open", None)]
    assert [one.target for one in commands.changes] == [Target("telegram", str(chat.id))] * 2
    assert {one.language for one in commands.changes} == {"ko"}


@pytest.mark.usefixtures("adapter")
async def test_a_group_that_takes_the_bot_out_and_in_again(
    server: TelegramServer, commands: FakeCommands, ann: User, group: Chat
) -> None:
    server.remove_bot(group, ann)
    server.add_bot(group, ann)
    server.remove_bot(group, ann, kicked=False)
    assert await told(server, commands, 3) == [
        *(("left", "removed"), ("joined", None), ("left", "removed")),
    ]


@pytest.mark.usefixtures("adapter")
async def test_a_group_that_lets_the_bot_write_no_more_and_again(
    server: TelegramServer, commands: FakeCommands, ann: User, group: Chat
) -> None:
    server.restrict_bot(group, ann, *BOTH)
    server.restrict_bot(group, ann, "can_send_messages")
    server.restrict_bot(group, ann)
    server.promote_bot(group, ann)
    server.demote_bot(group, ann)
    server.restrict_bot(group, ann)
    server.remove_bot(group, ann)
    assert await told(server, commands, 4) == [
        ("left", "unwritable"),
        ("open", None),
        ("left", "unwritable"),
        ("left", "removed"),
    ]


@pytest.mark.usefixtures("adapter")
async def test_a_channel_where_the_bot_may_post_or_not(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    channel = server.world.group("News", "channel", admins=[ann], bot="left")
    server.promote_bot(channel, ann, "can_post_messages")
    server.promote_bot(channel, ann, "can_edit_messages")
    server.promote_bot(channel, ann)
    server.remove_bot(channel, ann)
    server.promote_bot(channel, ann, "can_edit_messages")
    assert await told(server, commands, 5) == [
        *(("joined", None), ("left", "channel"), ("open", None)),
        *(("left", "removed"), ("left", "channel")),
    ]


@pytest.mark.usefixtures("adapter")
async def test_a_group_that_became_a_supergroup_is_told_of_once(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    old = server.world.group("AI", "group", members=[ann])
    new = server.upgrade(old, ann)
    assert await told(server, commands, 1) == [("moved", None)]
    (change,) = commands.changes
    assert (change.target.chat, change.to) == (str(old.id), Target("telegram", str(new.id)))


@pytest.mark.usefixtures("adapter")
async def test_the_supergroup_says_that_it_moved_where_the_group_s_word_was_lost(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    old = server.world.group("AI", "group", members=[ann])
    new = server.world.group("AI", members=[ann])
    message = server.world.add(new, ann, {"migrate_from_chat_id": old.id})
    server.state.updates.add("message", message.json)
    assert await told(server, commands, 1) == [("moved", None)]
    (change,) = commands.changes
    assert (change.target.chat, change.to) == (str(old.id), Target("telegram", str(new.id)))


async def test_a_topic_that_is_closed_and_opened_again(
    server: TelegramServer,
    adapter: TelegramAdapter,
    commands: FakeCommands,
    ann: User,
    forum: Chat,
) -> None:
    (topic,) = forum.topics
    there = Target("telegram", str(forum.id), str(topic))
    server.close_topic(forum, topic, ann)
    assert await told(server, commands, 1) == [("left", "topic_closed")]
    assert await adapter.missing_permissions(there, "en") == ["Manage Topics"]
    server.close_topic(forum, topic, ann, closed=False)
    assert await told(server, commands, 2) == [("left", "topic_closed"), ("open", None)]
    assert await adapter.missing_permissions(there, "en") == []
    assert {one.target for one in commands.changes} == {there}


@pytest.mark.usefixtures("adapter")
async def test_the_general_topic_is_hidden_and_shown_as_the_chat_alone(
    server: TelegramServer, commands: FakeCommands, ann: User, forum: Chat
) -> None:
    server.hide_general(forum, ann)
    server.hide_general(forum, ann, hidden=False)
    assert await told(server, commands, 2) == [("left", "topic_closed"), ("open", None)]
    there = Target("telegram", str(forum.id))
    assert {(one.target, one.alone) for one in commands.changes} == {(there, True)}


@pytest.mark.usefixtures("adapter")
async def test_who_manages_topics_writes_in_closed_ones(
    server: TelegramServer, commands: FakeCommands, ann: User, forum: Chat
) -> None:
    (topic,) = forum.topics
    server.promote_bot(forum, ann)
    server.close_topic(forum, topic, ann)
    await server.wait_for(lambda: server.calls("getChatMember"))
    server.remove_bot(forum, ann)
    assert await told(server, commands, 1) == [("left", "removed")]


async def test_what_is_to_be_said_is_said_there_without_a_sound(
    server: TelegramServer, ann: User
) -> None:
    group = server.world.group("AI", bot="left")
    old = server.world.group("Old", "group", members=[ann])
    async with listening(server, GreetingCommands()):
        server.add_bot(group, ann)
        new = server.upgrade(old, ann)
        await server.wait_for(lambda: server.messages(group) and server.messages(new))
    assert [(one.text, one.silent) for one in server.messages(group)] == [("joined ko", True)]
    assert [one.text for one in server.messages(new)] == ["moved ko"]


async def test_of_a_channel_it_is_said_to_who_made_the_change_and_not_to_its_readers(
    server: TelegramServer, ann: User
) -> None:
    channel = server.world.group("News", "channel", admins=[ann], bot="left")
    alone = server.world.private(ann)
    async with listening(server, GreetingCommands()):
        server.promote_bot(channel, ann)
        await server.wait_for(lambda: server.messages(alone))
    assert server.messages(channel) == []


@pytest.mark.usefixtures("adapter")
async def test_a_group_that_took_the_bot_out_to_become_a_supergroup_goes_on_there(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    old = server.world.group("AI", "group", members=[ann])
    server.remove_bot(old, ann, kicked=False)
    new = server.upgrade(old, ann)
    server.remove_bot(old, ann, kicked=True)
    server.block(ann)
    assert await told(server, commands, 4) == [
        *(("left", "removed"), ("moved", None), ("open", None), ("left", "blocked")),
    ]
    assert commands.changes[2].target == Target("telegram", str(new.id))


@pytest.mark.usefixtures("adapter")
async def test_a_channel_s_post_is_a_command_of_its_administrators(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    channel = server.world.group("News", "channel", admins=[ann], bot="administrator")
    await server.say(channel, ann, "Papers of the week")
    await server.say(channel, ann, "/subscribe@another_bot")
    said = await server.say(channel, ann, "/subscribe@paperround_test_bot cv time=09:00")
    (sent,) = await server.wait_for(lambda: server.messages(channel)[-1:])
    (request,) = commands.asked
    assert (request.command, request.line) == ("subscribe", "cv time=09:00")
    assert (request.manager, request.private, request.place) == (True, False, "News")
    assert request.target == Target("telegram", str(channel.id))
    assert (sent.reply_to, sent.silent) == (said.id, True)
    assert server.calls("getChatMember") == []


async def test_a_post_that_the_bot_wrote_itself_is_no_command(
    server: TelegramServer, adapter: TelegramAdapter, commands: FakeCommands, ann: User
) -> None:
    channel = server.world.group("News", "channel", admins=[ann], bot="administrator")
    await adapter.send(delivery(plain("/digest"), channel))
    await server.say(channel, ann, "/help")
    await server.wait_for(lambda: len(server.messages(channel)) == 2)
    assert [one.command for one in commands.asked] == ["help"]


@pytest.mark.usefixtures("adapter")
async def test_what_was_asked_for_long_ago_is_not_answered_but_what_is_still_meant_is(
    server: TelegramServer, commands: FakeCommands, ann: User, group: Chat
) -> None:
    clock = server.world.clock
    server.world.clock = lambda: clock() - 11 * 60
    await server.say(group, ann, "/digest late")
    await server.say(group, ann, "/subscribe late")
    server.world.clock = lambda: clock() - 9 * 60
    await server.say(group, ann, "/digest soon")
    await server.wait_for(lambda: len(server.messages(group)) == 2)
    found = {one.command: one.line for one in commands.asked}
    assert found == {"subscribe": "late", "digest": "soon"}
