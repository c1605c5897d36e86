"""The bot's ear: it meets Telegram, shows its commands there, and hears what people say."""

import asyncio
from typing import Any

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.adapters.base import Commands
from bot.adapters.telegram_errors import cause, waiting
from bot.adapters.telegram_menu import show_commands
from bot.adapters.telegram_outbox import Outbox
from bot.adapters.telegram_rights import Rights
from bot.adapters.telegram_updates import Updates
from bot.adapters.telegram_webhook import Webhook

log = structlog.get_logger(__name__)

BAD_TOKEN = "TELEGRAM_TOKEN: Telegram does not know this token"  # noqa: S105 - none
_KINDS = [
    Update.MESSAGE,
    Update.CHANNEL_POST,
    Update.CALLBACK_QUERY,
    Update.MY_CHAT_MEMBER,
    Update.CHAT_MEMBER,
]
_POLL = 25
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 30.0
# How often it is looked after a webhook, which others with the token may take off.
_LOOK_AGAIN = 300.0


class UpdatesRequest(HTTPXRequest):
    """The wire that updates come by.

    One that the library cannot read comes empty, to be confirmed like any other: else it would be
    all that ever comes.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer, in which every update can be read."""
        found = HTTPXRequest.parse_json_payload(payload)
        if isinstance(updates := found.get("result"), list):
            found["result"] = [_readable(one) for one in updates]
        return found


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(update)
    except Exception as error:  # noqa: BLE001 - whatever the library makes of it
        log.error("update left out", error=f"{type(error).__name__}: {cause(error)}")  # noqa: TRY400
        return {"update_id": update["update_id"]}
    return update


class Listener:
    """One bot's updates, from the first getMe to the end; by its ``webhook`` if it has one."""

    def __init__(
        self,
        bot: Bot,
        outbox: Outbox,
        rights: Rights,
        commands: Commands,
        webhook: Webhook | None = None,
    ) -> None:
        self._bot = bot
        self._outbox = outbox
        self._rights = rights
        self._commands = commands
        self._webhook = webhook

    async def run(self, username: str) -> None:
        """Listen until cancelled. ``username`` is empty while Telegram has not told it."""
        updates = Updates(
            self._bot,
            self._outbox,
            self._rights,
            self._commands,
            username or await self._username(),
        )
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(show_commands(self._bot, self._commands.table))
                both.create_task(
                    self._hook(self._webhook, updates) if self._webhook else self._poll(updates)
                )
        finally:
            await updates.stop()

    async def _username(self) -> str:
        """The bot's name, as soon as Telegram can be reached."""
        wait = _FIRST_WAIT
        while True:
            try:
                name = (await self._bot.get_me()).username or ""
            except TelegramError as error:
                if isinstance(error, InvalidToken):
                    log.error(BAD_TOKEN)  # noqa: TRY400 - one line
                await asyncio.sleep(_seconds(error, wait))
                wait = min(2 * wait, _LONGEST_WAIT)
            else:
                log.info("telegram reached", bot=name)
                return name

    async def _hook(self, webhook: Webhook, updates: Updates) -> None:
        """Have updates brought for ever, and look now and then whether they still are."""
        webhook.open(updates.take)
        try:
            await self._set(webhook)
            while True:
                await asyncio.sleep(_LOOK_AGAIN)
                if not await webhook.is_set():
                    log.warning("webhook taken off by somebody else; it is set again")
                    await self._set(webhook)
        finally:
            webhook.close()

    async def _set(self, webhook: Webhook) -> None:
        """Set the webhook, again and again where that comes to nothing."""
        wait = _FIRST_WAIT
        while True:
            try:
                await webhook.set(_KINDS)
            except TelegramError as error:
                log.warning("webhook not set", error=cause(error))
                await asyncio.sleep(_seconds(error, wait))
                wait = min(2 * wait, _LONGEST_WAIT)
            else:
                log.info("webhook set")
                return

    async def _poll(self, updates: Updates) -> None:
        """Ask for updates for ever; what was handed over is confirmed by the next question."""
        offset: int | None = None
        wait = 0.0
        while True:
            try:
                found = await self._bot.get_updates(
                    offset=offset, timeout=_POLL, allowed_updates=_KINDS
                )
            except Exception as error:  # noqa: BLE001 - nothing may end it but its owner
                if not wait:
                    log.warning("updates do not come", error=cause(error))
                wait = min(2 * wait or _FIRST_WAIT, _LONGEST_WAIT)
                await self._recover(error, wait)
                continue
            if wait:
                log.info("updates come again")
                wait = 0.0
            for update in found:
                offset = update.update_id + 1
                _hand_over(updates, update)

    async def _recover(self, error: Exception, wait: float) -> None:
        """Let some time pass; a webhook of old, beside which nothing can be heard, is taken off."""
        if isinstance(error, Conflict) and "webhook" in str(error).lower():
            try:
                await self._bot.delete_webhook()
            except TelegramError as again:
                log.warning("webhook not taken off", error=cause(again))
            else:
                log.info("webhook taken off")
                return
        # A poll that lasted until its time was over has waited already.
        await asyncio.sleep(_FIRST_WAIT if isinstance(error, TimedOut) else _seconds(error, wait))


def _hand_over(updates: Updates, update: Update) -> None:
    try:
        updates.take(update)
    except Exception as error:  # noqa: BLE001 - the others are taken all the same
        log.error("update left out", error=f"{type(error).__name__}: {cause(error)}")  # noqa: TRY400


def _seconds(error: Exception, wait: float) -> float:
    """How long to wait after an error: as Telegram says, if it does."""
    return waiting(error).total_seconds() if isinstance(error, RetryAfter) else wait
