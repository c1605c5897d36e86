"""The service in one process, its time passed in, between a made-up arXiv and a made-up chat."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.adapters.base import Commands, TransientError
from bot.collect import Collector
from bot.correct import Corrector
from bot.delivery import Sender
from bot.publish import Publisher, Rules
from bot.shelf import Shelf
from core.blocks import Paragraph, Post, Text
from core.category import default_taxonomy
from core.classify.default import DefaultClassifier
from core.delivery import Delivery, Frozen
from core.i18n import Phrase
from core.ports import Batch, Missing
from core.sources.listing import announced_at
from core.subscription import Target
from storage.database import open_store
from storage.store import Store
from tests.factories import make_paper

P = ParamSpec("P")
T = TypeVar("T")

WAIT = timedelta(minutes=60)
CATCH_UP = timedelta(hours=12)
PAPERS_A_DAY = 3
NEVER = date(2000, 1, 1)


@dataclass
class World:
    """What happens outside: the time, when the service is down, what arXiv answers."""

    now: datetime
    down: Sequence[tuple[datetime, datetime]] = ()
    holiday: date = NEVER
    late: date = NEVER
    broken: date = NEVER

    def is_down(self) -> bool:
        return any(start <= self.now < end for start, end in self.down)

    def numbers(self, day: date) -> range:
        first = day.toordinal() % 30_000 * PAPERS_A_DAY
        return range(first, first + PAPERS_A_DAY)


@dataclass
class FakeArxiv:
    """Three papers a listing; one list comes late, one breaks off, one day is a holiday."""

    world: World
    name: str = "arXiv"

    async def collect(self, day: date, held: Collection[str] = ()) -> Batch:  # noqa: ARG002
        papers = tuple(make_paper(n) for n in self.world.numbers(day))
        age = self.world.now - announced_at(day)
        if day == self.world.holiday:
            return Batch(
                self.name, "quiet", note=Phrase("source.empty_listing", source="arXiv", day=day)
            )
        if day == self.world.late and age < timedelta(minutes=25):
            return Batch(
                self.name, "quiet", note=Phrase("source.empty_listing", source="arXiv", day=day)
            )
        if day == self.world.broken and age < timedelta(hours=5):
            gap = Missing("arXiv 3", Phrase("source.http", source="arXiv", status=503))
            return Batch(self.name, "partial", papers[:2], (gap,), note=gap.reason)
        return Batch(self.name, "ok", papers)


@dataclass
class FakeChat:
    """A platform that keeps what it was sent and is out of reach now and then."""

    world: World
    platform: str = "fake"
    sent: list[tuple[datetime, Delivery]] = field(default_factory=list)
    amended: list[tuple[Delivery, Mapping[str, str]]] = field(default_factory=list)
    told: list[tuple[str, Post]] = field(default_factory=list)
    calls: int = 0
    at_once: int = 1

    async def start(self, commands: Commands | None) -> None:
        raise AssertionError(commands)

    async def stop(self) -> None:
        raise AssertionError

    def is_private(self, target: Target) -> bool:
        return target.chat.startswith("@")

    async def missing_permissions(self, target: Target, language: str) -> Sequence[str]:
        del target, language
        return ()

    def role(self, target: Target) -> str:
        del target
        return ""

    def freeze(self, post: Post, *, private: bool) -> Sequence[Frozen]:
        return [
            Frozen(message.part, " ".join([message.title, *_words(message.blocks)]))
            for message in (post.messages[:1] if private else post.messages)
        ]

    async def send(self, delivery: Delivery) -> str:
        self.calls += 1
        if self.calls % 7 == 0:
            raise TransientError("out of reach")
        self.sent.append((self.world.now, delivery))
        return str(len(self.sent))

    async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
        self.amended.append((delivery, links))

    async def tell(self, person: str, post: Post) -> None:
        self.told.append((person, post))

    async def find(self, delivery: Delivery, known: Collection[str] = ()) -> str | None:
        raise AssertionError(delivery, known)


def _words(blocks: Sequence[object]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (span.text for span in block.spans if isinstance(span, Text))


async def in_place(work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    return work(*args, **kwargs)


@dataclass
class Service:
    world: World
    store: Store
    chat: FakeChat
    collector: Collector
    publisher: Publisher
    sender: Sender
    corrector: Corrector

    async def beat(self) -> None:
        async for _ in self.collector.collect_if_needed(self.world.now):
            pass
        await self.publisher.publish_due(self.world.now)
        await self.corrector.correct(self.world.now)
        await self.sender.drain()


@asynccontextmanager
async def service(world: World, path: Path) -> AsyncIterator[Service]:
    taxonomy = default_taxonomy()
    async with open_store(f"sqlite+aiosqlite:///{path}") as store:
        chat = FakeChat(world)
        shelf = Shelf(store, DefaultClassifier(taxonomy), taxonomy, in_place, 5, ("arXiv",))
        rules = Rules(WAIT, CATCH_UP, (), 8)
        publisher = Publisher(store, shelf, {"fake": chat}, rules)
        yield Service(
            world,
            store,
            chat,
            Collector(store, [FakeArxiv(world)]),
            publisher,
            Sender(store, chat, lambda: world.now),
            Corrector(publisher),
        )
