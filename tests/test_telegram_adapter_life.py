"""The Telegram adapter's life: its start, its end, and a token that nobody gets to see."""

import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from bot.adapters.base import BadTokenError, TransientError
from bot.adapters.telegram import TelegramAdapter
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat, User
from tests.telegram_fakes import FakeCommands, Pen, adapter_of, delivery, plain


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


@pytest.mark.parametrize("token", ["123456:WRONG", "nonsense"])
async def test_a_token_that_telegram_does_not_know_names_the_setting(
    server: TelegramServer, token: str
) -> None:
    adapter = TelegramAdapter(token, server.url, Pen())
    with pytest.raises(BadTokenError, match="^TELEGRAM_TOKEN: ") as caught:
        await adapter.start(FakeCommands())
    assert token not in str(caught.value)
    await adapter.stop()


async def test_out_of_reach_at_the_start_is_no_error_and_the_bot_comes_later(
    server: TelegramServer, ann: User, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram_listening._FIRST_WAIT", 0.01)
    fault = server.add_fault("status:502")
    adapter = adapter_of(server)
    await adapter.start(FakeCommands())
    await server.wait_for(lambda: len(server.calls("getMe")) > 2)
    server.faults.remove(fault)
    await server.wait_polling()
    await server.say(chat, ann, "/digest cv")
    await server.wait_for(lambda: server.messages(chat))
    await adapter.stop()


async def test_a_silent_telegram_at_the_start_holds_nobody_up(
    server: TelegramServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram._START_SECONDS", 0.05)
    server.add_fault("stall,method=getMe")
    adapter = adapter_of(server)
    await adapter.start(FakeCommands())
    await adapter.stop()


async def test_an_adapter_can_be_stopped_twice_and_started_again(
    server: TelegramServer, group: Chat
) -> None:
    adapter = adapter_of(server)
    for _ in range(2):
        await adapter.start(FakeCommands())
        await server.wait_polling()
        await adapter.send(delivery(plain(), group))
        await adapter.stop()
        await adapter.stop()
    assert len(server.messages(group)) == 2


async def test_the_token_is_in_no_log_and_no_error(
    server: TelegramServer,
    group: Chat,
    ann: User,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    adapter = adapter_of(server)
    await adapter.start(FakeCommands())
    await server.wait_polling()
    await server.say(group, ann, "/digest")
    await server.wait_for(lambda: server.messages(group))
    errors = []
    for fault in ("status:500", "html", "drop_after", "status:401", "status:404", "status:429"):
        one = server.add_fault(fault)
        try:
            await adapter.send(delivery(plain(), group))
        except Exception as error:  # noqa: BLE001 - all kinds
            errors += [str(error), repr(error.__cause__), repr(error.__context__)]
        server.faults.remove(one)
    await server.stop()
    with suppress(TransientError):
        await adapter.send(delivery(plain(), group))
    await adapter.stop()
    out, err = capsys.readouterr()
    assert len(errors) > 9
    for said in (caplog.text, out, err, *errors):
        assert server.token not in said
