"""A feed or a query by id that breaks: what is lost is named, and comes with the next collecting."""

from dataclasses import replace

import pytest

from core.i18n import Phrase, catalog
from core.ports import Batch
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
)
from tests.emulators.sources_server import SourcesServer

ALL = list(range(1, 11))
# A first wait longer than any deadline: what fails is given up at once.
ONCE = 3600.0
ABSENT = Phrase("source.not_given", source="arXiv")


async def twice(*faults: str, **options: float) -> tuple[Batch, Batch, SourcesServer]:
    """Ten papers collected with these faults, and again with what is held when they have passed."""
    async with announcing(entries(10), *faults) as server:
        arxiv = by_feed(server, **options)
        first = await arxiv.collect(DAY)
        server.faults.clear()
        server.asked.clear()
        again = await arxiv.collect(DAY, held_in(first))
    return first, again, server


def assert_nothing_is_lost(first: Batch, again: Batch, server: SourcesServer) -> None:
    assert (again.status, again.missing, again.owed, again.announced) == ("ok", (), 10, True)
    assert sorted([*ids(again), *(int(id_[-5:]) for id_ in again.kept)]) == ALL
    held = {int(id_[-5:]) for id_ in held_in(first)}
    assert held.isdisjoint(number for chunk in asked_ids(server) for number in chunk)


# The feed


@pytest.mark.parametrize(
    "fault",
    [
        "status:429,retry_after=0,first=2,on=feed",
        "status:503,first=2,on=feed",
        "html,first=1,on=feed",
        "truncated,first=1,on=feed",
        "truncated:0,first=1,on=feed",
        "cut:9,first=1,on=feed",
        "drop,first=1,on=feed",
    ],
)
async def test_a_feed_that_breaks_and_recovers_is_read_whole(fault: str) -> None:
    async with announcing(entries(10), fault) as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.note, batch.announced) == ("ok", None, True)
    assert ids(batch) == ALL
    assert asked_ids(server)


async def test_a_retry_after_of_the_feed_is_waited_out() -> None:
    async with announcing(entries(3), "status:429,retry_after=1,first=1,on=feed") as server:
        batch = await by_feed(server).collect(DAY)
    assert batch.announced
    assert server.asked[1].at - server.asked[0].at >= 1.0


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("status:429", Phrase("source.http", source="arXiv", status=429)),
        ("status:503", Phrase("source.http", source="arXiv", status=503)),
        ("status:404", Phrase("source.http", source="arXiv", status=404)),
        ("html", Phrase("source.not_atom", source="arXiv")),
        ("truncated", Phrase("source.truncated", source="arXiv")),
        ("cut", Phrase("source.truncated", source="arXiv")),
        ("stall", Phrase("source.timeout", source="arXiv")),
        ("drip:0.05", Phrase("source.timeout", source="arXiv")),
        ("drip_head:0.05", Phrase("source.timeout", source="arXiv")),
        (
            "drop",
            Phrase("source.unreachable", source="arXiv", detail=Phrase("source.detail.closed")),
        ),
    ],
)
async def test_a_feed_that_stays_broken_is_replaced_by_the_window_and_named(
    fault: str, reason: Phrase
) -> None:
    feed = 0.5 if reason.key == "source.timeout" else 6.0
    first, again, server = await twice(f"{fault},on=feed", feed=feed, backoff=ONCE)
    assert (first.status, ids(first), first.announced) == ("ok", ALL, False)
    assert note(first) == Phrase("source.feed_failed", source="arXiv", reason=reason)
    assert_nothing_is_lost(first, again, server)


async def test_a_feed_without_a_date_is_not_taken_for_todays() -> None:
    async with announcing(entries(3), "undated,on=feed") as server:
        batch = await by_feed(server, backoff=ONCE).collect(DAY)
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3])
    assert note(batch).values["reason"] == Phrase("source.undated", source="arXiv")


async def test_feed_and_window_broken_are_a_failure_that_names_both() -> None:
    first, again, server = await twice("status:503,on=feed", "html", backoff=ONCE)
    assert (first.status, first.papers) == ("failed", ())
    assert note(first) == Phrase(
        "source.both_failed",
        source="arXiv",
        feed=Phrase("source.http", source="arXiv", status=503),
        reason=Phrase("source.not_atom", source="arXiv"),
    )
    assert_nothing_is_lost(first, again, server)


async def test_feed_and_window_broken_in_the_same_way_say_so_once() -> None:
    async with announcing(entries(3), "status:503,on=feed", "status:503") as server:
        batch = await by_feed(server, backoff=ONCE).collect(DAY)
    assert (batch.status, note(batch).key) == ("failed", "source.http")


async def test_a_silent_feed_leaves_the_window_time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.sources.arxiv._LEAST_SECONDS", 0.0)
    async with announcing(entries(3), "stall,on=feed") as server:
        batch = await by_feed(server, first=4.0, feed=0.5).collect(DAY)
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3])


async def test_over_other_days_a_broken_feed_is_asked_for_once() -> None:
    async with announcing(entries(3), "status:503,on=feed") as server:
        arxiv = by_feed(server, backoff=ONCE)
        for day in (DAY.replace(day=10), DAY.replace(day=11), DAY):
            await arxiv.collect(day)
    assert asked_on(server, "feed") == 1


# The query by id


@pytest.mark.parametrize(
    "fault",
    [
        "status:429,retry_after=0,first=2",
        "status:503,nth=2",
        "html,nth=1",
        "truncated:0,nth=2",
        "cut:0,nth=1",
        "empty_page,nth=1",
        "empty_list,first=2",
        "any_id,nth=2",
        "drop,first=2",
        # Each brings something: what a page lacks is asked for again.
        "truncated:2,nth=1",
        "cut:1",
        "longer:1",
        "no_total",
        "left_out:3,nth=1",
        "ill_formed:2,nth=1",
        "no_id:2,nth=3",
    ],
)
async def test_a_query_that_breaks_and_recovers_loses_nothing(fault: str) -> None:
    async with announcing(entries(10), fault) as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.missing, ids(batch)) == ("ok", (), ALL)


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        ("status:503", "source.http"),
        ("status:404", "source.http"),
        ("html", "source.not_atom"),
        ("truncated:0", "source.truncated"),
        ("cut:0", "source.truncated"),
        ("empty_page", "source.empty_page"),
        ("empty_list", "source.empty_page"),
        ("error_entry:400", "source.query_refused"),
        ("drop", "source.unreachable"),
        ("stall", "source.timeout"),
        ("drip:0.05", "source.timeout"),
    ],
)
async def test_a_page_that_stays_broken_is_missing_paper_by_paper(fault: str, key: str) -> None:
    later = 0.5 if key == "source.timeout" else 20.0
    first, again, server = await twice(f"{fault},nth=2", later=later, backoff=ONCE)
    assert (first.status, ids(first)) == ("partial", [1, 2, 3, 4, 9, 10])
    assert gaps(first) == [(f"arxiv:2507.{n:05}", key, 1) for n in (5, 6, 7, 8)]
    assert {item.codes for item in first.missing} == {("cs.AI",)}
    assert first.owed == 10
    assert note(first).key == "source.partial_codes"
    assert_nothing_is_lost(first, again, server)
    assert asked_ids(server) == [[5, 6, 7, 8]]


async def test_an_api_that_gives_nothing_has_failed_and_every_paper_is_missing() -> None:
    first, again, server = await twice("status:503", backoff=ONCE)
    assert (first.status, first.papers, first.owed) == ("failed", (), 10)
    assert note(first) == Phrase("source.http", source="arXiv", status=503)
    assert [item.id for item in first.missing] == [f"arxiv:2507.{n:05}" for n in ALL]
    assert_nothing_is_lost(first, again, server)


async def test_after_two_broken_pages_in_a_row_asking_stops() -> None:
    async with announcing(entries(20), "html,after=1") as server:
        batch = await by_feed(server, backoff=ONCE).collect(DAY)
    assert (ids(batch), len(batch.missing)) == ([1, 2, 3, 4], 16)
    assert {item.reason.key for item in batch.missing} == {"source.not_atom"}
    assert len(asked_ids(server)) == 3


async def test_an_api_down_after_papers_were_held_is_partial_not_failed() -> None:
    async with announcing(entries(4), "status:503") as server:
        batch = await by_feed(server, backoff=ONCE).collect(DAY, {"arxiv:2507.00001"})
    assert (batch.status, batch.held, batch.owed) == ("partial", 1, 4)


async def test_papers_the_api_does_not_have_yet_are_missing_and_come_later() -> None:
    first, again, server = await twice("left_out:3", "left_out:7")
    assert (first.status, ids(first), first.owed) == ("partial", [1, 2, 4, 5, 6, 8, 9, 10], 10)
    assert [(item.id, item.reason) for item in first.missing] == [
        ("arxiv:2507.00003", ABSENT),
        ("arxiv:2507.00007", ABSENT),
    ]
    assert_nothing_is_lost(first, again, server)
    assert asked_ids(server) == [[3, 7]]


async def test_an_api_that_has_none_of_them_yet_has_failed_not_announced_nothing() -> None:
    async with announcing(entries(2), "left_out:1", "left_out:2") as server:
        batch = await by_feed(server, backoff=ONCE).collect(DAY)
    assert (batch.status, batch.owed, note(batch).key) == ("failed", 2, "source.empty_page")


async def test_what_a_page_came_without_is_asked_for_once_more() -> None:
    async with announcing(entries(6), "left_out:3") as server:
        await by_feed(server).collect(DAY)
    assert asked_ids(server) == [[1, 2, 3, 4], [5, 6], [3]]


@pytest.mark.parametrize("fault", ["bad_date:2", "ill_formed:2"])
async def test_an_entry_that_cannot_be_read_is_missing_with_that_reason(fault: str) -> None:
    async with announcing(entries(3), fault, f"{fault[:-1]}1") as server:
        batch = await by_feed(server).collect(DAY)
    assert ids(batch) == [3]
    assert {item.reason.key for item in batch.missing} == {"source.unreadable_entry"}


async def test_a_server_that_gives_the_same_papers_whatever_is_asked_is_left() -> None:
    async with announcing(entries(10), "any_id") as server:
        batch = await by_feed(server, backoff=ONCE).collect(DAY)
    assert ids(batch) == [1, 2, 3, 4]
    assert {item.reason.key for item in batch.missing} == {"source.empty_page"}
    assert len(asked_ids(server)) == 3


# What is said of it


async def test_the_categories_that_miss_most_are_named_with_numbers() -> None:
    codes = [("cs.AI", "cs.CL")] * 2 + [("cs.CL",)] * 4 + [("cs.AI", "math.CO")] * 2
    papers = [replace(p, categories=c) for p, c in zip(entries(8), codes, strict=True)]
    faults = ["left_out:1", "left_out:4", "left_out:5", "left_out:8"]
    async with announcing(papers, *faults) as server:
        batch = await by_feed(server).collect(DAY)
    assert catalog("ko").text(note(batch)) == (
        "arXiv 목록 8편 가운데 cs.CL 6편 중 3편, cs.AI 4편 중 2편을 아직 받지 못했습니다."
        " (원인: 발표되었으나 arXiv 응답에 아직 없음)"
    )
    assert catalog("en").text(note(batch)) == (
        "Of 8 papers from arXiv, not received yet: 3 of 6 in cs.CL, 2 of 4 in cs.AI"
        " (announced, but arXiv does not give it yet)"
    )
    assert {item.codes for item in batch.missing} >= {("cs.AI", "math.CO")}
