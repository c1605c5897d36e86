"""What the places are that a post goes to: kinds of channels, their server, a forum's tags.

Kinds: Discord developer documentation, "Channel Types".
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
from discord.http import Route

from bot.adapters.discord_rest import Rest, or_put_off
from core.subscription import Target

PLATFORM, PERSON = "discord", "@"
NEWS = 5
FORUMS = frozenset({15, 16})
THREADED = frozenset({0, NEWS}) | FORUMS
_PRIVATE = "@me"
_TAG_REQUIRED = 1 << 4
_REMEMBERED = 1000
Client = Callable[[], discord.Client | None]


@dataclass(frozen=True, slots=True)
class Tag:
    """A forum's tag; a moderated one is set by those who manage its threads."""

    id: str
    name: str
    moderated: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A channel or thread: its kind, its server's id (``@me`` without one), a forum's tags."""

    kind: int
    guild: str = _PRIVATE
    tags: tuple[Tag, ...] = ()
    needs_tag: bool = False
    manages: bool = False

    @property
    def is_forum(self) -> bool:
        """Whether every post is a thread of its own here."""
        return self.kind in FORUMS


class Places:
    """Knows channels from what the gateway told, else asks, and opens conversations."""

    def __init__(self, rest: Rest, client: Client) -> None:
        self._rest = rest
        self._client = client
        self._asked: OrderedDict[str, Place] = OrderedDict()
        self._direct: dict[str, str] = {}

    def known(self, chat: str) -> Place | None:
        """What is known of a channel without asking; its tags may have changed since."""
        return self._told(chat) or self._asked.get(chat)

    async def of(self, chat: str) -> Place:
        """What a channel is now. Raises TransientError, and the library's errors."""
        if place := self._told(chat):
            return place
        place = _answered(
            await self._rest.ask(Route("GET", "/channels/{channel_id}", channel_id=chat))
        )
        self._asked[chat] = place
        if len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)
        return place

    def _told(self, chat: str) -> Place | None:
        client = self._client()
        channel = client.get_channel(int(chat)) if client and chat.isdecimal() else None
        return _cached(channel) if channel is not None else None

    async def home(self, target: Target) -> str:
        """The channel to write to; a conversation with a person is opened. Raises TransientError."""
        if not target.chat.startswith(PERSON):
            return target.thread or target.chat
        person = target.chat.removeprefix(PERSON)
        if person not in self._direct:
            try:
                opened = await self._rest.ask(
                    Route("POST", "/users/@me/channels"), {"recipient_id": person}
                )
            except (aiohttp.ClientError, OSError, discord.DiscordException) as error:
                failure = or_put_off(error)
                if failure is error:
                    raise
                raise failure from error
            self._direct[person] = str(opened["id"])
        return self._direct[person]


def _cached(channel: object) -> Place | None:
    if isinstance(channel, discord.ForumChannel):
        tags = tuple(Tag(str(t.id), t.name, t.moderated) for t in channel.available_tags)
        me = channel.guild.me
        manages = me is not None and channel.permissions_for(me).manage_threads
        required = channel.flags.require_tag
        return Place(channel.type.value, str(channel.guild.id), tags, required, manages)
    if isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return Place(channel.type.value, str(channel.guild.id))
    return None


def _answered(channel: Mapping[str, Any]) -> Place:
    return Place(
        int(channel["type"]),
        str(channel.get("guild_id") or _PRIVATE),
        tuple(
            Tag(str(tag["id"]), tag["name"], bool(tag.get("moderated")))
            for tag in channel.get("available_tags") or ()
        ),
        bool(int(channel.get("flags") or 0) & _TAG_REQUIRED),
    )
