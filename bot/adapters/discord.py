"""Discord: connected, posts sent and recognised, commands answered."""

import asyncio
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
from bot.adapters.discord_client import Client
from bot.adapters.discord_history import History
from bot.adapters.discord_life import Life
from bot.adapters.discord_permissions import lacking, missing, permission, role
from bot.adapters.discord_places import PERSON, PLATFORM, Places
from bot.adapters.discord_registry import register
from bot.adapters.discord_render import freeze
from bot.adapters.discord_rest import AWAY, Pictures, Rest, said
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
_TOO_FEW = 4011
# Discord developer documentation, "Gateway Close Event Codes": those after which to stay away.
_FINAL = {
    4004: "DISCORD_TOKEN: Discord does not know this token any more",
    4010: "the shard's number is wrong",
    4011: "DISCORD_SHARD_COUNT: the bot is in too many servers for so few connections",
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
        shards: int | None = None,
        crosspost: bool = False,
    ) -> None:
        Route.BASE = api_url.rstrip("/")
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
        # Of what a bot without a voice lacks the library would warn.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
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
        self._shards = shards
        self._client: Client | None = None
        self._answers: Answers | None = None
        self._life: Life | None = None
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
        self._life = None if commands is None else Life(commands, self._courier.write)
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
        if self._life is not None:
            self._own(self._life.run())

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

    def role(self, target: Target) -> str:
        """The role that Discord made for the bot in that server."""
        return role(self._client, target)

    def _lacking(self, target: Target, guess: Sequence[str]) -> Phrase:
        return lacking(self._client, target, guess)

    def _me(self) -> str:
        user = self._client.user if self._client else None
        return str(user.id) if user else ""

    async def _log_in(self) -> Client:
        """A client that is logged in. Raises BadTokenError, and the library's errors."""
        unknown = BadTokenError("DISCORD_TOKEN: Discord does not know this token")
        # What no header can carry is not even asked.
        if not (self._token.isascii() and self._token.isprintable()):
            raise unknown
        client = Client(self._answers, self._life, self._shards)
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
                number = self._client.application_id or 0
                self._own(register(self._rest, number, commands.table))
            await self._client.connect()
        except BadTokenError as error:
            self._rest.close(str(error), _ENDED)
            log.error("Discord left out", error=str(error))  # noqa: TRY400
        except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired) as error:
            code = error.code if isinstance(error, discord.ConnectionClosed) else 4014
            if code == _TOO_FEW and self._shards is None:
                # There are more servers than when the shards were counted.
                await self._leave("reconnecting to Discord")
                raise ConnectionError("Discord asks for more shards") from None
            why = _FINAL.get(code or 0, "the connection was closed")
            log.error("Discord ended the connection for good", code=code, why=why)  # noqa: TRY400
            await self._leave(why, _ENDED)

    def _own(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it until it ends or the adapter is stopped."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
