"""arXiv's feed serving a list of the day before, and papers of earlier days seen on the way."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from core.i18n import Phrase
from core.paper import Paper
from tests.arxiv_runs import (
    DAY,
    announcing,
    asked_on,
    by_feed,
    entries,
    held_in,
    ids,
    note,
    older,
)
from tests.emulators.arxiv_api import Entry
from tests.emulators.faults import Fault
from tests.emulators.sources_server import SourcesServer

BEFORE = date(2025, 7, 14)


# A category whose list is of the day before


def two_days() -> list[Entry]:
    """Of each day four papers: two in cs.AI alone, one in both (n ends in 3), one in cs.CL."""
    codes = [("cs.AI",), ("cs.AI",), ("cs.AI", "cs.CL"), ("cs.CL",), ("cs.AI",)]
    now = [replace(p, categories=c) for p, c in zip(entries(5), codes, strict=True)]
    past = [
        replace(p, id=p.id.replace("2507.", "2506."), published=q.published)
        for p, q in zip(now, entries(5, BEFORE), strict=True)
    ]
    return [replace(paper, primary_category=paper.categories[0]) for paper in (*past, *now)]


def named(papers: Iterable[Paper]) -> list[str]:
    return [paper.id.removeprefix("arxiv:") for paper in papers]


async def test_a_stale_category_is_named_and_filled_in_by_the_window() -> None:
    async with announcing(two_days(), "stale:cs.AI,on=feed") as server:
        batch = await by_feed(server).collect(DAY)
    assert batch.status == "ok"
    # What is announced stays, and what the old list lacks comes to it.
    today = {f"2507.0000{n}" for n in range(1, 6)}
    assert set(named(batch.papers)) == {*today, *(f"2506.0000{n}" for n in (1, 2, 3, 5))}
    assert batch.earlier == ()
    assert note(batch) == Phrase("source.stale", source="arXiv", codes="cs.AI")
    assert not batch.announced
    assert "cat:cs.CL" not in server.asked[-1].query["search_query"]


async def test_a_feed_that_is_stale_throughout_gives_the_window() -> None:
    async with announcing(two_days(), "stale:cs.AI,on=feed") as server:
        server.announced.stale = {"cs.CL"}
        batch = await by_feed(server).collect(DAY)
    both = [f"{month}.0000{n}" for month in (2506, 2507) for n in range(1, 6)]
    assert sorted(named(batch.papers)) == both
    assert (batch.status, note(batch).key) == ("ok", "source.stale")


async def test_what_a_stale_category_lacks_comes_when_the_window_is_back() -> None:
    async with announcing(two_days(), "stale:cs.AI,on=feed", "html,after=2") as server:
        arxiv = by_feed(server, backoff=3600.0)
        batch = await arxiv.collect(DAY)
        server.faults = server.faults[:1]
        again = await arxiv.collect(DAY, held_in(batch))
    assert (batch.status, note(batch).key) == ("partial", "source.not_filled_in")
    assert note(batch).values["codes"] == "cs.AI"
    assert (batch.announced, batch.missing) == (False, ())
    assert (again.status, ids(again)) == ("ok", [1, 2, 5])


async def test_what_a_stale_category_lacks_is_not_forgotten_while_the_window_is_broken() -> None:
    async with announcing(two_days(), "stale:cs.AI,on=feed", "html,after=2") as server:
        arxiv = by_feed(server, backoff=3600.0)
        batch = await arxiv.collect(DAY)
        again = await arxiv.collect(DAY, held_in(batch))
    assert (again.status, note(again).key, again.announced) == (
        "partial",
        "source.not_filled_in",
        False,
    )


# A day after a holiday


def after_a_holiday(unannounced: int) -> SourcesServer:
    """The feed of two days' 12 papers each, less some of the day's own."""
    now, past = entries(12), entries(12, BEFORE)
    past = [replace(paper, id=paper.id.replace("2507.", "2506.")) for paper in past]
    server = announcing([*past, *now], **{f"p{n}": "" for n in range(1, unannounced + 1)})
    server.announced.kinds |= {paper.id: "new" for paper in past}
    return server


@pytest.mark.parametrize("unannounced", [0, 1, 4])
async def test_after_a_holiday_both_days_are_announced_whole_and_nothing_seems_old(
    unannounced: int,
) -> None:
    async with after_a_holiday(unannounced) as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.note, batch.missing, batch.announced) == ("ok", None, (), True)
    announced = {f"2506.{n:05}" for n in range(1, 13)}
    announced |= {f"2507.{n:05}" for n in range(unannounced + 1, 13)}
    assert announced.issubset(named(batch.papers))
    assert batch.earlier == ()


@pytest.mark.parametrize("fault", ["html", "html,pages=2"])
async def test_a_window_asked_for_by_suspicion_alone_that_breaks_costs_the_day_nothing(
    fault: str,
) -> None:
    async with after_a_holiday(0) as server:
        server.faults = [replace(Fault.parse(fault), after=6)]
        batch = await by_feed(server, backoff=3600.0).collect(DAY)
        asked = server.asked[-1].query["search_query"]
    assert "submittedDate" in asked
    assert (batch.status, batch.note, batch.missing, batch.announced) == ("ok", None, (), True)
    assert (batch.owed, batch.held) == (24, 24)


async def test_a_few_papers_that_waited_for_a_moderator_make_no_category_stale() -> None:
    papers = [*older(entries(2)), *entries(6)[2:]]
    papers = [replace(p, categories=("cs.AI" if n < 2 else "cs.CL",)) for n, p in enumerate(papers)]
    async with announcing(papers, p1="new", p2="new") as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.note, len(batch.papers)) == ("ok", None, 6)
    assert asked_on(server, "api") == 2


async def test_late_papers_after_the_others_were_held_make_no_category_stale() -> None:
    late = older(entries(25)[21:])
    kinds = {f"p{n}": "new" for n in range(22, 26)}
    async with announcing([*entries(21), *late], **kinds) as server:
        held = {f"arxiv:2507.{n:05}" for n in range(1, 22)}
        batch = await by_feed(server).collect(DAY, held)
    assert (batch.status, batch.note, ids(batch)) == ("ok", None, [22, 23, 24, 25])
    assert asked_on(server, "api") == 1


async def test_a_suspect_category_that_lacks_nothing_of_today_is_not_stale() -> None:
    late = older(entries(9)[5:])
    kinds = {f"p{n}": "new" for n in range(6, 10)}
    async with announcing([*entries(5), *late], **kinds) as server:
        batch = await by_feed(server).collect(DAY)
    assert (batch.status, batch.note, ids(batch)) == ("ok", None, list(range(1, 10)))
    assert batch.announced
    assert "cat:cs.AI" in server.asked[-1].query["search_query"]


async def test_a_suspect_category_gets_what_it_lacks_without_a_word() -> None:
    both = [replace(paper, categories=("cs.CL", "cs.AI")) for paper in entries(9)]
    past = [replace(p, id=f"2506.0000{p.id[-1]}") for p in older(both[:3])]
    today = [*both[3:8], replace(both[8], categories=("cs.AI",))]
    async with announcing([*past, *today], p9="") as server:
        server.announced.kinds |= {paper.id: "new" for paper in past}
        batch = await by_feed(server).collect(DAY)
    assert {f"2507.0000{n}" for n in range(4, 10)} <= set(named(batch.papers))
    assert {paper.id for paper in past} <= set(named(batch.papers))
    # One paper more is no proof.
    assert (batch.status, batch.note) == ("ok", None)


# Reading listings before along


async def test_reading_along_finds_earlier_papers_and_counts_them_nowhere() -> None:
    past = [replace(p, id=f"2506.0000{p.id[-1]}") for p in entries(3, BEFORE)]
    async with announcing([*past, *entries(5)]) as server:
        server.announced.day = None
        batch = await by_feed(server, overlap=1).collect(DAY)
    assert (batch.status, ids(batch), batch.owed) == ("ok", [1, 2, 3, 4, 5], 5)
    assert named(batch.earlier) == ["2506.00001", "2506.00002", "2506.00003"]
    (query,) = {asked.query["search_query"] for asked in server.asked if asked.on == "api"}
    assert query.endswith("submittedDate:[202507101800 TO 202507141800]")


async def test_what_is_read_along_and_breaks_is_not_missing_of_the_day() -> None:
    past = [replace(p, id=f"2506.0000{p.id[-1]}") for p in entries(9, BEFORE)]
    async with announcing([*past, *entries(3)], "html,pages=3") as server:
        server.announced.day = BEFORE
        batch = await by_feed(server, overlap=1, backoff=3600.0).collect(DAY)
    assert (batch.status, ids(batch), batch.missing) == ("ok", [1, 2, 3], ())
    assert len(batch.earlier) == 5


async def test_a_day_without_papers_is_quiet_though_earlier_ones_were_seen() -> None:
    async with announcing(entries(3, BEFORE)) as server:
        server.announced.day = BEFORE
        batch = await by_feed(server, overlap=1).collect(DAY)
    assert (batch.status, batch.owed, len(batch.earlier)) == ("quiet", 0, 3)
