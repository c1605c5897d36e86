"""Short runs of the arXiv source against the emulator, for the tests of both."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from core.i18n import Phrase
from core.ports import Batch
from core.sources.arxiv import ArxivSource
from tests.emulators.arxiv_api import Entry, spread
from tests.emulators.faults import Fault
from tests.emulators.sources_server import SourcesServer

DAY = date(2025, 7, 15)
UNDATED = datetime.min.replace(tzinfo=UTC)


def entries(count: int, day: date = DAY, **fields: object) -> list[Entry]:
    papers = [
        Entry(id=f"2507.{n:05}", title=f"Paper {n}", published=UNDATED) for n in range(1, count + 1)
    ]
    return [replace(entry, **fields) for entry in spread(papers, day)]  # type: ignore[arg-type]


def source(
    url: str,
    *,
    codes: Sequence[str] = ("cs.AI", "cs.CL"),
    delay: float = 0.0,
    feed_url: str | None = None,
    overlap: int = 0,
    first: float = 20.0,
    later: float = 20.0,
    feed: float = 6.0,
    backoff: float = 0.01,
    progress: Callable[[int, int], None] | None = None,
) -> ArxivSource:
    return ArxivSource(
        url,
        codes,
        delay,
        feed_url=feed_url,
        overlap=overlap,
        page_size=4,
        first_page_seconds=first,
        feed_seconds=feed,
        page_seconds=later,
        backoff_seconds=backoff,
        progress=progress,
    )


async def collected(
    papers: Sequence[Entry],
    *faults: str | Fault,
    first: float = 20.0,
    later: float = 20.0,
    backoff: float = 0.01,
) -> tuple[Batch, SourcesServer]:
    """The batch of DAY from a server with these papers and faults."""
    async with SourcesServer(papers, faults=faults) as server:
        batch = await source(
            server.arxiv_api_url, first=first, later=later, backoff=backoff
        ).collect(DAY)
    return batch, server


def by_feed(server: SourcesServer, **options: Any) -> ArxivSource:  # noqa: ANN401
    """A source that reads this server's feed first; the options are those of ``source``."""
    return source(server.arxiv_api_url, feed_url=server.arxiv_feed_url, **options)


def announcing(papers: Sequence[Entry], *faults: str | Fault, **kinds: str) -> SourcesServer:
    """A server whose feed is that of DAY; ``p7="cross"`` announces paper 7 so."""
    server = SourcesServer(papers, faults=faults)
    server.announced.day = DAY
    server.announced.kinds = {f"2507.{int(name[1:]):05}": kind for name, kind in kinds.items()}
    return server


def older(papers: Sequence[Entry], days: int = 4) -> list[Entry]:
    """The papers, submitted that many days before."""
    return [replace(paper, published=paper.published - timedelta(days=days)) for paper in papers]


def held_in(batch: Batch) -> set[str]:
    """The ids of the papers that are held after this batch."""
    return {paper.id for paper in batch.papers} | set(batch.kept)


def asked_on(server: SourcesServer, what: str) -> int:
    """How many requests there were for ``api`` or ``feed``."""
    return sum(asked.on == what for asked in server.asked)


def asked_ids(server: SourcesServer) -> list[list[int]]:
    """The ids that each request for papers by id named."""
    lists = [asked.query.get("id_list", "") for asked in server.asked]
    return [[int(part[-5:]) for part in ids.split(",")] for ids in lists if ids]


def ids(batch: Batch) -> list[int]:
    return [int(paper.id[-5:]) for paper in batch.papers]


def gaps(batch: Batch) -> list[tuple[str, str, int]]:
    return [(item.id, item.reason.key, item.count) for item in batch.missing]


def note(batch: Batch) -> Phrase:
    assert batch.note is not None
    assert batch.note.values["source"] == "arXiv"
    return batch.note
