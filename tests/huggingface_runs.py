"""Short runs of the Hugging Face source against the emulator, for the tests of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from core.i18n import Phrase
from core.paper import Paper
from core.ports import Batch
from core.sources.huggingface import HuggingFaceSource
from tests.emulators.faults import Fault
from tests.emulators.huggingface_api import listed
from tests.emulators.sources_server import SourcesServer

DAY = date(2025, 7, 15)
EVE = DAY - timedelta(days=1)
# A first wait longer than any deadline: what fails is given up at once.
ONCE = 3600.0


def source(
    url: str,
    *,
    back: int = 0,
    page_size: int = 100,
    seconds: float = 20.0,
    backoff: float = 0.01,
    today: date = DAY,
) -> HuggingFaceSource:
    return HuggingFaceSource(
        url,
        back=back,
        page_size=page_size,
        delay_seconds=0.0,
        seconds=seconds,
        request_seconds=seconds,
        backoff_seconds=backoff,
        today=lambda: today,
    )


def papers(count: int, day: date = DAY) -> list[Any]:
    return [listed(number, day, upvotes=100 - number) for number in range(1, count + 1)]


async def collected(
    daily: dict[date, Sequence[Any]],
    *faults: str | Fault,
    back: int = 0,
    page_size: int = 100,
    backoff: float = 0.01,
    today: date = DAY,
) -> tuple[Batch, SourcesServer]:
    """The batch of DAY from a server with these lists and faults."""
    async with SourcesServer(faults=faults) as server:
        server.daily = daily
        asked = source(
            server.huggingface_url, back=back, page_size=page_size, backoff=backoff, today=today
        )
        batch = await asked.collect(DAY)
    return batch, server


async def only(entry: object) -> Batch:
    batch, _ = await collected({DAY: [entry]})
    return batch


def ids(batch: Batch) -> list[int]:
    return [int(paper.id[-5:]) for paper in batch.papers]


def said(batch: Batch) -> Phrase:
    assert batch.note is not None
    assert batch.note.values["source"] == "Hugging Face"
    return batch.note


def signals(paper: Paper) -> dict[str, int | str]:
    assert {signal.source for signal in paper.signals} <= {"huggingface"}
    return {signal.name: signal.value for signal in paper.signals}
