"""What the bot may do in a chat, as Telegram said within the last minute."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass

import structlog
from telegram import (
    Bot,
    Chat,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberOwner,
    ChatMemberRestricted,
)
from telegram.error import TelegramError

from bot.adapters.telegram_errors import cause
from bot.adapters.telegram_links import GENERAL
from core.i18n import catalog
from core.subscription import Target

log = structlog.get_logger(__name__)
_KEPT_SECONDS = 60.0
_MANY_CHATS = 1000
_MANY_TOPICS = 10_000


@dataclass(frozen=True, slots=True)
class _Known:
    """What a chat lets the bot do, by the names of ``permission.telegram``; None: not known."""

    at: float
    lacking: tuple[str, ...]
    manages_topics: bool = False


class Rights:
    """What one bot may do. ``closed`` topics are known from what was seen or refused there."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._known: dict[int, _Known] = {}
        self._closed: OrderedDict[tuple[int, str], None] = OrderedDict()

    async def missing(self, target: Target, language: str) -> list[str]:
        """What the bot lacks to post there, in the words of Telegram's own settings.

        Empty too where that cannot be known.
        """
        chat = int(target.chat)
        if chat > 0:
            return []
        known = await self._of(chat)
        lacking = list(known.lacking)
        if self.is_closed(target) and not known.manages_topics:
            lacking.append("manage_topics")
        words = catalog(language)
        return [words.template(f"permission.telegram.{name}") for name in lacking]

    async def writes_in_closed_topics(self, chat: int) -> bool:
        """Whether the bot may write where a topic is closed."""
        return (await self._of(chat)).manages_topics

    def forget(self, chat: int) -> None:
        """Ask again: something changed there."""
        self._known.pop(chat, None)

    def is_closed(self, target: Target) -> bool:
        """Whether the topic is closed, as far as that was seen."""
        return _topic(target) in self._closed

    def close(self, target: Target, *, closed: bool = True) -> None:
        """Note that a topic was closed or opened again."""
        self._closed.pop(_topic(target), None)
        if closed:
            self._closed[_topic(target)] = None
            if len(self._closed) > _MANY_TOPICS:
                self._closed.popitem(last=False)

    async def _of(self, chat: int) -> _Known:
        now = asyncio.get_running_loop().time()
        known = self._known.get(chat)
        if known and now - known.at < _KEPT_SECONDS:
            return known
        try:
            known = await self._asked(chat, now)
        except (TelegramError, TypeError) as error:
            # A server older than the library leaves out what that insists on.
            log.info("rights not known", chat=chat, error=cause(error))
            return _Known(now, ())
        if len(self._known) >= _MANY_CHATS:
            self._known.clear()
        self._known[chat] = known
        return known

    async def _asked(self, chat: int, now: float) -> _Known:
        own = await self._bot.get_chat_member(chat, int(self._bot.token.partition(":")[0]))
        match own:
            case ChatMemberOwner():
                return _Known(now, (), manages_topics=True)
            case ChatMemberAdministrator():
                # The right to post is a channel's: elsewhere Telegram does not speak of it.
                barred = own.can_post_messages is False
                topics = bool(own.can_manage_topics)
                return _Known(now, ("post_messages",) if barred else (), manages_topics=topics)
            case _ if own.status in {ChatMember.LEFT, ChatMember.BANNED}:
                return _Known(now, ())
        full = await self._bot.get_chat(chat)
        if full.type == Chat.CHANNEL:
            return _Known(now, ("post_messages",))
        held = [full.permissions, *([own] if isinstance(own, ChatMemberRestricted) else [])]
        lacking = tuple(
            name
            for name in ("send_messages", "send_photos")
            if any(one is not None and getattr(one, f"can_{name}") is False for one in held)
        )
        return _Known(now, lacking)


def _topic(target: Target) -> tuple[int, str]:
    return int(target.chat), target.thread or GENERAL
