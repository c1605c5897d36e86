"""Telegram: the day's post in groups, topics and private chats, and answers to commands there."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Literal

import structlog
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters.base import (
    BadTokenError,
    Commands,
    InDoubtError,
    RefusedError,
    UnknowableError,
)
from bot.adapters.telegram_body import Body
from bot.adapters.telegram_charts import Draw
from bot.adapters.telegram_errors import PLATFORM, TOPIC_CLOSED, UNKNOWN, cause
from bot.adapters.telegram_limits import Limits
from bot.adapters.telegram_listening import BAD_TOKEN, Listener, UpdatesRequest
from bot.adapters.telegram_outbox import Outbox
from bot.adapters.telegram_render import answer, thread
from bot.adapters.telegram_render import private as one_message
from bot.adapters.telegram_rights import Rights
from bot.adapters.telegram_webhook import Webhook
from core.blocks import Post
from core.delivery import Delivery, Frozen
from core.subscription import Target

log = structlog.get_logger(__name__)

_START_SECONDS = 5.0
_STOP_SECONDS = 2.5
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 15.0
_UPLOAD_SECONDS = 30.0
_SENDS_AT_ONCE = 32
_SKIPPED = "may have been sent before a crash; TELEGRAM_AFTER_CRASH=skip does not repeat it"


class TelegramAdapter:
    """One bot. ``api_url`` is what stands before ``/bot<token>/``; ``draw`` makes a chart's PNG.

    ``rate`` is messages a second at most; ``after_crash`` says what becomes of a message of which
    nobody knows whether it arrived. With a ``webhook_url`` Telegram brings its updates there, to
    ``webhook``; without, they are asked for. ``clock`` gives seconds, for the limits.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        draw: Draw,
        *,
        rate: float = 25.0,
        after_crash: Literal["resend", "skip"] = "resend",
        webhook_url: str = "",
        clock: Callable[[], float] | None = None,
    ) -> None:
        _keep_quiet()
        base = api_url.rstrip("/")
        self._requests = (_request(_SENDS_AT_ONCE), _request(1, UpdatesRequest))
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._outbox = Outbox(self._bot, draw, Limits(rate, clock))
        self._rights = Rights(self._bot)
        self.webhook = Webhook(self._bot, webhook_url) if webhook_url else None
        self._after_crash = after_crash
        self._listening: asyncio.Task[None] | None = None

    @property
    def platform(self) -> str:
        """``telegram``."""
        return PLATFORM

    @property
    def at_once(self) -> int:
        """One: Telegram cannot say whether it has a message."""
        return 1

    async def start(self, commands: Commands | None) -> None:
        """Meet Telegram, and listen; where it is out of reach, from when it is not.

        Raises BadTokenError.
        """
        for request in self._requests:
            await request.initialize()
        username = ""
        try:
            async with asyncio.timeout(_START_SECONDS):
                username = (await self._bot.get_me()).username or ""
        except InvalidToken:
            await self.stop()
            raise BadTokenError(BAD_TOKEN) from None
        except (TelegramError, TimeoutError) as error:
            log.warning("telegram is out of reach; it is tried again", error=cause(error))
        if commands is not None:
            listener = Listener(self._bot, self._outbox, self._rights, commands, self.webhook)
            self._listening = asyncio.create_task(listener.run(username), name="telegram")

    async def stop(self) -> None:
        """End listening and what is being answered, and close every connection."""
        if task := self._listening:
            self._listening = None
            task.cancel()
            done, _ = await asyncio.wait({task}, timeout=_STOP_SECONDS)
            for error in (one.exception() for one in done if not one.cancelled()):
                log.error("telegram was not listened to", error=repr(error))
        for request in self._requests:
            await request.shutdown()

    def is_private(self, target: Target) -> bool:
        """Whether the chat is a person: those have positive numbers, groups and channels not."""
        return target.chat.isdecimal() and int(target.chat) > 0

    async def missing_permissions(self, target: Target, language: str) -> Sequence[str]:
        """What it would need to post there and may not do; of a person nothing is known."""
        return await self._rights.missing(target, language)

    def role(self, target: Target) -> str:  # noqa: ARG002
        """None: there are no roles."""
        return ""

    def freeze(self, post: Post, *, private: bool) -> Sequence[Frozen]:
        """The thread of a group, or one message with buttons for a person."""
        return one_message(post) if private else thread(post)

    async def send(self, delivery: Delivery) -> str:
        """Send one message and give its id; only a parent makes a sound.

        Raises TransientError, RefusedError, MovedError, and InDoubtError where no answer came.
        """
        body = Body.thawed(delivery.body)
        try:
            return await self._outbox.send(
                body,
                delivery.target,
                reply_to=delivery.reply_to if body.reply else "",
                silent=body.reply,
            )
        except RefusedError as error:
            if error.phrase == TOPIC_CLOSED:
                self._rights.close(delivery.target)
            raise

    async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
        """Show the body as it is now, its jumps leading to the messages of ``links``.

        In groups that are no supergroups, and with people, messages have no address: there only a
        new body changes anything. Raises what ``send`` raises but InDoubtError.
        """
        body = Body.thawed(delivery.body)
        await self._outbox.amend(body, delivery.target, delivery.message_id, links)

    async def tell(self, person: str, post: Post) -> None:
        """Write to a person alone, without a sound. Raises SendError where that cannot be."""
        target = Target(PLATFORM, person)
        if not self.is_private(target):
            raise RefusedError(UNKNOWN)
        for body in answer(post):
            try:
                await self._outbox.say(body, target, silent=True)
            except InDoubtError as error:
                raise UnknowableError(str(error)) from None

    async def find(
        self,
        delivery: Delivery,  # noqa: ARG002 - nothing to look up
        known: Collection[str] = (),  # noqa: ARG002
    ) -> str | None:
        """None, so that it is sent again. Raises UnknowableError if the operator would not."""
        if self._after_crash == "skip":
            raise UnknowableError(_SKIPPED)
        return None


def _request(connections: int, kind: type[HTTPXRequest] = HTTPXRequest) -> HTTPXRequest:
    return kind(
        connection_pool_size=connections,
        connect_timeout=_CONNECT_SECONDS,
        pool_timeout=_CONNECT_SECONDS,
        read_timeout=_ANSWER_SECONDS,
        write_timeout=_ANSWER_SECONDS,
        media_write_timeout=_UPLOAD_SECONDS,
    )


def _keep_quiet() -> None:
    """Keep the libraries from writing the token: addresses hold it, and httpx logs them (INFO)."""
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It shows every page that a gateway answers with; what that means is logged here.
    logging.getLogger("telegram.request.BaseRequest").setLevel(logging.CRITICAL)
