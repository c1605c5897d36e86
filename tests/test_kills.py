"""The service killed with SIGKILL at random moments: nothing is lost and nothing comes twice.

``KILLS=60 python -m pytest tests/test_kills.py`` for the long run; ``SEED`` repeats one.
"""

import asyncio
import json
import os
import random
import re
import signal
import sqlite3
import sys
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, time
from pathlib import Path

from bot.due import previous_due
from core.sources.listing import newest_listing
from core.subscription import Target, Wish
from storage.database import open_store
from tests.arxiv_runs import entries
from tests.emulators.sources_server import SourcesServer
from tests.factories import ARXIV_ALONE, FONTS

ROOT = Path(__file__).parents[1]
KILLS = int(os.environ.get("KILLS", "8"))
SEED = int(os.environ.get("SEED", random.randrange(10**6)))
# A Tuesday at noon in Seoul: the listing is out, and the hour has passed.
NOW = datetime(2025, 7, 15, 3, tzinfo=UTC)
PAPERS = 120
SUBSCRIPTIONS = 15


async def subscribe(url: str, number: int) -> list[int]:
    """New subscriptions of the console, due an hour ago."""
    wish = Wish("en", time(2), "UTC")
    async with open_store(url) as store:
        found = []
        for n in range(SUBSCRIPTIONS):
            target = Target("console", f"terminal-{number}-{n}")
            added = await store.subscriptions.add(target, wish, previous_due(wish, NOW), "", NOW)
            found.append(added.id)
    return found


async def start(folder: Path, settings: dict[str, str]) -> asyncio.subprocess.Process:
    """The service, its output added to what it said before."""
    with (folder / "said").open("ab") as said, (folder / "log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.run_at", f"{NOW:%Y-%m-%dT%H:%M}"),
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                **FONTS,
                "PYTHONPATH": str(ROOT),
                **settings,
            },
            stdout=said,
            stderr=log,
        )


async def running(folder: Path, process: asyncio.subprocess.Process) -> None:
    """Return when the newest process says that it runs, or has ended."""
    log = folder / "log"
    before = log.read_text().count("running")
    while process.returncode is None and log.read_text().count("running") == before:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


def unsent(path: Path) -> int:
    """Deliveries not sent or not amended, and subscriptions still due."""
    with sqlite3.connect(path) as database:
        (owed,) = database.execute(
            "SELECT count(*) FROM deliveries WHERE state <> 'sent' OR amend_at IS NOT NULL"
        ).fetchone()
        (due,) = database.execute(
            "SELECT count(*) FROM subscriptions WHERE last_edition IS NULL"
        ).fetchone()
    database.close()
    return int(owed) + int(due)


async def test_kills_at_any_moment_lose_and_repeat_nothing(tmp_path: Path) -> None:
    print(f"seed {SEED}")  # noqa: T201
    chance = random.Random(SEED)
    path = tmp_path / "paperround.db"
    url = f"sqlite+aiosqlite:///{path}"
    papers = entries(PAPERS, newest_listing(NOW), title="Image segmentation")
    subscribed: list[int] = []
    async with SourcesServer(papers) as server:
        settings = {
            "DATABASE_URL": url,
            **ARXIV_ALONE,
            "ARXIV_API_URL": server.arxiv_api_url,
            "ARXIV_FEED_URL": server.arxiv_feed_url,
            "ARXIV_DELAY_SECONDS": "0",
            "DIGEST_LANGUAGE": "en",
        }
        for number in range(KILLS):
            subscribed += await subscribe(url, number)
            process = await start(tmp_path, settings)
            if number % 5:
                await running(tmp_path, process)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), chance.uniform(0, 3))
            assert process.returncode is None, (tmp_path / "log").read_text()
            process.send_signal(signal.SIGKILL)
            await process.wait()
        process = await start(tmp_path, settings)
        await running(tmp_path, process)
        async with asyncio.timeout(120):
            while unsent(path):  # noqa: ASYNC110 - another process does the work
                await asyncio.sleep(0.2)
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 10) == 0, (tmp_path / "log").read_text()
    check(tmp_path, subscribed)


def check(folder: Path, subscribed: list[int]) -> None:
    with sqlite3.connect(folder / "paperround.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert database.execute("SELECT count(*) FROM papers").fetchone() == (PAPERS,)
        rows = database.execute("SELECT subscription, part FROM deliveries").fetchall()
    database.close()
    assert len(rows) == len(set(rows))
    # One subscription more: the terminal's own, made at the first start.
    assert set(subscribed) <= {row[0] for row in rows}
    assert {part for _, part in rows} == {"parent", "cv"}
    lines = (folder / "paperround.db.console.jsonl").read_text("utf-8").splitlines()
    shown = Counter(json.loads(line)["key"] for line in lines if line)
    assert set(shown.values()) == {1}
    assert len(shown) == len(rows)
    footers = re.findall(r"· (parent|cv) · 1/1", (folder / "said").read_text("utf-8"))
    assert Counter(footers) == Counter(part for _, part in rows)
