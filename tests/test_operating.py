"""The operating commands, each a process on a database of its own."""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from datetime import timedelta
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from bot.adapters.base import TransientError
from bot.app import App
from bot.delivery import Sender
from bot.operator import post
from bot.telling import Teller
from core.delivery import Delivery
from core.i18n import Phrase, catalog
from core.subscription import Target
from storage.database import open_store
from tests.factories import FONTS, NOWHERE
from tests.service import FakeChat, World
from tests.stores import NOW, publication, subscribe
from tests.test_cli import papers, written
from tests.test_live import Done, run

ROOT = Path(__file__).parents[1]
Paperround = Callable[..., Awaitable[Done]]


@pytest.fixture
def paperround(tmp_path: Path) -> Paperround:
    """Runs the program in its own folder; nothing listens where arXiv should be."""

    async def call(*arguments: str, **settings: str) -> Done:
        command = (sys.executable, "-m", "bot", *arguments)
        return await run(*command, folder=tmp_path, **NOWHERE | settings)

    return call


def rows(folder: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / "paperround.db")) as database:
        return database.execute(query).fetchall()


async def start_service(
    folder: Path, at: str, *, group: bool = False
) -> asyncio.subprocess.Process:
    """The service with its clock at another time, once it says that it runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.run_at", at),
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            **FONTS,
            "PYTHONPATH": str(ROOT),
            "DIGEST_LANGUAGE": "en",
            "LOG_FORMAT": "json",
            **NOWHERE,
            "ARXIV_DELAY_SECONDS": "0",
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=group,
    )
    assert process.stderr
    async with asyncio.timeout(20):
        while json.loads(await process.stderr.readline())["event"] != "running":
            pass
    return process


async def test_collecting_twice_adds_nothing(paperround: Paperround, tmp_path: Path) -> None:
    path = written(tmp_path, papers(12))
    first = await paperround("collect", "--from", str(path))
    again = await paperround("collect", "--from", str(path))
    assert (first.code, again.code) == (0, 0), first.err + again.err
    assert first.out.splitlines()[1].split() == [
        *("2025-07-15", "2025-07-15.jsonl", "complete", "12", "12", "0", "12")
    ]
    assert again.out.splitlines()[1].split()[-1] == "0"
    assert rows(tmp_path, "SELECT count(*) FROM papers") == [(12,)]


async def test_a_bad_line_is_named_and_the_rest_is_kept(
    paperround: Paperround, tmp_path: Path
) -> None:
    path = written(tmp_path, [*papers(3), "{broken"])
    done = await paperround("collect", "--from", str(path))
    assert done.code == 0
    assert done.err == "paperround: 2025-07-15.jsonl:4: not JSON (at character 2)\n"
    assert rows(tmp_path, "SELECT count(*) FROM papers") == [(3,)]


async def test_an_arxiv_out_of_reach_is_one_line_and_nothing_useful(
    paperround: Paperround,
) -> None:
    done = await paperround("collect", "--date", "2025-07-15")
    assert done.code == 1
    assert done.err == "paperround: arXiv cannot be reached: connection refused\n"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["status"], 1, "There is no database yet"),
        (["collect", "--since", "2025-07-01", "--date", "2025-07-15"], 2, "--since goes with"),
        (["collect", "--date", "soon"], 2, "--date: 'soon' is no date"),
        (["collect", "--from", "gone.jsonl"], 2, "gone.jsonl: No such file"),
        (["post"], 1, "There is no subscription"),
    ],
)
async def test_what_cannot_be_done_is_one_line(
    paperround: Paperround, arguments: list[str], code: int, said: str
) -> None:
    done = await paperround(*arguments)
    assert (done.code, len(done.err.splitlines())) == (code, 1), done.err
    assert done.err.startswith("paperround: ")
    assert said in done.err


@pytest.mark.parametrize("command", ["run", "collect", "post", "status"])
async def test_a_database_that_is_none_is_refused_and_left_as_it_is(
    paperround: Paperround, tmp_path: Path, command: str
) -> None:
    path = tmp_path / "paperround.db"
    path.write_bytes(b"These are not the bytes of a database. " * 100)
    before = path.read_bytes()
    done = await paperround(command)
    assert done.code == 2, done.err
    assert len(done.err.splitlines()) == 1
    assert "paperround.db" in done.err
    assert path.read_bytes() == before


async def test_the_service_needs_no_token_and_posts_what_is_due(
    paperround: Paperround, tmp_path: Path
) -> None:
    await paperround("collect", "--from", str(written(tmp_path, papers(12))))
    # Noon of that Tuesday in Seoul: an hour after the post was due.
    process = await start_service(tmp_path, "2025-07-15T03:00")
    second = await paperround("run")
    assert second.code == 2
    assert "paperround.db" in second.err
    assert f"{process.pid}" in second.err
    async with asyncio.timeout(30):
        while rows(tmp_path, "SELECT count(*) FROM deliveries WHERE state = 'sent'") != [(3,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    status = await paperround("status")
    assert "The service is running" in status.out
    assert "sent 3" in status.out
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 10)
    assert process.returncode == 0
    assert all(json.loads(line) for line in err.decode().splitlines())
    shown = out.decode()
    for footer in ("parent", "cv", "robotics"):
        assert shown.count(f"2025-07-15 · {footer} · 1/1") == 1


async def test_posting_by_hand_is_done_once_unless_asked_again(
    paperround: Paperround, tmp_path: Path
) -> None:
    await paperround("collect", "--from", str(written(tmp_path, papers(12))))
    process = await start_service(tmp_path, "2025-07-14T03:00")
    process.terminate()
    await process.communicate()
    day = ("--date", "2025-07-15")
    preview = await paperround("post", *day, "--dry-run")
    assert "parent cv robotics" in preview.out
    assert rows(tmp_path, "SELECT count(*) FROM deliveries WHERE edition = '2025-07-15'") == [(0,)]
    assert rows(tmp_path, "SELECT count(*) FROM editions WHERE date = '2025-07-15'") == [(0,)]
    first = await paperround("post", *day)
    assert first.code == 0, first.err
    assert "Images1" in first.out
    second = await paperround("post", *day)
    assert second.code == 1
    assert "--again makes another issue" in second.err
    assert second.out == ""
    third = await paperround("post", *day, "--again")
    assert third.code == 0
    issues = rows(
        tmp_path, "SELECT issue, count(*) FROM deliveries WHERE edition = '2025-07-15' GROUP BY 1"
    )
    assert issues == [(1, 3), (2, 3)]
    assert rows(tmp_path, "SELECT * FROM deliveries WHERE amend_at IS NOT NULL") == []


async def test_posting_alone_waits_for_the_amendments_that_the_platform_puts_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "_PAUSE_SECONDS", 0)

    class Busy(FakeChat):
        async def amend(self, delivery: Delivery, links: Mapping[str, str]) -> None:
            await super().amend(delivery, links)
            if len(self.amended) < 3:
                raise TransientError("busy", timedelta(seconds=1))

    seconds = count()
    async with open_store(f"sqlite+aiosqlite:///{tmp_path / 'paperround.db'}") as store:
        chat = Busy(World(NOW))
        made = await subscribe(store, Target("fake", "-1"))
        await store.deliveries.publish([publication(made.id, "parent", "cv")], NOW)
        sender = Sender(store, chat, lambda: NOW + timedelta(seconds=next(seconds)))
        app = SimpleNamespace(
            senders=(sender,),
            store=store,
            publisher=SimpleNamespace(adapters={"fake": chat}),
            teller=Teller({"fake": chat}),
        )
        assert await post._send(cast(App, app), catalog("en")) == 0
        assert len(chat.amended) == 3
        assert await store.amendments.waiting(["fake"]) == 0


async def test_status_says_why_nothing_comes_in_the_operator_s_language(
    paperround: Paperround, tmp_path: Path
) -> None:
    async with open_store(f"sqlite+aiosqlite:///{tmp_path / 'paperround.db'}") as store:
        made = await subscribe(store, Target("telegram", "-100"))
        await store.subscriptions.pause(made.id, Phrase("pause.out"))
    for language in ("ko", "en"):
        status = await paperround("status", DIGEST_LANGUAGE=language)
        assert catalog(language).say("pause.out") in status.out


async def test_papers_that_come_after_the_seal_join_the_next_edition(
    paperround: Paperround, tmp_path: Path
) -> None:
    path = written(tmp_path, papers(10))
    await paperround("collect", "--from", str(path))
    process = await start_service(tmp_path, "2025-07-14T03:00")
    process.terminate()
    await process.communicate()
    await paperround("post", "--date", "2025-07-15")
    written(tmp_path, papers(12))
    await paperround("collect", "--from", str(path))
    editions = rows(tmp_path, "SELECT edition, count(*) FROM papers GROUP BY 1 ORDER BY 1")
    assert editions == [("2025-07-15", 10), ("2025-07-16", 2)]


async def test_a_day_without_a_listing_says_so_in_its_post(tmp_path: Path) -> None:
    process = await start_service(tmp_path, "2025-07-19T03:00")
    async with asyncio.timeout(30):
        while rows(tmp_path, "SELECT count(*) FROM deliveries WHERE state = 'sent'") != [(1,)]:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    process.terminate()
    out, _ = await process.communicate()
    assert "arXiv announces nothing on Sat, 19 July 2025" in out.decode()
    assert "Next listing: Mon, 21 July 2025" in out.decode()


async def test_db_upgrade_makes_the_schema_and_then_has_nothing_to_do(
    paperround: Paperround,
) -> None:
    first, second = await paperround("db", "upgrade"), await paperround("db", "upgrade")
    assert (first.code, second.code) == (0, 0), first.err
    assert "0001" in first.out
    assert second.out == "The database is up to date.\n"
