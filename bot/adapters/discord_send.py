"""What is owed, sent to Discord, and what was sent, recognised there."""

import hashlib
import json
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from datetime import UTC, datetime, time, timedelta

import aiohttp
import discord
from discord.http import Route

from bot.adapters.base import RefusedError, SendError, UnknowableError
from bot.adapters.discord_markup import plain
from bot.adapters.discord_render import Json
from bot.adapters.discord_rest import Pictures, Rest, message_of, or_put_off, put_off, said
from core.delivery import Delivery
from core.i18n import Phrase
from core.subscription import Target

MESSAGES = "/channels/{channel_id}/messages"
PERSON = "@"
_REPEATS = 3
_SILENT = 1 << 12
_DAY_IN_MINUTES = 1440
_NONCE = 25
_PAGE, _PAGES = 100, 20
_REMEMBERED = 100
_SERVER_ERROR, _FORBIDDEN, _NOT_FOUND = 500, 403, 404

_NO_CHANNEL, _NO_MESSAGE = 10003, 10008
_THREAD_EXISTS, _NO_THREADS_HERE, _NO_HISTORY, _LOCKED = 160004, 50024, 160002, (160005, 50083)
_NO_ACCESS, _NO_PERMISSION = 50001, 50013
# Discord developer documentation, "Opcodes and Status Codes", in words that people can act on.
_REFUSALS = {
    _NO_CHANNEL: "The channel is gone.",
    10004: "The server is gone, or the bot was removed from it.",
    10013: "There is no such person any more.",
    50007: "This person takes no direct messages from the bot.",
    50008: "This kind of channel takes no messages: choose a text channel or a thread.",
    50278: "The bot and this person share no server any more.",
    160005: "The thread is locked.",
    50083: "The thread is archived and cannot be opened again.",
}
Lacking = Callable[[Target, Sequence[str]], str]


class Courier:
    """Sends and finds deliveries.

    ``me`` gives the bot's id; ``lacking`` says which permission a chat lacks, of those it may lack.
    """

    def __init__(
        self, rest: Rest, pictures: Pictures, me: Callable[[], str], lacking: Lacking
    ) -> None:
        self._rest = rest
        self._pictures = pictures
        self._me = me
        self._lacking = lacking
        self._direct: dict[str, str] = {}
        self._lost: dict[str, str] = {}

    async def send(self, delivery: Delivery) -> str:
        """Send one message; its id. Raises as the protocol says.

        UnknowableError is for a message that can never be sent while the chat itself is well: one
        that Discord does not take, or whose parent or thread somebody deleted.
        """
        body = json.loads(delivery.body)
        picture = await self._pictures.of(body)
        message = message_of(body, picture) | {"nonce": nonce(delivery), "enforce_nonce": True}
        if delivery.position:
            message["flags"] = _SILENT
        try:
            return await self._sent(delivery, message, picture, body["thread"])
        except discord.HTTPException as error:
            raise self._verdict(delivery, error) from error

    async def _sent(
        self, delivery: Delivery, message: Json, picture: bytes | None, name: str
    ) -> str:
        home = await self._home(delivery.target)
        if not delivery.reply_to:
            return await self._post(home, message, picture)
        if delivery.target.thread or delivery.target.chat.startswith(PERSON):
            return await self._reply(home, delivery, message, picture)
        try:
            return await self._post(delivery.reply_to, message, picture)
        except discord.NotFound as error:
            if error.code != _NO_CHANNEL:
                raise
        try:
            await self._open_thread(delivery, name)
        except discord.HTTPException as error:
            if error.code != _NO_THREADS_HERE:
                raise
            return await self._reply(home, delivery, message, picture)
        try:
            return await self._post(delivery.reply_to, message, picture)
        except discord.NotFound as error:
            raise self._lose(delivery, "the thread of this post was deleted") from error

    async def _home(self, target: Target) -> str:
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

    async def _open_thread(self, delivery: Delivery, name: str) -> None:
        """The thread of the parent, unless there is one. Raises TransientError, RefusedError."""
        route = Route(
            "POST",
            f"{MESSAGES}/{{message_id}}/threads",
            channel_id=delivery.target.chat,
            message_id=delivery.reply_to,
        )
        body = {"name": name, "auto_archive_duration": _DAY_IN_MINUTES}
        try:
            await self._rest.ask(route, body)
        except (aiohttp.ClientError, OSError, discord.DiscordException) as error:
            if not isinstance(error, discord.HTTPException) or error.status >= _SERVER_ERROR:
                raise or_put_off(error) from error
            if error.code == _THREAD_EXISTS:
                return
            if error.code == _NO_MESSAGE:
                raise self._lose(delivery, "the post was deleted before its replies") from error
            if error.code == _NO_PERMISSION:
                wanted = ("create_public_threads", "send_messages_in_threads")
                raise RefusedError(_told(self._lacking(delivery.target, wanted))) from error
            raise

    async def _reply(
        self, home: str, delivery: Delivery, message: Json, picture: bytes | None
    ) -> str:
        """A reply where there can be no thread; without the reference where that is not allowed."""
        reference = {"message_id": delivery.reply_to, "fail_if_not_exists": False}
        try:
            return await self._post(home, message | {"message_reference": reference}, picture)
        except discord.HTTPException as error:
            if error.code != _NO_HISTORY:
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
            except (aiohttp.ClientError, OSError, discord.DiscordException, SendError) as error:
                later = put_off(error)
                if later and doubt is None:
                    raise later from error
                if later or isinstance(error, discord.HTTPException):
                    raise doubt or error from error
                doubt = error
        assert doubt is not None  # noqa: S101
        raise doubt

    def _verdict(self, delivery: Delivery, error: discord.HTTPException) -> Exception:
        """What Discord's refusal of a message means for the delivery."""
        target, code = delivery.target, error.code
        if later := put_off(error):
            return later
        if error.status >= _SERVER_ERROR:
            return error
        if code in _LOCKED and not target.thread:
            return self._lose(delivery, "the thread of this post was locked")
        if code in _REFUSALS:
            return RefusedError(_told(_REFUSALS[code]))
        if code == _NO_ACCESS:
            return RefusedError(_told(self._lacking(target, ("view_channel",))))
        if code == _NO_PERMISSION:
            in_thread = target.thread or delivery.reply_to
            writing = "send_messages_in_threads" if in_thread else "send_messages"
            return RefusedError(
                _told(self._lacking(target, (writing, "embed_links", "attach_files")))
            )
        if error.status == _FORBIDDEN:
            return RefusedError(_told(f"Discord refuses: {said(error)}"))
        if code == _NO_MESSAGE:
            return self._lose(delivery, "it was sent, and deleted since")
        return self._lose(delivery, f"Discord does not take this message: {said(error)}")

    def _lose(self, delivery: Delivery, reason: str) -> UnknowableError:
        """This message ends here, and not the subscription; ``find`` will say the same."""
        while len(self._lost) >= _REMEMBERED:
            del self._lost[next(iter(self._lost))]
        self._lost[delivery.key] = reason
        return UnknowableError(reason)

    async def find(self, delivery: Delivery, known: Collection[str] = ()) -> str | None:
        """The id of the message if it stands where it was to be sent, else None.

        Raises UnknowableError where it is lost or may not be looked for, TransientError where it
        cannot be now.
        """
        if reason := self._lost.pop(delivery.key, None):
            raise UnknowableError(reason)
        try:
            return await self._found(delivery, known)
        except (aiohttp.ClientError, OSError, discord.DiscordException, SendError) as error:
            failure = error if isinstance(error, SendError) else or_put_off(error)
            if isinstance(failure, discord.HTTPException):
                # Nothing of ours is to be seen there; sending says what is wrong.
                return None
            raise failure from error

    async def _found(self, delivery: Delivery, known: Collection[str]) -> str | None:
        home = await self._home(delivery.target)
        if not delivery.reply_to or home != delivery.target.chat:
            return await self._found_in(home, delivery, known)
        try:
            return await self._found_in(delivery.reply_to, delivery, known)
        except discord.NotFound:
            # No thread yet, or none possible here.
            return await self._found_in(home, delivery, known)

    async def _found_in(
        self, channel: str, delivery: Delivery, known: Collection[str]
    ) -> str | None:
        embed = json.loads(delivery.body)["embed"]
        # Another subscription or issue may say the same: what is known to be theirs is left out.
        same = [
            str(message["id"])
            async for message in self._history(channel, _not_before(delivery))
            if str(message["author"]["id"]) == self._me()
            and str(message["id"]) not in known
            and _is(message, embed)
        ]
        return min(same, key=int, default=None)

    async def _history(self, channel: str, after: int) -> AsyncIterator[Json]:
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
        path = f"{MESSAGES}/{{message_id}}"
        try:
            await self._rest.ask(Route("GET", path, channel_id=channel, message_id=str(last)))
        except discord.Forbidden as error:
            reason = "whether it was sent cannot be seen: the bot lacks ‘Read Message History’"
            raise UnknowableError(reason) from error
        except discord.NotFound:
            return


def _told(reason: str) -> Phrase:
    return Phrase("pause.told", reason=reason)


def nonce(delivery: Delivery) -> str:
    """The mark by which Discord knows a repeated message for some minutes; 25 signs at most."""
    return hashlib.sha1(delivery.key.encode(), usedforsecurity=False).hexdigest()[:_NONCE]


def _not_before(delivery: Delivery) -> int:
    """An id that every message of this delivery exceeds: ids are times.

    An edition is posted on its date or later, wherever on earth.
    """
    if delivery.reply_to:
        return int(delivery.reply_to)
    day = datetime.combine(delivery.edition, time.min, UTC) - timedelta(days=2)
    return discord.utils.time_snowflake(day)


def _is(message: Json, embed: Json) -> bool:
    """Whether the message shows this embed, as far as Discord leaves texts as they are."""
    shown = (message.get("embeds") or [{}])[0]
    footers = [(part.get("footer") or {}).get("text", "") for part in (shown, embed)]
    return footers[0] == footers[1] and all(
        plain(shown.get(name) or "") == plain(embed.get(name) or "")
        for name in ("title", "description")
    )
