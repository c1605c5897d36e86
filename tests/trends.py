"""What the tests of /trends ask and read: five sealed listings, the command, what it says."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from bot.adapters.base import Request
from bot.answers.desk import Desk
from bot.commands import CommandTable
from bot.settings import Settings
from core.blocks import Action, Actions, DayChart, Heading, Image, Items, Paragraph, Post
from core.category import default_taxonomy
from core.edition import Coverage
from core.history import last_listings
from core.i18n import Phrase
from core.ports import Batch
from core.subscription import Target
from tests.factories import make_edition, make_paper
from tests.service import Service, World, service

NOON = datetime(2025, 7, 15, 3, tzinfo=UTC)
TODAY = date(2025, 7, 15)
CHAT = Target("fake", "-100")
# The newest last: papers on the five listings up to today, whose mean before it is 2 and 3.
CV, LLM = (1, 2, 0, 5, 6), (3, 3, 3, 3, 1)


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Service]:
    async with service(World(NOON), tmp_path / "paperround.db") as running:
        yield running


@pytest.fixture
def commands(parts: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CommandTable:
    monkeypatch.chdir(tmp_path)
    settings = Settings(digest_language="en", digest_time=time(11))
    clock = lambda: parts.world.now  # noqa: E731
    shelf = parts.publisher.shelf
    return CommandTable(Desk(parts.store, shelf, parts.collector, parts.publisher, settings, clock))


async def seal(
    parts: Service, day: date, counts: Mapping[str, int], *, broken: bool = False
) -> None:
    """An edition of this day with so many papers in each category."""
    first = day.toordinal() % 3_000 * 30
    numbers = iter(range(first, first + 30))
    shelves = {slug: [make_paper(next(numbers)) for _ in range(n)] for slug, n in counts.items()}
    papers = tuple(paper for shelf in shelves.values() for paper in shelf)
    await parts.store.papers.take_in(day, Batch("arXiv", "ok", papers), day, NOON)
    edition = make_edition(shelves, default_taxonomy(), date=day)
    if broken:
        note = Phrase("source.http", source="arXiv", status=503)
        failed = Batch("arXiv", "failed", note=note).coverage()
        edition = replace(edition, coverage=Coverage(0, (failed,)))
    assert await parts.store.editions.seal(edition, NOON)


@pytest.fixture
async def five(parts: Service) -> None:
    """The five last listings."""
    for day, cv, llm in zip(last_listings(TODAY, 5), CV, LLM, strict=True):
        await seal(parts, day, {"cv": cv, "llm": llm})


async def ask(commands: CommandTable, line: str = "", **fields: object) -> Post:
    request = replace(Request("trends", CHAT, "7", line=line), **fields)  # type: ignore[arg-type]
    return (await commands.answer(request)).post


def words(post: Post) -> str:
    return " | ".join(_said(post))


def _said(post: Post) -> Iterator[str]:
    yield post.parent.title
    for block in post.parent.blocks:
        match block:
            case Heading(text):
                yield text
            case Paragraph(spans):
                yield "".join(getattr(span, "text", "") for span in spans)
            case Items(lines):
                yield from ("".join(getattr(span, "text", "") for span in line) for line in lines)


def image(post: Post) -> Image:
    (found,) = (block for block in post.parent.blocks if isinstance(block, Image))
    return found


def counts(post: Post) -> list[int | None]:
    chart = image(post).chart
    assert isinstance(chart, DayChart)
    return [count for _, count in chart.days]


def actions(post: Post) -> list[Action]:
    return [a for b in post.parent.blocks if isinstance(b, Actions) for a in b.actions]
