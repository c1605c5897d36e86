"""Our own messages recognised in what Discord has: the channel read back, the posts of a forum."""

import json
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import discord
from discord.http import Route

from bot.adapters.base import UnknowableError
from bot.adapters.discord_markup import plain, unlinked
from bot.adapters.discord_places import Place
from bot.adapters.discord_render import Json
from bot.adapters.discord_rest import Rest
from core.delivery import Delivery

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = f"{MESSAGES}/{{message_id}}"
_PAGE, _PAGES = 100, 20
_UNREADABLE = "whether it was sent cannot be seen: the bot lacks ‘Read Message History’"


class History:
    """Reads back; ``me`` gives the bot's id."""

    def __init__(self, rest: Rest, me: Callable[[], str]) -> None:
        self._rest = rest
        self._me = me

    async def message(self, channel: str, number: str) -> Json:
        """One message. Raises the library's errors."""
        route = Route("GET", MESSAGE, channel_id=channel, message_id=number)
        found: Json = await self._rest.ask(route)
        return found

    async def found_in(
        self, channel: str, delivery: Delivery, known: Collection[str]
    ) -> str | None:
        """The delivery's message in a channel, or None. Raises UnknowableError, library's errors.

        Another subscription or issue may say the same: what is known to be theirs is left out.
        """
        embed = json.loads(delivery.body)["embed"]
        same = [
            str(message["id"])
            async for message in self._messages(channel, _not_before(delivery))
            if str(message["id"]) not in known and self._is_ours(message, embed)
        ]
        return min(same, key=int, default=None)

    async def found_post(
        self, forum: str, place: Place, delivery: Delivery, known: Collection[str]
    ) -> str | None:
        """The delivery's post in a forum, open or archived, or None. Raises as ``found_in``."""
        embed = json.loads(delivery.body)["embed"]
        same = [
            number
            async for number in self._posts(forum, place.guild, _not_before(delivery))
            if number not in known and await self._begins_so(number, embed)
        ]
        return min(same, key=int, default=None)

    async def _begins_so(self, post: str, embed: Mapping[str, Any]) -> bool:
        """Whether the post's first message, which has its id, is the one with this embed."""
        try:
            return self._is_ours(await self.message(post, post), embed)
        except discord.Forbidden as error:
            raise UnknowableError(_UNREADABLE) from error
        except discord.NotFound:
            return False

    def _is_ours(self, message: Json, embed: Mapping[str, Any]) -> bool:
        return str(message["author"]["id"]) == self._me() and shows(message, embed)

    async def _posts(self, forum: str, guild: str, after: int) -> AsyncIterator[str]:
        """The ids of our posts above that id: the open ones, then the archived ones."""
        route = Route("GET", "/guilds/{guild_id}/threads/active", guild_id=guild)
        for thread in (await self._rest.ask(route))["threads"]:
            if str(thread["parent_id"]) == forum and self._is_new(thread, after):
                yield str(thread["id"])
        path = "/channels/{channel_id}/threads/archived/public"
        query = {"limit": str(_PAGE)}
        for _ in range(_PAGES):
            listed = await self._rest.ask(Route("GET", path, channel_id=forum), query=query)
            for thread in listed["threads"]:
                if self._is_new(thread, after):
                    yield str(thread["id"])
            # They come by the time of their archiving, which nothing precedes its making.
            last = listed["threads"][-1] if listed["threads"] else None
            if last is None or not listed.get("has_more"):
                return
            query["before"] = last["thread_metadata"]["archive_timestamp"]
            if datetime.fromisoformat(query["before"]) < discord.utils.snowflake_time(after):
                return

    def _is_new(self, thread: Json, after: int) -> bool:
        return int(thread["id"]) > after and str(thread.get("owner_id")) == self._me()

    async def _messages(self, channel: str, after: int) -> AsyncIterator[Json]:
        """The channel's messages down to that id, the newest first."""
        query = {"limit": str(_PAGE)}
        for _ in range(_PAGES):
            route = Route("GET", MESSAGES, channel_id=channel)
            batch: list[Json] = await self._rest.ask(route, query=query)
            if not batch and "before" not in query:
                await self._check_readable(channel)
            for message in batch:
                if int(message["id"]) > after:
                    yield message
            if len(batch) < _PAGE or int(batch[-1]["id"]) <= after:
                return
            query["before"] = str(batch[-1]["id"])

    async def _check_readable(self, channel: str) -> None:
        """Tell an empty channel from one whose history the bot may not read: both show nothing."""
        route = Route("GET", "/channels/{channel_id}", channel_id=channel)
        last = (await self._rest.ask(route)).get("last_message_id")
        if not last:
            return
        try:
            await self.message(channel, str(last))
        except discord.Forbidden as error:
            raise UnknowableError(_UNREADABLE) from error
        except discord.NotFound:
            return


def shows(message: Json, embed: Mapping[str, Any], *, linked: bool = False) -> bool:
    """Whether the message shows this embed, as far as Discord leaves texts as they are.

    Only with ``linked`` it matters where its words lead.
    """
    shown = (message.get("embeds") or [{}])[0]
    said = plain if linked else lambda text: plain(unlinked(text))
    footers = [(part.get("footer") or {}).get("text", "") for part in (shown, embed)]
    return footers[0] == footers[1] and all(
        said(shown.get(name) or "") == said(embed.get(name) or "")
        for name in ("title", "description")
    )


def _not_before(delivery: Delivery) -> int:
    """An id that every message of this delivery exceeds: ids are times.

    An edition is posted on its date or later, wherever on earth.
    """
    if delivery.reply_to:
        return int(delivery.reply_to)
    day = datetime.combine(delivery.edition, time.min, UTC) - timedelta(days=2)
    return discord.utils.time_snowflake(day)
