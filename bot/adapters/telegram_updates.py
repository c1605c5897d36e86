"""Updates at work: each is answered in a task of its own, and none of them stops the others."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from telegram import Bot, CallbackQuery, Message, Update
from telegram.error import TelegramError

from bot.adapters.base import ChatChange, Commands, InDoubtError, Reply, SendError
from bot.adapters.telegram_asking import called
from bot.adapters.telegram_changes import chat_change, place_of
from bot.adapters.telegram_errors import cause
from bot.adapters.telegram_links import may_move
from bot.adapters.telegram_outbox import Outbox
from bot.adapters.telegram_render import answer
from bot.adapters.telegram_requests import Asked, is_manager, posted, pressed, written
from bot.adapters.telegram_rights import Rights
from core.subscription import Target

log = structlog.get_logger(__name__)
_MANAGERS_KEPT_SECONDS = 60.0
_MOST_MANAGERS = 1000
# Older than this, what was only asked for is not answered any more.
_STALE = timedelta(minutes=10)
# These are meant however late they are heard.
_STILL_MEANT = frozenset({"start", "subscribe", "unsubscribe", "forget"})
_UPDATES_REMEMBERED = 1000
# A press that waits longer is confirmed without its answer: the button must not seem dead.
_CONFIRM_SECONDS = 1.5
# core.telegram.org/bots/api#answercallbackquery
_ALERT = 200


class Updates:
    """Answers one bot's updates. ``username`` is the bot's, to know what is said to it."""

    def __init__(
        self, bot: Bot, outbox: Outbox, rights: Rights, commands: Commands, username: str
    ) -> None:
        self._bot = bot
        self._outbox = outbox
        self._rights = rights
        self._commands = commands
        self._username = username
        self._tasks: set[asyncio.Task[None]] = set()
        self._managers: dict[tuple[int, int], tuple[float, bool]] = {}
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._changing = asyncio.Lock()
        self._moved: set[Target] = set()
        self._left: set[Target] = set()

    def take(self, update: Update) -> None:
        """Begin to answer an update, unless it was taken before."""
        if self._was_taken(update.update_id):
            return
        if update.my_chat_member:
            self._rights.forget(update.my_chat_member.chat.id)
        if change := chat_change(update):
            self._begin(self._changed(change, place_of(update, change)))
        elif update.chat_member:
            member = update.chat_member.new_chat_member
            self._managers.pop((update.chat_member.chat.id, member.user.id), None)
        elif update.callback_query:
            self._begin(self._press(update.callback_query))
        elif update.message:
            asked = written(update.message, self._username, self._commands.table)
            self._asked(asked, update.message)
        elif update.channel_post:
            asked = posted(update.channel_post, self._username, self._commands.table)
            self._asked(asked, update.channel_post)

    def _was_taken(self, number: int) -> bool:
        """Whether Telegram says it again: what it said was heard, and its answer lost."""
        known = number in self._taken
        self._taken[number] = None
        if len(self._taken) > _UPDATES_REMEMBERED:
            self._taken.popitem(last=False)
        return known

    def _asked(self, asked: Asked | None, message: Message) -> None:
        if asked is None:
            return
        age = datetime.now(UTC) - message.date
        if age > _STALE and asked.request.command not in _STILL_MEANT:
            log.info(
                "too old to answer", command=asked.request.command, seconds=int(age.total_seconds())
            )
            return
        self._begin(self._answer(asked))

    async def _changed(self, change: ChatChange, place: Target) -> None:
        """Tell what became of a chat, one change after the other, and say in ``place`` what is to say."""
        async with self._changing:
            # The group says that it moved, and so does the supergroup.
            if change.target in self._moved or await self._is_no_matter(change):
                return
            moved = {"to": change.to.chat} if change.to else {}
            log.info("chat changed", chat=str(change.target), what=change.kind, **moved)
            reply = await self._commands.changed(change)
            if change.to and change.target in self._left:
                # It was only taken out of what is no more.
                await self._commands.changed(
                    replace(change, kind="open", target=change.to, to=None)
                )
            self._remember(change)
        if reply:
            for body in answer(reply.post):
                await self._outbox.say(body, place, silent=True)

    async def _is_no_matter(self, change: ChatChange) -> bool:
        """Whether a topic was closed where the bot writes all the same."""
        if not (change.target.thread or change.alone):
            return False
        closed = change.kind == "left"
        self._rights.close(change.target, closed=closed)
        return closed and await self._rights.writes_in_closed_topics(int(change.target.chat))

    def _remember(self, change: ChatChange) -> None:
        if change.to:
            self._moved.add(change.target)
        if change.kind == "left" and may_move(int(change.target.chat)):
            self._left.add(change.target)
        else:
            self._left.discard(change.target)

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
        request, post = asked.request, reply.post
        if asked.name and not request.private:
            post = called(post, asked.name, request.person)
        place = "" if reply.beside else asked.place
        for number, body in enumerate(answer(post)):
            await self._outbox.say(
                body,
                request.target,
                reply_to=asked.reply_to,
                silent=number > 0 or not request.private,
                place=place if number == 0 else "",
            )

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
