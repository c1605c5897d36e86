"""arXiv by its announcement: what is owed, fetched, kept and filled in."""

import asyncio
import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.i18n import Phrase
from core.sources.arxiv import ArxivSource
from core.sources.listing import submission_window
from tests.arxiv_runs import (
    DAY,
    announcing,
    asked_ids,
    asked_on,
    by_feed,
    entries,
    gaps,
    held_in,
    ids,
    note,
    older,
)

BEFORE = date(2025, 7, 14)
AFTER = date(2025, 7, 16)
BEGIN, _ = submission_window(DAY)


# What is asked for


async def test_what_is_announced_is_fetched_by_id_in_pages_and_in_arxivs_order() -> None:
    async with announcing(entries(10)) as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.note, batch.missing, batch.announced) == ("ok", None, (), True)
    assert ids(batch) == list(range(1, 11))
    assert server.asked[0].path == "/rss/cs.AI+cs.CL"
    assert asked_ids(server) == [[1, 2, 3, 4], [5, 6, 7, 8], [9, 10]]
    assert {asked.query["search_query"] for asked in server.asked[1:]} == {""}


async def test_as_many_papers_are_fetched_at_once_as_a_page_holds() -> None:
    async with announcing(entries(252)) as server:
        arxiv = ArxivSource(server.arxiv_api_url, ["cs.AI"], 0.0, feed_url=server.arxiv_feed_url)
        batch = await arxiv.collect(DAY)
    assert (batch.status, ids(batch)) == ("ok", list(range(1, 253)))
    assert [len(chunk) for chunk in asked_ids(server)] == [250, 2]


async def test_the_feeds_address_may_end_with_a_slash() -> None:
    async with announcing(entries(1)) as server:
        arxiv = ArxivSource(server.arxiv_api_url, ["cs.AI"], 0.0, feed_url=f"{server.url}/")
        assert ids(await arxiv.collect(DAY)) == [1]
    assert server.asked[0].path == "/rss/cs.AI"


async def test_cross_lists_are_news_and_replacements_are_not_even_fetched() -> None:
    async with announcing(entries(5), p2="cross", p3="replace", p4="replace-cross") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, ids(batch), batch.owed) == ("ok", [1, 5, 2], 3)
    assert asked_ids(server) == [[1, 5, 2]]


async def test_a_paper_that_moderators_held_for_days_is_in_the_listing_that_announces_it() -> None:
    held_back = replace(entries(6)[5], published=BEGIN - timedelta(days=6))
    async with announcing([*entries(5), held_back], p6="new") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, ids(batch), batch.earlier) == ("ok", [1, 2, 3, 4, 5, 6], ())


async def test_what_is_held_is_kept_and_not_fetched_again() -> None:
    held = {"arxiv:2507.00002", "arxiv:2507.00003", "arxiv:2507.09999"}
    async with announcing(entries(5)) as server:
        batch = await by_feed(server).collect(DAY, held)
    assert (batch.status, ids(batch), batch.announced) == ("ok", [1, 4, 5], True)
    assert batch.kept == ("arxiv:2507.00002", "arxiv:2507.00003")
    assert (batch.owed, batch.held) == (5, 5)
    assert asked_ids(server) == [[1, 4, 5]]


async def test_a_listing_all_held_asks_the_feed_alone() -> None:
    async with announcing(entries(3)) as server:
        arxiv = by_feed(server)
        first = await arxiv.collect(DAY)
        server.asked.clear()
        batch = await arxiv.collect(DAY, held_in(first))
    assert (batch.status, batch.papers, batch.held, batch.owed) == ("ok", (), 3, 3)
    assert [asked.on for asked in server.asked] == ["feed"]


async def test_progress_tells_of_the_papers_held_and_fetched() -> None:
    told: list[tuple[int, int]] = []
    async with announcing(entries(10)) as server:
        arxiv = by_feed(server, progress=lambda *at: told.append(at))
        await arxiv.collect(DAY, {"arxiv:2507.00001"})
    assert told == [(5, 10), (9, 10), (10, 10)]


async def test_feed_and_api_share_one_delay_between_requests() -> None:
    async with announcing(entries(6), "status:503,first=1,on=feed") as server:
        await by_feed(server, delay=0.1).collect(DAY)
    moments = [asked.at for asked in server.asked]
    assert [asked.on for asked in server.asked] == ["feed", "feed", "api", "api"]
    assert all(after - before >= 0.1 for before, after in itertools.pairwise(moments))


async def test_a_delay_longer_than_the_time_for_a_first_page_leaves_time_for_one() -> None:
    async with announcing(entries(3)) as server:
        batch = await by_feed(server, delay=0.6, first=0.5).collect(DAY)
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3])


async def test_a_day_without_a_listing_does_not_even_ask_the_feed() -> None:
    async with announcing(entries(3)) as server:
        batch = await by_feed(server).collect(date(2025, 7, 19))
    assert (batch.status, server.asked) == ("quiet", [])


# Feeds that are not all


async def test_a_feed_of_another_day_is_no_fault_and_the_window_is_read() -> None:
    async with announcing(entries(5)) as server:
        server.announced.day = BEFORE
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3, 4, 5])
    assert (batch.note, batch.announced) == (None, False)


async def test_a_run_over_many_days_asks_for_the_feed_once() -> None:
    days = [DAY - timedelta(days=n) for n in (5, 4, 1, 0)]
    papers = [replace(p, id=f"250{n}.0000{p.id[-1]}") for n in range(1, 4) for p in entries(2)]
    async with announcing(papers) as server:
        arxiv = by_feed(server)
        batches = [await arxiv.collect(day) for day in days]
    assert asked_on(server, "feed") == 1
    assert [batch.announced for batch in batches] == [False, False, False, True]


async def test_who_asks_again_for_the_day_hears_the_feed_of_then() -> None:
    async with announcing(entries(5)) as server:
        server.announced.day = BEFORE
        arxiv = by_feed(server)
        assert not (await arxiv.collect(DAY)).announced
        server.announced.day = DAY
        assert (await arxiv.collect(DAY)).announced
    assert asked_on(server, "feed") == 2


async def test_who_asks_again_after_other_days_hears_the_feed_of_then() -> None:
    async with announcing(entries(5), p5="") as server:
        arxiv = by_feed(server)
        await arxiv.collect(BEFORE)
        assert (await arxiv.collect(DAY)).owed == 4
        server.announced.kinds.clear()
        assert (await arxiv.collect(DAY)).owed == 5


async def test_what_the_feed_said_ten_minutes_ago_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with announcing(entries(5)) as server:
        server.announced.day = BEFORE
        arxiv = by_feed(server)
        await arxiv.collect(AFTER)
        assert not (await arxiv.collect(DAY)).announced
        server.announced.day = DAY
        monkeypatch.setattr("core.sources.arxiv._REMEMBERED_SECONDS", -1.0)
        assert (await arxiv.collect(DAY)).announced
    assert asked_on(server, "feed") == 2


async def test_a_feed_empty_by_an_outage_is_filled_in_by_the_window_and_said_so() -> None:
    async with announcing(entries(30), "empty_page,on=feed") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, ids(batch), batch.announced) == ("ok", list(range(1, 31)), False)
    assert note(batch) == Phrase("source.feed_empty", source="arXiv")


async def test_half_a_window_tells_an_outage_as_well() -> None:
    async with announcing(entries(30), "empty_page,on=feed", "html,after=2") as server:
        batch = await by_feed(server, backoff=3600.0).collect(DAY)
    assert (batch.status, len(batch.papers), batch.owed) == ("partial", 8, 30)


async def test_an_empty_feed_of_the_day_is_arxivs_word_though_a_few_papers_wait() -> None:
    async with announcing(entries(29), "empty_page,on=feed") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.papers, batch.announced) == ("quiet", (), True)
    assert note(batch) == Phrase("source.empty_listing", source="arXiv", day=DAY)


async def test_a_feed_of_replacements_alone_is_no_outage_however_many_papers_wait() -> None:
    kinds = {f"p{n}": "" for n in range(2, 41)}
    async with announcing(entries(40), p1="replace", **kinds) as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.papers, batch.announced) == ("quiet", (), True)
    assert asked_on(server, "api") == 0


async def test_a_feed_cut_among_its_replacements_is_filled_in_by_the_window() -> None:
    kinds = {f"p{n}": "" for n in range(1, 4)}
    async with announcing(entries(3), "full,on=feed", **kinds) as server:
        batch = await by_feed(server).collect(DAY)
    assert (ids(batch), note(batch).key) == ([1, 2, 3], "source.cut")


async def test_an_empty_feed_and_an_empty_window_are_a_holiday() -> None:
    async with announcing(older(entries(3), 30)) as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.owed) == ("quiet", 0)
    assert note(batch) == Phrase("source.empty_listing", source="arXiv", day=DAY)


async def test_an_empty_feed_and_a_broken_window_are_a_failure_not_a_holiday() -> None:
    async with announcing(entries(3), "empty_page,on=feed", "html") as server:
        batch = await by_feed(server, backoff=3600.0).collect(DAY)
    assert (batch.status, note(batch).key) == ("failed", "source.not_atom")


async def test_a_feed_at_its_limit_is_filled_in_by_the_window() -> None:
    held_back = replace(entries(6)[5], published=BEGIN - timedelta(days=6))
    async with announcing([*entries(5), held_back], "full,on=feed", p5="", p6="new") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, ids(batch), batch.announced) == ("ok", [1, 2, 3, 4, 6, 5], False)
    assert note(batch) == Phrase("source.cut", source="arXiv")


async def test_what_is_held_and_found_by_the_window_too_is_counted_once() -> None:
    async with announcing(entries(5), "full,on=feed", p5="") as server:
        batch = await by_feed(server).collect(DAY, {"arxiv:2507.00001", "arxiv:2507.00002"})
    assert (ids(batch), len(batch.kept), batch.held, batch.owed) == ([3, 4, 5], 2, 5, 5)


async def test_a_cut_feed_whose_rest_cannot_be_found_is_not_called_whole() -> None:
    faults = ("full,on=feed", "html,nth=2")
    async with announcing(entries(3), *faults, p3="") as server:
        batch = await by_feed(server, backoff=3600.0).collect(DAY)
    assert (batch.status, ids(batch)) == ("partial", [1, 2])
    assert note(batch) == Phrase(
        "source.not_filled_in",
        source="arXiv",
        codes="cs.AI, cs.CL",
        reason=Phrase("source.not_atom", source="arXiv"),
    )


async def test_an_item_that_names_no_paper_is_searched_for_by_its_date() -> None:
    async with announcing(entries(5), "no_id:2,on=feed") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, sorted(ids(batch)), batch.missing) == ("ok", [1, 2, 3, 4, 5], ())


async def test_an_item_whose_paper_is_nowhere_is_missing_by_its_place() -> None:
    async with announcing(entries(5), "no_id:2,on=feed", "left_out:2") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, ids(batch)) == ("partial", [1, 3, 4, 5])
    assert gaps(batch) == [("arXiv 2", "source.unreadable_entry", 1)]


# Stopping


async def test_cancelling_while_the_feed_is_silent_ends_at_once() -> None:
    async with announcing(entries(3), "stall,on=feed") as server:
        arxiv = by_feed(server, first=600.0, feed=600.0)
        task = asyncio.create_task(arxiv.collect(DAY))
        await server.wait_for(requests=1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 30)
        server.faults.clear()
        assert ids(await arxiv.collect(DAY)) == [1, 2, 3]
