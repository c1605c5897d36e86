"""The Discord adapter's connection: a bad token, an absent server, a lost one, the end."""

import asyncio
import sys

import pytest

from bot.adapters.base import BadTokenError, TransientError
from tests.discord_adapter import Bot, Draw, Told, adapter_of, noted, running, until
from tests.emulators.discord_faults import Fault
from tests.emulators.discord_server import DiscordServer


@pytest.mark.parametrize("token", ["wrong", "two\nlines"])
async def test_a_token_that_discord_does_not_know_is_said_with_its_setting(token: str) -> None:
    async with DiscordServer() as server:
        adapter = adapter_of(server, Draw(), token)
        with pytest.raises(BadTokenError, match="^DISCORD_TOKEN: .* does not know this token$"):
            await adapter.start(Told())
        await adapter.stop()
        assert server.gateway.identifies == []


async def test_an_absent_server_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.discord._FIRST_WAIT", 0.05)
    draw = Draw()
    async with DiscordServer(channel_limit=None, global_limit=None) as first:
        port = int(first.url.rpartition(":")[2])
    server = DiscordServer(port=port, channel_limit=None, global_limit=None)
    adapter = adapter_of(first, draw)
    await adapter.start(Told())
    bot = Bot(adapter, server, Told(), draw)
    with pytest.raises(TransientError, match="not connected") as caught:
        await bot.post(bot.channel)
    assert caught.value.retry_after
    async with server:
        await server.ready()
        await bot.post(bot.channel)
        assert len(server.messages(server.text)) == 1
        await adapter.stop()


@pytest.mark.parametrize("fault", ["stall", "status:500"])
async def test_a_server_that_hangs_does_not_hold_up_the_start(
    monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr("bot.adapters.discord._FIRST_WAIT", 0.05)
    monkeypatch.setattr("bot.adapters.discord._PATIENCE", 0.2)
    async with running(f"{fault},path=/users/@me,first=1", connect=True) as bot:
        await bot.post(bot.channel)


async def test_an_answer_that_is_not_discord_s_is_as_good_as_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.adapters.discord._FIRST_WAIT", 0.05)
    login = sys.modules["discord"].Client.login

    async def garbled(client: object, token: str) -> None:
        monkeypatch.setattr("discord.Client.login", login)
        await login(client, token)
        raise TypeError("string indices must be integers")

    monkeypatch.setattr("discord.Client.login", garbled)
    async with running(connect=True) as bot:
        await bot.post(bot.channel)


async def test_a_lost_connection_is_resumed() -> None:
    async with running(connect=True) as bot:
        await bot.server.gateway.disconnect()
        await bot.server.wait_for(lambda: bot.server.gateway.sessions[0].resumes == 1)
        await (await bot.server.command("digest")).answer()
        await bot.server.gateway.ask_reconnect()
        await bot.server.wait_for(lambda: bot.server.gateway.sessions[0].resumes == 2)
        await (await bot.server.command("digest")).answer()
        assert bot.server.world.synced == 1


async def test_a_final_end_is_said_once_and_sends_wait(capsys: pytest.CaptureFixture[str]) -> None:
    async with running(connect=True) as bot:
        await bot.server.gateway.disconnect(4014)
        await bot.server.wait_for(lambda: not bot.server.gateway.connected())
        await until(lambda: bot.adapter._client is None)
        with pytest.raises(TransientError, match="may not be told"):
            await bot.post(bot.channel)
    assert capsys.readouterr().out.count("ended the connection for good") == 1


async def test_a_broken_event_costs_one_connection_and_no_session() -> None:
    async with running(connect=True) as bot:
        bot.server.world.emit("GUILD_CREATE", {"id": "x"}, bot.server.home)
        await bot.server.wait_for(lambda: bot.server.gateway.sessions[0].resumes == 1)
        await (await bot.server.command("digest")).answer()
        assert len(bot.server.gateway.identifies) == 1


async def test_who_only_sends_opens_no_connection() -> None:
    async with running() as bot:
        await bot.post(bot.channel)
        assert bot.server.gateway.identifies == []
        assert bot.server.world.synced == 0


async def test_the_end_leaves_nothing_behind() -> None:
    before = asyncio.all_tasks()
    async with running(connect=True) as bot:
        await bot.post(bot.channel)
        await bot.adapter.stop()
        assert bot.server.gateway.connected() == []
        with pytest.raises(TransientError, match="stopped"):
            await bot.post(bot.channel)
        await bot.adapter.stop()
    await until(lambda: not asyncio.all_tasks() - before)


async def test_a_gateway_that_is_gone_for_minutes_is_told_in_one_line_and_resumed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    waits = noted(monkeypatch)
    async with running(connect=True) as bot:
        gateway = bot.server.gateway
        await gateway.accept(accepting=False)
        await gateway.disconnect()
        await bot.server.wait_for(lambda: gateway.refused >= 12)
        most = [0, 1, 2, 4, 8, 16, 32, 60, 60]
        assert all(m / 2 <= wait <= m for m, wait in zip(most, waits, strict=False))
        await gateway.accept()
        await bot.server.wait_for(lambda: gateway.sessions[0].resumes == 1)
        await (await bot.server.command("digest")).answer()
        assert len(gateway.identifies) == 1
    said = capsys.readouterr().out
    assert said.count("connection to Discord lost") == 1
    assert said.count("connected to Discord again") == 1


async def test_an_adapter_can_be_started_again() -> None:
    async with running(connect=True) as bot:
        await bot.adapter.stop()
        bot.server.faults.append(Fault.parse("status:503,path=/nothing"))
        await bot.adapter.start(bot.told)
        await bot.server.connected()
        await bot.post(bot.channel)


async def test_a_gateway_that_says_nothing_does_not_hold_up_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.adapters.discord._GOODBYE", 0.05)
    async with running(connect=True) as bot:
        client = bot.adapter._client
        socket = client and client._parts[0].socket
        assert socket
        close = socket.close

        async def hang(code: int = 4000) -> None:
            await close(code)
            await asyncio.Event().wait()

        monkeypatch.setattr(socket, "close", hang)
        await bot.adapter.stop()


async def test_where_registered_commands_are_not_told_ours_are_sent() -> None:
    async with running("status:404,method=GET,path=*/commands", connect=True) as bot:
        await (await bot.server.command("digest")).answer()
        assert bot.server.world.synced == 1
