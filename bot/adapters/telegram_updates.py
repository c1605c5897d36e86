"""Updates at work: each is answered in a task of its own, and none of them stops the others."""

import asyncio
import math
from collections.abc import Coroutine
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, Update
from telegram.error import TelegramError

from bot.adapters.base import Commands, InDoubtError, SendError, TransientError
from bot.adapters.telegram_body import Body
from bot.adapters.telegram_errors import cause
from bot.adapters.telegram_outbox import Outbox
from bot.adapters.telegram_render import answer
from bot.adapters.telegram_requests import (
    Asked,
    ChatChange,
    chat_change,
    is_manager,
    pressed,
    written,
)

log = structlog.get_logger(__name__)
_MANAGERS_KEPT_SECONDS = 60.0
_MOST_MANAGERS = 1000
# Longer than this nobody waits for an answer.
_PATIENCE = timedelta(seconds=30)
_SHORT_WAIT = timedelta(seconds=1)


class Updates:
    """Answers one bot's updates. ``username`` is the bot's, to know what is said to it."""

    def __init__(self, bot: Bot, outbox: Outbox, commands: Commands, username: str) -> None:
        self._bot = bot
        self._outbox = outbox
        self._commands = commands
        self._username = username
        self._tasks: set[asyncio.Task[None]] = set()
        self._managers: dict[tuple[int, int], tuple[float, bool]] = {}

    def take(self, update: Update) -> None:
        """Begin to answer an update."""
        if change := chat_change(update):
            self.changed(change)
        elif update.chat_member:
            member = update.chat_member.new_chat_member
            self._managers.pop((update.chat_member.chat.id, member.user.id), None)
        elif update.callback_query:
            self._begin(self._press(update.callback_query))
        elif update.message and (
            asked := written(update.message, self._username, self._commands.table)
        ):
            self._begin(self._answer(asked))

    def changed(self, change: ChatChange) -> None:
        """The bot came into a chat or was taken out of it, or the chat has another id."""
        moved = {"to": change.to.chat} if change.to else {}
        log.info("chat changed", chat=change.target.chat, what=change.kind, **moved)

    async def stop(self) -> None:
        """End what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _press(self, query: CallbackQuery) -> None:
        try:
            await query.answer()
        except TelegramError as error:
            # Too late, after a pause of ours: the button no longer waits, but the reader may.
            log.info("press not confirmed", error=cause(error))
        if asked := pressed(query, self._commands.table):
            await self._answer(asked)

    async def _answer(self, asked: Asked) -> None:
        request = asked.request
        if asked.member is not None and self._is_for_managers(request.command):
            manager = await self._manages(int(request.target.chat), asked.member)
            request = replace(request, manager=manager)
        reply = await self._commands.answer(request)
        for place, body in enumerate(answer(reply.post)):
            await self._say(body, asked, silent=place > 0 or not request.private)

    async def _say(self, body: Body, asked: Asked, *, silent: bool) -> None:
        """Send one message, again where it came to nothing, for as long as somebody may wait."""
        now = asyncio.get_running_loop().time
        end = now() + _PATIENCE.total_seconds()
        while True:
            try:
                await self._outbox.send(
                    body, asked.request.target, reply_to=asked.reply_to, silent=silent, answer=True
                )
            except TransientError as error:
                wait = (error.retry_after or _SHORT_WAIT).total_seconds()
                if now() + wait > end:
                    raise
                await asyncio.sleep(wait)
            else:
                return

    def _is_for_managers(self, name: str) -> bool:
        return any(command.managers for command in self._commands.table if command.name == name)

    async def _manages(self, chat: int, person: int) -> bool:
        """Whether a person manages a group, as Telegram said within the last minute."""
        now = asyncio.get_running_loop().time()
        at, known = self._managers.get((chat, person), (-math.inf, False))
        if now - at < _MANAGERS_KEPT_SECONDS:
            return known
        try:
            found = is_manager(await self._bot.get_chat_member(chat, person))
        except TelegramError as error:
            log.warning("member not known", chat=chat, error=cause(error))
            return False
        if len(self._managers) >= _MOST_MANAGERS:
            self._managers.clear()
        self._managers[chat, person] = (now, found)
        return found


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    """Do it; what goes wrong is one line of the log."""
    try:
        await work
    except (SendError, InDoubtError) as error:
        log.warning("not answered", error=str(error))
    except Exception as error:  # noqa: BLE001 - the next update is answered all the same
        log.error("not answered", error=f"{type(error).__name__}: {cause(error)}")  # noqa: TRY400
