"""What is owed, sent to Discord, and what was sent, found there."""

import asyncio
import hashlib
import json
from collections.abc import Collection
from contextlib import suppress

import aiohttp
import discord
import structlog
from discord.http import Route

from bot.adapters import discord_forum as forum
from bot.adapters.base import InDoubtError, SendError
from bot.adapters.discord_history import MESSAGE, MESSAGES, History
from bot.adapters.discord_places import NEWS, PERSON, Places
from bot.adapters.discord_render import Json, freeze
from bot.adapters.discord_rest import Pictures, Rest, message_of, or_put_off, put_off, said
from bot.adapters.discord_verdicts import (
    NO_CHANNEL,
    NO_HISTORY,
    NO_MESSAGE,
    NO_PERMISSION,
    NO_THREADS_HERE,
    PUBLISHED_ALREADY,
    SERVER_ERROR,
    THREAD_EXISTS,
    WRONG_KIND,
    Verdicts,
)
from core.blocks import Post
from core.category import Taxonomy
from core.delivery import Delivery
from core.subscription import Target

log = structlog.get_logger(__name__)
_REPEATS = 3
_SILENT = 1 << 12
_NONCE = 25
_LAST_WORDS = 2.0
_THREAD_GONE = "the thread of this post was deleted"
_FAILURES = (aiohttp.ClientError, OSError, discord.DiscordException, SendError)


class Courier:
    """Sends and finds deliveries; ``crosspost``: publishes announcements to their followers."""

    def __init__(
        self,
        rest: Rest,
        pictures: Pictures,
        places: Places,
        history: History,
        verdicts: Verdicts,
        taxonomy: Taxonomy,
        *,
        crosspost: bool = False,
    ) -> None:
        self._rest = rest
        self._pictures = pictures
        self._places = places
        self._history = history
        self._verdicts = verdicts
        self._taxonomy = taxonomy
        self._crosspost = crosspost
        self._publishing: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """Give what is being published a moment, then end it."""
        if self._publishing:
            _, late = await asyncio.wait(self._publishing, timeout=_LAST_WORDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def send(self, delivery: Delivery) -> str:
        """Send one message; its id. Raises as the protocol says.

        UnknowableError is for a message that can never be sent while the chat itself is well: one
        that Discord does not take, or whose parent or thread somebody deleted.
        """
        body = json.loads(delivery.body)
        picture = await self._pictures.of(body)
        message = message_of(body, picture) | {"nonce": nonce(delivery.key), "enforce_nonce": True}
        if delivery.position:
            message["flags"] = _SILENT
        try:
            if delivery.reply_to:
                return await self._send_reply(delivery, message, picture, body["thread"])
            return await self._send_parent(delivery, message, picture, body)
        except discord.HTTPException as error:
            wanted = (self._writing(delivery), "embed_links", "attach_files")
            raise self._verdicts.of(delivery, error, wanted) from error

    def _writing(self, delivery: Delivery) -> str:
        """The permission without which nothing can be written where the delivery goes."""
        place = self._places.known(delivery.target.chat)
        forum_like = place is not None and place.is_forum
        if delivery.target.thread or delivery.reply_to:
            return "send_messages_in_posts" if forum_like else "send_messages_in_threads"
        return "create_posts" if forum_like else "send_messages"

    async def _send_parent(
        self, delivery: Delivery, message: Json, picture: bytes | None, body: Json
    ) -> str:
        target = delivery.target
        home = await self._places.home(target)
        place = None if target.thread else self._places.known(home)
        if place is None or not place.is_forum:
            try:
                number = await self._post(home, message, picture)
            except discord.HTTPException as error:
                if error.code != WRONG_KIND or not (await self._places.of(home)).is_forum:
                    raise
            else:
                self._publish(target, number)
                return number
        return await self._open_post(home, message, picture, body)

    async def _open_post(
        self, channel: str, message: Json, picture: bytes | None, body: Json
    ) -> str:
        """A new post in a forum. Posts know no nonce, so where the answer is lost it is in doubt."""
        plain = {key: value for key, value in message.items() if "nonce" not in key}
        place = await self._places.of(channel)
        new = forum.post(plain, body, place, self._taxonomy)
        route = Route("POST", "/channels/{channel_id}/threads", channel_id=channel)
        try:
            opened = await self._rest.ask(route, new, picture=picture, once=True)
        except _FAILURES as error:
            if later := put_off(error):
                raise later from error
            if isinstance(error, discord.HTTPException) and error.status < SERVER_ERROR:
                raise
            raise InDoubtError(f"Discord does not answer: {said(error)}") from error
        # The first message of a post has the post's own id.
        return str(opened["id"])

    async def _send_reply(
        self, delivery: Delivery, message: Json, picture: bytes | None, name: str
    ) -> str:
        home = await self._places.home(delivery.target)
        if delivery.target.thread or delivery.target.chat.startswith(PERSON):
            return await self._refer(home, delivery, message, picture)
        try:
            return await self._post(delivery.reply_to, message, picture)
        except discord.NotFound as error:
            if error.code != NO_CHANNEL:
                raise
        try:
            await self._open_thread(delivery, name)
        except discord.HTTPException as error:
            if error.code != NO_THREADS_HERE:
                raise
            if (await self._places.of(home)).is_forum:
                raise self._verdicts.lose(delivery, _THREAD_GONE) from error
            return await self._refer(home, delivery, message, picture)
        try:
            return await self._post(delivery.reply_to, message, picture)
        except discord.NotFound as error:
            raise self._verdicts.lose(delivery, _THREAD_GONE) from error

    async def _open_thread(self, delivery: Delivery, name: str) -> None:
        """The thread of the parent, unless there is one. Raises TransientError, RefusedError."""
        route = Route(
            "POST",
            f"{MESSAGE}/threads",
            channel_id=delivery.target.chat,
            message_id=delivery.reply_to,
        )
        try:
            await self._rest.ask(route, forum.thread(name))
        except (aiohttp.ClientError, OSError, discord.DiscordException) as error:
            if not isinstance(error, discord.HTTPException) or error.status >= SERVER_ERROR:
                raise or_put_off(error) from error
            if error.code == THREAD_EXISTS:
                return
            if error.code == NO_MESSAGE:
                reason = "the post was deleted before its replies"
                raise self._verdicts.lose(delivery, reason) from error
            if error.code == NO_PERMISSION:
                wanted = ("create_public_threads", "send_messages_in_threads")
                raise self._verdicts.of(delivery, error, wanted) from error
            raise

    async def _refer(
        self, home: str, delivery: Delivery, message: Json, picture: bytes | None
    ) -> str:
        """A reply where there can be no thread; without the reference where that is not allowed."""
        reference = {"message_id": delivery.reply_to, "fail_if_not_exists": False}
        try:
            return await self._post(home, message | {"message_reference": reference}, picture)
        except discord.HTTPException as error:
            if error.code != NO_HISTORY:
                raise
        return await self._post(home, message, picture)

    async def _post(self, channel: str, message: Json, picture: bytes | None) -> str:
        """Post a message; where the answer is lost, again with the same nonce, which is safe.

        Raises TransientError if surely nothing was sent, the library's error if it may have been.
        """
        doubt: Exception | None = None
        for _ in range(_REPEATS):
            try:
                route = Route("POST", MESSAGES, channel_id=channel)
                sent = await self._rest.ask(route, message, picture=picture)
                return str(sent["id"])
            except _FAILURES as error:
                later = put_off(error)
                if later and doubt is None:
                    raise later from error
                if later or isinstance(error, discord.HTTPException):
                    raise doubt or error from error
                doubt = error
        assert doubt is not None  # noqa: S101
        raise doubt

    def _publish(self, target: Target, number: str) -> None:
        """Let the followers of an announcement channel have the post too; nobody waits for it."""
        if self._crosspost and not target.thread and target.chat.isdecimal():
            task = asyncio.create_task(self._published(target.chat, number))
            self._publishing.add(task)
            task.add_done_callback(self._publishing.discard)

    async def _published(self, channel: str, number: str) -> None:
        route = Route("POST", f"{MESSAGE}/crosspost", channel_id=channel, message_id=number)
        try:
            if (await self._places.of(channel)).kind == NEWS:
                await self._rest.ask(route)
        except _FAILURES as error:
            if getattr(error, "code", 0) != PUBLISHED_ALREADY:
                log.warning("not published to followers", channel=channel, error=said(error))

    async def write(self, target: Target, post: Post) -> None:
        """Write a post's messages to a chat, without a sound. Raises SendError.

        The same again within some minutes is the same message.
        """
        try:
            home = await self._places.home(target)
            for frozen in freeze(post, private=False):
                body = json.loads(frozen.body)
                picture = await self._pictures.of(body)
                marked = {"nonce": nonce(f"{home}/{frozen.body}"), "enforce_nonce": True}
                message = message_of(body, picture) | marked | {"flags": _SILENT}
                await self._post(home, message, picture)
        except discord.HTTPException as error:
            raise self._verdicts.of_letter(target, error) from error
        except (aiohttp.ClientError, OSError, discord.DiscordException) as error:
            raise or_put_off(error) from error

    async def find(self, delivery: Delivery, known: Collection[str] = ()) -> str | None:
        """The id of the message if it stands where it was to be sent, else None.

        Raises UnknowableError where it is lost or may not be looked for, TransientError where it
        cannot be now.
        """
        self._verdicts.check_lost(delivery)
        try:
            number = await self._found(delivery, known)
        except _FAILURES as error:
            failure = error if isinstance(error, SendError) else or_put_off(error)
            if isinstance(failure, discord.HTTPException):
                # Nothing of ours is to be seen there; sending says what is wrong.
                return None
            raise failure from error
        if number and not delivery.reply_to:
            self._publish(delivery.target, number)
        return number

    async def _found(self, delivery: Delivery, known: Collection[str]) -> str | None:
        target = delivery.target
        home = await self._places.home(target)
        if delivery.reply_to and home == target.chat:
            with suppress(discord.NotFound):
                return await self._history.found_in(delivery.reply_to, delivery, known)
            # No thread yet, or none possible here.
        elif home == target.chat and (place := await self._places.of(home)).is_forum:
            return await self._history.found_post(home, place, delivery, known)
        return await self._history.found_in(home, delivery, known)


def nonce(key: str) -> str:
    """The mark by which Discord knows a repeated message for some minutes; 25 signs at most."""
    return hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()[:_NONCE]
