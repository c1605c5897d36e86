"""Short runs of the arXiv source against the emulator, for the tests of both."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

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
    first: float = 20.0,
    later: float = 20.0,
    backoff: float = 0.01,
    progress: Callable[[int, int], None] | None = None,
) -> ArxivSource:
    return ArxivSource(
        url,
        codes,
        delay,
        page_size=4,
        first_page_seconds=first,
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


def ids(batch: Batch) -> list[int]:
    return [int(paper.id[-5:]) for paper in batch.papers]


def gaps(batch: Batch) -> list[tuple[str, str, int]]:
    return [(item.id, item.reason.key, item.count) for item in batch.missing]


def note(batch: Batch) -> Phrase:
    assert batch.note is not None
    assert batch.note.values["source"] == "arXiv"
    return batch.note
