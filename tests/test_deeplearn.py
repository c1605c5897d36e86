"""deeplearn.org's hot papers: all of them or named, politely, and whatever the site does."""

import asyncio
from collections.abc import Collection, Sequence
from itertools import pairwise

import pytest

from core.i18n import Phrase
from core.paper import Paper, Signal, merge
from core.ports import Batch
from core.sources.deeplearn import DeeplearnSource
from tests.emulators.deeplearn_site import HotPaper, hot_paper
from tests.emulators.faults import Fault
from tests.emulators.huggingface_api import listed
from tests.emulators.sources_server import SourcesServer
from tests.huggingface_runs import DAY, ONCE
from tests.huggingface_runs import source as huggingface


def source(
    url: str,
    *,
    delay: float = 0.0,
    seconds: float = 20.0,
    request: float = 20.0,
    backoff: float = 0.01,
) -> DeeplearnSource:
    return DeeplearnSource(
        url,
        delay_seconds=delay,
        seconds=seconds,
        front_seconds=seconds,
        request_seconds=request,
        backoff_seconds=backoff,
    )


def papers(count: int) -> list[HotPaper]:
    return [hot_paper(541900 + number) for number in range(1, count + 1)]


async def collected(
    hot: Sequence[HotPaper],
    *faults: str | Fault,
    held: Collection[str] = (),
    delay: float = 0.0,
    seconds: float = 20.0,
    request: float = 20.0,
    backoff: float = 0.01,
) -> tuple[Batch, SourcesServer]:
    """The batch from a server with these papers in the panel, and these faults."""
    async with SourcesServer(faults=faults) as server:
        server.hot = list(hot)
        asked = source(
            server.deeplearn_url, delay=delay, seconds=seconds, request=request, backoff=backoff
        )
        batch = await asked.collect(DAY, held)
    return batch, server


def ids(batch: Batch) -> list[int]:
    return [int(paper.id.removeprefix("deeplearn:")) - 541900 for paper in batch.papers]


def gaps(batch: Batch) -> list[tuple[int, str]]:
    return [(int(item.id[-2:]), item.reason.key) for item in batch.missing]


def said(batch: Batch) -> Phrase:
    assert batch.note is not None
    assert batch.note.values["source"] == "deeplearn.org"
    return batch.note


# The shape


async def test_the_hot_papers_come_in_their_order_and_none_of_the_other_panels_is_asked_for() -> (
    None
):
    batch, server = await collected(papers(3))
    assert (batch.source, batch.status, batch.held) == ("deeplearn.org", "ok", 3)
    first = hot_paper(541901)
    assert batch.papers[0] == Paper(
        id="deeplearn:541901",
        title=first.title,
        abstract=first.abstract,
        url=server.deeplearn_url + first.path,
        sources=("deeplearn",),
        signals=(Signal("deeplearn", "hot", 1),),
    )
    assert [paper.signals[0].value for paper in batch.papers] == [1, 2, 3]
    assert [asked.path for asked in server.asked] == ["/", *(paper.path for paper in papers(3))]


async def test_what_is_held_is_kept_and_not_fetched_again() -> None:
    batch, server = await collected(papers(3), held=["deeplearn:541902", "deeplearn:1"])
    assert (batch.status, ids(batch), batch.kept) == ("ok", [1, 3], ("deeplearn:541902",))
    assert len(server.asked) == 3


async def test_where_all_is_held_only_the_front_page_is_asked_for() -> None:
    batch, server = await collected(papers(2), held=[f"deeplearn:54190{n}" for n in (1, 2)])
    assert (batch.status, batch.held, batch.papers, len(server.asked)) == ("ok", 2, (), 1)


async def test_two_requests_are_the_delay_apart() -> None:
    _, server = await collected(papers(3), delay=0.2)
    moments = [asked.at for asked in server.asked]
    assert all(second - first > 0.19 for first, second in pairwise(moments))


async def test_one_paper_of_three_sources_is_one_paper_with_three_signals() -> None:
    title = "Hot7: A Look At Matter 7"
    arxiv = Paper(
        "arxiv:2507.00007",
        title.upper(),
        "arXiv's own words.",
        sources=("arxiv",),
        signals=(Signal("arxiv", "withdrawn", 1),),
    )
    async with SourcesServer() as server:
        server.hot = [hot_paper(541907, title=title)]
        server.daily = {DAY: [listed(7, DAY, upvotes=92, title=title)]}
        hot = await source(server.deeplearn_url).collect(DAY)
        listing = await huggingface(server.huggingface_url).collect(DAY)
    for order in ((arxiv, *listing.papers, *hot.papers), (*hot.papers, *listing.papers, arxiv)):
        (paper,) = merge(order)
        assert paper.id == "arxiv:2507.00007"
        assert set(paper.sources) == {"arxiv", "huggingface", "deeplearn"}
        told = {(signal.source, signal.name) for signal in paper.signals}
        assert told >= {("arxiv", "withdrawn"), ("huggingface", "upvotes"), ("deeplearn", "hot")}


# The front page breaks


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("status:404", "source.http"),
        ("status:503", "source.http"),
        ("status:301", "source.http"),
        ("status:429,retry_after=3600", "source.http"),
        ("html", "source.no_panel"),
        ("truncated", "source.truncated"),
        ("cut", "source.truncated"),
        ("drop", "source.unreachable"),
        ("stall", "source.timeout"),
        ("drip:0.05", "source.timeout"),
        ("empty_page", "source.no_panel"),
        ("no_panel", "source.no_panel"),
        ("renamed:Trending Papers", "source.no_panel"),
    ],
)
async def test_a_front_page_that_breaks_is_named_and_nothing_is_lost_when_it_recovers(
    fault: str, reason: str
) -> None:
    async with SourcesServer(faults=[f"{fault},pages=1,on=deeplearn"]) as server:
        server.hot = papers(3)
        limit = 0.5 if reason.endswith("timeout") else 20.0
        asked = source(server.deeplearn_url, backoff=ONCE, seconds=limit)
        broken = await asked.collect(DAY)
        server.faults = []
        well = await source(server.deeplearn_url).collect(DAY)
    assert (broken.status, broken.papers, said(broken).key) == ("failed", (), reason)
    assert (well.status, ids(well)) == ("ok", [1, 2, 3])


@pytest.mark.parametrize("fault", ["status:503", "status:429,retry_after=0", "html", "cut", "drop"])
async def test_a_front_page_that_recovers_soon_is_asked_for_again_at_once(fault: str) -> None:
    batch, _ = await collected(papers(3), f"{fault},first=2,on=deeplearn")
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3])


# A paper's page breaks


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("status:404", "source.http"),
        ("status:500", "source.http"),
        ("html", "source.other_page"),
        ("truncated", "source.truncated"),
        ("cut", "source.truncated"),
        ("problem", "source.no_abstract"),
        ("empty_page", "source.no_abstract"),
        ("other_paper", "source.other_page"),
    ],
)
async def test_a_page_that_breaks_is_missing_alone_and_only_it_is_fetched_after_recovery(
    fault: str, reason: str
) -> None:
    async with SourcesServer(faults=[f"{fault},pages=3,on=deeplearn"]) as server:
        server.hot = papers(4)
        asked = source(server.deeplearn_url, backoff=ONCE)
        broken = await asked.collect(DAY)
        server.faults, before = [], len(server.asked)
        well = await asked.collect(DAY, held=[paper.id for paper in broken.papers])
    assert (broken.status, ids(broken), gaps(broken)) == ("partial", [1, 3, 4], [(2, reason)])
    assert (said(broken).values["held"], said(broken).values["owed"]) == (3, 4)
    assert said(broken).values["reason"] == broken.missing[0].reason
    assert (well.status, ids(well), well.held) == ("ok", [2], 4)
    assert [asked.path for asked in server.asked[before:]] == ["/", papers(2)[1].path]


@pytest.mark.parametrize("fault", ["status:503", "status:429,retry_after=3600", "drop"])
async def test_a_site_that_asks_for_rest_is_left_alone_and_the_rest_is_named(fault: str) -> None:
    async with SourcesServer(faults=[f"{fault},after=2,on=deeplearn"]) as server:
        server.hot = papers(4)
        broken = await source(server.deeplearn_url, backoff=ONCE).collect(DAY)
        requests = len(server.asked)
        server.faults = []
        well = await source(server.deeplearn_url).collect(DAY, [p.id for p in broken.papers])
    assert (broken.status, ids(broken)) == ("partial", [1])
    assert [number for number, _ in gaps(broken)] == [2, 3, 4]
    assert len({item.reason for item in broken.missing}) == 1
    assert requests == 3
    assert (well.status, ids(well), well.held) == ("ok", [2, 3, 4], 4)


@pytest.mark.parametrize(
    "fault", ["status:503", "status:429,retry_after=0", "cut", "drop", "status:500"]
)
async def test_a_page_that_recovers_soon_is_asked_for_again(fault: str) -> None:
    batch, server = await collected(papers(4), f"{fault},nth=3,on=deeplearn")
    assert (batch.status, ids(batch)) == ("ok", [1, 2, 3, 4])
    assert len(server.asked) == 6


async def test_a_page_that_hangs_costs_no_other_page() -> None:
    batch, _ = await collected(papers(4), "stall,pages=3,on=deeplearn", seconds=2.0, request=0.3)
    assert (batch.status, ids(batch), gaps(batch)) == (
        "partial",
        [1, 3, 4],
        [(2, "source.timeout")],
    )


async def test_what_a_site_said_tells_more_than_its_later_silence() -> None:
    faults = ("status:500,nth=3,on=deeplearn", "stall,after=4,on=deeplearn")
    batch, _ = await collected(papers(3), *faults, seconds=1.5, request=0.3)
    assert (ids(batch), gaps(batch)) == ([1, 3], [(2, "source.http")])


async def test_what_is_not_reached_in_time_is_named_and_comes_the_next_time() -> None:
    async with SourcesServer() as server:
        server.hot = papers(20)
        first = await source(server.deeplearn_url, delay=0.15, seconds=1.5).collect(DAY)
        held = [paper.id for paper in first.papers]
        second = await source(server.deeplearn_url).collect(DAY, held)
    assert (first.status, first.owed) == ("partial", 20)
    assert first.papers
    assert "source.not_reached" in {item.reason.key for item in first.missing}
    assert sorted(ids(first) + ids(second)) == list(range(1, 21))
    assert second.status == "ok"


@pytest.mark.parametrize(("held", "status"), [([], "failed"), (["deeplearn:541903"], "partial")])
async def test_where_every_page_breaks_only_what_is_held_counts(
    held: list[str], status: str
) -> None:
    batch, _ = await collected(papers(3), "problem,after=1,on=deeplearn", held=held)
    assert (batch.status, batch.papers, batch.held, batch.owed) == (status, (), len(held), 3)


async def test_a_text_that_stands_on_the_pages_of_several_papers_is_none_of_theirs() -> None:
    notice = "This site is being moved to another place, and its papers are shown again tomorrow at noon."
    moved = [hot_paper(541900 + number, abstract=notice) for number in (1, 2)]
    batch, _ = await collected([*moved, hot_paper(541903)])
    assert (ids(batch), gaps(batch)) == (
        [3],
        [(1, "source.no_abstract"), (2, "source.no_abstract")],
    )


async def test_one_paper_under_two_numbers_keeps_its_abstract() -> None:
    twins = [
        hot_paper(541901),
        hot_paper(541902, title=hot_paper(541901).title, abstract=hot_paper(541901).abstract),
    ]
    batch, _ = await collected(twins)
    assert (batch.status, ids(batch)) == ("ok", [1, 2])


async def test_a_cancelled_collect_ends_and_the_next_one_works() -> None:
    async with SourcesServer(faults=["stall,nth=2,on=deeplearn"]) as server:
        server.hot = papers(2)
        asked = source(server.deeplearn_url, seconds=3600, request=3600)
        task = asyncio.create_task(asked.collect(DAY))
        await server.wait_for(2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        batch = await asked.collect(DAY)
    assert (batch.status, ids(batch)) == ("ok", [1, 2])
