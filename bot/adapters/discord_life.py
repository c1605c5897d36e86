"""What becomes of the channels the bot writes to, in the order in which it was told."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import Any, Literal

import discord
import structlog

from bot.adapters.base import ChatChange, Commands, SendError
from bot.adapters.discord_permissions import hindrance
from bot.adapters.discord_places import PLATFORM
from core.blocks import Post
from core.i18n import Phrase
from core.subscription import Target

log = structlog.get_logger(__name__)
_UNKNOWN = Phrase("")
_GONE = Phrase("pause.discord.server_gone")


class Life:
    """Tells the commands of every change; ``write`` brings what they have to say to a channel.

    Who subscribed is not known here, so channels nobody subscribed in are told of too, though none
    twice in the same condition.
    """

    def __init__(
        self, commands: Commands, write: Callable[[Target, Post], Awaitable[None]]
    ) -> None:
        self._commands = commands
        self._write = write
        self._changes: asyncio.Queue[ChatChange] = asyncio.Queue()
        self._known: set[int] = set()
        self._shards: set[int] = set()
        self._told: dict[int, Phrase | None] = {}

    async def run(self) -> None:
        """Tell of the changes as they come, for ever."""
        while True:
            change = await self._changes.get()
            try:
                reply = await self._commands.changed(change)
                if reply is not None:
                    await self._write(change.target, reply.post)
            except SendError as error:
                log.info("nothing could be said there", chat=change.target.chat, error=str(error))
            except Exception:
                log.exception("change not taken note of", chat=change.target.chat)

    def connected(self, shard: int, guilds: Collection[discord.Guild]) -> list[discord.Guild]:
        """A new session began: of the servers, it named those that are not available yet.

        The first one names old acquaintances; what a later one does not name is gone since, and
        returned.
        """
        if shard not in self._shards:
            self._shards.add(shard)
            self._known |= {guild.id for guild in guilds}
        gone = [guild for guild in guilds if not guild.unavailable]
        for guild in gone:
            self.removed(guild)
        return gone

    def found(self, guilds: Iterable[discord.Guild]) -> None:
        """The servers that a new session has, some of which may not be available yet."""
        for guild in guilds:
            if not guild.unavailable:
                self.arrived(guild)

    def arrived(self, guild: discord.Guild) -> None:
        """A server is there: where it was not before, the bot was invited, or invited again."""
        if guild.id in self._known:
            return
        self._known.add(guild.id)
        if (channel := _greeted_in(guild)) is not None:
            self._tell("joined", guild, _target(channel))
        self.checked(channel for channel in guild.channels if hindrance(channel) is None)

    def removed(self, guild: discord.Guild) -> None:
        """The server is gone, or the bot is out of it; an outage is another thing."""
        self._known.discard(guild.id)
        for channel in _postable(guild.channels):
            self._told[channel.id] = _GONE
            self._tell("left", guild, _target(channel), _GONE)

    def deleted(self, channel: discord.abc.GuildChannel) -> None:
        """The channel is gone."""
        self._told.pop(channel.id, None)
        for gone in _postable([channel]):
            reason = Phrase("pause.discord.channel_gone")
            self._tell("left", gone.guild, _target(gone), reason)

    def updated(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """The channel changed; one of another kind is as good as new."""
        if before.type is not after.type:
            self._told.pop(after.id, None)
        elif hindrance(before) == hindrance(after):
            return
        self.checked([after])

    def checked(self, channels: Iterable[discord.abc.GuildChannel]) -> None:
        """What the bot may do there may have changed: tell of each channel in a new condition."""
        for channel in _postable(channels):
            reason = hindrance(channel)
            if self._told.get(channel.id, _UNKNOWN) != reason:
                self._told[channel.id] = reason
                self._tell("left" if reason else "open", channel.guild, _target(channel), reason)

    def thread_changed(self, guild: discord.Guild, thread: Mapping[str, Any]) -> None:
        """A thread was locked, which ends the bot's writing there, or not, which may begin it.

        To be archived ends nothing: the next message opens it again.
        """
        number, parent = int(thread["id"]), int(thread["parent_id"])
        locked = bool(thread["thread_metadata"].get("locked"))
        reason = Phrase("pause.discord.thread_locked")
        now = reason if locked and not _manages(guild, parent) else None
        was = self._told.pop(number, _UNKNOWN)
        archived = bool(thread["thread_metadata"].get("archived"))
        if now is not None or not archived:
            self._told[number] = now
        if now == was or (archived and now is None and was is _UNKNOWN):
            return
        self._tell("left" if now else "open", guild, _thread(parent, number), now)

    def thread_deleted(self, guild: discord.Guild, parent: int, thread: int) -> None:
        """The thread is gone."""
        self._told.pop(thread, None)
        reason = Phrase("pause.discord.thread_gone")
        self._tell("left", guild, _thread(parent, thread), reason)

    def _tell(
        self,
        kind: Literal["joined", "left", "open"],
        guild: discord.Guild,
        target: Target,
        reason: Phrase | None = None,
    ) -> None:
        language = str(guild.preferred_locale.value).partition("-")[0].lower()
        self._changes.put_nowait(ChatChange(kind, target, reason, language=language))


def _greeted_in(guild: discord.Guild) -> discord.TextChannel | None:
    """Where new members are announced, else the first channel in which the bot may write."""
    system = [guild.system_channel] if guild.system_channel else []
    return next((one for one in (*system, *guild.text_channels) if _may_write(one)), None)


def _may_write(channel: discord.TextChannel) -> bool:
    held = channel.permissions_for(channel.guild.me)
    return held.view_channel and held.send_messages and held.embed_links


def _postable(channels: Iterable[discord.abc.GuildChannel]) -> list[discord.abc.GuildChannel]:
    """Those of the channels that take messages or posts."""
    return [channel for channel in channels if not isinstance(channel, discord.CategoryChannel)]


def _manages(guild: discord.Guild, channel: int) -> bool:
    """Whether the bot may write in locked threads there."""
    home = guild.get_channel(channel)
    return home is not None and home.permissions_for(guild.me).manage_threads


def _target(channel: discord.abc.GuildChannel) -> Target:
    return Target(PLATFORM, str(channel.id))


def _thread(parent: int, thread: int) -> Target:
    return Target(PLATFORM, str(parent), str(thread))
