"""The Telegram adapter hears: commands and presses become requests, and answers find their place."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.adapters.base import Request
from core.blocks import Action, Paragraph, Post, Text
from core.blocks import Message as Part
from core.category import Taxonomy
from core.subscription import Target
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import FakeCommands, deliver, listening, says
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
    return server.world.group("AI readers", members=[ann])


@pytest.fixture
async def commands(server: TelegramServer) -> AsyncIterator[FakeCommands]:
    """The commands of a bot that listens."""
    made = FakeCommands()
    async with listening(server, made):
        yield made


async def asked(server: TelegramServer, commands: FakeCommands, count: int = 1) -> list[Request]:
    """The requests, as soon as there are so many and each is answered."""
    await server.wait_for(lambda: len(commands.asked) >= count)
    return commands.asked


async def test_a_command_is_asked_with_its_line_and_answered_under_it(
    server: TelegramServer, commands: FakeCommands, ann: User, chat: Chat
) -> None:
    said = await server.say(chat, ann, "/digest CV 어제")
    (sent,) = await server.wait_for(lambda: server.messages(chat))
    assert commands.asked == [
        Request(
            command="digest",
            target=Target("telegram", str(chat.id)),
            person=str(ann.id),
            line="CV 어제",
            language="ko",
            private=True,
            manager=True,
            alone=True,
        )
    ]
    assert (sent.text, sent.reply_to, sent.silent) == ("digest CV 어제", said.id, False)
    assert [one["text"] for one in sent.buttons] == ["Vision"]


async def test_in_a_group_the_answer_makes_no_sound_and_the_place_is_named(
    server: TelegramServer, commands: FakeCommands, ann: User, group: Chat
) -> None:
    await server.say(group, ann, "/digest@paperround_TEST_bot cv")
    (sent,) = await server.wait_for(lambda: server.messages(group))
    (request,) = commands.asked
    assert sent.silent
    assert (request.line, request.place, request.private, request.manager) == (
        *("cv", "AI readers"),
        *(False, False),
    )


async def test_a_topic_is_part_of_the_target_and_gets_the_answer(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    forum = server.world.group("AI", members=[ann], topics=["Papers"])
    (topic,) = forum.topics
    await server.say(forum, ann, "/digest cv", topic)
    await server.wait_for(lambda: server.messages(forum, thread=topic))
    assert commands.asked[0].target == Target("telegram", str(forum.id), str(topic))


async def test_what_is_not_said_to_the_bot_is_not_answered(
    server: TelegramServer, commands: FakeCommands, ann: User, chat: Chat, group: Chat
) -> None:
    server.state.privacy = False
    for text in ("hello", "see /digest cv", "/weather", "/digest@another_bot cv", "/"):
        await server.say(group, ann, text)
    await server.say(chat, ann, "hello")
    await server.say(group, ann, "/digest last")
    (sent,) = await server.wait_for(lambda: server.messages(group))
    assert [one.line for one in commands.asked] == ["last"]
    assert (sent.text, server.messages(chat)) == ("digest last", [])


async def test_an_unknown_command_in_private_is_answered_with_help(
    server: TelegramServer, commands: FakeCommands, ann: User, chat: Chat
) -> None:
    await server.say(chat, ann, "/weather")
    await server.wait_for(lambda: server.messages(chat))
    assert [one.command for one in commands.asked] == ["help"]


async def test_a_link_to_the_bot_starts_it_with_its_payload(
    server: TelegramServer, commands: FakeCommands, ann: User, chat: Chat
) -> None:
    await server.say(chat, ann, "/start cv")
    (request,) = await asked(server, commands)
    assert (request.command, request.line) == ("start", "cv")


async def test_a_press_is_confirmed_at_once_and_answered_with_a_new_message(
    server: TelegramServer, ann: User, chat: Chat, taxonomy: Taxonomy
) -> None:
    commands = FakeCommands()
    async with listening(server, commands) as adapter:
        await deliver(adapter, adapter.freeze(day_post(taxonomy), private=True), chat)
        (day,) = server.messages(chat)
        press = server.press(day, "🥳 LLM 3", ann)
        await press.answered()
        await server.wait_for(lambda: len(server.messages(chat)) == 2)
    (request,) = commands.asked
    assert request.arguments == {"category": "llm", "date": "2025-07-15"}
    assert (request.command, request.private, request.manager) == ("digest", True, True)
    assert day.edits == []


async def test_a_press_is_confirmed_though_the_answer_takes_its_time(
    server: TelegramServer,
    commands: FakeCommands,
    ann: User,
    group: Chat,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.adapters.telegram_updates._CONFIRM_SECONDS", 0.05)
    await server.say(group, ann, "/digest cv")
    (sent,) = await server.wait_for(lambda: server.messages(group))
    commands.slow[""] = asyncio.Event()
    await server.press(sent, "Vision", ann).answered()
    assert len(server.messages(group)) == 1
    commands.slow[""].set()
    _, answer = await server.wait_for(lambda: server.messages(group)[1:] and server.messages(group))
    assert answer.reply_to == sent.id


async def test_a_slow_command_holds_up_no_other(
    server: TelegramServer, commands: FakeCommands, ann: User, chat: Chat, group: Chat
) -> None:
    commands.slow["slow"] = asyncio.Event()
    await server.say(chat, ann, "/digest slow")
    await server.say(chat, ann, "/digest quick")
    await server.say(group, ann, "/digest quick")
    await server.wait_for(lambda: server.messages(chat) and server.messages(group))
    commands.slow["slow"].set()
    await server.wait_for(lambda: len(server.messages(chat)) == 2)
    assert [one.text for one in server.messages(chat)] == ["digest quick", "digest slow"]


async def test_only_administrators_manage_a_group_and_telegram_is_asked_once(
    server: TelegramServer, commands: FakeCommands, ann: User, group: Chat
) -> None:
    boss = server.world.user("Boss")
    server.set_member(group, boss, "administrator")
    for person in (ann, boss, boss):
        await server.say(group, person, "/subscribe cv")
    await asked(server, commands, 3)
    await server.say(group, boss, "/digest cv")
    found = await asked(server, commands, 4)
    managers = {(one.command, one.person): one.manager for one in found}
    assert managers == {
        ("subscribe", str(ann.id)): False,
        ("subscribe", str(boss.id)): True,
        ("digest", str(boss.id)): False,
    }


async def test_a_minutes_memory_of_who_manages_a_group_ends_when_that_changes(
    server: TelegramServer, commands: FakeCommands, ann: User, group: Chat
) -> None:
    server.promote_bot(group, ann)
    await server.say(group, ann, "/subscribe one")
    await asked(server, commands, 1)
    await server.say(group, ann, "/subscribe two")
    await asked(server, commands, 2)
    assert len(server.calls("getChatMember")) == 1
    server.set_member(group, ann, "administrator")
    await server.say(group, ann, "/subscribe three")
    found = await asked(server, commands, 3)
    assert [one.manager for one in found] == [False, False, True]


async def test_an_administrator_may_be_anonymous(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    group = server.world.group("AI", anonymous=[ann])
    await server.say(group, ann, "/subscribe cv", anonymous=True)
    (request,) = await asked(server, commands)
    assert request.manager
    assert server.calls("getChatMember") == []


async def test_who_writes_as_a_chat_is_that_chat_and_nobody_of_another(
    server: TelegramServer, commands: FakeCommands, ann: User
) -> None:
    for title in ("AI", "ML"):
        await server.say(
            server.world.group(title, anonymous=[ann]), ann, "/subscribe cv", anonymous=True
        )
    one, other = await asked(server, commands, 2)
    assert one.person != other.person
    assert {one.person, other.person} == {one.target.chat, other.target.chat}


async def test_who_presses_a_managers_button_is_asked_about_too(
    server: TelegramServer, commands: FakeCommands, ann: User, group: Chat
) -> None:
    commands.posts["digest"] = says("Which?", Action("Subscribe", "subscribe"))
    await server.say(group, ann, "/digest")
    (sent,) = await server.wait_for(lambda: server.messages(group))
    server.press(sent, "Subscribe", ann)
    request = (await asked(server, commands, 2))[1]
    assert (request.command, request.manager) == ("subscribe", False)
    assert len(server.calls("getChatMember")) == 1


async def test_a_long_answer_comes_in_several_messages_with_one_sound(
    server: TelegramServer, commands: FakeCommands, ann: User, chat: Chat
) -> None:
    blocks = tuple(Paragraph((Text("word " * 500),)) for _ in range(3))
    commands.posts["digest"] = Post("2025-07-15", "en", Part("cv", "Vision", "#0072b2", blocks))
    await server.say(chat, ann, "/digest cv")
    sent = await server.wait_for(lambda: server.messages(chat)[2:] and server.messages(chat))
    assert [one.silent for one in sent] == [False, True, True]
    assert [one.text[-3:] for one in sent] == ["1/3", "2/3", "3/3"]


async def test_an_answer_waits_out_a_short_flood(
    server: TelegramServer, commands: FakeCommands, ann: User, chat: Chat
) -> None:
    server.add_fault("status:429,nth=1,method=sendMessage,retry_after=1")
    await server.say(chat, ann, "/digest cv")
    (sent,) = await server.wait_for(lambda: server.messages(chat))
    assert sent.text == "digest cv"
    assert len(commands.asked) == 1


async def test_of_two_presses_that_wait_out_a_flood_the_message_shows_the_later_one(
    server: TelegramServer, commands: FakeCommands, ann: User, chat: Chat
) -> None:
    first = Action("First", "why", in_place=True)
    commands.posts["digest"] = says("Which?", first, Action("Later", "trends", in_place=True))
    await server.say(chat, ann, "/digest")
    (menu,) = await server.wait_for(lambda: server.messages(chat))
    server.add_fault("status:429,nth=1,method=editMessageText,retry_after=2")
    server.press(menu, "First", ann)
    await server.wait_for(lambda: server.calls("editMessageText"))
    server.press(menu, "Later", ann)
    await server.wait_for(lambda: "trends" in menu.text)
    await server.say(chat, ann, "/help")
    await server.wait_for(lambda: len(server.messages(chat)) == 2)
    assert "trends" in menu.text
    assert len(server.calls("editMessageText")) == 2


async def test_an_answer_that_cannot_be_sent_is_one_line_of_the_log(
    server: TelegramServer,
    commands: FakeCommands,
    ann: User,
    chat: Chat,
    capsys: pytest.CaptureFixture[str],
) -> None:
    server.add_fault("drop_after,nth=1,method=sendMessage")
    await server.say(chat, ann, "/digest cv")
    await server.wait_for(lambda: server.messages(chat))
    await server.say(chat, ann, "/digest llm")
    await server.wait_for(lambda: len(server.messages(chat)) == 2)
    assert [one.line for one in commands.asked] == ["cv", "llm"]
    lines = [one for one in capsys.readouterr().out.splitlines() if "not answered" in one]
    assert len(lines) == 1
    assert "Telegram gave no answer" in lines[0]
