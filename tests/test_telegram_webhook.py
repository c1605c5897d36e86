"""Telegram brings its updates by itself: to who knows the secret, each once, whatever restarts."""

import json
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.adapters.telegram import TelegramAdapter
from bot.web import Web
from tests.emulators.telegram_server import TOKEN, TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.factories import ARXIV_ALONE
from tests.program import Program, free_port
from tests.telegram_fakes import FakeCommands, adapter_of

URL = "https://papers.example.org/telegram"
SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
Run = Callable[[FakeCommands], AbstractAsyncContextManager[TelegramAdapter]]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def server(port: int) -> AsyncIterator[TelegramServer]:
    async with TelegramServer(webhook_base=f"http://127.0.0.1:{port}") as running:
        yield running


@pytest.fixture
def ann(server: TelegramServer) -> User:
    return server.world.user("Ann", language_code="ko")


@pytest.fixture
def chat(server: TelegramServer, ann: User) -> Chat:
    return server.world.private(ann)


@pytest.fixture
def run(server: TelegramServer, port: int, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the adapter and its web server."""
    monkeypatch.setattr("bot.adapters.telegram_listening._FIRST_WAIT", 0.01)

    @asynccontextmanager
    async def running(commands: FakeCommands) -> AsyncIterator[TelegramAdapter]:
        adapter = adapter_of(server, webhook_url=URL)
        assert adapter.webhook
        web = Web(port, [adapter.webhook])
        await web.start()
        await adapter.start(commands)
        try:
            yield adapter
        finally:
            await adapter.stop()
            await web.stop()

    return running


async def post(server: TelegramServer, port: int, body: object, **headers: str) -> int:
    """Bring something to the webhook, by default with the secret."""
    known = {SECRET: server.state.updates.webhook["secret_token"]}
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with (
        ClientSession() as client,
        client.post(
            f"http://127.0.0.1:{port}/telegram", data=BytesIO(data), headers=headers or known
        ) as response,
    ):
        return response.status


def update(number: int, chat: Chat, ann: User, text: str, server: TelegramServer) -> dict[str, Any]:
    message = server.world.add(chat, ann, {"text": text})
    return {"update_id": number, "message": message.json}


async def is_set(server: TelegramServer) -> None:
    await server.wait_for(lambda: server.state.updates.webhook)


async def test_a_command_is_brought_and_answered(
    server: TelegramServer, run: Run, ann: User, chat: Chat
) -> None:
    commands = FakeCommands()
    async with run(commands):
        await is_set(server)
        await server.say(chat, ann, "/digest cv")
        (sent,) = await server.wait_for(lambda: server.messages(chat))
        server.press(sent, "Vision", ann)
        await server.wait_for(lambda: len(server.messages(chat)) == 2)
    assert [one.command for one in commands.asked] == ["digest", "digest"]
    (setting,) = server.calls("setWebhook")
    assert setting.params["url"] == URL
    assert set(setting.params["allowed_updates"]) == {
        *("message", "channel_post", "callback_query", "my_chat_member", "chat_member"),
    }
    assert server.calls("getUpdates") == []


async def test_who_does_not_know_the_secret_is_not_heard(
    server: TelegramServer, run: Run, port: int, ann: User, chat: Chat
) -> None:
    commands = FakeCommands()
    async with run(commands):
        await is_set(server)
        said = update(1, chat, ann, "/digest forged", server)
        for secret in ("", "wrong", "ä" * 64):
            assert await post(server, port, said, **{SECRET: secret}) == 403
        assert await post(server, port, said, Other="header") == 403
        assert await post(server, port, update(2, chat, ann, "/digest true", server)) == 200
        await server.wait_for(lambda: server.messages(chat))
    assert [one.line for one in commands.asked] == ["true"]


async def test_what_is_no_update_is_refused_and_what_cannot_be_read_is_left_out(
    server: TelegramServer, run: Run, port: int, ann: User, chat: Chat
) -> None:
    async with run(FakeCommands()):
        await is_set(server)
        bodies = (b"", b"{", b"\xff", b"[" * 10**5, b"[]", b"7", b"{}", b'{"update_id": "1"}')
        for body in bodies:
            assert await post(server, port, body) == 400
        assert await post(server, port, b" " * 2**21) == 413
        for unreadable in ({"callback_query": {"id": "1"}}, {"my_chat_member": {"chat": 5}}):
            assert await post(server, port, {"update_id": 5, **unreadable}) == 200
        await server.say(chat, ann, "/digest cv")
        await server.wait_for(lambda: server.messages(chat))


async def test_what_is_brought_twice_is_answered_once(
    server: TelegramServer, run: Run, port: int, ann: User, chat: Chat
) -> None:
    commands = FakeCommands()
    async with run(commands):
        await is_set(server)
        said = update(7, chat, ann, "/digest once", server)
        for _ in range(3):
            assert await post(server, port, said) == 200
        await post(server, port, update(8, chat, ann, "/digest last", server))
        await server.wait_for(lambda: len(server.messages(chat)) == 2)
    assert sorted(one.line for one in commands.asked) == ["last", "once"]


async def test_a_restart_leaves_the_webhook_and_loses_and_repeats_nothing(
    server: TelegramServer, run: Run, ann: User, chat: Chat
) -> None:
    commands = FakeCommands()
    async with run(commands):
        await is_set(server)
        await server.say(chat, ann, "/digest before")
        await server.wait_for(lambda: len(server.messages(chat)) == 1)
    await server.say(chat, ann, "/digest between")
    async with run(commands):
        await server.say(chat, ann, "/digest after")
        await server.wait_for(lambda: len(server.messages(chat)) == 3)
    assert server.calls("deleteWebhook") == []
    assert [one.line for one in commands.asked] == ["before", "between", "after"]
    first, second = (one.params["secret_token"] for one in server.calls("setWebhook"))
    assert first == second


async def test_what_comes_before_the_bot_knows_its_name_is_brought_again(
    server: TelegramServer, run: Run, ann: User, chat: Chat
) -> None:
    async with run(FakeCommands()):
        await is_set(server)
    fault = server.add_fault("status:502,method=getMe")
    await server.say(chat, ann, "/digest cv")
    async with run(FakeCommands()):
        await server.wait_for(lambda: fault.struck > 2)
        assert server.messages(chat) == []
        server.faults.remove(fault)
        await server.wait_for(lambda: server.messages(chat))


async def test_a_webhook_that_cannot_be_set_is_set_later(
    server: TelegramServer, run: Run, ann: User, chat: Chat
) -> None:
    server.add_fault("status:429,method=setWebhook,first=1,retry_after=1")
    server.add_fault("status:500,method=setWebhook,nth=2")
    async with run(FakeCommands()):
        await is_set(server)
        await server.say(chat, ann, "/digest cv")
        await server.wait_for(lambda: server.messages(chat))
    assert [one.status for one in server.calls("setWebhook")] == [429, 500, 200]


async def test_a_webhook_that_somebody_took_off_is_set_again(
    server: TelegramServer, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram_listening._LOOK_AGAIN", 0.01)
    async with run(FakeCommands()):
        await is_set(server)
        server.state.updates.webhook = {}
        await is_set(server)
    assert len(server.calls("setWebhook")) == 2


async def test_the_secret_is_in_no_log_and_holds_nothing_of_the_token(
    server: TelegramServer,
    run: Run,
    port: int,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    server.add_fault("status:500,method=setWebhook,first=1")
    async with run(FakeCommands()):
        await is_set(server)
        await post(server, port, b"{")
        secret = server.state.updates.webhook["secret_token"]
    out, err = capsys.readouterr()
    for said in (caplog.text, out, err):
        assert secret not in said
        assert TOKEN not in said
    assert len(secret) >= 32
    assert TOKEN.partition(":")[2].lower() not in secret


@pytest.fixture
def program(tmp_path: Path, server: TelegramServer, port: int) -> Program:
    """The real program, with nowhere to fetch papers from."""
    nowhere = "http://127.0.0.1:9"
    return Program(
        tmp_path,
        {
            **ARXIV_ALONE,
            "ARXIV_API_URL": nowhere,
            "ARXIV_FEED_URL": nowhere,
            "TELEGRAM_TOKEN": server.token,
            "TELEGRAM_API_URL": server.url,
            "TELEGRAM_WEBHOOK_URL": URL,
            "WEB_PORT": str(port),
        },
    )


async def test_the_program_serves_the_webhook_and_says_that_it_is_well(
    server: TelegramServer, program: Program, port: int, ann: User, chat: Chat
) -> None:
    await program.start("2025-07-15T00:30")
    await is_set(server)
    await server.say(chat, ann, "/help")
    await server.wait_for(lambda: server.messages(chat))
    async with ClientSession() as client, client.get(f"http://127.0.0.1:{port}/healthz") as answer:
        assert answer.status == 200
    await program.stop()
    assert server.state.updates.webhook["url"] == URL


async def test_a_port_that_is_taken_stops_the_start_with_one_line(program: Program) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        await program.spawn("2025-07-15T00:30", WEB_PORT=taken)
        assert program.process
        assert await program.process.wait() != 0
    assert f"WEB_PORT: {taken} cannot be listened on" in program.log
