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

from bot.adapters.base import Commands, InDoubtError, Reply, SendError, TransientError
from bot.adapters.telegram_asking import called
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
# A press that waits longer is confirmed without its answer: the button must not seem dead.
_CONFIRM_SECONDS = 1.5
# core.telegram.org/bots/api#answercallbackquery
_ALERT = 200


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
        """Confirm a press, by a word beside it where that is all there is to say."""
        asked = pressed(query)
        if asked is None:
            await _confirm(query)
            return
        work = asyncio.ensure_future(self._reply(asked))
        try:
            await asyncio.wait({work}, timeout=_CONFIRM_SECONDS)
            if work.done() and (reply := work.result()).beside:
                await _confirm(query, _in_short(reply))
                return
            await _confirm(query)
            await self._deliver(await work, asked)
        finally:
            work.cancel()

    async def _answer(self, asked: Asked) -> None:
        await self._deliver(await self._reply(asked), asked)

    async def _reply(self, asked: Asked) -> Reply:
        request = asked.request
        if asked.member is not None and self._is_for_managers(request.command):
            manager = await self._manages(int(request.target.chat), asked.member)
            request = replace(request, manager=manager)
        return await self._commands.answer(request)

    async def _deliver(self, reply: Reply, asked: Asked) -> None:
        """The answer in the place of the message that was pressed, or as messages of its own."""
        post = reply.post
        if asked.name and not asked.request.private:
            post = called(post, asked.name, asked.request.person)
        bodies = answer(post)
        if asked.place and not reply.beside and await self._say(bodies[0], asked, in_place=True):
            del bodies[0]
        for place, body in enumerate(bodies):
            await self._say(body, asked, silent=place > 0 or not asked.request.private)

    async def _say(
        self, body: Body, asked: Asked, *, silent: bool = False, in_place: bool = False
    ) -> bool:
        """Whether it is said, tried again where it came to nothing while somebody may wait."""
        now = asyncio.get_running_loop().time
        end = now() + _PATIENCE.total_seconds()
        target = asked.request.target
        while True:
            try:
                if in_place:
                    return await self._outbox.put_in_place(body, target, asked.place)
                await self._outbox.send(
                    body, target, reply_to=asked.reply_to, silent=silent, answer=True
                )
            except TransientError as error:
                wait = (error.retry_after or _SHORT_WAIT).total_seconds()
                if now() + wait > end:
                    raise
                await asyncio.sleep(wait)
            else:
                return True

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


async def _confirm(query: CallbackQuery, text: str = "") -> None:
    """Let the button rest; ``text`` is shown to who pressed it, and to nobody else."""
    try:
        await query.answer(text or None, show_alert=bool(text) or None)
    except TelegramError as error:
        # Too late, after a pause of ours: the button no longer waits, but the reader may.
        log.info("press not confirmed", error=cause(error))


def _in_short(reply: Reply) -> str:
    text = " ".join(body.formatted.text for body in answer(reply.post))
    return text if len(text) <= _ALERT else f"{text[: _ALERT - 1].rstrip()}…"


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    """Do it; what goes wrong is one line of the log."""
    try:
        await work
    except (SendError, InDoubtError) as error:
        log.warning("not answered", error=str(error))
    except Exception as error:  # noqa: BLE001 - the next update is answered all the same
        log.error("not answered", error=f"{type(error).__name__}: {cause(error)}")  # noqa: TRY400
