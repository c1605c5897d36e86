"""Charts on their way to Telegram: drawn and uploaded once, from then on sent by their id."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from telegram import Message
from telegram.error import BadRequest

from bot.adapters.base import TransientError
from bot.adapters.telegram_body import chart_of
from bot.adapters.telegram_errors import is_about_file
from core.blocks import Chart

Draw = Callable[[Chart], Awaitable[bytes]]
Put = Callable[[str | bytes], Awaitable[Message]]
_KEPT = 256


@dataclass(slots=True)
class _Uploaded:
    """A chart that Telegram has, by its ``file_id``; one task at a time takes it there."""

    file_id: str = ""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Charts:
    """The charts that one bot has sent. ``draw`` makes a chart's PNG."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._known: OrderedDict[str, _Uploaded] = OrderedDict()

    async def sent(self, chart: str, put: Put) -> Message:
        """The message that ``put`` makes of the chart's file, or of its id where Telegram has it.

        Raises TransientError where it could not be drawn: nothing was sent then.
        """
        known = self._uploaded(chart)
        async with known.lock:
            if not known.file_id:
                message = await put(await self._drawn(chart))
                known.file_id = message.photo[-1].file_id
                return message
        try:
            return await put(known.file_id)
        except BadRequest as error:
            if not is_about_file(error):
                raise
        known.file_id = ""
        return await self.sent(chart, put)

    async def _drawn(self, chart: str) -> bytes:
        try:
            return await self._draw(chart_of(chart))
        except Exception as error:
            raise TransientError(f"the chart could not be drawn: {error}") from error

    def _uploaded(self, chart: str) -> _Uploaded:
        known = self._known.setdefault(chart, _Uploaded())
        self._known.move_to_end(chart)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return known
