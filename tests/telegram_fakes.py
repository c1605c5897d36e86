"""What stands around the Telegram adapter in its tests: commands, a pen for charts, deliveries."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.adapters.base import ChatChange, Command, Option, Reply, Request, Suggestion
from bot.adapters.telegram import TelegramAdapter
from core.blocks import Action, Actions, Chart, Message, Paragraph, Post, Text
from core.delivery import Delivery, Frozen
from core.subscription import Target
from tests.emulators.telegram_client import png
from tests.emulators.telegram_server import TelegramServer
from tests.emulators.telegram_world import Chat

TABLE = (
    Command("digest", (Option("category", "category"), Option("date", "date"))),
    Command("subscribe", managers=True),
    Command("help"),
    Command("start"),
)
HERE = Action("Vision", "digest", (("category", "cv"), ("date", "2025-07-15")))


def says(text: str, *actions: Action) -> Post:
    """A post of a sentence, with buttons."""
    return Post(
        "", "en", Message("answer", "", "#0072b2", (Paragraph((Text(text),)), Actions(actions)))
    )


@dataclass(slots=True)
class FakeCommands:
    """Remembers what is asked; answers with ``posts``, or with the command and what was said.

    A command in ``slow`` is answered when its event is set.
    """

    posts: dict[str, Post] = field(default_factory=dict)
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    changes: list[ChatChange] = field(default_factory=list)

    @property
    def table(self) -> Sequence[Command]:
        return TABLE

    async def answer(self, request: Request) -> Reply:
        self.asked.append(request)
        if waits := self.slow.get(request.line):
            await waits.wait()
        said = f"{request.command} {request.line or dict(request.arguments)}"
        return Reply(self.posts.get(request.command) or says(said, HERE))

    async def changed(self, change: ChatChange) -> Reply | None:
        self.changes.append(change)
        return None

    def suggest(self, option: Option, typed: str, language: str) -> Sequence[Suggestion]:  # noqa: ARG002
        return ()


@dataclass(slots=True)
class Pen:
    """Draws a PNG for any chart; ``drawn`` are those it drew."""

    drawn: list[Chart] = field(default_factory=list)
    broken: bool = False

    async def __call__(self, chart: Chart) -> bytes:
        if self.broken:
            raise RuntimeError("no ink")
        self.drawn.append(chart)
        content: bytes = png(64, 48).content
        return content


def adapter_of(server: TelegramServer, pen: Pen | None = None, **given: Any) -> TelegramAdapter:  # noqa: ANN401
    """An adapter for the emulated Telegram, as fast as it likes."""
    return TelegramAdapter(server.token, server.url, pen or Pen(), **({"rate": 1000.0} | given))


@asynccontextmanager
async def listening(
    server: TelegramServer,
    commands: FakeCommands,
    **given: Any,  # noqa: ANN401
) -> AsyncIterator[TelegramAdapter]:
    """An adapter that hears what people say."""
    adapter = adapter_of(server, **given)
    await adapter.start(commands)
    try:
        await server.wait_polling()
        yield adapter
    finally:
        await adapter.stop()


def delivery(frozen: Frozen, chat: Chat | int, **given: Any) -> Delivery:  # noqa: ANN401
    """This message, owed to the chat."""
    number = chat if isinstance(chat, int) else chat.id
    thread = given.pop("thread", "")
    return Delivery(
        id=1,
        edition=date(2025, 7, 15),
        issue=1,
        subscription=1,
        part=frozen.part,
        position=0,
        target=Target("telegram", str(number), thread),
        body=frozen.body,
        **given,
    )


async def deliver(
    adapter: TelegramAdapter, frozen: Sequence[Frozen], chat: Chat | int, thread: str = ""
) -> list[str]:
    """Send all of them, the replies to the first."""
    sent: list[str] = []
    for one in frozen:
        reply_to = sent[0] if sent else ""
        sent.append(await adapter.send(delivery(one, chat, reply_to=reply_to, thread=thread)))
    return sent


def plain(text: str = "Hello", **given: object) -> Frozen:
    """A frozen message of a few words."""
    body: Mapping[str, object] = {
        "text": text,
        "entities": [],
        "chart": None,
        "keyboard": None,
        "reply": False,
    }
    return Frozen("parent", json.dumps({**body, **given}))
