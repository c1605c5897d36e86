"""Bodies on their way into chats: the limits, the charts that go up once, what refusals mean."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
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

from bot.adapters.base import TransientError
from bot.adapters.telegram_body import Body, chart_of
from bot.adapters.telegram_errors import is_about_file, is_about_reply, meaning, waiting
from bot.adapters.telegram_limits import Limits
from bot.adapters.telegram_text import Entity
from core.blocks import Chart
from core.subscription import Target

Draw = Callable[[Chart], Awaitable[bytes]]
# The topic that every forum has; Telegram knows no such thread (Client.cpp, Bot API server).
_GENERAL = "1"
_CHARTS_KEPT = 256
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(slots=True)
class _Uploaded:
    """A chart that Telegram has, by its ``file_id``; one task at a time takes it there."""

    file_id: str = ""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Outbox:
    """Sends bodies with one bot. ``draw`` makes a chart's PNG."""

    def __init__(self, bot: Bot, draw: Draw, rate: float) -> None:
        self._bot = bot
        self._draw = draw
        self._limits = Limits(rate)
        self._charts: OrderedDict[str, _Uploaded] = OrderedDict()

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
        if wait := self._limits.missing(chat, answer=answer):
            raise TransientError("the chat has had as many messages as it may", wait)
        given: dict[str, Any] = {
            "chat_id": chat,
            "disable_notification": silent,
            "reply_markup": _markup(body),
        }
        if target.thread and target.thread != _GENERAL:
            given["message_thread_id"] = int(target.thread)
        if reply_to:
            given["reply_parameters"] = ReplyParameters(
                int(reply_to), allow_sending_without_reply=True
            )
        try:
            message = await self._sent(body, given)
        except RetryAfter as error:
            self._limits.close(chat, waiting(error))
            raise meaning(error, target) from None
        except TelegramError as error:
            raise meaning(error, target) from None
        return str(message.message_id)

    async def put_in_place(self, body: Body, target: Target, message: str) -> bool:
        """Whether the message says this now; False where it is one that cannot be made to.

        Raises what an adapter raises.
        """
        markup = _markup(body)
        if body.chart or isinstance(markup, ForceReply):
            return False
        await self._limits.turn()
        try:
            await self._bot.edit_message_text(
                text=body.formatted.text,
                entities=_entities(body.formatted.entities),
                link_preview_options=_NO_PREVIEW,
                chat_id=int(target.chat),
                message_id=int(message),
                reply_markup=markup,
            )
        except RetryAfter as error:
            self._limits.close(int(target.chat), waiting(error))
            raise meaning(error, target) from None
        except BadRequest as error:
            # A message gone, too old or with a picture is none to be changed.
            return "message is not modified" in str(error).lower()
        except TelegramError as error:
            raise meaning(error, target) from None
        return True

    async def _sent(self, body: Body, given: dict[str, Any]) -> Message:
        """As a reply while there is what it answers: in topics Telegram insists on it."""
        try:
            return await self._put(body, given)
        except BadRequest as error:
            if "reply_parameters" not in given or not is_about_reply(error):
                raise
        del given["reply_parameters"]
        return await self._put(body, given)

    async def _put(self, body: Body, given: dict[str, Any]) -> Message:
        if body.chart:
            return await self._put_photo(body, given)
        await self._turn(given["chat_id"])
        return await self._bot.send_message(
            text=body.formatted.text,
            entities=_entities(body.formatted.entities),
            link_preview_options=_NO_PREVIEW,
            **given,
        )

    async def _put_photo(self, body: Body, given: dict[str, Any]) -> Message:
        """By its id where Telegram has the chart, else drawn and uploaded, once at a time."""
        known = self._uploaded(body.chart)
        async with known.lock:
            if not known.file_id:
                message = await self._photo(await self._drawn(body.chart), body, given)
                known.file_id = message.photo[-1].file_id
                return message
        try:
            return await self._photo(known.file_id, body, given)
        except BadRequest as error:
            if not is_about_file(error):
                raise
        known.file_id = ""
        return await self._put_photo(body, given)

    async def _photo(self, photo: str | bytes, body: Body, given: dict[str, Any]) -> Message:
        await self._turn(given["chat_id"])
        return await self._bot.send_photo(
            photo=photo,
            filename=None if isinstance(photo, str) else "chart.png",
            caption=body.formatted.text or None,
            caption_entities=_entities(body.formatted.entities),
            **given,
        )

    async def _turn(self, chat: int) -> None:
        self._limits.count(chat)
        await self._limits.turn()

    async def _drawn(self, chart: str) -> bytes:
        """Raises TransientError: nothing was sent where a chart could not be drawn."""
        try:
            return await self._draw(chart_of(chart))
        except Exception as error:
            raise TransientError(f"the chart could not be drawn: {error}") from error

    def _uploaded(self, chart: str) -> _Uploaded:
        known = self._charts.setdefault(chart, _Uploaded())
        self._charts.move_to_end(chart)
        if len(self._charts) > _CHARTS_KEPT:
            self._charts.popitem(last=False)
        return known


def _entities(entities: tuple[Entity, ...]) -> list[MessageEntity]:
    return [MessageEntity(e.type, e.offset, e.length, url=e.url or None) for e in entities]


def _markup(body: Body) -> InlineKeyboardMarkup | ForceReply | None:
    if body.asks:
        return ForceReply(selective=True, input_field_placeholder=body.asks)
    if not body.keyboard:
        return None
    rows = [
        [InlineKeyboardButton(b.text, callback_data=b.data) for b in row] for row in body.keyboard
    ]
    return InlineKeyboardMarkup(rows)
