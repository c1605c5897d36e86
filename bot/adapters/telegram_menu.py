"""The commands that Telegram offers to those who write: by who they are, in their language."""

from collections.abc import Iterator, Sequence

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot.adapters.base import Command
from bot.adapters.telegram_errors import cause
from core.i18n import Catalog, catalog, languages

log = structlog.get_logger(__name__)

# The language of the list for those whose own there is none in.
_COMMON = "en"
# core.telegram.org/bots/api#botcommand
_LONGEST_DESCRIPTION = 256
_Offer = tuple[BotCommandScope, str, list[BotCommand]]


async def show_commands(bot: Bot, table: Sequence[Command]) -> None:
    """Let Telegram offer the commands, where it does not do so already."""
    try:
        for scope, code, offer in _offers(table):
            if await _shown(bot, scope, code) != offer:
                await bot.set_my_commands(offer, scope=scope, language_code=code or None)
    except TelegramError as error:
        log.warning("commands not shown in telegram", error=cause(error))


def _offers(table: Sequence[Command]) -> Iterator[_Offer]:
    """All for a person alone and for a group's administrators, for its members what they may."""
    for_all = [command for command in table if not command.managers]
    scopes = (
        (BotCommandScopeDefault(), for_all),
        (BotCommandScopeAllPrivateChats(), table),
        (BotCommandScopeAllChatAdministrators(), table),
    )
    for code in ("", *sorted(languages())):
        words = catalog(code or _COMMON)
        for scope, offered in scopes:
            yield scope, code, [BotCommand(one.name, _described(one, words)) for one in offered]


async def _shown(bot: Bot, scope: BotCommandScope, code: str) -> list[BotCommand]:
    """The commands that Telegram shows; none where it does not tell, so that ours are sent."""
    try:
        return list(await bot.get_my_commands(scope=scope, language_code=code or None))
    except TelegramError as error:
        log.info("commands not told by telegram", error=cause(error))
        return []


def _described(command: Command, words: Catalog) -> str:
    try:
        said = words.template(f"command.{command.name}.description")
    except KeyError:
        said = command.name
    return said[:_LONGEST_DESCRIPTION]
