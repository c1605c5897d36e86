"""The library's client: every shard kept connected by itself, and what it tells handed on."""

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route

from bot.adapters.discord_answers import Answers
from bot.adapters.discord_life import Life
from bot.adapters.discord_rest import AWAY, said
from bot.adapters.discord_sessions import Sessions

log = structlog.get_logger(__name__)
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
# What Discord asks for before a session that is not valid any more is replaced.
_INVALID = (1.0, 5.0)
_HANDSHAKE = 60.0
# Without a sign of life for so long a connection counts as dead.
_SILENCE = 60.0
_SERVER_ERROR, _TOO_MANY_REQUESTS, _UNAUTHORIZED = 500, 429, 401


class _Shard:
    """One shard's connection, and what it takes to go on where it broke off."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.socket: DiscordWebSocket | None = None
        self.session: str | None = None
        self.sequence: int | None = None
        self.gateway: yarl.URL | None = None
        self.is_away = False
        self._wait = 0.0

    def keep(self, socket: DiscordWebSocket) -> None:
        """Remember where the connection broke off; whether anything came decides how to go on."""
        if socket.sequence != self.sequence:
            self._wait = 0.0
        self.session, self.sequence = socket.session_id, socket.sequence
        self.gateway = socket.gateway if self.session else None

    def wait(self) -> float:
        """Seconds until the next try: none at first, then more and more."""
        wait, self._wait = self._wait, min(max(self._wait * 2, _FIRST_WAIT), _LONGEST_WAIT)
        return wait * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


class Client(discord.AutoShardedClient):
    """The connection to Discord in ``shards`` parts, None for as many as Discord recommends.

    The library would lose a session with each outage, wait up to a quarter of an hour and stop all
    shards while one waits; here each shard resumes by itself.
    """

    def __init__(self, answers: Answers | None, life: Life | None, shards: int | None) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            heartbeat_timeout=_SILENCE,
            max_ratelimit_timeout=30.0,
            guild_ready_timeout=0,
            max_messages=None,
        )
        self._answers = answers
        self._life = life
        self._sessions = Sessions(self._ask, shards)
        self._parts: list[_Shard] = []

    async def _ask(self) -> Mapping[str, Any]:
        """What Discord says of its gateway; nothing where it does not know the question."""
        try:
            answer: Mapping[str, Any] = await self.http.request(Route("GET", "/gateway/bot"))
        except discord.HTTPException as error:
            known = {_TOO_MANY_REQUESTS, _UNAUTHORIZED}
            if error.status >= _SERVER_ERROR or error.status in known:
                raise
            log.warning("how many shards to use is not told", error=said(error))
            return {}
        return answer

    async def connect(self, *, reconnect: bool = True) -> None:
        """Keep all shards connected until one must stay away, whose ConnectionClosed is raised."""
        assert reconnect  # noqa: S101 - to be connected once is of no use
        count = await self._sessions.plan()
        self.shard_count = self._connection.shard_count = count
        self._connection.shard_ids = range(count)
        self._parts = [_Shard(number) for number in range(count)]
        held = [asyncio.create_task(self._hold(shard)) for shard in self._parts]
        try:
            await asyncio.gather(*held)
        finally:
            for task in held:
                task.cancel()
            await asyncio.gather(*held, return_exceptions=True)

    async def _hold(self, shard: _Shard) -> None:
        """Keep one shard connected."""
        while not self.is_closed():
            try:
                await self._listen(shard)
            except ReconnectWebSocket as asked:
                log.debug("connecting to Discord again", shard=shard.number, resume=asked.resume)
                if not asked.resume:
                    await asyncio.sleep(random.uniform(*_INVALID))  # noqa: S311 - no secret
            except discord.ConnectionClosed:
                raise
            except AWAY as error:
                if not shard.is_away:
                    why = said(error)
                    log.warning("connection to Discord lost", shard=shard.number, error=why)
                shard.is_away = True
            except Exception:
                # One event that cannot be read costs one connection, and is not read again.
                log.exception("an event of Discord's was not understood", shard=shard.number)
            await asyncio.sleep(shard.wait())

    async def _listen(self, shard: _Shard) -> None:
        """One connection, until it breaks."""
        if shard.session is None:
            await self._sessions.take(shard.number)
        # Not wait_for: until Python 3.12 it may lose the cancelling of this task.
        async with asyncio.timeout(_HANDSHAKE):
            socket = shard.socket = await DiscordWebSocket.from_client(
                self,
                initial=True,
                gateway=shard.gateway,
                shard_id=shard.number,
                session=shard.session,
                sequence=shard.sequence,
                resume=shard.session is not None,
            )
        try:
            while True:
                await socket.poll_event()
        except Exception:
            shard.keep(socket)
            await socket.close(code=4000)
            raise

    def _get_websocket(
        self, guild_id: int | None = None, *, shard_id: int | None = None
    ) -> DiscordWebSocket:
        """The library's question for the connection of a guild or shard."""
        number = (guild_id or 0) >> 22 if shard_id is None else shard_id
        socket = self._parts[number % len(self._parts)].socket
        assert socket is not None  # noqa: S101 - it asks about what a socket told
        return socket

    async def close(self) -> None:
        """Disconnect every shard and end their sessions."""
        open_now = [shard.socket for shard in self._parts if shard.socket is not None]
        await asyncio.gather(*(one.close(code=1000) for one in open_now), return_exceptions=True)
        await super().close()

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        """Hand on what happened. At once where later the library would know more than was told."""
        if event in {"shard_connect", "shard_ready"} and self._life:
            told = [guild for guild in self.guilds if guild.shard_id == args[0]]
            if event == "shard_connect":
                for gone in self._life.connected(args[0], told):
                    # The library would keep it.
                    self._connection._remove_guild(gone)  # noqa: SLF001
            else:
                # Those that came before it was ready are announced by nothing else.
                self._life.found(told)
        if event in {"shard_connect", "shard_resumed"}:
            self._is_back(args[0])
        super().dispatch(event, *args, **kwargs)

    def _is_back(self, number: int) -> None:
        shard = self._parts[number]
        if shard.is_away:
            log.info("connected to Discord again", shard=number)
        shard.is_away = False

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A command, a button, or letters typed."""
        if self._answers:
            await self._answers.answer(interaction)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        """A server that the bot is in, which may be a new one."""
        if self._life:
            self._life.arrived(guild)

    on_guild_available = on_guild_join

    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """A server that is gone, or that the bot was taken out of."""
        if self._life:
            self._life.removed(guild)

    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        """A channel whose kind or permissions may be others now."""
        if self._life:
            self._life.updated(before, after)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """A channel that is gone, and its threads with it."""
        if self._life:
            self._life.deleted(channel)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        """A role, which may be one of the bot's own."""
        me = after.guild.me
        if self._life and me and after in me.roles and before.permissions != after.permissions:
            self._life.checked(after.guild.channels)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        """A role that nobody has any more."""
        if self._life:
            self._life.checked(role.guild.channels)

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        """The roles of a member; without the right to be told of others it is the bot itself."""
        if self._life and after == after.guild.me and before.roles != after.roles:
            self._life.checked(after.guild.channels)

    async def on_raw_thread_update(self, event: discord.RawThreadUpdateEvent) -> None:
        """A thread that was locked, opened or changed otherwise."""
        if self._life and (guild := self.get_guild(event.guild_id)):
            self._life.thread_changed(guild, event.data)

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        """A thread that is gone."""
        if self._life and (guild := self.get_guild(event.guild_id)):
            self._life.thread_deleted(guild, event.parent_id, event.thread_id)
