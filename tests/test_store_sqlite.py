"""What SQLite alone has to prove: several at once, indexes in use, and safety from kills."""

import asyncio
import multiprocessing
import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select, event, text
from sqlalchemy.pool import Pool

from core.ports import Batch
from storage import engine
from storage.address import Address
from storage.amending import amendable, outdated_parents
from storage.claiming import claimable
from storage.database import StorageError, open_store
from storage.engine import Database
from tests import stores
from tests.factories import DAY
from tests.stores import (
    CHATS,
    NOW,
    PAPERS,
    ask,
    contents,
    refusal,
    subscribe,
    subscribe_all,
    url_of,
    work_through,
    work_until_killed,
)

database_url, file = stores.database_url, stores.file


async def plan(file: Path, statement: Select[Any]) -> list[str]:
    """How SQLite looks for what is asked."""
    database = Database(Address.parse(url_of(file)))
    async with database.read() as connection:
        compiled = statement.compile(
            dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
        )
        values = [compiled.params[name] for name in compiled.positiontup or ()]
        bound = tuple(value if isinstance(value, str | int) else "" for value in values)
        found = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", bound)
        steps = [row.detail for row in found]
    await database.close()
    return steps


async def test_a_claim_looks_only_at_what_has_not_ended(file: Path) -> None:
    steps = await plan(file, claimable("telegram", NOW, 10))
    assert any("ix_deliveries_live (" in step for step in steps)
    assert any("ix_deliveries_live_target (" in step for step in steps)
    assert not [step for step in steps if "SCAN" in step or "TEMP B-TREE" in step]


async def test_amendments_are_found_without_a_look_at_what_needs_none(file: Path) -> None:
    steps = await plan(file, amendable("telegram", NOW, 10))
    assert any("ix_deliveries_amended (" in step for step in steps)
    assert any("ix_deliveries_live_target (" in step for step in steps)
    assert not [step for step in steps if "SCAN" in step]


async def test_posts_to_correct_are_found_among_the_parents_of_their_edition(file: Path) -> None:
    steps = await plan(file, outdated_parents(DAY, 1, 0, 10))
    assert any("ix_deliveries_parents (edition=?" in step for step in steps)
    assert not [step for step in steps if "SCAN" in step or "TEMP B-TREE" in step]


@contextmanager
def held(file: Path) -> Iterator[sqlite3.Connection]:
    """Another program that is writing."""
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other


async def test_a_database_held_too_long_by_another_program_is_named(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 10)
    async with open_store(url_of(file)) as store:
        with held(file), pytest.raises(StorageError, match=rf"^{file} is held by another program"):
            await subscribe(store)
        assert (await subscribe(store)).id == 1


async def test_another_program_s_writing_is_waited_out_longer_than_one_timeout(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 100)
    async with open_store(url_of(file)) as store:
        with held(file) as other:
            released = threading.Timer(0.15, other.execute, ["COMMIT"])
            released.start()
            assert (await subscribe(store)).id == 1
            released.join()


async def test_reading_does_not_wait_for_a_writer(file: Path) -> None:
    async with open_store(url_of(file)) as store:
        with held(file):
            assert await store.papers.count() == 0


async def test_a_transaction_that_raises_writes_nothing(file: Path) -> None:
    database = Database(Address.parse(url_of(file)))
    insert = text("INSERT INTO messages VALUES ('h', 'telegram', '{}')")
    with suppress(RuntimeError):
        async with database.write() as connection:
            await connection.execute(insert)
            raise RuntimeError
    async with database.write() as connection:
        await connection.execute(insert)
    await database.close()
    assert ask(file, "SELECT hash FROM messages") == [("h",)]


async def test_a_write_that_is_cancelled_writes_nothing_and_frees_the_way(file: Path) -> None:
    async with open_store(url_of(file)) as store:
        batch = Batch("arXiv", "ok", PAPERS)
        for turns in range(1, 60, 3):
            taking = asyncio.create_task(store.papers.take_in(DAY, batch, DAY, NOW))
            for _ in range(turns):
                await asyncio.sleep(0)
            taking.cancel()
            await asyncio.gather(taking, return_exceptions=True)
        await store.papers.take_in(DAY, batch, DAY, NOW)
        assert await store.papers.count() == len(PAPERS)


@contextmanager
def full_after(pages: int) -> Iterator[None]:
    """A disk with room for so many pages of every database opened meanwhile."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
        cursor.close()

    event.listen(Pool, "connect", limit)
    try:
        yield
    finally:
        event.remove(Pool, "connect", limit)


async def test_on_a_full_disk_no_database_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new.db"
    with full_after(5):
        assert (await refusal(url_of(file))).startswith(f"{file} cannot grow: the disk is full")
    assert contents(tmp_path) == {}


async def test_what_a_full_disk_stopped_is_completed_when_there_is_room(file: Path) -> None:
    long = tuple(replace(paper, abstract="One page. " * 400) for paper in PAPERS)
    batch = Batch("arXiv", "ok", long)
    ((pages,),) = ask(file, "PRAGMA page_count")
    assert isinstance(pages, int)
    with full_after(pages + 250):
        async with open_store(url_of(file)) as store:
            with pytest.raises(StorageError, match=rf"^{file} cannot grow: the disk is full"):
                await store.papers.take_in(DAY, batch, DAY, NOW)
            written = await store.papers.count()
            assert written == 200
            assert await store.papers.coverage(DAY) == ()
    async with open_store(url_of(file)) as store:
        assert await store.papers.take_in(DAY, batch, DAY, NOW) == len(PAPERS) - written


def test_no_kill_at_any_moment_loses_or_doubles_anything(tmp_path: Path) -> None:
    file = tmp_path / "killed.db"
    chance = random.Random(20250715)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.stores"])
    kills = 0
    for turn in range(22):
        if turn == 4:
            asyncio.run(subscribe_all(url_of(file)))
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=work_until_killed, args=(url_of(file), sender, turn))
        process.start()
        if turn >= 4:
            assert receiver.poll(20)
        process.join(chance.uniform(0, 0.15))
        process.kill()
        process.join()
        kills += process.exitcode == -9
        process.close()
        receiver.close()
        sender.close()
        if file.exists():
            assert ask(file, "PRAGMA integrity_check") == [("ok",)]
            assert ask(file, "PRAGMA foreign_key_check") == []
    assert kills == 22
    asyncio.run(work_through(url_of(file)))
    assert ask(file, "SELECT count(*), count(DISTINCT title) FROM papers") == [
        (len(PAPERS), len(PAPERS))
    ]
    assert ask(file, "SELECT source, count(*) FROM sightings GROUP BY 1 ORDER BY 1") == [
        ("Hugging Face", len(PAPERS)),
        ("arXiv", len(PAPERS)),
    ]
    assert ask(file, "SELECT DISTINCT owed FROM coverage") == [(len(PAPERS),)]
    assert ask(file, "SELECT count(*), count(DISTINCT subscription) FROM deliveries") == [
        (CHATS * 3, CHATS)
    ]
    assert (
        ask(file, "SELECT id FROM deliveries WHERE amend_at IS NOT NULL AND state <> 'sent'") == []
    )
    bodies = "SELECT DISTINCT correction, body FROM deliveries JOIN messages ON hash = message"
    assert ask(file, f"{bodies} WHERE position = 0 AND correction = 1") == [
        (1, '{"corrected": true}')
    ]
    assert ask(file, f"{bodies} WHERE position > 0 OR correction = 0") == [(0, "{}")]
