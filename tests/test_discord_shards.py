"""Several connections to Discord: each lives by itself, and sessions are begun as Discord allows."""

import asyncio

import pytest

from bot.adapters.base import TransientError
from bot.adapters.discord_client import Client
from core.subscription import Target
from tests.discord_adapter import Bot, Draw, Told, adapter_of, noted, running, until
from tests.emulators.discord_server import DiscordServer
from tests.emulators.discord_world import Guild


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.discord_client._FIRST_WAIT", 0.01)
    monkeypatch.setattr("bot.adapters.discord_client._LONGEST_WAIT", 0.02)
    monkeypatch.setattr("bot.adapters.discord_client._INVALID", (0, 0))
    monkeypatch.setattr("bot.adapters.discord_sessions._APART", 0)


def guilds(bot: Bot) -> list[Guild]:
    """Servers of each shard, of three."""
    found = [bot.server.home]
    for n in range(5):
        # Ids are counted up, and a server takes three.
        owner = bot.server.add_user(f"owner {n}")
        found.append(bot.server.add_guild(f"G{n}", owner))
    return found


async def heard(bot: Bot, guild: Guild) -> None:
    """A command of that server is answered."""
    channel = bot.server.add_channel(guild, "talk")
    bot.server.world.join(guild, bot.server.owner, 0)
    await (await bot.server.command("digest", channel=channel, user=bot.server.owner)).answer()


def shard_of(guild: Guild) -> int:
    return (guild.id >> 22) % 3


async def test_each_server_is_heard_by_its_own_shard() -> None:
    async with running(connect=True, shards=3) as bot:
        asked = sorted(identify["shard"] for identify in bot.server.gateway.identifies)
        assert asked == [[0, 3], [1, 3], [2, 3]]
        found = guilds(bot)
        assert {shard_of(guild) for guild in found} == {0, 1, 2}
        for guild in found:
            await heard(bot, guild)
        await (
            await bot.server.command("digest", channel=bot.server.direct(bot.server.reader))
        ).answer()
        assert len(bot.told.requests) == len(found) + 1


async def test_permissions_are_known_on_every_shard() -> None:
    async with running(connect=True, shards=3) as bot:
        found = guilds(bot)
        channels = [bot.server.add_channel(guild, "papers") for guild in found]
        for channel in channels:
            bot.server.forbid(channel, "ATTACH_FILES")
        for channel in channels:
            target = Target("discord", str(channel.id))
            async with asyncio.timeout(10):
                while not await bot.adapter.missing_permissions(target):  # noqa: ASYNC110 - Discord tells when it likes
                    await asyncio.sleep(0.01)


async def test_as_many_shards_as_discord_recommends() -> None:
    async with DiscordServer(channel_limit=None, global_limit=None) as server:
        server.world.shards = 2
        adapter = adapter_of(server, Draw())
        await adapter.start(Told())
        await server.ready(2)
        assert sorted(one["shard"] for one in server.gateway.identifies) == [[0, 2], [1, 2]]
        await adapter.stop()


async def test_where_no_number_is_recommended_there_is_one() -> None:
    async with running("status:404,path=/gateway/bot", connect=True) as bot:
        await heard(bot, bot.server.home)
        assert [one["shard"] for one in bot.server.gateway.identifies] == [[0, 1]]


async def test_an_answer_about_the_gateway_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.discord._FIRST_WAIT", 0.01)
    async with running("status:503,path=/gateway/bot,first=2", connect=True) as bot:
        await heard(bot, bot.server.home)


async def test_one_shard_s_trouble_is_no_other_s() -> None:
    async with running(connect=True, shards=3) as bot:
        found = guilds(bot)
        gateway = bot.server.gateway
        for guild in found:
            await heard(bot, guild)
        await gateway.accept(accepting=False)
        await gateway.disconnect(shard=1)
        await bot.server.wait_for(lambda: gateway.refused >= 3)
        for guild in (g for g in found if shard_of(g) != 1):
            await heard(bot, guild)
        await gateway.accept()
        await bot.server.connected(3)
        for guild in found:
            await heard(bot, guild)
        resumes = {session.shard[0]: session.resumes for session in gateway.sessions}
        assert resumes == {0: 0, 1: 1, 2: 0}
        assert len(gateway.identifies) == 3


async def test_nothing_that_was_told_during_an_outage_is_lost() -> None:
    async with running(connect=True, shards=3) as bot:
        found = guilds(bot)
        for guild in found:
            await heard(bot, guild)
        await bot.server.gateway.accept(accepting=False)
        await bot.server.gateway.disconnect()
        await bot.server.wait_for(lambda: bot.server.gateway.refused >= 9)
        gone = [bot.server.add_channel(guild, "gone") for guild in found]
        for channel in gone:
            bot.server.delete_channel(channel)
        await bot.server.gateway.accept()
        await until(lambda: len(bot.told.changes) >= len(gone))
        told = {change.target.chat for change in bot.told.changes}
        assert told >= {str(channel.id) for channel in gone}
        assert [session.resumes for session in bot.server.gateway.sessions] == [1, 1, 1]


@pytest.mark.parametrize("resumable", [True, False])
async def test_a_session_that_is_not_valid_any_more_is_begun_anew(resumable: bool) -> None:  # noqa: FBT001
    async with running(connect=True, shards=3) as bot:
        await bot.server.gateway.invalidate(resumable=resumable)
        count = 3 if resumable else 6
        await bot.server.wait_for(lambda: len(bot.server.gateway.identifies) == count)
        await bot.server.wait_for(
            lambda: not resumable or all(s.resumes for s in bot.server.gateway.sessions)
        )
        await bot.server.connected(3)
        await heard(bot, bot.server.home)


async def test_a_connection_without_a_sign_of_life_is_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Long enough for a busy machine to give a sign in time.
    monkeypatch.setattr("bot.adapters.discord_client._SILENCE", 2.0)
    async with DiscordServer(channel_limit=None, global_limit=None) as server:
        server.gateway.heartbeat_ms = 250
        adapter, told = adapter_of(server, Draw(), shards=2), Told()
        try:
            await adapter.start(told)
            await server.ready(2)
            await server.gateway.accept(answering=False)
            await server.wait_for(lambda: all(s.resumes for s in server.gateway.sessions))
            await server.gateway.accept()
            await heard(Bot(adapter, server, told, Draw()), server.home)
            assert len(server.gateway.identifies) == 2
        finally:
            await adapter.stop()


async def test_a_shard_that_must_stay_away_ends_all(capsys: pytest.CaptureFixture[str]) -> None:
    async with running(connect=True, shards=3) as bot:
        await bot.server.gateway.disconnect(4013, shard=2)
        await bot.server.wait_for(lambda: not bot.server.gateway.connected())
        await until(lambda: bot.adapter._client is None)
        with pytest.raises(TransientError, match="what the bot asked to be told of"):
            await bot.post(bot.channel)
    assert capsys.readouterr().out.count("ended the connection for good") == 1


async def test_where_there_are_too_few_shards_they_are_counted_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.adapters.discord._FIRST_WAIT", 0.01)
    async with running(connect=True) as bot:
        bot.server.world.shards = 2
        await bot.server.gateway.disconnect(4011)
        await bot.server.connected(2)
        await bot.post(bot.channel)
        assert bot.server.gateway.identifies[-1]["shard"][1] == 2


async def test_sessions_that_are_used_up_are_waited_for_and_the_token_lives() -> None:
    async with running(connect=True) as bot:
        world = bot.server.world
        world.session_starts, world.starts_again_ms = 0, 50
        client = bot.adapter._client
        assert client
        # What was asked a minute ago is asked again.
        client._sessions._asked -= 60
        await bot.server.gateway.invalidate()
        asked = [a for a in bot.server.requests if a.path.endswith("/gateway/bot")]
        await bot.server.wait_for(
            lambda: sum(a.path.endswith("/gateway/bot") for a in bot.server.requests) > len(asked)
        )
        assert len(bot.server.gateway.identifies) == 1
        world.session_starts, world.starts_again_ms = 5, 0
        await bot.server.connected()
        assert world.session_starts == 4
        await heard(bot, bot.server.home)


async def test_the_library_finds_the_connection_of_a_server() -> None:
    async with running(connect=True, shards=3) as bot:
        client = bot.adapter._client
        assert isinstance(client, Client)
        for guild in guilds(bot):
            assert client._get_websocket(guild.id).shard_id == shard_of(guild)


async def test_a_gateway_that_hangs_up_at_once_is_asked_less_and_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waits = noted(monkeypatch)
    async with running(connect=True) as bot:
        bot.server.gateway.hangs_up = True
        await bot.server.gateway.disconnect()
        await until(lambda: len(waits) >= 5)
        assert waits[0] == 0
        assert all(waits[1:5])
        bot.server.gateway.hangs_up = False
        await bot.server.connected()
        assert len(bot.server.gateway.identifies) == 1
