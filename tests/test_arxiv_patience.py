"""How long arXiv is asked, how often, and when it had better be left alone."""

from collections.abc import Sequence

import pytest

from core.i18n import Phrase
from core.sources.arxiv import ArxivSource
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
    source,
)
from tests.emulators.faults import Fault
from tests.emulators.sources_server import SourcesServer

# A first wait longer than any deadline: what fails is given up at once.
ONCE = 3600.0
ASKS_TO_WAIT = Phrase("source.http", source="arXiv", status=429)


# A host that asks to wait


async def test_a_feed_that_asks_to_wait_rests_the_api_of_the_same_host_too() -> None:
    async with announcing(entries(3), "status:429,retry_after=3600,on=feed") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, note(batch)) == ("failed", ASKS_TO_WAIT)
    assert [asked.on for asked in server.asked] == ["feed"]


async def test_a_feed_that_asks_to_wait_rests_no_other_host() -> None:
    feed = announcing(entries(3), "status:429,retry_after=3600,on=feed")
    async with feed, SourcesServer(entries(3)) as api:
        arxiv = source(api.arxiv_api_url, feed_url=feed.arxiv_feed_url)
        batch = await arxiv.collect(DAY)
        feed.faults.clear()
        again = await arxiv.collect(DAY)
    assert [(b.status, ids(b), note(b).key) for b in (batch, again)] == [
        ("ok", [1, 2, 3], "source.feed_failed")
    ] * 2
    assert (len(feed.asked), len(api.asked)) == (1, 2)


@pytest.mark.parametrize("status", [429, 503])
async def test_an_api_that_asks_to_wait_is_not_asked_again_before_that(status: int) -> None:
    fault = f"status:{status},retry_after=3600"
    async with SourcesServer(entries(3), faults=[fault]) as server:
        arxiv = source(server.arxiv_api_url)
        first = await arxiv.collect(DAY)
        server.faults.clear()
        again = await arxiv.collect(DAY)
        other = await source(server.arxiv_api_url).collect(DAY)
    assert (first.status, again.status) == ("failed", "failed")
    assert note(first) == note(again)
    assert (other.status, ids(other), len(server.asked)) == ("ok", [1, 2, 3], 2)


async def test_after_the_time_it_asked_for_an_api_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.sources.fetch._LONGEST_REST", 0.01)
    async with SourcesServer(entries(3), faults=["status:429,retry_after=3600"]) as server:
        arxiv = source(server.arxiv_api_url)
        assert (await arxiv.collect(DAY)).status == "failed"
        server.faults.clear()
        assert ids(await arxiv.collect(DAY)) == [1, 2, 3]


async def test_a_wait_asked_for_in_the_middle_leaves_the_rest_missing_and_asks_no_more() -> None:
    async with announcing(entries(10), "status:429,retry_after=3600,nth=2") as server:
        arxiv = by_feed(server)
        first = await arxiv.collect(DAY)
        asked = len(server.asked)
        again = await arxiv.collect(DAY, held_in(first))
        unasked = len(server.asked) == asked
        well = await by_feed(server).collect(DAY, held_in(first))
    assert (first.status, ids(first), first.owed) == ("partial", [1, 2, 3, 4], 10)
    assert {item.reason for item in first.missing} == {ASKS_TO_WAIT}
    assert unasked
    assert (again.status, note(again)) == ("failed", ASKS_TO_WAIT)
    assert (well.status, ids(well), well.missing) == ("ok", [5, 6, 7, 8, 9, 10], ())


# A feed that breaks


async def test_a_broken_feed_and_an_empty_window_are_a_failure_that_names_both() -> None:
    async with announcing([], "status:503,on=feed") as server:
        batch = await by_feed(server, backoff=ONCE).collect(DAY)
    assert (batch.status, batch.announced) == ("failed", False)
    assert note(batch) == Phrase(
        "source.feed_failed_empty",
        source="arXiv",
        reason=Phrase("source.http", source="arXiv", status=503),
    )


async def test_no_feed_and_an_empty_window_are_a_quiet_day() -> None:
    async with SourcesServer([]) as server:
        batch = await source(server.arxiv_api_url).collect(DAY)
    assert (batch.status, batch.announced) == ("quiet", False)


def impatient(server: SourcesServer, *, feed: float, answering: float) -> ArxivSource:
    return ArxivSource(
        server.arxiv_api_url,
        ["cs.AI"],
        0.0,
        feed_url=server.arxiv_feed_url,
        feed_seconds=feed,
        answering_feed_seconds=answering,
        backoff_seconds=0.3,
    )


async def test_a_feed_that_answers_is_given_more_time_than_a_silent_one() -> None:
    async with announcing(entries(3), "status:503,first=2,on=feed") as server:
        batch = await impatient(server, feed=0.5, answering=9.0).collect(DAY)
    assert (batch.announced, ids(batch)) == (True, [1, 2, 3])
    assert asked_on(server, "feed") == 3


async def test_a_feed_that_is_silent_is_given_up_before_one_that_answers() -> None:
    async with announcing(entries(3), "stall,on=feed") as server:
        batch = await impatient(server, feed=0.2, answering=3600.0).collect(DAY)
    assert (batch.announced, ids(batch), asked_on(server, "feed")) == (False, [1, 2, 3], 1)


async def test_a_feed_that_answers_without_end_is_given_up_too() -> None:
    async with announcing(entries(3), "status:503,on=feed") as server:
        batch = await impatient(server, feed=0.2, answering=1.0).collect(DAY)
    assert (batch.announced, ids(batch)) == (False, [1, 2, 3])


# Pages that lack what was asked for


async def test_a_page_with_none_of_the_ids_is_asked_for_until_its_time_is_up() -> None:
    async with announcing(entries(8), "empty_list,after=1") as server:
        batch = await by_feed(server, later=0.5, backoff=0.05).collect(DAY)
    assert (batch.status, ids(batch)) == ("partial", [1, 2, 3, 4])
    assert gaps(batch) == [(f"arxiv:2507.{n:05}", "source.empty_page", 1) for n in (5, 6, 7, 8)]
    assert len(asked_ids(server)) > 2


async def test_papers_that_a_page_of_others_lacked_are_not_insisted_on() -> None:
    async with announcing(entries(4), "left_out:3") as server:
        batch = await by_feed(server).collect(DAY)
    assert gaps(batch) == [("arxiv:2507.00003", "source.not_given", 1)]
    assert asked_ids(server) == [[1, 2, 3, 4], [3]]


async def collect_capped(count: int, faults: Sequence[str | Fault]) -> tuple[list[int], int]:
    async with announcing(entries(count), *faults) as server:
        arxiv = ArxivSource(server.arxiv_api_url, ["cs.AI"], 0.0, feed_url=server.arxiv_feed_url)
        batch = await arxiv.collect(DAY)
    assert (batch.status == "ok") == (batch.missing == ())
    return ids(batch), len(asked_ids(server))


async def test_a_server_that_gives_a_hundred_at_a_time_and_calls_that_all_is_read_to_the_end() -> (
    None
):
    got, _ = await collect_capped(730, ("longer:100", "short_total"))
    assert got == list(range(1, 731))


async def test_a_server_that_gives_a_paper_at_a_time_is_not_asked_for_ever() -> None:
    got, requests = await collect_capped(120, ("longer:1", "short_total"))
    assert (len(got), requests) == (4, 4)
