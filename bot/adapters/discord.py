"""Discord: connected, posts sent and recognised, commands answered."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import discord
import structlog
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.adapters.base import BadTokenError, Commands
from bot.adapters.discord_amend import Corrector
from bot.adapters.discord_answers import Answers
from bot.adapters.discord_commands import PLATFORM, differs, payload
from bot.adapters.discord_history import History
from bot.adapters.discord_permissions import lacking, missing, permission
from bot.adapters.discord_places import PERSON, Places
from bot.adapters.discord_render import Json, freeze
from bot.adapters.discord_rest import AWAY, Pictures, Rest, put_off, said
from bot.adapters.discord_send import Courier
from bot.adapters.discord_verdicts import Verdicts
from core.blocks import Chart, Post
from core.category import Taxonomy, default_taxonomy
from core.delivery import Delivery, Frozen
from core.i18n import Phrase
from core.subscription import Target

log = structlog.get_logger(__name__)

_AT_ONCE = 10
_PATIENCE = 5.0
# A token may open 1000 sessions a day, and loses its worth beyond.
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 90.0
_STABLE = 60.0
_GOODBYE = 1.5
_ENDED = timedelta(minutes=10)
_SERVER_ERROR = 500
_COMMANDS = "/applications/{application_id}/commands"
# Discord developer documentation, "Gateway Close Event Codes": those after which to stay away.
_FINAL = {
    4004: "DISCORD_TOKEN: Discord does not know this token any more",
    4010: "the shard's number is wrong",
    4011: "the bot is in too many servers for one connection",
    4012: "this version of Discord's gateway is gone",
    4013: "Discord does not know what the bot asked to be told of",
    4014: "the bot asked to be told of what its application may not be told",
}


class DiscordAdapter:
    """Discord through one bot; ``draw`` makes a chart a PNG, ``rate`` is sends a second.

    ``api_url`` ends in ``/api/v10``. The library keeps its addresses in its classes, so all
    adapters of a process share them.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        gateway_url: str,
        draw: Callable[[Chart], Awaitable[bytes]],
        *,
        taxonomy: Taxonomy | None = None,
        rate: float = 45.0,
        crosspost: bool = False,
    ) -> None:
        Route.BASE = api_url.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
        # Of what a bot without a voice lacks the library would warn.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        logging.getLogger("discord.client").addFilter(_in_one_line)
        self._token = token.strip()
        self._rest = Rest(rate)
        self._pictures = Pictures(draw)
        verdicts = Verdicts(self._lacking)
        history = History(self._rest, self._me)
        places = Places(self._rest, lambda: self._client)
        self._corrector = Corrector(self._rest, places, history, verdicts)
        self._courier = Courier(
            self._rest,
            self._pictures,
            places,
            history,
            verdicts,
            taxonomy or default_taxonomy(),
            crosspost=crosspost,
        )
        self._client: _Client | None = None
        self._answers: Answers | None = None
        self._registering = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def platform(self) -> str:
        """``discord``."""
        return PLATFORM

    @property
    def at_once(self) -> int:
        """Many: each can be recognised."""
        return _AT_ONCE

    async def start(self, commands: Commands | None) -> None:
        """Log in, register the commands where they changed, listen. Raises BadTokenError."""
        self._answers = None if commands is None else Answers(commands, self._rest, self._pictures)
        self._registering = False
        try:
            async with asyncio.timeout(_PATIENCE):
                self._client = await self._log_in()
        except BadTokenError:
            raise
        except Exception as error:  # noqa: BLE001 - what answers may not even be Discord
            log.warning("Discord is out of reach; trying on", error=said(error))
        if commands is not None or self._client is None:
            self._own(self._stay(commands))

    async def stop(self) -> None:
        """Disconnect, and end what is under way."""
        if self._answers:
            await self._answers.close()
        await self._courier.close()
        self._rest.close("the bot is being stopped")
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._leave("the bot is stopped")

    def is_private(self, target: Target) -> bool:
        """Whether it is a person's direct messages."""
        return target.chat.startswith(PERSON)

    def freeze(self, post: Post, *, private: bool) -> Sequence[Frozen]:
        """Each message as an embed with its picture and buttons."""
        return freeze(post, private=private)

    async def send(self, delivery: Delivery) -> str:
        """Send one message, a reply into the thread of its parent, which is made when needed."""
        return await self._courier.send(delivery)

    async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
        """Edit a sent message to what its body is, its names leading to the replies."""
        await self._corrector.amend(delivery, links)

    async def tell(self, person: str, post: Post) -> None:
        """Write to a person's direct messages, without a sound."""
        await self._courier.write(Target(PLATFORM, f"{PERSON}{person}"), post)

    async def find(self, delivery: Delivery, known: Collection[str] = ()) -> str | None:
        """The id of this delivery's message, read back from where it belongs."""
        return await self._courier.find(delivery, known)

    async def missing_permissions(self, target: Target, language: str = "en") -> list[str]:
        """What the bot lacks to post there, in the words of Discord's own settings.

        Empty too where that cannot be known: a person's messages, a channel it was not told of.
        """
        return [permission(name, language) for name in missing(self._client, target)]

    def _lacking(self, target: Target, guess: Sequence[str]) -> Phrase:
        return lacking(self._client, target, guess)

    def _me(self) -> str:
        user = self._client.user if self._client else None
        return str(user.id) if user else ""

    async def _log_in(self) -> "_Client":
        """A client that is logged in. Raises BadTokenError, and the library's errors."""
        unknown = BadTokenError("DISCORD_TOKEN: Discord does not know this token")
        # What no header can carry is not even asked.
        if not (self._token.isascii() and self._token.isprintable()):
            raise unknown
        client = _Client(self._answers)
        try:
            await client.login(self._token)
        except BaseException as error:
            await client.close()
            if isinstance(error, discord.LoginFailure):
                raise unknown from None
            raise
        self._rest.use(client.http)
        return client

    async def _leave(self, reason: str, wait: timedelta | None = None) -> None:
        """Close the connection and the client with it."""
        self._rest.close(reason, *([wait] if wait else []))
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE):
                await client.close()
        await client.http.close()

    async def _stay(self, commands: Commands | None) -> None:
        """Log in if that is still to be done, and stay connected until it is over for good."""
        wait = _FIRST_WAIT
        while True:
            begun = time.monotonic()
            try:
                await self._connect(commands)
            except AWAY as error:
                log.debug("Discord is out of reach still", error=said(error))
            except Exception:
                log.exception("connection to Discord lost; connecting again")
                await self._leave("reconnecting to Discord")
            else:
                return
            if time.monotonic() - begun > _STABLE:
                wait = _FIRST_WAIT
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _connect(self, commands: Commands | None) -> None:
        """Be connected; returns when that is over for good, and raises when it is not."""
        try:
            if self._client is None:
                self._client = await self._log_in()
                log.info("Discord reached")
            if commands is None:
                return
            if not self._registering:
                self._registering = True
                self._own(self._register(commands))
            await self._client.connect()
        except BadTokenError as error:
            self._rest.close(str(error), _ENDED)
            log.error("Discord left out", error=str(error))  # noqa: TRY400
        except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired) as error:
            code = error.code if isinstance(error, discord.ConnectionClosed) else 4014
            why = _FINAL.get(code or 0, "the connection was closed")
            log.error("Discord ended the connection for good", code=code, why=why)  # noqa: TRY400
            await self._leave(why, _ENDED)

    async def _register(self, commands: Commands) -> None:
        """Tell Discord the commands, if it has others; it allows only so many changes a day."""
        wanted = payload(commands.table)
        wait = _FIRST_WAIT
        while True:
            try:
                if differs(await self._registered(), wanted):
                    await self._rest.ask(self._route("PUT"), wanted)
                    log.info("commands registered", count=len(wanted))
            except Exception as error:
                later = put_off(error)
                away = isinstance(error, AWAY) and getattr(error, "status", 500) >= _SERVER_ERROR
                if not later and not away:
                    log.exception("commands cannot be registered")
                    return
                wait = max(
                    wait, later.retry_after.total_seconds() if later and later.retry_after else 0
                )
            else:
                return
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)

    async def _registered(self) -> list[Json]:
        """The commands Discord has; none where it does not tell, so that ours are sent."""
        try:
            found: list[Json] = await self._rest.ask(
                self._route("GET"), query={"with_localizations": "true"}
            )
        except discord.HTTPException as error:
            log.info("registered commands not told", status=error.status)
            return []
        return found

    def _route(self, method: str) -> Route:
        number = self._client.application_id if self._client else None
        return Route(method, _COMMANDS, application_id=number or 0)

    def _own(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it until it ends or the adapter is stopped."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Client(discord.Client):
    """The library's client, which hands on what people ask and keeps no messages."""

    def __init__(self, answers: Answers | None) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_ratelimit_timeout=30.0,
            guild_ready_timeout=0,
            max_messages=None,
        )
        self._answers = answers

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """A command, a button, or letters typed."""
        if self._answers:
            await self._answers.answer(interaction)


def _in_one_line(record: logging.LogRecord) -> bool:
    """The library tells of every attempt to reconnect with its whole history."""
    if record.exc_info and str(record.msg).startswith("Attempting a reconnect"):
        error = record.exc_info[1]
        record.msg = f"connection to Discord lost ({type(error).__name__}); {record.msg}"
        record.exc_info, record.exc_text = None, None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True
