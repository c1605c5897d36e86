"""Hugging Face's daily papers: what people recommend, and how much."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.i18n import Phrase
from core.paper import Paper, Signal, merge
from tests.emulators.huggingface_api import listed
from tests.emulators.sources_server import SourcesServer
from tests.huggingface_runs import DAY, EVE, collected, ids, only, papers, said, signals, source

# The shape


async def test_a_listed_paper_comes_with_all_that_the_list_says_of_it() -> None:
    entry = listed(
        7,
        DAY,
        upvotes=92,
        title="Deep   $\\alpha$-Nets",
        summary="We beat\nall. Code: https://github.com/a/b.",
        githubRepo="https://github.com/a/b",
        githubStars=12,
    ) | {"numComments": 3}
    batch = await only(entry)
    assert batch.status == "ok"
    assert batch.source == "Hugging Face"
    assert batch.papers == (
        Paper(
            id="arxiv:2507.00007",
            title="Deep α-Nets",
            abstract="We beat all. Code: https://github.com/a/b.",
            authors=("Ada Author7",),
            url="https://arxiv.org/abs/2507.00007",
            published=datetime(2025, 7, 15, 9, tzinfo=UTC),
            links=("https://github.com/a/b",),
            sources=("huggingface",),
            signals=(
                Signal("huggingface", "upvotes", 92),
                Signal("huggingface", "comments", 3),
                Signal("huggingface", "code", "https://github.com/a/b"),
                Signal("huggingface", "listed", "2025-07-15"),
            ),
        ),
    )


async def test_the_list_is_asked_for_by_its_date_and_keeps_its_order() -> None:
    batch, server = await collected({DAY: papers(5)})
    assert ids(batch) == [1, 2, 3, 4, 5]
    assert [asked.query for asked in server.asked] == [{"date": "2025-07-15", "limit": "100"}]


@pytest.mark.parametrize(("count", "requests"), [(3, 1), (4, 2), (9, 3)])
async def test_a_full_page_is_followed_by_the_next(count: int, requests: int) -> None:
    batch, server = await collected({DAY: papers(count)}, page_size=4)
    assert (batch.status, ids(batch)) == ("ok", list(range(1, count + 1)))
    assert len(server.asked) == requests


async def test_a_paper_that_moves_to_the_next_page_comes_once() -> None:
    batch, _ = await collected({DAY: [*papers(4), *papers(2)]}, page_size=4)
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3, 4])


async def test_a_server_that_does_not_page_is_asked_twice_and_no_more() -> None:
    batch, server = await collected({DAY: papers(9)}, "same_page,on=huggingface", page_size=4)
    assert (ids(batch), len(server.asked)) == ([1, 2, 3, 4], 2)


async def test_a_list_without_end_is_not_read_for_ever_nor_called_whole() -> None:
    batch, server = await collected({DAY: papers(99)}, page_size=4)
    assert (batch.status, said(batch).key) == ("partial", "source.rest")
    assert (len(batch.papers), len(server.asked)) == (40, 10)


async def test_values_that_stand_outside_the_paper_are_found_too() -> None:
    inner = {"id": "2507.00007", "upvotes": None, "title": None}
    batch = await only({"paper": inner, "title": "Outside", "summary": "Yes.", "upvotes": 5})
    (paper,) = batch.papers
    assert (paper.title, paper.abstract, signals(paper)) == ("Outside", "Yes.", {"upvotes": 5})


async def test_a_paper_of_which_only_id_and_title_are_known_is_kept() -> None:
    batch = await only({"paper": {"id": "2507.00007", "title": "Alone"}})
    assert (batch.status, batch.remarks) == ("ok", ())
    assert batch.papers[0] == Paper(
        "arxiv:2507.00007",
        "Alone",
        "",
        url="https://arxiv.org/abs/2507.00007",
        sources=("huggingface",),
    )


async def test_an_entry_that_names_another_list_is_still_of_the_list_asked_for() -> None:
    batch = await only(listed(7, DAY, submittedOnDailyAt="2025-07-14T22:00:00.000Z"))
    assert signals(batch.papers[0])["listed"] == "2025-07-14"


async def test_what_is_held_comes_again_because_its_upvotes_change() -> None:
    async with SourcesServer() as server:
        asked = source(server.huggingface_url)
        server.daily = {DAY: [listed(1, DAY, upvotes=3)]}
        first = await asked.collect(DAY)
        server.daily = {DAY: [listed(1, DAY, upvotes=92)]}
        again = await asked.collect(DAY, held=[paper.id for paper in first.papers])
    assert [signals(batch.papers[0])["upvotes"] for batch in (first, again)] == [3, 92]
    assert again.kept == ()


async def test_with_arxiv_it_is_one_paper_with_the_signals_of_both() -> None:
    arxiv = Paper(
        "arxiv:2507.00007",
        "From arXiv",
        "Its own words.",
        sources=("arxiv",),
        signals=(Signal("arxiv", "withdrawn", 1),),
    )
    batch = await only(listed(7, DAY, upvotes=92))
    (merged,) = merge([arxiv, *batch.papers])
    assert (merged.title, merged.sources) == ("From arXiv", ("arxiv", "huggingface"))
    assert Signal("arxiv", "withdrawn", 1) in merged.signals
    assert Signal("huggingface", "upvotes", 92) in merged.signals


# Nothing there is not the same as broken


async def test_a_day_without_recommendations_is_quiet() -> None:
    batch, _ = await collected({DAY: []})
    assert (batch.status, batch.papers) == ("quiet", ())
    assert said(batch) == Phrase("source.nothing_listed", source="Hugging Face", day=DAY)


async def test_a_list_that_is_not_open_yet_is_quiet_and_says_so() -> None:
    batch, server = await collected({EVE: papers(1, EVE)})
    assert batch.status == "quiet"
    assert said(batch) == Phrase("source.not_open", source="Hugging Face", day=DAY)
    assert len(server.asked) == 1


async def test_a_past_date_that_is_refused_is_broken_not_quiet() -> None:
    batch, _ = await collected({EVE: papers(1, EVE)}, today=DAY + timedelta(days=1))
    assert batch.status == "failed"
    assert said(batch) == Phrase("source.http", source="Hugging Face", status=400)


# Earlier days


async def test_the_days_before_come_along_as_earlier_papers() -> None:
    two_before = DAY - timedelta(days=2)
    daily: dict[date, Sequence[Any]] = {
        DAY: papers(2),
        EVE: [listed(1, DAY, upvotes=1), listed(8, EVE, upvotes=40)],
        two_before: [listed(8, EVE, upvotes=39), listed(9, two_before)],
    }
    batch, _ = await collected(daily, back=2)
    assert (batch.status, ids(batch), batch.held) == ("ok", [1, 2], 2)
    assert [paper.id[-1] for paper in batch.earlier] == ["8", "9"]
    assert signals(batch.earlier[0])["upvotes"] == 40


async def test_a_day_before_that_breaks_costs_the_day_nothing() -> None:
    batch, _ = await collected(
        {DAY: papers(2), EVE: papers(1)}, "status:404,nth=2,on=huggingface", back=1
    )
    assert (batch.status, ids(batch), batch.earlier, batch.missing) == ("ok", [1, 2], (), ())
    assert [(r.place, r.said.key) for r in batch.remarks] == [
        ("Hugging Face 2025-07-14", "source.http")
    ]


async def test_a_list_not_open_yet_still_brings_the_day_before() -> None:
    batch, _ = await collected({EVE: papers(2, EVE)}, back=1)
    assert (batch.status, len(batch.earlier)) == ("quiet", 2)
