"""`paperround digest` against the loopback arXiv, as a process over real sockets."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.arxiv_runs import DAY, entries
from tests.emulators.sources_server import SourcesServer
from tests.factories import ARXIV_ALONE, FONTS

ROOT = Path(__file__).parents[1]


class Done(NamedTuple):
    code: int
    out: str
    err: str


async def run(*command: str, folder: Path, **settings: str) -> Done:
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            **FONTS,
            "PYTHONPATH": str(ROOT),
            "DIGEST_LANGUAGE": "en",
            "ARXIV_DELAY_SECONDS": "0",
            **settings,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Done(process.returncode or 0, out.decode(), err.decode())


async def digest(url: str, folder: Path, **settings: str) -> Done:
    command = (sys.executable, "-m", "bot", "digest", "--date", DAY.isoformat())
    given = ARXIV_ALONE | {"ARXIV_API_URL": url} | settings
    return await run(*command, folder=folder, **given)


def document(folder: Path) -> Any:  # noqa: ANN401 - JSON
    path = folder / "digests" / DAY.isoformat() / "digest.json"
    return json.loads(path.read_text(encoding="utf-8"))


async def test_the_day_s_listing_becomes_an_edition(tmp_path: Path) -> None:
    async with SourcesServer(entries(600)) as server:
        done = await digest(server.arxiv_api_url, tmp_path)
    assert done.code == 0, done.err
    assert "600 new papers" in done.out
    coverage = document(tmp_path)["coverage"]
    assert (coverage["owed"], coverage["held"], coverage["missing"]) == (600, 600, [])
    (source,) = coverage["sources"]
    assert (source["name"], source["status"], source["count"]) == ("arXiv", "ok", 600)
    assert "listed by submission date instead" in source["note"]


async def test_a_day_that_was_announced_comes_whole_and_needs_no_remark(tmp_path: Path) -> None:
    async with SourcesServer(entries(600)) as server:
        server.announced.day = DAY
        done = await digest(server.arxiv_api_url, tmp_path, ARXIV_FEED_URL=server.arxiv_feed_url)
    assert (done.code, done.err) == (0, "")
    (source,) = document(tmp_path)["coverage"]["sources"]
    assert source == {"name": "arXiv", "status": "ok", "count": 600, "note": ""}


async def test_a_fault_that_passes_is_not_seen_by_anyone(tmp_path: Path) -> None:
    faults = ["status:429,retry_after=1,nth=1", "html,nth=2", "empty_page,nth=4"]
    async with SourcesServer(entries(300), faults=faults) as server:
        done = await digest(server.arxiv_api_url, tmp_path)
    assert (done.code, done.err) == (0, "")
    assert document(tmp_path)["coverage"]["held"] == 300


async def test_a_query_that_is_refused_is_one_line_and_nothing_is_written(tmp_path: Path) -> None:
    async with SourcesServer(entries(3), faults=["error_entry:400"]) as server:
        done = await digest(server.arxiv_api_url, tmp_path)
    assert done.code == 1
    assert len(done.err.splitlines()) == 1
    assert "arXiv refused the query: incorrect search_query" in done.err
    assert done.out == ""
    assert not (tmp_path / "digests").exists()


async def test_unreadable_entries_are_named_and_the_edition_is_marked_incomplete(
    tmp_path: Path,
) -> None:
    async with SourcesServer(entries(20), faults=["bad_date:3"]) as server:
        done = await digest(server.arxiv_api_url, tmp_path)
    assert done.code == 3
    assert "arXiv sent an entry that cannot be read" in done.err
    assert len(done.err.splitlines()) == 1
    coverage = document(tmp_path)["coverage"]
    assert (coverage["owed"], coverage["held"], len(coverage["missing"])) == (20, 19, 1)
    assert "19 of 20 papers from arXiv" in done.out


async def test_a_listing_without_papers_is_a_quiet_day_and_not_a_broken_one(tmp_path: Path) -> None:
    async with SourcesServer([]) as server:
        server.announced.day = DAY
        done = await digest(server.arxiv_api_url, tmp_path, ARXIV_FEED_URL=server.arxiv_feed_url)
    assert done.code == 1
    assert done.err == "paperround: arXiv announced nothing on Tue, 15 July 2025.\n"


async def test_an_empty_list_beside_a_broken_announcement_is_no_quiet_day(tmp_path: Path) -> None:
    async with SourcesServer([]) as server:
        done = await digest(server.arxiv_api_url, tmp_path)
    assert done.code == 1
    assert "announced nothing" not in done.err
    assert "its list by submission date is empty" in done.err


async def test_make_run_shows_the_sample_where_arxiv_cannot_be_reached(tmp_path: Path) -> None:
    if not (ROOT / ".venv" / "run.stamp").exists():
        pytest.skip("make has not set up .venv here")
    async with SourcesServer([]) as server:
        closed = server.arxiv_api_url
    command = ("make", "--silent", "-C", str(ROOT), "run", f"OUT={tmp_path}")
    done = await run(*command, folder=tmp_path, **ARXIV_ALONE | {"ARXIV_API_URL": closed})
    assert done.code == 0, done.err
    assert done.err == "paperround: arXiv cannot be reached: connection refused\n"
    assert "This is a sample" in done.out
    assert (tmp_path / "2024-11-10" / "chart.png").exists()
