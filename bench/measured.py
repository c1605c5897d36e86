"""`python -m bench.measured AT FILE`: the service with a stopwatch, for bench.answers.

It writes FILE when it ends: for each question (a Discord interaction's token, the id of a Telegram
chat) when it was read from the socket, in how many seconds its last answer was handed to the socket,
and how many of them it was our turn, the platform's own answers on the way not being waited for; and
how late the event loop was, every five milliseconds. Times are of the machine's monotonic clock.
"""

import asyncio
import json
import re
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from httpcore._async.http11 import AsyncHTTP11Connection
from httpcore._backends.anyio import AnyIOStream
from telegram.request import HTTPXRequest

from bot.adapters.telegram_limits import Limits
from bot.app import serve
from bot.logs import set_up
from bot.settings import load_settings

_STEP = 0.005
_TOKEN = re.compile(rb'"token": ?"([\w-]{20,})"')
_CHAT = re.compile(rb'"chat": ?\{"id": ?(-?\d+)')
_TAIL = 8192


@dataclass(slots=True)
class _Question:
    read: float
    since: float
    handed: float = 0.0
    ours: float = 0.0


@dataclass(slots=True)
class Stopwatch:
    """The questions under way and answered, and the loop's lateness."""

    questions: dict[str, _Question] = field(default_factory=dict)
    lags: list[tuple[float, float]] = field(default_factory=list)

    def read(self, key: str, at: float) -> None:
        """A question has been read."""
        self.questions.setdefault(key, _Question(at, at))

    def asked(self, key: str, handed: float, answered: float) -> None:
        """A request about it was handed to the socket, and its answer came."""
        if question := self.questions.get(key):
            question.ours += handed - question.since
            question.handed, question.since = handed, answered

    async def sample(self) -> None:
        """Note for ever how late the loop is."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(_STEP)
            self.lags.append((before, time.monotonic() - before - _STEP))

    def write(self, file: Path) -> None:
        """As JSON."""
        questions = {
            key: [one.read, one.handed - one.read, one.ours]
            for key, one in self.questions.items()
            if one.handed
        }
        file.write_text(json.dumps({"questions": questions, "lags": self.lags}))


def watch_discord(watch: Stopwatch) -> None:
    """Note the interactions as their frames come, and the requests that bear their tokens."""
    receive: Callable[[ResponseHandler, bytes], None] = ResponseHandler.data_received
    begin = aiohttp.ClientSession.__init__
    tails: dict[int, bytes] = {}

    def data_received(self: ResponseHandler, data: bytes) -> None:
        at = time.monotonic()
        # A frame may come in pieces.
        known = tails.get(id(self), b"") + data
        if b"INTERACTION_CREATE" in known:
            for token in _TOKEN.findall(known):
                watch.read(token.decode(), at)
            tails[id(self)] = known[-_TAIL:]
        receive(self, data)

    async def sent(_: object, context: SimpleNamespace, __: object) -> None:
        context.handed = time.monotonic()

    async def ended(_: object, context: SimpleNamespace, request: Any) -> None:  # noqa: ANN401
        parts = request.url.path.split("/")
        if {"interactions", "webhooks"} & set(parts) and hasattr(context, "handed"):
            for part in parts:
                watch.asked(part, context.handed, time.monotonic())

    def traced(self: aiohttp.ClientSession, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        trace = aiohttp.TraceConfig()
        trace.on_request_chunk_sent.append(sent)
        trace.on_request_end.append(ended)
        kwargs["trace_configs"] = [*(kwargs.get("trace_configs") or ()), trace]
        begin(self, *args, **kwargs)

    setattr(ResponseHandler, "data_received", data_received)  # noqa: B010 - not as a method's type
    setattr(aiohttp.ClientSession, "__init__", traced)  # noqa: B010


def watch_telegram(watch: Stopwatch) -> None:
    """Note the messages as updates come, and the requests that go to their chats."""
    request = HTTPXRequest.do_request
    send = AsyncHTTP11Connection._send_request_body  # noqa: SLF001 - there is no public place
    read = AnyIOStream.read
    current: ContextVar[SimpleNamespace | None] = ContextVar("current", default=None)

    async def do_request(self: HTTPXRequest, url: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        times = SimpleNamespace(handed=0.0, read=0.0)
        current.set(times)
        status, payload = await request(self, url, *args, **kwargs)
        if url.endswith("/getUpdates"):
            for chat in _CHAT.findall(payload):
                watch.read(chat.decode(), times.read)
        else:
            data = kwargs.get("request_data") or next(
                (one for one in args if hasattr(one, "parameters")), None
            )
            chat = data.parameters.get("chat_id") if data else None
            watch.asked(str(chat), times.handed, times.read)
        return status, payload

    async def sent(self: AsyncHTTP11Connection, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        await send(self, *args, **kwargs)
        if times := current.get():
            times.handed, times.read = time.monotonic(), 0.0

    async def first_read(self: AnyIOStream, *args: Any, **kwargs: Any) -> bytes:  # noqa: ANN401
        found = await read(self, *args, **kwargs)
        if (times := current.get()) and not times.read:
            times.read = time.monotonic()
        return found

    setattr(HTTPXRequest, "do_request", do_request)  # noqa: B010
    setattr(AsyncHTTP11Connection, "_send_request_body", sent)  # noqa: B010
    setattr(AnyIOStream, "read", first_read)  # noqa: B010


def lift_the_limit() -> None:
    """Telegram's own limit, 30 messages a second, would be what is waited for."""

    async def turn(_: Limits) -> None:
        """At once."""

    setattr(Limits, "turn", turn)  # noqa: B010 - not as a method's type


async def _serve(at: datetime, watch: Stopwatch) -> None:
    began = time.monotonic()
    settings = load_settings()
    set_up(settings.log_level, settings.log_format)
    sampling = asyncio.create_task(watch.sample())
    try:
        await serve(settings, lambda: at + timedelta(seconds=time.monotonic() - began))
    finally:
        sampling.cancel()


def main() -> None:
    """Serve until a signal, then write what was measured."""
    watch = Stopwatch()
    watch_discord(watch)
    watch_telegram(watch)
    lift_the_limit()
    asyncio.run(_serve(datetime.fromisoformat(sys.argv[1]).replace(tzinfo=UTC), watch))
    watch.write(Path(sys.argv[2]))


if __name__ == "__main__":
    main()
