"""The bot's ear: it meets Telegram, shows its commands there, and hears what people say."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import structlog
from telegram import Bot, BotCommand, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot.adapters.base import Command, Commands
from bot.adapters.telegram_errors import cause, waiting
from bot.adapters.telegram_outbox import Outbox
from bot.adapters.telegram_updates import Updates
from core.i18n import Catalog, catalog, languages

log = structlog.get_logger(__name__)

BAD_TOKEN = "TELEGRAM_TOKEN: Telegram does not know this token"  # noqa: S105 - none
_KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER, Update.CHAT_MEMBER)
_POLL = timedelta(seconds=25)
_FIRST_WAIT = 1.0
_LONGEST_WAIT = 30.0
# The language of the command list for those whose own there is none in.
_COMMON = "en"
# core.telegram.org/bots/api#botcommand
_LONGEST_DESCRIPTION = 256


class Listener:
    """One bot's updates, from the first getMe to the end."""

    def __init__(self, bot: Bot, outbox: Outbox, commands: Commands) -> None:
        self._bot = bot
        self._outbox = outbox
        self._commands = commands

    async def run(self, username: str) -> None:
        """Listen until cancelled. ``username`` is empty while Telegram has not told it."""
        updates = Updates(
            self._bot, self._outbox, self._commands, username or await self._username()
        )
        try:
            await self._show_commands()
            await self._listen(updates)
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

    async def _show_commands(self) -> None:
        """Let Telegram offer the commands in each language, where it does not do so already."""
        offers = {"": _offer(self._commands.table, catalog(_COMMON))}
        offers |= {code: _offer(self._commands.table, catalog(code)) for code in languages()}
        try:
            for code, offer in offers.items():
                if await self._shown(code) != offer:
                    await self._bot.set_my_commands(offer, language_code=code or None)
        except TelegramError as error:
            log.warning("commands not shown in telegram", error=cause(error))

    async def _shown(self, code: str) -> list[BotCommand]:
        """The commands that Telegram shows; none where it does not tell, so that ours are sent."""
        try:
            return list(await self._bot.get_my_commands(language_code=code or None))
        except TelegramError as error:
            log.info("commands not told by telegram", error=cause(error))
            return []

    async def _listen(self, updates: Updates) -> None:
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


def _offer(table: Sequence[Command], words: Catalog) -> list[BotCommand]:
    return [BotCommand(command.name, _description(command.name, words)) for command in table]


def _description(name: str, words: Catalog) -> str:
    try:
        said = words.template(f"command.{name}.description")
    except KeyError:
        said = name
    return said[:_LONGEST_DESCRIPTION]
