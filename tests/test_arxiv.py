"""arXiv as a source, over real sockets against the emulator."""

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from core.i18n import Phrase
from core.sources.listing import submission_window
from tests.arxiv_runs import DAY, collected, entries, ids, note, source
from tests.emulators.arxiv_api import Entry
from tests.emulators.sources_server import SourcesServer

# What is asked for, and what becomes of it


async def test_it_is_a_source_called_arxiv() -> None:
    assert source("http://127.0.0.1:1/api/query").name == "arXiv"


async def test_all_pages_of_a_listing_are_read_in_order_of_submission() -> None:
    batch, server = await collected(entries(10))
    assert (batch.status, batch.note, batch.missing) == ("ok", None, ())
    assert ids(batch) == list(range(1, 11))
    assert batch.owed == 10
    assert [asked.query["start"] for asked in server.asked] == ["0", "4", "8"]


async def test_the_query_names_the_categories_and_the_window_in_gmt() -> None:
    _, server = await collected(entries(1))
    assert server.asked[0].query == {
        "search_query": "(cat:cs.AI OR cat:cs.CL) AND submittedDate:[202507111800 TO 202507141800]",
        "id_list": "",
        "sortBy": "submittedDate",
        "sortOrder": "ascending",
        "start": "0",
        "max_results": "4",
    }


async def test_a_paper_has_everything_arxiv_says_of_it() -> None:
    paper = Entry(
        id="2507.00001",
        title="Cats & <dogs>:\n  a study",
        published=datetime(2025, 7, 14, 12, 30, tzinfo=UTC),
        abstract="We study x < y.\nCode: https://github.com/cats/dogs",
        authors=("Ada Lovelace", "Émilie du Châtelet"),
        primary_category="cs.CL",
        categories=("cs.CL", "eess.AS", "cond-mat.dis-nn", "68Q12, 81P68", "I.2.7"),
        comment="Accepted at ICML",
        version=3,
    )
    batch, _ = await collected([paper])
    (got,) = batch.papers
    assert got.id == "arxiv:2507.00001"
    assert got.title == "Cats & <dogs>: a study"
    assert got.abstract.startswith("We study x < y.")
    assert got.authors == ("Ada Lovelace", "Émilie du Châtelet")
    assert got.primary_category == "cs.CL"
    assert got.categories == ("cs.CL", "eess.AS", "cond-mat.dis-nn")
    assert got.comment == "Accepted at ICML"
    assert got.url == "https://arxiv.org/abs/2507.00001"
    assert got.published == paper.published
    assert got.links == ("https://github.com/cats/dogs",)
    assert got.sources == ("arxiv",)


async def test_papers_of_other_categories_and_other_days_are_not_asked_for() -> None:
    mine = entries(3)
    others = [
        replace(mine[0], id="2507.00100", categories=("math.AG",)),
        replace(mine[0], id="2507.00101", published=mine[0].published - timedelta(days=9)),
    ]
    batch, _ = await collected([*mine, *others])
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3])


async def test_a_paper_of_the_cut_off_minute_is_in_one_listing_only() -> None:
    begin, end = submission_window(DAY)
    moments = [begin - timedelta(seconds=1), begin, end - timedelta(seconds=1), end]
    moments.append(end + timedelta(seconds=59))
    papers = [replace(entry, published=at) for entry, at in zip(entries(5), moments, strict=True)]
    async with SourcesServer(papers) as server:
        arxiv = source(server.arxiv_api_url)
        before, own, after = [
            await arxiv.collect(day) for day in (date(2025, 7, 14), DAY, date(2025, 7, 16))
        ]
    assert [ids(batch) for batch in (before, own, after)] == [[1], [2, 3], [4, 5]]
    assert {batch.status for batch in (before, own, after)} == {"ok"}


async def test_a_day_without_a_listing_is_quiet_and_asks_nothing() -> None:
    async with SourcesServer(entries(3)) as server:
        batch = await source(server.arxiv_api_url).collect(date(2025, 7, 19))
    assert (batch.status, batch.papers, server.asked) == ("quiet", (), [])
    assert note(batch) == Phrase(
        "source.no_listing", source="arXiv", day=date(2025, 7, 19), next=date(2025, 7, 21)
    )


async def test_an_empty_listing_on_a_weekday_is_quiet() -> None:
    batch, server = await collected([])
    assert (batch.status, batch.owed, len(server.asked)) == ("quiet", 0, 1)
    assert note(batch) == Phrase("source.empty_listing", source="arXiv", day=DAY)


async def test_progress_is_told_after_every_page() -> None:
    told: list[tuple[int, int]] = []
    async with SourcesServer(entries(10)) as server:
        arxiv = source(server.arxiv_api_url, progress=lambda *at: told.append(at))
        await arxiv.collect(DAY)
    assert told == [(4, 10), (8, 10), (10, 10)]


async def test_requests_are_apart_by_the_delay_after_failures_and_between_days_too() -> None:
    async with SourcesServer(entries(8), faults=["status:503,nth=2"]) as server:
        arxiv = source(server.arxiv_api_url, delay=0.1)
        assert (await arxiv.collect(DAY)).status == "ok"
        await arxiv.collect(date(2025, 7, 16))
    moments = [asked.at for asked in server.asked]
    assert len(moments) == 4
    assert all(after - before >= 0.1 for before, after in itertools.pairwise(moments))


async def test_two_collections_at_once_use_one_connection_at_a_time() -> None:
    async with SourcesServer(entries(8)) as server:
        arxiv = source(server.arxiv_api_url)
        batches = await asyncio.gather(arxiv.collect(DAY), arxiv.collect(DAY))
    assert [ids(batch) for batch in batches] == [list(range(1, 9))] * 2
    assert [asked.query["start"] for asked in server.asked] == ["0", "4", "0", "4"]


# Faults that pass


@pytest.mark.parametrize(
    "fault",
    [
        "status:503,first=2",
        "status:429,retry_after=0,first=2",
        "status:500,nth=2",
        "html,nth=2",
        "truncated:0,nth=1",
        "cut:0,nth=2",
        "empty_page,nth=2",
        "empty_page,nth=1",
        "no_total,first=2",
        "drop,first=2",
        # These need no second try: reading goes on where the answer ended.
        "truncated:2",
        "cut:2",
    ],
)
async def test_a_fault_that_passes_loses_nothing(fault: str) -> None:
    batch, _ = await collected(entries(10), fault)
    assert (batch.status, batch.missing) == ("ok", ())
    assert ids(batch) == list(range(1, 11))


async def test_a_retry_after_is_waited_out() -> None:
    async with SourcesServer(entries(3), faults=["status:429,retry_after=1,nth=1"]) as server:
        batch = await source(server.arxiv_api_url).collect(DAY)
    assert batch.status == "ok"
    assert server.asked[1].at - server.asked[0].at >= 1.0


async def test_a_page_longer_than_asked_for_is_read_whole() -> None:
    batch, server = await collected(entries(10), "longer:7")
    assert (batch.status, ids(batch)) == ("ok", list(range(1, 11)))
    assert [asked.query["start"] for asked in server.asked] == ["0", "7"]


# Stopping and starting again


async def test_a_source_that_failed_works_again_when_arxiv_does() -> None:
    async with SourcesServer(entries(3), faults=["stall"]) as server:
        arxiv = source(server.arxiv_api_url, first=0.5)
        assert (await arxiv.collect(DAY)).status == "failed"
        server.faults.clear()
        assert ids(await arxiv.collect(DAY)) == [1, 2, 3]


async def test_cancelling_ends_the_thread_at_once_and_the_source_stays_usable() -> None:
    async with SourcesServer(entries(3), faults=["stall"]) as server:
        arxiv = source(server.arxiv_api_url, first=600.0)
        task = asyncio.create_task(arxiv.collect(DAY))
        await server.wait_for(requests=1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)
        server.faults.clear()
        assert ids(await arxiv.collect(DAY)) == [1, 2, 3]
