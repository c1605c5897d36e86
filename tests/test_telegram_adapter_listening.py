"""The Telegram adapter listens: to all that comes, whatever breaks, and to nothing twice."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from telegram import BotCommand

from tests.emulators.telegram_client import Api
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import FakeCommands, listening


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


async def test_what_becomes_of_chats_is_in_the_log(
    server: TelegramServer, ann: User, chat: Chat, capsys: pytest.CaptureFixture[str]
) -> None:
    plain = server.world.group("Old", "group", members=[ann])
    async with listening(server, FakeCommands()):
        server.block(ann)
        new = server.upgrade(plain, ann)
        server.remove_bot(new, ann)
        server.add_bot(new, ann)
        await server.wait_for(lambda: not server.state.updates.pending)
    lines = [one for one in capsys.readouterr().out.splitlines() if "chat changed" in one]
    found = [one for line in lines for one in ("joined", "left", "moved") if one in line]
    assert found == ["left", "moved", "left", "joined"]
    assert str(chat.id) in lines[0]
    assert str(new.id) in lines[1]


async def test_the_bot_offers_each_kind_of_people_their_commands_and_asks_before_it_tells(
    server: TelegramServer,
) -> None:
    async with listening(server, FakeCommands()):
        await server.wait_for(lambda: len(server.state.commands) == 15)
    told = len(server.calls("setMyCommands"))
    assert told == 15
    for (scope, language), offered in server.state.commands.items():
        manages = "default" not in scope
        names = ["digest", *(["subscribe"] if manages else []), "help", "start"]
        assert [one["command"] for one in offered] == names
        assert language in {"", "en", "ja", "ko", "zh"}
        assert all(BotCommand(**one).description for one in offered)
    assert {json.loads(scope)["type"] for scope, _ in server.state.commands} == {
        *("default", "all_private_chats", "all_chat_administrators"),
    }
    server.requests.clear()
    async with listening(server, FakeCommands()):
        await server.wait_for(lambda: len(server.calls("getMyCommands")) == 15)
    assert server.calls("setMyCommands") == []


async def test_a_webhook_of_old_is_taken_off(server: TelegramServer, ann: User, chat: Chat) -> None:
    server.state.updates.webhook = {"url": "http://127.0.0.1:1/", "secret_token": ""}
    async with listening(server, FakeCommands()):
        await server.say(chat, ann, "/digest cv")
        await server.wait_for(lambda: server.messages(chat))


async def test_listening_goes_on_after_telegram_broke(
    server: TelegramServer, ann: User, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram_listening._FIRST_WAIT", 0.01)
    async with listening(server, FakeCommands()):
        faults = [server.add_fault(f"{one},method=getUpdates") for one in ("html", "status:401")]
        await server.say(chat, ann, "/digest cv")
        await server.wait_for(lambda: faults[0].struck > 1)
        server.faults.clear()
        await server.wait_for(lambda: server.messages(chat))


async def test_what_waited_while_the_bot_was_down_is_answered_and_nothing_twice(
    server: TelegramServer, ann: User, chat: Chat
) -> None:
    commands = FakeCommands()
    await server.say(chat, ann, "/digest early")
    async with listening(server, commands):
        await server.wait_for(lambda: server.messages(chat))
    async with listening(server, commands):
        await server.say(chat, ann, "/digest late")
        await server.wait_for(lambda: len(server.messages(chat)) == 2)
    assert [one.line for one in commands.asked] == ["early", "late"]


async def test_what_is_being_answered_ends_with_the_adapter(
    server: TelegramServer, ann: User, chat: Chat
) -> None:
    commands = FakeCommands(slow={"slow": asyncio.Event()})
    async with listening(server, commands):
        await server.say(chat, ann, "/digest slow")
        await server.wait_for(lambda: commands.asked)
    assert server.messages(chat) == []


async def test_an_update_that_cannot_be_read_holds_up_no_other(
    server: TelegramServer, ann: User, chat: Chat
) -> None:
    server.state.updates.add("callback_query", {"id": "1"})
    server.state.updates.add("my_chat_member", {"chat": chat.json()})
    server.state.updates.add("a_kind_of_next_year", {"news": True})
    async with listening(server, FakeCommands()):
        await server.say(chat, ann, "/digest cv")
        await server.wait_for(lambda: server.messages(chat))


async def test_another_poller_is_given_way_until_it_ends(
    server: TelegramServer, ann: User, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram_listening._FIRST_WAIT", 0.01)
    commands = FakeCommands()
    async with listening(server, commands):
        async with Api(server.url, server.token) as other:
            await other("getUpdates", timeout=0)
            await server.wait_for(lambda: any(one.status == 409 for one in server.requests))
        await server.wait_polling()
        await server.say(chat, ann, "/digest cv")
        await server.wait_for(lambda: server.messages(chat))
    assert len(commands.asked) == 1
