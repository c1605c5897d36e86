"""The store under test, over every engine; a test file takes its fixtures by name from here."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from core.delivery import Frozen, Publication
from core.ports import Batch
from core.subscription import Subscription, Target, Wish
from storage.database import StorageError, open_store, upgrade
from storage.store import Store
from tests.factories import DAY, make_paper

NOW = datetime(2025, 7, 15, 2, tzinfo=UTC)
WISH = Wish("ko", time(11), "Asia/Seoul")
CHAT = Target("telegram", "-100")
PARTS = ("parent", "cv", "llm")


def later(**by: float) -> datetime:
    return NOW + timedelta(**by)


@cache
def _empty_database() -> bytes:
    """A database as it is made: copying it is faster than making it for every test."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "empty.db")
        asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}"))
        return file.read_bytes()


@pytest.fixture(params=["sqlite"])
def database_url(tmp_path: Path) -> str:
    """An empty database, made; a server's would be emptied here."""
    file = tmp_path / "paperround.db"
    file.write_bytes(_empty_database())
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    async with open_store(database_url) as opened:
        yield opened


@pytest.fixture
def file(tmp_path: Path, database_url: str) -> Path:
    """An empty database's file."""
    assert database_url.endswith("/paperround.db")
    return tmp_path / "paperround.db"


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def ask(file: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(statement).fetchall()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


async def refusal(url: str) -> str:
    """The one line with which this database is refused, whoever asks for it."""
    lines = set()
    with pytest.raises(StorageError) as refused:
        async with open_store(url):
            pass
    lines.add(str(refused.value))
    with pytest.raises(StorageError) as refused:
        await upgrade(url)
    lines.add(str(refused.value))
    (line,) = lines
    assert "\n" not in line
    return line


async def subscribe(
    store: Store, target: Target = CHAT, wish: Wish = WISH, next_due: datetime = NOW
) -> Subscription:
    return await store.subscriptions.add(target, wish, next_due, "somebody", NOW)


def publication(
    subscription: int,
    *parts: str,
    issue: int = 1,
    next_due: datetime | None = None,
    body: str = "{}",
) -> Publication:
    messages = tuple(Frozen(part, body) for part in parts or PARTS)
    return Publication(subscription, DAY, issue, messages, next_due)


# What the kill test does over and over in a process of its own, which imports nothing but this.

PAPERS = tuple(make_paper(n) for n in range(1, 301))
CHATS = 40


async def subscribe_all(url: str) -> None:
    async with open_store(url) as store:
        for chat in range(CHATS):
            await subscribe(store, Target("telegram", str(chat)))


async def work_through(url: str, ready: Connection | None = None, start: int = 0) -> None:
    """Takes papers in, publishes for all subscriptions and sends, from any of these on."""
    async with open_store(url) as store:
        if ready:
            ready.send("open")
        for step in range(start, start + 4):
            if step % 2:
                await _publish_and_send(store)
            else:
                source = ("arXiv", "Hugging Face")[step // 2 % 2]
                await store.papers.take_in(DAY, Batch(source, "ok", PAPERS), DAY, later(hours=step))


async def _publish_and_send(store: Store) -> None:
    for first in range(1, CHATS + 1, 4):
        four = range(first, first + 4)
        items = [publication(number, next_due=later(days=1)) for number in four]
        await store.deliveries.publish(items, NOW)
        for delivery in await store.deliveries.claim("telegram", NOW, 2):
            await store.deliveries.sent(delivery.id, f"m{delivery.id}", NOW)
        for amendment in await store.amendments.due("telegram", NOW, 2):
            await store.amendments.done(amendment)
        for issue in await store.amendments.outdated(DAY, 1, 0, 2):
            corrected = [Frozen("parent", '{"corrected": true}')]
            await store.amendments.correct(DAY, 1, [(issue, corrected)], NOW)


def work_until_killed(url: str, ready: Connection, start: int) -> None:
    while True:
        asyncio.run(work_through(url, ready, start))
