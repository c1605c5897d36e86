"""Bodies on their way into chats, and corrected there: the limits, and what refusals mean."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.adapters.base import InDoubtError, TransientError, UnknowableError
from bot.adapters.telegram_body import Body
from bot.adapters.telegram_charts import Charts, Draw
from bot.adapters.telegram_errors import is_about_reply, is_unchanged, meaning, waiting
from bot.adapters.telegram_limits import Limits
from bot.adapters.telegram_links import addresses, message_id, number_in, topic_of
from bot.adapters.telegram_text import Entity
from core.subscription import Target

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_REMEMBERED = 4096
# Longer than this nobody waits for an answer.
_PATIENCE = timedelta(seconds=30)
_SHORT_WAIT = timedelta(seconds=1)


class Outbox:
    """Sends bodies with one bot, and corrects what it sent. ``draw`` makes a chart's PNG."""

    def __init__(self, bot: Bot, draw: Draw, limits: Limits) -> None:
        self._bot = bot
        self._charts = Charts(draw)
        self._limits = limits
        # What a message shows, and what a chat is called in public, as far as it was seen.
        self._shown: OrderedDict[tuple[int, int], int] = OrderedDict()
        self._names: OrderedDict[int, str] = OrderedDict()
        # What a message is to show, as it was said last.
        self._places: OrderedDict[tuple[str, str], Body] = OrderedDict()

    async def send(
        self,
        body: Body,
        target: Target,
        *,
        reply_to: str = "",
        silent: bool = False,
        answer: bool = False,
    ) -> str:
        """The id of the message. Raises what an adapter raises; at once where the chat is full."""
        chat = int(target.chat)
        self._make_room(chat, answer=answer)
        given: dict[str, Any] = {
            "chat_id": chat,
            "disable_notification": silent,
            "reply_markup": _markup(body),
        }
        if topic := topic_of(target):
            given["message_thread_id"] = topic
        # What a group was sent before it became a supergroup cannot be answered there.
        if answered := number_in(chat, reply_to):
            given["reply_parameters"] = ReplyParameters(answered, allow_sending_without_reply=True)
        try:
            message = await self._sent(body, given, answer=answer)
        except TelegramError as error:
            raise self._meaning(error, target) from None
        _remember(self._names, chat, message.chat.username or "")
        _remember(self._shown, (chat, message.message_id), _look(body, {}))
        return message_id(chat, message.message_id)

    async def say(
        self,
        body: Body,
        target: Target,
        *,
        reply_to: str = "",
        silent: bool = False,
        place: str = "",
    ) -> None:
        """Send an answer, again where it came to nothing, for as long as somebody may wait.

        ``place`` is the message that it takes the place of, where that can be. While it waits,
        what is said later for that place goes before it, and it is dropped.
        """
        if place:
            _remember(self._places, (target.chat, place), body)
        now = asyncio.get_running_loop().time
        end = now() + _PATIENCE.total_seconds()
        while True:
            try:
                if not (place and await self._put_in_place(body, target, place)):
                    await self.send(body, target, reply_to=reply_to, silent=silent, answer=True)
            except TransientError as error:
                wait = (error.retry_after or _SHORT_WAIT).total_seconds()
                if now() + wait > end:
                    raise
                await asyncio.sleep(wait)
                if place and self._places.get((target.chat, place), body) is not body:
                    return
            else:
                return

    async def _put_in_place(self, body: Body, target: Target, place: str) -> bool:
        """Whether the message says this now; False where it is one that cannot be made to."""
        if body.chart or body.asks:
            return False
        if wait := self._limits.closed(int(target.chat)):
            raise TransientError("Telegram asks to wait", wait)
        # It is counted, but waits for nobody: who presses in a menu presses again and again.
        await self._turn(int(target.chat), answer=True)
        try:
            await self._edited(body, {}, int(target.chat), int(place))
        except BadRequest as error:
            # A message gone, too old or with a picture is none to be changed.
            return is_unchanged(error)
        except TelegramError as error:
            raise self._meaning(error, target) from None
        return True

    async def amend(self, body: Body, target: Target, known: str, links: Mapping[str, str]) -> None:
        """Let a message show this body, its jumps leading to ``links``. Raises as ``send`` does.

        Nothing is left in doubt: what is done twice changes nothing.
        """
        chat = int(target.chat)
        number = number_in(chat, known)
        if number is None:
            raise UnknowableError("it was sent before the group became a supergroup")
        leads = addresses(target, links, self._names.get(chat, ""))
        look = _look(body, leads)
        if self._shown.get((chat, number)) == look:
            return
        self._make_room(chat)
        await self._turn(chat)
        try:
            await self._edited(body, leads, chat, number)
        except TelegramError as error:
            if not is_unchanged(error):
                raise _not_in_doubt(self._meaning(error, target)) from None
        _remember(self._shown, (chat, number), look)

    def _make_room(self, chat: int, *, answer: bool = False) -> None:
        if wait := self._limits.missing(chat, answer=answer):
            raise TransientError("the chat has had as many messages as it may", wait)

    def _meaning(self, error: TelegramError, target: Target) -> Exception:
        if isinstance(error, RetryAfter):
            self._limits.close(int(target.chat), waiting(error))
        return meaning(error, target)

    async def _sent(self, body: Body, given: dict[str, Any], *, answer: bool) -> Message:
        """As a reply while there is what it answers: in topics Telegram insists on it."""
        try:
            return await self._put(body, given, answer=answer)
        except BadRequest as error:
            if "reply_parameters" not in given or not is_about_reply(error):
                raise
        del given["reply_parameters"]
        return await self._put(body, given, answer=answer)

    async def _put(self, body: Body, given: dict[str, Any], *, answer: bool) -> Message:
        entities = _entities(body, {})

        async def photo(file: str | bytes) -> Message:
            await self._turn(given["chat_id"], answer=answer)
            return await self._bot.send_photo(
                photo=file,
                filename=None if isinstance(file, str) else "chart.png",
                caption=body.formatted.text or None,
                caption_entities=entities,
                **given,
            )

        if body.chart:
            return await self._charts.sent(body.chart, photo)
        await self._turn(given["chat_id"], answer=answer)
        return await self._bot.send_message(
            text=body.formatted.text,
            entities=entities,
            link_preview_options=_NO_PREVIEW,
            **given,
        )

    async def _edited(self, body: Body, leads: Mapping[str, str], chat: int, number: int) -> None:
        given: dict[str, Any] = {
            "chat_id": chat,
            "message_id": number,
            "reply_markup": _markup(body),
        }
        entities = _entities(body, leads)
        if body.chart:
            caption = body.formatted.text or None
            await self._bot.edit_message_caption(
                caption=caption, caption_entities=entities, **given
            )
        else:
            await self._bot.edit_message_text(
                text=body.formatted.text,
                entities=entities,
                link_preview_options=_NO_PREVIEW,
                **given,
            )

    async def _turn(self, chat: int, *, answer: bool = False) -> None:
        self._limits.count(chat, answer=answer)
        await self._limits.turn()


def _look(body: Body, leads: Mapping[str, str]) -> int:
    """What a message shows, in short."""
    return hash((body.formatted.linked(leads), body.keyboard))


def _remember(memory: OrderedDict[Any, Any], key: object, value: object) -> None:
    memory[key] = value
    memory.move_to_end(key)
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)


def _not_in_doubt(error: Exception) -> Exception:
    return TransientError(str(error)) if isinstance(error, InDoubtError) else error


def _entities(body: Body, leads: Mapping[str, str]) -> list[MessageEntity]:
    return [_entity(one) for one in body.formatted.linked(leads).entities]


def _entity(entity: Entity) -> MessageEntity:
    return MessageEntity(entity.type, entity.offset, entity.length, url=entity.url or None)


def _markup(body: Body) -> InlineKeyboardMarkup | ForceReply | None:
    if body.asks:
        return ForceReply(selective=True, input_field_placeholder=body.asks)
    if not body.keyboard:
        return None
    rows = [
        [InlineKeyboardButton(b.text, callback_data=b.data) for b in row] for row in body.keyboard
    ]
    return InlineKeyboardMarkup(rows)
