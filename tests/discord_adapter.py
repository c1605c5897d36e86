"""The Discord adapter at work: against the emulator, with commands and charts of the tests' own."""

import asyncio
import json
import warnings
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from bot.adapters.base import ChatChange, Command, Option, Reply, Request, Suggestion
from core.blocks import (
    Action,
    Actions,
    Bar,
    BarChart,
    Chart,
    Cite,
    DayChart,
    Image,
    Items,
    Message,
    Paragraph,
    Post,
    Text,
)
from core.delivery import Delivery
from core.subscription import Target
from tests.emulators.discord_server import DiscordServer
from tests.factories import DAY

with warnings.catch_warnings():
    # discord.py imports the deprecated audioop.
    warnings.simplefilter("ignore", DeprecationWarning)
    from bot.adapters.discord import DiscordAdapter
    from bot.adapters.discord_client import _Shard

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x04\x00\x00\x00\x02"
    b"\x08\x06\x00\x00\x00\x00\x00\x00\x00"
)
URL = "https://arxiv.org/abs/2501.00001"
CHART = BarChart("Papers", "4 papers", (Bar("Vision", 4, "#112233"),))


def category(part: str) -> Message:
    """A category's message with its own chart."""
    days = DayChart(part, "#112233", (("14 Jul", 2), ("15 Jul", 4)))
    lines = Items(((Text(f"A method in {part} "), Cite(1, URL)),), numbered=True)
    return Message(part, f"{part} · 4", "#112233", (lines, Image("", part, days)), "extracted")


POST = Post(
    DAY.isoformat(),
    "en",
    Message(
        "parent",
        "AI paper digest",
        "#5865f2",
        (Paragraph((Text("4 papers @everyone"),)), Image("", "Papers: 4", CHART)),
    ),
    (category("cv"), category("llm")),
    "2025-07-15 · 4 AI papers",
)


@dataclass(slots=True)
class Draw:
    """Draws every chart as the same picture; ``asked`` are those drawn."""

    asked: list[Chart] = field(default_factory=list)
    fails: bool = False

    async def __call__(self, chart: Chart) -> bytes:
        self.asked.append(chart)
        if self.fails:
            raise RuntimeError("no drawing today")
        return PNG


@dataclass(slots=True)
class Told:
    """Commands that remember what was asked; an answer names it, or is ``post``."""

    requests: list[Request] = field(default_factory=list)
    post: Post | None = None
    fails: bool = False
    changes: list[ChatChange] = field(default_factory=list)
    greeting: Post | None = None

    @property
    def table(self) -> Sequence[Command]:
        return (
            Command(
                "digest",
                (Option("category", "category"), Option("date", "date"), Option("public", "flag")),
            ),
            Command(
                "subscribe",
                (Option("categories", "category"), Option("time", "text")),
                managers=True,
            ),
            Command("unsubscribe", (Option("number", "number"),), managers=True),
            Command("unheard", (Option("unspoken", "text"),)),
        )

    async def answer(self, request: Request) -> Reply:
        self.requests.append(request)
        if self.fails:
            raise RuntimeError("no answer today")
        named = Paragraph((Text(f"{request.command} {dict(request.arguments)}"),))
        again = Actions((Action("Again", request.command, (("category", "cv"),)),))
        return Reply(self.post or Post("", "en", Message("answer", "", "#5865f2", (named, again))))

    async def changed(self, change: ChatChange) -> Reply | None:
        self.changes.append(change)
        greets = self.greeting and change.kind == "joined"
        return Reply(self.greeting) if self.greeting and greets else None

    def suggest(self, option: Option, typed: str, language: str) -> Sequence[Suggestion]:
        if self.fails:
            raise RuntimeError("no idea today")
        return [Suggestion(f"{option.name} {typed} {n} {language}", f"cv{n}") for n in range(40)]


@dataclass(slots=True)
class Bot:
    """An adapter and what it works with."""

    adapter: DiscordAdapter
    server: DiscordServer
    told: Told
    draw: Draw

    def owed(
        self, target: Target, post: Post = POST, issue: int = 1, subscription: int = 17
    ) -> list[Delivery]:
        """The post's deliveries for a target."""
        frozen = self.adapter.freeze(post, private=self.adapter.is_private(target))
        return [
            Delivery(n, DAY, issue, subscription, one.part, n, target, one.body)
            for n, one in enumerate(frozen)
        ]

    async def post(
        self, target: Target, post: Post = POST, issue: int = 1, subscription: int = 17
    ) -> list[Delivery]:
        """The deliveries as sent, each with its message's id."""
        sent: list[Delivery] = []
        for delivery in self.owed(target, post, issue, subscription):
            one = replace(delivery, reply_to=sent[0].message_id) if sent else delivery
            sent.append(replace(one, message_id=await self.adapter.send(one)))
        return sent

    @property
    def channel(self) -> Target:
        """The server's text channel."""
        return Target("discord", str(self.server.text.id))

    @property
    def person(self) -> Target:
        """The reader's direct messages."""
        return Target("discord", f"@{self.server.reader.id}")


def adapter_of(
    server: DiscordServer,
    draw: Draw,
    token: str = "",
    *,
    shards: int | None = None,
    crosspost: bool = False,
) -> DiscordAdapter:
    """An adapter for the emulator, not started."""
    urls = (server.api_url, server.gateway_url)
    return DiscordAdapter(
        token or server.token, *urls, draw, rate=1000, shards=shards, crosspost=crosspost
    )


@asynccontextmanager
async def running(
    *faults: str, connect: bool = False, shards: int | None = None, crosspost: bool = False
) -> AsyncIterator[Bot]:
    """A started adapter; one that only sends unless it is to ``connect``."""
    told, draw = Told(), Draw()
    async with DiscordServer(faults=faults, channel_limit=None, global_limit=None) as server:
        adapter = adapter_of(server, draw, shards=shards, crosspost=crosspost)
        await adapter.start(told if connect else None)
        try:
            if connect:
                await server.ready(shards or 1)
                # What it has been sent it must also have read, before the line may break.
                await until(lambda: adapter._client is not None and adapter._client.is_ready())
            yield Bot(adapter, server, told, draw)
        finally:
            await adapter.stop()


def noted(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long shards would wait before they connect again; they wait for nothing."""
    waits: list[float] = []
    wait = _Shard.wait

    def at_once(shard: _Shard) -> float:
        waits.append(wait(shard))
        return 0.0

    monkeypatch.setattr(_Shard, "wait", at_once)
    return waits


async def until(predicate: Callable[[], object]) -> None:
    """Wait for something that the emulator cannot see."""
    async with asyncio.timeout(10):
        while not predicate():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


def embed_of(delivery: Delivery) -> dict[str, object]:
    """The embed that a delivery froze."""
    embed: dict[str, object] = json.loads(delivery.body)["embed"]
    return embed
